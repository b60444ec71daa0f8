import os

import pytest

from inference_service import settings
from inference_service.errors import StartError

FILES = {"MLINFRA_MODEL": "/model/model.onnx", "MLINFRA_SCALER": "s3://models/m/scaler.json"}


def test_defaults():
    given = settings.read(FILES)
    assert (given.model, given.scaler, given.baseline) == ("/model/model.onnx", "s3://models/m/scaler.json", None)
    assert (given.host, given.port, given.device, given.model_sha256) == ("0.0.0.0", 8080, "cpu", None)
    assert (given.max_model_bytes, given.max_body_bytes, given.max_rows) == (512 << 20, 1 << 20, 1000)
    assert (given.max_waiting, given.timeout_seconds, given.drain_seconds, given.stop_seconds) == (64, 30, 5, 20)
    assert (given.missing_values, given.drift_rows) == ("fail", 10_000)
    assert (given.log_predictions, given.log_features) == (0.01, False)
    assert (given.threads, given.predictions_at_once) == (1, settings.cpu_limit())


def test_all_can_be_set(monkeypatch):
    monkeypatch.setattr(settings, "cpu_limit", lambda: 8)
    given = settings.read(
        FILES
        | {
            "MLINFRA_LISTEN": "[::1]:9000",
            "MLINFRA_MODEL_SHA256": "AB" * 32,
            "MLINFRA_DEVICE": "cuda",
            "MLINFRA_THREADS": "3",
            "MLINFRA_TIMEOUT_SECONDS": "0.5",
            "MLINFRA_MISSING_VALUES": "nan",
            "MLINFRA_LOG_FEATURES": "true",
        }
    )
    assert (given.host, given.port, given.model_sha256, given.device) == ("::1", 9000, "ab" * 32, "cuda")
    assert given.predictions_at_once == 2
    assert (given.threads, given.timeout_seconds, given.missing_values, given.log_features) == (3, 0.5, "nan", True)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("MLINFRA_MODEL", "https://x/y", "a file, or s3://BUCKET/KEY"),
        ("MLINFRA_MODEL", "s3://bucket", "a file, or s3://BUCKET/KEY"),
        ("MLINFRA_MODEL", "s3://bucket/", "a file, or s3://BUCKET/KEY"),
        ("MLINFRA_BASELINE", "S3://bucket/key", "a file, or s3://BUCKET/KEY"),
        ("MLINFRA_SCALER", "a\0b", "a file, or s3://BUCKET/KEY"),
        ("MLINFRA_MODEL_SHA256", "ab", "64 hexadecimal digits"),
        ("MLINFRA_MAX_MODEL_MB", "2048", "a whole number from 1 to 2047"),
        ("MLINFRA_MAX_MODEL_MB", "-1", "a whole number from 1 to 2047"),
        ("MLINFRA_MAX_MODEL_MB", "1.5", "a whole number from 1 to 2047"),
        ("MLINFRA_MAX_MODEL_MB", "١", "a whole number from 1 to 2047"),
        ("MLINFRA_DEVICE", "gpu", "cpu or cuda"),
        ("MLINFRA_THREADS", "0", f"a whole number from 1 to {settings.cpu_limit()}"),
        ("MLINFRA_LISTEN", "8080", "ADDRESS:PORT, such as 0.0.0.0:8080"),
        ("MLINFRA_LISTEN", "tcp://10.0.0.1:8080x", "ADDRESS:PORT, such as 0.0.0.0:8080"),
        ("MLINFRA_LISTEN", "0.0.0.0:65536", "ADDRESS:PORT, such as 0.0.0.0:8080"),
        ("MLINFRA_LISTEN", ":8080", "ADDRESS:PORT, such as 0.0.0.0:8080"),
        ("MLINFRA_MAX_ROWS", "", "a whole number from 1 to 1000000"),
        ("MLINFRA_MAX_BODY_KB", "1048577", "a whole number from 1 to 1048576"),
        ("MLINFRA_MAX_WAITING", "x", "a whole number from 1 to 100000"),
        ("MLINFRA_TIMEOUT_SECONDS", "nan", "a number from 0.1 to 3600"),
        ("MLINFRA_DRAIN_SECONDS", "-1", "a number from 0 to 3600"),
        ("MLINFRA_STOP_SECONDS", "inf", "a number from 1 to 3600"),
        ("MLINFRA_MISSING_VALUES", "zero", "fail or nan"),
        ("MLINFRA_DRIFT_ROWS", "199", "a whole number from 200 to 1000000"),
        ("MLINFRA_LOG_PREDICTIONS", "1.1", "a number from 0 to 1"),
        ("MLINFRA_LOG_FEATURES", "yes", "true or false"),
    ],
)
def test_what_is_wrong_is_told_with_what_is_allowed(name, value, allowed):
    with pytest.raises(StartError) as error:
        settings.read(FILES | {name: value})
    assert error.value.problems == (f"{name} is {value!r}; allowed: {allowed}",)
    assert error.value.exit_code == 2


def test_no_prediction_has_more_threads_than_there_are_processors(monkeypatch):
    monkeypatch.setattr(settings, "cpu_limit", lambda: 2)
    assert settings.read(FILES | {"MLINFRA_THREADS": "2"}).predictions_at_once == 1
    with pytest.raises(StartError) as error:
        settings.read(FILES | {"MLINFRA_THREADS": "3"})
    assert error.value.problems == ("MLINFRA_THREADS is '3'; allowed: a whole number from 1 to 2",)


def test_all_problems_are_told():
    with pytest.raises(StartError) as error:
        settings.read({"MLINFRA_THREADS": "x"})
    assert [problem.split()[0] for problem in error.value.problems] == [
        "MLINFRA_THREADS",
        "MLINFRA_MODEL",
        "MLINFRA_SCALER",
    ]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, 8),
        ({"cpu.max": "max 100000\n"}, 8),
        ({"cpu.max": "250000 100000\n"}, 2),
        ({"cpu.max": "50000 100000\n"}, 1),
        ({"cpu.max": "9900000 100000\n"}, 8),
        ({"cpu.max": "\n"}, 8),
        ({"cpu/cpu.cfs_quota_us": "300000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 3),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, 8),
    ],
)
def test_threads_are_bounded_by_the_quota(tmp_path, monkeypatch, files, expected):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    assert settings.cpu_limit(tmp_path) == expected
