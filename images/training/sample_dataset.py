#!/usr/bin/env python3
"""Writes a small real dataset to try things with: scikit-learn's diabetes data, which needs no network.

    python sample_dataset.py --output DIR

DIR/diabetes.csv             442 patients, 10 features and `target`, to train on
DIR/diabetes-to-predict.csv  the same rows without `target`, to predict for
"""

import argparse
import sys
from pathlib import Path

from sklearn.datasets import load_diabetes

from mlinfra_training.errors import EXIT_OK, print_result, run_as_program
from mlinfra_training.storage import write_file


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", required=True, metavar="DIR", help="folder to write to; made if missing")
    folder = Path(parser.parse_args(arguments).output)

    # scaled=False: the real values (years, kg/m2, ...), so that our own scaler has something to do.
    table = load_diabetes(scaled=False, as_frame=True).frame
    features = table.drop(columns="target")
    files = {"diabetes.csv": table, "diabetes-to-predict.csv": features}
    for name, content in files.items():
        write_file(folder / name, content.to_csv(index=False).encode())
    print_result({
        "files": [str(folder / name) for name in files],
        "rows": len(table),
        "feature_columns": list(features.columns),
        "target_column": "target",
    })
    return EXIT_OK


if __name__ == "__main__":
    sys.exit(run_as_program(main, sys.argv[1:]))
