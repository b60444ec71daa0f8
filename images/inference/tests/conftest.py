"""What all tests share: models as images/training exports them, and the service as a process."""

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

sys.dont_write_bytecode = True  # tests leave nothing behind

FOLDER = Path(__file__).parent.parent
# The exporter itself, so that the formats cannot part.
sys.path.insert(0, str(FOLDER.parent / "training"))

from mlinfra_training.export import Training, export_model  # noqa: E402
from sklearn.datasets import load_diabetes, load_iris  # noqa: E402
from sklearn.ensemble import GradientBoostingRegressor  # noqa: E402
from sklearn.linear_model import LogisticRegression, Ridge  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402

from inference_service import settings as settings_module  # noqa: E402
from inference_service.logs import Log  # noqa: E402
from inference_service.service import Service  # noqa: E402


@pytest.fixture(autouse=True)
def known_environment(monkeypatch):
    """Tests must not depend on, or reach, whatever account the person running them is logged in to."""
    for name in list(os.environ):
        if name.startswith(("MLINFRA_", "AWS_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test-key-id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test-secret-canary")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")


class Exported:
    """A fitted model of scikit-learn, its files, and the rows it was not trained on."""

    def __init__(self, folder, fitted, features, train, test):
        self.folder, self.fitted, self.features, self.train, self.test = folder, fitted, features, train, test

    @property
    def environment(self):
        return {
            "MLINFRA_MODEL": str(self.folder / "model.onnx"),
            "MLINFRA_SCALER": str(self.folder / "scaler.json"),
            "MLINFRA_BASELINE": str(self.folder / "baseline.json"),
        }

    def by_name(self, rows):
        """Rows of a request, with the features in another order than the model's."""
        order = np.random.default_rng(0).permutation(len(self.features))
        return [{self.features[place]: float(row[place]) for place in order} for row in rows]


def _export(folder, model, data, target, features):
    train, test, train_target, test_target = data[::2], data[1::2], target[::2], target[1::2]
    fitted = make_pipeline(StandardScaler(), model).fit(train, train_target)
    export_model(fitted, folder, Training("m", features, "target", train, test, test_target))
    return Exported(folder, fitted, features, train, test)


@pytest.fixture(scope="session")
def boosted(tmp_path_factory):
    """A regressor of trees, which takes float32."""
    data = load_diabetes(scaled=False)
    model = GradientBoostingRegressor(n_estimators=50, random_state=0)
    return _export(tmp_path_factory.mktemp("boosted") / "m", model, data.data, data.target, data.feature_names)


@pytest.fixture(scope="session")
def ridge(tmp_path_factory):
    """A linear regressor, which takes double."""
    data = load_diabetes(scaled=False)
    return _export(tmp_path_factory.mktemp("ridge") / "m", Ridge(), data.data, data.target, data.feature_names)


@pytest.fixture(scope="session")
def classifier(tmp_path_factory):
    """A classifier of texts."""
    data = load_iris()
    features = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
    names = data.target_names[data.target]
    return _export(tmp_path_factory.mktemp("classifier") / "m", LogisticRegression(), data.data, names, features)


def onnx_model(nodes, inputs, outputs, initializers=(), domains=(), metadata=None):
    """An ONNX model of these parts."""
    graph = helper.make_graph(nodes, "g", inputs, outputs, list(initializers))
    opsets = [helper.make_opsetid("", 17), *(helper.make_opsetid(domain, 1) for domain in domains)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    helper.set_model_props(model, metadata or {})
    return model.SerializeToString()


def value(name, shape, kind=TensorProto.DOUBLE):
    return helper.make_tensor_value_info(name, kind, shape)


def sum_model(kind=TensorProto.DOUBLE, shape=(None, 2), metadata=None):
    """Adds the features up."""
    return onnx_model(
        [helper.make_node("ReduceSum", ["X", "axes"], ["Y"], keepdims=0)],
        [value("X", shape, kind)],
        [value("Y", [None], kind)],
        [helper.make_tensor("axes", TensorProto.INT64, [1], [1])],
        metadata=metadata,
    )


def failing_model():
    """Fails for everything but zero: it asks for places that are not there."""
    return onnx_model(
        [
            helper.make_node("Cast", ["X"], ["I"], to=TensorProto.INT64),
            helper.make_node("Gather", ["table", "I"], ["Y"]),
        ],
        [value("X", [None, 1])],
        [value("Y", [None, 1], TensorProto.FLOAT)],
        [helper.make_tensor("table", TensorProto.FLOAT, [1], [7])],
    )


def slow_model(times=60, width=512):
    """Multiplies a row with a large matrix, many times: of one feature, and the slower the more rows there are."""
    weights = np.random.default_rng(0).normal(0, 0.05, (width, width)).astype(np.float32)
    nodes = [helper.make_node("Expand", ["X", "shape"], ["H0"])]
    for number in range(times):
        nodes.append(helper.make_node("MatMul", [f"H{number}", "W"], [f"M{number}"]))
        nodes.append(helper.make_node("Tanh", [f"M{number}"], [f"H{number + 1}"]))
    nodes.append(helper.make_node("ReduceSum", [f"H{times}", "axes"], ["Y"], keepdims=0))
    return onnx_model(
        nodes,
        [value("X", (None, 1), TensorProto.FLOAT)],
        [value("Y", [None], TensorProto.FLOAT)],
        [
            numpy_helper.from_array(weights, "W"),
            helper.make_tensor("shape", TensorProto.INT64, [2], [1, width]),
            helper.make_tensor("axes", TensorProto.INT64, [1], [1]),
        ],
    )


def write_model(folder, content, features):
    """A model with a scaler that changes nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(content)
    scaler = {"format": "mlinfra/scaler/v1", "feature_names": features}
    scaler |= {"mean": [0.0] * len(features), "scale": [1.0] * len(features)}
    (folder / "scaler.json").write_text(json.dumps(scaler))
    return {"MLINFRA_MODEL": str(folder / "model.onnx"), "MLINFRA_SCALER": str(folder / "scaler.json")}


class Lines(list):
    """A stream that keeps the lines of the log."""

    def write(self, text):
        self.extend(json.loads(line) for line in text.splitlines())

    def flush(self):
        pass

    def of(self, event):
        return [line for line in self if line["event"] == event]


@pytest.fixture
def lines():
    return Lines()


@pytest.fixture
def make_service(lines):
    """A service in this process, loaded."""

    def make(environment, load=True):
        service = Service(settings_module.read(environment), Log(lines))
        if load:
            service.load()
        return service

    return make


class Process:
    """The service as a program of its own."""

    def __init__(self, environment, log):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = log
        with log.open("w") as output:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", "inference_service"],
                cwd=FOLDER,
                env={**os.environ, "MLINFRA_LISTEN": f"127.0.0.1:{self.port}", **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def lines(self, event):
        given = map(json.loads, self._log.read_text().splitlines())
        return [line for line in given if line["event"] == event]

    def ask(self, method, path, body=None, headers=None):
        """Status, headers and body of the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            content = None if body is None else json.dumps(body)
            kind = {} if body is None else {"Content-Type": "application/json"}
            connection.request(method, path, content, {**kind, **(headers or {})})
            answer = connection.getresponse()
            text = answer.read().decode()
            is_json = answer.headers["Content-Type"].startswith("application/json")
            return answer.status, answer.headers, json.loads(text) if is_json else text
        finally:
            connection.close()

    def predict(self, body, **headers):
        status, _, answer = self.ask("POST", "/predict", body, headers)
        assert status == 200, answer
        return answer

    def metric(self, name, **labels):
        """The value of one series; None where there is none."""
        wanted = name + ("{" + ",".join(f'{key}="{labels[key]}"' for key in labels) + "}" if labels else "")
        for line in self.ask("GET", "/metrics")[2].splitlines():
            series, _, number = line.rpartition(" ")
            if series == wanted:
                return float(number)
        return None

    def until(self, what, holds, seconds=30):
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, f"{what}: not within {seconds} s\n{self._log.read_text()}"
            assert self.popen.poll() is None, f"{what}: ended before\n{self._log.read_text()}"
            time.sleep(0.02)

    def is_ready(self):
        try:
            return self.ask("GET", "/ready")[0] == 200
        except OSError:
            return False

    def stop(self, seconds=15):
        """Asks it to stop and gives its exit code."""
        self.popen.terminate()
        return self.popen.wait(timeout=seconds)


@pytest.fixture
def start(tmp_path):
    """Starts services, which end with the test."""
    started = []

    def start_one(environment, ready=True):
        process = Process({"MLINFRA_DRAIN_SECONDS": "0", **environment}, tmp_path / f"log-{len(started)}")
        started.append(process)
        if ready:
            process.until("ready", process.is_ready)
        return process

    yield start_one
    for process in started:
        if process.popen.poll() is None:
            process.popen.kill()
            process.popen.wait()


@contextmanager
def in_background(function, *arguments):
    """Runs the function in a thread; the list that is given holds what it returned, after the block."""
    results = []
    thread = threading.Thread(target=lambda: results.append(function(*arguments)))
    thread.start()
    yield results
    thread.join(timeout=60)
    assert not thread.is_alive()
