#!/usr/bin/env python3
"""Sends a constant rate of requests to predict, and prints how long they took. Needs nothing but Python 3.11.

    python load/load.py --url http://127.0.0.1:8080 --body request.json --rate 100 --seconds 60

Each time counts from when the request was due, not from when it was sent: a service that stands still for a second
delays a hundred requests, and all of them show. The last line of stdout is one JSON object. Exit code 0, 1 if a
request failed or p99 is over --p99-ms, 2 for wrong arguments. Send load to services of your own alone.
"""

import argparse
import asyncio
import json
import math
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

CONNECTIONS = 64


class Connections:
    """Connections that are kept open: a request takes a free one, or makes one, up to a bound."""

    def __init__(self, host: str, port: int):
        self._address = (host, port)
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._room = asyncio.Semaphore(CONNECTIONS)

    async def post(self, request: bytes) -> tuple[int, bytes]:
        async with self._room:
            reader, writer = self._free.pop() if self._free else await asyncio.open_connection(*self._address)
            try:
                writer.write(request)
                await writer.drain()
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                length = next(line for line in head.split("\r\n") if line.startswith("content-length:"))
                body = await reader.readexactly(int(length.partition(":")[2]))
            except BaseException:
                writer.close()
                raise
            if "connection: close" in head:
                writer.close()
            else:
                self._free.append((reader, writer))
            return int(head.split()[1]), body

    def close(self) -> None:
        for _, writer in self._free:
            writer.close()


async def send(url: str, body: bytes, rate: float, seconds: float) -> dict:
    """Sends rate x seconds requests and gives counts by outcome and percentiles in milliseconds."""
    parts = urlsplit(url)
    host, port = parts.hostname, parts.port or 80
    head = (
        f"POST {parts.path.rstrip('/')}/predict HTTP/1.1\r\nHost: {host}:{port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    request = head.encode() + body
    connections = Connections(host, port)
    outcomes, times = Counter(), []

    async def one(due: float) -> None:
        try:
            status, answer = await asyncio.wait_for(connections.post(request), 30)
            good = status == 200 and json.loads(answer)["predictions"]
            outcomes["200" if good else f"{status} without predictions" if status == 200 else str(status)] += 1
        except (OSError, EOFError, TimeoutError, ValueError, StopIteration) as error:
            outcomes[type(error).__name__] += 1
        times.append(time.perf_counter() - due)

    started = time.perf_counter()
    tasks = []
    for number in range(round(rate * seconds)):
        due = started + number / rate
        await asyncio.sleep(max(0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(one(due)))
    await asyncio.gather(*tasks)
    took = time.perf_counter() - started
    connections.close()
    times.sort()
    return {
        "requests": len(times),
        "seconds": round(took, 2),
        "requests_per_second": round(len(times) / took, 1),
        "outcomes": dict(outcomes),
        **{f"p{share}_ms": round(percentile(times, share) * 1000, 2) for share in (50, 95, 99)},
        "max_ms": round(times[-1] * 1000, 2),
    }


def percentile(ordered: list[float], share: float) -> float:
    """The smallest value that at least this share, in percent, of all values do not exceed."""
    return ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8080", help="the service, without /predict")
    parser.add_argument("--body", required=True, metavar="FILE", help="a request to predict, as JSON")
    parser.add_argument("--rate", type=float, default=100, help="requests a second, up to 1000")
    parser.add_argument("--seconds", type=float, default=60, help="up to 3600")
    parser.add_argument("--p99-ms", type=float, help="fail when p99 is over this")
    options = parser.parse_args(arguments)
    if not 0 < options.rate <= 1000 or not 0 < options.seconds <= 3600 or options.rate * options.seconds < 1:
        parser.error("--rate must be up to 1000, --seconds up to 3600, and there must be a request at all")
    if urlsplit(options.url).scheme != "http" or not urlsplit(options.url).hostname:
        parser.error(f"--url is {options.url!r}; allowed: http://HOST:PORT")
    try:
        body = Path(options.body).read_bytes()
    except OSError as error:
        parser.error(f"--body {options.body!r} cannot be read: {error.strerror}")
    result = asyncio.run(send(options.url, body, options.rate, options.seconds))
    print(json.dumps(result))
    failed = result["outcomes"].keys() != {"200"}
    slow = options.p99_ms is not None and result["p99_ms"] > options.p99_ms
    return 1 if failed or slow else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
