"""One job: rows of a CSV file, scaled, through an ONNX model, to a CSV file."""

import csv
import json
import os
import tempfile

import numpy
import onnxruntime

from .errors import WorkerError

ROWS_AT_ONCE = 10_000
SCALER_FORMAT = "mlinfra/scaler/v1"


def predict(volume, given):
    """Does a job and gives its answer."""
    if not isinstance(given, dict):
        raise WorkerError("input: must be an object with model_path, scaler_path, data_path and output_path")
    unknown = sorted(set(given) - {"model_path", "scaler_path", "data_path", "output_path"})
    if unknown:
        raise WorkerError(f"input: does not know {', '.join(unknown)}")
    model_path = volume.file("model_path", given.get("model_path"))
    scaler_path = volume.file("scaler_path", given.get("scaler_path"))
    data_path = volume.file("data_path", given.get("data_path"))
    output_path = volume.file("output_path", given.get("output_path"))
    if output_path in (model_path, scaler_path, data_path):
        raise WorkerError("output_path: is one of the files that are read")
    model = Model(read("model_path", model_path))
    scaler = Scaler(read("scaler_path", scaler_path))
    count = _write(output_path, data_path, scaler, model)
    return {"success": True, "num_predictions": count, "output_path": given["output_path"]}


def read(field, path):
    try:
        return path.read_bytes()
    except OSError as error:
        raise WorkerError(f"{field}: {error.strerror}") from None


class Model:
    """An ONNX model with one input; its first output is the prediction."""

    def __init__(self, content):
        if content[:1] == b"\x80":
            raise WorkerError(
                "model_path: is a pickle, which runs its code when it is read; convert it where it was"
                " trained, with images/training/convert_pickle.py"
            )
        try:
            self._session = onnxruntime.InferenceSession(
                content, providers=onnxruntime.get_available_providers()
            )
        except Exception as error:  # ONNX Runtime has no common class for what it cannot read.
            raise WorkerError(f"model_path: is no ONNX model: {str(error).splitlines()[0]}") from None
        inputs = self._session.get_inputs()
        if len(inputs) != 1:
            raise WorkerError(f"model_path: has {len(inputs)} inputs; it must have one")
        self._input = inputs[0].name
        self._output = self._session.get_outputs()[0].name
        self._type = numpy.float64 if inputs[0].type == "tensor(double)" else numpy.float32

    def predict(self, rows):
        values = self._session.run([self._output], {self._input: rows.astype(self._type)})[0]
        if len(values) != len(rows):
            raise WorkerError(f"model_path: answers {len(values)} values for {len(rows)} rows")
        return values.reshape(len(rows), -1)[:, 0]


class Scaler:
    """(x - mean) / scale, in double precision."""

    def __init__(self, content):
        try:
            scaler = json.loads(content)
            if scaler["format"] != SCALER_FORMAT:
                raise WorkerError(f"scaler_path: the format must be {SCALER_FORMAT}")
            self.features = [str(name) for name in scaler["feature_names"]]
            self._mean = numpy.asarray(scaler["mean"], dtype=numpy.float64)
            self._scale = numpy.asarray(scaler["scale"], dtype=numpy.float64)
        except (ValueError, KeyError, TypeError):
            raise WorkerError(
                f"scaler_path: is no {SCALER_FORMAT}; export it with images/training/export_model.py"
            ) from None
        if not self.features or not (len(self.features) == len(self._mean) == len(self._scale)):
            raise WorkerError("scaler_path: names, mean and scale differ in length")
        if not numpy.all(self._scale > 0):
            raise WorkerError("scaler_path: every scale must be more than 0")

    def scale(self, rows):
        return (rows - self._mean) / self._scale


def _write(output_path, data_path, scaler, model):
    """Beside its place first: what fails leaves nothing half-written, and what was there."""
    output_path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=output_path.parent, prefix=".unfinished-")
    try:
        with os.fdopen(handle, "w", newline="", encoding="utf-8") as output:
            count = _predict_rows(data_path, csv.writer(output, lineterminator="\n"), scaler, model)
        os.chmod(name, 0o644)
        os.replace(name, output_path)
        return count
    except BaseException:
        os.unlink(name)
        raise


def _predict_rows(data_path, output, scaler, model):
    try:
        data = open(data_path, newline="", encoding="utf-8-sig")
    except OSError as error:
        raise WorkerError(f"data_path: {error.strerror}") from None
    with data:
        rows = csv.reader(data)
        header = next(rows, None)
        if header is None:
            raise WorkerError("data_path: is empty; it needs a header line")
        missing = [name for name in scaler.features if name not in header]
        if missing:
            raise WorkerError(f"data_path: lacks the columns {', '.join(missing)}")
        columns = [header.index(name) for name in scaler.features]
        output.writerow([*header, "prediction"])
        count = 0
        chunk = []
        for row in rows:
            if len(row) != len(header):
                raise WorkerError(
                    f"data_path: row {count + len(chunk) + 1} has {len(row)} fields instead of {len(header)}"
                )
            chunk.append(row)
            if len(chunk) == ROWS_AT_ONCE:
                count += _predict_chunk(chunk, count, columns, output, scaler, model)
                chunk = []
        if chunk:
            count += _predict_chunk(chunk, count, columns, output, scaler, model)
        return count


def _predict_chunk(chunk, before, columns, output, scaler, model):
    values = numpy.empty((len(chunk), len(columns)))
    for place, row in enumerate(chunk):
        for column, source in enumerate(columns):
            try:
                values[place, column] = float(row[source])
            except ValueError:
                raise WorkerError(
                    f"data_path: row {before + place + 1} has '{row[source]}' where a number must be"
                ) from None
    for row, prediction in zip(chunk, model.predict(scaler.scale(values)), strict=True):
        output.writerow([*row, prediction.item() if hasattr(prediction, "item") else prediction])
    return len(chunk)
