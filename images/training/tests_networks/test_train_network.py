"""The training of networks: that it learns, that it can be stopped and goes on, and what it refuses."""

import hashlib
import io
import json
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True

import pytest  # noqa: E402
import torch  # noqa: E402
from sklearn.datasets import load_diabetes  # noqa: E402

import train  # noqa: E402
from mlinfra_training import network  # noqa: E402
from mlinfra_training.errors import run_as_program  # noqa: E402

pytestmark = pytest.mark.filterwarnings("default")  # the exporter warns of itself

FEATURES = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"]


@pytest.fixture(autouse=True)
def known_environment(monkeypatch):
    for name in list(os.environ):
        if name.startswith(("AWS_", "MLINFRA_")) or name == "GIT_SHA":
            monkeypatch.delenv(name)


@pytest.fixture
def config(tmp_path):
    file = tmp_path / "diabetes.csv"
    load_diabetes(as_frame=True, scaled=False).frame.to_csv(file, index=False)
    return {
        "dataset_file": str(file),
        "output_dir": str(tmp_path / "out"),
        "feature_columns": FEATURES,
        "target_column": "target",
        "model": "neural_network",
        # Dropout, so that the state of the random numbers matters.
        "hyperparameters": {"epochs": 8, "hidden": [16], "learning_rate": 0.01, "dropout": 0.1},
        "run_id": "test-run",
        "checkpoints": str(tmp_path / "checkpoints"),
    }


def run(config):
    return run_as_program(train.main, [json.dumps(config)])


def model(config):
    return Path(config["output_dir"], "models", config["run_id"], "model.onnx").read_bytes()


def epochs(output):
    return [json.loads(line) for line in output.splitlines() if "_aws" in line]


def test_it_learns_and_publishes_what_every_model_has(config, capsys):
    assert run(config) == 0
    output = capsys.readouterr().out
    result = json.loads(output.splitlines()[-1])
    assert result["metrics"]["r2"] > 0.3
    assert (result["metrics"]["rows_train"], result["metrics"]["rows_validation"]) == (282, 71)
    folder = Path(config["output_dir"], "models", "test-run")
    assert sorted(path.name for path in folder.iterdir()) == [
        "baseline.json",
        "metrics.json",
        "model-card.json",
        "model.onnx",
        "scaler.json",
    ]
    card = json.loads((folder / "model-card.json").read_text())
    assert card["framework"] == {"name": "PyTorch", "version": torch.__version__, "model": "Network"}
    metrics = json.loads((folder / "metrics.json").read_text())
    assert metrics["versions"]["torch"] == torch.__version__.split("+")[0]
    lines = epochs(output)
    assert [line["epoch"] for line in lines] == list(range(1, 9))
    assert lines[-1]["loss"] < lines[0]["loss"]
    assert all(line["epoch_seconds"] > 0 for line in lines)


def test_the_best_epoch_is_published_and_not_the_last(config, capsys):
    # Much too fast, so that later epochs are worse.
    config["hyperparameters"] = {"epochs": 30, "hidden": [64], "learning_rate": 0.1, "batch_size": 8}
    assert run(config) == 0
    output = capsys.readouterr().out
    metrics = json.loads(output.splitlines()[-1])["metrics"]
    scores = {line["epoch"]: line["validation_score"] for line in epochs(output)}
    assert metrics["best_epoch"] == max(scores, key=scores.get) != 30
    assert metrics["validation_score"] == max(scores.values())


def test_the_same_seed_gives_the_same_network(config, tmp_path):
    models = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        assert run(config | {"run_id": name, "random_state": seed, "checkpoints": str(tmp_path / name)}) == 0
        models.append(model(config | {"run_id": name}))
    assert models[0] == models[1] != models[2]


@pytest.mark.parametrize("batches", [1, 9, 10, 30, 71])
def test_a_stop_anywhere_gives_the_same_network(config, tmp_path, monkeypatch, capsys, batches):
    assert run(config | {"run_id": "whole", "checkpoints": str(tmp_path / "whole")}) == 0
    whole = model(config | {"run_id": "whole"})

    count = 0
    train_batch = network._Run._train_batch

    def stopped_after(self, batch):
        nonlocal count
        train_batch(self, batch)
        count += 1
        if count == batches:
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(network._Run, "_train_batch", stopped_after)
    assert run(config) == 143
    epoch, batch = divmod(batches - 1, 9)
    assert f"stopped by SIGTERM in epoch {epoch + 1} after batch {batch + 1}" in capsys.readouterr().err
    assert not Path(config["output_dir"], "models", "test-run").exists()

    assert run(config) == 0
    assert "Going on from the checkpoint" in capsys.readouterr().err
    assert model(config) == whole


def test_a_finished_training_publishes_again_without_training(config, capsys):
    assert run(config) == 0
    first = model(config)
    capsys.readouterr()
    assert run(config) == 0
    assert epochs(capsys.readouterr().out) == []
    assert model(config) == first


def test_a_process_of_its_own_is_stopped_and_goes_on(config, tmp_path):
    config["hyperparameters"]["epochs"] = 200

    def start(output):
        return subprocess.Popen(
            [sys.executable, "-B", train.__file__, json.dumps(config)], stdout=output, stderr=output, text=True
        )

    log = tmp_path / "log"
    with log.open("w") as output:
        process = start(output)
    deadline = time.monotonic() + 60
    while "_aws" not in log.read_text() and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 143
    done = len(epochs(log.read_text()))
    assert 0 < done < 200
    assert "stopped by SIGTERM" in log.read_text()
    with log.open("w") as output:
        assert start(output).wait(timeout=120) == 0
    assert len(epochs(log.read_text())) == 200 - done


class Evil:
    def __init__(self, mark):
        self._mark = mark

    def __reduce__(self):
        return open, (self._mark, "w")


def test_a_checkpoint_is_no_program(config, tmp_path, capsys):
    assert run(config | {"hyperparameters": {"epochs": 1}}) == 0
    folder = tmp_path / "checkpoints"
    mark = tmp_path / "was-run"
    content = io.BytesIO()
    torch.save({"network": Evil(str(mark))}, content)
    listed = json.loads((folder / "latest.json").read_text())
    (folder / listed["checkpoints"][0]["name"]).write_bytes(content.getvalue())
    listed["checkpoints"][0]["sha256"] = hashlib.sha256(content.getvalue()).hexdigest()
    (folder / "latest.json").write_text(json.dumps(listed))
    capsys.readouterr()

    assert run(config | {"hyperparameters": {"epochs": 1}}) == 3

    assert "cannot be taken up" in capsys.readouterr().err
    assert not mark.exists()
    # What the file would have done, had it been read as a pickle.
    pickle.loads(pickle.dumps(Evil(str(mark)))).close()
    assert mark.exists()


def test_checkpoints_of_other_settings_are_refused(config, capsys):
    assert run(config) == 0
    config["hyperparameters"]["learning_rate"] = 0.02
    capsys.readouterr()
    assert run(config) == 2
    assert "of a training with other data, columns, hyperparameters" in capsys.readouterr().err


def test_without_checkpoints_it_says_that_a_stop_loses_all(config, capsys):
    del config["checkpoints"]
    assert run(config) == 0
    assert "what is stopped starts anew" in capsys.readouterr().err


def test_a_training_that_diverges_is_told_with_its_cure(config, capsys):
    config["hyperparameters"] = {"epochs": 50, "learning_rate": 10, "hidden": [256, 256, 256, 256]}
    config["target_column"], config["feature_columns"] = "huge", FEATURES
    text = Path(config["dataset_file"]).read_text().splitlines()
    rows = [text[0] + ",huge"] + [f"{line},{'1e38' if number % 2 else '-3e38'}" for number, line in enumerate(text[1:])]
    Path(config["dataset_file"]).write_text("\n".join(rows) + "\n")
    assert run(config) == 2
    assert "lower hyperparameters.learning_rate" in capsys.readouterr().err


def test_too_few_rows_are_told(config, capsys):
    text = Path(config["dataset_file"]).read_text().splitlines()
    Path(config["dataset_file"]).write_text("\n".join(text[:8]) + "\n")
    assert run(config) == 2
    assert "7 rows and test_size 0.2 leave" in capsys.readouterr().err


def test_the_use_of_a_gpu_is_measured_when_there_is_one(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert network.gpu_use() == {}
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "utilization", lambda: 87)
    monkeypatch.setattr(torch.cuda, "max_memory_allocated", lambda: 1 << 30)
    assert network.gpu_use() == {"gpu_utilization": 87.0, "gpu_memory_used": float(1 << 30)}
