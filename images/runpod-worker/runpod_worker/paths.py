"""Paths of a job, which stay on the volume whoever sent them."""

import os
from pathlib import Path

from .errors import WorkerError

# Where the same volume is mounted in a pod and in a serverless worker: jobs may name either.
MOUNTS = ("/workspace", "/runpod-volume")


class Volume:
    """The volume, at the place where this process sees it."""

    def __init__(self, root):
        self._root = Path(os.path.realpath(root))

    def file(self, field, given):
        """The file that a job names, such as /workspace/models/m.onnx or models/m.onnx."""
        if not isinstance(given, str) or not given.strip():
            raise WorkerError(f"{field}: is missing; it must be a path on the volume")
        if "\0" in given:
            raise WorkerError(f"{field}: holds a zero byte")
        relative = given
        for mount in MOUNTS:
            if given == mount or given.startswith(mount + "/"):
                relative = given[len(mount) :].lstrip("/")
                break
        else:
            if given.startswith("/"):
                raise WorkerError(
                    f"{field}: '{given}' is not on the volume; paths begin with {' or '.join(MOUNTS)}"
                )
        # Resolved with its links: neither .. nor a link leads out.
        path = Path(os.path.realpath(self._root / relative))
        if path == self._root or self._root not in path.parents:
            raise WorkerError(f"{field}: '{given}' leads out of the volume")
        return path

    def make_folders(self, names):
        """Makes the folders of datasets, models, results and checkpoints where they are missing."""
        for name in names:
            self.file("folder", name).mkdir(parents=True, exist_ok=True)
