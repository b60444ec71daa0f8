"""The process: starts, serves until it is asked to stop, finishes what runs, ends."""

import logging
import os
import signal
import sys
import time

import uvicorn

from . import settings
from .app import create_app
from .errors import EXIT_BUG, EXIT_OK, StartError
from .logs import Log, ServerLogHandler
from .service import Service, start_loading

# Longer than the 60 s after which AWS's load balancers drop an idle connection: whoever is first to end one must be
# the side that sends the requests, or some of them meet a closed door.
KEEP_ALIVE_SECONDS = 75


class Server(uvicorn.Server):
    """Stops in two steps: first only /ready says so, since Kubernetes still sends requests for a while; then no new
    connection is accepted, and what runs has a bounded time to end."""

    def __init__(self, config: uvicorn.Config, service: Service):
        super().__init__(config)
        self._service = service
        self._stop_at: float | None = None
        self.exit_code = EXIT_OK

    def handle_exit(self, sig, frame) -> None:
        """On SIGTERM and SIGINT. The second one, and Ctrl-C, skip the first step. Signals are not kept, so uvicorn
        does not raise them again at its end, and the exit code is 0."""
        skips = self._service.draining or sig == signal.SIGINT or not self._service.loaded
        self._service.draining = True
        self._stop_at = time.monotonic() + (0 if skips else self._service.settings.drain_seconds)

    def fail(self, error: Exception) -> None:
        """The model cannot be loaded."""
        self.exit_code = tell(self._service.log, error)
        self._stop_at = time.monotonic()

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second."""
        if self._stop_at is not None and time.monotonic() >= self._stop_at:
            self.should_exit = True
        return await super().on_tick(counter)


def run(environment) -> int:
    """Runs the service and gives the exit code."""
    log = Log(sys.stdout)
    try:
        wanted = settings.read(environment)
    except StartError as error:
        return tell(log, error)
    server_log = logging.getLogger("uvicorn")
    server_log.handlers, server_log.propagate = [ServerLogHandler(log)], False
    service = Service(wanted, log)
    config = uvicorn.Config(
        create_app(service),
        host=wanted.host,
        port=wanted.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=wanted.stop_seconds,
    )
    server = Server(config, service)
    log.write("start", address=f"{wanted.host}:{wanted.port}", model=wanted.model, device=wanted.device)
    start_loading(service, server.fail)
    try:
        server.run()
    except SystemExit:
        # uvicorn has told why, which is an address that is taken or not this machine's.
        return tell(log, StartError(f"MLINFRA_LISTEN: cannot listen on {wanted.host}:{wanted.port}"))
    log.write("stopped", exit_code=server.exit_code)
    return server.exit_code


def tell(log: Log, error: Exception) -> int:
    """Logs why the service cannot start, and gives the exit code."""
    if isinstance(error, StartError):
        log.write("start_failed", "error", problems=list(error.problems), exit_code=error.exit_code)
        return error.exit_code
    log.write("start_failed", "error", problems=[f"unexpected {type(error).__name__}: {error}"], exit_code=EXIT_BUG)
    return EXIT_BUG


def main() -> None:
    """The program. It does not wait for a thread that computes or downloads: nobody can stop one."""
    code = run(os.environ)
    sys.stdout.flush()
    os._exit(code)
