#!/usr/bin/env python3
"""Compares predictions made elsewhere (say, by the JVM service) with scikit-learn's own.

    python compare_predictions.py --config CONFIG --dataset diabetes.csv \\
        --to-predict diabetes-to-predict.csv --results results.csv

Trains the same model again from the same configuration and dataset, predicts the rows of --to-predict
and compares with the column `prediction` of --results, which must hold the same rows in the same order.
"""

import argparse
import sys

import numpy as np

from mlinfra_training import storage
from mlinfra_training.config import load_config
from mlinfra_training.dataset import numeric_columns, read_csv
from mlinfra_training.errors import EXIT_DISAGREES, EXIT_OK, WrongInput, print_result, progress, run_as_program
from mlinfra_training.export import LARGEST_DIFFERENCE, compare_predictions
from mlinfra_training.models import CLASSIFIERS, NETWORK
from mlinfra_training.training import train

PREDICTION = "prediction"
LARGEST_INPUT_DIFFERENCE = 1e-12


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", required=True, help="what train.py was given: JSON text or @file")
    parser.add_argument("--dataset", required=True, metavar="CSV", help="the file the model was trained on")
    parser.add_argument("--to-predict", required=True, metavar="CSV", help="the rows that were sent")
    parser.add_argument("--results", required=True, metavar="CSV", help=f"those rows and the column `{PREDICTION}`")
    options = parser.parse_args(arguments)

    config = load_config(options.config)
    if config.model == NETWORK:
        raise WrongInput("configuration", [f"model: {NETWORK} is not scikit-learn's; its export is checked by train.py"])
    to_predict = read_csv(storage.read_file(options.to_predict), options.to_predict)
    results = read_csv(storage.read_file(options.results), options.results)
    rows = numeric_columns(to_predict, config.feature_columns, options.to_predict)
    actual = _predictions(results, config.model, options.results)
    _check_same_rows(rows, results, config.feature_columns, options)

    trained = train(config, storage.read_file(options.dataset), source=options.dataset)
    expected = trained.estimator.predict(trained.scaler.transform(rows))
    comparison = compare_predictions(config.model in CLASSIFIERS, expected, actual)
    print_result({
        "rows": comparison.rows,
        "largest_relative_difference": comparison.largest_relative_difference,
    })
    if comparison.agrees:
        return EXIT_OK
    progress(
        f"The predictions differ from scikit-learn's by {comparison.largest_relative_difference:.3g}; "
        f"allowed is {LARGEST_DIFFERENCE:g}"
    )
    return EXIT_DISAGREES


def _predictions(results, model: str, source: str) -> np.ndarray:
    if model not in CLASSIFIERS:
        return numeric_columns(results, [PREDICTION], source)[:, 0]
    if PREDICTION not in results.columns:
        raise WrongInput(source, [f"column {PREDICTION!r} is missing; the file has: {', '.join(results.columns)}"])
    if results[PREDICTION].isna().any():
        raise WrongInput(source, [f"column {PREDICTION!r}: {int(results[PREDICTION].isna().sum())} empty label(s)"])
    return results[PREDICTION].to_numpy()


def _check_same_rows(rows: np.ndarray, results, feature_columns: list[str], options) -> None:
    """Predictions can only be compared row by row if both files hold the same rows in the same order."""
    if len(rows) != len(results):
        raise WrongInput(
            options.results,
            [f"has {len(results)} rows, but {options.to_predict} has {len(rows)}; both must hold the same rows"],
        )
    echoed = numeric_columns(results, feature_columns, options.results)
    too_far = np.abs(echoed - rows) > LARGEST_INPUT_DIFFERENCE * np.maximum(1, np.abs(rows))
    problems = [
        f"column {name!r}: data row {int(too_far[:, i].argmax()) + 1} is {echoed[too_far[:, i].argmax(), i]!r}, but "
        f"{options.to_predict} has {rows[too_far[:, i].argmax(), i]!r}; both must hold the same rows in the same order"
        for i, name in enumerate(feature_columns)
        if too_far[:, i].any()
    ]
    if problems:
        raise WrongInput(options.results, problems)


if __name__ == "__main__":
    sys.exit(run_as_program(main, sys.argv[1:]))
