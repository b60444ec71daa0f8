"""The JSON files beside a model, as images/training writes them: the scaler and the baseline."""

import json
import math
from dataclasses import dataclass

import numpy

from .errors import StartError, listed, shorten

SCALER_FORMAT = "mlinfra/scaler/v1"
BASELINE_FORMAT = "mlinfra/baseline/v1"


@dataclass(frozen=True)
class Scaler:
    """The features' names in the model's order, and what is subtracted and divided by."""

    features: tuple[str, ...]
    mean: numpy.ndarray
    scale: numpy.ndarray

    def apply(self, rows: numpy.ndarray) -> numpy.ndarray:
        """Divides in double precision, as scikit-learn does: multiplying by the reciprocal differs in the last bit,
        which is enough to take another branch in a tree."""
        with numpy.errstate(over="ignore", invalid="ignore"):
            return (rows - self.mean) / self.scale


@dataclass(frozen=True)
class Baseline:
    """For each feature, in the model's order, the edges of its bins and the share of the training rows in each."""

    edges: tuple[numpy.ndarray, ...]
    shares: tuple[numpy.ndarray, ...]


def scaler_from_json(content: bytes, setting: str) -> Scaler:
    """Reads a scaler. Raises StartError with every problem."""
    given = _object(content, setting, SCALER_FORMAT)
    problems = []
    names = given.get("feature_names")
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        problems.append(f"{setting}: feature_names must be an array of texts, at least one")
        names = []
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        problems.append(f"{setting}: feature_names has {listed(repeated)} more than once")
    mean = _numbers(given.get("mean"))
    scale = _numbers(given.get("scale"))
    if mean is None:
        problems.append(f"{setting}: mean must be an array of finite numbers")
    if scale is None or (scale == 0).any():
        problems.append(f"{setting}: scale must be an array of finite numbers other than 0")
    if not problems and not len(names) == len(mean) == len(scale):
        problems.append(
            f"{setting}: feature_names, mean and scale have {len(names)}, {len(mean)} and {len(scale)} entries, "
            "must have as many each"
        )
    if problems:
        raise StartError(*problems)
    return Scaler(tuple(names), mean, scale)


def baseline_from_json(content: bytes, setting: str, features: tuple[str, ...]) -> Baseline:
    """Reads a baseline of these features, which may have them in another order. Raises StartError."""
    given = _object(content, setting, BASELINE_FORMAT)
    entries = given.get("features")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise StartError(f"{setting}: features must be an array of objects")
    by_name = {entry.get("name"): entry for entry in entries if isinstance(entry.get("name"), str)}
    missing = [name for name in features if name not in by_name]
    if missing:
        raise StartError(f"{setting}: lacks {listed(missing)}; use the baseline that was written with the model")
    problems, edges, shares = [], [], []
    for name in features:
        edges.append(_numbers(by_name[name].get("edges")))
        shares.append(_numbers(by_name[name].get("shares")))
        problem = _problem(edges[-1], shares[-1])
        if problem:
            problems.append(f"{setting}: feature {shorten(name)!r} {problem}")
    if problems:
        raise StartError(*problems)
    return Baseline(tuple(edges), tuple(shares))


def _problem(edges: numpy.ndarray | None, shares: numpy.ndarray | None) -> str | None:
    if edges is None or shares is None:
        return "must have edges and shares, arrays of finite numbers"
    if len(shares) != len(edges) + 1:
        return f"has {len(edges)} edges and {len(shares)} shares, must have one share more"
    if len(shares) > 255:
        return f"has {len(shares)} bins, must have 255 or fewer"
    if (numpy.diff(edges) < 0).any():
        return "has edges that fall"
    if ((shares < 0) | (shares > 1)).any():
        return "has a share that is not from 0 to 1"
    return None


def _object(content: bytes, setting: str, wanted: str) -> dict:
    try:
        given = json.loads(content)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict) or given.get("format") != wanted:
        raise StartError(f"{setting}: is no {wanted}; export the model again with images/training")
    return given


def _numbers(given) -> numpy.ndarray | None:
    """The array of finite numbers that stands there; None if it is none."""
    if not isinstance(given, list) or not all(type(value) in (int, float) for value in given):
        return None
    try:
        values = [float(value) for value in given]
    except OverflowError:
        return None
    return numpy.array(values, numpy.float64) if all(map(math.isfinite, values)) else None
