import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pandas as pd
import pytest
from conftest import FEATURES

import train
from mlinfra_training import export
from mlinfra_training.dataset import read_csv
from mlinfra_training.models import CLASSIFIERS, MODELS

TREES = {"random_forest_regressor", "gradient_boosting_regressor", "random_forest_classifier"}
TRAIN_PY = Path(train.__file__)


@pytest.fixture
def labelled(data, tmp_path):
    """The diabetes data with classes to predict: as whole numbers and as text."""
    table = pd.read_csv(data / "diabetes.csv")
    table["risk"] = pd.cut(table["target"], 3, labels=["low", "medium", "high"])
    table["risk_number"] = table["risk"].cat.codes
    file = tmp_path / "labelled.csv"
    table.to_csv(file, index=False)
    return file


def published(config, name):
    return Path(config["output_dir"], "models", config["run_id"], name)


@pytest.mark.parametrize("model", MODELS)
def test_every_model_of_the_list_trains_exports_and_agrees(run, config, labelled, model):
    config |= {"model": model, "dataset_file": str(labelled)}
    if model in CLASSIFIERS:
        config["target_column"] = "risk_number"
    ran = run(train.main, config)
    assert ran.exit_code == 0, ran.stderr
    saved = json.loads(published(config, "metrics.json").read_text())
    measured = {"accuracy", "f1_weighted"} if model in CLASSIFIERS else {"r2", "mae", "rmse"}
    assert set(ran.result["metrics"]) == measured | {"rows", "rows_train", "rows_test", "train_seconds"}
    assert saved["metrics"] == ran.result["metrics"]
    assert saved["export"]["verified_rows"] == 89
    allowed = 1e-5 if model in TREES else 1e-12
    assert saved["export"]["largest_relative_difference"] <= allowed
    session = onnxruntime.InferenceSession(published(config, "model.onnx"))
    expected_type = "tensor(float)" if model in TREES else "tensor(double)"
    assert [session.get_inputs()[0].type, session.get_inputs()[0].shape] == [expected_type, [None, 10]]


@pytest.mark.parametrize("model", sorted(CLASSIFIERS))
def test_classes_may_be_text(run, config, labelled, model):
    config |= {"model": model, "dataset_file": str(labelled), "target_column": "risk"}
    ran = run(train.main, config)
    assert ran.exit_code == 0, ran.stderr
    session = onnxruntime.InferenceSession(published(config, "model.onnx"))
    # Tensors, not a list of maps: that is what zipmap=False is for.
    assert {output.name: output.type for output in session.get_outputs()}.items() >= {("label", "tensor(string)")}
    assert session.get_outputs()[1].shape == [None, 3]


def test_result_files_and_last_line(run, config, data):
    ran = run(train.main, config)
    assert ran.exit_code == 0
    assert ran.result == {
        "output_dir": config["output_dir"],
        "model_key": "models/test-run/model.onnx",
        "scaler_key": "models/test-run/scaler.json",
        "baseline_key": "models/test-run/baseline.json",
        "model_card_key": "models/test-run/model-card.json",
        "metrics_key": "models/test-run/metrics.json",
        "run_id": "test-run",
        "metrics": ran.result["metrics"],
    }
    names = sorted(path.name for path in published(config, "").iterdir())
    assert names == ["baseline.json", "metrics.json", "model-card.json", "model.json", "model.onnx", "scaler.json"]
    scaler = json.loads(published(config, "scaler.json").read_text())
    assert list(scaler) == ["format", "feature_names", "mean", "scale"]
    assert (scaler["format"], scaler["feature_names"]) == ("mlinfra/scaler/v1", FEATURES)
    card = json.loads(published(config, "model-card.json").read_text())
    assert card["model_sha256"] == hashlib.sha256(published(config, "model.onnx").read_bytes()).hexdigest()
    assert (card["name"], card["framework"]["model"]) == ("models/test-run", "LinearRegression")
    assert card["metrics"].items() <= ran.result["metrics"].items()
    baseline = json.loads(published(config, "baseline.json").read_text())
    assert (baseline["rows"], [feature["name"] for feature in baseline["features"]]) == (353, FEATURES)
    saved = json.loads(published(config, "metrics.json").read_text())
    assert saved["dataset"]["sha256"] == hashlib.sha256((data / "diabetes.csv").read_bytes()).hexdigest()
    assert ran.result["metrics"]["r2"] == pytest.approx(0.4526, abs=1e-4)  # the value scikit-learn's users know


def test_same_input_gives_the_same_model(run, config):
    config |= {"model": "random_forest_regressor", "hyperparameters": {"n_estimators": 5}}
    assert run(train.main, config).exit_code == 0
    first = published(config, "model.onnx").read_bytes()
    assert run(train.main, config).exit_code == 0
    assert published(config, "model.onnx").read_bytes() == first
    assert run(train.main, config | {"random_state": 1}).exit_code == 0
    assert published(config, "model.onnx").read_bytes() != first


def test_nothing_is_published_when_the_export_disagrees(run, config, monkeypatch):
    right = export.scaler_to_json
    monkeypatch.setattr(export, "scaler_to_json", lambda names, mean, scale: right(names, mean * 1.001, scale))
    ran = run(train.main, config)
    assert ran.exit_code == 1
    assert "does not predict what scikit-learn predicts" in ran.stderr
    assert "Nothing was published" in ran.stderr
    assert not Path(config["output_dir"]).exists()


def test_sigterm_ends_a_training_without_checkpoints(config, tmp_path):
    config |= {"model": "random_forest_regressor", "hyperparameters": {"n_estimators": 100_000}}
    command = [sys.executable, "-B", str(TRAIN_PY), json.dumps(config)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr.readline().startswith("Run test-run: training")
    process.terminate()
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 143
    assert errors.endswith("ERROR: stopped by SIGTERM; nothing more is published\n")
    assert output == ""
    assert not Path(config["output_dir"]).exists()


def test_one_different_label_is_a_disagreement():
    assert not export.compare_predictions(True, np.array([10**9, 1]), np.array([10**9 + 1, 1])).agrees
    assert export.compare_predictions(True, np.array(["a"]), np.array(["a"], dtype=object)).agrees


def test_difference_is_relative_to_the_prediction_but_not_to_almost_nothing():
    def difference(expected, actual):
        return export.compare_numbers(np.array(expected), np.array(actual)).largest_relative_difference

    assert difference([1.0, 2.0, 100.0], [1.0, 2.0, 101.0]) == pytest.approx(0.01)
    assert difference([1.0, 2.0, 2.0], [1.0001, 2.0, 2.0]) == pytest.approx(1e-4)
    assert difference([1e-12, 2.0, 2.0], [2e-12, 2.0, 2.0]) < 1e-11
    assert difference([0.0, 0.0], [0.0, 0.0]) == 0
    assert difference([1.0], [float("nan")]) == float("inf")


@pytest.mark.parametrize(
    ("csv", "messages"),
    [
        ("", ["is empty; a CSV with a header line is needed"]),
        ("a,y\n", ["has a header but no rows"]),
        ("a,y\n1,2\n1,2,3\n", ["is not valid CSV"]),
        ("a,y\n1,2,3\n1,2,3\n", ["its rows have more fields than its header line"]),
        ("a,a,y\n1,2,3\n", ["the header names 'a' more than once"]),
        ("aa,y\n1,2\n", ["column 'a' is missing; did you mean \"aa\"? the file has: aa, y"]),
        (
            "a,y\n1,2\nx,\n",
            ["2 problems", "column 'a': 'x' in data row 2 is not a number", "column 'y': 1 empty or NaN value(s)"],
        ),
        ("a,y\n1,2\ninf,1\n", ["column 'a': 1 infinite value(s), first in data row 2"]),
        ("a,y\nTrue,2\nFalse,1\n", ["column 'a': holds 'True' and the like; write plain numbers, as in 1 and 0"]),
        ("a,y\n1,2\n2,3\n3,4\n", ["3 rows and test_size 0.2 leave 2 row(s) to train on and 1 to test on"]),
        ("a,y\n" + "1e308,1\n-1e308,2\n" * 10, ["some feature values are too large to be scaled"]),
    ],
)
def test_unusable_data_is_explained(run, config, tmp_path, csv, messages):
    file = tmp_path / "data.csv"
    file.write_text(csv)
    config |= {"dataset_file": str(file), "feature_columns": ["a"], "target_column": "y"}
    ran = run(train.main, config)
    assert ran.exit_code == 2
    for message in [str(file), *messages]:
        assert message in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not Path(config["output_dir"]).exists()


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([1.5, 2], "1.5 in data row 1 is a fraction, but logistic_regression needs classes"),
        ([1, 1], "column 'y': holds only the class '1'; a classifier needs two or more"),
        (["a", ""], "10 empty or NaN label(s), first in data row 2"),
    ],
)
def test_unusable_labels_are_explained(run, config, tmp_path, labels, message):
    file = tmp_path / "data.csv"
    file.write_text("a,y\n" + "".join(f"{row},{label}\n" for row in range(10) for label in labels))
    config |= {"dataset_file": str(file), "feature_columns": ["a"], "target_column": "y"}
    ran = run(train.main, config | {"model": "logistic_regression"})
    assert ran.exit_code == 2
    assert message in ran.stderr


def test_numbers_are_read_to_the_last_bit():
    random = np.random.default_rng(0)
    numbers = random.standard_normal(10_000) * 10.0 ** random.integers(-30, 30, 10_000)
    table = read_csv("\n".join(["a", *map(repr, numbers.tolist())]).encode(), "numbers.csv")
    np.testing.assert_array_equal(table["a"], numbers)


def test_text_that_is_not_utf8(run, config, tmp_path):
    file = tmp_path / "data.csv"
    file.write_bytes("age,ä\n1,2\n".encode("latin-1"))
    ran = run(train.main, config | {"dataset_file": str(file)})
    assert ran.exit_code == 2
    assert "is not UTF-8 text (byte 4)" in ran.stderr


def test_values_scikit_learn_refuses(run, config):
    ran = run(train.main, config | {"model": "ridge", "hyperparameters": {"alpha": -1}})
    assert ran.exit_code == 2
    assert "training ridge: 1 problem" in ran.stderr
    assert "The 'alpha' parameter of Ridge must be a float in the range" in ran.stderr


def test_scikit_learns_warnings_are_passed_on(run, config, labelled):
    change = {"dataset_file": str(labelled), "target_column": "risk", "model": "logistic_regression"}
    ran = run(train.main, config | change | {"hyperparameters": {"max_iter": 1}})
    assert ran.exit_code == 0
    assert "WARNING from scikit-learn: lbfgs failed to converge" in ran.stderr


def test_unexpected_error_is_one_clear_message_unless_debugging(run, config, monkeypatch):
    monkeypatch.setattr(train, "train", lambda *_, **__: 1 / 0)
    ran = run(train.main, config)
    assert ran.exit_code == 70
    assert "ERROR: unexpected ZeroDivisionError: division by zero" in ran.stderr
    assert "Traceback" not in ran.stderr
    monkeypatch.setenv("MLINFRA_DEBUG", "1")
    assert "Traceback" in run(train.main, config).stderr


def test_wrong_number_of_arguments(run):
    ran = run(train.main)
    assert ran.exit_code == 2
    assert "expected one, the configuration, but got 0" in ran.stderr


def test_as_a_program_in_another_folder(config, tmp_path):
    ran = subprocess.run(
        [sys.executable, TRAIN_PY, json.dumps(config)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONWARNINGS": "error"},
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["run_id"] == "test-run"
