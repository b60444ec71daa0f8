"""What may stand in a configuration of a network, and what comes from the environment of a job. Needs no PyTorch."""

import pytest

import compare_predictions
import train
from mlinfra_training.config import check_config
from mlinfra_training.errors import WrongInput
from mlinfra_training.network_settings import NetworkSettings, settings_of


@pytest.fixture
def network(config):
    return config | {"model": "neural_network"}


@pytest.fixture
def job(monkeypatch):
    """The environment that a job definition gives, for a role that may write models of one version."""
    monkeypatch.setenv("GIT_SHA", "0123456789abcdef")
    monkeypatch.setenv("MLINFRA_BUCKET", "my-bucket")
    monkeypatch.setenv("MLINFRA_DATASETS", "s3://my-bucket/datasets/")
    monkeypatch.setenv("MLINFRA_CHECKPOINTS", "s3://my-bucket/checkpoints/")
    monkeypatch.setenv("MLINFRA_MODELS", "s3://my-bucket/models/0123456789abcdef/")
    monkeypatch.setenv("AWS_BATCH_JOB_ID", "4c1a:7")


@pytest.fixture
def of_job(network):
    for key in ("dataset_file", "output_dir", "run_id"):
        del network[key]
    return network | {"dataset_key": "datasets/a.csv"}


def test_a_network_has_defaults_and_keeps_what_is_given(network):
    given = {"hidden": [8], "epochs": 3, "batch_size": 4, "learning_rate": 0.1, "dropout": 0.5, "weight_decay": 0.01}
    check_config(network | {"hyperparameters": given})
    assert settings_of({}) == NetworkSettings()
    assert settings_of(given) == NetworkSettings((8,), 3, 4, 0.1, 0.5, 0.01)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("epochs", 0, "must be a whole number from 1 to 100000, but is 0"),
        ("epochs", 2.5, "must be a whole number"),
        ("epochs", True, "must be a whole number"),
        ("batch_size", "8", "must be a whole number from 1 to 1000000, but is '8'"),
        ("learning_rate", 0, "must be a number from 1e-09 to 10, but is 0"),
        ("dropout", 1, "must be a number from 0 to 0.95, but is 1"),
        ("weight_decay", -1, "must be a number from 0 to 1, but is -1"),
        ("hidden", [], "as in [64, 32], but is []"),
        ("hidden", [8] * 9, "must be 1 to 8 widths"),
        ("hidden", [8, 0], "from 1 to 8192"),
        ("hidden", 8, "but is 8"),
        ("epoch", 3, 'did you mean "epochs"?'),
    ],
)
def test_what_a_hyperparameter_may_not_be_is_told(network, name, value, allowed):
    with pytest.raises(WrongInput) as error:
        check_config(network | {"hyperparameters": {name: value}})
    assert error.value.problems[0].startswith(f"hyperparameters.{name}: ")
    assert allowed in error.value.problems[0]


def test_a_job_names_the_places(of_job, job):
    config = check_config(of_job)
    assert (config.dataset_bucket, config.dataset_key) == ("my-bucket", "datasets/a.csv")
    assert (config.model_bucket, config.model_prefix, config.run_id) == ("my-bucket", "models", "0123456789abcdef")
    # The same for each attempt of a job, another one for each child of an array.
    assert config.checkpoints == "s3://my-bucket/checkpoints/4c1a-7/"


def test_a_job_that_may_write_all_models_takes_any_run_id(of_job, job, monkeypatch):
    monkeypatch.setenv("MLINFRA_MODELS", "s3://my-bucket/team/models/")
    config = check_config(of_job | {"run_id": "mine"})
    assert (config.model_prefix, config.run_id) == ("team/models", "mine")


def test_a_run_id_that_the_job_may_not_write_is_told_before_training(of_job, job):
    with pytest.raises(WrongInput, match="may write models of '0123456789abcdef' alone; leave run_id out"):
        check_config(of_job | {"run_id": "mine"})


def test_places_of_the_configuration_win(network, job):
    network["checkpoints"] = "s3://other-bucket/checkpoints/mine/"
    config = check_config(network)
    assert (config.model_bucket, config.output_dir) == (None, network["output_dir"])
    assert config.checkpoints == "s3://other-bucket/checkpoints/mine/"


@pytest.mark.parametrize("given", ["models", "s3://my-bucket", "s3://my-bucket/models"])
def test_a_folder_of_a_job_that_is_none_is_told(of_job, job, monkeypatch, given):
    monkeypatch.setenv("MLINFRA_MODELS", given)
    with pytest.raises(WrongInput, match="MLINFRA_MODELS: must be a folder"):
        check_config(of_job)


@pytest.mark.parametrize("given", ["", 3, "s3://bucket", "s3:bucket/x/"])
def test_checkpoints_lie_in_a_folder(network, given):
    with pytest.raises(WrongInput, match="checkpoints: must be a folder"):
        check_config(network | {"checkpoints": given})


def test_other_models_keep_no_checkpoints(config):
    with pytest.raises(WrongInput, match="checkpoints: only neural_network keeps any"):
        check_config(config | {"checkpoints": "x"})


def test_pytorch_that_is_missing_is_told_before_the_data_is_read(run, network, monkeypatch):
    monkeypatch.setitem(train.sys.modules, "torch", None)
    ran = run(train.main, network | {"dataset_file": "missing.csv"})
    assert ran.exit_code == 3
    assert "torch is needed for PyTorch models" in ran.stderr and "requirements-cuda.txt" in ran.stderr


def test_networks_are_not_compared_with_scikit_learn(run, network, data):
    file = str(data / "diabetes.csv")
    ran = run(
        compare_predictions.main, "--config", network, "--dataset", file, "--to-predict", file, "--results", file
    )
    assert ran.exit_code == 2
    assert "is not scikit-learn's" in ran.stderr
