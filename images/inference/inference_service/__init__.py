"""Serves one ONNX model over HTTP."""
