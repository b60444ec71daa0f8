"""One line of JSON for each thing that happens."""

import json
import logging
import sys
import threading
from datetime import datetime, timezone


class Log:
    """Writes lines to a stream, each as a whole, whichever thread they come from."""

    def __init__(self, stream=sys.stdout):
        self._stream = stream
        self._lock = threading.Lock()

    def write(self, event: str, level: str = "info", **fields) -> None:
        """Writes a line. Fields that are None are left out."""
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = {"time": now, "level": level, "event": event}
        line |= {name: value for name, value in fields.items() if value is not None}
        with self._lock:
            self._stream.write(json.dumps(line) + "\n")
            self._stream.flush()


class ServerLogHandler(logging.Handler):
    """Brings the warnings of uvicorn into the same form."""

    def __init__(self, log: Log):
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        self._log.write("server", record.levelname.lower(), message=record.getMessage())
