"""Who may do what, at every request.

moto checks signatures and finds the caller; the decision is ours, because moto's ignores conditions and the resources
of most services. Identity policies, permissions boundaries, bucket and queue policies and trust policies are decided by
the policy module. Trust policies (see sessions) hold always, the others while enforcement is on
(`POST /moto-api/reset-auth`).
"""

from __future__ import annotations

import functools
import inspect
import json
import logging
from collections.abc import Set
from typing import Any

import flask
from moto import settings
from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.exceptions import ServiceException
from moto.iam.access_control import IAMRequestBase, PermissionResult, S3IAMRequest
from moto.iam.exceptions import MalformedPolicyDocument, NotFoundException
from moto.iam.models import IAMBackend, iam_backends
from moto.iam.responses import IamResponse
from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeBucket, S3Backend, s3_backends
from moto.sqs.models import SQSBackend, sqs_backends
from moto.sts.responses import TokenResponse

from . import needs
from .caller import Caller
from .denial import AccessDenied, S3AccessDenied
from .emulator_api import ACCOUNT
from .policy import Effect, PolicyError, Principal, Request, decide, parse
from .sessions import ADMIN_USER

log = logging.getLogger("mlinfra.iam")

# Where the server keeps the bytes of a form, which the web framework takes apart (see http_api).
FORM_BODY = "mlinfra.form_body"


def is_enforced() -> bool:
    return ActionAuthenticatorMixin.request_count >= settings.INITIAL_NO_AUTH_ACTION_COUNT


def _authorize(response: Any, request_class: type[IAMRequestBase], resource: str = "*") -> None:
    """Takes the place of moto's own authorization."""
    if not is_enforced():
        # moto's way to switch: so many requests are free before enforcement begins.
        ActionAuthenticatorMixin.request_count += 1
        return
    if isinstance(response, TokenResponse) and response._get_action() == "AssumeRoleWithWebIdentity":
        # The token in place of a signature: see sessions.
        return
    if "Authorization" not in response.headers:
        error = S3AccessDenied if request_class is S3IAMRequest else AccessDenied
        raise error("anonymous", "any action", resource, "the request is not signed")
    path = response.raw_path
    query = response.uri.partition("?")[2]
    signed = request_class(
        account_id=response.current_account,
        method=response.method,
        path=f"{path}?{query}" if query else path,
        # moto would compute the signature over a form that it parsed and wrote again; the data is for S3's errors only.
        data=response.data if request_class is S3IAMRequest else {},
        body=flask.request.environ.get(FORM_BODY) or response.raw_body,
        headers=response.headers,
        action="Any" if request_class is S3IAMRequest else response._get_action(),
    )
    signed.check_signature()
    if signed._action == "sts:GetCallerIdentity":
        return
    _check(response, signed, resource)


def _check(response: Any, signed: IAMRequestBase, resource: str) -> None:
    caller = Caller(signed._access_key)
    about = caller.conditions(signed._region)
    for need in needs.of(response, signed._service, signed._action, signed._region, resource):
        request = Request(need.action, need.resource, caller.principal, {**about, **need.conditions})
        reason = caller.why_denied(request, _resource_policy(need.resource))
        if reason:
            log.info("denied: %s %s on %s: %s", caller.arn, need.action, need.resource, reason)
            denial = S3AccessDenied if isinstance(signed, S3IAMRequest) else AccessDenied
            raise denial(caller.arn, need.action, need.resource, reason)


def _resource_policy(resource: str) -> str | bytes | None:
    if resource.startswith("arn:aws:s3:::"):
        bucket = s3_backends[ACCOUNT]["aws"].buckets.get(resource.removeprefix("arn:aws:s3:::").partition("/")[0])
        return bucket.policy if bucket else None
    if resource.startswith("arn:aws:sqs:"):
        region, name = resource.split(":")[3], resource.rpartition(":")[2]
        queue = sqs_backends[ACCOUNT][region].queues.get(name)
        policy = queue.policy if queue else None
        return json.dumps(policy) if isinstance(policy, dict) else policy
    return None


# moto asks a bucket's policy at each object request, with an action that it makes of the HTTP method.
_METHOD_ACTIONS = {"s3:HeadObject": "s3:GetObject", "s3:PostObject": "s3:PutObject"}
_ALWAYS_ABSENT = {"aws:sourcevpc", "aws:sourcevpce"}


def _bucket_permission(bucket: FakeBucket, action: str, resource: str) -> PermissionResult:
    """Takes the place of moto's own: explicit denials of everyone hold even while enforcement is off."""
    if bucket.policy is None:
        return PermissionResult.NEUTRAL
    everyone = Principal(account=ACCOUNT)
    known = {
        "aws:securetransport": "true",
        "aws:principalaccount": ACCOUNT,
        "aws:resourceaccount": ACCOUNT,
        "s3:resourceaccount": ACCOUNT,
    }
    document = parse(bucket.policy)
    # What depends on the caller or on the request is left to enforcement, which knows both.
    statements = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
    document["Statement"] = [statement for statement in statements if _is_for_everyone(statement, known.keys())]
    effect = decide([document], Request(_METHOD_ACTIONS.get(action, action), resource, everyone, known))
    return {
        Effect.ALLOW: PermissionResult.PERMITTED,
        Effect.DENY: PermissionResult.DENIED,
        Effect.NEUTRAL: PermissionResult.NEUTRAL,
    }[effect]


def _is_for_everyone(statement: dict[str, Any], known: Set[str]) -> bool:
    """Whether a statement asks only for what is the same for every caller and request."""
    keys = {key.lower() for condition in (statement.get("Condition") or {}).values() for key in condition}
    return keys <= known | _ALWAYS_ABSENT and "${" not in json.dumps(statement)


def _refusing(original: Any, argument: str, error: Any) -> Any:
    """The backend's method, refusing policies that could not be decided later."""
    signature = inspect.signature(original)

    @functools.wraps(original)
    def checked(*args: Any, **kwargs: Any) -> Any:
        document = signature.bind(*args, **kwargs).arguments.get(argument)
        if isinstance(document, dict):
            document = document.get("Policy")
        if document:
            try:
                parse(document)
            except PolicyError as problem:
                raise error(str(problem)) from None
        return original(*args, **kwargs)

    return checked


def _with_existing_boundary(original: Any) -> Any:
    """The backend's method, refusing a permissions boundary that does not exist."""
    signature = inspect.signature(original)

    def checked(backend: IAMBackend, *args: Any, **kwargs: Any) -> Any:
        arn = signature.bind(backend, *args, **kwargs).arguments.get("permissions_boundary")
        if arn and arn not in backend.managed_policies:
            raise NotFoundException(
                f"Scope ARN: {arn} does not exist or is not attachable."
                " The embedded AWS has the policies that were made in it and those of AWS itself."
            )
        return original(backend, *args, **kwargs)

    return checked


def _without_user_boundary(original: Any) -> Any:
    """The response's method, refusing a boundary of a user: moto would drop it, and the user could do more."""

    @functools.wraps(original)
    def checked(response: IamResponse) -> Any:
        if response._get_param("PermissionsBoundary"):
            raise MalformedPolicyDocument("the embedded AWS does not know permissions boundaries of users")
        return original(response)

    return checked


class _MalformedBucketPolicy(S3ClientError):
    def __init__(self, message: str):
        super().__init__("MalformedPolicy", message)


class _MalformedQueuePolicy(ServiceException):
    code = "InvalidAttributeValue"


def install() -> None:
    """Puts the decisions into moto. Must run before the first request."""
    ActionAuthenticatorMixin._authenticate_and_authorize_action = _authorize
    FakeBucket.get_permission = _bucket_permission
    S3Backend.put_bucket_policy = _refusing(S3Backend.put_bucket_policy, "policy", _MalformedBucketPolicy)
    SQSBackend.create_queue = _refusing(SQSBackend.create_queue, "kwargs", _MalformedQueuePolicy)
    SQSBackend.set_queue_attributes = _refusing(SQSBackend.set_queue_attributes, "attributes", _MalformedQueuePolicy)
    for method, argument in (
        ("create_policy", "policy_document"),
        ("create_policy_version", "policy_document"),
        ("create_role", "assume_role_policy_document"),
        ("put_group_policy", "policy_json"),
        ("put_role_policy", "policy_json"),
        ("put_user_policy", "policy_json"),
        ("update_assume_role_policy", "policy_document"),
    ):
        setattr(IAMBackend, method, _refusing(getattr(IAMBackend, method), argument, MalformedPolicyDocument))
    IamResponse.create_user = _without_user_boundary(IamResponse.create_user)
    for method in ("create_role", "put_role_permissions_boundary"):
        setattr(IAMBackend, method, _with_existing_boundary(getattr(IAMBackend, method)))


def create_administrator() -> tuple[str, str]:
    """The user as which the bridge and the command line call; gives access key id and secret."""
    backend = iam_backends[ACCOUNT]["aws"]
    backend.create_user(region_name="us-east-1", user_name=ADMIN_USER, path="/", tags=[])
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    backend.put_user_policy(ADMIN_USER, "administrator", json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    key = backend.create_access_key(ADMIN_USER)
    return key.access_key_id, key.secret_access_key
