"""What a request asks for: the actions, on which resources, and what conditions may ask about it.

A resource that is not known is "*": only a policy for all resources then allows the request.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlparse

import xmltodict
from moto.cloudformation.models import cloudformation_backends
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends
from moto.sqs.models import sqs_backends

from . import sessions
from .emulator_api import ACCOUNT, tag_map
from .policy import Value


@dataclass(frozen=True)
class Need:
    """One permission that a request needs. The conditions are those that the request itself brings."""

    action: str
    resource: str
    conditions: Mapping[str, Value] = field(default_factory=dict)


def of(response: Any, service: str, action: str, region: str, given: str) -> list[Need]:
    """Everything that a request needs; given is the resource that moto found."""
    if service == "s3":
        found = _s3(response, given)
        bucket = given.removeprefix("arn:aws:s3:::").partition("/")[0]
        upload = "uploadId" in response.querystring or "uploads" in response.querystring
        via = {"kms:viaservice": f"s3.{region}.amazonaws.com"}
        return found + [key for need in found for key in _bucket_keys(bucket, need.action, upload, via)]
    if service == "sts" and action == "sts:AssumeRole":
        about = sessions.request_conditions(response)
        return [Need(name, given, about) for name in sessions.actions(response)]
    about = _tags_of(response)
    if service == "iam":
        return [Need(action, _iam_resource(response, given), {**about, **_iam_conditions(response)})]
    if service == "cloudformation":
        return [Need(action, _stack(response), about), *_of_stack_operation(response)]
    if service == "lambda":
        role = _json_body(response).get("Role")
        passed = [_pass_role(role, "lambda.amazonaws.com")] if role else []
        return [Need(action, _function(response, given), about), *passed]
    if service == "sqs":
        via = {"kms:viaservice": f"sqs.{region}.amazonaws.com"}
        return [Need(action, given, about), *_queue_keys(action, given, via)]
    # Requests to CloudWatch are signed for a service of another name than its actions have.
    action = action.replace("monitoring:", "cloudwatch:")
    about |= _of_service(service, action, response)
    return [Need(action, resource, about) for resource in _json_resources(response, service, given)]


def _of_service(service: str, action: str, response: Any) -> dict[str, Value]:
    """Keys that only one service has."""
    if action == "cloudwatch:PutMetricData":
        # Its clients write in a form of their own, which moto reads only after the caller was let through.
        response.parse_parameters(response.normalized_request)
        namespace = response._get_param("Namespace")
        return {"cloudwatch:namespace": namespace} if namespace else {}
    name = _json_body(response).get("cluster") if service == "ecs" else None
    if name:
        return {"ecs:cluster": name if name.startswith("arn:") else f"arn:aws:ecs:{response.region}:{ACCOUNT}:cluster/{name}"}
    return {}


def _pass_role(role_arn: str, service: str) -> Need:
    return Need("iam:PassRole", role_arn, {"iam:passedtoservice": service})


def _tags_of(response: Any) -> dict[str, Value]:
    """The tags that a request sets or takes away. S3 is not asked: its requests have no such keys."""
    body = _json_body(response)
    query = {} if body else response
    tags = body.get("Tags") or body.get("tags") or (query and query._get_param("Tags")) or {}
    if isinstance(tags, list):
        tags = tag_map([{"Key": t.get("Key", t.get("TagKey")), "Value": t.get("Value", t.get("TagValue"))} for t in tags])
    removed = body.get("TagKeys") or body.get("tagKeys") or (query and query._get_param("TagKeys")) or []
    about: dict[str, Value] = {f"aws:requesttag/{key.lower()}": str(value) for key, value in tags.items()}
    if tags or removed:
        about["aws:tagkeys"] = (*tags, *removed)
    return about


def _json_body(response: Any) -> dict[str, Any]:
    try:
        body = json.loads(response.body or "{}")
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


# --- S3, and the keys of buckets and queues ---------------------------------------------------------------------------

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


def _s3(response: Any, resource: str) -> list[Need]:
    path = resource.removeprefix("arn:aws:s3:::")
    bucket, _, key = path.partition("/")
    query = response.querystring
    action = s3_action(response.method, bucket != "*", bool(key), query)
    about = _s3_conditions(response)
    if action == "s3:DeleteObject" and not key:
        listed = xmltodict.parse(response.body, strip_whitespace=False)["Delete"].get("Object", [])
        objects = listed if isinstance(listed, list) else [listed]
        return [
            Need("s3:DeleteObjectVersion" if "VersionId" in item else "s3:DeleteObject", f"{resource}/{item['Key']}", about)
            for item in objects
        ]
    wanted = [Need(action, resource, about)]
    source = response.headers.get("x-amz-copy-source")
    if source:
        wanted.append(Need("s3:GetObject", "arn:aws:s3:::" + unquote(source).lstrip("/").partition("?")[0], about))
    if response.headers.get("x-amz-tagging"):
        wanted.append(Need("s3:PutObjectTagging", resource, about))
    return wanted


def _s3_conditions(response: Any) -> dict[str, Value]:
    conditions: dict[str, Value] = {}
    for name in ("prefix", "delimiter"):
        value = response.querystring.get(name)
        if value:
            conditions[f"s3:{name}"] = value[0] if isinstance(value, list) else value
    for name in ("x-amz-acl", "x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id"):
        value = response.headers.get(name)
        if value:
            conditions[f"s3:{name}"] = value
    return conditions


def _bucket_keys(bucket_name: str, action: str, upload: bool, about: Mapping[str, Value]) -> list[Need]:
    """What a caller needs from KMS because the bucket is encrypted with a customer's key."""
    bucket = s3_backends[ACCOUNT]["aws"].buckets.get(bucket_name)
    rule = ((bucket.encryption if bucket else None) or {}).get("Rule", {})
    rule = rule[0] if isinstance(rule, list) else rule
    key = rule.get("ApplyServerSideEncryptionByDefault", {}).get("KMSMasterKeyID")
    if not key:
        return []
    key_arn = _key_arn(bucket.region_name, key)
    if action in ("s3:GetObject", "s3:GetObjectVersion"):
        return [Need("kms:Decrypt", key_arn, about)]
    if action == "s3:PutObject":
        # The parts of a multipart upload are read again when they are put together.
        return [Need("kms:GenerateDataKey", key_arn, about), *([Need("kms:Decrypt", key_arn, about)] if upload else [])]
    return []


def _queue_keys(action: str, resource: str, about: Mapping[str, Value]) -> list[Need]:
    """The same for a queue."""
    if not resource.startswith("arn:aws:sqs:"):
        return []
    region, name = resource.split(":")[3], resource.rpartition(":")[2]
    queue = sqs_backends[ACCOUNT][region].queues.get(name)
    key = getattr(queue, "kms_master_key_id", None) if queue else None
    if not key or key == "alias/aws/sqs":
        return []
    key_arn = _key_arn(region, key)
    if action == "sqs:SendMessage":
        return [Need("kms:GenerateDataKey", key_arn, about), Need("kms:Decrypt", key_arn, about)]
    return [Need("kms:Decrypt", key_arn, about)] if action == "sqs:ReceiveMessage" else []


def _key_arn(region: str, name: str) -> str:
    """The key that an id, an ARN or an alias means: decisions are about keys."""
    arn = f"arn:aws:kms:{region}:{ACCOUNT}:"
    alias = name.removeprefix(arn)
    if alias.startswith("alias/"):
        known = (key.arn for key in kms_backends[ACCOUNT][region].keys.values() if alias in key.aliases)
        return next(known, arn + alias)
    return name if name.startswith("arn:") else f"{arn}key/{name}"


# --- the other services ---------------------------------------------------------------------------------------------


def _json_resources(response: Any, service: str, given: str) -> list[str]:
    arn = f"arn:aws:{service}:{response.region}:{ACCOUNT}:"
    body = _json_body(response)
    if service == "logs":
        group = body.get("logGroupName") or (body.get("logGroupIdentifier") or "").rpartition("log-group:")[2]
        if group:
            return [f"{arn}log-group:{group}:log-stream:{body.get('logStreamName', '')}"]
    if service == "ssm":
        names = body.get("Names") or [body[key] for key in ("Name", "Path") if body.get(key)]
        if names:
            return [f"{arn}parameter/{name.strip('/')}" for name in names]
    if service == "kms":
        keys = [_key_arn(response.region, body[name]) for name in ("KeyId", "TargetKeyId") if body.get(name)]
        alias = body.get("AliasName")
        # An alias is made, moved and deleted with leave for itself and for its key.
        if alias:
            keys = [f"{arn}{alias}", *(keys or [_key_arn(response.region, alias)])]
        if keys:
            return keys
    if service == "ecr":
        names = body.get("repositoryNames") or [body[key] for key in ("repositoryName",) if body.get(key)]
        if names:
            return [f"{arn}repository/{name}" for name in names]
        if body.get("resourceArn"):
            return [body["resourceArn"]]
    return [given]


def _function(response: Any, given: str) -> str:
    match = re.search(r"/functions/([^/?]+)", unquote(response.path))
    # The name of a new function is in the body.
    name = match.group(1) if match else _json_body(response).get("FunctionName")
    if not name:
        return given
    return name if name.startswith("arn:") else f"arn:aws:lambda:{response.region}:{ACCOUNT}:function:{name}"


def _iam_resource(response: Any, given: str) -> str:
    arn = f"arn:aws:iam::{ACCOUNT}:"
    path = response._get_param("Path") or "/"
    role, policy, user = (response._get_param(name) for name in ("RoleName", "PolicyName", "UserName"))
    if role:
        # moto's answer is "*" for a role that does not exist yet.
        return given if given != "*" else f"{arn}role{path}{role}"
    for name in ("PolicyArn", "OpenIDConnectProviderArn"):
        if response._get_param(name) and not user:
            return response._get_param(name)
    if response._get_action() == "CreateOpenIDConnectProvider":
        return f"{arn}oidc-provider/{(response._get_param('Url') or '').partition('://')[2]}"
    if user:
        known = iam_backends[ACCOUNT]["aws"].users.get(user)
        return known.arn if known else f"{arn}user{path}{user}"
    if response._get_action() == "CreatePolicy":
        return f"{arn}policy{path}{policy}"
    return given


def _iam_conditions(response: Any) -> dict[str, Value]:
    keys = {"PermissionsBoundary": "iam:permissionsboundary", "PolicyArn": "iam:policyarn"}
    return {key: response._get_param(name) for name, key in keys.items() if response._get_param(name)}


def _stack(response: Any) -> str:
    """The stack of a request: its id, or its name and a star where there is none of that name."""
    name = response._get_param("StackName")
    if not name or name.startswith("arn:"):
        return name or "*"
    stacks = cloudformation_backends[ACCOUNT][response.region].stacks.values()
    known = next((stack.stack_id for stack in stacks if stack.name == name), None)
    return known or f"arn:aws:cloudformation:{response.region}:{ACCOUNT}:stack/{name}/*"


def _of_stack_operation(response: Any) -> list[Need]:
    """What CloudFormation does as its caller before it works under a role: pass that role, read the template."""
    found = []
    if response._get_param("RoleARN"):
        found.append(_pass_role(response._get_param("RoleARN"), "cloudformation.amazonaws.com"))
    if response._get_param("TemplateURL"):
        address = urlparse(response._get_param("TemplateURL"))
        # localhost and s3.REGION.amazonaws.com have the bucket in the path, other hosts begin with it.
        in_path = address.netloc.startswith(("localhost", "127.0.0.1", "s3."))
        bucket = "" if in_path else address.netloc.partition(".")[0] + "/"
        found.append(Need("s3:GetObject", f"arn:aws:s3:::{bucket}{unquote(address.path).lstrip('/')}"))
    return found
