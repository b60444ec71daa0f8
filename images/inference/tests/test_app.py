"""The endpoints, in this process."""

import json

import numpy as np
import pytest
from fastapi.testclient import TestClient
from onnx import TensorProto

from conftest import failing_model, sum_model, write_model
from inference_service import errors, settings
from inference_service.app import create_app
from inference_service.service import to_json


@pytest.fixture
def make_client(make_service):
    def make(environment, load=True):
        service = make_service(environment, load)
        client = TestClient(create_app(service), raise_server_exceptions=False)
        client.service = service
        return client

    return make


@pytest.fixture
def client(make_client, ridge):
    return make_client(ridge.environment | {"MLINFRA_MAX_BODY_KB": "100", "MLINFRA_LOG_PREDICTIONS": "0"})


def refused(answer):
    assert answer.json().keys() == {"code", "message", "request_id"}
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    return answer.status_code, answer.json()["code"], answer.json()["message"]


def test_health_and_ready(client, make_client, ridge):
    assert (client.get("/health").status_code, client.get("/health").json()) == (200, {"status": "alive"})
    answer = client.get("/ready")
    assert answer.json() == {"status": "ready", "model_version": client.service.version}
    client.service.draining = True
    assert refused(client.get("/ready")) == (503, "STOPPED", "the service stops")
    assert client.get("/health").status_code == 200
    assert client.post("/predict", json={"rows": ridge.test[:1].tolist()}).status_code == 200

    loading = make_client(ridge.environment, load=False)
    assert refused(loading.get("/ready")) == (503, "NOT_READY", "the model is being loaded; try again in a second")
    assert refused(loading.post("/predict", json={}))[:2] == (503, "NOT_READY")
    assert loading.get("/health").status_code == 200


def test_the_request_id_comes_back(client, ridge):
    body = {"rows": ridge.test[:1].tolist()}
    answer = client.post("/predict", json=body, headers={"X-Request-Id": "a.B_1:2-3"})
    assert (answer.headers["x-request-id"], answer.json()["request_id"]) == ("a.B_1:2-3", "a.B_1:2-3")
    made = [client.post("/predict", json=body).json()["request_id"] for _ in range(2)]
    assert made[0] != made[1] and all(len(each) == 32 for each in made)
    for wrong in ("", "a b", "x" * 129, 'a"b'):
        answer = client.post("/predict", json=body, headers={"X-Request-Id": wrong})
        assert refused(answer)[:2] == (400, "REQUEST_INVALID")
        assert "X-Request-Id must be 1 to 128 letters" in answer.json()["message"]
        assert answer.json()["request_id"] != wrong


@pytest.mark.parametrize(
    ("headers", "content", "expected"),
    [
        ({"Content-Type": "text/plain"}, b"{}", "CONTENT_TYPE_UNSUPPORTED"),
        ({}, b"{}", "CONTENT_TYPE_UNSUPPORTED"),
        ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, b"{}", "CONTENT_TYPE_UNSUPPORTED"),
        ({"Content-Type": "application/json"}, b" " * (100 * 1024 + 1), "BODY_TOO_LARGE"),
        ({"Content-Type": "Application/JSON; charset=utf-8"}, b" " * (100 * 1024), "REQUEST_INVALID"),
    ],
)
def test_bodies_that_are_refused(client, headers, content, expected):
    answer = client.post("/predict", content=content, headers=headers)
    assert refused(answer)[:2] == (errors.STATUS[expected], expected)
    assert (answer.headers.get("connection") == "close") == (expected == "BODY_TOO_LARGE")


def test_places_that_are_not_there(client):
    assert refused(client.get("/docs")) == (404, "NOT_FOUND", "there are /health, /metrics, /predict, /ready")
    answer = client.get("/predict")
    assert refused(answer) == (405, "METHOD_NOT_ALLOWED", "/predict takes POST")
    assert answer.headers["allow"] == "POST"


def test_the_description_names_the_endpoints_and_what_predict_takes(client):
    paths = client.get("/openapi.json").json()["paths"]
    assert set(paths) == {"/health", "/ready", "/predict", "/metrics"}
    schema = paths["/predict"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert set(schema["properties"]) == {"rows", "columns", "outputs"}


def test_outputs(client, make_client, ridge, classifier):
    body = {"rows": ridge.test[:1].tolist(), "outputs": ["other"]}
    assert refused(client.post("/predict", json=body)) == (
        422,
        "OUTPUT_UNKNOWN",
        "the model has no output 'other'; it has 'variable'",
    )
    body["outputs"] = ["variable"]
    answer = client.post("/predict", json=body).json()
    assert answer["outputs"]["variable"] == [answer["predictions"]]
    assert "classes" not in answer
    answer = make_client(classifier.environment).post("/predict", json={"rows": classifier.test[:1].tolist()}).json()
    assert answer.keys() == {"request_id", "model_version", "predictions"}


def test_values_that_the_models_type_does_not_hold(make_client, tmp_path):
    client = make_client(write_model(tmp_path, sum_model(TensorProto.FLOAT), ["a", "b"]))
    answer = client.post("/predict", json={"rows": [[1, 2], [1, -1e39]]})
    assert refused(answer) == (
        422,
        "VALUE_OUT_OF_RANGE",
        "row 2, feature 'b': is too large for the model's float32",
    )
    assert client.post("/predict", json={"rows": [[1, -1e38]]}).status_code == 200


def test_missing_values_reach_the_model_and_come_back_as_null(make_client, tmp_path):
    environment = write_model(tmp_path, sum_model(), ["a", "b"])
    answer = make_client(environment).post("/predict", json={"rows": [[1, None]]})
    assert refused(answer)[:2] == (422, "VALUE_MISSING")
    answer = make_client(environment | {"MLINFRA_MISSING_VALUES": "nan"}).post(
        "/predict", json={"rows": [[1, None], [1, 2]]}
    )
    assert answer.json()["predictions"] == [None, 3]


def test_a_row_gets_the_same_prediction_alone_and_among_others(make_client, boosted, monkeypatch):
    monkeypatch.setattr(settings, "cpu_limit", lambda: 4)
    client = make_client(boosted.environment)
    together = client.post("/predict", json={"rows": boosted.test.tolist()}).json()["predictions"]
    alone = [client.post("/predict", json={"rows": [row]}).json()["predictions"][0] for row in boosted.test.tolist()]
    assert together == alone


def test_numbers_are_the_shortest_that_are_the_same():
    assert to_json(np.array([0.1, 16777216, np.inf], np.float32)) == [0.1, 16777216, None]
    assert to_json(np.array([[0.1], [1e300]])) == [[0.1], [1e300]]
    assert to_json(np.array([3], np.int64)) == [3]


def test_a_model_that_fails_is_our_fault(make_client, tmp_path, lines):
    client = make_client(write_model(tmp_path, failing_model(), ["a"]))
    assert refused(client.post("/predict", json={"rows": [[5]]}))[:2] == (500, "MODEL_FAILED")
    error = lines.of("error")[-1]
    assert (error["level"], error["code"]) == ("error", "MODEL_FAILED")
    assert client.post("/predict", json={"rows": [[0]]}).json()["predictions"] == [7]


def test_a_bug_is_told_without_values(client, ridge, lines, monkeypatch):
    def broken(*_):
        raise KeyError("canary of the data")

    monkeypatch.setattr(client.service, "predict", broken)
    answer = client.post("/predict", json={"rows": ridge.test[:1].tolist()})
    assert refused(answer) == (500, "INTERNAL", "a fault of the service; its log tells more")
    error = lines.of("error")[-1]
    assert (error["code"], error["level"]) == ("INTERNAL", "error")
    assert error["cause"].startswith("KeyError at test_app.py:")
    assert "canary" not in json.dumps(lines)
    assert 'inference_errors_total{code="INTERNAL"} 1.0' in client.get("/metrics").text


def test_the_log_has_one_line_for_a_request_and_no_values(client, ridge, lines):
    client.post("/predict", json={"rows": ridge.by_name(ridge.test[:3])}, headers={"X-Request-Id": "r1"})
    client.post("/predict", json={"rows": [[1]]}, headers={"X-Request-Id": "r2"})
    for path in ("/health", "/ready", "/metrics"):
        client.get(path)
    assert len(lines.of("ready")) == 1
    good, bad = lines.of("request")
    assert {key: good[key] for key in ("request_id", "method", "path", "status", "rows", "level")} == {
        "request_id": "r1", "method": "POST", "path": "/predict", "status": 200, "rows": 3, "level": "info",
    }  # fmt: skip
    assert good["model_version"] == client.service.version and good["bytes"] > 100 and good["seconds"] > 0
    assert (bad["status"], bad["code"], "rows" in bad) == (422, "FEATURES_MISSING", False)
    error = lines.of("error")[0]
    assert (error["request_id"], error["code"], error["level"]) == ("r2", "FEATURES_MISSING", "warning")
    assert "cause" not in error
    assert not lines.of("prediction")
    assert str(ridge.test[0][3]) not in json.dumps(lines)


def test_predictions_are_sampled_without_features_unless_switched_on(make_client, ridge, lines):
    body = {"rows": ridge.by_name(ridge.test[:2])}
    client = make_client(ridge.environment | {"MLINFRA_LOG_PREDICTIONS": "1"})
    answer = client.post("/predict", json=body).json()
    line = lines.of("prediction")[0]
    assert line["prediction"] == answer["predictions"][line["row"] - 1]
    assert (line["request_id"], "features" in line) == (answer["request_id"], False)

    lines.clear()
    switched_on = {"MLINFRA_LOG_PREDICTIONS": "0.5", "MLINFRA_LOG_FEATURES": "true"}
    client = make_client(ridge.environment | switched_on)
    for _ in range(200):
        client.post("/predict", json=body)
    sampled = lines.of("prediction")
    assert 60 < len(sampled) < 140  # 5.6 standard deviations
    assert all(line["features"] == body["rows"][line["row"] - 1] for line in sampled)
    assert {line["row"] for line in sampled} == {1, 2}


def test_metrics_name_the_model_and_bound_the_paths(client, ridge):
    for number in range(5):
        client.get(f"/none/{number}")
    text = client.get("/metrics").text
    assert 'inference_requests_total{endpoint="other",status="404"} 5.0' in text
    model = 'inference_model_info{provider="CPUExecutionProvider",sha256="'
    assert model in text and f'version="{client.service.version}"}} 1.0' in text
    assert "_created" not in text
    assert client.get("/metrics").headers["content-type"].startswith("text/plain; version=")


def test_a_model_that_is_pinned_and_a_scaler_that_does_not_fit(make_client, ridge, classifier):
    with pytest.raises(errors.StartError, match="MLINFRA_MODEL: its SHA-256 is "):
        make_client(ridge.environment | {"MLINFRA_MODEL_SHA256": "0" * 64})
    card = json.loads((ridge.folder / "model-card.json").read_text())
    client = make_client(ridge.environment | {"MLINFRA_MODEL_SHA256": card["model_sha256"]})
    assert client.service.version == card["model_sha256"][:12]
    with pytest.raises(errors.StartError, match="MLINFRA_SCALER: has 10 features, but the model takes 4"):
        make_client(ridge.environment | {"MLINFRA_MODEL": classifier.environment["MLINFRA_MODEL"]})
    with pytest.raises(errors.StartError, match="MLINFRA_BASELINE: lacks 'sepal_length'"):
        make_client(classifier.environment | {"MLINFRA_BASELINE": ridge.environment["MLINFRA_BASELINE"]})


def test_a_model_that_is_too_large(make_client, ridge, tmp_path):
    (tmp_path / "model.onnx").write_bytes(bytes(1024 * 1024 + 1))
    with pytest.raises(errors.StartError, match="is larger than 1048576 bytes; raise MLINFRA_MAX_MODEL_MB, if that is"):
        make_client(ridge.environment | {"MLINFRA_MODEL": str(tmp_path / "model.onnx"), "MLINFRA_MAX_MODEL_MB": "1"})
