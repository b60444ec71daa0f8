"""What the training data looked like, so that whoever serves the model can tell when new data no longer does.

The shares per bin are the expected distribution of the population stability index:
sum over the bins of (actual - expected) * ln(actual / expected).
"""

import json

import numpy as np

from mlinfra_training.errors import WrongInput

BASELINE_FORMAT = "mlinfra/baseline/v1"
BINS = 10


def baseline_to_json(feature_names: list[str], rows: np.ndarray) -> bytes:
    """Counts, moments and quantile bins of each feature, unscaled. Raises WrongInput for features without numbers."""
    problems = [problem for name, values in zip(feature_names, rows.T) for problem in _problems(name, values)]
    if problems:
        raise WrongInput("training rows", problems)
    content = {
        "format": BASELINE_FORMAT,
        "rows": len(rows),
        "features": [_describe(name, values) for name, values in zip(feature_names, rows.T)],
    }
    return (json.dumps(content, indent=2, allow_nan=False) + "\n").encode()


def _problems(name: str, values: np.ndarray) -> list[str]:
    present = values[~np.isnan(values)]
    if len(present) == 0:
        return [f"feature {name!r}: has no value in any row; leave the feature out"]
    with np.errstate(over="ignore", invalid="ignore"):
        if not np.isfinite([present.min(), present.max(), present.mean(), present.std()]).all():
            return [f"feature {name!r}: has infinite or too large values; drop them or use larger units"]
    return []


def _describe(name: str, values: np.ndarray) -> dict:
    present = values[~np.isnan(values)]
    edges = np.quantile(present, np.arange(1, BINS) / BINS)
    # side="left": a value equal to an edge belongs to the bin below it.
    bins = np.bincount(np.searchsorted(edges, present, side="left"), minlength=BINS)
    return {
        "name": name,
        "count": len(present),
        "missing": len(values) - len(present),
        "mean": float(present.mean()),
        "std": float(present.std()),
        "min": float(present.min()),
        "max": float(present.max()),
        "edges": edges.tolist(),
        "shares": (bins / len(present)).tolist(),
    }
