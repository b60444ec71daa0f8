"""S3: which calls are made, in which order, and what people read when one fails."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError
from botocore.response import StreamingBody
from botocore.stub import ANY, Stubber

import train
from mlinfra_training import export, storage


@pytest.fixture
def s3_config(config):
    del config["dataset_file"], config["output_dir"]
    return config | {"dataset_bucket": "data-bucket", "dataset_key": "in/diabetes.csv", "model_bucket": "model-bucket"}


@pytest.fixture
def s3(monkeypatch):
    """A client that allows exactly the calls queued, in that order, and fails the test on any other."""
    client = boto3.client("s3")
    monkeypatch.setattr(storage, "_new_client", lambda: client)
    with Stubber(client) as stubber:
        yield stubber


def queue_dataset(s3, data):
    content = (data / "diabetes.csv").read_bytes()
    s3.add_response(
        "get_object",
        {"Body": StreamingBody(BytesIO(content), len(content))},
        {"Bucket": "data-bucket", "Key": "in/diabetes.csv"},
    )


def queue_put(s3, name, content_type):
    s3.add_response(
        "put_object",
        {},
        {"Bucket": "model-bucket", "Key": f"models/test-run/{name}", "Body": ANY, "ContentType": content_type},
    )


def test_metrics_json_is_written_last_and_nothing_else_is_called(run, s3, s3_config, data):
    queue_dataset(s3, data)
    queue_put(s3, "model.onnx", "application/octet-stream")
    queue_put(s3, "model.json", "application/json")
    queue_put(s3, "scaler.json", "application/json")
    queue_put(s3, "baseline.json", "application/json")
    queue_put(s3, "model-card.json", "application/json")
    queue_put(s3, "metrics.json", "application/json")
    ran = run(train.main, s3_config)
    assert ran.exit_code == 0, ran.stderr
    s3.assert_no_pending_responses()
    assert ran.result == {
        "model_bucket": "model-bucket",
        "model_key": "models/test-run/model.onnx",
        "scaler_key": "models/test-run/scaler.json",
        "baseline_key": "models/test-run/baseline.json",
        "model_card_key": "models/test-run/model-card.json",
        "metrics_key": "models/test-run/metrics.json",
        "run_id": "test-run",
        "metrics": ran.result["metrics"],
    }


def test_nothing_is_uploaded_when_the_export_disagrees(run, s3, s3_config, data, monkeypatch):
    monkeypatch.setattr(export, "predict_with_export", lambda onnx, scaler, rows: rows[:, 0])
    queue_dataset(s3, data)  # and no put_object: the stub would refuse it
    ran = run(train.main, s3_config)
    assert ran.exit_code == 1
    assert "Nothing was published" in ran.stderr
    s3.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("code", "fix"),
    [
        ("AccessDenied", "allow s3:GetObject on it"),
        ("NoSuchKey", "check the key"),
        ("NoSuchBucket", "check the bucket's name"),
        ("ExpiredToken", "have expired"),
        ("Odd", "S3 says: a message"),
    ],
)
def test_failed_download_names_operation_place_and_fix(run, s3, s3_config, code, fix):
    s3.add_client_error("get_object", code, "a message", 403)
    ran = run(train.main, s3_config)
    assert ran.exit_code == 3
    assert f"ERROR: GetObject s3://data-bucket/in/diabetes.csv failed with {code}: " in ran.stderr
    assert fix in ran.stderr
    assert "Traceback" not in ran.stderr


def test_failed_upload_leaves_no_metrics_json(run, s3, s3_config, data):
    queue_dataset(s3, data)
    queue_put(s3, "model.onnx", "application/octet-stream")
    s3.add_client_error("put_object", "AccessDenied", "Access Denied", 403)
    ran = run(train.main, s3_config)
    assert ran.exit_code == 3
    assert "PutObject s3://model-bucket/models/test-run/model.json failed with AccessDenied" in ran.stderr
    assert "allow s3:PutObject on it" in ran.stderr
    assert ran.stdout == ""
    s3.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (NoCredentialsError(), "no AWS credentials found; run with a role, or set AWS_PROFILE"),
        (EndpointConnectionError(endpoint_url="http://s3.invalid"), "check the network, the region and AWS_END"),
    ],
)
def test_no_credentials_and_no_network(run, s3_config, monkeypatch, error, message):
    class Failing:
        def get_object(self, **_):
            raise error

    monkeypatch.setattr(storage, "_new_client", Failing)
    ran = run(train.main, s3_config)
    assert ran.exit_code == 3
    assert "ERROR: GetObject s3://data-bucket/in/diabetes.csv failed: " in ran.stderr
    assert message in ran.stderr


def test_unknown_profile(run, s3_config, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    ran = run(train.main, s3_config)
    assert ran.exit_code == 3
    assert "the S3 client cannot be set up" in ran.stderr
    assert "no-such-profile" in ran.stderr


def test_client_has_bounds_and_honours_the_endpoint(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:9")
    client = storage._new_client()
    assert client.meta.endpoint_url == "http://localhost:9"
    assert (client.meta.config.connect_timeout, client.meta.config.read_timeout) == (10, 60)
    assert client.meta.config.retries == {"mode": "standard", "total_max_attempts": 4}


class ObjectStore(BaseHTTPRequestHandler):
    """Enough of S3 on the wire to serve GetObject on one object and PutObject below one prefix; all else is denied."""

    protocol_version = "HTTP/1.1"  # or else boto3 waits a second for the "100 Continue" it asks for

    def do_GET(self):
        if self.path.split("?")[0] == "/data-bucket/in/diabetes.csv":
            self._answer(200, self.server.dataset)
        else:
            self._deny()

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.startswith("/model-bucket/models/"):
            self.server.written.append((self.path, body))
            self._answer(200, b"")
        else:
            self._deny()

    def do_HEAD(self):
        self._deny()

    do_POST = do_DELETE = do_HEAD

    def _deny(self):
        self._answer(403, b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>")

    def _answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        """Keeps the test's output readable."""


@pytest.fixture
def object_store(data):
    server = ThreadingHTTPServer(("127.0.0.1", 0), ObjectStore)
    server.dataset, server.written = (data / "diabetes.csv").read_bytes(), []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_whole_run_over_http_as_a_program(object_store, s3_config):
    def train_py(config):
        return subprocess.run(
            [sys.executable, train.__file__, json.dumps(config)],
            capture_output=True,
            text=True,
            env=os.environ | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{object_store.server_port}"},
        )

    ran = train_py(s3_config)
    assert ran.returncode == 0, ran.stderr
    names = [path.split("?")[0].removeprefix("/model-bucket/models/test-run/") for path, _ in object_store.written]
    assert names == ["model.onnx", "model.json", "scaler.json", "baseline.json", "model-card.json", "metrics.json"]
    assert json.loads(object_store.written[2][1])["format"] == "mlinfra/scaler/v1"

    denied = train_py(s3_config | {"model_prefix": "elsewhere"})
    assert denied.returncode == 3
    assert "PutObject s3://model-bucket/elsewhere/test-run/model.onnx failed with AccessDenied" in denied.stderr
    assert "Traceback" not in denied.stderr
    assert len(object_store.written) == 6


def test_missing_file_and_unusable_folder(run, config, tmp_path):
    ran = run(train.main, config | {"dataset_file": str(tmp_path / "none.csv")})
    assert ran.exit_code == 3
    assert "none.csv' cannot be read: No such file or directory; check its name" in ran.stderr
    Path(config["output_dir"]).write_text("a file where a folder should be")
    ran = run(train.main, config)
    assert ran.exit_code == 3
    assert "cannot be written: Not a directory; check the folder" in ran.stderr


def test_a_file_that_cannot_be_replaced_leaves_no_temporary_file(tmp_path):
    (tmp_path / "model.onnx").mkdir()
    with pytest.raises(storage.EnvironmentNotUsable, match="cannot be written"):
        storage.write_file(tmp_path / "model.onnx", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["model.onnx"]
