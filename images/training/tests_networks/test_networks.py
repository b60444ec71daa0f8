"""PyTorch and Keras networks. Run by hand: what they need is too large for each build.

pip install --require-hashes -r requirements-networks.txt
python -m pytest tests_networks
"""

import json
import os
import sys

os.environ["KERAS_BACKEND"] = "torch"
sys.dont_write_bytecode = True

import keras  # noqa: E402
import numpy as np  # noqa: E402
import onnxruntime  # noqa: E402
import pytest  # noqa: E402
import torch  # noqa: E402
from sklearn.datasets import load_diabetes  # noqa: E402
from sklearn.model_selection import train_test_split  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402

from mlinfra_training import export  # noqa: E402
from mlinfra_training.errors import WrongInput  # noqa: E402

pytestmark = pytest.mark.filterwarnings("default")  # these libraries warn of themselves

DATA = load_diabetes(as_frame=True, scaled=False)
TRAIN, TEST, _, TEST_TARGET = train_test_split(DATA.data, DATA.target, test_size=0.3, random_state=0)
SCALER = StandardScaler().fit(TRAIN)
TRAINING = export.Training("a-network", list(TRAIN.columns), "target", TRAIN, TEST, TEST_TARGET)


def torch_network(number_type, outputs=1):
    torch.manual_seed(0)
    layers = (torch.nn.Linear(10, 8), torch.nn.ReLU(), torch.nn.Dropout(0.2), torch.nn.Linear(8, outputs))
    return torch.nn.Sequential(*layers).to(number_type)


def keras_network():
    keras.utils.set_random_seed(0)
    dense = keras.layers.Dense
    layers = [keras.layers.Input((10,)), dense(8, activation="relu"), keras.layers.Dropout(0.2), dense(1)]
    return keras.Sequential(layers)


@pytest.mark.parametrize(
    ("network", "framework", "input_type"),
    [
        (torch_network(torch.float32), "PyTorch", "float32"),
        (torch_network(torch.float64), "PyTorch", "float64"),
        (keras_network(), "Keras", "float32"),
    ],
)
def test_networks_are_exported(tmp_path, network, framework, input_type):
    exported = export.export_model(network, tmp_path / "out", TRAINING, SCALER)
    assert exported.comparison.agrees
    card = json.loads(exported.files["model-card.json"])
    assert card["framework"]["name"] == framework
    assert card["input"] == {"name": "X", "type": input_type, "width": 10}
    rows = SCALER.transform(TEST).astype(input_type)
    session = onnxruntime.InferenceSession(exported.files["model.onnx"])
    np.testing.assert_array_equal(session.run(None, {"X": rows[:1]})[0].shape, [1, 1])  # any number of rows
    assert b"site-packages" not in exported.files["model.onnx"]


def test_several_outputs_are_refused(tmp_path):
    with pytest.raises(WrongInput, match="supported: one value a row"):
        export.export_model(torch_network(torch.float32, outputs=3), tmp_path / "out", TRAINING, SCALER)
