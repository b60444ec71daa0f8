import json
import os
import re
import subprocess

import pytest

import train
from mlinfra_training.config import check_config, load_config
from mlinfra_training.errors import WrongInput


def problems_of(values):
    with pytest.raises(WrongInput) as caught:
        check_config(values)
    return caught.value.problems


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"modell": "ridge"}, '"modell" is not a known key; did you mean "model"?'),
        ({"model": "ridgee"}, "model: 'ridgee' is not in the list; did you mean \"ridge\"? allowed: linear_"),
        ({"model": "os.system"}, "model: 'os.system' is not in the list; allowed: linear_regression,"),
        ({"model": 3}, "model: 3 is not in the list; allowed: linear_regression,"),
        ({"model": ["ridge"]}, "model: ['ridge'] is not in the list; allowed: linear_regression,"),
        ({"hyperparameters": [1]}, 'hyperparameters: must be an object like {"alpha": 0.1}, but is [1]'),
        (
            {"model": "ridge", "hyperparameters": {"alhpa": 1}},
            'hyperparameters.alhpa: ridge has no such hyperparameter; did you mean "alpha"? allowed: alpha,',
        ),
        ({"hyperparameters": {"alpha": 1}}, "hyperparameters.alpha: linear_regression has no such hyperparameter;"),
        (
            {"model": "ridge", "hyperparameters": {"random_state": 1}},
            "hyperparameters.random_state: give random_state beside hyperparameters instead",
        ),
        (
            {"model": "ridge", "hyperparameters": {"alpha": [1]}},
            "hyperparameters.alpha: must be a number, a string, true, false or null, but is [1]",
        ),
        ({"test_size": 1}, "test_size: must be a number between 0 and 1 (both excluded), but is 1"),
        ({"test_size": True}, "test_size: must be a number between 0 and 1 (both excluded), but is True"),
        ({"random_state": -1}, "random_state: must be a whole number from 0 to 4294967295, but is -1"),
        ({"random_state": 1.5}, "random_state: must be a whole number from 0 to 4294967295, but is 1.5"),
        ({"run_id": "a/b"}, "run_id (from the configuration): must be 1 to 64 letters, digits, '.', '_' or '-'"),
        ({"run_id": ".."}, "run_id (from the configuration): must be 1 to 64 letters"),
        ({"run_id": "a\n"}, "run_id (from the configuration): must be 1 to 64 letters"),
        ({"run_id": 7}, "run_id (from the configuration): must be 1 to 64 letters"),
        ({"feature_columns": []}, "feature_columns: must be a non-empty list of non-empty strings, but is []"),
        ({"feature_columns": "age"}, "feature_columns: must be a non-empty list of non-empty strings, but is 'age'"),
        ({"feature_columns": ["a", "a"]}, "feature_columns: names 'a' more than once; name each once"),
        ({"feature_columns": ["a", "target"]}, "feature_columns: holds the target column 'target'"),
        ({"target_column": ""}, "target_column: must be a non-empty string, but is ''"),
        ({"model_prefix": "../up"}, "model_prefix: must be names of letters, digits"),
        ({"model_prefix": "/a"}, "model_prefix: must be names of letters, digits"),
        ({"dataset_bucket": "b-1"}, "dataset: give either dataset_bucket and dataset_key, or dataset_file, not both"),
        ({"dataset_bucket": "b-1"}, "dataset_key: missing; dataset_bucket and dataset_key belong together"),
        ({"dataset_bucket": "Bad_Bucket"}, "dataset_bucket: must be a bucket name of 3 to 63 lower-case letters"),
        ({"dataset_key": "k" * 1025}, "dataset_key: is longer than the 1024 bytes S3 allows"),
        ({"model_bucket": "b-1"}, "model: give either model_bucket or output_dir, not both"),
        ({"output_dir": 1}, "output_dir: must be a non-empty string, but is 1"),
    ],
)
def test_each_wrong_value_is_named_with_what_is_allowed(config, change, message):
    assert any(problem.startswith(message) for problem in problems_of(config | change))


def test_all_problems_are_told_at_once():
    problems = problems_of({})
    assert [problem.split(":")[0] for problem in problems] == [
        "dataset",
        "model",
        "feature_columns",
        "target_column",
        "model",
    ]


def test_defaults(config):
    checked = check_config(config)
    assert (checked.model_prefix, checked.test_size, checked.random_state) == ("models", 0.2, 42)
    assert checked.hyperparameters == {}


def test_config_from_file(config, tmp_path):
    file = tmp_path / "config.json"
    file.write_text(json.dumps(config))
    assert load_config(f"@{file}") == check_config(config)


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("config.json", "the command line does not hold valid JSON"),
        ("config.json", "put '@' before its name, as in @config.json"),
        ("@/does/not/exist", "file '/does/not/exist' cannot be read: No such file or directory"),
        ('{"model": "ridge", "model": "lasso"}', "key 'model' is given more than once"),
        ('{"test_size": NaN}', "NaN is not a JSON number"),
        ("[1]", "must be a JSON object like {...}, but is [1]"),
    ],
)
def test_unreadable_configuration(run, argument, message):
    ran = run(train.main, argument)
    assert ran.exit_code == 2
    assert message in ran.stderr
    assert "Traceback" not in ran.stderr


def test_run_id_from_git_sha_variable(config, monkeypatch):
    del config["run_id"]
    monkeypatch.setenv("GIT_SHA", "0123abc")
    assert check_config(config).run_id == "0123abc"
    monkeypatch.setenv("GIT_SHA", "not/ok")
    assert problems_of(config)[0].startswith("run_id (from the environment variable GIT_SHA): must be")


def test_run_id_from_git_checkout_else_from_time(config, monkeypatch, tmp_path):
    del config["run_id"]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert re.fullmatch(r"\d{8}T\d{6}Z", check_config(config).run_id)
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    environment = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", "init", "-q"], check=True, env=environment)
    subprocess.run(["git", *identity, "commit", "-q", "--allow-empty", "-m", "x"], check=True, env=environment)
    assert re.fullmatch(r"[0-9a-f]{40}", check_config(config).run_id)
    monkeypatch.setenv("PATH", str(tmp_path))  # no git at all
    assert re.fullmatch(r"\d{8}T\d{6}Z", check_config(config).run_id)
