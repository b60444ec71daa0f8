"""Starts the embedded AWS: python server.py --state FOLDER [--port PORT] [--account ACCOUNT]

It listens on 127.0.0.1 only and writes into the state folder, when it is ready to answer:

    credentials.json   access key of the administrator, readable by its owner only
    server.json        pid, port, account, and the fingerprint of the sources that the starting program gave
    server.log         everything that it has to say
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any


def write_private(path: Path, content: dict[str, Any]) -> None:
    """Writes a file that only its owner can read, and shows it only when it is complete."""
    draft = path.with_suffix(".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file)
    os.replace(draft, path)


def account(text: str) -> str:
    if not re.fullmatch(r"[0-9]{12}", text):
        raise argparse.ArgumentTypeError(f"given {text!r}, allowed 12 digits")
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description="The embedded AWS of mlinfra")
    parser.add_argument("--state", required=True, type=Path, help="folder for pid, port, credentials and log")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; default: a free one")
    parser.add_argument("--account", type=account, default="123456789012", help="the account to play")
    parser.add_argument("--fingerprint", default="", help="what the starting program knows these sources by")
    parser.add_argument("--detached", action="store_true", help="live on when the terminal that started it goes")
    arguments = parser.parse_args()
    if arguments.detached:
        os.setsid()
    state: Path = arguments.state
    state.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        filename=state / "server.log",
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    logging.captureWarnings(True)
    for chatty in ("botocore", "boto3", "urllib3"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # The services answer for one account and never look for credentials of the machine.
    os.environ["MOTO_ACCOUNT_ID"] = arguments.account
    os.environ["MOTO_ALLOW_NONEXISTENT_REGION"] = "false"
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"

    # Imported late: moto and mlinfra_local read their settings when they are imported.
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    from mlinfra_local import authorization, denial, http_api, memory, resources, sessions, stacks
    from mlinfra_local.emulator_api import ACCOUNT, API, AccessKey

    stacks.install(resources.ALL)
    denial.install()
    authorization.install()
    sessions.install()
    memory.install()
    application = http_api.in_front_of(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", arguments.port, application, threaded=True, request_handler=MotoRequestHandler)
    port = server.server_port
    os.environ["MOTO_PORT"] = str(port)

    key = AccessKey(*authorization.create_administrator())
    # "localhost" and not the number: moto finds buckets by host name, and the number would look like one.
    API.connect(f"http://localhost:{port}", key)

    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    logging.getLogger("mlinfra").info("listening on 127.0.0.1:%d, account %s", port, ACCOUNT)
    write_private(
        state / "credentials.json",
        {"accessKeyId": key.access_key_id, "secretAccessKey": key.secret_access_key, "account": ACCOUNT},
    )
    write_private(
        state / "server.json",
        {"pid": os.getpid(), "port": port, "account": ACCOUNT, "fingerprint": arguments.fingerprint},
    )
    server.serve_forever()


if __name__ == "__main__":
    main()
