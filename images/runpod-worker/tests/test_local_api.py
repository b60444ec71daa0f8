"""The worker behind the local API server of RunPod's own SDK."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest


@pytest.fixture
def server(volume_folder, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = open(tmp_path / "log", "w")
    process = subprocess.Popen(
        [sys.executable, "handler.py", "--rp_serve_api", "--rp_api_host", "127.0.0.1", "--rp_api_port", str(port)],
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "VOLUME_PATH": str(volume_folder), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < deadline, (tmp_path / "log").read_text()
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()


def post(url, body):
    request = urllib.request.Request(
        url, data=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def test_answers_a_job(server, job, volume_folder):
    answer = post(server + "/runsync", {"input": job})

    assert answer["status"] == "COMPLETED"
    assert answer["output"] == {"success": True, "num_predictions": 2, "output_path": job["output_path"]}
    assert (volume_folder / "results/user/predictions.csv").exists()


def test_a_job_that_cannot_be_done_fails(server, job):
    answer = post(server + "/runsync", {"input": {**job, "data_path": "/etc/passwd"}})

    assert answer["status"] == "FAILED"
    assert "is not on the volume" in answer["error"]
