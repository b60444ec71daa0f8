"""One real server for all tests, stopped by its pid at the end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config

# What the machine's user has set up for AWS is no part of a test; the command line takes it away in the same way.
for name in list(os.environ):
    if name.startswith(("AWS_", "BOTO_", "MOTO_")) or name.upper() in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        del os.environ[name]
os.environ |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}

SOURCES = Path(__file__).resolve().parents[2] / "main" / "python"
sys.path.insert(0, str(SOURCES))


def keys(answer: dict[str, Any]) -> dict[str, str]:
    """The credentials of an answer of STS, as clients take them."""
    made = answer["Credentials"]
    return {
        "aws_access_key_id": made["AccessKeyId"],
        "aws_secret_access_key": made["SecretAccessKey"],
        "aws_session_token": made["SessionToken"],
    }


class Server:
    """The running emulator and clients for it."""

    def __init__(self, state: Path, *options: str):
        self.state = state
        self.clients: dict[Any, Any] = {}
        command = [sys.executable, "-B", str(SOURCES / "server.py"), "--state", str(state), *options]
        self.process = subprocess.Popen(command)
        end = time.monotonic() + 30
        while not (state / "server.json").exists():
            if self.process.poll() is not None or time.monotonic() > end:
                log = state / "server.log"
                raise RuntimeError(f"the server did not start: {log.read_text() if log.exists() else 'no log'}")
            time.sleep(0.05)
        self.port = json.loads((state / "server.json").read_text())["port"]
        self.key = json.loads((state / "credentials.json").read_text())
        self.endpoint = f"http://localhost:{self.port}"

    def client(
        self, service: str, region: str = "us-east-1", credentials: dict[str, str] | None = None, validate: bool = True
    ) -> Any:
        given = credentials or {
            "aws_access_key_id": self.key["accessKeyId"],
            "aws_secret_access_key": self.key["secretAccessKey"],
        }
        # Making a client takes longer than most requests.
        wanted = (service, region, tuple(sorted(given.items())), validate)
        if wanted not in self.clients:
            config = Config(
                retries={"max_attempts": 0}, read_timeout=30, s3={"addressing_style": "path"}, parameter_validation=validate
            )
            self.clients[wanted] = boto3.client(
                service, endpoint_url=self.endpoint, region_name=region, config=config, **given
            )
        return self.clients[wanted]

    def get(self, path: str, **options: Any) -> requests.Response:
        return requests.get(self.endpoint + path, timeout=10, **options)

    def enforce_iam(self, on: bool) -> None:
        body = "0" if on else "inf"
        headers = {"Content-Type": "text/plain"}
        requests.post(f"{self.endpoint}/moto-api/reset-auth", data=body, headers=headers, timeout=10).raise_for_status()

    def as_service(self, role_arn: str, service: str = "lambda.amazonaws.com") -> dict[str, str]:
        return keys(self.client("sts").assume_role(RoleArn=role_arn, RoleSessionName=service))

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=10)
            raise


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Any:
    started = Server(tmp_path_factory.mktemp("state"))
    yield started
    started.stop()


class Stacks:
    """Creates, updates and deletes stacks, and deletes those that a test leaves."""

    def __init__(self, server: Server):
        self.api = server.client("cloudformation")
        self.names: list[str] = []

    def create(self, resources: dict[str, Any], **template: Any) -> str:
        name = template.pop("name", f"t{uuid.uuid4().hex[:8]}")
        self.names.append(name)
        body = json.dumps({"Resources": resources, **template})
        self.api.create_stack(StackName=name, TemplateBody=body)
        return name

    def update(self, name: str, resources: dict[str, Any], **template: Any) -> None:
        self.api.update_stack(StackName=name, TemplateBody=json.dumps({"Resources": resources, **template}))

    def delete(self, name: str) -> None:
        self.api.delete_stack(StackName=name)

    def status(self, name: str) -> str:
        return self.api.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]

    def failures(self, name: str) -> str:
        events = self.api.describe_stack_events(StackName=name)["StackEvents"]
        return "\n".join(e.get("ResourceStatusReason", "") for e in events if "FAILED" in e["ResourceStatus"])

    def id(self, name: str, logical_id: str) -> str:
        answer = self.api.describe_stack_resource(StackName=name, LogicalResourceId=logical_id)
        return answer["StackResourceDetail"]["PhysicalResourceId"]


@pytest.fixture
def stacks(server: Server) -> Any:
    made = Stacks(server)
    yield made
    for name in reversed(made.names):
        made.delete(name)


@pytest.fixture
def enforced(server: Server) -> Any:
    server.enforce_iam(True)
    yield server
    server.enforce_iam(False)


def resource(type_name: str, _attributes: dict[str, Any] | None = None, **properties: Any) -> dict[str, Any]:
    """One resource of a template."""
    return {"Type": type_name, "Properties": properties, **(_attributes or {})}
