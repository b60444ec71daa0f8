"""Writes real models, exported by images/training, and the predictions of the originals.

    tools/install training
    .mlinfra/tools/python-training/bin/python lambda-handler/src/test/python/make_exported_models.py

Each model is trained on a part of a data set that comes with scikit-learn, and predicts all of it.
Predictions come from the library that trained the model, never from the ONNX file. The files are
committed; run this again only to change them.
"""

import sys
from pathlib import Path

import numpy as np
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine
from sklearn.ensemble import (
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier, XGBRegressor

ROOT = Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT / "images" / "training"))

from mlinfra_training.export import Training, export_model  # noqa: E402

OUT = ROOT / "lambda-handler" / "src" / "test" / "resources" / "exported"
CREATED = "2026-01-01T00:00:00+00:00"


def data_sets():
    diabetes = load_diabetes(as_frame=True, scaled=False)
    iris, cancer, wine = (load(as_frame=True) for load in (load_iris, load_breast_cancer, load_wine))
    return {
        "diabetes": (diabetes.data, diabetes.target),
        "iris": (iris.data, np.array(iris.target_names)[iris.target]),
        "breast-cancer": (cancer.data, cancer.target),
        "wine": (wine.data, wine.target),
    }


def models():
    small = {"n_estimators": 20, "max_depth": 4, "random_state": 0}
    boosted = {"n_estimators": 20, "random_state": 0, "n_jobs": 1}
    return {
        "diabetes": {
            "linear": LinearRegression(),
            "network": MLPRegressor(hidden_layer_sizes=(16,), random_state=0, max_iter=2000, solver="lbfgs"),
            "random-forest": RandomForestRegressor(**small),
            "gradient-boosting": GradientBoostingRegressor(**small),
            "hist-gradient-boosting": HistGradientBoostingRegressor(max_iter=20, random_state=0),
            "xgboost": XGBRegressor(max_depth=4, **boosted),
            "lightgbm": LGBMRegressor(verbose=-1, **boosted),
        },
        "iris": {
            "logistic": LogisticRegression(),
            "random-forest": RandomForestClassifier(**small),
            "lightgbm": LGBMClassifier(verbose=-1, **boosted),
        },
        "breast-cancer": {
            "logistic": LogisticRegression(),
            "gradient-boosting": GradientBoostingClassifier(**small),
            "xgboost": XGBClassifier(max_depth=4, **boosted),
            "lightgbm": LGBMClassifier(verbose=-1, **boosted),
        },
        "wine": {
            "logistic": LogisticRegression(),
            "random-forest": RandomForestClassifier(**small),
            "xgboost": XGBClassifier(max_depth=4, **boosted),
        },
    }


def main():
    for data_set, (rows, target) in data_sets().items():
        folder = OUT / data_set
        folder.mkdir(parents=True, exist_ok=True)
        rows.to_csv(folder / "data.csv", index=False)
        train, test, train_target, test_target = train_test_split(rows, target, test_size=0.3, random_state=0)
        for name, model in models()[data_set].items():
            pipeline = make_pipeline(StandardScaler(), model).fit(train, train_target)
            training = Training(
                f"{data_set}-{name}", list(rows.columns), "target", train, test, test_target, CREATED
            )
            exported = export_model(pipeline, folder / name, training)
            predictions = pipeline.predict(rows).tolist()
            # One a line; repr of a number reads back as the same number.
            (folder / f"{name}.expected").write_text("\n".join(map(str, predictions)) + "\n")
            if hasattr(pipeline, "predict_proba"):
                lines = [pipeline.classes_.tolist(), *pipeline.predict_proba(rows).tolist()]
                text = "\n".join(",".join(map(str, line)) for line in lines)
                (folder / f"{name}.probabilities").write_text(text + "\n")
            print(f"{data_set}/{name}: {exported.comparison.largest_relative_difference:.3g}, {exported.metrics}")


if __name__ == "__main__":
    main()
