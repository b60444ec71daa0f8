"""What Prometheus reads at /metrics."""

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily

from .drift import DriftWindow

CONTENT_TYPE = CONTENT_TYPE_LATEST

# A series beside each counter, with the time at which it began: nobody asked for them.
disable_created_metrics()

# Seconds: from a small model's millisecond to the longest time-out that is sensible.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Its own registry, so that two services in one process, as in tests, do not meet."""

    def __init__(self):
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self.requests = Counter(
            "inference_requests", "Requests answered.", ["endpoint", "status"], registry=self._registry
        )
        self.errors = Counter("inference_errors", "Requests refused or failed.", ["code"], registry=self._registry)
        self.seconds = Histogram(
            "inference_request_seconds",
            "From a request to predict until its answer, whatever the answer.",
            buckets=BUCKETS,
            registry=self._registry,
        )
        self.rows = Counter("inference_rows", "Rows predicted.", registry=self._registry)
        self.in_flight = Gauge(
            "inference_requests_in_flight", "Requests to predict that wait or run.", registry=self._registry
        )
        self.load_seconds = Gauge(
            "inference_model_load_seconds",
            "From the start of reading the model until it is ready.",
            registry=self._registry,
        )
        self._info = Gauge(
            "inference_model_info",
            "The model that is loaded.",
            ["version", "sha256", "provider"],
            registry=self._registry,
        )

    def model(self, version: str, sha256: str, provider: str, seconds: float) -> None:
        """Tells which model is loaded."""
        self._info.labels(version, sha256, provider).set(1)
        self.load_seconds.set(seconds)

    def drift(self, features: tuple[str, ...], window: DriftWindow) -> None:
        """Tells of drift from now on."""
        self._registry.register(_Drift(features, window))

    def text(self) -> bytes:
        """All metrics in Prometheus' text format."""
        return generate_latest(self._registry)


class _Drift:
    """Computes the indices when they are asked for, instead of after each request."""

    def __init__(self, features: tuple[str, ...], window: DriftWindow):
        self._features = features
        self._window = window

    def collect(self):
        index = GaugeMetricFamily(
            "inference_feature_stability_index",
            "Population stability index of the latest rows against the training rows: below 0.1 little drift, "
            "above 0.25 much.",
            labels=["feature"],
        )
        for feature, value in zip(self._features, self._window.stability_indices(), strict=True):
            if value is not None:
                index.add_metric([feature], value)
        yield index
        yield GaugeMetricFamily("inference_drift_rows", "Rows in the window.", value=self._window.rows())
