"""Reads the model and its companions, from files or S3, and never more than allowed."""

import hashlib
from pathlib import Path

from .errors import EnvironmentNotUsable, StartError

CHUNK_BYTES = 1 << 20

FIXES = {
    "AccessDenied": "allow s3:GetObject on it for the role in use; S3 says the same of a missing object when the role "
    "may not list the bucket, so check the name as well",
    "NoSuchKey": "check the key: it is case-sensitive and has no leading slash",
    "NoSuchBucket": "check the bucket's name, the account and AWS_ENDPOINT_URL",
    "InvalidAccessKeyId": "the credentials in use are not known here",
    "SignatureDoesNotMatch": "the secret key in use is wrong",
    "ExpiredToken": "the credentials in use have expired",
    "PermanentRedirect": "the bucket is in another region; set AWS_REGION to it",
}


def read(setting: str, place: str, limit: int, fix: str) -> bytes:
    """The whole content of `place`. Raises StartError when it is larger than `limit`, in bytes; `fix` says what then
    to do."""
    if place.startswith("s3://"):
        return _read_object(setting, place, limit, fix)
    try:
        with Path(place).open("rb") as file:
            return _bounded(setting, place, file, limit, fix)
    except OSError as error:
        raise EnvironmentNotUsable(
            f"{setting}: {place!r} cannot be read: {error.strerror}; check its name and who may read it"
        ) from error


def check_sha256(setting: str, content: bytes, wanted: str | None) -> str:
    """The checksum of the content. Raises StartError if another one is wanted."""
    actual = hashlib.sha256(content).hexdigest()
    if wanted is not None and wanted != actual:
        raise StartError(
            f"{setting}: its SHA-256 is {actual}, but MLINFRA_MODEL_SHA256 wants {wanted}; "
            "name the model that was pinned, or pin this one"
        )
    return actual


def _bounded(setting: str, place: str, stream, limit: int, fix: str) -> bytes:
    chunks, size = [], 0
    while chunk := stream.read(CHUNK_BYTES):
        size += len(chunk)
        if size > limit:
            raise StartError(f"{setting}: {place!r} is larger than {limit} bytes; {fix}")
        chunks.append(chunk)
    return b"".join(chunks)


def _read_object(setting: str, place: str, limit: int, fix: str) -> bytes:
    # Imported here, because working on files needs neither boto3 nor the time to load it.
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

    bucket, _, key = place.removeprefix("s3://").partition("/")
    try:
        body = _client().get_object(Bucket=bucket, Key=key)["Body"]
        return _bounded(setting, place, body, limit, fix)
    except ClientError as error:
        details = error.response.get("Error", {})
        code = details.get("Code", "unknown")
        raise EnvironmentNotUsable(
            f"{setting}: {place} failed with {code}: "
            + FIXES.get(code, f"S3 says: {details.get('Message', 'nothing more')}")
        ) from error
    except NoCredentialsError as error:
        raise EnvironmentNotUsable(
            f"{setting}: {place} failed: no AWS credentials found; run with a role, or set AWS_PROFILE"
        ) from error
    # OSError, ValueError: what the connection gives while the body is read, and wrong values of AWS_ variables.
    except (BotoCoreError, OSError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise EnvironmentNotUsable(
            f"{setting}: {place} failed: {reason}; check the network, AWS_PROFILE, AWS_REGION and AWS_ENDPOINT_URL"
        ) from error


def _client():
    import boto3
    from botocore.config import Config

    # Bounded, so that a start fails with a message instead of hanging.
    bounds = Config(connect_timeout=10, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 4})
    return boto3.client("s3", config=bounds)
