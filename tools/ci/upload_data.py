"""Uploads a file to S3 unless an object is there.

    upload_data.py FILE BUCKET/KEY

S3 itself looks and writes in one step, so two runs cannot both write, and no right to list is needed.
"""

import re
import sys
from pathlib import Path

from aws import AwsError, Failed, call, main, summary

# The most that one call takes.
LARGEST = 5 * 1024**3
OBJECT = re.compile(r"([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(.+)")


def run() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    file = Path(sys.argv[1])
    match = OBJECT.fullmatch(sys.argv[2])
    if not match:
        raise Failed(f"{sys.argv[2]!r} is no bucket/key; fix: the variable DATA_OBJECT")
    bucket, key = match.groups()
    if not file.is_file():
        raise Failed(f"{file} is not there; fix: the variable DATA_FILE")
    if file.stat().st_size > LARGEST:
        raise Failed(f"{file} has {file.stat().st_size} bytes; allowed: {LARGEST}; fix: aws s3 cp, once and by hand")
    try:
        call("s3api", "put-object", "--bucket", bucket, "--key", key, "--body", str(file), "--if-none-match", "*")
    except AwsError as error:
        if error.code != "PreconditionFailed":
            raise
        summary(f"`s3://{bucket}/{key}` is there already and stays.")
        return 0
    summary(f"Uploaded `s3://{bucket}/{key}`.")
    return 0


if __name__ == "__main__":
    sys.exit(main(run))
