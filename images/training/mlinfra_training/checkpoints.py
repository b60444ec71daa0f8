"""Keeps the state of a training outside of its machine, so that another machine can go on from it.

A folder holds a few files of states and `latest.json`, which names them, newest first, with their checksums. A state
is written under a name that the list does not need any more, and only then the list: whenever the program is killed,
the list names at least one whole state. Names are used in turn, so no right to delete or to list is needed.
"""

import hashlib
import json
from pathlib import Path

from mlinfra_training.config import S3_FOLDER
from mlinfra_training.errors import EnvironmentNotUsable, NotThere, WrongInput, progress
from mlinfra_training.storage import S3, reason_of, write_file

FORMAT = "mlinfra/checkpoints/v1"
LIST = "latest.json"
KEPT = 3


class S3Folder:
    """A folder of a bucket."""

    def __init__(self, address: str, s3: S3 | None = None):
        match = S3_FOLDER.fullmatch(address)
        self._bucket, self._prefix = match["bucket"], match["prefix"]
        self._s3 = s3 or S3()
        self.address = address

    def read(self, name: str) -> bytes | None:
        try:
            return self._s3.read(self._bucket, f"{self._prefix}/{name}")
        except NotThere:
            # Denied says the same of a missing object. Checkpoints reads its first state back, so that a right
            # which is really missing is noticed then.
            return None

    def write(self, name: str, content: bytes, content_type: str) -> None:
        self._s3.write(self._bucket, f"{self._prefix}/{name}", content, content_type)


class LocalFolder:
    """A folder of this machine."""

    def __init__(self, address: str):
        self._folder = Path(address)
        self.address = address

    def read(self, name: str) -> bytes | None:
        file = self._folder / name
        try:
            return file.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise EnvironmentNotUsable(f"{str(file)!r} cannot be read: {reason_of(error)}; check the folder") from error

    def write(self, name: str, content: bytes, content_type: str) -> None:
        write_file(self._folder / name, content)


def folder_at(address: str) -> S3Folder | LocalFolder:
    return S3Folder(address) if address.startswith("s3://") else LocalFolder(address)


class Checkpoints:
    """The states of one training, in a folder. `identity` tells trainings apart: data, settings, seed."""

    def __init__(self, folder: S3Folder | LocalFolder, identity: str):
        self._folder = folder
        self._identity = identity
        self._entries: list[dict] = []
        self._checked = False

    @property
    def address(self) -> str:
        return self._folder.address

    def newest(self) -> bytes | None:
        """The newest state that is whole, None when there is none yet. Raises WrongInput for another training's."""
        listed = self._folder.read(LIST)
        if listed is None:
            return None
        self._entries = self._read_list(listed)
        for entry in self._entries:
            content = self._folder.read(entry["name"])
            if content is not None and hashlib.sha256(content).hexdigest() == entry["sha256"]:
                return content
            progress(f"Checkpoint {entry['name']} in {self.address} is not whole; trying the one before")
        progress(f"No checkpoint in {self.address} is whole; starting anew")
        return None

    def save(self, state: bytes) -> None:
        """Keeps a state; when this returns, it is the newest one."""
        number = self._entries[0]["number"] + 1 if self._entries else 1
        name = f"checkpoint-{number % KEPT}.pt"
        entry = {"number": number, "name": name, "sha256": hashlib.sha256(state).hexdigest()}
        entries = [entry, *(each for each in self._entries if each["name"] != name)][:KEPT]
        content = {"format": FORMAT, "identity": self._identity, "checkpoints": entries}
        self._folder.write(name, state, "application/octet-stream")
        self._folder.write(LIST, json.dumps(content, indent=2).encode(), "application/json")
        self._entries = entries
        if not self._checked:
            self._check(name, state)

    def _check(self, name: str, state: bytes) -> None:
        """Reads back what was written, once: better to fail in the first minute than to start anew after hours."""
        if self._folder.read(name) != state or self._folder.read(LIST) is None:
            raise EnvironmentNotUsable(
                f"{self.address}: checkpoints can be written but not read; allow s3:GetObject on it for the role in use"
            )
        self._checked = True

    def _read_list(self, content: bytes) -> list[dict]:
        place = f"{self.address.rstrip('/')}/{LIST}"
        try:
            given = json.loads(content)
            if given["format"] != FORMAT:
                raise ValueError("other format")
            entries = [
                {"number": int(each["number"]), "name": str(each["name"]), "sha256": str(each["sha256"])}
                for each in given["checkpoints"]
            ]
            identity = given["identity"]
        except (ValueError, TypeError, KeyError) as error:
            raise EnvironmentNotUsable(
                f"{place} is no list of checkpoints of format {FORMAT}; give another folder as checkpoints"
            ) from error
        if identity != self._identity:
            raise WrongInput(
                place,
                [
                    "holds checkpoints of a training with other data, columns, hyperparameters, test_size or "
                    "random_state; give another folder as checkpoints, or another run_id"
                ],
            )
        # A name out of the list becomes part of a path.
        if any("/" in each["name"] or each["name"].startswith(".") for each in entries):
            raise EnvironmentNotUsable(f"{place} names a file outside of its folder; give another folder")
        return entries
