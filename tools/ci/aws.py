"""What the scripts of images and tasks share: calls of the aws command."""

import json
import os
import re
import subprocess
import sys


class Failed(Exception):
    """Something did not go well; the message says what, and the fix."""


class AwsError(Failed):
    """AWS's answer was an error; code is such as PreconditionFailed."""

    def __init__(self, what: str, message: str):
        super().__init__(f"{what} failed: {message}")
        code = re.search(r"An error occurred \((\w+)\)", message)
        self.code = code.group(1) if code else ""


def call(service: str, operation: str, *arguments: str) -> dict:
    """Calls AWS and gives its answer."""
    command = ["aws", service, operation, *arguments, "--output", "json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise AwsError(f"aws {service} {operation}", done.stderr.strip())
    return json.loads(done.stdout) if done.stdout.strip() else {}


def main(run) -> int:
    """Runs a script, and tells what failed without a stack trace."""
    try:
        return run() or 0
    except Failed as error:
        print(f"mlinfra: {error}", file=sys.stderr)
        return 1


def setting(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise Failed(f"the variable {name} is not set")
    return value


def summary(markdown: str) -> None:
    """Adds to the page of the run."""
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if file:
        with open(file, "a", encoding="utf-8") as page:
            page.write(markdown + "\n")


def output(name: str, value: str) -> None:
    """Gives a value to later steps; a line break would start another one."""
    if "\n" in value:
        raise Failed(f"the value of {name} has a line break")
    print(f"{name}: {value}")
    file = os.environ.get("GITHUB_OUTPUT")
    if file:
        with open(file, "a", encoding="utf-8") as outputs:
            outputs.write(f"{name}={value}\n")
