import json

import onnx
import pytest
from onnx import TensorProto, helper


@pytest.fixture
def volume_folder(tmp_path):
    """A volume with a model that adds two features, its scaler and data."""
    root = tmp_path / "volume"
    for name in ("datasets", "models", "results", "checkpoints"):
        (root / name).mkdir(parents=True)
    (root / "models/model.onnx").write_bytes(sum_model())
    (root / "models/scaler.json").write_text(
        json.dumps(
            {"format": "mlinfra/scaler/v1", "feature_names": ["a", "b"], "mean": [1.0, 2.0], "scale": [2.0, 4.0]}
        )
    )
    (root / "datasets/data.csv").write_text("id,b,a\nx,6,3\ny,2,1\n")
    return root


def sum_model():
    node = helper.make_node("ReduceSum", ["X", "axes"], ["Y"], keepdims=0)
    graph = helper.make_graph(
        [node],
        "sum",
        [helper.make_tensor_value_info("X", TensorProto.DOUBLE, [None, 2])],
        [helper.make_tensor_value_info("Y", TensorProto.DOUBLE, [None])],
        [helper.make_tensor("axes", TensorProto.INT64, [1], [1])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    onnx.checker.check_model(model)
    return model.SerializeToString()


@pytest.fixture
def job():
    return {
        "model_path": "/workspace/models/model.onnx",
        "scaler_path": "/runpod-volume/models/scaler.json",
        "data_path": "datasets/data.csv",
        "output_path": "/workspace/results/user/predictions.csv",
    }
