"""What can go wrong: at the start, with an exit code, and in a request, with a code and a status of HTTP."""

EXIT_OK = 0
EXIT_WRONG_INPUT = 2
EXIT_ENVIRONMENT = 3
EXIT_BUG = 70  # the number sysexits.h gives to "internal software error"

# Stable names, which callers and alarms may rely on. 4xx: the caller can put it right; 5xx: the service must.
# Those that the prediction function has too have its names.
STATUS = {
    "REQUEST_INVALID": 400,
    "NOT_FOUND": 404,
    "METHOD_NOT_ALLOWED": 405,
    "BODY_TIMEOUT": 408,
    "BODY_TOO_LARGE": 413,
    "ROWS_TOO_MANY": 413,
    "CONTENT_TYPE_UNSUPPORTED": 415,
    "FEATURES_MISSING": 422,
    "FEATURES_UNKNOWN": 422,
    "VALUE_NOT_NUMERIC": 422,
    "VALUE_MISSING": 422,
    "VALUE_OUT_OF_RANGE": 422,
    "OUTPUT_UNKNOWN": 422,
    "CLIENT_GONE": 499,  # nobody reads it; so that logs and metrics tell such requests from others
    "INTERNAL": 500,
    "MODEL_FAILED": 500,
    "NOT_READY": 503,
    "OVERLOADED": 503,
    "STOPPED": 503,
    "PREDICTION_TIMEOUT": 504,
}


class StartError(Exception):
    """Why the service cannot start. Holds all problems that were found, not just the first."""

    exit_code = EXIT_WRONG_INPUT

    def __init__(self, *problems: str):
        super().__init__("; ".join(problems))
        self.problems = problems


class EnvironmentNotUsable(StartError):
    """The settings are fine, but a bucket, a file or the machine did not do its part."""

    exit_code = EXIT_ENVIRONMENT


class RequestError(Exception):
    """Why a request cannot be answered. The message holds no value of the data, since it is logged."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code
        self.status = STATUS[code]
        self.message = message


def shorten(text: str) -> str:
    """A name that others chose, short enough for a message."""
    return text if len(text) <= 40 else text[:39] + "…"


def listed(names) -> str:
    """Up to five names, and how many more there are."""
    names = list(names)
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(repr(shorten(str(name))) for name in names[:5]) + more
