#!/usr/bin/env python3
"""Converts an existing model.pkl (and scaler.pkl) to model.onnx and scaler.json.

    python convert_pickle.py --model model.pkl --scaler scaler.pkl --features age,bmi,bp \\
        --output-dir DIR --accept-code-execution

A pickle is not data but a program: reading it runs whatever its author put in. So this reads it in a
process of its own, with an empty environment, limited time and memory and, where the kernel allows,
no network and no other files. Convert only files whose author you trust all the same.
"""

import argparse
import json
import os
import stat
import sys
from pathlib import Path

import numpy as np

from mlinfra_training import sandbox
from mlinfra_training.errors import EXIT_OK, TrainingError, WrongInput, print_result, progress, run_as_program
from mlinfra_training.storage import read_file, write_file

REFUSAL = (
    "refused, because reading a pickle runs whatever code its author put in, and no check can tell beforehand "
    "what that is. If you trust the author of {files}, say so with --accept-code-execution"
)
# How the file types people mix up with pickles begin.
OTHER_TYPES = {
    b"PK\x03\x04": "a zip archive (a PyTorch or Keras model?)",
    b"\x89HDF": "an HDF5 file (a Keras model?)",
    b"\x93NUMPY": "a NumPy array",
    b"PAR1": "a Parquet file",
    b"\x08": "an ONNX model, which needs no conversion",
    b"{": "JSON or other text",
    b"<": "XML or HTML",
}
LARGEST_OUTPUT = 2**30


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, metavar="PKL", help="the model, saved by pickle or joblib")
    parser.add_argument("--scaler", metavar="PKL", help="its StandardScaler; without it the model takes values as is")
    parser.add_argument("--output-dir", required=True, metavar="DIR", help="where model.onnx and scaler.json go")
    parser.add_argument("--features", metavar="A,B,C", help="names in order, if the files hold none")
    parser.add_argument("--accept-code-execution", action="store_true", help="you trust the author of these files")
    options = parser.parse_args(arguments)

    pickles = {"model": options.model} | ({"scaler": options.scaler} if options.scaler is not None else {})
    if not options.accept_code_execution:
        raise WrongInput("convert_pickle", [REFUSAL.format(files=" and ".join(pickles.values()))])
    features = _parse_features(options.features)
    contents = {name: read_file(path) for name, path in pickles.items()}
    _check_types(contents, pickles)

    with sandbox.new_sandbox() as box:
        progress(f"Reading {' and '.join(pickles.values())}; {box.isolation.describe()}")
        for name, content in contents.items():
            (box.work / f"{name}.pkl").write_bytes(content)
        request = {"features": features, "has_scaler": "scaler" in contents}
        (box.work / "request.json").write_text(json.dumps(request))
        outcome = box.run([str(sandbox.PACKAGE / "unpickle_child.py")], seconds=sandbox.SECONDS_ALLOWED)
        result = _read_result(box.work, outcome)
        model_onnx = _read_output(box.work / "model.onnx")
        isolation = box.isolation

    for warning in result.get("warnings", []):
        progress(f"WARNING: {_printable(str(warning))}")
    scaler_json, comparison = _check(result, model_onnx)
    folder = Path(options.output_dir)
    write_file(folder / "model.onnx", model_onnx)
    write_file(folder / "scaler.json", scaler_json)
    print_result({
        "model": str(folder / "model.onnx"),
        "scaler": str(folder / "scaler.json"),
        "rows_checked": comparison.rows,
        "largest_relative_difference": comparison.largest_relative_difference,
        "isolation": {"no_network": isolation.no_network, "no_other_files": isolation.no_other_files},
    })
    return EXIT_OK


def _parse_features(text: str | None) -> list[str] | None:
    if text is None:
        return None
    names = [name.strip() for name in text.split(",")]
    problems = []
    if "" in names:
        problems.append(f"--features: has an empty name in {text!r}; write names with single commas, as in age,bmi")
    repeated = sorted({name for name in names if name and names.count(name) > 1})
    if repeated:
        problems.append(f"--features: names {', '.join(repeated)} more than once")
    if problems:
        raise WrongInput("arguments", problems)
    return names


def _check_types(contents: dict[str, bytes], paths: dict[str, str]) -> None:
    problems = []
    for name, content in contents.items():
        if not content:
            problems.append(f"--{name}: {paths[name]} is empty")
        for start, kind in OTHER_TYPES.items():
            if content.startswith(start):
                problems.append(f"--{name}: {paths[name]} is {kind}; a file saved by pickle or joblib is needed")
    if problems:
        raise WrongInput("file type", problems)


def _read_result(work: Path, outcome: sandbox.Outcome) -> dict:
    """The child's answer. It may come from hostile code, so nothing about it is taken for granted."""
    if outcome.timed_out:
        raise WrongInput("conversion", [f"was stopped after {sandbox.SECONDS_ALLOWED} seconds"])
    if outcome.exit_code != 0:
        said = outcome.last_words.strip().splitlines()
        last_line = said[-1] if said else "it said nothing; was its time or memory used up?"
        raise WrongInput(
            "conversion", [f"the reading process ended with code {outcome.exit_code}: {_printable(last_line)}"]
        )
    try:
        result = json.loads(_read_output(work / "result.json"))
    except (ValueError, RecursionError) as error:
        raise WrongInput("conversion", ["the reading process left no valid result"]) from error
    if not isinstance(result, dict):
        raise WrongInput("conversion", ["the reading process left no valid result"])
    if "problems" in result:
        raise WrongInput("conversion", [_printable(str(problem)) for problem in result["problems"]])
    return result


def _read_output(path: Path) -> bytes:
    """Reads a regular file only: the child could have left a link to one of OUR files, or a pipe that never ends."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise WrongInput("conversion", [f"the reading process left no usable {path.name}"]) from error
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1 or status.st_size > LARGEST_OUTPUT:
            raise WrongInput("conversion", [f"the reading process left no usable {path.name}"])
        return file.read()


def _check(result: dict, model_onnx: bytes):
    """Makes scaler.json and checks the pair against scikit-learn's predictions, as train.py does."""
    # Imported only now: someone who forgot the flag should not wait for them.
    from mlinfra_training.export import has_external_data, scaler_to_json, verify
    from mlinfra_training.models import CLASSIFIERS, MODELS

    try:
        if result["estimator"] not in MODELS or not all(isinstance(name, str) for name in result["feature_names"]):
            raise ValueError("unknown estimator or feature names")
        if has_external_data(model_onnx):
            raise ValueError("the model refers to other files")
        scaler_json = scaler_to_json(result["feature_names"], result["mean"], result["scale"])
        rows, predictions = np.array(result["rows"], dtype=np.float64), np.array(result["predictions"])
        classifies = result["estimator"] in CLASSIFIERS
        return scaler_json, verify(result["estimator"], classifies, predictions, model_onnx, scaler_json, rows)
    except TrainingError:
        raise
    except Exception as error:  # whatever is wrong with it, the answer is the same
        problem = f"the reading process left an unusable result: {_printable(str(error))}"
        raise WrongInput("conversion", [problem]) from error


def _printable(text: str) -> str:
    """Text from the child for the terminal: not endless, and without control characters, which could forge output."""
    shown = "".join(character if character.isprintable() else "?" for character in text)
    return shown if len(shown) <= 1000 else shown[:1000] + " ..."


if __name__ == "__main__":
    sys.exit(run_as_program(main, sys.argv[1:]))
