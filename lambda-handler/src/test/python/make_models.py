"""Writes the models, data and expected predictions of the handler's tests.

    python3 -m venv VENV
    VENV/bin/pip install scikit-learn==1.9.1 skl2onnx==1.20.0 onnx==1.23.2 pandas==3.1.1
    VENV/bin/python lambda-handler/src/test/python/make_models.py

Predictions come from scikit-learn itself, never from the ONNX file. The files are committed; run
this again only to change them.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import pandas as pd
from onnx import TensorProto, helper
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType
from sklearn.datasets import load_diabetes, load_iris
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.preprocessing import StandardScaler

OUT = Path(__file__).resolve().parents[1] / "resources" / "models"
OPSET = {"": 17, "ai.onnx.ml": 3}


def write_scaler(name, scaler, features):
    content = {
        "format": "mlinfra/scaler/v1",
        "feature_names": list(features),
        "mean": scaler.mean_.tolist(),
        "scale": scaler.scale_.tolist(),
    }
    (OUT / name).write_text(json.dumps(content, indent=1) + "\n")


def write_expected(name, predictions):
    """One prediction a line; repr of a double reads back as the same double."""
    (OUT / name).write_text("\n".join(str(p) for p in np.asarray(predictions).tolist()) + "\n")


def write_onnx(name, model, width, tensor_type, **options):
    exported = to_onnx(
        model, initial_types=[("X", tensor_type([None, width]))], target_opset=OPSET, **options
    )
    onnx.save(exported, OUT / name)


def diabetes():
    frame = load_diabetes(as_frame=True, scaled=False)
    data, target = frame.data, frame.target
    data.to_csv(OUT / "diabetes.csv", index=False)
    scaler = StandardScaler().fit(data.to_numpy())
    scaled = scaler.transform(data.to_numpy())
    write_scaler("diabetes-scaler.json", scaler, data.columns)

    linear = LinearRegression().fit(scaled, target)
    write_onnx("diabetes-linear.onnx", linear, 10, DoubleTensorType)
    write_expected("diabetes-linear.expected", linear.predict(scaled))

    forest = RandomForestRegressor(n_estimators=5, max_depth=5, random_state=0).fit(scaled, target)
    write_onnx("diabetes-forest.onnx", forest, 10, FloatTensorType)
    write_expected("diabetes-forest.expected", forest.predict(scaled))

    # without a scaler: the model takes the columns as they are
    unscaled = LinearRegression().fit(data.to_numpy(), target)
    write_onnx("diabetes-unscaled.onnx", unscaled, 10, DoubleTensorType)
    write_expected("diabetes-unscaled.expected", unscaled.predict(data.to_numpy()))

    two = LinearRegression().fit(scaled, np.column_stack([target, -target]))
    write_onnx("two-targets.onnx", two, 10, DoubleTensorType)


def iris():
    frame = load_iris(as_frame=True)
    data = frame.data
    names = np.array(frame.target_names)[frame.target]
    data.to_csv(OUT / "iris.csv", index=False)
    scaler = StandardScaler().fit(data.to_numpy())
    scaled = scaler.transform(data.to_numpy())
    write_scaler("iris-scaler.json", scaler, data.columns)
    for kind, target in [("names", names), ("numbers", frame.target.to_numpy())]:
        model = LogisticRegression().fit(scaled, target)
        options = {id(model): {"zipmap": False}}
        write_onnx(f"iris-{kind}.onnx", model, 4, FloatTensorType, options=options)
        write_expected(f"iris-{kind}.expected", model.predict(scaled))
    # the converter's default: probabilities as a list of maps
    write_onnx("iris-zipmap.onnx", model, 4, FloatTensorType)


def save(name, nodes, inputs, outputs, initializers=()):
    graph = helper.make_graph(nodes, "test", inputs, outputs, list(initializers))
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("custom.ops", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    (OUT / name).write_bytes(model.SerializeToString())


def value(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def odd_models():
    """Models of two features that break one rule each, or test one number."""
    double, single = TensorProto.DOUBLE, TensorProto.FLOAT
    total = [helper.make_node("ReduceSum", ["X", "axis"], ["y"], keepdims=0)]
    axis = helper.make_tensor("axis", TensorProto.INT64, [1], [1])
    column, result = value("X", double, [None, 2]), value("y", double, [None])
    save("sum.onnx", total, [column], [result], [axis])
    save("sum-float.onnx", total, [value("X", single, [None, 2])], [value("y", single, [None])], [axis])
    save("fixed-rows.onnx", total, [value("X", double, [1, 2])], [result], [axis])
    save("unknown-width.onnx", total, [value("X", double, [None, None])], [result], [axis])
    save("integer-input.onnx", total, [value("X", TensorProto.INT64, [None, 2])],
         [value("y", TensorProto.INT64, [None])], [axis])
    save("boolean-output.onnx", [helper.make_node("IsNaN", ["X"], ["n"]),
                                 helper.make_node("Cast", ["n"], ["i"], to=TensorProto.INT64),
                                 helper.make_node("ReduceMax", ["i"], ["m"], axes=[1], keepdims=0),
                                 helper.make_node("Cast", ["m"], ["y"], to=TensorProto.BOOL)],
         [column], [value("y", TensorProto.BOOL, [None])])
    save("custom-operator.onnx", [helper.make_node("Mine", ["X"], ["y"], domain="custom.ops")],
         [column], [result])
    save("two-inputs.onnx", [helper.make_node("Add", ["X", "Z"], ["y"])],
         [column, value("Z", double, [None, 2])], [value("y", double, [None, 2])])
    sequence = helper.make_tensor_sequence_value_info("y", double, None)
    save("sequence-output.onnx", [helper.make_node("SequenceConstruct", ["X"], ["y"])],
         [column], [sequence])
    # fails when run, not when loaded: indices beyond the tensor
    save("fails-when-run.onnx", [helper.make_node("Gather", ["X", "at"], ["y"], axis=0)],
         [column], [value("y", double, [None, 2])],
         [helper.make_tensor("at", TensorProto.INT64, [1], [1_000_000])])

    outside = helper.make_tensor("w", double, [1, 2], [1.0, 1.0])
    outside.ClearField("double_data")
    outside.data_location = TensorProto.EXTERNAL
    outside.external_data.add(key="location", value="weights.bin")
    sum_outside = [helper.make_node("Mul", ["X", "w"], ["m"]),
                   helper.make_node("ReduceSum", ["m", "axis"], ["y"], keepdims=0)]
    save("external-data.onnx", sum_outside, [column], [result], [axis, outside])
    constant = helper.make_node("Constant", [], ["w"], value=outside)
    save("external-constant.onnx", [constant, *sum_outside], [column], [result], [axis])


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    print(sys.version, pd.__version__, onnx.__version__)
    diabetes()
    iris()
    odd_models()
