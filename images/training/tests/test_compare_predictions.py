import json

import numpy as np
import onnxruntime
import pandas as pd
import pytest

import compare_predictions
import train


@pytest.fixture
def compared(run, config, data, tmp_path):
    """Compares a results table, written as CSV, with scikit-learn's predictions."""

    def compare(results, **change):
        file = tmp_path / "results.csv"
        results.to_csv(file, index=False)
        return run(
            compare_predictions.main,
            *("--config", json.dumps(config | change), "--dataset", data / "diabetes.csv"),
            *("--to-predict", data / "diabetes-to-predict.csv", "--results", file),
        )

    return compare


@pytest.fixture
def served(run, config, data, tmp_path):
    """Results as a serving program would make them: from the published files alone."""

    def serve(**change):
        ran = run(train.main, config | change)
        assert ran.exit_code == 0, ran.stderr
        folder = tmp_path / "out"
        scaler = json.loads((folder / ran.result["scaler_key"]).read_text())
        table = pd.read_csv(data / "diabetes-to-predict.csv")
        scaled = (table.to_numpy(dtype=float) - scaler["mean"]) / scaler["scale"]
        session = onnxruntime.InferenceSession(folder / ran.result["model_key"])
        kind = {"tensor(double)": np.float64, "tensor(float)": np.float32}[session.get_inputs()[0].type]
        return table.assign(prediction=session.run(None, {"X": scaled.astype(kind)})[0].ravel())

    return serve


@pytest.mark.parametrize(("model", "allowed"), [("linear_regression", 1e-12), ("gradient_boosting_regressor", 1e-5)])
def test_served_predictions_agree(compared, served, model, allowed):
    ran = compared(served(model=model), model=model)
    assert ran.exit_code == 0, ran.stderr
    assert ran.result["rows"] == 442
    assert ran.result["largest_relative_difference"] <= allowed


def test_one_prediction_slightly_off_is_found(compared, served):
    results = served()
    results.loc[441, "prediction"] *= 1.0001
    ran = compared(results)
    assert ran.exit_code == 1
    assert ran.result["largest_relative_difference"] == pytest.approx(1e-4, rel=1e-3)
    assert "allowed is 1e-05" in ran.stderr


def test_predictions_of_another_model_are_found(compared, served):
    assert compared(served(model="ridge", hyperparameters={"alpha": 10})).exit_code == 1


def test_classes_are_compared_as_classes(compared, served):
    change = {"model": "random_forest_classifier", "hyperparameters": {"n_estimators": 3}}
    results = served(**change)
    assert compared(results, **change).result == {"rows": 442, "largest_relative_difference": 0.0}
    results.loc[7, "prediction"] += 1
    ran = compared(results, **change)
    assert (ran.exit_code, ran.result["largest_relative_difference"]) == (1, 1.0)


@pytest.mark.parametrize(
    ("spoil", "messages"),
    [
        (lambda table: table.iloc[:-1], ["has 441 rows, but", "has 442; both must hold the same rows"]),
        (lambda table: table.assign(age=table.age + 1e-9), ["column 'age': data row 1 is"]),
        (lambda table: table.iloc[::-1], ["10 problems", "both must hold the same rows in the same order"]),
        (lambda table: table.drop(columns="prediction"), ["column 'prediction' is missing"]),
        (lambda table: table.assign(prediction=table.prediction.where(table.index != 3)), ["1 empty or NaN value(s)"]),
    ],
)
def test_results_that_cannot_be_compared(compared, served, spoil, messages):
    ran = compared(spoil(served()))
    assert ran.exit_code == 2
    for message in ["results.csv", *messages]:
        assert message in ran.stderr
    assert ran.stdout == ""
