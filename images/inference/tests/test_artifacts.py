import hashlib
import io

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from inference_service import artifacts
from inference_service.errors import EnvironmentNotUsable, StartError


def test_reads_a_file_up_to_the_limit(tmp_path):
    file = tmp_path / "f"
    file.write_bytes(b"12345")
    assert artifacts.read("MLINFRA_MODEL", str(file), 5, "do this") == b"12345"
    with pytest.raises(StartError) as error:
        artifacts.read("MLINFRA_MODEL", str(file), 4, "do this")
    assert error.value.problems == (f"MLINFRA_MODEL: '{file}' is larger than 4 bytes; do this",)


def test_a_file_that_is_none(tmp_path):
    with pytest.raises(EnvironmentNotUsable, match="cannot be read: Is a directory; check its name and who may read"):
        artifacts.read("MLINFRA_MODEL", str(tmp_path), 5, "")


class Client:
    def __init__(self, answer):
        self.answer = answer

    def get_object(self, Bucket, Key):
        assert (Bucket, Key) == ("models", "m/model.onnx")
        if isinstance(self.answer, Exception):
            raise self.answer
        return {"Body": self.answer}


def read(monkeypatch, answer, limit=10):
    monkeypatch.setattr(artifacts, "_client", lambda: Client(answer))
    return artifacts.read("MLINFRA_MODEL", "s3://models/m/model.onnx", limit, "do this")


class Broken(io.BytesIO):
    def read(self, *_):
        raise OSError("connection\nreset")


def test_reads_an_object_up_to_the_limit(monkeypatch):
    assert read(monkeypatch, io.BytesIO(b"12345")) == b"12345"
    with pytest.raises(StartError, match="'s3://models/m/model.onnx' is larger than 4 bytes; do this"):
        read(monkeypatch, io.BytesIO(b"12345"), 4)


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        *(
            (ClientError({"Error": {"Code": code}}, "GetObject"), f"failed with {code}: {fix}")
            for code, fix in artifacts.FIXES.items()
        ),
        (ClientError({"Error": {"Code": "SlowDown", "Message": "less"}}, "GetObject"), "SlowDown: S3 says: less"),
        (NoCredentialsError(), "no AWS credentials found; run with a role, or set AWS_PROFILE"),
        (EndpointConnectionError(endpoint_url="http://s3.invalid"), "check the network, AWS_PROFILE, AWS_REGION"),
        (ValueError("Invalid endpoint: x"), "failed: Invalid endpoint: x; check the network"),
        (Broken(), "failed: connection reset; check the network"),
    ],
)
def test_what_s3_does_is_told(monkeypatch, failure, message):
    with pytest.raises(EnvironmentNotUsable) as error:
        read(monkeypatch, failure)
    assert error.value.problems[0].startswith("MLINFRA_MODEL: s3://models/m/model.onnx failed")
    assert message in error.value.problems[0]
    assert error.value.exit_code == 3


def test_the_client_has_bounds_and_honours_the_endpoint(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:9")
    client = artifacts._client()
    assert client.meta.endpoint_url == "http://localhost:9"
    assert (client.meta.config.connect_timeout, client.meta.config.read_timeout) == (10, 60)


def test_the_checksum_must_be_that_which_is_wanted():
    actual = hashlib.sha256(b"x").hexdigest()
    assert artifacts.check_sha256("MLINFRA_MODEL", b"x", None) == actual
    assert artifacts.check_sha256("MLINFRA_MODEL", b"x", actual) == actual
    with pytest.raises(StartError) as error:
        artifacts.check_sha256("MLINFRA_MODEL", b"x", "0" * 64)
    assert f"its SHA-256 is {actual}, but MLINFRA_MODEL_SHA256 wants {'0' * 64}" in error.value.problems[0]
