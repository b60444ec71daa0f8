"""What the environment variables say. README.md lists them with their defaults."""

import math
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .errors import StartError

LARGEST_MODEL_MB = 2047  # protobuf, and so ONNX, ends at 2 GB


@dataclass(frozen=True)
class Settings:
    """All settings, checked. Sizes are in bytes, times in seconds."""

    model: str
    scaler: str
    baseline: str | None
    model_sha256: str | None
    max_model_bytes: int
    device: str
    threads: int
    predictions_at_once: int
    host: str
    port: int
    max_rows: int
    max_body_bytes: int
    max_waiting: int
    timeout_seconds: float
    drain_seconds: float
    stop_seconds: float
    missing_values: str
    drift_rows: int
    log_predictions: float
    log_features: bool


def read(environment: Mapping[str, str]) -> Settings:
    """Reads the settings. Raises StartError with every problem."""
    given = _Reader(environment)
    processors = cpu_limit()
    threads = given.whole("MLINFRA_THREADS", 1, 1, processors)
    host, port = given.value("MLINFRA_LISTEN", "0.0.0.0:8080", _address, "ADDRESS:PORT, such as 0.0.0.0:8080")
    settings = Settings(
        model=given.place("MLINFRA_MODEL", required=True),
        scaler=given.place("MLINFRA_SCALER", required=True),
        baseline=given.place("MLINFRA_BASELINE"),
        model_sha256=given.value("MLINFRA_MODEL_SHA256", "", _sha256, "64 hexadecimal digits"),
        max_model_bytes=given.whole("MLINFRA_MAX_MODEL_MB", 512, 1, LARGEST_MODEL_MB) << 20,
        device=given.value("MLINFRA_DEVICE", "cpu", _one_of("cpu", "cuda"), "cpu or cuda"),
        threads=threads,
        predictions_at_once=max(1, processors // threads),
        host=host,
        port=port,
        max_rows=given.whole("MLINFRA_MAX_ROWS", 1000, 1, 1_000_000),
        max_body_bytes=given.whole("MLINFRA_MAX_BODY_KB", 1024, 1, 1 << 20) << 10,
        max_waiting=given.whole("MLINFRA_MAX_WAITING", 64, 1, 100_000),
        timeout_seconds=given.number("MLINFRA_TIMEOUT_SECONDS", 30, 0.1, 3600),
        drain_seconds=given.number("MLINFRA_DRAIN_SECONDS", 5, 0, 3600),
        stop_seconds=given.number("MLINFRA_STOP_SECONDS", 20, 1, 3600),
        missing_values=given.value("MLINFRA_MISSING_VALUES", "fail", _one_of("fail", "nan"), "fail or nan"),
        drift_rows=given.whole("MLINFRA_DRIFT_ROWS", 10_000, 200, 1_000_000),
        log_predictions=given.number("MLINFRA_LOG_PREDICTIONS", 0.01, 0, 1),
        log_features=given.value("MLINFRA_LOG_FEATURES", "false", _one_of("false", "true"), "true or false") == "true",
    )
    if given.problems:
        raise StartError(*given.problems)
    return settings


class _Reader:
    """Reads one variable after the other and keeps what is wrong with them."""

    def __init__(self, environment: Mapping[str, str]):
        self._environment = environment
        self.problems: list[str] = []

    def value(self, name: str, default: str, parse: Callable, allowed: str):
        text = self._environment.get(name, default)
        try:
            return parse(text)
        except ValueError:
            self.problems.append(f"{name} is {text!r}; allowed: {allowed}")
            return parse(default)

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        def parse(text: str) -> int:
            if not re.fullmatch("[0-9]{1,9}", text) or not least <= int(text) <= most:
                raise ValueError
            return int(text)

        return self.value(name, str(default), parse, f"a whole number from {least} to {most}")

    def number(self, name: str, default: float, least: float, most: float) -> float:
        def parse(text: str) -> float:
            # NaN is in no range.
            if not least <= float(text) <= most:
                raise ValueError
            return float(text)

        return self.value(name, str(default), parse, f"a number from {least:g} to {most:g}")

    def place(self, name: str, required: bool = False) -> str | None:
        text = self._environment.get(name, "")
        if not text and not required:
            return None
        if not text:
            self.problems.append(f"{name} is not set; allowed: a file, or s3://BUCKET/KEY")
        elif "\0" in text or ("://" in text and not re.fullmatch("s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.+", text)):
            self.problems.append(f"{name} is {text!r}; allowed: a file, or s3://BUCKET/KEY")
        return text


def _address(text: str) -> tuple[str, int]:
    host, separator, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not separator or not host or not re.fullmatch("[0-9]{1,5}", port) or int(port) > 65535:
        raise ValueError
    return host, int(port)


def _sha256(text: str) -> str | None:
    if text and not re.fullmatch("[0-9a-fA-F]{64}", text):
        raise ValueError
    return text.lower() or None


def _one_of(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError
        return text

    return parse


def cpu_limit(root: Path = Path("/sys/fs/cgroup")) -> int:
    """The processors that this container may use, at least one: what the scheduler allows, cut by the cgroup's quota.

    os.cpu_count() would tell those of the machine, and a pool of that size makes a container with a small quota wait.
    """
    allowed = len(os.sched_getaffinity(0))
    for quota_file, period_file in (("cpu.max", None), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us")):
        try:
            words = (root / quota_file).read_text().split()
            if period_file is not None:
                words.append((root / period_file).read_text())
            quota, period = float(words[0]), float(words[1])
        except (OSError, ValueError, IndexError):
            continue  # another version of cgroups, or "max": no quota
        if quota > 0 and period > 0:
            return max(1, min(allowed, math.floor(quota / period)))
    return allowed
