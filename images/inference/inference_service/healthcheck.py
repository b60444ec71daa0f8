"""Asks the service on this machine whether it is ready: for Docker, whose images bring no other client. Exit code 0
or 1."""

import os
import sys
import urllib.error
import urllib.request

LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def main() -> int:
    host, _, port = os.environ.get("MLINFRA_LISTEN", "0.0.0.0:8080").rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    host = LOOPBACK.get(host, host)
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}/ready"
    # No proxy of the environment's: it would ask another machine.
    ask = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with ask.open(url, timeout=3) as answer:
            return 0 if answer.status == 200 else 1
    except (OSError, ValueError) as error:
        print(f"{url}: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
