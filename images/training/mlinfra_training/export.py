"""Turns a fitted model into files that any language can read, and proves that they predict the same.

The scaler is kept out of the ONNX on purpose: whoever serves the model scales in double precision,
(x - mean) / scale, and casts to the model's declared input type only then.
"""

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pandas as pd
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted

from mlinfra_training import converters, linear, model_card
from mlinfra_training.baseline import baseline_to_json
from mlinfra_training.errors import EnvironmentNotUsable, ModelDisagrees, WrongInput
from mlinfra_training.metrics import measure
from mlinfra_training.storage import reason_of

SCALER_FORMAT = "mlinfra/scaler/v1"
# The allowed relative differences: of models that compute in float32 anywhere, and of those in double throughout.
LARGEST_DIFFERENCE = 1e-5
LARGEST_DIFFERENCE_OF_DOUBLES = 1e-9
NUMPY_TYPES = {"tensor(double)": np.float64, "tensor(float)": np.float32}
TYPE_NAMES = {"tensor(double)": "float64", "tensor(float)": "float32"}
# Last the card, which holds the checksum of the model.
FILES = ("model.onnx", "model.json", "scaler.json", "baseline.json", "model-card.json")
RECORDED_PACKAGES = ("numpy", "scikit-learn", "skl2onnx", "onnxmltools", "onnx", "onnxruntime")


@dataclass(frozen=True)
class Comparison:
    """How far two sets of predictions are apart, and how far they may be."""

    rows: int
    largest_relative_difference: float
    allowed: float = LARGEST_DIFFERENCE

    @property
    def agrees(self) -> bool:
        return self.largest_relative_difference <= self.allowed


@dataclass(frozen=True)
class Training:
    """What a model was trained on, and the rows kept aside to measure it and to check its export with.

    Rows are unscaled, one column for each of `feature_names`, in that order; NaN is a missing value. `created` is a
    date and time in ISO 8601 (None: unknown), `git_sha` the commit of the code that trained (None: unknown).
    """

    name: str
    feature_names: list[str]
    target_name: str
    train_rows: np.ndarray
    test_rows: np.ndarray
    test_target: np.ndarray
    created: str | None = None
    git_sha: str | None = None


@dataclass(frozen=True)
class Export:
    """The files of a model, by name and in the order to publish them, its metrics, and how well it was converted."""

    files: dict[str, bytes]
    metrics: dict[str, float]
    comparison: Comparison


def export_model(model, output_dir: str | os.PathLike, training: Training, scaler=None) -> Export:
    """Writes model.onnx, scaler.json, baseline.json and model-card.json to the folder, all of them or none.

    Linear and logistic regressions are written as model.json too, for servers without ONNX Runtime.

    `model` is fitted: a scikit-learn estimator or pipeline, an XGBoost or LightGBM estimator or booster, or a PyTorch
    or Keras network that predicts one number a row. `scaler` is the StandardScaler whose output the model takes, for
    models that are no pipeline. Raises WrongInput for what cannot be exported, ModelDisagrees if ONNX Runtime does not
    predict what the model predicts, and EnvironmentNotUsable for folders and packages.
    """
    folder = Path(output_dir)
    _check_folder(folder)
    export = build(model, training, scaler)
    _write(folder, export.files)
    return export


def build(model, training: Training, scaler=None) -> Export:
    """The files that `export_model` writes, checked against the model itself."""
    training = _checked(training)
    model = converters.prepared(model)
    classifies = converters.classifies(model)
    count = len(training.feature_names)
    inner_scaler, inner = take_apart(model)
    _check_model(model, inner_scaler, scaler, training)
    mean, scale = scaler_numbers(scaler or inner_scaler, count)

    # The pipeline itself is what the export must agree with, not its parts.
    rows = training.test_rows
    if scaler is not None:
        rows = np.asarray(scaler.transform(converters.as_fitted(scaler, rows)))
    expected = converters.predict(model, rows)
    model_onnx = converters.model_to_onnx(inner, count)
    scaler_json = scaler_to_json(training.feature_names, mean, scale)
    name = type(inner).__name__
    framework = converters.NAMES[converters.framework_of(inner)]
    comparison = verify(name, classifies, expected, model_onnx, scaler_json, training.test_rows, framework)
    model_json = linear.model_to_json(inner)
    if model_json is not None:
        verify(name, classifies, expected, model_json, scaler_json, training.test_rows, framework)
    metrics = measure(classifies, training.test_target, expected)
    if not np.isfinite(list(metrics.values())).all():
        raise WrongInput("test rows", [f"target {training.target_name!r}: values are too large to measure"])
    card = model_card.card_to_json(
        name=training.name,
        created=training.created,
        git_sha=training.git_sha,
        task="classification" if classifies else "regression",
        framework={"name": framework, "version": _version(inner), "model": name},
        versions={"python": model_card.python_version()} | {package: version(package) for package in RECORDED_PACKAGES},
        features=list(training.feature_names),
        target=training.target_name,
        training_rows=len(training.train_rows),
        test_rows=len(training.test_rows),
        metrics=metrics,
        input=_describe_input(model_onnx),
        export={
            "verified_rows": comparison.rows,
            "largest_relative_difference": comparison.largest_relative_difference,
            "allowed_relative_difference": comparison.allowed,
        },
        model_sha256=hashlib.sha256(model_onnx).hexdigest(),
        **({} if model_json is None else {"model_json_sha256": hashlib.sha256(model_json).hexdigest()}),
    )
    baseline_json = baseline_to_json(training.feature_names, training.train_rows)
    contents = dict(zip(FILES, (model_onnx, model_json, scaler_json, baseline_json, card)))
    return Export({file: content for file, content in contents.items() if content is not None}, metrics, comparison)


def take_apart(model) -> tuple[StandardScaler | None, object]:
    """The scaler a pipeline begins with, if it does, and what follows: a single step, or a pipeline of several."""
    if not isinstance(model, Pipeline):
        return None, model
    steps = [(name, step) for name, step in model.steps if step not in (None, "passthrough")]
    scaler = None
    if type(steps[0][1]) is StandardScaler:
        scaler = steps.pop(0)[1]
    if len(steps) == 1:
        return scaler, steps[0][1]
    if not steps or converters.framework_of(steps[-1][1]) != "sklearn":
        names = ", ".join(type(step).__name__ for _, step in model.steps)
        raise WrongInput(
            "pipeline",
            [f"is {names}; supported: a StandardScaler and a model, and more steps if scikit-learn has them all"],
        )
    return scaler, Pipeline(steps)


def scaler_numbers(scaler: StandardScaler | None, feature_count: int) -> tuple[np.ndarray, np.ndarray]:
    """What a StandardScaler subtracts and what it divides by. Without one, values stay as they are: 0 and 1."""
    if scaler is None:
        return np.zeros(feature_count), np.ones(feature_count)
    mean = scaler.mean_ if scaler.with_mean else np.zeros(feature_count)
    scale = scaler.scale_ if scaler.with_std else np.ones(feature_count)
    return mean, scale


def scaler_from_json(content: bytes, source: str, feature_names: list[str]) -> StandardScaler:
    """The scaler that a scaler.json describes. Raises WrongInput if it is none, or one of other features."""
    try:
        given = json.loads(content)
        mean, scale = np.array(given["mean"], dtype=np.float64), np.array(given["scale"], dtype=np.float64)
        if given["format"] != SCALER_FORMAT or not mean.shape == scale.shape == (len(given["feature_names"]),):
            raise ValueError("other format")
    except (ValueError, TypeError, KeyError) as error:
        problem = f"is no scaler of format {SCALER_FORMAT}; train.py and convert_pickle.py write one"
        raise WrongInput(source, [problem]) from error
    if given["feature_names"] != feature_names:
        names = ", ".join(map(str, given["feature_names"]))
        raise WrongInput(source, [f"scales {names}, but the features are {', '.join(feature_names)}"])
    scaler = StandardScaler()
    scaler.mean_, scaler.scale_, scaler.n_features_in_ = mean, scale, len(feature_names)
    return scaler


def has_external_data(onnx_bytes: bytes) -> bool:
    """Whether the model takes weights from other files, which ours never do: a model must be complete by itself."""
    graph = onnx.load_from_string(onnx_bytes).graph
    constants = [attribute.t for node in graph.node for attribute in node.attribute]
    return any(tensor.data_location == onnx.TensorProto.EXTERNAL for tensor in [*graph.initializer, *constants])


def scaler_to_json(feature_names: list[str], mean, scale) -> bytes:
    """The scaler as plain numbers. JSON keeps every bit of a double, so nothing is lost."""
    scaler = {
        "format": SCALER_FORMAT,
        "feature_names": list(feature_names),
        "mean": [float(value) for value in mean],
        "scale": [float(value) for value in scale],
    }
    return (json.dumps(scaler, indent=2, allow_nan=False) + "\n").encode()


def predict_with_export(model: bytes, scaler_json: bytes, rows: np.ndarray) -> np.ndarray:
    """Predicts as a serving program would: from the exported bytes alone."""
    scaler = json.loads(scaler_json)
    scaled = (rows - np.array(scaler["mean"])) / np.array(scaler["scale"])
    if linear.is_json(model):
        return linear.predict(model, scaled)
    session = _session(model)
    model_input = session.get_inputs()[0]
    outputs = session.run(
        [session.get_outputs()[0].name], {model_input.name: scaled.astype(NUMPY_TYPES[model_input.type])}
    )
    return outputs[0].reshape(len(rows))


def compare_numbers(
    expected: np.ndarray, actual: np.ndarray, allowed: float = LARGEST_DIFFERENCE
) -> Comparison:
    """Compares predicted numbers by their largest relative difference.

    Each difference is taken relative to the expected prediction, but never to less than a tenth of a typical one
    (the median size): a tree's float32 sum that ends near zero keeps the rounding error of its large terms, and
    dividing that by almost nothing would call it a bug.
    """
    if not (np.isfinite(expected).all() and np.isfinite(actual).all()):
        return Comparison(len(expected), float("inf"), allowed)
    sizes = np.abs(expected)
    smallest_divisor = max(float(np.median(sizes)) / 10, np.finfo(np.float64).tiny)
    differences = np.abs(actual - expected) / np.maximum(sizes, smallest_divisor)
    return Comparison(len(expected), float(differences.max()), allowed)


def compare_labels(expected: np.ndarray, actual: np.ndarray) -> Comparison:
    """Compares classes: any different label counts as a difference of 1, however near the two numbers are."""
    if expected.dtype.kind == "U" or actual.dtype.kind in "UO":
        expected, actual = expected.astype(str), actual.astype(str)  # text classes: onnxruntime returns objects
    return Comparison(len(expected), float(bool((expected != actual).any())))


def compare_predictions(
    classifies: bool, expected: np.ndarray, actual: np.ndarray, allowed: float = LARGEST_DIFFERENCE
) -> Comparison:
    """Compares as fits the model: classes for classifiers, numbers for the others."""
    return compare_labels(expected, actual) if classifies else compare_numbers(expected, actual, allowed)


def verify(
    name: str,
    classifies: bool,
    expected: np.ndarray,
    exported: bytes,
    scaler_json: bytes,
    rows: np.ndarray,
    framework: str = "scikit-learn",
) -> Comparison:
    """Checks the exported bytes against the model's own predictions. Raises ModelDisagrees if they differ."""
    actual = predict_with_export(exported, scaler_json, rows)
    comparison = compare_predictions(classifies, expected, actual, _allowed(exported))
    if not comparison.agrees:
        raise ModelDisagrees(
            f"the exported {name} does not predict what {framework} predicts: the largest relative "
            f"difference over {comparison.rows} rows is {comparison.largest_relative_difference:.3g}, allowed is "
            f"{comparison.allowed:g}. Nothing was published. Try other hyperparameters or another model."
        )
    return comparison


def _session(onnx_bytes: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors only: its warnings would mix with our progress lines
    return onnxruntime.InferenceSession(onnx_bytes, options, providers=["CPUExecutionProvider"])


def _allowed(model: bytes) -> float:
    if linear.is_json(model):
        return LARGEST_DIFFERENCE_OF_DOUBLES
    session = _session(model)
    types = {session.get_inputs()[0].type, session.get_outputs()[0].type}
    return LARGEST_DIFFERENCE if "tensor(float)" in types else LARGEST_DIFFERENCE_OF_DOUBLES


def _describe_input(onnx_bytes: bytes) -> dict:
    given = _session(onnx_bytes).get_inputs()[0]
    return {"name": given.name, "type": TYPE_NAMES[given.type], "width": given.shape[1]}


def _version(model) -> str:
    return converters.load(converters.framework_of(model)).__version__


def _checked(training: Training) -> Training:
    """The training with its rows as doubles. Raises WrongInput with ALL problems."""
    names = list(training.feature_names)
    problems = [] if names else ["feature_names: is empty; name the features in the model's order"]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        problems.append(f"feature_names: names {', '.join(map(repr, repeated))} more than once; name each once")
    if training.target_name in names:
        problems.append(f"feature_names: holds the target {training.target_name!r}; remove it there")
    rows = {}
    for part in ("train_rows", "test_rows"):
        rows[part], more = _matrix(part, getattr(training, part), names)
        problems += more
    target = np.asarray(training.test_target)
    if target.shape != (len(training.test_rows),):
        problems.append(
            f"test_target: has shape {list(target.shape)}, but test_rows has {len(training.test_rows)} rows; "
            "give one value a row"
        )
    if problems:
        raise WrongInput("training", problems)
    created = training.created or model_card.created_from_environment()
    git_sha = training.git_sha or model_card.git_sha_from_environment()
    return Training(
        training.name, names, training.target_name, rows["train_rows"], rows["test_rows"], target, created, git_sha
    )


def _matrix(part: str, rows, names: list[str]) -> tuple[np.ndarray | None, list[str]]:
    if isinstance(rows, pd.DataFrame):
        missing = [name for name in names if name not in rows.columns]
        if missing:
            return None, [f"{part}: has no column {', '.join(map(repr, missing))}; it has: {', '.join(rows.columns)}"]
        rows = rows[names]
    try:
        matrix = np.asarray(rows, dtype=np.float64)
    except (ValueError, TypeError) as error:
        return None, [f"{part}: must be numbers, but: {error}"]
    if matrix.ndim != 2 or matrix.shape[1] != len(names):
        return None, [f"{part}: has shape {list(matrix.shape)}, must be [rows, {len(names)}]: one column a feature"]
    if len(matrix) < 2:
        return None, [f"{part}: has {len(matrix)} row(s), must have 2 or more"]
    if np.isinf(matrix).any():
        return None, [f"{part}: has infinite values; drop those rows"]
    return matrix, []


def _check_model(model, inner_scaler, scaler, training: Training) -> None:
    problems = []
    if scaler is not None and type(scaler) is not StandardScaler:
        problems.append(f"scaler: is a {type(scaler).__name__}, which is not supported; supported: StandardScaler")
    if scaler is not None and inner_scaler is not None:
        problems.append("scaler: the pipeline begins with one already; give either")
    for what, fitted in (("model", model), ("scaler", scaler)):
        if hasattr(fitted, "fit") and hasattr(fitted, "get_params"):
            try:
                check_is_fitted(fitted)
            except NotFittedError:
                problems.append(f"{what}: is not fitted; fit it, then export it")
    if problems:
        raise WrongInput("model", problems)
    for what, fitted in (("model", model), ("scaler", scaler)):
        problems += _feature_problems(what, fitted, training.feature_names)
    if problems:
        raise WrongInput("model", problems)


def _feature_problems(what: str, fitted, names: list[str]) -> list[str]:
    count = getattr(fitted, "n_features_in_", len(names))
    if count != len(names):
        return [f"{what}: was fitted on {count} features, but feature_names names {len(names)}"]
    fitted_names = getattr(fitted, "feature_names_in_", None)
    if fitted_names is not None and list(fitted_names) != names:
        return [f"{what}: was fitted on {', '.join(fitted_names)}, but feature_names are {', '.join(names)}"]
    return []


def _check_folder(folder: Path) -> None:
    if folder.is_dir():
        others = sorted(path.name for path in folder.iterdir() if path.name not in FILES)
        if others:
            raise EnvironmentNotUsable(
                f"{str(folder)!r} holds {', '.join(others[:5])}; give a new folder, or one with an earlier export only"
            )
    elif folder.exists() or folder.is_symlink():
        raise EnvironmentNotUsable(f"{str(folder)!r} is no folder; give a new folder")


def _write(folder: Path, files: dict[str, bytes]) -> None:
    """Fills a folder beside the wanted one, then gives it its name: a failure leaves what was there before."""
    temporary = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
        fresh = temporary / "new"
        fresh.mkdir()
        for name, content in files.items():
            (fresh / name).write_bytes(content)
        if folder.exists():
            folder.rename(temporary / "old")
        fresh.rename(folder)
    except OSError as error:
        if temporary is not None and (temporary / "old").exists() and not folder.exists():
            (temporary / "old").rename(folder)
        raise EnvironmentNotUsable(
            f"{str(folder)!r} cannot be written: {reason_of(error)}; check the folder"
        ) from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
