"""Splits, scales, fits and measures: everything that decides what the model predicts."""

import time
import warnings
from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from mlinfra_training import models
from mlinfra_training.config import TrainingConfig
from mlinfra_training.dataset import features_and_target, read_csv
from mlinfra_training.errors import WrongInput, progress
from mlinfra_training.metrics import measure

FEWEST_ROWS = 2  # in each part of the split: r2 is not defined for a single row


@dataclass(frozen=True)
class TrainedModel:
    """The fitted pair, how good it is, the rows it learned from, and those it has not seen, to check exports."""

    estimator: object
    scaler: StandardScaler
    metrics: dict
    train_rows: np.ndarray
    test_rows: np.ndarray
    test_target: np.ndarray


def train(config: TrainingConfig, dataset: bytes, source: str) -> TrainedModel:
    """Trains as the configuration says. The same configuration and dataset give the same model every time."""
    table = read_csv(dataset, source)
    classifies = config.model in models.CLASSIFIERS
    features, target = features_and_target(
        table, config.feature_columns, config.target_column, config.model, classifies, source
    )
    rows = len(features)
    test_rows = int(np.ceil(rows * config.test_size))  # as train_test_split rounds
    if test_rows < FEWEST_ROWS or rows - test_rows < FEWEST_ROWS:
        raise WrongInput(
            source,
            [
                f"{rows} rows and test_size {config.test_size} leave {rows - test_rows} row(s) to train on and "
                f"{test_rows} to test on; {FEWEST_ROWS} of each are needed: give more rows or another test_size"
            ],
        )
    features_train, features_test, target_train, target_test = train_test_split(
        features, target, test_size=config.test_size, random_state=config.random_state
    )
    scaler = StandardScaler()
    estimator = models.create(config.model, config.hyperparameters, config.random_state)
    started = time.perf_counter()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            # Only the training rows shape the scaler, otherwise the test rows would leak into the model.
            scaled_train = scaler.fit_transform(features_train)
            if not (np.isfinite(scaler.mean_).all() and np.isfinite(scaler.scale_).all()):
                raise WrongInput(source, ["some feature values are too large to be scaled; use larger units"])
            estimator.fit(scaled_train, target_train)
        except (ValueError, TypeError) as error:
            reason = " ".join(str(error).split())
            raise WrongInput(f"training {config.model}", [f"scikit-learn refuses: {reason}"]) from error
    seconds = time.perf_counter() - started
    for message in dict.fromkeys(" ".join(str(warning.message).split()) for warning in caught):
        progress(f"WARNING from scikit-learn: {message}")

    predicted = estimator.predict(scaler.transform(features_test))
    metrics = measure(classifies, target_test, predicted)
    if not np.isfinite(list(metrics.values())).all():
        problem = f"column {config.target_column!r}: values are too large to measure; use larger units"
        raise WrongInput(source, [problem])
    metrics.update(
        rows=rows,
        rows_train=len(features_train),
        rows_test=len(features_test),
        train_seconds=round(seconds, 4),
    )
    return TrainedModel(estimator, scaler, metrics, features_train, features_test, target_test)
