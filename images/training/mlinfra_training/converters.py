"""Turns a fitted model of any supported framework into ONNX, by the framework's own or best-kept converter.

Every result has one input `X` of [rows, features] and the prediction as its first output. Classifiers output `label`
and `probabilities` as tensors, and name the classes in the metadata `classes`, a JSON array.

Number types: linear models and scikit-learn's networks compute in double, and so does their ONNX. Trees take float32:
the ONNX tree operators hold thresholds and results as float32 only, and comparing double values with rounded
thresholds would send rows that equal a threshold down the wrong branch; rounding both keeps their order.
"""

import copy
import importlib
import io
import json
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import pandas as pd
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType
from sklearn.base import is_classifier, is_regressor
from sklearn.pipeline import Pipeline

from mlinfra_training.errors import EnvironmentNotUsable, WrongInput
from mlinfra_training.storage import read_file

# The newest operator sets are not known to every serving runtime, so we pin ones that have long been supported.
OPERATOR_SETS = {"": 18, "ai.onnx.ml": 3}
OPERATOR_SET_OF_BOOSTING = 15  # the newest that onnxmltools knows
INPUT = "X"
CLASSES = "classes"

# In this order: XGBoost's and LightGBM's classes are scikit-learn estimators too, and a Keras model may be a PyTorch
# module.
NAMES = {
    "xgboost": "XGBoost",
    "lightgbm": "LightGBM",
    "keras": "Keras",
    "torch": "PyTorch",
    "sklearn": "scikit-learn",
}
CONVERTERS = {
    "xgboost": ("onnxmltools",),
    "lightgbm": ("onnxmltools",),
    "keras": ("torch", "onnxscript"),
    "torch": ("onnxscript",),
    "sklearn": (),
}
# Formats of plain data. PyTorch's and Keras's can run code when read, as pickles do, so they are not among them.
FILE_TYPES = {".json": "xgboost", ".ubj": "xgboost", ".txt": "lightgbm"}
NETWORKS = ("keras", "torch")
INSTALL = {
    "xgboost": "pip install --require-hashes -r requirements.txt",
    "lightgbm": "pip install --require-hashes -r requirements.txt (and Debian's libgomp1: apt-get install libgomp1)",
    "keras": "pip install --require-hashes -r requirements-networks.txt",
    "torch": "pip install --require-hashes -r requirements-cuda.txt",
}


def framework_of(model) -> str:
    """The import name of the framework the model's class comes from. Raises WrongInput for others."""
    packages = {parent.__module__.split(".")[0] for parent in type(model).__mro__}
    found = next((package for package in NAMES if package in packages), None)
    if found is None:
        raise WrongInput(
            "model", [f"is a {type(model).__name__}, which is not supported; supported: {', '.join(NAMES.values())}"]
        )
    return found


def load(framework: str, package: str | None = None):
    """Imports the framework, or the package it is exported with. Raises EnvironmentNotUsable with the fix."""
    name = package or framework
    try:
        return importlib.import_module(name)
    except (ImportError, OSError) as error:  # OSError: a library of the system's is missing
        reason = " ".join(str(error).split())
        raise EnvironmentNotUsable(
            f"{name} is needed for {NAMES[framework]} models, but cannot be loaded: {reason}; "
            f"install it in images/training: {INSTALL[framework]}"
        ) from error


def read_model(path: str):
    """Reads a model file of XGBoost or LightGBM. Raises WrongInput for files of other kinds."""
    suffix = Path(path).suffix
    if suffix not in FILE_TYPES:
        allowed = ", ".join(f"{known} ({NAMES[framework]})" for known, framework in FILE_TYPES.items())
        raise WrongInput(
            "arguments",
            [
                f"--model: {path} must end in one of {allowed}; for a pickle, use convert_pickle.py, and for others "
                "call mlinfra_training.export.export_model where the model is trained"
            ],
        )
    framework = FILE_TYPES[suffix]
    module = load(framework)
    content = read_file(path)
    try:
        if framework == "xgboost":
            return prepared(module.Booster(model_file=bytearray(content)))
        return module.Booster(model_str=content.decode())
    except Exception as error:  # the libraries raise many kinds for what they cannot read
        reason = " ".join(str(error).split())
        raise WrongInput(path, [f"is no model that {NAMES[framework]} can read: {reason[:300]}"]) from error


def prepared(model):
    """The model as the rest of this package takes it: a bare XGBoost booster gets its scikit-learn class back."""
    if framework_of(model) != "xgboost" or not hasattr(model, "save_raw"):
        return model
    xgboost = load("xgboost")
    objective = json.loads(model.save_config())["learner"]["objective"]["name"]
    wrapper = (xgboost.XGBClassifier if objective.startswith(("binary:", "multi:")) else xgboost.XGBRegressor)()
    wrapper.load_model(model.save_raw("ubj"))
    return wrapper


def classifies(model) -> bool:
    """Whether the model predicts classes. Networks count as predicting numbers."""
    framework = framework_of(model)
    if framework in NETWORKS:
        return False
    if _is_lightgbm_booster(model):
        return _objective(model).startswith(("binary", "multiclass"))
    if is_classifier(model) == is_regressor(model):
        raise WrongInput("model", [f"is a {type(model).__name__}, neither a classifier nor a regressor"])
    return is_classifier(model)


def predict(model, rows: np.ndarray) -> np.ndarray:
    """What the original predicts for the rows: one number or class each."""
    framework = framework_of(model)
    if framework == "torch":
        torch = load("torch")
        with torch.no_grad():
            predicted = model.eval()(torch.tensor(rows, dtype=_torch_type(model))).numpy()
    elif framework == "keras":
        predicted = model.predict(rows.astype(np.float32), verbose=0)
    else:
        predicted = np.asarray(model.predict(as_fitted(model, rows)))
    if _is_lightgbm_booster(model) and classifies(model):  # a booster predicts probabilities, not classes
        predicted = predicted.argmax(axis=1) if predicted.ndim == 2 else (predicted > 0.5).astype(np.int64)
    if predicted.size != len(rows):
        raise WrongInput(
            "model",
            [f"predicts {list(predicted.shape)} for {len(rows)} rows; supported: one value a row, one model a target"],
        )
    return predicted.reshape(len(rows))


def as_fitted(model, rows: np.ndarray):
    """The rows with the names that the model was fitted with, if any: it would warn of their absence."""
    first = model[0] if isinstance(model, Pipeline) else model
    names = getattr(first, "feature_names_in_", None)
    return rows if names is None else pd.DataFrame(rows, columns=names)


def model_to_onnx(model, feature_count: int) -> bytes:
    """The model as ONNX. Raises WrongInput with the converter's words if it does not support the model."""
    framework = framework_of(model)
    for package in CONVERTERS[framework]:
        load(framework, package)
    convert = {"sklearn": _sklearn, "xgboost": _xgboost, "lightgbm": _lightgbm, "keras": _keras, "torch": _torch}
    try:
        with warnings.catch_warnings():
            # Meant for the converters' authors. requirements.in pins the versions that still do what is deprecated.
            warnings.simplefilter("ignore", DeprecationWarning)
            converted = convert[framework](model, feature_count)
    except Exception as error:  # the converters raise many kinds, all meaning the same to the user
        reason = " ".join(str(error).split())
        raise WrongInput(
            f"export of {type(model).__name__}",
            [f"the ONNX converter does not support this model or its hyperparameters: {reason[:300]}"],
        ) from error
    _name_input(converted)
    _name_classes(converted, model)
    # onnxmltools lists them in the order of a set, which is not always the same.
    converted.opset_import.sort(key=lambda operators: operators.domain)
    return converted.SerializeToString(deterministic=True)


def _sklearn(model, feature_count: int) -> onnx.ModelProto:
    final = model[-1] if isinstance(model, Pipeline) else model
    is_tree = type(final).__module__.startswith(("sklearn.ensemble.", "sklearn.tree."))
    input_type = FloatTensorType if is_tree else DoubleTensorType
    # Without zipmap=False, probabilities would be a list of maps, which few runtimes outside Python can read.
    options = {id(model): {"zipmap": False}} if is_classifier(model) else None
    return to_onnx(
        model, initial_types=[(INPUT, input_type([None, feature_count]))], options=options, target_opset=OPERATOR_SETS
    )


def _xgboost(model, feature_count: int) -> onnx.ModelProto:
    import onnxmltools
    from onnxmltools.convert.common.data_types import FloatTensorType as FloatInput

    unnamed = copy.deepcopy(model)
    unnamed.get_booster().feature_names = None  # the converter understands positions only
    return onnxmltools.convert_xgboost(
        unnamed,
        name="model",
        initial_types=[(INPUT, FloatInput([None, feature_count]))],
        target_opset=OPERATOR_SET_OF_BOOSTING,
    )


def _lightgbm(model, feature_count: int) -> onnx.ModelProto:
    import onnxmltools
    from onnxmltools.convert.common.data_types import FloatTensorType as FloatInput

    converted = onnxmltools.convert_lightgbm(
        model,
        name="model",
        initial_types=[(INPUT, FloatInput([None, feature_count]))],
        target_opset=OPERATOR_SET_OF_BOOSTING,
        zipmap=False,
    )
    if classifies(model):
        # The converter declares one label however many rows there are, and runtimes warn of it at each run.
        converted.graph.output[0].type.tensor_type.shape.dim[0].Clear()
    return converted


def _torch(model, feature_count: int) -> onnx.ModelProto:
    import torch

    example = torch.zeros((2, feature_count), dtype=_torch_type(model))
    program = torch.onnx.export(
        model.eval(),
        (example,),
        input_names=[INPUT],
        output_names=["prediction"],
        dynamic_shapes=({0: torch.export.Dim("rows")},),
        opset_version=OPERATOR_SETS[""],
        dynamo=True,
        verbose=False,
    )
    content = io.BytesIO()
    program.save(content)
    return _without_notes(onnx.load_from_string(content.getvalue()))


def _keras(model, feature_count: int) -> onnx.ModelProto:
    import keras

    if keras.backend.backend() != "torch":
        raise ValueError(
            f"Keras runs on {keras.backend.backend()}; set the environment variable KERAS_BACKEND=torch to export"
        )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "model.onnx")
        model.export(str(file), format="onnx", verbose=False)
        return _without_notes(onnx.load(file))


def _without_notes(converted: onnx.ModelProto) -> onnx.ModelProto:
    """Without what PyTorch notes down of where each operator came from: paths of the machine, among others."""
    graph = converted.graph
    for noted in [graph, *graph.node, *graph.input, *graph.output, *graph.initializer, *graph.value_info]:
        noted.ClearField("metadata_props")
        noted.ClearField("doc_string")
    return converted


def _name_input(converted: onnx.ModelProto) -> None:
    """Calls the only input X, whatever the converter called it."""
    given = converted.graph.input[0].name
    if given == INPUT or len(converted.graph.input) != 1:
        return
    converted.graph.input[0].name = INPUT
    for node in converted.graph.node:
        for position, name in enumerate(node.input):
            if name == given:
                node.input[position] = INPUT


def _name_classes(converted: onnx.ModelProto, model) -> None:
    """Notes the names of the classes, in the order of their probabilities: nothing else in the file tells them all."""
    names = getattr(model, "classes_", None)
    if names is not None:
        note = converted.metadata_props.add()
        note.key, note.value = CLASSES, json.dumps([str(name) for name in np.asarray(names).tolist()])


def _torch_type(model):
    return next(model.parameters()).dtype


def _is_lightgbm_booster(model) -> bool:
    return framework_of(model) == "lightgbm" and not hasattr(model, "booster_")


def _objective(booster) -> str:
    return booster.dump_model(num_iteration=1).get("objective", "")
