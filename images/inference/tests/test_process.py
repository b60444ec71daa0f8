"""The service as people run it: a process, asked over HTTP."""

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from conftest import FOLDER, in_background, slow_model, write_model

ALLOWED = 1e-5


@pytest.mark.parametrize("name", ["boosted", "ridge"])
def test_predicts_what_scikit_learn_predicts(name, start, request):
    model = request.getfixturevalue(name)
    process = start(model.environment)
    expected = model.fitted.predict(model.test)

    by_name = process.predict({"rows": model.by_name(model.test)})["predictions"]
    by_place = process.predict({"rows": model.test.tolist()})["predictions"]
    columns = {feature: model.test[:, place].tolist() for place, feature in enumerate(model.features)}
    by_column = process.predict({"columns": dict(reversed(columns.items()))})["predictions"]

    np.testing.assert_allclose(by_name, expected, rtol=ALLOWED)
    assert len(by_name) == len(model.test) > 200
    assert by_name == by_place == by_column


def test_predicts_classes_and_their_probabilities(start, classifier):
    process = start(classifier.environment)
    answer = process.predict({"rows": classifier.by_name(classifier.test), "outputs": ["probabilities"]})

    assert answer["predictions"] == list(classifier.fitted.predict(classifier.test))
    assert answer["classes"] == list(classifier.fitted.classes_)
    expected = classifier.fitted.predict_proba(classifier.test)
    np.testing.assert_allclose(answer["outputs"]["probabilities"], expected, rtol=ALLOWED)


def test_many_at_once_get_their_own_answers_and_all_are_counted(start, boosted):
    process = start({**boosted.environment, "MLINFRA_LOG_PREDICTIONS": "1", "MLINFRA_LOG_FEATURES": "true"})
    expected = boosted.fitted.predict(boosted.test)
    rows = boosted.by_name(boosted.test)

    def ask(number):
        place = number % len(rows)
        answer = process.predict({"rows": [rows[place]]}, **{"X-Request-Id": f"request-{number}"})
        assert answer["request_id"] == f"request-{number}"
        return abs(answer["predictions"][0] - expected[place]) / abs(expected[place])

    with ThreadPoolExecutor(8) as pool:
        differences = list(pool.map(ask, range(300)))
    assert max(differences) < ALLOWED
    assert process.ask("POST", "/predict", {"rows": []})[0] == 400

    assert process.metric("inference_requests_total", endpoint="/predict", status="200") == 300
    assert process.metric("inference_requests_total", endpoint="/predict", status="400") == 1
    assert process.metric("inference_errors_total", code="REQUEST_INVALID") == 1
    assert process.metric("inference_rows_total") == 300
    assert process.metric("inference_request_seconds_count") == 301
    assert process.metric("inference_request_seconds_bucket", le="30.0") == 301
    assert process.metric("inference_requests_in_flight") == 0
    assert 0 < process.metric("inference_model_load_seconds") < 10
    assert process.metric("process_resident_memory_bytes") > 1e6

    requests = {line["request_id"]: line for line in process.lines("request")}
    assert {f"request-{number}" for number in range(300)} <= requests.keys()
    assert (requests["request-7"]["status"], requests["request-7"]["rows"]) == (200, 1)
    logged = {line["request_id"]: line for line in process.lines("prediction")}
    assert len(logged) == 300
    assert logged["request-7"]["features"] == rows[7]
    assert logged["request-7"]["prediction"] == pytest.approx(expected[7], rel=ALLOWED)


def test_drift_shows_in_the_metrics(start, boosted):
    process = start({**boosted.environment, "MLINFRA_DRIFT_ROWS": "221"})
    name = "inference_feature_stability_index"

    process.predict({"rows": boosted.train[:199].tolist()})
    assert process.metric(name, feature="age") is None
    process.predict({"rows": boosted.train[199:].tolist()})
    assert process.metric("inference_drift_rows") == 221
    assert all(process.metric(name, feature=feature) < 0.001 for feature in boosted.features)

    older = boosted.train + np.eye(10)[0] * 60
    process.predict({"rows": older.tolist()})
    assert process.metric("inference_drift_rows") == 221
    assert process.metric(name, feature="age") > 1
    assert process.metric(name, feature="bmi") < 0.001


def slow(tmp_path, **more):
    return write_model(tmp_path / "slow", slow_model(), ["a"]) | {"MLINFRA_MAX_ROWS": "1000000", **more}


def slow_rows(process, seconds):
    """A request that takes about so long here."""
    started = time.perf_counter()
    process.predict({"columns": {"a": [0.5] * 100}})
    return {"columns": {"a": [0.5] * round(100 * seconds / (time.perf_counter() - started))}}


def test_sigterm_lets_a_running_request_end(start, tmp_path):
    process = start(slow(tmp_path, MLINFRA_DRAIN_SECONDS="0.5"))
    body = slow_rows(process, 2)
    with in_background(process.ask, "POST", "/predict", body) as answers:
        process.until("running", lambda: process.metric("inference_requests_in_flight") == 1)
        process.popen.send_signal(signal.SIGTERM)
        process.until("draining", lambda: process.ask("GET", "/ready")[0] == 503)
        status, headers, answer = process.ask("GET", "/ready")
        assert (status, answer["code"], headers["Connection"]) == (503, "STOPPED", "close")
        assert process.ask("GET", "/health")[0] == 200
        assert not answers, "the request ended too early to show anything"
    status, headers, answer = answers[0]
    assert (status, len(answer["predictions"])) == (200, len(body["columns"]["a"]))
    assert headers["Connection"] == "close"
    assert process.popen.wait(timeout=10) == 0
    assert process.lines("stopped")[0]["exit_code"] == 0


def test_while_it_drains_new_requests_are_answered(start, ridge):
    process = start({**ridge.environment, "MLINFRA_DRAIN_SECONDS": "1.5"})
    started = time.monotonic()
    process.popen.send_signal(signal.SIGTERM)
    process.until("draining", lambda: process.ask("GET", "/ready")[0] == 503)
    process.predict({"rows": ridge.test[:1].tolist()})
    assert process.popen.wait(timeout=10) == 0
    assert time.monotonic() - started > 1.4


def test_a_request_that_runs_too_long_does_not_hold_the_stop_up(start, tmp_path):
    process = start(slow(tmp_path, MLINFRA_STOP_SECONDS="1"))

    with in_background(process.ask, "POST", "/predict", slow_rows(process, 12)) as answers:
        process.until("running", lambda: process.metric("inference_requests_in_flight") == 1)
        started = time.monotonic()
        assert process.stop() == 0
        assert time.monotonic() - started < 5
    status, _, answer = answers[0]
    assert (status, answer["code"]) == (503, "STOPPED")
    assert process.lines("error")[-1]["code"] == "STOPPED"


def test_no_more_wait_than_allowed_and_health_answers_meanwhile(start, tmp_path):
    process = start(slow(tmp_path, MLINFRA_MAX_WAITING="2", MLINFRA_TIMEOUT_SECONDS="1"))
    body = slow_rows(process, 2)
    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(process.ask, "POST", "/predict", body) for _ in range(2)]
        process.until("waiting", lambda: process.metric("inference_requests_in_flight") == 2)
        started = time.perf_counter()
        assert process.ask("GET", "/health")[0] == 200
        assert time.perf_counter() - started < 0.5
        status, headers, answer = process.ask("POST", "/predict", {"rows": [[1]]})
        assert (status, answer["code"], headers["Retry-After"]) == (503, "OVERLOADED", "1")
        for future in futures:
            status, _, answer = future.result()
            assert (status, answer["code"]) == (504, "PREDICTION_TIMEOUT")
    assert process.metric("inference_errors_total", code="PREDICTION_TIMEOUT") == 2


def test_a_body_that_stands_still_is_given_up(start, ridge):
    process = start({**ridge.environment, "MLINFRA_TIMEOUT_SECONDS": "0.5"})
    with socket.create_connection(("127.0.0.1", process.port), timeout=10) as connection:
        head = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"
        connection.sendall(head)
        answer = b""
        while chunk := connection.recv(4096):
            answer += chunk
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"BODY_TIMEOUT"' in answer
    with socket.create_connection(("127.0.0.1", process.port), timeout=10) as connection:
        connection.sendall(head)
    process.until("told", lambda: [line for line in process.lines("error") if line["code"] == "CLIENT_GONE"])
    assert process.metric("inference_requests_total", endpoint="/predict", status="499") == 1


def test_a_body_of_unknown_length_is_bounded(start, ridge):
    process = start({**ridge.environment, "MLINFRA_MAX_BODY_KB": "1"})
    with socket.create_connection(("127.0.0.1", process.port), timeout=10) as connection:
        head = (
            b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        connection.sendall(head + b"400\r\n" + b" " * 1024 + b"\r\n1\r\n \r\n")
        answer = b""
        while chunk := connection.recv(4096):
            answer += chunk
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"the body is larger than 1024 bytes" in answer


def test_wrong_settings_are_told_all_at_once(start):
    process = start(
        {"MLINFRA_MODEL": "ftp://x/y", "MLINFRA_MAX_ROWS": "0", "MLINFRA_DEVICE": "tpu", "MLINFRA_LISTEN": "8080"},
        ready=False,
    )
    assert process.popen.wait(timeout=20) == 2
    told = process.lines("start_failed")[0]
    assert told["exit_code"] == 2
    assert told["problems"] == [
        "MLINFRA_LISTEN is '8080'; allowed: ADDRESS:PORT, such as 0.0.0.0:8080",
        "MLINFRA_MODEL is 'ftp://x/y'; allowed: a file, or s3://BUCKET/KEY",
        "MLINFRA_SCALER is not set; allowed: a file, or s3://BUCKET/KEY",
        "MLINFRA_DEVICE is 'tpu'; allowed: cpu or cuda",
        "MLINFRA_MAX_ROWS is '0'; allowed: a whole number from 1 to 1000000",
    ]


def test_files_that_are_wrong_are_told_all_at_once(start, ridge, tmp_path):
    (tmp_path / "scaler.json").write_text("{}")
    environment = {"MLINFRA_MODEL": str(tmp_path / "none.onnx"), "MLINFRA_SCALER": str(tmp_path / "scaler.json")}
    process = start(environment, ready=False)
    assert process.popen.wait(timeout=20) == 2
    assert process.lines("start_failed")[0]["problems"] == [
        "MLINFRA_SCALER: is no mlinfra/scaler/v1; export the model again with images/training",
        f"MLINFRA_MODEL: '{tmp_path}/none.onnx' cannot be read: No such file or directory; "
        "check its name and who may read it",
    ]
    process = start(ridge.environment | {"MLINFRA_MODEL": str(tmp_path / "none.onnx")}, ready=False)
    assert process.popen.wait(timeout=20) == 3


def test_an_address_that_is_taken_is_told(start, ridge):
    first = start(ridge.environment)
    second = start({**ridge.environment, "MLINFRA_LISTEN": f"127.0.0.1:{first.port}"}, ready=False)
    assert second.popen.wait(timeout=20) == 2
    assert f"MLINFRA_LISTEN: cannot listen on 127.0.0.1:{first.port}" in second.lines("start_failed")[0]["problems"]
    assert "address already in use" in second.lines("server")[0]["message"]


class ObjectStore(BaseHTTPRequestHandler):
    """Enough of S3 to serve the objects of one bucket; all else is denied."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.held.wait(timeout=30)
        content = self.server.objects.get(self.path.split("?")[0])
        denied = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
        self.send_response(403 if content is None else 200)
        self.send_header("Content-Length", str(len(content or denied)))
        self.end_headers()
        self.wfile.write(content or denied)

    def log_message(self, *_):
        """Keeps the test's output readable."""


@pytest.fixture
def object_store(ridge):
    server = ThreadingHTTPServer(("127.0.0.1", 0), ObjectStore)
    server.objects = {f"/models/m/{path.name}": path.read_bytes() for path in ridge.folder.iterdir()}
    server.held = threading.Event()
    server.held.set()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.held.set()
    server.shutdown()
    thread.join()
    server.server_close()


def in_s3(server):
    return {
        "MLINFRA_MODEL": "s3://models/m/model.onnx",
        "MLINFRA_SCALER": "s3://models/m/scaler.json",
        "MLINFRA_BASELINE": "s3://models/m/baseline.json",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
    }


def test_a_model_comes_from_s3_and_meanwhile_the_service_is_alive_and_not_ready(start, ridge, object_store):
    object_store.held.clear()
    process = start(in_s3(object_store), ready=False)

    def alive():
        try:
            return process.ask("GET", "/health")[0] == 200
        except OSError:
            return False

    process.until("alive", alive)
    status, headers, answer = process.ask("GET", "/ready")
    assert (status, answer["code"], headers["Retry-After"]) == (503, "NOT_READY", "1")
    assert process.ask("POST", "/predict", {"rows": ridge.test[:1].tolist()})[2]["code"] == "NOT_READY"
    object_store.held.set()
    process.until("ready", process.is_ready)

    answer = process.predict({"rows": ridge.test.tolist()})
    np.testing.assert_allclose(answer["predictions"], ridge.fitted.predict(ridge.test), rtol=ALLOWED)
    assert process.stop() == 0
    assert "test-secret-canary" not in process._log.read_text()


def test_sigterm_while_the_model_is_being_loaded_ends_at_once(start, object_store):
    object_store.held.clear()
    process = start({**in_s3(object_store), "MLINFRA_DRAIN_SECONDS": "60"}, ready=False)
    process.until("started", lambda: process.lines("start"))
    process.until("alive", lambda: not subprocess.call(probe(process.port), stderr=subprocess.DEVNULL))
    assert process.stop(seconds=5) == 0


def probe(port):
    return [sys.executable, "-c", f"import socket; socket.create_connection(('127.0.0.1', {port}))"]


def test_what_s3_denies_ends_the_start(start, object_store):
    process = start({**in_s3(object_store), "MLINFRA_MODEL": "s3://models/other.onnx"}, ready=False)
    assert process.popen.wait(timeout=20) == 3
    problem = process.lines("start_failed")[0]["problems"][0]
    assert problem.startswith(
        "MLINFRA_MODEL: s3://models/other.onnx failed with AccessDenied: allow s3:GetObject on it"
    )


def test_the_health_check_of_the_image(start, ridge, monkeypatch):
    process = start(ridge.environment)
    command = [sys.executable, "-m", "inference_service.healthcheck"]
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("MLINFRA_LISTEN", f"0.0.0.0:{process.port}")
    assert subprocess.run(command, cwd=FOLDER).returncode == 0
    process.stop()
    assert subprocess.run(command, cwd=FOLDER, stderr=subprocess.DEVNULL).returncode == 1


def test_writes_no_file_and_tells_nobody_of_the_model(start, ridge, tmp_path, monkeypatch):
    # ONNX Runtime keeps an id in the home folder when it reports home; it does not where this is set.
    for name in ("CI", "XDG_CACHE_HOME", "ORT_DISABLE_TELEMETRY"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    home.mkdir()
    process = start({**ridge.environment, "HOME": str(home)})
    process.predict({"rows": ridge.test[:1].tolist()})
    process.stop()
    assert list(home.rglob("*")) == []


def test_load_is_measured(start, ridge, tmp_path):
    process = start(ridge.environment)
    (tmp_path / "request.json").write_text(json.dumps({"rows": ridge.by_name(ridge.test[:1])}))
    command = [sys.executable, "load/load.py", "--url", process.url, "--body", str(tmp_path / "request.json")]
    ran = subprocess.run([*command, "--rate", "50", "--seconds", "2"], cwd=FOLDER, capture_output=True, text=True)
    result = json.loads(ran.stdout)
    assert (ran.returncode, result["requests"], result["outcomes"]) == (0, 100, {"200": 100}), ran.stderr
    assert 0 < result["p50_ms"] <= result["p95_ms"] <= result["p99_ms"] <= result["max_ms"]
    assert 2 * result["p50_ms"] < 1000
    assert process.metric("inference_requests_total", endpoint="/predict", status="200") == 100

    (tmp_path / "request.json").write_text("{}")
    ran = subprocess.run([*command, "--rate", "50", "--seconds", "0.2"], cwd=FOLDER, capture_output=True, text=True)
    assert (ran.returncode, json.loads(ran.stdout)["outcomes"]) == (1, {"400": 10})
    process.stop()
    ran = subprocess.run([*command, "--rate", "50", "--seconds", "0.2"], cwd=FOLDER, capture_output=True, text=True)
    assert (ran.returncode, json.loads(ran.stdout)["outcomes"]) == (1, {"ConnectionRefusedError": 10})
