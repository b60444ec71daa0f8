"""Reads the training configuration and checks all of it before anything else is done."""

import datetime
import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from mlinfra_training import network_settings
from mlinfra_training.errors import WrongInput
from mlinfra_training.models import MODELS, NETWORK, did_you_mean, hyperparameter_problems

ALLOWED_KEYS = (
    "dataset_bucket",
    "dataset_key",
    "dataset_file",
    "model_bucket",
    "output_dir",
    "model_prefix",
    "feature_columns",
    "target_column",
    "model",
    "hyperparameters",
    "test_size",
    "random_state",
    "run_id",
    "checkpoints",
)
ALLOWED_MODELS = (*MODELS, NETWORK)
RUN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
PREFIX = re.compile(r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*")
S3_FOLDER = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(?P<prefix>[A-Za-z0-9._/-]+)/")
LARGEST_RANDOM_STATE = 2**32 - 1  # numpy's limit for a seed


@dataclass(frozen=True)
class TrainingConfig:
    """A checked configuration. Either the bucket or the file of each pair is set, never both."""

    dataset_bucket: str | None
    dataset_key: str | None
    dataset_file: str | None
    model_bucket: str | None
    output_dir: str | None
    model_prefix: str
    feature_columns: list[str]
    target_column: str
    model: str
    hyperparameters: dict
    test_size: float
    random_state: int
    run_id: str
    checkpoints: str | None = None


def load_config(argument: str) -> TrainingConfig:
    """Reads the configuration from JSON text, or from a file if the argument starts with '@'."""
    if argument.startswith("@"):
        where = argument[1:]
        try:
            text = Path(where).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise WrongInput("configuration", [f"file {where!r} cannot be read: {reason}"]) from error
    else:
        where, text = "the command line", argument
    try:
        values = json.loads(text, object_pairs_hook=_object_without_repeats, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        hint = "" if argument.startswith("@") else "; to read a file, put '@' before its name, as in @config.json"
        raise WrongInput("configuration", [f"{where} does not hold valid JSON: {error}{hint}"]) from error
    return check_config(values)


def check_config(values) -> TrainingConfig:
    """Checks the configuration and fills in defaults. Raises WrongInput with ALL problems."""
    if not isinstance(values, dict):
        raise WrongInput("configuration", [f"must be a JSON object like {{...}}, but is {values!r}"])
    values = with_places_of_job(values)
    problems = [
        f'"{key}" is not a known key;{did_you_mean(key, ALLOWED_KEYS)} allowed: {", ".join(ALLOWED_KEYS)}'
        for key in values
        if key not in ALLOWED_KEYS
    ]
    problems += _location_problems(values)
    problems += _column_problems(values)
    problems += _model_problems(values)
    problems += _checkpoint_problems(values)

    test_size = values.get("test_size", 0.2)
    if not _is_number(test_size) or not 0 < test_size < 1:
        problems.append(f"test_size: must be a number between 0 and 1 (both excluded), but is {test_size!r}")

    random_state = values.get("random_state", 42)
    if not _is_integer(random_state) or not 0 <= random_state <= LARGEST_RANDOM_STATE:
        problems.append(
            f"random_state: must be a whole number from 0 to {LARGEST_RANDOM_STATE}, but is {random_state!r}"
        )

    run_id, run_id_source = choose_run_id(values)
    if not isinstance(run_id, str) or not RUN_ID.fullmatch(run_id) or run_id in (".", ".."):
        problems.append(
            f"run_id (from {run_id_source}): must be 1 to 64 letters, digits, '.', '_' or '-' "
            f"and not '.' or '..', but is {run_id!r}"
        )
    elif _is_version_of_job(values) and run_id != os.environ["GIT_SHA"]:
        problems.append(
            f"run_id (from {run_id_source}): is {run_id!r}, but this job may write models of {os.environ['GIT_SHA']!r} "
            "alone; leave run_id out"
        )
    if problems:
        raise WrongInput("configuration", problems)
    return TrainingConfig(
        dataset_bucket=values.get("dataset_bucket"),
        dataset_key=values.get("dataset_key"),
        dataset_file=values.get("dataset_file"),
        model_bucket=values.get("model_bucket"),
        output_dir=values.get("output_dir"),
        model_prefix=values.get("model_prefix", "models"),
        feature_columns=values["feature_columns"],
        target_column=values["target_column"],
        model=values["model"],
        hyperparameters=values.get("hyperparameters", {}),
        test_size=float(test_size),
        random_state=random_state,
        run_id=run_id,
        checkpoints=values.get("checkpoints") or _checkpoints_of_job(run_id),
    )


def with_places_of_job(values: dict) -> dict:
    """The values, and the places that the environment of a job names where the values name none."""
    bucket, models = os.environ.get("MLINFRA_BUCKET"), _models_of_job()
    filled = dict(values)
    if bucket and "dataset_key" in values:
        filled.setdefault("dataset_bucket", bucket)
    if models is not None and not {"model_bucket", "output_dir", "model_prefix"} & values.keys():
        filled["model_bucket"], filled["model_prefix"] = models
    return filled


def _models_of_job() -> tuple[str, str] | None:
    """Bucket and prefix in MLINFRA_MODELS, which may end with the version that the job may write."""
    given = os.environ.get("MLINFRA_MODELS", "")
    if not given:
        return None
    match = S3_FOLDER.fullmatch(given)
    if not match:
        raise WrongInput(
            "environment", [f"MLINFRA_MODELS: must be a folder as in s3://my-bucket/models/, but is {given!r}"]
        )
    prefix = match["prefix"].rstrip("/")
    version = os.environ.get("GIT_SHA")
    return match["bucket"], prefix.removesuffix(f"/{version}") if version else prefix


def _is_version_of_job(values: dict) -> bool:
    """Whether models go where a job may write those of one version alone."""
    models, version = _models_of_job(), os.environ.get("GIT_SHA")
    return (
        models is not None
        and bool(version)
        and os.environ["MLINFRA_MODELS"].rstrip("/").endswith(f"/{version}")
        and models == (values.get("model_bucket"), values.get("model_prefix"))
    )


def _checkpoints_of_job(run_id: str) -> str | None:
    """A folder for this job, the same for each of its attempts; None outside of jobs."""
    given = os.environ.get("MLINFRA_CHECKPOINTS")
    # Children of an array job have a colon before their number.
    name = os.environ.get("AWS_BATCH_JOB_ID", run_id).replace(":", "-")
    return f"{given.rstrip('/')}/{name}/" if given else None


def choose_run_id(values: dict) -> tuple[object, str]:
    """The run's name and where it comes from: the configuration, the git commit, or the time."""
    if "run_id" in values:
        return values["run_id"], "the configuration"
    if os.environ.get("GIT_SHA"):
        return os.environ["GIT_SHA"], "the environment variable GIT_SHA"
    try:
        git = subprocess.run(
            ["git", "rev-parse", "HEAD"], capture_output=True, text=True, timeout=5, stdin=subprocess.DEVNULL
        )
        if git.returncode == 0:
            return git.stdout.strip(), "git rev-parse HEAD"
    except (OSError, subprocess.TimeoutExpired):
        pass  # no usable git here (a container has none): the time will do
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ"), "the time"


def _location_problems(values: dict) -> list[str]:
    problems = []
    has_bucket = "dataset_bucket" in values or "dataset_key" in values
    if has_bucket and "dataset_file" in values:
        problems.append("dataset: give either dataset_bucket and dataset_key, or dataset_file, not both")
    if not has_bucket and "dataset_file" not in values:
        problems.append("dataset: missing; give dataset_bucket and dataset_key (S3), or dataset_file (a local file)")
    if has_bucket:
        problems += [
            f"{key}: missing; dataset_bucket and dataset_key belong together"
            for key in ("dataset_bucket", "dataset_key")
            if key not in values
        ]
    if "model_bucket" in values and "output_dir" in values:
        problems.append("model: give either model_bucket or output_dir, not both")
    if "model_bucket" not in values and "output_dir" not in values:
        problems.append("model: no place to write to; give model_bucket (S3) or output_dir (a local folder)")

    for key in ("dataset_bucket", "model_bucket"):
        if key in values and not _matches(BUCKET, values[key]):
            problems.append(
                f"{key}: must be a bucket name of 3 to 63 lower-case letters, digits, '.' or '-', "
                f"but is {values[key]!r}"
            )
    for key in ("dataset_key", "dataset_file", "output_dir"):
        if key in values and not _is_text(values[key]):
            problems.append(f"{key}: must be a non-empty string, but is {values[key]!r}")
    if _is_text(values.get("dataset_key")) and len(values["dataset_key"].encode("utf-8", "replace")) > 1024:
        problems.append("dataset_key: is longer than the 1024 bytes S3 allows")

    prefix = values.get("model_prefix", "models")
    if not _matches(PREFIX, prefix) or {".", ".."} & set(prefix.split("/")) or len(prefix) > 512:
        problems.append(
            "model_prefix: must be names of letters, digits, '.', '_' or '-' with single slashes between them "
            f"(at most 512 characters, no '.' or '..' alone), as in \"models/churn\", but is {prefix!r}"
        )
    return problems


def _column_problems(values: dict) -> list[str]:
    problems = []
    features, target = values.get("feature_columns"), values.get("target_column")
    if "feature_columns" not in values:
        problems.append('feature_columns: missing; give a list of column names, as in ["age", "bmi"]')
    elif not isinstance(features, list) or not features or not all(_is_text(name) for name in features):
        problems.append(f"feature_columns: must be a non-empty list of non-empty strings, but is {features!r}")
    else:
        repeated = sorted({name for name in features if features.count(name) > 1})
        if repeated:
            problems.append(f"feature_columns: names {', '.join(map(repr, repeated))} more than once; name each once")
        if target in features:
            problems.append(
                f"feature_columns: holds the target column {target!r}, so the model would be told the answer; "
                "remove it there"
            )
    if "target_column" not in values:
        problems.append("target_column: missing; name the column to predict")
    elif not _is_text(target):
        problems.append(f"target_column: must be a non-empty string, but is {target!r}")
    return problems


def _model_problems(values: dict) -> list[str]:
    model, hyperparameters = values.get("model"), values.get("hyperparameters", {})
    problems = []
    if "model" not in values:
        problems.append(f"model: missing; choose one of {', '.join(ALLOWED_MODELS)}")
    elif not isinstance(model, str) or model not in ALLOWED_MODELS:
        hint = did_you_mean(model, ALLOWED_MODELS) if isinstance(model, str) else ""
        problems.append(f"model: {model!r} is not in the list;{hint} allowed: {', '.join(ALLOWED_MODELS)}")
    if not isinstance(hyperparameters, dict):
        problems.append(f'hyperparameters: must be an object like {{"alpha": 0.1}}, but is {hyperparameters!r}')
    elif model == NETWORK:
        problems += network_settings.problems(hyperparameters)
    elif isinstance(model, str) and model in MODELS:
        problems += hyperparameter_problems(model, hyperparameters)
    return problems


def _checkpoint_problems(values: dict) -> list[str]:
    if "checkpoints" not in values:
        return []
    if values.get("model") != NETWORK:
        return [f"checkpoints: only {NETWORK} keeps any; leave it out"]
    given = values["checkpoints"]
    if not _is_text(given) or (given.startswith("s3:") and not S3_FOLDER.fullmatch(given)):
        return [f"checkpoints: must be a folder, or one as in s3://my-bucket/checkpoints/my-run/, but is {given!r}"]
    return []


def _object_without_repeats(pairs: list[tuple]) -> dict:
    # JSON parsers silently keep the last of two equal keys: a classic way to train with the wrong setting.
    keys = [key for key, _ in pairs]
    repeated = sorted({key for key in keys if keys.count(key) > 1})
    if repeated:
        raise ValueError(f"key {', '.join(map(repr, repeated))} is given more than once")
    return dict(pairs)


def _refuse_constant(name: str):
    raise ValueError(f"{name} is not a JSON number")


def _is_text(value) -> bool:
    return isinstance(value, str) and value.strip() != ""


def _matches(pattern: re.Pattern, value) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_integer(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)  # in Python, True is an int as well


def _is_number(value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
