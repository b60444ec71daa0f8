"""What the scripts of GitHub's workflows share: calls of its API by the gh command, and artifacts."""

import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ARTIFACT = "review"
LARGEST_ARTIFACT = 20 * 1024 * 1024
# What the artifact of a pull request holds, and how large each may be. Its maker may be anybody.
FILES = {
    "pull-request": 16,
    "report.md": 256 * 1024,
    "attachment.md": 8 * 1024 * 1024,
    "check.sarif": 8 * 1024 * 1024,
    "template-hashes.txt": 4 * 1024 * 1024,
}


class Refused(Exception):
    """Something is not as it must be; the message says what, and the fix."""


class ApiError(Exception):
    """GitHub's answer was an error."""

    def __init__(self, message: str):
        super().__init__(message)
        status = re.search(r"HTTP (\d{3})", message)
        self.status = int(status.group(1)) if status else 0


def main(run) -> int:
    """Runs a script, and tells what it refuses without a stack trace."""
    try:
        return run() or 0
    except Refused as error:
        message = str(error)
    except ApiError as error:
        message = f"GitHub's API failed: {error}"
    print(f"mlinfra: {message}", file=sys.stderr)
    summary(f"**Refused:** {quoted(message)}")
    return 1


def setting(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise Refused(f"the variable {name} is not set")
    return value


def repository() -> str:
    return setting("GITHUB_REPOSITORY")


def api(path: str, body: dict | None = None, method: str = "GET"):
    """Calls the API and gives its answer."""
    command = ["gh", "api", "--method", method, path]
    if body is None:
        return _answer(_run(command))
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(body, file)
        file.flush()
        return _answer(_run([*command, "--input", file.name]))


def _answer(output: bytes):
    try:
        return json.loads(output)
    except ValueError as error:
        raise ApiError(f"the answer is not JSON: {error}") from error


def _run(command: list[str]) -> bytes:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        raise ApiError(done.stderr.decode(errors="replace").strip() or f"gh ended with {done.returncode}")
    return done.stdout


def review_of(run: int) -> dict[str, bytes] | None:
    """The files that a run of pr.yml left for others; None when it left none."""
    listed = api(f"repos/{repository()}/actions/runs/{run}/artifacts?per_page=100")["artifacts"]
    reviews = [each for each in listed if each["name"] == ARTIFACT and not each["expired"]]
    if not reviews:
        return None
    artifact = max(reviews, key=lambda each: each["id"])
    if artifact["size_in_bytes"] > LARGEST_ARTIFACT:
        raise Refused(f"the artifact has {artifact['size_in_bytes']} bytes, allowed {LARGEST_ARTIFACT}")
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "review.zip"
        with archive.open("wb") as file:
            done = subprocess.run(
                ["gh", "api", f"repos/{repository()}/actions/artifacts/{artifact['id']}/zip"],
                stdout=file,
                stderr=subprocess.PIPE,
                check=False,
            )
        if done.returncode != 0:
            raise ApiError(done.stderr.decode(errors="replace").strip())
        return unpacked(archive)


def unpacked(archive: Path) -> dict[str, bytes]:
    """Reads the files of an artifact into memory. Nothing is written under a name from inside it."""
    files = {}
    try:
        with zipfile.ZipFile(archive) as zipped:
            for entry in zipped.infolist():
                if entry.filename not in FILES:
                    raise Refused(f"the artifact holds {entry.filename[:80]!r}; allowed: {', '.join(FILES)}")
                if entry.filename in files:
                    raise Refused(f"the artifact holds {entry.filename!r} twice")
                most = FILES[entry.filename]
                with zipped.open(entry) as file:
                    # What the archive says of a size need not be so.
                    content = file.read(most + 1)
                if len(content) > most:
                    raise Refused(f"{entry.filename} of the artifact has more than {most} bytes")
                files[entry.filename] = content
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise Refused(f"the artifact cannot be unpacked: {error}") from error
    return files


def summary(markdown: str) -> None:
    """Adds to the page of the run."""
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if file:
        with open(file, "a", encoding="utf-8") as page:
            page.write(markdown + "\n")


def quoted(text: str) -> str:
    """Text that Markdown shows as it is."""
    return re.sub(r"([\\`*_{}\[\]<>#|~@&])", r"\\\1", " ".join(text.split()))
