"""Linear and logistic regressions as plain JSON, which a program can predict with that has no ONNX Runtime."""

import json

import numpy as np
from sklearn.linear_model import (
    ElasticNet,
    ElasticNetCV,
    Lasso,
    LassoCV,
    LinearRegression,
    LogisticRegression,
    LogisticRegressionCV,
    Ridge,
    RidgeCV,
)

FORMAT = "mlinfra/linear/v1"
# Listed, because other linear models bend the sum of their terms, or have no probabilities.
REGRESSORS = (LinearRegression, Ridge, RidgeCV, Lasso, LassoCV, ElasticNet, ElasticNetCV)
CLASSIFIERS = (LogisticRegression, LogisticRegressionCV)


def model_to_json(model) -> bytes | None:
    """The model's numbers, of which JSON keeps every bit, or None for models of other kinds."""
    if type(model) not in (*REGRESSORS, *CLASSIFIERS):
        return None
    coefficients = np.atleast_2d(model.coef_)
    content = {
        "format": FORMAT,
        "coefficients": coefficients.tolist(),
        "intercepts": np.broadcast_to(model.intercept_, len(coefficients)).tolist(),
    }
    if type(model) in CLASSIFIERS:
        content["classes"] = [str(name) for name in model.classes_.tolist()]
    return (json.dumps(content, indent=2, allow_nan=False) + "\n").encode()


def is_json(model: bytes) -> bool:
    """Whether a model is JSON: no ONNX file begins with a brace."""
    return model.startswith(b"{")


def predict(model_json: bytes, scaled: np.ndarray) -> np.ndarray:
    """What a serving program makes of the JSON: numbers, or names of classes."""
    model = json.loads(model_json)
    scores = scaled @ np.array(model["coefficients"]).T + np.array(model["intercepts"])
    if "classes" not in model:
        return scores[:, 0]
    best = scores.argmax(axis=1) if scores.shape[1] > 1 else (scores[:, 0] > 0).astype(int)
    return np.array(model["classes"])[best]
