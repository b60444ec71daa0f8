"""Predicts with ONNX models on a network volume of RunPod."""

import os

# Since 1.29, ONNX Runtime on Linux tells its makers about models and machines, and keeps an id in the home folder,
# unless this is set before it is loaded.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
