"""What all tests share: the diabetes data, a configuration that works, and a way to run a program in-process."""

import json
import sys

import pytest

sys.dont_write_bytecode = True  # tests leave nothing behind

import sample_dataset  # noqa: E402
from mlinfra_training.errors import run_as_program  # noqa: E402

FEATURES = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"]


@pytest.fixture(autouse=True)
def known_environment(monkeypatch):
    """Tests must not depend on, or reach, whatever account the person running them is logged in to."""
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN", "GIT_SHA", "MLINFRA_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_BATCH_JOB_ID", "AWS_BATCH_JQ_NAME", "MLINFRA_BUCKET", "MLINFRA_CHECKPOINTS", "MLINFRA_MODELS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test-key-id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test-secret-canary")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    assert sample_dataset.main(["--output", str(folder)]) == 0
    return folder


@pytest.fixture
def config(data, tmp_path):
    """A complete configuration on plain files; tests change what they are about."""
    return {
        "dataset_file": str(data / "diabetes.csv"),
        "output_dir": str(tmp_path / "out"),
        "feature_columns": FEATURES,
        "target_column": "target",
        "model": "linear_regression",
        "run_id": "test-run",
    }


class Ran:
    """What a program left: exit code, stdout and stderr, and its result line."""

    def __init__(self, exit_code, output):
        self.exit_code, self.stdout, self.stderr = exit_code, output.out, output.err

    @property
    def result(self):
        return json.loads(self.stdout.splitlines()[-1])


@pytest.fixture
def run(capsys):
    def run_program(main, *arguments):
        capsys.readouterr()
        return Ran(
            run_as_program(main, [json.dumps(a) if isinstance(a, dict) else str(a) for a in arguments]),
            capsys.readouterr(),
        )

    return run_program
