"""The serverless worker: takes jobs as {"input": {model_path, scaler_path, data_path, output_path}}."""

import os

import runpod

from runpod_worker.errors import WorkerError
from runpod_worker.paths import Volume
from runpod_worker.prediction import predict

FOLDERS = {
    "DATASETS_PREFIX": "datasets",
    "MODELS_PREFIX": "models",
    "RESULTS_PREFIX": "results",
    "CHECKPOINTS_PREFIX": "checkpoints",
}


def handler(job):
    """RunPod counts a job as failed whose answer has "error"."""
    try:
        return predict(volume, job.get("input"))
    except WorkerError as error:
        return {"success": False, "error": str(error)}


volume = Volume(os.environ.get("VOLUME_PATH", "/runpod-volume"))

if __name__ == "__main__":
    volume.make_folders(os.environ.get(name, default) for name, default in FOLDERS.items())
    runpod.serverless.start({"handler": handler})
