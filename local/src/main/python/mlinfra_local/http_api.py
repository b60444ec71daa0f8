"""The server's own addresses, under /mlinfra/.

    GET /mlinfra/health                                   who listens here
    GET /mlinfra/not-checked                              what a green run here does not prove
    GET /mlinfra/lambda/code?region=&function=&qualifier= the archive of a function, which moto does not give back
    GET /mlinfra/lambda/layer?arn=                        the archive of a layer version

They are for the mlinfra command line on the same machine. The archives need the administrator's key in the header
X-Mlinfra-Key.
"""

from __future__ import annotations

import hmac
import io
import json
import os
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from moto.awslambda.models import lambda_backends

from . import authorization, not_checked
from .emulator_api import ACCOUNT, API

Answer = tuple[str, str, bytes]


def _json(value: Any) -> Answer:
    return "200 OK", "application/json", json.dumps(value).encode()


def _health(query: dict[str, str]) -> Answer:
    return _json(
        {"name": "mlinfra-local", "pid": os.getpid(), "account": ACCOUNT, "iamEnforced": authorization.is_enforced()}
    )


def _function_code(query: dict[str, str]) -> Answer:
    backend = lambda_backends[ACCOUNT][query["region"]]
    function = backend.get_function(query["function"], query.get("qualifier"))
    return "200 OK", "application/zip", function.code_bytes


def _layer(query: dict[str, str]) -> Answer:
    arn = query["arn"]
    layer = lambda_backends[ACCOUNT][arn.split(":")[3]].layers_versions_by_arn(arn)
    if layer is None:
        return "404 Not Found", "text/plain", f"no layer version {arn}".encode()
    return "200 OK", "application/zip", layer.code_bytes


_OPEN: dict[str, Callable[[dict[str, str]], Answer]] = {
    "/mlinfra/health": _health,
    "/mlinfra/not-checked": lambda query: _json(not_checked.as_json()),
}
_WITH_KEY: dict[str, Callable[[dict[str, str]], Answer]] = {
    "/mlinfra/lambda/code": _function_code,
    "/mlinfra/lambda/layer": _layer,
}


def in_front_of(application: Any) -> Any:
    """The application with the addresses above in front of it."""

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not path.startswith("/mlinfra/"):
            _keep_form(environ)
            return application(environ, start_response)
        status, content_type, body = _answer(path, environ)
        start_response(status, [("Content-Type", content_type), ("Content-Length", str(len(body)))])
        return [body]

    return serve


def _keep_form(environ: dict[str, Any]) -> None:
    """Keeps the bytes of a form: signatures are computed over them."""
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        environ[authorization.FORM_BODY] = body


def _answer(path: str, environ: dict[str, Any]) -> Answer:
    query = {key: values[0] for key, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
    if path in _OPEN:
        return _OPEN[path](query)
    if path not in _WITH_KEY:
        known = ", ".join(sorted([*_OPEN, *_WITH_KEY]))
        return "404 Not Found", "text/plain", f"given {path}, known {known}".encode()
    if not hmac.compare_digest(environ.get("HTTP_X_MLINFRA_KEY", ""), API.access_key.secret_access_key):
        return "403 Forbidden", "text/plain", b"the header X-Mlinfra-Key must hold the administrator's secret key"
    try:
        return _WITH_KEY[path](query)
    except KeyError as problem:
        return "400 Bad Request", "text/plain", f"the query must have {problem}".encode()
    except Exception as problem:
        return "404 Not Found", "text/plain", str(problem).encode()
