"""Puts images of machines (AMIs) that Packer made into use, and removes old ones.

    ami.py record MANIFEST PARAMETER
        checks the image that Packer's manifest names, lets it start with IMDSv2 alone, and writes its id into the
        SSM parameter, from which machines take it
    ami.py remove-old PARAMETER --project NAME --kind KIND [--keep 3] [--older-than-days 30] [--delete]
        names the images of the kind that are neither in the parameter, nor among the newest, nor young; with
        --delete it removes them and their snapshots
"""

import argparse
import datetime
import json
import re
import sys
from pathlib import Path

from aws import AwsError, Failed, call, main, summary

PARAMETER = re.compile(r"(/[A-Za-z0-9_.-]+){1,15}")
ARTIFACT = re.compile(r"([a-z]{2}(?:-[a-z]+)+-\d):(ami-[0-9a-f]+)")
WORKLOAD = "training-ami"


def record(manifest: str, parameter: str) -> None:
    region, image_id = newest(Path(manifest))
    in_region = ("--region", region)
    # Machines that are started from it have no other way to their credentials, whatever starts them.
    call("ec2", "modify-image-attribute", "--image-id", image_id, "--imds-support", "v2.0", *in_region)
    images = call("ec2", "describe-images", "--image-ids", image_id, "--owners", "self", *in_region)["Images"]
    problems = problems_of(images[0]) if images else ["is not there"]
    if problems:
        raise Failed(f"{image_id} in {region} {', and '.join(problems)}; it is not recorded, fix: build it again")
    name = ("--name", parameter)
    call("ssm", "put-parameter", *name, "--type", "String", "--data-type", "aws:ec2:image", "--overwrite",
         "--value", image_id, *in_region)  # fmt: skip
    summary(f"In use from now on (`{parameter}`): `{image_id}`")
    print(f"{parameter}: {image_id}")


def newest(manifest: Path) -> tuple[str, str]:
    """Region and id of the image that the last run made."""
    try:
        content = json.loads(manifest.read_text(encoding="utf-8"))
        last = [each for each in content["builds"] if each["packer_run_uuid"] == content["last_run_uuid"]]
        artifacts = [ARTIFACT.fullmatch(each["artifact_id"]) for each in last]
    except OSError as error:
        raise Failed(f"{manifest} cannot be read: {error.strerror}; packer build writes it") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Failed(f"{manifest} is no manifest of Packer: {error}") from error
    if len(artifacts) != 1 or artifacts[0] is None:
        raise Failed(f"{manifest}: its last run made {len(last)} images, expected 1; fix: one kind and region a time")
    return artifacts[0].group(1), artifacts[0].group(2)


def problems_of(image: dict) -> list[str]:
    problems = []
    if image.get("State") != "available":
        problems.append(f"is {image.get('State')}")
    if image.get("ImdsSupport") != "v2.0":
        problems.append("does not require IMDSv2")
    disks = [each["Ebs"] for each in image.get("BlockDeviceMappings", []) if "Ebs" in each]
    if not disks or not all(disk.get("Encrypted") for disk in disks):
        problems.append("has a disk that is not encrypted")
    return problems


def remove_old(parameter: str, options: argparse.Namespace) -> None:
    in_use = current(parameter)
    images = call(
        "ec2", "describe-images", "--owners", "self", "--filters",
        f"Name=tag:project,Values={options.project}", f"Name=tag:workload,Values={WORKLOAD}",
        f"Name=tag:kind,Values={options.kind}", "Name=tag:managed-by,Values=mlinfra",
    )["Images"]  # fmt: skip
    images.sort(key=lambda image: image["CreationDate"], reverse=True)
    latest = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=options.older_than_days)
    old = [
        image
        for image in images[options.keep :]
        if image["ImageId"] != in_use and datetime.datetime.fromisoformat(image["CreationDate"]) < latest
    ]
    for image in old:
        snapshots = [each["Ebs"]["SnapshotId"] for each in image["BlockDeviceMappings"] if "Ebs" in each]
        told = f"{image['ImageId']} of {image['CreationDate'][:10]} with {', '.join(snapshots)}"
        if not options.delete:
            print(f"would remove {told}")
            continue
        call("ec2", "deregister-image", "--image-id", image["ImageId"])
        for snapshot in snapshots:
            call("ec2", "delete-snapshot", "--snapshot-id", snapshot)
        print(f"removed {told}")
    print(f"{len(images)} images, {len(old)} old" + ("" if options.delete or not old else "; --delete removes them"))


def current(parameter: str) -> str:
    """The image in use. Without one nothing is removed: a wrong name would make every image look unused."""
    try:
        return call("ssm", "get-parameter", "--name", parameter)["Parameter"]["Value"]
    except AwsError as error:
        if error.code != "ParameterNotFound":
            raise
        raise Failed(f"{parameter} is not there, so it is not known which image is in use; fix: its name") from error


def number(text: str) -> int:
    if not re.fullmatch(r"\d{1,4}", text) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not from 1 to 9999")
    return int(text)


def parameter_name(text: str) -> str:
    if not PARAMETER.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no name of a parameter such as /ml-agent/ami/gpu")
    return text


def run() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    recording = commands.add_parser("record")
    recording.add_argument("manifest")
    recording.add_argument("parameter", type=parameter_name)
    removing = commands.add_parser("remove-old")
    removing.add_argument("parameter", type=parameter_name)
    removing.add_argument("--project", required=True)
    removing.add_argument("--kind", required=True, choices=("cpu", "gpu"))
    removing.add_argument("--keep", type=number, default=3)
    removing.add_argument("--older-than-days", type=number, default=30)
    removing.add_argument("--delete", action="store_true")
    options = parser.parse_args()
    if options.command == "record":
        record(options.manifest, options.parameter)
    else:
        remove_old(options.parameter, options)


if __name__ == "__main__":
    sys.exit(main(run))
