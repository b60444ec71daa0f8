"""Turns a fitted model into ONNX and its scaler into JSON, and proves that both still predict the same.

The scaler is kept out of the ONNX on purpose: whoever serves the model scales in double precision,
(x - mean) / scale, and casts to the model's declared input type only then.
"""

import json
from dataclasses import dataclass

import numpy as np
import onnx
import onnxruntime
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType

from mlinfra_training.errors import ModelDisagrees, WrongInput
from mlinfra_training.models import CLASSIFIERS, FLOAT32_MODELS, name_of

SCALER_FORMAT = "mlinfra/scaler/v1"
LARGEST_DIFFERENCE = 1e-5
# The newest operator sets are not known to every serving runtime, so we pin ones that have long been supported.
OPERATOR_SETS = {"": 18, "ai.onnx.ml": 3}
NUMPY_TYPES = {"tensor(double)": np.float64, "tensor(float)": np.float32}


@dataclass(frozen=True)
class Comparison:
    """How far two sets of predictions are apart."""

    rows: int
    largest_relative_difference: float

    @property
    def agrees(self) -> bool:
        return self.largest_relative_difference <= LARGEST_DIFFERENCE


def model_to_onnx(estimator, feature_count: int) -> bytes:
    """The model as ONNX: one input of [rows, features]. Classifiers output `label` and `probabilities` as tensors."""
    name = name_of(estimator)
    input_type = FloatTensorType if name in FLOAT32_MODELS else DoubleTensorType
    # Without zipmap=False, probabilities would be a list of maps, which few runtimes outside Python can read.
    options = {id(estimator): {"zipmap": False}} if name in CLASSIFIERS else None
    try:
        onnx_model = to_onnx(
            estimator,
            initial_types=[("X", input_type([None, feature_count]))],
            options=options,
            target_opset=OPERATOR_SETS,
        )
    except Exception as error:  # the converter raises many kinds, all meaning the same to the user
        raise WrongInput(
            f"export of {name}",
            [f"the ONNX converter does not support these hyperparameters: {' '.join(str(error).split())}"],
        ) from error
    return onnx_model.SerializeToString()


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


def predict_with_export(onnx_bytes: bytes, scaler_json: bytes, rows: np.ndarray) -> np.ndarray:
    """Predicts as a serving program would: from the exported bytes alone."""
    scaler = json.loads(scaler_json)
    scaled = (rows - np.array(scaler["mean"])) / np.array(scaler["scale"])
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors only: its warnings would mix with our progress lines
    session = onnxruntime.InferenceSession(onnx_bytes, options, providers=["CPUExecutionProvider"])
    model_input = session.get_inputs()[0]
    outputs = session.run(
        [session.get_outputs()[0].name], {model_input.name: scaled.astype(NUMPY_TYPES[model_input.type])}
    )
    return outputs[0].reshape(len(rows))


def compare_numbers(expected: np.ndarray, actual: np.ndarray) -> Comparison:
    """Compares predicted numbers by their largest relative difference.

    Each difference is taken relative to the expected prediction, but never to less than a tenth of a typical one
    (the median size): a tree's float32 sum that ends near zero keeps the rounding error of its large terms, and
    dividing that by almost nothing would call it a bug.
    """
    if not (np.isfinite(expected).all() and np.isfinite(actual).all()):
        return Comparison(len(expected), float("inf"))
    sizes = np.abs(expected)
    smallest_divisor = max(float(np.median(sizes)) / 10, np.finfo(np.float64).tiny)
    differences = np.abs(actual - expected) / np.maximum(sizes, smallest_divisor)
    return Comparison(len(expected), float(differences.max()))


def compare_labels(expected: np.ndarray, actual: np.ndarray) -> Comparison:
    """Compares classes: any different label counts as a difference of 1, however near the two numbers are."""
    if expected.dtype.kind == "U" or actual.dtype.kind in "UO":
        expected, actual = expected.astype(str), actual.astype(str)  # text classes: onnxruntime returns objects
    return Comparison(len(expected), float(bool((expected != actual).any())))


def compare_predictions(estimator_name: str, expected: np.ndarray, actual: np.ndarray) -> Comparison:
    """Compares as fits the model: classes for classifiers, numbers for the others."""
    return (compare_labels if estimator_name in CLASSIFIERS else compare_numbers)(expected, actual)


def verify(
    estimator_name: str, expected: np.ndarray, onnx_bytes: bytes, scaler_json: bytes, rows: np.ndarray
) -> Comparison:
    """Checks the exported bytes against scikit-learn's own predictions. Raises ModelDisagrees if they differ."""
    actual = predict_with_export(onnx_bytes, scaler_json, rows)
    comparison = compare_predictions(estimator_name, expected, actual)
    if not comparison.agrees:
        raise ModelDisagrees(
            f"the exported {estimator_name} does not predict what scikit-learn predicts: the largest relative "
            f"difference over {comparison.rows} rows is {comparison.largest_relative_difference:.3g}, allowed is "
            f"{LARGEST_DIFFERENCE:g}. Nothing was published. Try other hyperparameters or another model of the list."
        )
    return comparison
