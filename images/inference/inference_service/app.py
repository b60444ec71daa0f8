"""The endpoints."""

import asyncio
import re
import time
import traceback
import uuid

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from .errors import STATUS, RequestError
from .metrics import CONTENT_TYPE
from .service import Service

ENDPOINTS = {"/health", "/ready", "/predict", "/metrics"}
PREDICT = "/predict"
REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
REQUEST_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "rows": {
            "type": "array",
            "minItems": 1,
            "items": {
                "oneOf": [
                    {"type": "object", "additionalProperties": {"type": ["number", "null"]}},
                    {"type": "array", "items": {"type": ["number", "null"]}},
                ]
            },
        },
        "columns": {
            "type": "object",
            "additionalProperties": {"type": "array", "minItems": 1, "items": {"type": ["number", "null"]}},
        },
        "outputs": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
    },
    "oneOf": [{"required": ["rows"]}, {"required": ["columns"]}],
}


def create_app(service: Service) -> FastAPI:
    """The application. It has no pages of documentation, which would load scripts from elsewhere; /openapi.json is
    there."""
    app = FastAPI(title="mlinfra inference", docs_url=None, redoc_url=None)
    app.add_middleware(Observer, service=service)

    @app.exception_handler(RequestError)
    async def refused(request: Request, error: RequestError) -> Response:
        return failure(request.scope, error)

    @app.exception_handler(HTTPException)
    async def no_endpoint(request: Request, error: HTTPException) -> Response:
        if error.status_code == STATUS["METHOD_NOT_ALLOWED"]:
            allowed = (error.headers or {}).get("Allow", "another method")
            refusal = RequestError("METHOD_NOT_ALLOWED", f"{request.scope['path']} takes {allowed}")
            return failure(request.scope, refusal, error.headers)
        return failure(request.scope, RequestError("NOT_FOUND", f"there are {', '.join(sorted(ENDPOINTS))}"))

    @app.get("/health")
    async def health() -> dict:
        """Whether the process lives: a reason to restart it if not."""
        return {"status": "alive"}

    @app.get("/ready")
    async def ready() -> dict:
        """Whether new requests should come here: the model is loaded, and nobody has asked to stop."""
        if not service.ready:
            raise RequestError("STOPPED" if service.draining else "NOT_READY", _why_not(service))
        return {"status": "ready", "model_version": service.version}

    @app.get("/metrics")
    def metrics() -> Response:
        """For Prometheus. In a thread of its own: the stability index of many features takes a while."""
        return Response(service.metrics.text(), headers={"Content-Type": CONTENT_TYPE})

    @app.post(
        PREDICT,
        openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": REQUEST_SCHEMA}}}},
    )
    async def predict(request: Request) -> Response:
        """Predicts for the rows of the request."""
        if not REQUEST_ID.fullmatch(request.headers.get("x-request-id", "none")):
            raise RequestError(
                "REQUEST_INVALID", "the header X-Request-Id must be 1 to 128 letters, digits or one of . _ : -"
            )
        if not service.loaded:
            raise RequestError("NOT_READY", _why_not(service))
        if request.scope["in_flight"] > service.settings.max_waiting:
            raise RequestError(
                "OVERLOADED", f"{service.settings.max_waiting} requests are here already; try again in a second"
            )
        deadline = asyncio.get_running_loop().time() + service.settings.timeout_seconds
        body = await read_body(request, service.settings.max_body_bytes, deadline)
        request.scope["bytes"] = len(body)
        future = asyncio.wrap_future(service.submit(body, request.scope["request_id"]))
        try:
            async with asyncio.timeout_at(deadline):
                answer, request.scope["rows"] = await future
        except TimeoutError:
            raise RequestError(
                "PREDICTION_TIMEOUT",
                f"no prediction after {service.settings.timeout_seconds:g} s; send fewer rows, or try again",
            ) from None
        return Response(answer, media_type="application/json")

    return app


def _why_not(service: Service) -> str:
    return "the service stops" if service.draining else "the model is being loaded; try again in a second"


async def read_body(request: Request, limit: int, deadline: float) -> bytes:
    """The whole body. Raises RequestError when it is no JSON, too large, or not there in time."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" or request.headers.get("content-encoding", "identity") != "identity":
        raise RequestError("CONTENT_TYPE_UNSUPPORTED", "the body must be application/json, not compressed")
    too_large = RequestError("BODY_TOO_LARGE", f"the body is larger than {limit} bytes; send several requests")
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > limit:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout_at(deadline):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise too_large
    except TimeoutError:
        raise RequestError("BODY_TIMEOUT", "the body did not arrive in time") from None
    except ClientDisconnect:
        raise RequestError("CLIENT_GONE", "the connection ended within the body") from None
    return bytes(body)


def failure(scope: dict, error: RequestError, headers: dict | None = None) -> Response:
    """The answer to a request that was refused or failed."""
    scope["error"] = error
    headers = dict(headers or {})
    if error.status == 503:
        headers["Retry-After"] = "1"
    if error.code in ("BODY_TOO_LARGE", "BODY_TIMEOUT"):
        headers["Connection"] = "close"  # what is left of the body is no next request
    content = {"code": error.code, "message": error.message, "request_id": scope["request_id"]}
    return JSONResponse(content, error.status, headers)


class Observer:
    """Around all endpoints: gives each request an id, and logs and counts it when it is answered, whatever happens."""

    def __init__(self, app, service: Service):
        self._app = app
        self._service = service
        self._in_flight = 0

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        predicts = scope["path"] == PREDICT
        scope["request_id"] = _request_id(scope)
        status = None

        async def answer(message):
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"].append((b"x-request-id", scope["request_id"].encode()))
                if self._service.draining:
                    # Clients that keep connections open come back to another instance.
                    message["headers"].append((b"connection", b"close"))
            await send(message)

        if predicts:
            self._in_flight += 1
            self._service.metrics.in_flight.set(self._in_flight)
        scope["in_flight"] = self._in_flight
        try:
            await self._app(scope, receive, answer)
        except asyncio.CancelledError:
            # The time to stop is over. Without an answer uvicorn would say that this is a fault.
            response = failure(scope, RequestError("STOPPED", "the service stopped before the answer was ready"))
            if status is None:
                await response(scope, receive, answer)
        except Exception as error:
            scope["fault"] = error
            response = failure(scope, RequestError("INTERNAL", "a fault of the service; its log tells more"))
            if status is None:
                await response(scope, receive, answer)
        finally:
            if predicts:
                self._in_flight -= 1
                self._service.metrics.in_flight.set(self._in_flight)
            self._tell(scope, status, time.perf_counter() - started, predicts)

    def _tell(self, scope, status: int | None, seconds: float, predicts: bool) -> None:
        error, path = scope.get("error"), scope["path"]
        if status is None:
            status = error.status if error is not None else STATUS["CLIENT_GONE"]
        metrics = self._service.metrics
        metrics.requests.labels(path if path in ENDPOINTS else "other", str(status)).inc()
        if predicts:
            metrics.seconds.observe(seconds)
        if error is not None and path != "/ready":
            metrics.errors.labels(error.code).inc()
            self._tell_error(scope, error)
        # Probes and scrapes that are fine would be most of the log.
        if path == PREDICT or path not in ENDPOINTS or status >= 400:
            self._service.log.write(
                "request",
                request_id=scope["request_id"],
                method=scope["method"],
                path=path[:200],
                status=status,
                seconds=round(seconds, 6),
                rows=scope.get("rows"),
                bytes=scope.get("bytes"),
                model_version=self._service.version if predicts else None,
                code=error.code if error is not None else None,
            )

    def _tell_error(self, scope, error: RequestError) -> None:
        fault = scope.get("fault") or error.__cause__
        where = traceback.extract_tb(fault.__traceback__)[-1] if fault is not None and fault.__traceback__ else None
        self._service.log.write(
            "error",
            "error" if error.status >= 500 else "warning",
            request_id=scope["request_id"],
            code=error.code,
            message=error.message,
            # The kind and the place of a fault, but not its text, which may hold a value of the data.
            cause=f"{type(fault).__name__} at {where.filename.rsplit('/', 1)[-1]}:{where.lineno}" if where else None,
        )


def _request_id(scope) -> str:
    # The first one, as request.headers has it.
    given = next((text for name, text in scope["headers"] if name == b"x-request-id"), b"").decode("latin-1")
    return given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
