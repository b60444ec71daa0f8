"""The converter, and above all what a hostile pickle can NOT do."""

import json
import os
import pickle
import tempfile

import joblib
import numpy as np
import onnxruntime
import pandas as pd
import pytest
from conftest import FEATURES
from sklearn.cluster import KMeans
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import convert_pickle
from mlinfra_training import sandbox

SECRET = "test-secret-canary"  # what conftest.py puts into AWS_SECRET_ACCESS_KEY


@pytest.fixture(autouse=True)
def temporary_folder(tmp_path, monkeypatch):
    """Gives the converter a temporary folder of its own, and checks that nothing stays in it."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


@pytest.fixture
def table(data):
    return pd.read_csv(data / "diabetes.csv")


@pytest.fixture
def save(tmp_path):
    def save_as(name, thing):
        file = tmp_path / name
        file.write_bytes(pickle.dumps(thing))
        return file

    return save_as


@pytest.fixture
def convert(run, tmp_path):
    def convert_model(model, *more):
        return run(
            convert_pickle.main,
            *("--model", model, "--output-dir", tmp_path / "out", "--accept-code-execution", *more),
        )

    return convert_model


class Runs:
    """Pickled, this is a program: unpickling it runs the code."""

    def __init__(self, code):
        self.code = code

    def __reduce__(self):
        return exec, (self.code,)


def test_refuses_without_the_flag_and_runs_nothing(run, save, tmp_path):
    marker = tmp_path / "marker"
    model = save("model.pkl", Runs(f"open({str(marker)!r}, 'w')"))
    ran = run(convert_pickle.main, "--model", model, "--output-dir", tmp_path / "out")
    assert ran.exit_code == 2
    assert "reading a pickle runs whatever code its author put in" in ran.stderr
    assert "--accept-code-execution" in ran.stderr
    assert not marker.exists()
    assert not (tmp_path / "out").exists()


def test_converts_a_model_and_its_scaler(convert, save, table, tmp_path):
    features = table[FEATURES].to_numpy()
    scaler = StandardScaler().fit(features)
    model = LinearRegression().fit(scaler.transform(features), table.target)
    ran = convert(save("model.pkl", model), "--scaler", save("scaler.pkl", scaler), "--features", ",".join(FEATURES))
    assert ran.exit_code == 0, ran.stderr
    assert ran.result["rows_checked"] == 200
    assert ran.result["largest_relative_difference"] < 1e-12
    written = json.loads((tmp_path / "out" / "scaler.json").read_text())
    assert written == {
        "format": "mlinfra/scaler/v1",
        "feature_names": FEATURES,
        "mean": scaler.mean_.tolist(),
        "scale": scaler.scale_.tolist(),
    }
    session = onnxruntime.InferenceSession(tmp_path / "out" / "model.onnx")
    predictions = session.run(None, {"X": (features - written["mean"]) / written["scale"]})[0].ravel()
    np.testing.assert_allclose(predictions, model.predict(scaler.transform(features)), rtol=1e-12)


def test_converts_a_compressed_joblib_file_without_scaler_and_takes_its_names(convert, table, tmp_path):
    file = tmp_path / "model.joblib"
    joblib.dump(RandomForestClassifier(5, random_state=0).fit(table[FEATURES], table.target > 150), file, compress=3)
    ran = convert(file)
    assert ran.exit_code == 0, ran.stderr
    written = json.loads((tmp_path / "out" / "scaler.json").read_text())
    assert (written["feature_names"], written["mean"], written["scale"]) == (FEATURES, [0.0] * 10, [1.0] * 10)


def test_a_pickle_sees_no_credentials(convert, save, tmp_path, monkeypatch):
    credentials = tmp_path / "credentials"
    credentials.write_text("secret-in-a-file")
    monkeypatch.setenv("HOME", str(tmp_path))
    code = f"""
import os, json
def attempt(path):
    try:
        return open(path, 'rb').read().decode()
    except OSError as error:
        return error.strerror
raise RuntimeError('THE CODE RAN ' + json.dumps([
    dict(os.environ), attempt('/proc/self/environ'), attempt('/proc/{os.getpid()}/environ'),
    attempt(os.path.expanduser('~/credentials')), attempt({str(credentials)!r}),
]))
"""
    ran = convert(save("model.pkl", Runs(code)))
    assert ran.exit_code == 2
    assert "THE CODE RAN" in ran.stderr  # or else this test would prove nothing
    assert not (tmp_path / "out").exists()
    if "isolation in force" in ran.stderr:
        assert SECRET not in ran.stderr
        assert "AWS_" not in ran.stderr
        assert "secret-in-a-file" not in ran.stderr
    else:
        assert "it could read files of the user who runs this" in ran.stderr


@pytest.mark.parametrize("isolated", [True, False])
def test_the_environment_is_empty_with_and_without_isolation(convert, save, tmp_path, monkeypatch, isolated):
    if not isolated:  # as in a container that forbids namespaces
        nothing = sandbox.Isolation(no_network=False, no_other_files=False)
        monkeypatch.setattr(sandbox.Sandbox, "_strongest", lambda self: (nothing, []))
    marker = tmp_path / "marker"
    code = f"""
import os
seen = 'seen:' + os.environ.get('AWS_SECRET_ACCESS_KEY', 'nothing')
try:
    open({str(marker)!r}, 'w').write(seen)
except OSError:
    pass
raise RuntimeError('THE CODE RAN ' + seen + ' ' + ' '.join(sorted(os.environ)))
"""
    ran = convert(save("model.pkl", Runs(code)))
    assert ran.exit_code == 2
    assert "THE CODE RAN seen:nothing" in ran.stderr
    assert SECRET not in ran.stderr
    assert "AWS_" not in ran.stderr
    if "isolation in force" in ran.stderr:
        assert not marker.exists()
    else:
        assert marker.read_text() == "seen:nothing"
        assert "convert such files" in ran.stderr
    assert isolated or "isolation NOT in force" in ran.stderr


def test_network_is_out_of_reach_where_the_output_says_so(convert, save):
    code = """
import socket
server = socket.socket()
try:
    server.bind(('127.0.0.1', 0))
    server.listen()
    socket.create_connection(server.getsockname(), 2)
    raise RuntimeError('NETWORK REACHED')
except OSError as error:
    raise RuntimeError('NETWORK OUT OF REACH')
"""
    ran = convert(save("model.pkl", Runs(code)))
    assert ran.exit_code == 2
    expected = "NETWORK REACHED" if "NOT in force" in ran.stderr else "NETWORK OUT OF REACH"
    assert expected in ran.stderr


def test_a_pickle_that_uses_too_much_memory_or_time_is_stopped(convert, save, monkeypatch):
    ran = convert(save("model.pkl", Runs("x = bytearray(5 << 30)")))
    assert ran.exit_code == 2
    assert "MemoryError" in ran.stderr
    monkeypatch.setattr(sandbox, "SECONDS_ALLOWED", 5)
    ran = convert(save("model.pkl", Runs("import time; time.sleep(600)")))
    assert ran.exit_code == 2
    assert "was stopped after 5 seconds" in ran.stderr


@pytest.mark.parametrize(
    ("forge", "message"),
    [
        ("os.symlink('/etc/hostname', 'result.json')", "left no usable result.json"),
        ("os.mkfifo('result.json')", "left no usable result.json"),
        ("open('result.json', 'w').write('[]')", "left no valid result"),
        ("open('result.json', 'w').write('{}'); open('model.onnx', 'w').write('x')", "left an unusable result"),
        ("open('result.json', 'w').write(json.dumps({'problems': ['\\x1b[2Jforged']}))", "?[2Jforged"),
        ("pass", "left no usable result.json"),
    ],
)
def test_a_forged_answer_is_not_trusted(convert, save, tmp_path, forge, message):
    ran = convert(save("model.pkl", Runs(f"import os, json\n{forge}\nos._exit(0)")))
    assert ran.exit_code == 2
    assert message in ran.stderr
    assert "\x1b" not in ran.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04rest", "is a zip archive (a PyTorch or Keras model?)"),
        (b"\x08\x0a rest", "is an ONNX model, which needs no conversion"),
        (b'{"a": 1}', "is JSON or other text"),
        (b"no pickle at all", "cannot be unpickled with this scikit-learn"),
    ],
)
def test_wrong_file_type(convert, tmp_path, content, message):
    file = tmp_path / "model.pkl"
    file.write_bytes(content)
    ran = convert(file)
    assert ran.exit_code == 2
    assert message in ran.stderr
    assert "Traceback" not in ran.stderr


def test_missing_file(convert, tmp_path):
    ran = convert(tmp_path / "none.pkl")
    assert ran.exit_code == 3
    assert "none.pkl' cannot be read: No such file or directory" in ran.stderr


X = np.arange(12.0).reshape(6, 2)
Y = np.array([1.0, 3, 2, 5, 4, 7])


@pytest.mark.parametrize(
    ("model", "arguments", "message"),
    [
        (LinearRegression().fit(X, Y), [], "features: the files hold no names; give --features with 2 names in order"),
        (LinearRegression().fit(X, Y), ["--features", "a"], "features: 1 names given, but the model takes 2"),
        (LinearRegression().fit(X, Y), ["--features", "a,,a"], "has an empty name in 'a,,a'"),
        (LinearRegression().fit(X, Y), ["--features", "a,,a"], "--features: names a more than once"),
        (
            LinearRegression().fit(pd.DataFrame(X, columns=["a", "b"]), Y),
            ["--features", "b,a"],
            "features: given b, a, but the files were fitted on a, b",
        ),
        (LinearRegression(), ["--features", "a,b"], "model: was saved before it was fitted"),
        (LinearRegression().fit(X, np.c_[Y, Y]), ["--features", "a,b"], "model: predicts several values per row"),
        (StandardScaler().fit(X), ["--features", "a,b"], "model: is a StandardScaler, not a model"),
        (KMeans(2, n_init=1).fit(X), ["--features", "a,b"], "model: is a KMeans, which is not supported; supported: L"),
        (
            make_pipeline(StandardScaler(), LinearRegression()).fit(X, Y),
            ["--features", "a,b"],
            "model: is a Pipeline, which is not supported (take its scaler and model apart",
        ),
    ],
)
def test_models_that_cannot_be_converted(convert, save, tmp_path, model, arguments, message):
    ran = convert(save("model.pkl", model), *arguments)
    assert ran.exit_code == 2
    assert message in ran.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("scaler", "message"),
    [
        (StandardScaler().fit(X[:, :1]), "scaler: scales 1 features, but the model takes 2"),
        (StandardScaler(), "scaler: was saved before it was fitted"),
        (LinearRegression().fit(X, Y), "scaler: is a LinearRegression, which is not supported"),
    ],
)
def test_scalers_that_cannot_be_converted(convert, save, scaler, message):
    model = save("model.pkl", LinearRegression().fit(X, Y))
    ran = convert(model, "--scaler", save("scaler.pkl", scaler), "--features", "a,b")
    assert ran.exit_code == 2
    assert message in ran.stderr
