"""The models that can be trained: a fixed list of names.

A configuration picks a NAME from this list. It never names a class, a module or an expression, so
whoever can write a configuration can choose a model but cannot run code of their own.
"""

import difflib

from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import Lasso, LinearRegression, LogisticRegression, Ridge

MODELS = {
    "linear_regression": LinearRegression,
    "ridge": Ridge,
    "lasso": Lasso,
    "random_forest_regressor": RandomForestRegressor,
    "gradient_boosting_regressor": GradientBoostingRegressor,
    "logistic_regression": LogisticRegression,
    "random_forest_classifier": RandomForestClassifier,
}

# Not scikit-learn's: mlinfra_training.network trains it, with PyTorch.
NETWORK = "neural_network"

CLASSIFIERS = frozenset({"logistic_regression", "random_forest_classifier"})


def name_of(estimator) -> str | None:
    """The list's name for this estimator, or None. The class must match exactly: a subclass may compute otherwise."""
    return next((name for name, model_class in MODELS.items() if type(estimator) is model_class), None)


def create(name: str, hyperparameters: dict, random_state: int):
    """A new, untrained estimator. `hyperparameters` must have passed `hyperparameter_problems`."""
    estimator = MODELS[name](**hyperparameters)
    if "random_state" in estimator.get_params():
        estimator.set_params(random_state=random_state)
    return estimator


def hyperparameter_problems(name: str, hyperparameters: dict) -> list[str]:
    """Everything wrong with the hyperparameters' names and kinds of values (scikit-learn checks ranges itself)."""
    allowed = sorted(set(MODELS[name]().get_params()) - {"random_state"})
    problems = []
    for key, value in hyperparameters.items():
        if key == "random_state":
            problems.append(
                "hyperparameters.random_state: give random_state beside hyperparameters instead, "
                "because the train/test split uses it too"
            )
        elif key not in allowed:
            problems.append(
                f"hyperparameters.{key}: {name} has no such hyperparameter;{did_you_mean(key, allowed)} "
                f"allowed: {', '.join(allowed)}"
            )
        elif value is not None and not isinstance(value, (bool, int, float, str)):
            problems.append(
                f"hyperparameters.{key}: must be a number, a string, true, false or null, but is {value!r}"
            )
    return problems


def did_you_mean(given: str, allowed) -> str:
    """' did you mean "x"?' for the nearest allowed name, or nothing if none is near."""
    nearest = difflib.get_close_matches(given, list(allowed), n=1)
    return f' did you mean "{nearest[0]}"?' if nearest else ""
