"""The ONNX model: loaded once, with nothing but the runtime's own operators and no tensors in other files."""

import json
import os

import numpy

from . import external_data
from .errors import EnvironmentNotUsable, RequestError, StartError, listed

# Since 1.29, ONNX Runtime on Linux tells its makers about models and machines, and keeps an id in the home folder,
# unless this is set before it is loaded.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
import onnxruntime  # noqa: E402

SETTING = "MLINFRA_MODEL"
INPUT_TYPES = {"tensor(double)": numpy.float64, "tensor(float)": numpy.float32}
# Kinds of numpy that an output may have: numbers, whole numbers, and texts, which come as objects.
OUTPUT_KINDS = "fiOU"
# Where images/training writes the names of the classes, as a JSON array.
CLASSES = "classes"
PROVIDERS = {
    "cpu": ["CPUExecutionProvider"],
    # Operators without a version for GPUs, as those of trees, run on the processor.
    "cuda": ["CUDAExecutionProvider", "CPUExecutionProvider"],
}


class Model:
    """One input, float or double, of shape [any, width]; the first output is the prediction, one value for a row."""

    def __init__(self, content: bytes, device: str, threads: int):
        _refuse(content)
        self._session = _session(content, device, threads)
        self.provider = self._session.get_providers()[0]
        inputs = self._session.get_inputs()
        shape = inputs[0].shape if len(inputs) == 1 else []
        # A fixed row count would force row by row; an unknown width could not be checked.
        if (
            len(shape) != 2
            or inputs[0].type not in INPUT_TYPES
            or isinstance(shape[0], int)
            or not isinstance(shape[1], int)
            or shape[1] < 1
        ):
            raise StartError(
                f"{SETTING}: takes {', '.join(f'{each.type} of shape {each.shape}' for each in inputs) or 'nothing'}; "
                "allowed: one float or double input of shape [None, features]; export it with images/training"
            )
        self._input = inputs[0].name
        self.width = shape[1]
        self.type = INPUT_TYPES[inputs[0].type]
        self.classes = self._classes()
        self.outputs = self._outputs()

    def scaled(self, rows: numpy.ndarray) -> numpy.ndarray:
        """Scaled rows in the model's own type; too large values become infinite."""
        with numpy.errstate(over="ignore"):
            return rows.astype(self.type)

    def predict(self, rows: numpy.ndarray, outputs: list[str]) -> list[numpy.ndarray]:
        """The outputs of these names for rows in the model's own type. Raises RequestError if the model fails."""
        try:
            values = self._session.run(outputs, {self._input: rows})
        except Exception as error:  # ONNX Runtime has no common class for what goes wrong.
            # The kind alone: its message may hold a value of the data.
            raise RequestError(
                "MODEL_FAILED",
                f"the model failed when run, with {type(error).__name__}; send other rows, or export the model again",
            ) from error
        for name, value in zip(outputs, values, strict=True):
            if value.shape[:1] != (len(rows),):
                raise RequestError(
                    "MODEL_FAILED", f"the model's output {name!r} has shape {list(value.shape)} for {len(rows)} rows"
                )
        return values

    def _classes(self) -> list[str] | None:
        text = self._session.get_modelmeta().custom_metadata_map.get(CLASSES)
        if text is None:
            return None
        try:
            classes = json.loads(text)
            if not isinstance(classes, list):
                raise ValueError
            return [str(name) for name in classes]
        except ValueError:
            raise StartError(f"{SETTING}: its metadata {CLASSES!r} is no JSON array; export the model again") from None

    def _outputs(self) -> list[str]:
        """The names of those outputs that can be answered with, the first one first.

        Predicts for two rows of zeros, since what models declare of their outputs may be vague. That also makes the
        runtime allocate what it needs, before the first request.
        """
        zeros = numpy.zeros((2, self.width), self.type)
        names = [output.name for output in self._session.get_outputs() if output.type.startswith("tensor(")]
        first = self._session.get_outputs()[0]
        try:
            # Without names the runtime would give all outputs.
            values = dict(zip(names, self._session.run(names, {self._input: zeros}), strict=True)) if names else {}
        except Exception as error:
            raise StartError(f"{SETTING}: fails when run: {_first_line(error)}; export the model again") from error
        fitting = [
            name
            for name, value in values.items()
            if value.dtype.kind in OUTPUT_KINDS and 1 <= value.ndim <= 2 and len(value) == 2
        ]
        if first.name not in fitting or values[first.name].size != 2:
            raise StartError(
                f"{SETTING}: its first output {first.name!r} is {first.type} of shape {first.shape}; allowed: float, "
                "double, int64 or string, one value for each row; export it with images/training"
            )
        return fitting


def _refuse(content: bytes) -> None:
    if content[:1] == b"\x80":
        raise StartError(
            f"{SETTING}: is a pickle, which runs its code when it is read; convert it where it was trained, with "
            "images/training/convert_pickle.py"
        )
    try:
        external = external_data.is_used_by(content)
    except ValueError as error:
        raise StartError(f"{SETTING}: is no ONNX file: {error}; export the model again") from error
    if external:
        raise StartError(
            f"{SETTING}: keeps tensors in other files; allowed: one file; save it with "
            "onnx.save(model, path, save_as_external_data=False)"
        )


def _session(content: bytes, device: str, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Idle threads that spin take the processor from whoever shares it.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4  # problems come as exceptions; its own log would only repeat them
    wanted = PROVIDERS[device]
    if wanted[0] not in onnxruntime.get_available_providers():
        raise EnvironmentNotUsable(
            f"MLINFRA_DEVICE is {device!r}, but this ONNX Runtime has {listed(onnxruntime.get_available_providers())}; "
            "use the image's variant cuda"
        )
    if device == "cuda":
        onnxruntime.preload_dlls()  # from the packages of CUDA beside it
    try:
        session = onnxruntime.InferenceSession(content, options, providers=wanted)
    except Exception as error:  # ONNX Runtime has no common class for what it cannot read.
        raise StartError(f"{SETTING}: is no model that ONNX Runtime can load: {_first_line(error)}") from error
    if session.get_providers()[0] != wanted[0]:
        # The runtime goes on with the processor when it finds no GPU: slow, and paid for as a GPU.
        raise EnvironmentNotUsable(
            f"MLINFRA_DEVICE is {device!r}, but no GPU can be used; check the driver, and that the container has a GPU"
        )
    return session


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
