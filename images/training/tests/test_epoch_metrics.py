import json

from mlinfra_training import epoch_metrics


def test_a_line_is_in_the_embedded_metric_format(monkeypatch):
    monkeypatch.setenv("AWS_BATCH_JQ_NAME", "gpu-jobs")
    monkeypatch.setenv("AWS_BATCH_JOB_ID", "job-1")
    values = {"loss": 0.5, "validation_score": 0.4, "epoch_seconds": 1.5}
    values |= {"gpu_utilization": 90.0, "gpu_memory_used": 7.0}
    line = epoch_metrics.line("run-1", 3, values, epoch_millis=1767225600000)
    assert "\n" not in line
    assert json.loads(line) == {
        "_aws": {
            "Timestamp": 1767225600000,
            "CloudWatchMetrics": [
                {
                    "Namespace": "mlinfra/training",
                    "Dimensions": [["queue"]],
                    "Metrics": [
                        {"Name": "loss", "Unit": "None"},
                        {"Name": "validation_score", "Unit": "None"},
                        {"Name": "epoch_seconds", "Unit": "Seconds"},
                        {"Name": "gpu_utilization", "Unit": "Percent"},
                        {"Name": "gpu_memory_used", "Unit": "Bytes"},
                    ],
                }
            ],
        },
        "queue": "gpu-jobs",
        "run_id": "run-1",
        "job_id": "job-1",
        "epoch": 3,
        **values,
    }


def test_a_line_outside_of_a_job_has_the_time_of_now():
    line = json.loads(epoch_metrics.line("run-1", 1, {"loss": 0.5}))
    assert line["_aws"]["Timestamp"] > 1767225600000
    assert (line["queue"], line["job_id"]) == ("none", "")
