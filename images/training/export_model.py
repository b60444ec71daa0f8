#!/usr/bin/env python3
"""Exports a trained XGBoost or LightGBM model file as ONNX, with what is needed to serve it.

    python export_model.py --model churn.ubj --name churn --train train.csv --test test.csv \\
        --target churned --output-dir DIR

The file's name decides the framework: .json and .ubj are XGBoost's, .txt is LightGBM's. Other frameworks have no files
that are safe to read: call mlinfra_training.export.export_model at the end of the program that trains, or convert
scikit-learn's pickles with convert_pickle.py.

--train is what the model was trained on, for the baseline; --test the rows kept aside, to measure the model and to
check the export with. Both have a header line, all features and the target. Empty cells are missing values.
"""

import argparse
import sys

from mlinfra_training import converters, export, storage
from mlinfra_training.dataset import features_and_target, read_csv
from mlinfra_training.errors import EXIT_OK, print_result, progress, run_as_program


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, metavar="FILE", help="the trained model")
    parser.add_argument("--name", required=True, help="what the model card calls it")
    parser.add_argument("--train", required=True, metavar="CSV", help="the rows it was trained on")
    parser.add_argument("--test", required=True, metavar="CSV", help="rows it was not trained on")
    parser.add_argument("--target", required=True, metavar="COLUMN", help="the column it predicts")
    parser.add_argument("--features", metavar="A,B,C", help="in the model's order; default: all columns but the target")
    parser.add_argument("--scaler", metavar="JSON", help="the scaler.json whose output it takes; default: none")
    parser.add_argument("--output-dir", required=True, metavar="DIR", help="where the four files go")
    options = parser.parse_args(arguments)

    model = converters.read_model(options.model)
    tables = [(read_csv(storage.read_file(path), path), path) for path in (options.train, options.test)]
    if options.features is None:
        features = [name for name in tables[0][0].columns if name != options.target]
    else:
        features = [name.strip() for name in options.features.split(",")]
    classifies = converters.classifies(model)
    (train_rows, _), (test_rows, test_target) = (
        features_and_target(table, features, options.target, options.name, classifies, path, gaps=True)
        for table, path in tables
    )
    scaler = options.scaler and export.scaler_from_json(storage.read_file(options.scaler), options.scaler, features)
    training = export.Training(options.name, features, options.target, train_rows, test_rows, test_target)
    exported = export.export_model(model, options.output_dir, training, scaler)
    comparison = exported.comparison
    progress(f"Exported to {options.output_dir}: {', '.join(exported.files)}")
    print_result({
        "output_dir": options.output_dir,
        "files": list(exported.files),
        "metrics": exported.metrics,
        "rows_checked": comparison.rows,
        "largest_relative_difference": comparison.largest_relative_difference,
    })
    return EXIT_OK


if __name__ == "__main__":
    sys.exit(run_as_program(main, sys.argv[1:]))
