"""One line for each epoch, in CloudWatch's embedded metric format: a log of a container is all that it needs."""

import json
import os
import time

NAMESPACE = "mlinfra/training"
UNITS = {
    "loss": "None",
    "validation_score": "None",
    "epoch_seconds": "Seconds",
    "gpu_utilization": "Percent",
    "gpu_memory_used": "Bytes",
}


def line(run_id: str, epoch: int, values: dict[str, float], epoch_millis: int | None = None) -> str:
    """The line. Metrics differ by the job's queue alone: each further dimension would be paid for as a metric."""
    queue = os.environ.get("AWS_BATCH_JQ_NAME", "none")
    metrics = [{"Name": name, "Unit": UNITS[name]} for name in values]
    content = {
        "_aws": {
            "Timestamp": int(time.time() * 1000) if epoch_millis is None else epoch_millis,
            "CloudWatchMetrics": [{"Namespace": NAMESPACE, "Dimensions": [["queue"]], "Metrics": metrics}],
        },
        "queue": queue,
        "run_id": run_id,
        "job_id": os.environ.get("AWS_BATCH_JOB_ID", ""),
        "epoch": epoch,
        **values,
    }
    return json.dumps(content, allow_nan=False)
