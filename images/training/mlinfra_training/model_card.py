"""What a published model is: where it comes from, what it takes and how good it was when it was exported."""

import datetime
import json
import os
import platform
import re

from mlinfra_training.errors import WrongInput

CARD_FORMAT = "mlinfra/model-card/v1"
EPOCH_VARIABLE = "SOURCE_DATE_EPOCH"
GIT_SHA = re.compile(r"[0-9a-f]{7,64}")


def card_to_json(**fields) -> bytes:
    """The card as JSON, in the order given."""
    content = {"format": CARD_FORMAT, **fields}
    return (json.dumps(content, indent=2, allow_nan=False) + "\n").encode()


def created_from_environment() -> str | None:
    """The time in SOURCE_DATE_EPOCH, or None: the clock is never asked, so that equal inputs give equal files."""
    given = os.environ.get(EPOCH_VARIABLE)
    if not given:
        return None
    try:
        moment = datetime.datetime.fromtimestamp(int(given), datetime.timezone.utc)
    except (ValueError, OverflowError, OSError) as error:
        raise WrongInput(
            "environment", [f"{EPOCH_VARIABLE}: must be whole seconds since 1970, as in 1767225600, but is {given!r}"]
        ) from error
    return moment.isoformat(timespec="seconds")


def git_sha_from_environment() -> str | None:
    """The commit in GIT_SHA, or None. GIT_SHA may also hold a name for the run, which is no commit."""
    given = os.environ.get("GIT_SHA", "")
    return given if GIT_SHA.fullmatch(given) else None


def python_version() -> str:
    return platform.python_version()
