"""Ends with 0 when the settings of a workflow are there and well-formed, else with 3 and how to set each.

    python3 tools/ci/settings.py AWS_REGION DEPLOY_ROLE_ARN

They are variables of the repository or of a GitHub environment, handed over as environment variables.
TARGET_ENVIRONMENT, when it is set, is the environment that the messages name.
"""

import os
import re
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """What a setting is, what it may be and where its value comes from."""

    pattern: str
    example: str
    source: str


ROLE = r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+"
SETTINGS = {
    "AWS_REGION": Setting(r"[a-z]{2}(-[a-z]+)+-\d", "us-east-1", "aws.region of the environment file"),
    "DEPLOY_ROLE_ARN": Setting(
        ROLE,
        "arn:aws:iam::123456789012:role/deploy",
        "output Access.DeployRole<Environment>Arn of npx cdk deploy 'account-*/*'",
    ),
    "IMAGE_ROLE_ARN": Setting(
        ROLE,
        "arn:aws:iam::123456789012:role/images",
        "output Access.ImagePipelineRole<Environment>Arn of npx cdk deploy 'account-*/*'",
    ),
    "BASE_DIGEST": Setting(
        r"sha256:[0-9a-f]{64}",
        "sha256:" + "0123456789abcdef" * 4,
        "docker buildx imagetools inspect IMAGE, with the image that ARG BASE of the Dockerfile names",
    ),
    "IMAGE_REPOSITORY": Setting(
        r"[a-z][a-z0-9]*([._/-][a-z0-9]+)*",
        "ml-agent/training",
        "the name of the ECR repository: project and one of aws.shared.images",
    ),
    "IMAGE_PARAMETER": Setting(
        r"/mlinfra/[\w.-]+/[\w.-]+/images/[\w./-]+",
        "/mlinfra/ml-agent/dev/images/training",
        "the SSM parameter that names the image in use: project, environment and image",
    ),
}


def problems(names: list[str], values: dict[str, str], environment: str) -> list[str]:
    found = []
    for name in names:
        setting, value = SETTINGS[name], values.get(name, "")
        if re.fullmatch(setting.pattern, value):
            continue
        # The value is of whoever may set it; the log is everybody's.
        given = "is missing" if not value else "is not well-formed"
        where = f" --env {environment}" if environment else ""
        found.append(
            f"{name} {given}; allowed: such as {setting.example} ({setting.source}); "
            f"fix: gh variable set {name}{where} --body VALUE"
        )
    return found


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in SETTINGS]
    if unknown or not names:
        print(f"usage: settings.py NAME…, with NAME of {', '.join(SETTINGS)}", file=sys.stderr)
        return 2
    environment = os.environ.get("TARGET_ENVIRONMENT", "")
    if environment and not re.fullmatch(r"[A-Za-z][\w-]*", environment):
        print("mlinfra: TARGET_ENVIRONMENT is no name of an environment", file=sys.stderr)
        return 2
    found = problems(names, dict(os.environ), environment)
    for problem in found:
        print(f"mlinfra: {problem}", file=sys.stderr)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if found and summary:
        with open(summary, "a", encoding="utf-8") as page:
            page.write("**Not set up** (docs/how-to/pipelines.md):\n\n" + "".join(f"- {it}\n" for it in found))
    return 3 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
