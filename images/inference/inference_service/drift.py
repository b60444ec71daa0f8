"""How far the latest rows have moved from those that the model was trained on."""

import threading

import numpy

from .exported import Baseline

# Of fewer rows the index is mostly chance: with ten bins about 9 / rows without any drift.
FEWEST_ROWS = 200
# What an empty bin counts as, as in the prediction function: its logarithm would be infinite.
SMALLEST_SHARE = 1e-4
MISSING = 255
# Rows that are put into bins at a time, which bounds the memory for wide models.
CHUNK_ROWS = 256


class DriftWindow:
    """Counts, for each feature, in which bins of the baseline the values of the latest rows lie."""

    def __init__(self, baseline: Baseline, rows: int):
        width, bins = len(baseline.edges), max(map(len, baseline.shares))
        # No value is above an infinite edge, so that features may have fewer edges than others.
        self._edges = numpy.full((width, bins - 1), numpy.inf)
        self._then = numpy.zeros((width, bins))
        for feature, (edges, shares) in enumerate(zip(baseline.edges, baseline.shares, strict=True)):
            self._edges[feature, : len(edges)] = edges
            self._then[feature, : len(shares)] = shares
        self._bins = numpy.full((rows, width), MISSING, numpy.uint8)
        self._counts = numpy.zeros((width, bins), numpy.int64)
        self._next = 0
        self._filled = 0
        self._lock = threading.Lock()

    def add(self, rows: numpy.ndarray) -> None:
        """Takes in unscaled rows; as many of the oldest ones leave. NaN is a missing value, which is not counted."""
        for start in range(0, len(rows), CHUNK_ROWS):
            chunk = rows[start : start + CHUNK_ROWS]
            # A value equal to an edge belongs to the bin below it.
            bins = (chunk[:, :, None] > self._edges).sum(axis=2).astype(numpy.uint8)
            bins[numpy.isnan(chunk)] = MISSING
            with self._lock:
                self._replace(bins[-len(self._bins) :])

    def rows(self) -> int:
        """Rows in the window."""
        return self._filled

    def stability_indices(self) -> list[float | None]:
        """For each feature its population stability index: the sum over the bins of
        (share now - share then) * ln(share now / share then). None where too few values are there."""
        with self._lock:
            counts = self._counts.copy()
        totals = counts.sum(axis=1, keepdims=True)
        now = numpy.maximum(counts / numpy.maximum(totals, 1), SMALLEST_SHARE)
        then = numpy.maximum(self._then, SMALLEST_SHARE)
        indices = ((now - then) * numpy.log(now / then)).sum(axis=1)
        return [
            float(index) if total >= FEWEST_ROWS else None for index, total in zip(indices, totals[:, 0], strict=True)
        ]

    def _replace(self, bins: numpy.ndarray) -> None:
        places = (self._next + numpy.arange(len(bins))) % len(self._bins)
        self._count(self._bins[places], -1)
        self._count(bins, 1)
        self._bins[places] = bins
        self._next = (self._next + len(bins)) % len(self._bins)
        self._filled = min(self._filled + len(bins), len(self._bins))

    def _count(self, bins: numpy.ndarray, by: int) -> None:
        rows, features = numpy.nonzero(bins != MISSING)
        numpy.add.at(self._counts, (features, bins[rows, features]), by)
