"""Trains a scikit-learn model and publishes it as ONNX plus a JSON scaler: no pickle anywhere."""

import os

# Must be set before onnxruntime is imported: its Linux library reports to its vendor otherwise, and
# keeps a device id in the home directory.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
