"""Predicts with ONNX models on a network volume of RunPod."""
