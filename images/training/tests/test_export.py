"""The exporter: what it writes for each kind of model, and what it refuses."""

import hashlib
import json
import sys

import lightgbm
import numpy as np
import onnx
import onnxmltools
import onnxruntime
import pandas as pd
import pytest
import xgboost
from sklearn.cluster import KMeans
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine
from sklearn.decomposition import PCA
from sklearn.ensemble import (
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

import export_model
from mlinfra_training import converters, export, linear
from mlinfra_training.errors import EnvironmentNotUsable, ModelDisagrees, WrongInput

LOADERS = {
    "diabetes": lambda: load_diabetes(as_frame=True, scaled=False),
    "iris": lambda: load_iris(as_frame=True),
    "wine": lambda: load_wine(as_frame=True),
    "cancer": lambda: load_breast_cancer(as_frame=True),
}
FEW = {"n_estimators": 5, "random_state": 0}
QUIET = FEW | {"n_jobs": 1}


@pytest.fixture(autouse=True)
def no_date(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


def split(name):
    data = LOADERS[name]()
    return train_test_split(data.data, data.target, test_size=0.3, random_state=0)


def training(data, /, **more):
    train, test, _, test_target = split(data)
    values = {
        "name": "a-model",
        "feature_names": list(train.columns),
        "target_name": "target",
        "train_rows": train,
        "test_rows": test,
        "test_target": test_target,
    }
    return export.Training(**(values | more))


def fit(model, name):
    train, _, target, _ = split(name)
    return model.fit(train, target)


@pytest.mark.parametrize(
    ("data", "model", "input_type"),
    [
        ("diabetes", LinearRegression(), "float64"),
        ("diabetes", Ridge(), "float64"),
        ("diabetes", MLPRegressor(hidden_layer_sizes=(4,), solver="lbfgs", max_iter=5000, random_state=0), "float64"),
        ("diabetes", RandomForestRegressor(**FEW), "float32"),
        ("diabetes", ExtraTreesRegressor(**FEW), "float32"),
        ("diabetes", GradientBoostingRegressor(**FEW), "float32"),
        ("diabetes", HistGradientBoostingRegressor(max_iter=5), "float32"),
        ("diabetes", xgboost.XGBRegressor(**QUIET), "float32"),
        ("diabetes", lightgbm.LGBMRegressor(verbose=-1, **QUIET), "float32"),
        ("iris", LogisticRegression(), "float64"),
        ("wine", RandomForestClassifier(**FEW), "float32"),
        ("cancer", GradientBoostingClassifier(**FEW), "float32"),
        ("wine", HistGradientBoostingClassifier(max_iter=5), "float32"),
        ("wine", xgboost.XGBClassifier(**QUIET), "float32"),
        ("cancer", xgboost.XGBClassifier(**QUIET), "float32"),
        ("wine", lightgbm.LGBMClassifier(verbose=-1, **QUIET), "float32"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_pipeline_is_taken_apart_and_predicts_as_before(tmp_path, data, model, input_type):
    pipeline = fit(make_pipeline(StandardScaler(), model), data)
    exported = export.export_model(pipeline, tmp_path / "out", training(data))
    session = onnxruntime.InferenceSession(tmp_path / "out" / "model.onnx")
    rows = split(data)[1]
    scaler = json.loads((tmp_path / "out" / "scaler.json").read_text())
    assert scaler["mean"] == pipeline[0].mean_.tolist()
    scaled = (rows.to_numpy() - scaler["mean"]) / scaler["scale"]
    outputs = session.run(None, {"X": scaled.astype(input_type)})
    np.testing.assert_allclose(outputs[0].ravel(), pipeline.predict(rows), rtol=1e-5)
    card = json.loads((tmp_path / "out" / "model-card.json").read_text())
    assert card["input"] == {"name": "X", "type": input_type, "width": rows.shape[1]}
    if data == "diabetes":
        assert set(exported.metrics) == {"r2", "mae", "rmse"}
        assert card["export"]["allowed_relative_difference"] == (1e-9 if input_type == "float64" else 1e-5)
    else:
        assert set(exported.metrics) == {"accuracy", "f1_weighted"}
        assert [output.name for output in session.get_outputs()] == ["label", "probabilities"]
        assert session.get_outputs()[0].shape in ([None], ["unk__0"])
        np.testing.assert_allclose(outputs[1], pipeline.predict_proba(rows), atol=1e-5)


def test_files_of_an_export(tmp_path):
    model = fit(make_pipeline(StandardScaler(), LinearRegression()), "diabetes")
    exported = export.export_model(
        model, tmp_path / "out", training("diabetes", created="2026-01-01T00:00:00+00:00", git_sha="0123abc")
    )
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == exported.files
    assert [path.name for path in tmp_path.iterdir()] == ["out"]  # the temporary folder is gone
    card = json.loads(exported.files["model-card.json"])
    assert card["format"] == "mlinfra/model-card/v1"
    assert (card["name"], card["created"], card["git_sha"]) == ("a-model", "2026-01-01T00:00:00+00:00", "0123abc")
    assert card["framework"]["name"] == "scikit-learn"
    assert card["framework"]["model"] == "LinearRegression"
    assert (card["task"], card["target"], card["features"][0]) == ("regression", "target", "age")
    assert (card["training_rows"], card["test_rows"]) == (309, 133)
    assert card["metrics"] == exported.metrics
    assert card["model_sha256"] == hashlib.sha256(exported.files["model.onnx"]).hexdigest()
    again = export.build(model, training("diabetes", created="2026-01-01T00:00:00+00:00", git_sha="0123abc"))
    assert again.files == exported.files


@pytest.mark.parametrize(
    ("data", "model", "classes"),
    [
        ("diabetes", LinearRegression(), None),
        ("diabetes", Ridge(), None),
        ("cancer", LogisticRegression(), ["0", "1"]),
        ("wine", LogisticRegression(), ["0", "1", "2"]),
    ],
)
def test_linear_models_are_written_as_numbers_too(data, model, classes):
    pipeline = fit(make_pipeline(StandardScaler(), model), data)
    files = export.build(pipeline, training(data)).files
    assert list(files) == ["model.onnx", "model.json", "scaler.json", "baseline.json", "model-card.json"]
    content = json.loads(files["model.json"])
    assert content["format"] == "mlinfra/linear/v1"
    assert np.array_equal(content["coefficients"], np.atleast_2d(model.coef_))
    assert len(content["intercepts"]) == len(content["coefficients"])
    assert content.get("classes") == classes
    card = json.loads(files["model-card.json"])
    assert card["model_json_sha256"] == hashlib.sha256(files["model.json"]).hexdigest()
    rows = split(data)[1].to_numpy()
    predicted = export.predict_with_export(files["model.json"], files["scaler.json"], rows)
    expected = pipeline.predict(split(data)[1])
    if classes:
        assert predicted.tolist() == expected.astype(str).tolist()
    else:
        np.testing.assert_allclose(predicted, expected, rtol=1e-12)


def test_a_wrong_conversion_to_numbers_is_noticed(monkeypatch):
    pipeline = fit(make_pipeline(StandardScaler(), LinearRegression()), "diabetes")
    good = linear.model_to_json(pipeline[-1])
    changed = json.loads(good)
    changed["intercepts"][0] += 1e-4
    monkeypatch.setattr(linear, "model_to_json", lambda model: json.dumps(changed).encode())
    with pytest.raises(ModelDisagrees, match="LinearRegression"):
        export.build(pipeline, training("diabetes"))


@pytest.mark.parametrize(
    "model", [RandomForestRegressor(**FEW), lightgbm.LGBMRegressor(verbose=-1, **QUIET), make_pipeline(PCA(3), Ridge())]
)
def test_other_models_are_written_as_onnx_only(model):
    files = export.build(fit(model, "diabetes"), training("diabetes")).files
    assert "model.json" not in files
    assert "model_json_sha256" not in json.loads(files["model-card.json"])


def test_classifiers_name_their_classes_in_the_order_of_the_probabilities():
    train, _, target, _ = split("iris")
    names = np.array(["setosa", "versicolor", "virginica"])[target]
    for model in (LogisticRegression(), RandomForestClassifier(**FEW), lightgbm.LGBMClassifier(verbose=-1, **QUIET)):
        converted = onnx.load_from_string(converters.model_to_onnx(model.fit(train.to_numpy(), names), 4))
        notes = {note.key: note.value for note in converted.metadata_props}
        assert json.loads(notes["classes"]) == model.classes_.tolist()
    regressor = converters.model_to_onnx(fit(LinearRegression(), "diabetes"), 10)
    assert [note.key for note in onnx.load_from_string(regressor).metadata_props] == []


def test_operator_sets_stand_in_one_order(monkeypatch):
    model = fit(lightgbm.LGBMRegressor(verbose=-1, **QUIET), "diabetes")
    first = converters.model_to_onnx(model, 10)
    convert = onnxmltools.convert_lightgbm

    def in_reverse(*arguments, **options):
        converted = convert(*arguments, **options)
        sets = list(converted.opset_import)[::-1]
        assert len(sets) == 2
        del converted.opset_import[:]
        converted.opset_import.extend(sets)
        return converted

    monkeypatch.setattr(onnxmltools, "convert_lightgbm", in_reverse)
    assert converters.model_to_onnx(model, 10) == first


def test_date_and_commit_from_the_environment(monkeypatch):
    model = fit(LinearRegression(), "diabetes")

    def card():
        return json.loads(export.build(model, training("diabetes")).files["model-card.json"])

    assert (card()["created"], card()["git_sha"]) == (None, None)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    monkeypatch.setenv("GIT_SHA", "0123abc")
    assert (card()["created"], card()["git_sha"]) == ("2026-01-01T00:00:00+00:00", "0123abc")
    monkeypatch.setenv("GIT_SHA", "nightly")
    assert card()["git_sha"] is None
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "today")
    with pytest.raises(WrongInput, match="SOURCE_DATE_EPOCH: must be whole seconds since 1970"):
        card()


def test_baseline_describes_the_training_rows():
    rows = np.column_stack([np.arange(1.0, 101), [np.nan] * 20 + [7.0] * 40 + [9.0] * 40])
    content = json.loads(export.baseline_to_json(["a", "b"], rows))
    assert (content["format"], content["rows"]) == ("mlinfra/baseline/v1", 100)
    a, b = content["features"]
    assert a == {
        "name": "a",
        "count": 100,
        "missing": 0,
        "mean": 50.5,
        "std": pytest.approx(28.866, abs=1e-3),
        "min": 1.0,
        "max": 100.0,
        "edges": pytest.approx([10.9, 20.8, 30.7, 40.6, 50.5, 60.4, 70.3, 80.2, 90.1]),
        "shares": [0.1] * 10,
    }
    assert (b["count"], b["missing"], b["mean"]) == (80, 20, 8.0)
    assert b["edges"] == [7.0] * 4 + [8.0] + [9.0] * 4  # an edge belongs to the bin below it
    assert b["shares"] == [0.5, 0, 0, 0, 0, 0.5, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("column", "message"),
    [([np.nan, np.nan], "feature 'a': has no value in any row"), ([1e308, -1e308], "feature 'a': has infinite or too")],
)
def test_baseline_refuses_what_it_cannot_describe(column, message):
    with pytest.raises(WrongInput, match=message):
        export.baseline_to_json(["a"], np.array([column]).T)


def test_missing_values_are_predicted_as_the_original_does(tmp_path):
    rows = split("diabetes")[0].to_numpy(copy=True)
    rows[::7, 2] = np.nan
    test = split("diabetes")[1].to_numpy(copy=True)
    test[::5, 2] = np.nan
    model = lightgbm.LGBMRegressor(verbose=-1, **QUIET).fit(rows, split("diabetes")[2])
    exported = export.build(model, training("diabetes", train_rows=rows, test_rows=test))
    assert exported.comparison.agrees
    assert json.loads(exported.files["baseline.json"])["features"][2]["missing"] == 45


def test_a_scaler_may_be_given_apart_and_need_not_centre():
    train, _, target, _ = split("diabetes")
    scaler = StandardScaler(with_mean=False).fit(train)
    model = Ridge().fit(scaler.transform(train), target)
    written = json.loads(export.build(model, training("diabetes"), scaler).files["scaler.json"])
    assert written["mean"] == [0.0] * 10
    assert written["scale"] == scaler.scale_.tolist()


def test_more_steps_stay_in_the_onnx():
    pipeline = fit(make_pipeline(StandardScaler(), PCA(4), Ridge()), "diabetes")
    scaler, rest = export.take_apart(pipeline)
    assert scaler is pipeline[0]
    assert len(rest) == 2
    assert export.build(pipeline, training("diabetes")).comparison.agrees


@pytest.mark.parametrize(
    ("model", "change", "message"),
    [
        (object(), {}, "is a object, which is not supported; supported: XGBoost, LightGBM, Keras, PyTorch, scikit"),
        (KMeans(), {}, "is a KMeans, neither a classifier nor a regressor"),
        (LinearRegression(), {}, "model: is not fitted"),
        (fit(make_pipeline(MinMaxScaler(), xgboost.XGBRegressor(**QUIET)), "diabetes"), {}, "is MinMaxScaler, XGBReg"),
        (fit(Ridge(), "iris"), {}, "model: was fitted on 4 features, but feature_names names 10"),
        (fit(Ridge(), "diabetes"), {"target_name": "age"}, "holds the target 'age'"),
        (fit(Ridge(), "diabetes"), {"feature_names": ["age"] * 10}, "names 'age' more than once"),
        (fit(Ridge(), "diabetes"), {"feature_names": []}, "feature_names: is empty"),
        (fit(Ridge(), "diabetes"), {"test_target": [1.0]}, "test_target: has shape \\[1\\], but test_rows has 133"),
        (fit(Ridge(), "diabetes"), {"train_rows": [[1.0]] * 3}, "train_rows: has shape \\[3, 1\\], must be \\[rows"),
        (fit(Ridge(), "diabetes"), {"train_rows": [["x"] * 10] * 3}, "train_rows: must be numbers"),
        (fit(Ridge(), "diabetes"), {"train_rows": [[1.0] * 10]}, "train_rows: has 1 row\\(s\\), must have 2 or more"),
        (fit(Ridge(), "diabetes"), {"train_rows": [[np.inf] * 10] * 3}, "train_rows: has infinite values"),
        (fit(Ridge(), "diabetes"), {"test_rows": pd.DataFrame({"x": [1]})}, "test_rows: has no column 'age'"),
    ],
)
def test_what_cannot_be_exported_is_explained(tmp_path, model, change, message):
    with pytest.raises(WrongInput, match=message):
        export.export_model(model, tmp_path / "out", training("diabetes", **change))
    assert list(tmp_path.iterdir()) == []


def test_features_in_another_order_are_refused():
    names = list(split("diabetes")[0].columns)[::-1]
    with pytest.raises(WrongInput, match="model: was fitted on age, sex"):
        export.build(fit(Ridge(), "diabetes"), training("diabetes", feature_names=names))


def test_two_scalers_are_refused():
    pipeline = fit(make_pipeline(StandardScaler(), Ridge()), "diabetes")
    with pytest.raises(WrongInput, match="scaler: the pipeline begins with one already"):
        export.build(pipeline, training("diabetes"), pipeline[0])


def test_a_disagreeing_export_leaves_the_earlier_one_alone(tmp_path, monkeypatch):
    model = fit(LinearRegression(), "diabetes")
    first = export.export_model(model, tmp_path / "out", training("diabetes")).files
    right = export.scaler_to_json
    monkeypatch.setattr(export, "scaler_to_json", lambda names, mean, scale: right(names, mean + 1e-7, scale))
    with pytest.raises(ModelDisagrees, match=r"does not predict what scikit-learn .* allowed is 1e-09"):
        export.export_model(model, tmp_path / "out", training("diabetes"))
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == first


def test_a_failing_disk_leaves_the_earlier_export_alone(tmp_path, monkeypatch):
    model = fit(LinearRegression(), "diabetes")
    first = export.export_model(model, tmp_path / "out", training("diabetes")).files
    rename = export.Path.rename

    def fail_for_new(self, target):
        if self.name == "new":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(export.Path, "rename", fail_for_new)
    with pytest.raises(EnvironmentNotUsable, match="cannot be written: No space left on device"):
        export.export_model(model, tmp_path / "out", training("diabetes", name="other"))
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == first
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_export_replaces_an_earlier_one_but_no_other_files(tmp_path):
    model = fit(LinearRegression(), "diabetes")
    export.export_model(model, tmp_path / "out", training("diabetes"))
    again = export.export_model(model, tmp_path / "out", training("diabetes", name="other"))
    assert (tmp_path / "out" / "model-card.json").read_bytes() == again.files["model-card.json"]
    (tmp_path / "out" / "notes.txt").write_text("mine")
    with pytest.raises(EnvironmentNotUsable, match="holds notes.txt; give a new folder"):
        export.export_model(model, tmp_path / "out", training("diabetes"))
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("framework", "package", "requirements"),
    [("torch", "torch", "cuda"), ("keras", "keras", "networks"), ("torch", "onnxscript", "cuda")],
)
def test_a_missing_package_is_named_with_the_command_that_installs_it(monkeypatch, framework, package, requirements):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(EnvironmentNotUsable, match=f"{package} is needed .* -r requirements-{requirements}.txt"):
        converters.load(framework, package)


@pytest.fixture
def tables(tmp_path):
    """Train and test rows of a data set as CSV files."""

    def write(name):
        train, test, train_target, test_target = split(name)
        train.assign(target=train_target).to_csv(tmp_path / "train.csv", index=False)
        test.assign(target=test_target).to_csv(tmp_path / "test.csv", index=False)
        return ["--train", tmp_path / "train.csv", "--test", tmp_path / "test.csv", "--target", "target", "--name", "m"]

    return write


@pytest.mark.parametrize(
    ("data", "model", "file", "framework"),
    [
        ("diabetes", xgboost.XGBRegressor(**QUIET), "model.json", "XGBoost"),
        ("wine", xgboost.XGBClassifier(**QUIET), "model.ubj", "XGBoost"),
        ("diabetes", lightgbm.LGBMRegressor(verbose=-1, **QUIET), "model.txt", "LightGBM"),
        ("cancer", lightgbm.LGBMClassifier(verbose=-1, **QUIET), "model.txt", "LightGBM"),
        ("wine", lightgbm.LGBMClassifier(verbose=-1, **QUIET), "model.txt", "LightGBM"),
    ],
)
def test_model_files_are_exported(run, tables, tmp_path, data, model, file, framework):
    fit(model, data)
    getattr(model, "booster_", model).save_model(tmp_path / file)
    ran = run(export_model.main, "--model", tmp_path / file, "--output-dir", tmp_path / "out", *tables(data))
    assert ran.exit_code == 0, ran.stderr
    assert ran.result["rows_checked"] == len(split(data)[1])
    card = json.loads((tmp_path / "out" / "model-card.json").read_text())
    assert card["framework"]["name"] == framework
    assert card["task"] == ("regression" if data == "diabetes" else "classification")


def test_a_model_file_with_its_scaler_and_gaps(run, tables, tmp_path):
    train, _, target, _ = split("diabetes")
    scaler = StandardScaler().fit(train)
    model = xgboost.XGBRegressor(**QUIET).fit(scaler.transform(train), target)
    model.save_model(tmp_path / "model.ubj")
    scaler_json = export.scaler_to_json(list(train.columns), scaler.mean_, scaler.scale_)
    (tmp_path / "scaler.json").write_bytes(scaler_json)
    arguments = ["--model", tmp_path / "model.ubj", "--scaler", tmp_path / "scaler.json", *tables("diabetes")]
    test = pd.read_csv(tmp_path / "test.csv")
    test.loc[::4, "bmi"] = None
    test.to_csv(tmp_path / "test.csv", index=False)
    ran = run(export_model.main, *arguments, "--output-dir", tmp_path / "out")
    assert ran.exit_code == 0, ran.stderr
    assert (tmp_path / "out" / "scaler.json").read_bytes() == scaler_json
    ran = run(export_model.main, *arguments, "--output-dir", tmp_path / "out", "--features", "age,bmi")
    assert ran.exit_code == 2
    assert "scales age, sex, bmi" in ran.stderr
    (tmp_path / "scaler.json").write_text("{}")
    ran = run(export_model.main, *arguments, "--output-dir", tmp_path / "out")
    assert "is no scaler of format mlinfra/scaler/v1" in ran.stderr


@pytest.mark.parametrize(
    ("file", "content", "exit_code", "message"),
    [
        ("model.pkl", b"", 2, "for a pickle, use convert_pickle.py"),
        ("model.pt2", b"", 2, "must end in one of .json (XGBoost), .ubj (XGBoost), .txt (LightGBM)"),
        ("model.json", b"{}", 2, "is no model that XGBoost can read"),
        ("model.txt", b"no model", 2, "is no model that LightGBM can read"),
        ("model.txt", None, 3, "model.txt' cannot be read: No such file or directory"),
    ],
)
def test_unreadable_model_files(run, tables, tmp_path, file, content, exit_code, message):
    if content is not None:
        (tmp_path / file).write_bytes(content)
    ran = run(export_model.main, "--model", tmp_path / file, "--output-dir", tmp_path / "out", *tables("iris"))
    assert ran.exit_code == exit_code
    assert message in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "out").exists()
