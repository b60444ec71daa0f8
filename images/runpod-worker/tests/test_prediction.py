import os

import pytest

from runpod_worker import prediction
from runpod_worker.errors import WorkerError
from runpod_worker.paths import Volume
from runpod_worker.prediction import predict


def test_predicts(volume_folder, job):
    answer = predict(Volume(volume_folder), job)

    assert answer == {"success": True, "num_predictions": 2, "output_path": job["output_path"]}
    assert (volume_folder / "results/user/predictions.csv").read_text() == (
        "id,b,a,prediction\nx,6,3,2.0\ny,2,1,0.0\n"
    )


def test_predicts_in_chunks(volume_folder, job, monkeypatch):
    monkeypatch.setattr(prediction, "ROWS_AT_ONCE", 3)
    (volume_folder / "datasets/data.csv").write_text("a,b\n" + "3,6\n" * 10)

    assert predict(Volume(volume_folder), job)["num_predictions"] == 10
    assert (volume_folder / "results/user/predictions.csv").read_text().count("2.0") == 10


def test_a_failure_leaves_what_was_there(volume_folder, job):
    output = volume_folder / "results/user/predictions.csv"
    output.parent.mkdir()
    output.write_text("before")
    (volume_folder / "datasets/data.csv").write_text("a,b\n1,2\n1,x\n")

    with pytest.raises(WorkerError, match="row 2 has 'x' where a number must be"):
        predict(Volume(volume_folder), job)

    assert output.read_text() == "before"
    assert os.listdir(output.parent) == ["predictions.csv"]


@pytest.mark.parametrize(
    "field, value, message",
    [
        ("model_path", None, "model_path: is missing"),
        ("model_path", 7, "model_path: is missing"),
        ("model_path", "/etc/passwd", "is not on the volume; paths begin with /workspace or /runpod-volume"),
        ("model_path", "/workspacex/m", "is not on the volume"),
        ("data_path", "/workspace/../../etc/passwd", "leads out of the volume"),
        ("data_path", "../secret", "leads out of the volume"),
        ("data_path", "/workspace", "leads out of the volume"),
        ("output_path", "results/\0", "zero byte"),
        ("output_path", "/workspace/models/model.onnx", "is one of the files that are read"),
        ("model_path", "models/none.onnx", "model_path: No such file"),
        ("model_path", "models/scaler.json", "is no ONNX model"),
        ("scaler_path", "models/model.onnx", "is no mlinfra/scaler/v1"),
        ("data_path", "datasets/none.csv", "data_path: No such file"),
    ],
)
def test_refuses(volume_folder, job, field, value, message):
    with pytest.raises(WorkerError, match=message):
        predict(Volume(volume_folder), {**job, field: value})
    assert os.listdir(volume_folder / "results") in ([], ["user"])


def test_a_link_does_not_lead_out(volume_folder, job, tmp_path):
    (tmp_path / "outside.csv").write_text("a,b\n1,2\n")
    (volume_folder / "datasets/link.csv").symlink_to(tmp_path / "outside.csv")

    with pytest.raises(WorkerError, match="leads out of the volume"):
        predict(Volume(volume_folder), {**job, "data_path": "datasets/link.csv"})


def test_a_pickle_is_refused(volume_folder, job):
    (volume_folder / "models/model.pkl").write_bytes(b"\x80\x04.")

    with pytest.raises(WorkerError, match="runs its code"):
        predict(Volume(volume_folder), {**job, "model_path": "models/model.pkl"})


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "needs a header line"),
        ("a\n1\n", "lacks the columns b"),
        ("a,b\n1\n", "row 1 has 1 fields instead of 2"),
    ],
)
def test_refuses_data(volume_folder, job, text, message):
    (volume_folder / "datasets/data.csv").write_text(text)
    with pytest.raises(WorkerError, match=message):
        predict(Volume(volume_folder), job)


@pytest.mark.parametrize(
    "text, message",
    [
        ('{"format": "other"}', "the format must be"),
        ('{"format": "mlinfra/scaler/v1", "feature_names": ["a"], "mean": [], "scale": []}', "differ in length"),
        ('{"format": "mlinfra/scaler/v1", "feature_names": ["a"], "mean": [0], "scale": [0]}', "more than 0"),
    ],
)
def test_refuses_a_scaler(volume_folder, job, text, message):
    (volume_folder / "models/scaler.json").write_text(text)
    with pytest.raises(WorkerError, match=message):
        predict(Volume(volume_folder), job)


def test_refuses_what_is_no_job(volume_folder, job):
    with pytest.raises(WorkerError, match="must be an object"):
        predict(Volume(volume_folder), None)
    with pytest.raises(WorkerError, match="does not know colour"):
        predict(Volume(volume_folder), {**job, "colour": "red"})
