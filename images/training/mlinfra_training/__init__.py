"""Trains a scikit-learn model and publishes it as ONNX plus a JSON scaler: no pickle anywhere."""
