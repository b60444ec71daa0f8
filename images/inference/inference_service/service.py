"""Loads the model once, and predicts with it."""

import json
import random
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import numpy

from . import artifacts, exported, rows
from .drift import DriftWindow
from .errors import EXIT_WRONG_INPUT, EnvironmentNotUsable, RequestError, StartError, listed
from .logs import Log
from .metrics import Metrics
from .model import Model
from .settings import Settings

# Scaler and baseline of ten thousand features take 5 MB.
MAX_JSON_BYTES = 64 << 20
JSON_TOO_LARGE = "name the file that images/training writes"
VERSION_DIGITS = 12


class Service:
    """Knows the model and whether it can be used.

    `load` may run in any thread, once; `submit` hands work to the threads that predict. Each prediction has one thread
    unless the settings say otherwise: several would add up the trees of a forest in an order that depends on the
    number of rows, and so give the same row different last digits.
    """

    def __init__(self, settings: Settings, log: Log):
        self.settings = settings
        self.log = log
        self.metrics = Metrics()
        self.loaded = False
        self.draining = False
        self.version: str | None = None
        self._workers = ThreadPoolExecutor(settings.predictions_at_once, thread_name_prefix="predict")

    @property
    def ready(self) -> bool:
        """Whether new requests should come here."""
        return self.loaded and not self.draining

    def load(self) -> None:
        """Reads and checks the files that the settings name. Raises StartError with the problems of all of them."""
        started = time.perf_counter()
        settings = self.settings
        failures: list[StartError] = []
        scaler = _attempt(failures, self._load_scaler)
        drift = _attempt(failures, self._load_baseline, scaler) if settings.baseline and scaler else None
        loaded = _attempt(failures, self._load_model, scaler)
        if failures:
            problems = [problem for failure in failures for problem in failure.problems]
            # What somebody must correct comes before what may be over in a minute.
            wrong = any(failure.exit_code == EXIT_WRONG_INPUT for failure in failures)
            raise StartError(*problems) if wrong else EnvironmentNotUsable(*problems)
        self._scaler, self._drift, (self._model, sha256) = scaler, drift, loaded
        self.features = scaler.features
        self.version = sha256[:VERSION_DIGITS]
        if drift is not None:
            self.metrics.drift(self.features, drift)
        seconds = time.perf_counter() - started
        self.metrics.model(self.version, sha256, self._model.provider, seconds)
        self.loaded = True
        self.log.write(
            "ready",
            model=settings.model,
            model_sha256=sha256,
            model_version=self.version,
            provider=self._model.provider,
            threads=settings.threads,
            predictions_at_once=settings.predictions_at_once,
            features=len(self.features),
            drift=drift is not None,
            load_seconds=round(seconds, 3),
        )

    def _load_scaler(self) -> exported.Scaler:
        content = artifacts.read("MLINFRA_SCALER", self.settings.scaler, MAX_JSON_BYTES, JSON_TOO_LARGE)
        return exported.scaler_from_json(content, "MLINFRA_SCALER")

    def _load_baseline(self, scaler: exported.Scaler) -> DriftWindow:
        content = artifacts.read("MLINFRA_BASELINE", self.settings.baseline, MAX_JSON_BYTES, JSON_TOO_LARGE)
        baseline = exported.baseline_from_json(content, "MLINFRA_BASELINE", scaler.features)
        return DriftWindow(baseline, self.settings.drift_rows)

    def _load_model(self, scaler: exported.Scaler | None) -> tuple[Model, str]:
        settings = self.settings
        content = artifacts.read(
            "MLINFRA_MODEL", settings.model, settings.max_model_bytes, "raise MLINFRA_MAX_MODEL_MB, if that is meant"
        )
        sha256 = artifacts.check_sha256("MLINFRA_MODEL", content, settings.model_sha256)
        model = Model(content, settings.device, settings.threads)
        if scaler is not None and model.width != len(scaler.features):
            raise StartError(
                f"MLINFRA_SCALER: has {len(scaler.features)} features, but the model takes {model.width}; "
                "use the scaler that was written with the model"
            )
        return model, sha256

    def submit(self, body: bytes, request_id: str) -> Future:
        """Predicts in a thread of its own. The result is the answer's body and the number of rows."""
        return self._workers.submit(self.predict, body, request_id)

    def predict(self, body: bytes, request_id: str) -> tuple[bytes, int]:
        """Answers one request. Raises RequestError."""
        request = rows.parse(body, self.features, self.settings.max_rows, self.settings.missing_values)
        unknown = [name for name in request.outputs if name not in self._model.outputs]
        if unknown:
            raise RequestError(
                "OUTPUT_UNKNOWN", f"the model has no output {listed(unknown)}; it has {listed(self._model.outputs)}"
            )
        first = self._model.outputs[0]
        names = [first, *(name for name in request.outputs if name != first)]
        values = dict(zip(names, self._model.predict(self._input(request.rows), names), strict=True))
        if self._drift is not None:
            self._drift.add(request.rows)
        count = len(request.rows)
        self.metrics.rows.inc(count)
        predictions = to_json(values[first].reshape(count))
        answer = {"request_id": request_id, "model_version": self.version, "predictions": predictions}
        if request.outputs:
            answer["outputs"] = {name: to_json(values[name]) for name in request.outputs}
            if self._model.classes is not None:
                answer["classes"] = self._model.classes
        self._sample(request_id, request.rows, predictions)
        return json.dumps(answer, allow_nan=False).encode(), count

    def _input(self, unscaled: numpy.ndarray) -> numpy.ndarray:
        scaled = self._model.scaled(self._scaler.apply(unscaled))
        too_large = numpy.argwhere(numpy.isinf(scaled))
        if len(too_large):
            row, feature = too_large[0]
            raise rows.out_of_range(int(row) + 1, self.features[feature], scaled.dtype.name)
        return scaled

    def _sample(self, request_id: str, unscaled: numpy.ndarray, predictions: list) -> None:
        """Logs one row of some requests."""
        if random.random() >= self.settings.log_predictions:
            return
        row = random.randrange(len(predictions))
        values = dict(zip(self.features, to_json(unscaled[row]), strict=True)) if self.settings.log_features else None
        self.log.write(
            "prediction",
            request_id=request_id,
            model_version=self.version,
            row=row + 1,
            prediction=predictions[row],
            features=values,
        )


def _attempt(failures: list[StartError], step, *arguments):
    """What the step gives; None, and a failure more, if it raises one."""
    try:
        return step(*arguments)
    except StartError as failure:
        failures.append(failure)
        return None


def to_json(values: numpy.ndarray) -> list:
    """Numbers, texts or null. A float32 becomes the shortest decimal that is the same float32, as in the prediction
    function's CSV: 0.1 and not 0.10000000149011612."""
    if values.ndim == 2:
        return [to_json(row) for row in values]
    if values.dtype.kind != "f":
        return values.tolist()
    plain = values.tolist() if values.dtype == numpy.float64 else [float(text) for text in values.astype("U32")]
    if numpy.isfinite(values).all():
        return plain
    return [value if finite else None for value, finite in zip(plain, numpy.isfinite(values).tolist(), strict=True)]


def start_loading(service: Service, on_failure) -> None:
    """Loads in a thread of its own, so that /health answers meanwhile. `on_failure` gets what goes wrong. A daemon:
    the process may end before a download does."""

    def run():
        try:
            service.load()
        except Exception as error:
            on_failure(error)

    threading.Thread(target=run, name="load", daemon=True).start()
