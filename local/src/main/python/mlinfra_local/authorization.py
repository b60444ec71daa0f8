"""Who may do what, at every request.

moto checks signatures and finds the caller; the decision is ours, because moto's ignores conditions and the resources
of most services. Identity policies, permissions boundaries, bucket and queue policies and trust policies are decided by
the policy module. Trust policies hold always, the others while enforcement is on (`POST /moto-api/reset-auth`).
"""

from __future__ import annotations

import functools
import inspect
import json
import logging
import re
from typing import Any
from urllib.parse import unquote

import flask
import xmltodict
from moto import settings
from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse
from moto.iam.access_control import AssumedRoleAccessKey, IAMRequestBase, PermissionResult, S3IAMRequest
from moto.iam.exceptions import MalformedPolicyDocument, NotFoundException
from moto.iam.models import IAMBackend, ManagedPolicy, iam_backends
from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeBucket, S3Backend, s3_backends
from moto.sqs.models import SQSBackend, sqs_backends
from moto.sts.models import sts_backends
from moto.sts.responses import TokenResponse

from .emulator_api import ACCOUNT
from .policy import Effect, PolicyError, Principal, Request, decide, parse

log = logging.getLogger("mlinfra.iam")

ADMIN_USER = "mlinfra-admin"
# Where the server keeps the bytes of a form, which the web framework takes apart (see http_api).
FORM_BODY = "mlinfra.form_body"
# A session of the administrator with such a name stands for the service of that name: it must be in the trust policy.
# Services that send aws:SourceAccount and aws:SourceArn when they take on a role; others send neither.
SOURCE_ARN_OF_SERVICE = {"ecs-tasks.amazonaws.com": "arn:aws:ecs:{region}:{account}:task/embedded"}
SERVICE_SESSION = re.compile(r"^(?P<service>[a-z0-9-]+\.amazonaws\.com)(?:@.*)?$")


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


# --- decisions --------------------------------------------------------------------------------------------------------


class Caller:
    """The identity behind an access key: its principal and its policies."""

    def __init__(self, key: Any):
        self.arn = key.arn
        backend = iam_backends[key.account_id][key.partition]
        self.identity_policies = [_document(policy) for policy in key.collect_policies()]
        self.boundary: str | None = None
        self.missing_boundary: str | None = None
        arns = [key.arn]
        if isinstance(key, AssumedRoleAccessKey):
            role = backend.get_role(key._owner_role_name)
            arns.append(role.arn)
            if role.permissions_boundary_arn:
                self._read_boundary(backend, role.permissions_boundary_arn)
        self.principal = Principal(account=key.account_id, arns=tuple(arns))

    def _read_boundary(self, backend: IAMBackend, arn: str) -> None:
        try:
            self.boundary = _document(backend.get_policy(arn))
        except NotFoundException:
            # It existed when the role got it (see _with_existing_boundary) and was deleted since.
            self.missing_boundary = arn


def _document(policy: Any) -> str:
    if isinstance(policy, ManagedPolicy):
        return next(version.document for version in policy.versions if version.is_default)
    return policy if isinstance(policy, str) else policy["policy_document"]


def why_denied(caller: Caller, request: Request, resource_policy: str | bytes | None) -> str | None:
    """The reason for which the request is denied, None if it is allowed.

    Within one account the identity's policies or the resource's policy must allow; nothing may deny.
    """
    try:
        identity = decide(caller.identity_policies, request)
        resource = decide([resource_policy], request) if resource_policy else Effect.NEUTRAL
        boundary = decide([caller.boundary], request) if caller.boundary else Effect.ALLOW
    except PolicyError as problem:
        return f"a policy cannot be decided: {problem}"
    if identity is Effect.DENY:
        return "of an explicit deny in an identity-based policy"
    if resource is Effect.DENY:
        return "of an explicit deny in a resource-based policy"
    if caller.missing_boundary:
        return f"its permissions boundary {caller.missing_boundary} does not exist"
    if boundary is not Effect.ALLOW:
        return f"no permissions boundary allows the {request.action} action"
    if Effect.ALLOW not in (identity, resource):
        return f"no identity-based policy allows the {request.action} action"
    return None


def _conditions(caller: Caller, region: str) -> dict[str, str]:
    return {
        # Requests come over loopback; TLS is what this stands for. Said to users in not_checked.
        "aws:securetransport": "true",
        "aws:principalaccount": caller.principal.account or "",
        "aws:principalarn": caller.principal.arns[-1],
        "aws:principalisawsservice": "false",
        "aws:viaawsservice": "false",
        "aws:resourceaccount": ACCOUNT,
        "s3:resourceaccount": ACCOUNT,
        "kms:calleraccount": caller.principal.account or "",
        "aws:requestedregion": region,
    }


# --- what a request asks for ------------------------------------------------------------------------------------------

# Sub-resources of a bucket, from the query: the part of the action's name that they stand for.
_BUCKET_PARTS = {
    "accelerate": "AccelerateConfiguration",
    "acl": "BucketAcl",
    "cors": "BucketCORS",
    "encryption": "EncryptionConfiguration",
    "lifecycle": "LifecycleConfiguration",
    "location": "BucketLocation",
    "logging": "BucketLogging",
    "notification": "BucketNotification",
    "object-lock": "BucketObjectLockConfiguration",
    "ownershipControls": "BucketOwnershipControls",
    "policy": "BucketPolicy",
    "policyStatus": "BucketPolicyStatus",
    "publicAccessBlock": "BucketPublicAccessBlock",
    "replication": "ReplicationConfiguration",
    "tagging": "BucketTagging",
    "versioning": "BucketVersioning",
    "website": "BucketWebsite",
}
_OBJECT_PARTS = {"acl": "ObjectAcl", "tagging": "ObjectTagging", "retention": "ObjectRetention", "legal-hold": "ObjectLegalHold"}


def s3_action(method: str, has_bucket: bool, has_key: bool, query: Any) -> str:
    """The IAM action of an S3 request."""
    if not has_bucket:
        return "s3:ListAllMyBuckets"
    if has_key:
        for part, name in _OBJECT_PARTS.items():
            if part in query:
                return f"s3:{'Get' if method in ('GET', 'HEAD') else 'Put' if method == 'PUT' else 'Delete'}{name}"
        if "uploadId" in query:
            return {"GET": "s3:ListMultipartUploadParts", "DELETE": "s3:AbortMultipartUpload"}.get(method, "s3:PutObject")
        version = "Version" if "versionId" in query else ""
        return {
            "GET": f"s3:GetObject{version}",
            "HEAD": f"s3:GetObject{version}",
            "DELETE": f"s3:DeleteObject{version}",
            "POST": "s3:RestoreObject" if "restore" in query else "s3:PutObject",
        }.get(method, "s3:PutObject")
    for part, name in _BUCKET_PARTS.items():
        if part in query:
            # Policies and websites are deleted under an action of their own, everything else under Put.
            if method == "DELETE" and part in ("policy", "website"):
                return f"s3:Delete{name}"
            return f"s3:{'Get' if method == 'GET' else 'Put'}{name}"
    if method == "GET":
        if "uploads" in query:
            return "s3:ListBucketMultipartUploads"
        return "s3:ListBucketVersions" if "versions" in query else "s3:ListBucket"
    if method == "POST":
        return "s3:DeleteObject" if "delete" in query else "s3:PutObject"
    return {"HEAD": "s3:ListBucket", "PUT": "s3:CreateBucket", "DELETE": "s3:DeleteBucket"}[method]


def _s3_requests(response: Any, resource: str) -> list[tuple[str, str]]:
    path = resource.removeprefix("arn:aws:s3:::")
    bucket, _, key = path.partition("/")
    query = response.querystring
    action = s3_action(response.method, bucket != "*", bool(key), query)
    if action == "s3:DeleteObject" and not key:
        listed = xmltodict.parse(response.body, strip_whitespace=False)["Delete"].get("Object", [])
        objects = listed if isinstance(listed, list) else [listed]
        return [
            ("s3:DeleteObjectVersion" if "VersionId" in item else "s3:DeleteObject", f"{resource}/{item['Key']}")
            for item in objects
        ]
    wanted = [(action, resource)]
    source = response.headers.get("x-amz-copy-source")
    if source:
        wanted.append(("s3:GetObject", "arn:aws:s3:::" + unquote(source).lstrip("/").partition("?")[0]))
    if response.headers.get("x-amz-tagging"):
        wanted.append(("s3:PutObjectTagging", resource))
    return wanted


def _customer_key_requests(bucket_name: str, action: str, upload: bool) -> list[tuple[str, str]]:
    """What a caller needs from KMS because the bucket is encrypted with a customer's key."""
    bucket = s3_backends[ACCOUNT]["aws"].buckets.get(bucket_name)
    rule = ((bucket.encryption if bucket else None) or {}).get("Rule", {})
    rule = rule[0] if isinstance(rule, list) else rule
    key = rule.get("ApplyServerSideEncryptionByDefault", {}).get("KMSMasterKeyID")
    if not key:
        return []
    key_arn = key if key.startswith("arn:") else f"arn:aws:kms:{bucket.region_name}:{ACCOUNT}:key/{key}"
    if action in ("s3:GetObject", "s3:GetObjectVersion"):
        return [("kms:Decrypt", key_arn)]
    if action == "s3:PutObject":
        # The parts of a multipart upload are read again when they are put together.
        return [("kms:GenerateDataKey", key_arn), *([("kms:Decrypt", key_arn)] if upload else [])]
    return []


def _resource(response: Any, service: str, given: str) -> str:
    """The resource that a request of a service other than S3 is about; '*' where it is not known."""
    region = response.region
    arn = f"arn:aws:{service}:{region}:{ACCOUNT}:"
    if service == "logs":
        body = _json_body(response)
        group = body.get("logGroupName") or (body.get("logGroupIdentifier") or "").rpartition("log-group:")[2]
        if group:
            return f"{arn}log-group:{group}:log-stream:{body.get('logStreamName', '')}"
    if service == "ssm":
        name = _json_body(response).get("Name")
        if name:
            return f"{arn}parameter/{name.lstrip('/')}"
    if service == "kms":
        key = _json_body(response).get("KeyId")
        if key:
            return key if key.startswith("arn:") else f"{arn}key/{key}"
    if service == "lambda":
        match = re.search(r"/functions/([^/?]+)", unquote(response.path))
        if match:
            name = match.group(1)
            return name if name.startswith("arn:") else f"{arn}function:{name}"
    return given


def _json_body(response: Any) -> dict[str, Any]:
    try:
        body = json.loads(response.body or "{}")
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _request_conditions(response: Any, service: str) -> dict[str, str]:
    conditions = {}
    if service == "s3":
        for name in ("prefix", "delimiter"):
            value = response.querystring.get(name)
            if value:
                conditions[f"s3:{name}"] = value[0] if isinstance(value, list) else value
        for name in ("x-amz-acl", "x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id"):
            value = response.headers.get(name)
            if value:
                conditions[f"s3:{name}"] = value
    if service == "iam" and "PermissionsBoundary" in response.data:
        conditions["iam:permissionsboundary"] = response.data["PermissionsBoundary"][0]
    if service == "sts" and "ExternalId" in response.data:
        conditions["sts:externalid"] = response.data["ExternalId"][0]
    return conditions


# --- the places in moto ----------------------------------------------------------------------------------------------


def is_enforced() -> bool:
    return ActionAuthenticatorMixin.request_count >= settings.INITIAL_NO_AUTH_ACTION_COUNT


def _authorize(response: Any, request_class: type[IAMRequestBase], resource: str = "*") -> None:
    """Takes the place of moto's own authorization."""
    if not is_enforced():
        # moto's way to switch: so many requests are free before enforcement begins.
        ActionAuthenticatorMixin.request_count += 1
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
    service = signed._service
    is_s3 = isinstance(signed, S3IAMRequest)
    conditions = {**_conditions(caller, signed._region), **_request_conditions(response, service)}
    if is_s3:
        wanted = _s3_requests(response, resource)
        bucket_name = resource.removeprefix("arn:aws:s3:::").partition("/")[0]
        upload = "uploadId" in response.querystring or "uploads" in response.querystring
        keys = [need for action, _ in wanted for need in _customer_key_requests(bucket_name, action, upload)]
        via = f"s3.{signed._region}.amazonaws.com"
    else:
        wanted = [(signed._action, _resource(response, service, resource))]
        keys = _queue_key_requests(signed._action, wanted[0][1])
        via = f"sqs.{signed._region}.amazonaws.com"
    for action, target in wanted:
        request = Request(action, target, caller.principal, conditions)
        reason = why_denied(caller, request, _resource_policy(target))
        if reason:
            _deny(is_s3, caller, action, target, reason)
    for action, target in keys:
        request = Request(action, target, caller.principal, {**conditions, "kms:viaservice": via})
        reason = why_denied(caller, request, None)
        if reason:
            _deny(is_s3, caller, action, target, reason)


def _deny(is_s3: bool, caller: Caller, action: str, resource: str, reason: str) -> None:
    log.info("denied: %s %s on %s: %s", caller.arn, action, resource, reason)
    raise (S3AccessDenied if is_s3 else AccessDenied)(caller.arn, action, resource, reason)


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


def _queue_key_requests(action: str, resource: str) -> list[tuple[str, str]]:
    if not resource.startswith("arn:aws:sqs:"):
        return []
    region, name = resource.split(":")[3], resource.rpartition(":")[2]
    queue = sqs_backends[ACCOUNT][region].queues.get(name)
    key = getattr(queue, "kms_master_key_id", None) if queue else None
    if not key or key == "alias/aws/sqs":
        return []
    key_arn = key if key.startswith("arn:") else f"arn:aws:kms:{region}:{ACCOUNT}:key/{key}"
    if action == "sqs:SendMessage":
        return [("kms:GenerateDataKey", key_arn), ("kms:Decrypt", key_arn)]
    return [("kms:Decrypt", key_arn)] if action == "sqs:ReceiveMessage" else []


# moto asks a bucket's policy at each object request, with an action that it makes of the HTTP method.
_METHOD_ACTIONS = {"s3:HeadObject": "s3:GetObject", "s3:PostObject": "s3:PutObject"}


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
    # Conditions on the caller are left to enforcement, which knows who calls.
    statements = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
    document["Statement"] = [s for s in statements if "aws:principalarn" not in json.dumps(s.get("Condition", {})).lower()]
    effect = decide([document], Request(_METHOD_ACTIONS.get(action, action), resource, everyone, known))
    return {
        Effect.ALLOW: PermissionResult.PERMITTED,
        Effect.DENY: PermissionResult.DENIED,
        Effect.NEUTRAL: PermissionResult.NEUTRAL,
    }[effect]


def _assume_role(response: TokenResponse) -> Any:
    """Takes the place of moto's own: the role must exist and its trust policy must name the caller."""
    role_arn = response._get_param("RoleArn")
    session = response._get_param("RoleSessionName") or ""
    if response._get_param("Policy") or response._get_param("PolicyArns"):
        raise AccessDenied(session, "sts:AssumeRole", role_arn, "the embedded AWS does not know session policies")
    backend = iam_backends[ACCOUNT]["aws"]
    try:
        role = backend.get_role_by_arn(role_arn)
    except NotFoundException:
        raise AccessDenied(session, "sts:AssumeRole", role_arn, "the role does not exist") from None
    caller = _sts_caller(response)
    service = SERVICE_SESSION.match(session)
    conditions = {"aws:securetransport": "true", **_request_conditions(response, "sts")}
    if service and caller.endswith(f":user/{ADMIN_USER}"):
        who = service["service"]
        principal = Principal(service=who)
        conditions |= {"aws:principalisawsservice": "true"}
        if who in SOURCE_ARN_OF_SERVICE:
            source = SOURCE_ARN_OF_SERVICE[who].format(region=_signed_region(response), account=ACCOUNT)
            conditions |= {"aws:sourceaccount": ACCOUNT, "aws:sourcearn": source}
    else:
        principal = Principal(account=ACCOUNT, arns=_names(caller))
        conditions |= {"aws:principalaccount": ACCOUNT, "aws:principalarn": principal.arns[-1]}
        who = caller
    try:
        trusted = decide([role.assume_role_policy_document], Request("sts:AssumeRole", role_arn, principal, conditions))
    except PolicyError as problem:
        raise AccessDenied(who, "sts:AssumeRole", role_arn, f"its trust policy cannot be decided: {problem}") from None
    if trusted is not Effect.ALLOW:
        log.info("denied: %s sts:AssumeRole on %s: trust policy", who, role_arn)
        raise AccessDenied(who, "sts:AssumeRole", role_arn, "the role's trust policy does not allow it")
    return _moto_assume_role(response)


def _signed_region(response: Any) -> str:
    match = re.search(r"Credential=[^/]+/[^/]+/([^/]+)/", response.headers.get("Authorization", ""))
    return match.group(1) if match else "us-east-1"


def _sts_caller(response: Any) -> str:
    match = re.search(r"Credential=([^/]+)/", response.headers.get("Authorization", ""))
    key = match.group(1) if match else ""
    return sts_backends[ACCOUNT]["aws"].get_caller_identity(key, "us-east-1")[1]


def _names(arn: str) -> tuple[str, ...]:
    """A session's own name and that of its role: a trust policy may mean either."""
    match = re.match(r"arn:aws:sts::(\d+):assumed-role/([^/]+)/", arn)
    if not match:
        return (arn,)
    for role in iam_backends[ACCOUNT]["aws"].roles.values():
        if role.name == match.group(2):
            return (arn, role.arn)
    return (arn,)


_moto_assume_role = TokenResponse.assume_role


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


class _MalformedBucketPolicy(S3ClientError):
    def __init__(self, message: str):
        super().__init__("MalformedPolicy", message)


class _MalformedQueuePolicy(ServiceException):
    code = "InvalidAttributeValue"


def install() -> None:
    """Puts the decisions into moto. Must run before the first request."""
    ActionAuthenticatorMixin._authenticate_and_authorize_action = _authorize
    BaseResponse.call_action = _call_action
    FakeBucket.get_permission = _bucket_permission
    TokenResponse.assume_role = _assume_role
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
