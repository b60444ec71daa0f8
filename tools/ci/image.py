"""Pushes an image under a tag that is never moved, judges its scan, and records which one is in use.

    image.py push LOCAL TAG     pushes what docker calls LOCAL; when TAG is there already, that image stays
    image.py scan IMAGE         waits for ECR's scan, fails for a finding as bad as FAIL_ON (CRITICAL)
    image.py record IMAGE       writes the digest into the SSM parameter IMAGE_PARAMETER
    image.py find WHICH         previous: what was recorded before; or the tag of an earlier image

IMAGE is REGISTRY/REPOSITORY@sha256:…, the output "image" of push and find.
Needs the AWS CLI, docker for push, and the variables REGISTRY, IMAGE_REPOSITORY, IMAGE_PARAMETER.
"""

import os
import re
import subprocess
import sys
import time

from aws import AwsError, Failed, call, main, output, setting, summary

TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
IMAGE = re.compile(r"[a-z0-9.-]+(?::\d+)?/[a-z0-9._/-]+@(sha256:[0-9a-f]{64})")
SEVERITIES = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNDEFINED"]
LONGEST_SCAN = 600
PAUSE = float(os.environ.get("POLL_SECONDS", "10"))


def push(local: str, tag: str) -> None:
    if not TAG.fullmatch(tag):
        raise Failed(f"{tag!r} is no image tag; fix: mlinfra image-tag git")
    digest = digest_of(tag)
    if digest:
        summary(f"The image `{tag}` is there already; tags are never moved.")
    else:
        name = f"{setting('REGISTRY')}/{setting('IMAGE_REPOSITORY')}:{tag}"
        for command in (["docker", "tag", local, name], ["docker", "push", name]):
            if subprocess.run(command, check=False).returncode != 0:
                raise Failed(f"{' '.join(command)} failed; its messages stand above")
        digest = digest_of(tag)
        if not digest:
            raise Failed(f"{name} was pushed, but the registry does not know it")
    output("image", f"{setting('REGISTRY')}/{setting('IMAGE_REPOSITORY')}@{digest}")


def digest_of(tag: str) -> str | None:
    """The digest of an image in the registry; None when there is no such tag."""
    found = call(
        "ecr", "batch-get-image", "--repository-name", setting("IMAGE_REPOSITORY"), "--image-ids", f"imageTag={tag}"
    )
    if found.get("images"):
        return found["images"][0]["imageId"]["imageDigest"]
    others = [each for each in found.get("failures", []) if each["failureCode"] != "ImageNotFound"]
    if others:
        raise Failed(f"{tag}: {others[0]['failureCode']}: {others[0]['failureReason']}")
    return None


def scan(image: str) -> None:
    fail_on = os.environ.get("FAIL_ON", "CRITICAL")
    if fail_on not in SEVERITIES:
        raise Failed(f"FAIL_ON is {fail_on!r}; allowed: {', '.join(SEVERITIES)}")
    counts = findings(digest(image))
    table = "".join(f"| {name} | {counts[name]} |\n" for name in SEVERITIES if counts.get(name))
    summary(f"Scan of `{image}`:\n\n" + (f"| severity | findings |\n|---|---|\n{table}" if table else "no findings\n"))
    bad = {name: counts[name] for name in SEVERITIES[: SEVERITIES.index(fail_on) + 1] if counts.get(name)}
    if bad:
        told = ", ".join(f"{count} {name}" for name, count in bad.items())
        raise Failed(f"the scan found {told}; fix: newer packages or a newer base image in the Dockerfile")


def findings(digest: str) -> dict[str, int]:
    end = time.monotonic() + LONGEST_SCAN
    while True:
        try:
            answer = call(
                "ecr",
                "describe-image-scan-findings",
                "--repository-name",
                setting("IMAGE_REPOSITORY"),
                "--image-id",
                f"imageDigest={digest}",
                # The counts stand in every page.
                "--no-paginate",
            )
            status = answer["imageScanStatus"]["status"]
        except AwsError as error:
            # It begins a moment after the push.
            if error.code != "ScanNotFoundException":
                raise
            answer, status = {}, "PENDING"
        # ACTIVE is what scanning says that goes on for as long as the image is there.
        if status in ("COMPLETE", "ACTIVE"):
            return answer["imageScanFindings"].get("findingSeverityCounts", {})
        if status not in ("PENDING", "IN_PROGRESS"):
            reason = answer["imageScanStatus"].get("description", "")
            raise Failed(f"the scan ended as {status}: {reason}; an image that cannot be scanned is not run")
        if time.monotonic() > end:
            raise Failed(f"the scan did not end within {LONGEST_SCAN} s; fix: scanning on push in the repository")
        time.sleep(PAUSE)


def record(image: str) -> None:
    digest(image)
    parameter = setting("IMAGE_PARAMETER")
    try:
        if call("ssm", "get-parameter", "--name", parameter)["Parameter"]["Value"] == image:
            print(f"{parameter} names {image} already")
            return
    except AwsError as error:
        if error.code != "ParameterNotFound":
            raise
    call("ssm", "put-parameter", "--name", parameter, "--type", "String", "--overwrite", "--value", image)
    summary(f"In use from now on (`{parameter}`): `{image}`")


def find(which: str) -> None:
    if which == "previous":
        output("image", previous())
        return
    if not TAG.fullmatch(which):
        raise Failed(f"{which!r} is neither 'previous' nor an image tag")
    found = digest_of(which)
    if not found:
        raise Failed(f"there is no image with the tag {which!r}; old ones are deleted after some time")
    output("image", f"{setting('REGISTRY')}/{setting('IMAGE_REPOSITORY')}@{found}")


def previous() -> str:
    """The image before the one in use. Going back takes what came after out of the row: after a rollback
    from B to A and an image C, the one before C is A."""
    parameter = setting("IMAGE_PARAMETER")
    history = call("ssm", "get-parameter-history", "--name", parameter)["Parameters"]
    row: list[str] = []
    for each in sorted(history, key=lambda each: each["Version"]):
        image = each["Value"]
        row = row[: row.index(image) + 1] if image in row else [*row, image]
    if len(row) < 2:
        raise Failed(f"{parameter} has recorded no image before the one in use; fix: give the tag of an image")
    digest(row[-2])
    return row[-2]


def digest(image: str) -> str:
    match = IMAGE.fullmatch(image)
    if not match:
        raise Failed(f"{image!r} names no image by digest; expected REGISTRY/REPOSITORY@sha256:…")
    return match.group(1)


def run() -> int:
    commands = {"push": (push, 2), "scan": (scan, 1), "record": (record, 1), "find": (find, 1)}
    name, arguments = (sys.argv[1] if len(sys.argv) > 1 else ""), sys.argv[2:]
    if name not in commands or len(arguments) != commands[name][1]:
        print(__doc__, file=sys.stderr)
        return 2
    commands[name][0](*arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(run))
