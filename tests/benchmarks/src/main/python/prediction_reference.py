"""What the prediction function replaces, and the data and models that both sides get.

  prediction_reference.py prepare FOLDER ROWS    data and models
  prediction_reference.py run FOLDER DATA MODEL  predicts twice with pandas and scikit-learn

`run` prints the seconds and processor seconds of each run, and the largest resident memory in MB.
"""

import json
import resource
import sys
import time
from pathlib import Path

COLUMNS = 10
TREES = 100
TRAINING_ROWS = 20_000


def prepare(folder: Path, rows: int) -> None:
    import joblib
    import numpy as np
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType
    from sklearn.ensemble import GradientBoostingRegressor
    from sklearn.linear_model import LinearRegression
    from sklearn.preprocessing import StandardScaler

    def trees(depth: int) -> GradientBoostingRegressor:
        return GradientBoostingRegressor(n_estimators=TREES, max_depth=depth, random_state=1)

    random = np.random.default_rng(1)
    names = [f"x{i}" for i in range(COLUMNS)]
    training = random.normal(size=(TRAINING_ROWS, COLUMNS))
    target = training @ random.normal(size=COLUMNS) + np.sin(training[:, 0])
    scaler = StandardScaler().fit(training)
    joblib.dump(scaler, folder / "scaler.joblib")
    (folder / "scaler.json").write_text(
        json.dumps(
            {
                "format": "mlinfra/scaler/v1",
                "feature_names": names,
                "mean": scaler.mean_.tolist(),
                "scale": scaler.scale_.tolist(),
            }
        )
    )
    scaled = scaler.transform(training)
    models = {
        "linear": (LinearRegression(), DoubleTensorType),
        "trees6": (trees(6), FloatTensorType),
        "trees10": (trees(10), FloatTensorType),
    }
    for name, (model, kind) in models.items():
        model.fit(scaled, target)
        joblib.dump(model, folder / f"{name}.joblib")
        onnx = to_onnx(model, initial_types=[("X", kind([None, COLUMNS]))], target_opset={"": 18, "ai.onnx.ml": 3})
        (folder / f"{name}.onnx").write_bytes(onnx.SerializeToString())
    for name, form in {"six": "%.6f", "full": "%r"}.items():
        generator = np.random.default_rng(2)
        with (folder / f"{name}.csv").open("w") as out:
            out.write(",".join(names) + "\n")
            for _ in range(0, rows, 10_000):
                for row in generator.normal(size=(min(10_000, rows), COLUMNS)).tolist():
                    out.write(",".join(form % value for value in row) + "\n")


def run(folder: Path, data: str, model: str) -> None:
    import joblib
    import pandas as pd

    for _ in range(2):
        start, cpu = time.perf_counter(), time.process_time()
        frame = pd.read_csv(folder / f"{data}.csv")
        scaler = joblib.load(folder / "scaler.joblib")
        estimator = joblib.load(folder / f"{model}.joblib")
        frame["prediction"] = estimator.predict(scaler.transform(frame.to_numpy()))
        frame.to_csv(folder / "reference.csv", index=False)
        print(f"{time.perf_counter() - start:.3f} {time.process_time() - cpu:.3f}", flush=True)
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        run(Path(sys.argv[2]), sys.argv[3], sys.argv[4])
