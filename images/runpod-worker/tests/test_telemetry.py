"""ONNX Runtime reports home unless it is told not to."""

import os
import subprocess
import sys
from pathlib import Path


def test_onnx_runtime_tells_nobody(tmp_path):
    # It keeps an id in the home folder when it reports home. It does not in what looks like CI.
    unwanted = ("CI", "ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME")
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    program = "import runpod_worker.prediction; import onnxruntime; onnxruntime.get_available_providers()"
    subprocess.run(
        [sys.executable, "-B", "-c", program],
        cwd=Path(__file__).parent.parent,
        env=environment | {"HOME": str(tmp_path)},
        check=True,
    )
    assert list(tmp_path.rglob("*")) == []
