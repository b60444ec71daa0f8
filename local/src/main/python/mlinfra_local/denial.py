"""Denials, in the form that each service gives them."""

from __future__ import annotations

from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse
from moto.s3.exceptions import S3ClientError


class AccessDenied(Exception):
    """A denial by a service other than S3; becomes an answer in _call_action."""

    def __init__(self, who: str, action: str, resource: str, why: str):
        super().__init__(f"User: {who} is not authorized to perform: {action} on resource: {resource} because {why}")


class S3AccessDenied(S3ClientError):
    status_code = 403

    def __init__(self, who: str, action: str, resource: str, why: str):
        super().__init__(
            "AccessDenied",
            f"User: {who} is not authorized to perform: {action} on resource: {resource} because {why}",
        )


class _Denial(ServiceException):
    """A denial in the form that moto writes out. Its module matters: moto looks for a service's errors by it."""


_moto_call_action = BaseResponse.call_action


def _call_action(response: BaseResponse) -> Any:
    """moto's own, which would answer a denial with status 400 or in the wrong protocol."""
    try:
        return _moto_call_action(response)
    except AccessDenied as denial:
        # The JSON services have a longer name for the same error.
        code = "AccessDeniedException" if "X-Amz-Target" in response.headers else "AccessDenied"
        _, headers, body = response.serialized(ActionResult(_Denial(code, str(denial))))
        headers["status"] = "403"
        return 403, headers, body


def install() -> None:
    """Must run before the first request."""
    BaseResponse.call_action = _call_action
