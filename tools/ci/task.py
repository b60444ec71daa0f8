"""Runs an image once as an ECS task, waits for its end and judges its exit code.

    task.py FOLDER IMAGE
    task.py FOLDER          checks the files, and runs nothing

FOLDER holds two reviewed files as the AWS CLI takes them: task-definition.json, for register-task-definition,
in which one container has no image and gets IMAGE; and run-task.json, for run-task: cluster and network.
TASK_MINUTES is how long it may take (60). Needs the AWS CLI.
"""

import json
import os
import secrets
import sys
import tempfile
import time
from pathlib import Path

from aws import AwsError, Failed, call, main, output, summary

PAUSE = float(os.environ.get("POLL_SECONDS", "15"))
TAIL = 50
LONGEST_LINE = 500


def run() -> int:
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    folder, image = Path(sys.argv[1]), "".join(sys.argv[2:])
    definition, container = filled(read(folder / "task-definition.json"), image)
    request = read(folder / "run-task.json")
    if request.get("taskDefinition") or request.get("count", 1) != 1 or not request.get("cluster"):
        raise Failed(f"{folder}/run-task.json: needs a cluster, and has no taskDefinition and no count but 1")
    if not image:
        return 0

    registered = with_input("register-task-definition", definition)["taskDefinition"]["taskDefinitionArn"]
    output("task-definition", registered)
    started = with_input("run-task", {**request, "taskDefinition": registered})
    if started.get("failures") or not started.get("tasks"):
        reasons = ", ".join(each.get("reason", "") for each in started.get("failures", []))
        raise Failed(f"the task was not started: {reasons or 'no reason was given'}")
    arn = started["tasks"][0]["taskArn"]
    output("task", arn)

    task = stopped(request["cluster"], arn)
    code, why = verdict(task, container["name"])
    lines = log_tail(container, arn)
    told = "exited with 0" if code == 0 else f"failed: {why}"
    summary(f"Task `{arn}` of `{registered}` {told}\n\n{fenced(lines)}")
    show(lines)
    if code != 0:
        raise Failed(f"the task failed: {why}; the end of its log stands above")
    print("mlinfra: the task exited with 0")
    return 0


def read(file: Path) -> dict:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Failed(f"{file} cannot be read: {error.strerror}; docs/how-to/pipelines.md shows one") from error
    except ValueError as error:
        raise Failed(f"{file} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise Failed(f"{file} is not a JSON object")
    return found


def filled(definition: dict, image: str) -> tuple[dict, dict]:
    """The definition with the image in its place, and the container that got it."""
    containers = definition.get("containerDefinitions", [])
    empty = [each for each in containers if "image" not in each]
    if len(empty) != 1:
        raise Failed(f"task-definition.json: {len(empty)} containers have no image; allowed: exactly one, the pipeline's image goes there")
    container = {**empty[0], "image": image}
    others = [container if each is empty[0] else each for each in containers]
    return {**definition, "containerDefinitions": others}, container


def with_input(operation: str, body: dict) -> dict:
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(body, file)
        file.flush()
        return call("ecs", operation, "--cli-input-json", f"file://{file.name}")


def stopped(cluster: str, arn: str) -> dict:
    minutes = float(os.environ.get("TASK_MINUTES", "60"))
    end = time.monotonic() + minutes * 60
    while True:
        answer = call("ecs", "describe-tasks", "--cluster", cluster, "--tasks", arn)
        if not answer.get("tasks"):
            raise Failed(f"{arn} is not known any more: {answer.get('failures')}")
        task = answer["tasks"][0]
        if task["lastStatus"] == "STOPPED":
            return task
        if time.monotonic() > end:
            raise Failed(
                f"{arn} did not end within {minutes:g} minutes and still runs; fix: aws ecs stop-task, or TASK_MINUTES"
            )
        time.sleep(PAUSE)


def verdict(task: dict, name: str) -> tuple[int, str]:
    """The exit code of the container, and the reason when it is not 0."""
    container = next((each for each in task.get("containers", []) if each["name"] == name), {})
    reason = container.get("reason") or task.get("stoppedReason") or "no reason was given"
    if "exitCode" not in container:
        return 1, f"it never ran: {reason}"
    code = container["exitCode"]
    return code, f"exit code {code}: {reason}"


def log_tail(container: dict, arn: str) -> list[str]:
    """The last lines of the container's log; a log that cannot be read does not change the verdict."""
    log = container.get("logConfiguration", {})
    options = log.get("options", {})
    if log.get("logDriver") != "awslogs" or "awslogs-stream-prefix" not in options:
        return ["(the container has no awslogs driver with awslogs-stream-prefix, so no log can be shown)"]
    stream = f"{options['awslogs-stream-prefix']}/{container['name']}/{arn.rsplit('/', 1)[1]}"
    try:
        events = call(
            "logs",
            "get-log-events",
            "--log-group-name",
            options["awslogs-group"],
            "--log-stream-name",
            stream,
            "--limit",
            str(TAIL),
            "--no-start-from-head",
        )["events"]
    except AwsError as error:
        return [f"(the log cannot be read: {error})"]
    return [line[:LONGEST_LINE] for event in events for line in event["message"].splitlines()][-TAIL:]


def fenced(lines: list[str]) -> str:
    """What the program wrote, shown as it is: a fence that is longer than any in it."""
    text = "\n".join(lines)
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}text\n{text}\n{fence}\n"


def show(lines: list[str]) -> None:
    """What the program wrote, which the runner must not take for commands to it."""
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}")
    print("\n".join(lines))
    print(f"::{token}::")


if __name__ == "__main__":
    sys.exit(main(run))
