"""How good predictions are: the same measures for every model, so that they can be compared."""

import numpy as np
from sklearn.metrics import accuracy_score, f1_score, mean_absolute_error, r2_score, root_mean_squared_error


def measure(classifies: bool, expected: np.ndarray, predicted: np.ndarray) -> dict[str, float]:
    """Accuracy and weighted F1 of classes; R2, mean absolute error and root mean squared error of numbers."""
    if classifies:
        return {
            "accuracy": float(accuracy_score(expected, predicted)),
            "f1_weighted": float(f1_score(expected, predicted, average="weighted")),
        }
    return {
        "r2": float(r2_score(expected, predicted)),
        "mae": float(mean_absolute_error(expected, predicted)),
        "rmse": float(root_mean_squared_error(expected, predicted)),
    }
