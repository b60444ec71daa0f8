"""Runs Python code nobody vouches for in a process of its own that holds nothing worth stealing."""

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).parent
SECONDS_ALLOWED = 120
SYSTEM_FOLDERS = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32")


@dataclass(frozen=True)
class Isolation:
    """How much the kernel lets us take away from the child process."""

    no_network: bool
    no_other_files: bool

    def describe(self) -> str:
        if self.no_other_files:
            return "isolation in force: no network, no files but Python's libraries and its own temporary folder"
        files = "it could read files of the user who runs this"
        if self.no_network:
            return (
                f"isolation PARTLY in force: no network, but {files}; "
                "convert such files on a machine without secrets"
            )
        return (
            f"isolation NOT in force: it could use the network, and {files}; "
            "convert such files in a throw-away machine without secrets"
        )


@dataclass(frozen=True)
class Outcome:
    """What became of the child process."""

    exit_code: int
    timed_out: bool
    last_words: str  # the end of its stderr


class Sandbox:
    """A temporary folder and the strongest isolation available. Put input in `work`, run, read output from `work`."""

    def __init__(self, folder: Path):
        self.work = folder / "work"
        self.home = self.work / "home"
        self._root = folder / "root"
        self._stderr = folder / "stderr"
        self.home.mkdir(parents=True)
        self._root.mkdir()
        self.isolation, self._wrapper = self._strongest()

    def run(self, python_arguments: list[str], seconds: int) -> Outcome:
        return self._run(self._wrapper + _python(python_arguments), seconds)

    def _strongest(self) -> tuple[Isolation, list[str]]:
        """Tries out what works here. Containers and some systems forbid namespaces, which only a try can tell."""
        read_only = dict.fromkeys([*SYSTEM_FOLDERS, sys.base_prefix, sys.prefix, str(PACKAGE)])
        files_and_network = [
            *("unshare", "--user", "--map-root-user", "--net", "--ipc", "--mount", "--pid", "--fork", "--kill-child"),
            *("sh", str(PACKAGE / "isolate.sh"), str(self._root), str(self.work), *read_only, "--"),
        ]
        candidates = [
            (Isolation(no_network=True, no_other_files=True), files_and_network),
            (Isolation(no_network=True, no_other_files=False), ["unshare", "--user", "--net"]),
        ]
        for isolation, wrapper in candidates:
            if self._run(wrapper + _python(["-c", "pass"]), seconds=20).exit_code == 0:
                return isolation, wrapper
        return Isolation(no_network=False, no_other_files=False), []

    def _run(self, command: list[str], seconds: int) -> Outcome:
        # The whole environment: nothing of ours is in it, so no AWS_* variable and no token.
        environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(self.home),
            "TMPDIR": str(self.home),
            "LANG": "C.UTF-8",
            "OMP_NUM_THREADS": "1",  # each further thread reserves address space, which is limited
            "OPENBLAS_NUM_THREADS": "1",
        }
        timed_out = False
        with open(self._stderr, "w+b") as stderr:
            try:
                process = subprocess.Popen(
                    command,
                    env=environment,
                    cwd=self.work,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=stderr,
                    close_fds=True,
                    start_new_session=True,
                )
            except OSError as error:  # for one, no `unshare` on this system
                return Outcome(127, False, str(error))
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                timed_out = True
            finally:
                _kill_group(process.pid)
                process.wait()
            stderr.seek(max(0, stderr.seek(0, os.SEEK_END) - 2000))
            return Outcome(process.returncode, timed_out, stderr.read().decode("utf-8", "replace"))


@contextmanager
def new_sandbox():
    """A sandbox whose folder is removed afterwards, whatever happens."""
    with tempfile.TemporaryDirectory(prefix="mlinfra-convert-", ignore_cleanup_errors=True) as folder:
        yield Sandbox(Path(folder).resolve())


def limit_resources() -> None:
    """Called by the child before anything else: code that runs wild must not take the machine with it."""
    import resource

    gibibyte = 2**30
    for limit, value in (
        (resource.RLIMIT_CPU, SECONDS_ALLOWED),
        (resource.RLIMIT_AS, 4 * gibibyte),
        (resource.RLIMIT_FSIZE, gibibyte),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        resource.setrlimit(limit, (value, value))


def _python(arguments: list[str]) -> list[str]:
    # -I: no PYTHON* variables, no user packages, no modules from the current folder. -B: writes no .pyc files.
    return [sys.executable, "-I", "-B", *arguments]


def _kill_group(process_group: int) -> None:
    """Ends the child and everything it started and left running."""
    try:
        os.killpg(process_group, signal.SIGKILL)
    except ProcessLookupError:
        pass  # nothing is left, as it should be
