"""Calls to the emulator's own service API, made as its administrator or, by CloudFormation, as whom it works for.

Resources are made through the same HTTP API that users call, so that a resource which CloudFormation reports is one
that the service API shows, with the service's own validation.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.client import BaseClient
from botocore.config import Config
from botocore.model import Shape

# The variable is moto's own, so that its services and ours answer for the same account; set by server.py.
ACCOUNT = os.environ.get("MOTO_ACCOUNT_ID", "123456789012")


@dataclass(frozen=True)
class AccessKey:
    access_key_id: str
    secret_access_key: str
    session_token: str | None = None


_acting: ContextVar[AccessKey | None] = ContextVar("acting", default=None)


class EmulatorApi:
    """Clients for this server, one for each service, region and key."""

    def __init__(self) -> None:
        self._endpoint = ""
        self._access_key: AccessKey | None = None
        self._clients: dict[tuple[str, str, str], BaseClient] = {}
        self._lock = threading.Lock()

    def connect(self, endpoint: str, access_key: AccessKey) -> None:
        """Says where the server listens and as whom to call it."""
        self._endpoint = endpoint
        self._access_key = access_key
        self._clients.clear()

    @property
    def access_key(self) -> AccessKey:
        if self._access_key is None:
            raise RuntimeError("the emulator has no administrator yet: connect() comes first")
        return self._access_key

    @contextmanager
    def acting_as(self, key: AccessKey) -> Iterator[None]:
        """Makes the calls inside under another key than the administrator's."""
        token = _acting.set(key)
        try:
            yield
        finally:
            _acting.reset(token)
            with self._lock:
                self._clients = {about: client for about, client in self._clients.items() if about[2] != key.access_key_id}

    def client(self, service: str, region: str) -> BaseClient:
        key = _acting.get() or self.access_key
        about = (service, region, key.access_key_id)
        with self._lock:
            known = self._clients.get(about)
            if known is None:
                known = boto3.client(
                    service,
                    endpoint_url=self._endpoint,
                    region_name=region,
                    aws_access_key_id=key.access_key_id,
                    aws_secret_access_key=key.secret_access_key,
                    aws_session_token=key.session_token,
                    config=Config(
                        retries={"max_attempts": 0},
                        connect_timeout=5,
                        read_timeout=60,
                        s3={"addressing_style": "path"},
                        max_pool_connections=20,
                    ),
                )
                self._clients[about] = known
            return known

    def call(self, service: str, region: str, operation: str, /, **arguments: Any) -> dict[str, Any]:
        """Calls one operation; arguments may be written as CloudFormation writes them (see fit)."""
        client = self.client(service, region)
        name = client.meta.method_to_api_mapping[operation]
        shape = client.meta.service_model.operation_model(name).input_shape
        return getattr(client, operation)(**fit(shape, arguments, operation))


def fit(shape: Shape, value: Any, where: str) -> Any:
    """Writes a CloudFormation value as the API wants it.

    CloudFormation and the APIs differ in upper and lower case of names, in numbers and truth values written as text, and
    in tags as a list or as a map. A name that the API does not have is an error: dropping it would make a resource that
    differs from its template.
    """
    kind = shape.type_name
    if kind == "structure":
        members = {name.lower(): (name, member) for name, member in shape.members.items()}
        fitted = {}
        for key, item in value.items():
            if key.lower() not in members:
                raise ValueError(f"{where} has no member {key}; it has {', '.join(sorted(shape.members))}")
            name, member = members[key.lower()]
            fitted[name] = fit(member, item, f"{where}.{name}")
        return fitted
    if kind == "map":
        if isinstance(value, list):
            value = {item["Key"]: item["Value"] for item in value}
        return {key: fit(shape.value, item, f"{where}.{key}") for key, item in value.items()}
    if kind == "list":
        return [fit(shape.member, item, where) for item in value]
    if kind == "string":
        if isinstance(value, (dict, list)):
            return json.dumps(value)
        return str(value).lower() if isinstance(value, bool) else str(value)
    if kind in ("integer", "long"):
        return int(value)
    if kind in ("float", "double"):
        return float(value)
    if kind == "boolean":
        return as_bool(value)
    return value


def as_bool(value: Any) -> bool:
    """The truth value of a CloudFormation Boolean, which may be written as text."""
    if isinstance(value, bool):
        return value
    text = str(value).lower()
    if text not in ("true", "false"):
        raise ValueError(f"given {value!r}, allowed true and false")
    return text == "true"


def tag_list(tags: Any) -> list[dict[str, str]]:
    """Tags as a list of Key and Value, whether the template has a list or a map."""
    if isinstance(tags, dict):
        return [{"Key": key, "Value": str(value)} for key, value in tags.items()]
    return list(tags or [])


def tag_map(tags: Any) -> dict[str, str]:
    """Tags as a map."""
    return {tag["Key"]: str(tag["Value"]) for tag in tag_list(tags)}


API = EmulatorApi()
