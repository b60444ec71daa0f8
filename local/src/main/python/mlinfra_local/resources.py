"""The resource types that the embedded AWS knows: one entry each, in the order of their names.

Those of EC2 stand in network_resources.py, those that run programs and tell of them in compute_resources.py.
A new type takes its tree of properties, how to make and remove it, and a setting for each property that can change.
"""

from __future__ import annotations

import json
from typing import Any

from moto.iam.models import iam_backends
from moto.logs.models import logs_backends
from moto.s3.models import s3_backends

from . import compute_resources, network_resources
from .emulator_api import as_bool, tag_list, tag_map
from .resource_type import Place, Properties, ResourceType, on_change, on_update
from .settings import TAGS, lost_tags, only, retag, without
from .template_check import FREE, LEAF

# --- AWS::CDK::Metadata, AWS::ECR::Repository -------------------------------------------------------------------------

CDK_METADATA = ResourceType(
    "AWS::CDK::Metadata",
    {"Analytics": LEAF},
    make=lambda place, p: place.name(64),
    remove=lambda place, i, p: None,
    settings=(on_change("Analytics", lambda place, i, before, after: None),),
)


def _make_repository(place: Place, p: Properties) -> str:
    # ECR refuses capitals, which generated names have.
    name = p.get("RepositoryName") or place.name(200, lower=True)
    settings = only(p, "ImageTagMutability", "ImageScanningConfiguration", "EncryptionConfiguration", "Tags")
    place.call("ecr", "create_repository", RepositoryName=name, **settings)
    return name


ECR_REPOSITORY = ResourceType(
    "AWS::ECR::Repository",
    {
        "RepositoryName": LEAF,
        "ImageTagMutability": LEAF,
        "ImageScanningConfiguration": {"ScanOnPush"},
        "EncryptionConfiguration": {"EncryptionType", "KmsKey"},
        "LifecyclePolicy": {"LifecyclePolicyText", "RegistryId"},
        "RepositoryPolicyText": FREE,
        "EmptyOnDelete": LEAF,
        "Tags": TAGS,
    },
    make=_make_repository,
    remove=lambda place, i, p: place.call(
        "ecr", "delete_repository", RepositoryName=i, Force=as_bool(p.get("EmptyOnDelete", False))
    ),
    replaced_by="RepositoryName EncryptionConfiguration",
    settings=(
        on_change("EmptyOnDelete", lambda place, i, before, after: None),
        on_update(
            "ImageTagMutability",
            lambda place, i, before, after: place.call(
                "ecr", "put_image_tag_mutability", RepositoryName=i, ImageTagMutability=after.get("ImageTagMutability", "MUTABLE")
            ),
        ),
        on_update(
            "ImageScanningConfiguration",
            lambda place, i, before, after: place.call(
                "ecr",
                "put_image_scanning_configuration",
                RepositoryName=i,
                ImageScanningConfiguration=after.get("ImageScanningConfiguration", {"ScanOnPush": False}),
            ),
        ),
        on_change(
            "LifecyclePolicy",
            lambda place, i, before, after: place.call(
                "ecr", "put_lifecycle_policy", RepositoryName=i, LifecyclePolicyText=after["LifecyclePolicy"]["LifecyclePolicyText"]
            )
            if "LifecyclePolicy" in after
            else place.call("ecr", "delete_lifecycle_policy", RepositoryName=i),
        ),
        on_change(
            "RepositoryPolicyText",
            lambda place, i, before, after: place.call(
                "ecr", "set_repository_policy", RepositoryName=i, PolicyText=after["RepositoryPolicyText"]
            )
            if "RepositoryPolicyText" in after
            else place.call("ecr", "delete_repository_policy", RepositoryName=i),
        ),
        retag(
            lambda place, i, tags: place.call(
                "ecr", "tag_resource", ResourceArn=place.arn("ecr", f"repository/{i}"), Tags=tag_list(tags)
            ),
            lambda place, i, keys: place.call(
                "ecr", "untag_resource", ResourceArn=place.arn("ecr", f"repository/{i}"), TagKeys=keys
            ),
            made_with_tags=True,
        ),
    ),
    read_attributes=lambda place, i, p: {
        "Arn": place.arn("ecr", f"repository/{i}"),
        "RepositoryUri": f"{place.account}.dkr.ecr.{place.region}.amazonaws.com/{i}",
    },
)

# --- AWS::IAM::* ------------------------------------------------------------------------------------------------------


def _make_role(place: Place, p: Properties) -> str:
    # All at once, as the service does: policies may ask for the boundary and the tags of a new role.
    given = only(
        p, "AssumeRolePolicyDocument", "Description", "MaxSessionDuration", "Path", "PermissionsBoundary", "Tags"
    )
    return place.call("iam", "create_role", RoleName=p.get("RoleName") or place.name(64), **given)["Role"]["RoleName"]


def _remove_role(place: Place, i: str, p: Properties) -> None:
    for arn in p.get("ManagedPolicyArns", []):
        place.call("iam", "detach_role_policy", RoleName=i, PolicyArn=arn)
    for policy in p.get("Policies", []):
        place.call("iam", "delete_role_policy", RoleName=i, PolicyName=policy["PolicyName"])
    place.call("iam", "delete_role", RoleName=i)


def _inline_policies(place: Place, i: str, before: Properties, after: Properties) -> None:
    names = {policy["PolicyName"] for policy in after.get("Policies", [])}
    for policy in before.get("Policies", []):
        if policy["PolicyName"] not in names:
            place.call("iam", "delete_role_policy", RoleName=i, PolicyName=policy["PolicyName"])
    for policy in after.get("Policies", []):
        place.call("iam", "put_role_policy", RoleName=i, **policy)


def _managed_policies(place: Place, i: str, before: Properties, after: Properties) -> None:
    old, new = set(before.get("ManagedPolicyArns", [])), set(after.get("ManagedPolicyArns", []))
    for arn in sorted(old - new):
        place.call("iam", "detach_role_policy", RoleName=i, PolicyArn=arn)
    for arn in sorted(new - old):
        place.call("iam", "attach_role_policy", RoleName=i, PolicyArn=arn)


def _boundary(place: Place, i: str, before: Properties, after: Properties) -> None:
    if "PermissionsBoundary" in after:
        place.call("iam", "put_role_permissions_boundary", RoleName=i, PermissionsBoundary=after["PermissionsBoundary"])
    else:
        place.call("iam", "delete_role_permissions_boundary", RoleName=i)


IAM_ROLE = ResourceType(
    "AWS::IAM::Role",
    {
        "AssumeRolePolicyDocument": FREE,
        "Description": LEAF,
        "ManagedPolicyArns": [LEAF],
        "MaxSessionDuration": LEAF,
        "Path": LEAF,
        "PermissionsBoundary": LEAF,
        "Policies": [{"PolicyName": LEAF, "PolicyDocument": FREE}],
        "RoleName": LEAF,
        "Tags": TAGS,
    },
    make=_make_role,
    remove=_remove_role,
    replaced_by="RoleName Path",
    settings=(
        on_update(
            "AssumeRolePolicyDocument",
            lambda place, i, before, after: place.call(
                "iam", "update_assume_role_policy", RoleName=i, PolicyDocument=after["AssumeRolePolicyDocument"]
            ),
        ),
        on_update(
            "Description MaxSessionDuration",
            lambda place, i, before, after: place.call(
                "iam",
                "update_role",
                RoleName=i,
                Description=after.get("Description", ""),
                MaxSessionDuration=after.get("MaxSessionDuration", 3600),
            ),
        ),
        on_update("PermissionsBoundary", _boundary),
        on_change("ManagedPolicyArns", _managed_policies),
        on_change("Policies", _inline_policies),
        retag(
            lambda place, i, tags: place.call("iam", "tag_role", RoleName=i, Tags=tags),
            lambda place, i, keys: place.call("iam", "untag_role", RoleName=i, TagKeys=keys),
            made_with_tags=True,
        ),
    ),
    read_attributes=lambda place, i, p: {
        key: value for key, value in place.call("iam", "get_role", RoleName=i)["Role"].items() if key in ("Arn", "RoleId")
    },
)


def _role_policy(place: Place, i: str, before: Properties, after: Properties) -> None:
    for role in sorted(set(before.get("Roles", [])) - set(after.get("Roles", []))):
        place.call("iam", "delete_role_policy", RoleName=role, PolicyName=after["PolicyName"])
    for role in after.get("Roles", []):
        place.call("iam", "put_role_policy", RoleName=role, **only(after, "PolicyName", "PolicyDocument"))


def _remove_role_policy(place: Place, i: str, p: Properties) -> None:
    for role in p.get("Roles", []):
        place.call("iam", "delete_role_policy", RoleName=role, PolicyName=p["PolicyName"])


IAM_POLICY = ResourceType(
    "AWS::IAM::Policy",
    {"PolicyName": LEAF, "PolicyDocument": FREE, "Roles": [LEAF]},
    make=lambda place, p: place.name(64),
    remove=_remove_role_policy,
    replaced_by="PolicyName",
    settings=(on_change("PolicyName PolicyDocument Roles", _role_policy),),
)


def _make_managed_policy(place: Place, p: Properties) -> str:
    name = p.get("ManagedPolicyName") or place.name(128)
    given = only(p, "PolicyDocument", "Description", "Path")
    return place.call("iam", "create_policy", PolicyName=name, **given)["Policy"]["Arn"]


def _managed_policy_document(place: Place, i: str, before: Properties, after: Properties) -> None:
    old = place.call("iam", "get_policy", PolicyArn=i)["Policy"]["DefaultVersionId"]
    place.call("iam", "create_policy_version", PolicyArn=i, PolicyDocument=after["PolicyDocument"], SetAsDefault=True)
    place.call("iam", "delete_policy_version", PolicyArn=i, VersionId=old)


def _managed_policy_roles(place: Place, i: str, before: Properties, after: Properties) -> None:
    old, new = set(before.get("Roles", [])), set(after.get("Roles", []))
    for role in sorted(old - new):
        place.call("iam", "detach_role_policy", RoleName=role, PolicyArn=i)
    for role in sorted(new - old):
        place.call("iam", "attach_role_policy", RoleName=role, PolicyArn=i)


def _remove_managed_policy(place: Place, i: str, p: Properties) -> None:
    _managed_policy_roles(place, i, p, {})
    place.call("iam", "delete_policy", PolicyArn=i)


IAM_MANAGED_POLICY = ResourceType(
    "AWS::IAM::ManagedPolicy",
    {"Description": LEAF, "ManagedPolicyName": LEAF, "Path": LEAF, "PolicyDocument": FREE, "Roles": [LEAF]},
    make=_make_managed_policy,
    remove=_remove_managed_policy,
    replaced_by="ManagedPolicyName Path Description",
    settings=(on_update("PolicyDocument", _managed_policy_document), on_change("Roles", _managed_policy_roles)),
    read_attributes=lambda place, i, p: {"PolicyArn": i},
)



def _make_oidc_provider(place: Place, p: Properties) -> str:
    given = {"ClientIDList": p["ClientIdList"]} if "ClientIdList" in p else {}
    answer = place.call("iam", "create_open_id_connect_provider", Url=p["Url"], **given, **only(p, "Tags", "ThumbprintList"))
    return answer["OpenIDConnectProviderArn"]


def _client_ids(place: Place, i: str, before: Properties, after: Properties) -> None:
    # moto has neither AddClientIDToOpenIDConnectProvider nor its opposite.
    provider = iam_backends[place.account]["aws"].get_open_id_connect_provider(i)
    provider.client_id_list = list(after.get("ClientIdList", []))


IAM_OIDC_PROVIDER = ResourceType(
    "AWS::IAM::OIDCProvider",
    {"ClientIdList": [LEAF], "Tags": TAGS, "ThumbprintList": [LEAF], "Url": LEAF},
    make=_make_oidc_provider,
    remove=lambda place, i, p: place.call("iam", "delete_open_id_connect_provider", OpenIDConnectProviderArn=i),
    replaced_by="Url",
    settings=(
        on_update("ClientIdList", _client_ids),
        on_update(
            "ThumbprintList",
            lambda place, i, before, after: place.call(
                "iam",
                "update_open_id_connect_provider_thumbprint",
                OpenIDConnectProviderArn=i,
                ThumbprintList=after.get("ThumbprintList", []),
            ),
        ),
        retag(
            lambda place, i, tags: place.call("iam", "tag_open_id_connect_provider", OpenIDConnectProviderArn=i, Tags=tags),
            lambda place, i, keys: place.call(
                "iam", "untag_open_id_connect_provider", OpenIDConnectProviderArn=i, TagKeys=keys
            ),
            made_with_tags=True,
        ),
    ),
    read_attributes=lambda place, i, p: {"Arn": i},
)

# --- AWS::KMS::* ------------------------------------------------------------------------------------------------------


def _key_tags(tags: Any) -> list[dict[str, str]]:
    return [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in tags]


def _make_key(place: Place, p: Properties) -> str:
    given = only(p, "Description", "KeySpec", "KeyUsage", "MultiRegion")
    policy = {"Policy": p["KeyPolicy"]} if "KeyPolicy" in p else {}
    return place.call("kms", "create_key", **given, **policy, Tags=_key_tags(p.get("Tags", [])))["KeyMetadata"]["KeyId"]


KMS_KEY = ResourceType(
    "AWS::KMS::Key",
    {
        "Description": LEAF,
        "Enabled": LEAF,
        "EnableKeyRotation": LEAF,
        "KeyPolicy": FREE,
        "KeySpec": LEAF,
        "KeyUsage": LEAF,
        "MultiRegion": LEAF,
        "PendingWindowInDays": LEAF,
        "RotationPeriodInDays": LEAF,
        "Tags": TAGS,
    },
    make=_make_key,
    remove=lambda place, i, p: place.call(
        "kms", "schedule_key_deletion", KeyId=i, PendingWindowInDays=p.get("PendingWindowInDays", 30)
    ),
    replaced_by="KeySpec KeyUsage MultiRegion",
    settings=(
        on_change("PendingWindowInDays", lambda place, i, before, after: None),
        on_update(
            "Description",
            lambda place, i, before, after: place.call(
                "kms", "update_key_description", KeyId=i, Description=after.get("Description", "")
            ),
        ),
        on_update(
            "KeyPolicy",
            lambda place, i, before, after: place.call(
                "kms", "put_key_policy", KeyId=i, PolicyName="default", Policy=json.dumps(after["KeyPolicy"])
            ),
        ),
        on_change(
            "EnableKeyRotation RotationPeriodInDays",
            lambda place, i, before, after: place.call(
                "kms", "enable_key_rotation", KeyId=i, RotationPeriodInDays=after.get("RotationPeriodInDays", 365)
            )
            if as_bool(after.get("EnableKeyRotation", False))
            else place.call("kms", "disable_key_rotation", KeyId=i),
        ),
        on_change(
            "Enabled",
            lambda place, i, before, after: place.call(
                "kms", "enable_key" if as_bool(after.get("Enabled", True)) else "disable_key", KeyId=i
            ),
        ),
        retag(
            lambda place, i, tags: place.call("kms", "tag_resource", KeyId=i, Tags=_key_tags(tags)),
            lambda place, i, keys: place.call("kms", "untag_resource", KeyId=i, TagKeys=keys),
            made_with_tags=True,
        ),
    ),
    read_attributes=lambda place, i, p: {"Arn": place.arn("kms", f"key/{i}"), "KeyId": i},
)


def _make_key_alias(place: Place, p: Properties) -> str:
    place.call("kms", "create_alias", **p)
    return p["AliasName"]


KMS_ALIAS = ResourceType(
    "AWS::KMS::Alias",
    {"AliasName": LEAF, "TargetKeyId": LEAF},
    make=_make_key_alias,
    remove=lambda place, i, p: place.call("kms", "delete_alias", AliasName=i),
    replaced_by="AliasName",
    settings=(
        on_update(
            "TargetKeyId",
            lambda place, i, before, after: place.call("kms", "update_alias", AliasName=i, TargetKeyId=after["TargetKeyId"]),
        ),
    ),
)

# --- AWS::Lambda::* ---------------------------------------------------------------------------------------------------

# The name of each property of a function's configuration, and what AWS takes when it is taken away again.
FUNCTION_CONFIGURATION = {
    "DeadLetterConfig": {},
    "Description": "",
    "Environment": {"Variables": {}},
    "EphemeralStorage": {"Size": 512},
    "Handler": "",
    "KmsKeyArn": "",
    "Layers": [],
    "LoggingConfig": {},
    "MemorySize": 128,
    "Role": "",
    "Runtime": "",
    "Timeout": 3,
    "TracingConfig": {"Mode": "PassThrough"},
    "VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []},
}


def _make_function(place: Place, p: Properties) -> str:
    name = p.get("FunctionName") or place.name(64)
    given = without(p, "FunctionName", "ReservedConcurrentExecutions", "Tags")
    place.call("lambda", "create_function", FunctionName=name, **given)
    return name


def _function_configuration(place: Place, i: str, before: Properties, after: Properties) -> None:
    changed = {
        name: after.get(name, unset)
        for name, unset in FUNCTION_CONFIGURATION.items()
        if before.get(name) != after.get(name)
    }
    place.call("lambda", "update_function_configuration", FunctionName=i, **changed)


def _function_code(place: Place, i: str, before: Properties, after: Properties) -> None:
    architectures = after.get("Architectures", ["x86_64"])
    place.call("lambda", "update_function_code", FunctionName=i, Architectures=architectures, **after["Code"])


def _reserved_concurrency(place: Place, i: str, before: Properties, after: Properties) -> None:
    if "ReservedConcurrentExecutions" in after:
        place.call("lambda", "put_function_concurrency", FunctionName=i, **only(after, "ReservedConcurrentExecutions"))
    else:
        place.call("lambda", "delete_function_concurrency", FunctionName=i)


LAMBDA_FUNCTION = ResourceType(
    "AWS::Lambda::Function",
    {
        "Architectures": [LEAF],
        "Code": {"S3Bucket", "S3Key", "S3ObjectVersion"},
        "DeadLetterConfig": {"TargetArn"},
        "Description": LEAF,
        "Environment": {"Variables": FREE},
        "EphemeralStorage": {"Size"},
        "FunctionName": LEAF,
        "Handler": LEAF,
        "KmsKeyArn": LEAF,
        "Layers": [LEAF],
        "LoggingConfig": {"ApplicationLogLevel", "LogFormat", "LogGroup", "SystemLogLevel"},
        "MemorySize": LEAF,
        "ReservedConcurrentExecutions": LEAF,
        "Role": LEAF,
        "Runtime": LEAF,
        "Tags": TAGS,
        "Timeout": LEAF,
        "TracingConfig": {"Mode"},
        "VpcConfig": {"SecurityGroupIds": [LEAF], "SubnetIds": [LEAF], "Ipv6AllowedForDualStack": LEAF},
    },
    make=_make_function,
    remove=lambda place, i, p: place.call("lambda", "delete_function", FunctionName=i),
    replaced_by="FunctionName",
    settings=(
        on_update("Code Architectures", _function_code),
        on_update(" ".join(FUNCTION_CONFIGURATION), _function_configuration),
        on_change("ReservedConcurrentExecutions", _reserved_concurrency),
        retag(
            lambda place, i, tags: place.call(
                "lambda", "tag_resource", Resource=place.arn("lambda", f"function:{i}"), Tags=tag_map(tags)
            ),
            lambda place, i, keys: place.call(
                "lambda", "untag_resource", Resource=place.arn("lambda", f"function:{i}"), TagKeys=keys
            ),
        ),
    ),
    read_attributes=lambda place, i, p: {"Arn": place.arn("lambda", f"function:{i}")},
)

LAMBDA_LAYER_VERSION = ResourceType(
    "AWS::Lambda::LayerVersion",
    {
        "CompatibleArchitectures": [LEAF],
        "CompatibleRuntimes": [LEAF],
        "Content": {"S3Bucket", "S3Key", "S3ObjectVersion"},
        "Description": LEAF,
        "LayerName": LEAF,
        "LicenseInfo": LEAF,
    },
    make=lambda place, p: place.call(
        "lambda", "publish_layer_version", LayerName=p.get("LayerName") or place.logical_id, **without(p, "LayerName")
    )["LayerVersionArn"],
    remove=lambda place, i, p: place.call(
        "lambda", "delete_layer_version", LayerName=i.rpartition(":")[0], VersionNumber=i.rpartition(":")[2]
    ),
    replaced_by="*",
    read_attributes=lambda place, i, p: {"LayerVersionArn": i},
)

LAMBDA_VERSION = ResourceType(
    "AWS::Lambda::Version",
    {"FunctionName": LEAF, "CodeSha256": LEAF, "Description": LEAF},
    make=lambda place, p: place.call("lambda", "publish_version", **p)["FunctionArn"],
    remove=lambda place, i, p: place.call(
        "lambda", "delete_function", FunctionName=i.rpartition(":")[0], Qualifier=i.rpartition(":")[2]
    ),
    replaced_by="*",
    read_attributes=lambda place, i, p: {"Version": i.rpartition(":")[2], "FunctionArn": i},
)


LAMBDA_ALIAS = ResourceType(
    "AWS::Lambda::Alias",
    {
        "Description": LEAF,
        "FunctionName": LEAF,
        "FunctionVersion": LEAF,
        "Name": LEAF,
        "ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions"},
        "RoutingConfig": {"AdditionalVersionWeights": [{"FunctionVersion", "FunctionWeight"}]},
    },
    make=lambda place, p: place.call(
        "lambda", "create_alias", **without(p, "ProvisionedConcurrencyConfig", "RoutingConfig"), **_routing(p)
    )["AliasArn"],
    remove=lambda place, i, p: place.call("lambda", "delete_alias", **only(p, "FunctionName", "Name")),
    replaced_by="FunctionName Name",
    settings=(
        on_change("ProvisionedConcurrencyConfig", lambda place, i, before, after: None),
        on_update(
            "Description FunctionVersion RoutingConfig",
            lambda place, i, before, after: place.call(
                "lambda",
                "update_alias",
                **only(after, "FunctionName", "Name", "FunctionVersion"),
                Description=after.get("Description", ""),
                **_routing(after),
            ),
        ),
    ),
    read_attributes=lambda place, i, p: {"AliasArn": i},
)


def _routing(p: Properties) -> Properties:
    weights = p.get("RoutingConfig", {}).get("AdditionalVersionWeights", [])
    return {"RoutingConfig": {"AdditionalVersionWeights": {w["FunctionVersion"]: w["FunctionWeight"] for w in weights}}}


def _event_invoke_config(place: Place, i: str, before: Properties, after: Properties) -> None:
    # moto adds a configuration where AWS replaces it.
    if before:
        _remove_event_invoke_config(place, i, before)
    place.call("lambda", "put_function_event_invoke_config", **after)


def _remove_event_invoke_config(place: Place, i: str, p: Properties) -> None:
    place.call("lambda", "delete_function_event_invoke_config", **only(p, "FunctionName", "Qualifier"))


LAMBDA_EVENT_INVOKE_CONFIG = ResourceType(
    "AWS::Lambda::EventInvokeConfig",
    {
        "DestinationConfig": {"OnFailure": {"Destination"}, "OnSuccess": {"Destination"}},
        "FunctionName": LEAF,
        "MaximumEventAgeInSeconds": LEAF,
        "MaximumRetryAttempts": LEAF,
        "Qualifier": LEAF,
    },
    make=lambda place, p: place.name(64),
    remove=_remove_event_invoke_config,
    replaced_by="FunctionName Qualifier",
    settings=(
        on_change(
            "FunctionName Qualifier DestinationConfig MaximumEventAgeInSeconds MaximumRetryAttempts", _event_invoke_config
        ),
    ),
)


def _make_permission(place: Place, p: Properties) -> str:
    statement_id = place.name(100)
    place.call("lambda", "add_permission", StatementId=statement_id, **p)
    return statement_id


LAMBDA_PERMISSION = ResourceType(
    "AWS::Lambda::Permission",
    {"Action", "EventSourceToken", "FunctionName", "Principal", "PrincipalOrgID", "SourceAccount", "SourceArn"},
    make=_make_permission,
    remove=lambda place, i, p: place.call("lambda", "remove_permission", FunctionName=p["FunctionName"], StatementId=i),
    replaced_by="*",
)

# --- AWS::Logs::LogGroup ----------------------------------------------------------------------------------------------


def _make_log_group(place: Place, p: Properties) -> str:
    name = p.get("LogGroupName") or place.name(512)
    place.call("logs", "create_log_group", LogGroupName=name, **only(p, "KmsKeyId"))
    return name


def _log_key(place: Place, i: str, before: Properties, after: Properties) -> None:
    # moto has no AssociateKmsKey.
    logs_backends[place.account][place.region].groups[i].kms_key_id = after.get("KmsKeyId")


LOGS_LOG_GROUP = ResourceType(
    "AWS::Logs::LogGroup",
    {"KmsKeyId": LEAF, "LogGroupName": LEAF, "RetentionInDays": LEAF, "Tags": TAGS},
    make=_make_log_group,
    remove=lambda place, i, p: place.call("logs", "delete_log_group", LogGroupName=i),
    replaced_by="LogGroupName",
    settings=(
        on_change(
            "RetentionInDays",
            lambda place, i, before, after: place.call(
                "logs", "put_retention_policy", LogGroupName=i, **only(after, "RetentionInDays")
            )
            if "RetentionInDays" in after
            else place.call("logs", "delete_retention_policy", LogGroupName=i),
        ),
        on_update("KmsKeyId", _log_key),
        retag(
            lambda place, i, tags: place.call(
                "logs", "tag_resource", ResourceArn=place.arn("logs", f"log-group:{i}"), Tags=tag_map(tags)
            ),
            lambda place, i, keys: place.call(
                "logs", "untag_resource", ResourceArn=place.arn("logs", f"log-group:{i}"), TagKeys=keys
            ),
        ),
    ),
    read_attributes=lambda place, i, p: {"Arn": place.arn("logs", f"log-group:{i}:*")},
)

# --- AWS::S3::* -------------------------------------------------------------------------------------------------------


def _make_bucket(place: Place, p: Properties) -> str:
    name = p.get("BucketName") or place.name(63, lower=True)
    where = {} if place.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": place.region}}
    # In us-east-1 a second creation by the owner succeeds, but CloudFormation refuses to take over what exists. Asked
    # without the API: no role of a deployment needs permission to list buckets.
    if name in s3_backends[place.account]["aws"].buckets:
        raise ValueError(f"bucket {name} already exists")
    place.call("s3", "create_bucket", Bucket=name, **where)
    return name


def _bucket_acl(place: Place, i: str, before: Properties, after: Properties) -> None:
    acl = after.get("AccessControl", "Private")
    known = {"Private": "private", "LogDeliveryWrite": "log-delivery-write"}
    if acl not in known:
        raise ValueError(f"AccessControl: given {acl}, allowed {', '.join(known)}; use a bucket policy for anything else")
    place.call("s3", "put_bucket_acl", Bucket=i, ACL=known[acl])


def _bucket_encryption(place: Place, i: str, before: Properties, after: Properties) -> None:
    if "BucketEncryption" not in after:
        place.call("s3", "delete_bucket_encryption", Bucket=i)
        return
    rules = [
        {
            **({"BucketKeyEnabled": rule["BucketKeyEnabled"]} if "BucketKeyEnabled" in rule else {}),
            "ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"],
        }
        for rule in after["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    ]
    place.call("s3", "put_bucket_encryption", Bucket=i, ServerSideEncryptionConfiguration={"Rules": rules})


def _lifecycle_rule(rule: Properties) -> Properties:
    """A rule as the S3 API has it: CloudFormation writes expiration and filter flat."""
    expiration = {
        api: rule[name]
        for name, api in (
            ("ExpirationInDays", "Days"),
            ("ExpirationDate", "Date"),
            ("ExpiredObjectDeleteMarker", "ExpiredObjectDeleteMarker"),
        )
        if name in rule
    }
    sizes = only(rule, "ObjectSizeGreaterThan", "ObjectSizeLessThan")
    tags = tag_list(rule.get("TagFilters"))
    parts = len(sizes) + len(tags) + ("Prefix" in rule)
    if parts > 1:
        condition = {"And": {**only(rule, "Prefix"), **sizes, **({"Tags": tags} if tags else {})}}
    elif tags:
        condition = {"Tag": tags[0]}
    else:
        condition = {**sizes} or {"Prefix": rule.get("Prefix", "")}
    return {
        **only(rule, "Id", "Status", "AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration"),
        "Filter": condition,
        **({"Expiration": expiration} if expiration else {}),
        **_transitions(rule),
    }


def _transitions(rule: Properties) -> Properties:
    moves = {}
    if "Transitions" in rule:
        names = {"TransitionInDays": "Days", "TransitionDate": "Date", "StorageClass": "StorageClass"}
        moves["Transitions"] = [{names[key]: value for key, value in move.items()} for move in rule["Transitions"]]
    if "NoncurrentVersionTransitions" in rule:
        names = {
            "TransitionInDays": "NoncurrentDays",
            "NewerNoncurrentVersions": "NewerNoncurrentVersions",
            "StorageClass": "StorageClass",
        }
        moves["NoncurrentVersionTransitions"] = [
            {names[key]: value for key, value in move.items()} for move in rule["NoncurrentVersionTransitions"]
        ]
    return moves


def _bucket_lifecycle(place: Place, i: str, before: Properties, after: Properties) -> None:
    if "LifecycleConfiguration" not in after:
        place.call("s3", "delete_bucket_lifecycle", Bucket=i)
        return
    rules = [_lifecycle_rule(rule) for rule in after["LifecycleConfiguration"]["Rules"]]
    place.call("s3", "put_bucket_lifecycle_configuration", Bucket=i, LifecycleConfiguration={"Rules": rules})


def _bucket_notification(place: Place, i: str, before: Properties, after: Properties) -> None:
    configuration = after.get("NotificationConfiguration", {})
    if "EventBridgeConfiguration" in configuration:
        # CloudFormation switches by a member, the API by the presence of the structure.
        enabled = as_bool(configuration["EventBridgeConfiguration"].get("EventBridgeEnabled", True))
        configuration = {"EventBridgeConfiguration": {}} if enabled else {}
    place.call("s3", "put_bucket_notification_configuration", Bucket=i, NotificationConfiguration=configuration)


def _bucket_logging(place: Place, i: str, before: Properties, after: Properties) -> None:
    target = after.get("LoggingConfiguration")
    status = {}
    if target is not None:
        logs = {"TargetBucket": target.get("DestinationBucketName", i), "TargetPrefix": target.get("LogFilePrefix", "")}
        status = {"LoggingEnabled": logs}
    place.call("s3", "put_bucket_logging", Bucket=i, BucketLoggingStatus=status)


S3_BUCKET = ResourceType(
    "AWS::S3::Bucket",
    {
        "AccessControl": LEAF,
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [
                {"BucketKeyEnabled": LEAF, "ServerSideEncryptionByDefault": {"KMSMasterKeyID", "SSEAlgorithm"}}
            ]
        },
        "BucketName": LEAF,
        "LifecycleConfiguration": {
            "Rules": [
                {
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation"},
                    "ExpirationDate": LEAF,
                    "ExpirationInDays": LEAF,
                    "ExpiredObjectDeleteMarker": LEAF,
                    "Id": LEAF,
                    "NoncurrentVersionExpiration": {"NewerNoncurrentVersions", "NoncurrentDays"},
                    "NoncurrentVersionTransitions": [{"NewerNoncurrentVersions", "StorageClass", "TransitionInDays"}],
                    "ObjectSizeGreaterThan": LEAF,
                    "ObjectSizeLessThan": LEAF,
                    "Prefix": LEAF,
                    "Status": LEAF,
                    "TagFilters": TAGS,
                    "Transitions": [{"StorageClass", "TransitionDate", "TransitionInDays"}],
                }
            ]
        },
        "LoggingConfiguration": {"DestinationBucketName", "LogFilePrefix"},
        "NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled"}},
        "OwnershipControls": {"Rules": [{"ObjectOwnership"}]},
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls",
            "BlockPublicPolicy",
            "IgnorePublicAcls",
            "RestrictPublicBuckets",
        },
        "Tags": TAGS,
        "VersioningConfiguration": {"Status"},
    },
    make=_make_bucket,
    remove=lambda place, i, p: place.call("s3", "delete_bucket", Bucket=i),
    replaced_by="BucketName",
    settings=(
        on_change("AccessControl", _bucket_acl),
        on_change("BucketEncryption", _bucket_encryption),
        on_change(
            "VersioningConfiguration",
            lambda place, i, before, after: place.call(
                "s3",
                "put_bucket_versioning",
                Bucket=i,
                VersioningConfiguration=after.get("VersioningConfiguration", {"Status": "Suspended"}),
            ),
        ),
        on_change(
            "OwnershipControls",
            lambda place, i, before, after: place.call(
                "s3", "put_bucket_ownership_controls", Bucket=i, OwnershipControls=after["OwnershipControls"]
            )
            if "OwnershipControls" in after
            else place.call("s3", "delete_bucket_ownership_controls", Bucket=i),
        ),
        on_change(
            "PublicAccessBlockConfiguration",
            lambda place, i, before, after: place.call(
                "s3", "put_public_access_block", Bucket=i, **only(after, "PublicAccessBlockConfiguration")
            )
            if "PublicAccessBlockConfiguration" in after
            else place.call("s3", "delete_public_access_block", Bucket=i),
        ),
        on_change("LifecycleConfiguration", _bucket_lifecycle),
        on_change("NotificationConfiguration", _bucket_notification),
        on_change("LoggingConfiguration", _bucket_logging),
        on_change(
            "Tags",
            lambda place, i, before, after: place.call("s3", "put_bucket_tagging", Bucket=i, Tagging={"TagSet": after["Tags"]})
            if after.get("Tags")
            else place.call("s3", "delete_bucket_tagging", Bucket=i),
        ),
    ),
    read_attributes=lambda place, i, p: {
        "Arn": f"arn:aws:s3:::{i}",
        "DomainName": f"{i}.s3.amazonaws.com",
        "DualStackDomainName": f"{i}.s3.dualstack.{place.region}.amazonaws.com",
        "RegionalDomainName": f"{i}.s3.{place.region}.amazonaws.com",
    },
)


S3_BUCKET_POLICY = ResourceType(
    "AWS::S3::BucketPolicy",
    {"Bucket": LEAF, "PolicyDocument": FREE},
    make=lambda place, p: p["Bucket"],
    remove=lambda place, i, p: place.call("s3", "delete_bucket_policy", Bucket=i),
    replaced_by="Bucket",
    settings=(
        on_change(
            "Bucket PolicyDocument",
            lambda place, i, before, after: place.call("s3", "put_bucket_policy", Bucket=i, Policy=after["PolicyDocument"]),
        ),
    ),
)

# --- AWS::SQS::*, AWS::SSM::Parameter ---------------------------------------------------------------------------------

QUEUE_ATTRIBUTES = (
    "ContentBasedDeduplication DeduplicationScope DelaySeconds FifoQueue FifoThroughputLimit"
    " KmsDataKeyReusePeriodSeconds KmsMasterKeyId MaximumMessageSize MessageRetentionPeriod ReceiveMessageWaitTimeSeconds"
    " RedriveAllowPolicy RedrivePolicy SqsManagedSseEnabled VisibilityTimeout"
).split()
QUEUE_DEFAULTS = {
    "DelaySeconds": 0,
    "MaximumMessageSize": 1048576,
    "MessageRetentionPeriod": 345600,
    "ReceiveMessageWaitTimeSeconds": 0,
    "VisibilityTimeout": 30,
}


def _make_queue(place: Place, p: Properties) -> str:
    suffix = ".fifo" if as_bool(p.get("FifoQueue", False)) else ""
    name = p.get("QueueName") or place.name(80 - len(suffix)) + suffix
    return place.call("sqs", "create_queue", QueueName=name, Attributes=only(p, *QUEUE_ATTRIBUTES))["QueueUrl"]


def _queue_attributes(place: Place, i: str, before: Properties, after: Properties) -> None:
    changed = {
        name: after.get(name, QUEUE_DEFAULTS.get(name, ""))
        for name in QUEUE_ATTRIBUTES
        if before.get(name) != after.get(name)
    }
    place.call("sqs", "set_queue_attributes", QueueUrl=i, Attributes=changed)


SQS_QUEUE = ResourceType(
    "AWS::SQS::Queue",
    {
        **dict.fromkeys(QUEUE_ATTRIBUTES, LEAF),
        "QueueName": LEAF,
        "RedriveAllowPolicy": FREE,
        "RedrivePolicy": FREE,
        "Tags": TAGS,
    },
    make=_make_queue,
    remove=lambda place, i, p: place.call("sqs", "delete_queue", QueueUrl=i),
    replaced_by="QueueName FifoQueue",
    settings=(
        on_update(" ".join(QUEUE_ATTRIBUTES), _queue_attributes),
        retag(
            lambda place, i, tags: place.call("sqs", "tag_queue", QueueUrl=i, Tags=tag_map(tags)),
            lambda place, i, keys: place.call("sqs", "untag_queue", QueueUrl=i, TagKeys=keys),
        ),
    ),
    read_attributes=lambda place, i, p: {
        "Arn": place.arn("sqs", i.rpartition("/")[2]),
        "QueueName": i.rpartition("/")[2],
        "QueueUrl": i,
    },
)


def _queue_policy(place: Place, i: str, before: Properties, after: Properties) -> None:
    for queue in sorted(set(before.get("Queues", [])) - set(after.get("Queues", []))):
        place.call("sqs", "set_queue_attributes", QueueUrl=queue, Attributes={"Policy": ""})
    for queue in after.get("Queues", []):
        attributes = {"Policy": json.dumps(after["PolicyDocument"])}
        place.call("sqs", "set_queue_attributes", QueueUrl=queue, Attributes=attributes)


SQS_QUEUE_POLICY = ResourceType(
    "AWS::SQS::QueuePolicy",
    {"PolicyDocument": FREE, "Queues": [LEAF]},
    make=lambda place, p: place.name(64),
    remove=lambda place, i, p: _queue_policy(place, i, p, {}),
    settings=(on_change("PolicyDocument Queues", _queue_policy),),
)


def _make_parameter(place: Place, p: Properties) -> str:
    name = p.get("Name") or place.name(512)
    place.call("ssm", "put_parameter", Name=name, **without(p, "Name", "Tags"), Tags=tag_list(p.get("Tags")))
    return name


SSM_PARAMETER = ResourceType(
    "AWS::SSM::Parameter",
    {
        "AllowedPattern": LEAF,
        "DataType": LEAF,
        "Description": LEAF,
        "Name": LEAF,
        "Policies": LEAF,
        "Tags": FREE,
        "Tier": LEAF,
        "Type": LEAF,
        "Value": LEAF,
    },
    make=_make_parameter,
    remove=lambda place, i, p: place.call("ssm", "delete_parameter", Name=i),
    replaced_by="Name Type DataType",
    settings=(
        on_update(
            "AllowedPattern Description Policies Tier Value",
            lambda place, i, before, after: place.call("ssm", "put_parameter", Overwrite=True, **{**without(after, "Name", "Tags", "DataType"), "Name": i}),
        ),
        retag(
            lambda place, i, tags: place.call(
                "ssm", "add_tags_to_resource", ResourceType="Parameter", ResourceId=i, Tags=tag_list(tags)
            ),
            lambda place, i, keys: place.call(
                "ssm", "remove_tags_from_resource", ResourceType="Parameter", ResourceId=i, TagKeys=keys
            ),
            made_with_tags=True,
        ),
    ),
    read_attributes=lambda place, i, p: {"Type": p["Type"], "Value": p["Value"]},
)

# ----------------------------------------------------------------------------------------------------------------------

HERE = [value for value in list(globals().values()) if isinstance(value, ResourceType)]
ALL = {value.name: value for value in [*HERE, *network_resources.ALL, *compute_resources.ALL]}
