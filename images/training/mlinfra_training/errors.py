"""What can go wrong, told to people: one clear message, one exit code, no stack trace."""

import json
import os
import signal
import sys
import traceback

EXIT_OK = 0
EXIT_DISAGREES = 1
EXIT_WRONG_INPUT = 2
EXIT_ENVIRONMENT = 3
EXIT_INTERRUPTED = 130  # what shells report for Ctrl-C
EXIT_STOPPED = 143  # what shells report for SIGTERM, by which Batch and ECS stop a program
EXIT_BUG = 70  # the number sysexits.h gives to "internal software error"


class TrainingError(Exception):
    """An error we expected and can explain. `exit_code` tells scripts what kind it was."""

    exit_code = EXIT_BUG


class WrongInput(TrainingError):
    """The configuration, the data or an argument is wrong. Holds ALL problems found, not just the first."""

    exit_code = EXIT_WRONG_INPUT

    def __init__(self, what: str, problems: list[str]):
        self.problems = problems
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__(f"{what}: {count}\n" + "\n".join(f"  - {problem}" for problem in problems))


class EnvironmentNotUsable(TrainingError):
    """The input is fine, but a bucket, a folder or the machine did not do its part."""

    exit_code = EXIT_ENVIRONMENT


class NotThere(EnvironmentNotUsable):
    """An object is missing, or S3 does not say whether it is: it denies both alike to a role that may not list."""


class Stopped(TrainingError):
    """Somebody wants the program to end: its machine goes away, or its time is over."""

    exit_code = EXIT_STOPPED


class ModelDisagrees(TrainingError):
    """The exported model does not predict what scikit-learn predicts, so it must not be published."""

    exit_code = EXIT_DISAGREES


def progress(message: str) -> None:
    """Tells people what is going on. On stderr, so that stdout carries the result alone."""
    print(message, file=sys.stderr, flush=True)


def print_result(result: dict) -> None:
    """Prints the result for programs: one JSON object, the last line of stdout."""
    print(json.dumps(result, allow_nan=False), flush=True)


def end_on_sigterm() -> None:
    """Lets SIGTERM end the program with a message. The first process of a container would not even notice it."""

    def stop(*_):
        raise Stopped("stopped by SIGTERM; nothing more is published")

    signal.signal(signal.SIGTERM, stop)


def run_as_program(main, arguments: list[str]) -> int:
    """Runs `main(arguments)` and turns every failure into a message and an exit code."""
    try:
        return main(arguments)
    except (Exception, KeyboardInterrupt) as error:
        if os.environ.get("MLINFRA_DEBUG") == "1":
            traceback.print_exception(error)
        exit_code, message = _explain(error)
        print(f"ERROR: {message}", file=sys.stderr, flush=True)
        return exit_code


def _explain(error: BaseException) -> tuple[int, str]:
    if isinstance(error, TrainingError):
        return error.exit_code, str(error)
    if isinstance(error, KeyboardInterrupt):
        return EXIT_INTERRUPTED, "interrupted; nothing more is published"
    if isinstance(error, MemoryError):
        return EXIT_ENVIRONMENT, "this machine has too little memory for the dataset or the model"
    return EXIT_BUG, (
        f"unexpected {type(error).__name__}: {error}\n"
        "  This is a bug in the training script. Set MLINFRA_DEBUG=1 to see where it happened, and report it."
    )
