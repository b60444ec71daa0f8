#!/usr/bin/env python3
"""Trains a model and publishes it as model.onnx, with what is needed to serve, judge and watch it beside it.

    python train.py '{"dataset_file": "diabetes.csv", ...}'
    python train.py @config.json

README.md explains the configuration, the output and the exit codes.
"""

import datetime
import hashlib
import json
import sys
from importlib.metadata import version
from pathlib import Path

from mlinfra_training import converters, export, storage
from mlinfra_training.config import TrainingConfig, load_config
from mlinfra_training.errors import EXIT_OK, WrongInput, end_on_sigterm, print_result, progress, run_as_program
from mlinfra_training.models import NETWORK
from mlinfra_training.training import TrainedModel, train

CONTENT_TYPES = {".onnx": "application/octet-stream", ".json": "application/json"}
RECORDED_PACKAGES = ("scikit-learn", "numpy", "pandas", "skl2onnx", "onnx", "onnxruntime")


def main(arguments: list[str]) -> int:
    if arguments in (["-h"], ["--help"]):
        print(__doc__.strip())
        return EXIT_OK
    if len(arguments) != 1:
        raise WrongInput("arguments", [f"expected one, the configuration, but got {len(arguments)}\n\n{__doc__}"])
    config = load_config(arguments[0])
    location = storage.dataset_location(config)
    progress(f"Run {config.run_id}: training {config.model} on {location}")

    trainer = trainer_of(config)
    dataset = storage.read_dataset(config)
    trained = trainer(config, dataset, source=location)
    progress("Metrics on the test rows: " + ", ".join(f"{name}={value:.6g}" for name, value in trained.metrics.items()))

    result = export_verify_publish(config, trained, dataset)
    print_result(result)
    return EXIT_OK


def trainer_of(config: TrainingConfig):
    """What trains the model. PyTorch is loaded for networks alone: it takes seconds, and not every image has it."""
    if config.model != NETWORK:
        return train
    converters.load("torch")
    from mlinfra_training import network

    return network.train


def export_verify_publish(config: TrainingConfig, trained: TrainedModel, dataset: bytes) -> dict:
    """Publishes the model only if the very bytes to be published predict what scikit-learn predicts."""
    training = export.Training(
        name=f"{config.model_prefix}/{config.run_id}",
        feature_names=config.feature_columns,
        target_name=config.target_column,
        train_rows=trained.train_rows,
        test_rows=trained.test_rows,
        test_target=trained.test_target,
    )
    exported = export.build(trained.estimator, training, trained.scaler)
    comparison = exported.comparison
    progress(
        f"Export verified on {comparison.rows} rows: largest relative difference "
        f"{comparison.largest_relative_difference:.3g}"
    )
    keys = storage.publish(
        config,
        [
            *((name, content, CONTENT_TYPES[Path(name).suffix]) for name, content in exported.files.items()),
            # Last, because a reader that finds metrics.json may rely on the others being there.
            ("metrics.json", _metrics_json(config, trained, dataset, comparison), "application/json"),
        ],
    )
    place = {"model_bucket": config.model_bucket} if config.model_bucket else {"output_dir": config.output_dir}
    progress(f"Published to {config.model_bucket or config.output_dir}: {', '.join(keys.values())}")
    return {
        **place,
        "model_key": keys["model.onnx"],
        "scaler_key": keys["scaler.json"],
        "baseline_key": keys["baseline.json"],
        "model_card_key": keys["model-card.json"],
        "metrics_key": keys["metrics.json"],
        "run_id": config.run_id,
        "metrics": trained.metrics,
    }


def _metrics_json(
    config: TrainingConfig, trained: TrainedModel, dataset: bytes, comparison: export.Comparison
) -> bytes:
    """Everything needed to judge this model later, or to train it again."""
    content = {
        "format": "mlinfra/metrics/v1",
        "run_id": config.run_id,
        "finished_at": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "metrics": trained.metrics,
        "model": config.model,
        "hyperparameters": config.hyperparameters,
        "feature_columns": config.feature_columns,
        "target_column": config.target_column,
        "test_size": config.test_size,
        "random_state": config.random_state,
        "dataset": {"location": storage.dataset_location(config), "sha256": hashlib.sha256(dataset).hexdigest()},
        "export": {
            "verified_rows": comparison.rows,
            "largest_relative_difference": comparison.largest_relative_difference,
        },
        "versions": {package: version(package) for package in _packages_of(config)},
    }
    return (json.dumps(content, indent=2, allow_nan=False) + "\n").encode()


def _packages_of(config: TrainingConfig) -> tuple[str, ...]:
    return (*RECORDED_PACKAGES, "torch") if config.model == NETWORK else RECORDED_PACKAGES


if __name__ == "__main__":
    end_on_sigterm()
    sys.exit(run_as_program(main, sys.argv[1:]))
