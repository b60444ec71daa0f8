"""Where datasets come from and models go to: S3, or plain folders for working without it.

S3 needs no more than s3:GetObject on the dataset and s3:PutObject on the model's prefix. That is why
this uses get_object and put_object: boto3's download_file and upload_file may call other operations.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from mlinfra_training.errors import EnvironmentNotUsable, NotThere

if TYPE_CHECKING:  # loads scikit-learn, which takes seconds that not every user of this module needs
    from mlinfra_training.config import TrainingConfig

FIXES = {
    "AccessDenied": "allow {permission} on it for the role in use; S3 says the same of a missing object "
    "when the role may not list the bucket, so check the name as well",
    "NoSuchKey": "check the key: it is case-sensitive and has no leading slash",
    "NoSuchBucket": "check the bucket's name, the account and AWS_ENDPOINT_URL",
    "InvalidAccessKeyId": "the credentials in use are not known here; log in again",
    "SignatureDoesNotMatch": "the secret key in use is wrong; log in again",
    "ExpiredToken": "the credentials in use have expired; log in again",
    "PermanentRedirect": "the bucket is in another region; set AWS_REGION to it",
}
PERMISSIONS = {"GetObject": "s3:GetObject", "PutObject": "s3:PutObject"}


class S3:
    """One S3 client for all calls. boto3 reads credentials, region and AWS_ENDPOINT_URL from the environment."""

    def __init__(self, client=None):
        self._client = client or _new_client()

    def read(self, bucket: str, key: str) -> bytes:
        return self._call("GetObject", bucket, key, lambda: self._get(bucket, key))

    def write(self, bucket: str, key: str, content: bytes, content_type: str) -> None:
        self._call(
            "PutObject",
            bucket,
            key,
            lambda: self._client.put_object(Bucket=bucket, Key=key, Body=content, ContentType=content_type),
        )

    def _get(self, bucket: str, key: str) -> bytes:
        return self._client.get_object(Bucket=bucket, Key=key)["Body"].read()

    def _call(self, operation: str, bucket: str, key: str, call):
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

        place = f"{operation} s3://{bucket}/{key}"
        try:
            return call()
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "unknown")
            fix = FIXES.get(code, f"S3 says: {error.response.get('Error', {}).get('Message', 'nothing more')}")
            fix = fix.format(permission=PERMISSIONS[operation]) if code in FIXES else fix
            kind = NotThere if code in ("NoSuchKey", "AccessDenied") else EnvironmentNotUsable
            raise kind(f"{place} failed with {code}: {fix}") from error
        except NoCredentialsError as error:
            raise EnvironmentNotUsable(
                f"{place} failed: no AWS credentials found; run with a role, or set AWS_PROFILE"
            ) from error
        except BotoCoreError as error:
            reason = " ".join(str(error).split())
            raise EnvironmentNotUsable(
                f"{place} failed: {reason}; check the network, the region and AWS_ENDPOINT_URL"
            ) from error


def _new_client():
    # Imported here, because working on plain files needs neither boto3 nor the time to load it.
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    # Bounded, so that a training run fails with a message instead of hanging and costing money.
    bounds = Config(connect_timeout=10, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 4})
    try:
        return boto3.client("s3", config=bounds)
    except (BotoCoreError, ValueError) as error:
        raise EnvironmentNotUsable(
            f"the S3 client cannot be set up: {error}; check AWS_PROFILE, AWS_REGION and AWS_ENDPOINT_URL"
        ) from error


def dataset_location(config: TrainingConfig) -> str:
    """The dataset's address for people and for metrics.json."""
    if config.dataset_file is not None:
        return config.dataset_file
    return f"s3://{config.dataset_bucket}/{config.dataset_key}"


def read_dataset(config: TrainingConfig) -> bytes:
    """The whole dataset, as the configuration locates it."""
    if config.dataset_file is not None:
        return read_file(config.dataset_file)
    return S3().read(config.dataset_bucket, config.dataset_key)


def read_file(path: str) -> bytes:
    """The file's content, or a clear error."""
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise EnvironmentNotUsable(f"file {path!r} cannot be read: {reason_of(error)}; check its name") from error


def publish(config: TrainingConfig, artifacts: list[tuple[str, bytes, str]]) -> dict[str, str]:
    """Writes (name, content, content type) in the order given and returns each name's key.

    The order matters: the caller puts last what tells readers that the run is complete.
    """
    keys = {name: f"{config.model_prefix}/{config.run_id}/{name}" for name, _, _ in artifacts}
    s3 = S3() if config.model_bucket is not None else None
    for name, content, content_type in artifacts:
        if s3 is not None:
            s3.write(config.model_bucket, keys[name], content, content_type)
        else:
            write_file(Path(config.output_dir, keys[name]), content)
    return keys


def write_file(path: Path, content: bytes) -> None:
    """Writes the file in one step: readers see all of it or nothing, even if this program is stopped half-way."""
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o644)  # mkstemp lets only its owner read
        os.replace(temporary, path)
    except (OSError, ValueError) as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise EnvironmentNotUsable(f"{str(path)!r} cannot be written: {reason_of(error)}; check the folder") from error


def reason_of(error: Exception) -> str:
    """What the operating system says, without the error number and the path people have just read."""
    return getattr(error, "strerror", None) or str(error)
