"""The process that convert_pickle.py starts to unpickle in. Never import this: run it inside sandbox.py.

Reads request.json and the pickles from the current folder. Writes model.onnx and result.json there. Whatever it
writes may have been forged by the pickle, so convert_pickle.py checks everything it reads.
"""

import json
import sys
import warnings
from pathlib import Path

# Run with -I, Python does not look beside this file for the package it belongs to.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mlinfra_training import sandbox  # noqa: E402

sandbox.limit_resources()

import joblib  # noqa: E402
import numpy as np  # noqa: E402
from sklearn.exceptions import NotFittedError  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402
from sklearn.utils.validation import check_is_fitted  # noqa: E402

from mlinfra_training.errors import WrongInput  # noqa: E402
from mlinfra_training.models import MODELS, name_of  # noqa: E402

ROWS_TO_CHECK = 200


def main() -> None:
    request = json.loads(Path("request.json").read_text())
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.filterwarnings("ignore", message="X does not have valid feature names")  # our rows are plain arrays
        try:
            result = convert(request["features"], request["has_scaler"])
        except WrongInput as error:
            result = {"problems": error.problems}
    result["warnings"] = list(dict.fromkeys(" ".join(str(warning.message).split()) for warning in caught))
    Path("result.json").write_text(json.dumps(result))


def convert(features: list[str] | None, has_scaler: bool) -> dict:
    model, scaler = load("model.pkl"), load("scaler.pkl") if has_scaler else None
    problems = _model_problems(model)
    if has_scaler:
        problems += _scaler_problems(scaler)
    if problems:
        raise WrongInput("pickles", problems)

    count = int(model.n_features_in_)
    names = _feature_names(features, count, model, scaler)
    if scaler is None:
        mean, scale = np.zeros(count), np.ones(count)  # the model takes the values as they are
        spread = 10.0 ** np.random.default_rng(1).uniform(-2, 3, size=(ROWS_TO_CHECK, count))
    else:
        mean = scaler.mean_ if scaler.with_mean else np.zeros(count)
        scale = scaler.scale_ if scaler.with_std else np.ones(count)
        spread = scale
    # The training data is not in the pickle, so the check uses made-up rows from the range the scaler knows.
    rows = mean + spread * np.random.default_rng(0).standard_normal((ROWS_TO_CHECK, count))
    try:
        predictions = model.predict((rows - mean) / scale)
    except Exception as error:  # a model of another version may fail in any way
        raise WrongInput(
            "pickles",
            [f"model: cannot predict with this scikit-learn ({_one_line(error)}); train it again with train.py"],
        ) from error
    if predictions.size != len(rows):
        raise WrongInput("pickles", ["model: predicts several values per row; only one is supported"])
    # Imported only now, because most files that are refused never get here.
    from mlinfra_training.converters import model_to_onnx

    Path("model.onnx").write_bytes(model_to_onnx(model, count))
    return {
        "estimator": name_of(model),
        "feature_names": names,
        "mean": mean.tolist(),
        "scale": scale.tolist(),
        "rows": rows.tolist(),
        "predictions": predictions.reshape(len(rows)).tolist(),
    }


def load(file: str):
    try:
        return joblib.load(file)  # reads plain pickles as well. THIS LINE RUNS WHATEVER CODE THE FILE HOLDS.
    except BaseException as error:  # the file's code may raise anything, even SystemExit
        raise WrongInput(
            "pickles",
            [f"{file.removesuffix('.pkl')}: cannot be unpickled with this scikit-learn ({_one_line(error)})"],
        ) from error


def _model_problems(model) -> list[str]:
    if isinstance(model, StandardScaler):
        return ["model: is a StandardScaler, not a model; give it as --scaler and the model as --model"]
    if name_of(model) is None:
        supported = ", ".join(model_class.__name__ for model_class in MODELS.values())
        hint = " (take its scaler and model apart and save them as two files)" if hasattr(model, "steps") else ""
        return [f"model: is a {type(model).__name__}, which is not supported{hint}; supported: {supported}"]
    return _not_fitted(model, "model")


def _scaler_problems(scaler) -> list[str]:
    if type(scaler) is not StandardScaler:
        return [f"scaler: is a {type(scaler).__name__}, which is not supported; supported: StandardScaler"]
    return _not_fitted(scaler, "scaler")


def _not_fitted(estimator, what: str) -> list[str]:
    try:
        check_is_fitted(estimator)
    except NotFittedError:
        return [f"{what}: was saved before it was fitted; fit it, save it and try again"]
    return []


def _feature_names(features: list[str] | None, count: int, model, scaler) -> list[str]:
    if scaler is not None and scaler.n_features_in_ != count:
        raise WrongInput(
            "pickles",
            [f"scaler: scales {scaler.n_features_in_} features, but the model takes {count}; they do not match"],
        )
    holders = [holder for holder in (scaler, model) if hasattr(holder, "feature_names_in_")]
    remembered = [str(name) for name in holders[0].feature_names_in_] if holders else None
    if features is None and remembered is None:
        raise WrongInput("pickles", [f"features: the files hold no names; give --features with {count} names in order"])
    if features is not None and len(features) != count:
        raise WrongInput("pickles", [f"features: {len(features)} names given, but the model takes {count}"])
    if features is not None and remembered is not None and features != remembered:
        raise WrongInput(
            "pickles", [f"features: given {', '.join(features)}, but the files were fitted on {', '.join(remembered)}"]
        )
    return features or remembered


def _one_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


if __name__ == "__main__":
    main()
