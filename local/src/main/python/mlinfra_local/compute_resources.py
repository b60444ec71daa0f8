"""The types that run programs and tell of them: Batch, ECS, Scheduler, Step Functions and others; see resources.py."""

from __future__ import annotations

import json
import uuid
from typing import Any

from botocore.exceptions import ClientError
from moto.batch.models import batch_backends

from .emulator_api import tag_list, tag_map
from .resource_type import Place, Properties, ResourceType, on_change, on_update
from .settings import TAGS, only, retag, without
from .template_check import FREE, LEAF


def _by_arn(service: str, name: str, list_of_tags: bool = True, made_with_tags: bool = True) -> Any:
    """Tags of a resource whose physical id is its ARN."""
    return retag(
        lambda place, i, tags: place.call(
            service, "tag_resource", **{name: i}, Tags=tag_list(tags) if list_of_tags else tag_map(tags)
        ),
        lambda place, i, keys: place.call(service, "untag_resource", **{name: i}, TagKeys=keys),
        made_with_tags,
    )


# --- AWS::Batch::* ----------------------------------------------------------------------------------------------------


def _batch_role(place: Place) -> str:
    """The role that Batch makes for itself when an account has none."""
    try:
        # As moto spells it.
        return place.call("iam", "get_role", RoleName="AWSServiceRoleForbatch")["Role"]["Arn"]
    except ClientError as problem:
        if problem.response["Error"]["Code"] != "NoSuchEntity":
            raise
    return place.call("iam", "create_service_linked_role", AWSServiceName="batch.amazonaws.com")["Role"]["Arn"]


# CloudFormation's own: how it changes an environment.
UPDATE_ONLY = ("ReplaceComputeEnvironment", "UpdatePolicy")


def _resources(p: Properties) -> Properties:
    return without(p.get("ComputeResources", {}), "UpdateToLatestImageVersion")


def _make_environment(place: Place, p: Properties) -> str:
    name = p.get("ComputeEnvironmentName") or place.name(128)
    given = {"ServiceRole": _batch_role(place), **without(p, "ComputeEnvironmentName", *UPDATE_ONLY)}
    given["ComputeResources"] = _resources(p)
    return place.call("batch", "create_compute_environment", ComputeEnvironmentName=name, **given)["computeEnvironmentArn"]


def _change_environment(place: Place, i: str, before: Properties, after: Properties) -> None:
    place.call("batch", "update_compute_environment", ComputeEnvironment=i, **only(after, "State", "ServiceRole"))
    # moto's update takes resources and forgets them; a new environment that goes at once says what they are in its words.
    probe = _make_environment(place, {**after, "ComputeEnvironmentName": f"probe-{uuid.uuid4().hex}"})
    known = batch_backends[place.account][place.region]
    known._compute_environments[i].compute_resources = known._compute_environments[probe].compute_resources
    place.call("batch", "delete_compute_environment", ComputeEnvironment=probe)


BATCH_COMPUTE_ENVIRONMENT = ResourceType(
    "AWS::Batch::ComputeEnvironment",
    {
        "ComputeEnvironmentName": LEAF,
        "ComputeResources": {
            "AllocationStrategy": LEAF,
            "BidPercentage": LEAF,
            "DesiredvCpus": LEAF,
            "Ec2Configuration": [{"ImageIdOverride", "ImageKubernetesVersion", "ImageType"}],
            "Ec2KeyPair": LEAF,
            "InstanceRole": LEAF,
            "InstanceTypes": [LEAF],
            "LaunchTemplate": {"LaunchTemplateId", "LaunchTemplateName", "Version"},
            "MaxvCpus": LEAF,
            "MinvCpus": LEAF,
            "PlacementGroup": LEAF,
            "SecurityGroupIds": [LEAF],
            "Subnets": [LEAF],
            "Tags": FREE,
            "Type": LEAF,
            "UpdateToLatestImageVersion": LEAF,
        },
        "ReplaceComputeEnvironment": LEAF,
        "ServiceRole": LEAF,
        "State": LEAF,
        "Tags": FREE,
        "Type": LEAF,
        "UpdatePolicy": {"JobExecutionTimeoutMinutes", "TerminateJobsOnUpdate"},
    },
    make=_make_environment,
    remove=lambda place, i, p: place.call("batch", "delete_compute_environment", ComputeEnvironment=i),
    replaced_by="ComputeEnvironmentName Type",
    settings=(
        on_update("ComputeResources ServiceRole State", _change_environment),
        on_update(" ".join(UPDATE_ONLY), lambda place, i, before, after: None),
        _by_arn("batch", "resourceArn", list_of_tags=False),
    ),
    read_attributes=lambda place, i, p: {"ComputeEnvironmentArn": i},
)


BATCH_JOB_QUEUE = ResourceType(
    "AWS::Batch::JobQueue",
    {
        "ComputeEnvironmentOrder": [{"ComputeEnvironment", "Order"}],
        "JobQueueName": LEAF,
        "Priority": LEAF,
        "State": LEAF,
        "Tags": FREE,
    },
    make=lambda place, p: place.call(
        "batch", "create_job_queue", JobQueueName=p.get("JobQueueName") or place.name(128), **without(p, "JobQueueName")
    )["jobQueueArn"],
    remove=lambda place, i, p: place.call("batch", "delete_job_queue", JobQueue=i),
    replaced_by="JobQueueName",
    settings=(
        on_update(
            "ComputeEnvironmentOrder Priority State",
            lambda place, i, before, after: place.call(
                "batch",
                "update_job_queue",
                JobQueue=i,
                State=after.get("State", "ENABLED"),
                **only(after, "ComputeEnvironmentOrder", "Priority"),
            ),
        ),
        _by_arn("batch", "resourceArn", list_of_tags=False),
    ),
    read_attributes=lambda place, i, p: {"JobQueueArn": i},
)

BATCH_JOB_DEFINITION = ResourceType(
    "AWS::Batch::JobDefinition",
    {
        "ContainerProperties": FREE,
        "JobDefinitionName": LEAF,
        "NodeProperties": FREE,
        "Parameters": FREE,
        "PlatformCapabilities": [LEAF],
        "PropagateTags": LEAF,
        "RetryStrategy": {"Attempts": LEAF, "EvaluateOnExit": [{"Action", "OnExitCode", "OnReason", "OnStatusReason"}]},
        "Tags": FREE,
        "Timeout": {"AttemptDurationSeconds"},
        "Type": LEAF,
    },
    make=lambda place, p: place.call(
        "batch",
        "register_job_definition",
        JobDefinitionName=p.get("JobDefinitionName") or place.name(128),
        **without(p, "JobDefinitionName"),
    )["jobDefinitionArn"],
    remove=lambda place, i, p: place.call("batch", "deregister_job_definition", JobDefinition=i),
    # Each change is a new revision.
    replaced_by="*",
)

# --- AWS::CloudWatch::Alarm -------------------------------------------------------------------------------------------

ALARM_PROPERTIES = (
    "ActionsEnabled AlarmActions AlarmDescription AlarmName ComparisonOperator DatapointsToAlarm Dimensions"
    " EvaluationPeriods MetricName Namespace OKActions Period Statistic Tags Threshold TreatMissingData Unit"
).split()


def _put_alarm(place: Place, i: str, p: Properties) -> None:
    place.call("cloudwatch", "put_metric_alarm", AlarmName=i, **without(p, "AlarmName"))


def _make_alarm(place: Place, p: Properties) -> str:
    name = p.get("AlarmName") or place.name(255)
    _put_alarm(place, name, p)
    return name


CLOUDWATCH_ALARM = ResourceType(
    "AWS::CloudWatch::Alarm",
    {**dict.fromkeys(ALARM_PROPERTIES, LEAF), "Dimensions": [{"Name", "Value"}], "Tags": TAGS},
    make=_make_alarm,
    remove=lambda place, i, p: place.call("cloudwatch", "delete_alarms", AlarmNames=[i]),
    replaced_by="AlarmName",
    settings=(
        on_update(" ".join(ALARM_PROPERTIES), lambda place, i, before, after: _put_alarm(place, i, after)),
    ),
    read_attributes=lambda place, i, p: {"Arn": place.arn("cloudwatch", f"alarm:{i}")},
)

# --- AWS::ECS::* ------------------------------------------------------------------------------------------------------


def _cluster_arn(place: Place, i: str) -> str:
    return place.arn("ecs", f"cluster/{i}")


ECS_CLUSTER = ResourceType(
    "AWS::ECS::Cluster",
    {
        "CapacityProviders": [LEAF],
        "ClusterName": LEAF,
        "ClusterSettings": [{"Name", "Value"}],
        "DefaultCapacityProviderStrategy": [{"Base", "CapacityProvider", "Weight"}],
        "Tags": TAGS,
    },
    make=lambda place, p: place.call(
        "ecs",
        "create_cluster",
        ClusterName=p.get("ClusterName") or place.name(255),
        Settings=p.get("ClusterSettings", []),
        **without(p, "ClusterName", "ClusterSettings"),
    )["cluster"]["clusterName"],
    remove=lambda place, i, p: place.call("ecs", "delete_cluster", Cluster=i),
    replaced_by="ClusterName",
    settings=(
        on_update(
            "ClusterSettings",
            lambda place, i, before, after: place.call(
                "ecs", "update_cluster", Cluster=i, Settings=after.get("ClusterSettings", [])
            ),
        ),
        on_update(
            "CapacityProviders DefaultCapacityProviderStrategy",
            lambda place, i, before, after: place.call(
                "ecs",
                "put_cluster_capacity_providers",
                Cluster=i,
                CapacityProviders=after.get("CapacityProviders", []),
                DefaultCapacityProviderStrategy=after.get("DefaultCapacityProviderStrategy", []),
            ),
        ),
        retag(
            lambda place, i, tags: place.call("ecs", "tag_resource", resourceArn=_cluster_arn(place, i), Tags=tags),
            lambda place, i, keys: place.call("ecs", "untag_resource", resourceArn=_cluster_arn(place, i), TagKeys=keys),
            made_with_tags=True,
        ),
    ),
    read_attributes=lambda place, i, p: {"Arn": _cluster_arn(place, i)},
)

ECS_TASK_DEFINITION = ResourceType(
    "AWS::ECS::TaskDefinition",
    {
        "ContainerDefinitions": FREE,
        "Cpu": LEAF,
        "EphemeralStorage": {"SizeInGiB"},
        "ExecutionRoleArn": LEAF,
        "Family": LEAF,
        "Memory": LEAF,
        "NetworkMode": LEAF,
        "RequiresCompatibilities": [LEAF],
        "RuntimePlatform": {"CpuArchitecture", "OperatingSystemFamily"},
        "Tags": TAGS,
        "TaskRoleArn": LEAF,
    },
    make=lambda place, p: place.call(
        "ecs", "register_task_definition", Family=p.get("Family") or place.name(255), **without(p, "Family")
    )["taskDefinition"]["taskDefinitionArn"],
    remove=lambda place, i, p: place.call("ecs", "deregister_task_definition", TaskDefinition=i),
    # Each change is a new revision.
    replaced_by="*",
    read_attributes=lambda place, i, p: {"TaskDefinitionArn": i},
)

# --- AWS::Events::Rule ------------------------------------------------------------------------------------------------


def _make_rule(place: Place, p: Properties) -> str:
    name = p.get("Name") or place.name(64)
    place.call("events", "put_rule", Name=name, **without(p, "Name", "Targets"))
    return name


def _rule_targets(place: Place, i: str, before: Properties, after: Properties) -> None:
    gone = {target["Id"] for target in before.get("Targets", [])} - {target["Id"] for target in after.get("Targets", [])}
    if gone:
        place.call("events", "remove_targets", Rule=i, Ids=sorted(gone))
    if after.get("Targets"):
        place.call("events", "put_targets", Rule=i, Targets=after["Targets"])


def _remove_rule(place: Place, i: str, p: Properties) -> None:
    _rule_targets(place, i, p, {})
    place.call("events", "delete_rule", Name=i)


def _rule_arn(place: Place, i: str) -> str:
    return place.arn("events", f"rule/{i}")


EVENTS_RULE = ResourceType(
    "AWS::Events::Rule",
    {
        "Description": LEAF,
        "EventPattern": FREE,
        "Name": LEAF,
        "RoleArn": LEAF,
        "ScheduleExpression": LEAF,
        "State": LEAF,
        "Tags": TAGS,
        "Targets": [
            {
                "Arn": LEAF,
                "DeadLetterConfig": {"Arn"},
                "Id": LEAF,
                "Input": LEAF,
                "InputPath": LEAF,
                "InputTransformer": {"InputPathsMap": FREE, "InputTemplate": LEAF},
                "RetryPolicy": {"MaximumEventAgeInSeconds", "MaximumRetryAttempts"},
                "RoleArn": LEAF,
            }
        ],
    },
    make=_make_rule,
    remove=_remove_rule,
    replaced_by="Name",
    settings=(
        on_update(
            "Description EventPattern RoleArn ScheduleExpression State",
            lambda place, i, before, after: place.call("events", "put_rule", Name=i, **without(after, "Name", "Targets", "Tags")),
        ),
        on_change("Targets", _rule_targets),
        retag(
            lambda place, i, tags: place.call("events", "tag_resource", ResourceARN=_rule_arn(place, i), Tags=tags),
            lambda place, i, keys: place.call("events", "untag_resource", ResourceARN=_rule_arn(place, i), TagKeys=keys),
            made_with_tags=True,
        ),
    ),
    read_attributes=lambda place, i, p: {"Arn": _rule_arn(place, i)},
)

# --- AWS::FIS::ExperimentTemplate -------------------------------------------------------------------------------------

FIS_EXPERIMENT_TEMPLATE = ResourceType(
    "AWS::FIS::ExperimentTemplate",
    {
        "Actions": FREE,
        "Description": LEAF,
        "RoleArn": LEAF,
        "StopConditions": [{"Source", "Value"}],
        "Tags": FREE,
        "Targets": FREE,
    },
    make=lambda place, p: place.call("fis", "create_experiment_template", ClientToken=uuid.uuid4().hex, **p)[
        "experimentTemplate"
    ]["id"],
    remove=lambda place, i, p: place.call("fis", "delete_experiment_template", id=i),
    replaced_by="*",
    read_attributes=lambda place, i, p: {"Id": i},
)

# --- AWS::IAM::InstanceProfile ----------------------------------------------------------------------------------------


def _make_profile(place: Place, p: Properties) -> str:
    name = p.get("InstanceProfileName") or place.name(128)
    place.call("iam", "create_instance_profile", InstanceProfileName=name, **only(p, "Path"))
    return name


def _profile_roles(place: Place, i: str, before: Properties, after: Properties) -> None:
    old, new = set(before.get("Roles", [])), set(after.get("Roles", []))
    for role in sorted(old - new):
        place.call("iam", "remove_role_from_instance_profile", InstanceProfileName=i, RoleName=role)
    for role in sorted(new - old):
        place.call("iam", "add_role_to_instance_profile", InstanceProfileName=i, RoleName=role)


def _remove_profile(place: Place, i: str, p: Properties) -> None:
    _profile_roles(place, i, p, {})
    place.call("iam", "delete_instance_profile", InstanceProfileName=i)


IAM_INSTANCE_PROFILE = ResourceType(
    "AWS::IAM::InstanceProfile",
    {"InstanceProfileName": LEAF, "Path": LEAF, "Roles": [LEAF]},
    make=_make_profile,
    remove=_remove_profile,
    replaced_by="InstanceProfileName Path",
    settings=(on_change("Roles", _profile_roles),),
    read_attributes=lambda place, i, p: only(
        place.call("iam", "get_instance_profile", InstanceProfileName=i)["InstanceProfile"], "Arn"
    ),
)

# --- AWS::Scheduler::* ------------------------------------------------------------------------------------------------


def _make_schedule_group(place: Place, p: Properties) -> str:
    name = p.get("Name") or place.name(64)
    place.call("scheduler", "create_schedule_group", Name=name, **only(p, "Tags"))
    return name


def _group_arn(place: Place, i: str) -> str:
    return place.arn("scheduler", f"schedule-group/{i}")


SCHEDULER_SCHEDULE_GROUP = ResourceType(
    "AWS::Scheduler::ScheduleGroup",
    {"Name": LEAF, "Tags": TAGS},
    make=_make_schedule_group,
    remove=lambda place, i, p: place.call("scheduler", "delete_schedule_group", Name=i),
    replaced_by="Name",
    settings=(
        retag(
            lambda place, i, tags: place.call("scheduler", "tag_resource", ResourceArn=_group_arn(place, i), Tags=tags),
            lambda place, i, keys: place.call("scheduler", "untag_resource", ResourceArn=_group_arn(place, i), TagKeys=keys),
            made_with_tags=True,
        ),
    ),
    read_attributes=lambda place, i, p: {"Arn": _group_arn(place, i)},
)


def _make_schedule(place: Place, p: Properties) -> str:
    name = p.get("Name") or place.name(64)
    place.call("scheduler", "create_schedule", Name=name, **without(p, "Name"))
    return name


SCHEDULE_PROPERTIES = "Description EndDate FlexibleTimeWindow ScheduleExpression ScheduleExpressionTimezone StartDate State Target"

SCHEDULER_SCHEDULE = ResourceType(
    "AWS::Scheduler::Schedule",
    {
        **dict.fromkeys(SCHEDULE_PROPERTIES.split(), LEAF),
        "FlexibleTimeWindow": {"MaximumWindowInMinutes", "Mode"},
        "GroupName": LEAF,
        "Name": LEAF,
        "Target": FREE,
    },
    make=_make_schedule,
    remove=lambda place, i, p: place.call("scheduler", "delete_schedule", Name=i, **only(p, "GroupName")),
    replaced_by="GroupName Name",
    settings=(
        on_update(
            SCHEDULE_PROPERTIES,
            lambda place, i, before, after: place.call("scheduler", "update_schedule", Name=i, **without(after, "Name")),
        ),
    ),
    read_attributes=lambda place, i, p: {"Arn": place.arn("scheduler", f"schedule/{p.get('GroupName', 'default')}/{i}")},
)

# --- AWS::SecretsManager::Secret --------------------------------------------------------------------------------------


def _generated(place: Place, given: Properties) -> str:
    names = ("SecretStringTemplate", "GenerateStringKey")
    password = place.call("secretsmanager", "get_random_password", **without(given, *names))["RandomPassword"]
    if "SecretStringTemplate" not in given:
        return password
    return json.dumps({**json.loads(given["SecretStringTemplate"]), given["GenerateStringKey"]: password})


def _make_secret(place: Place, p: Properties) -> str:
    value = p.get("SecretString") or _generated(place, p.get("GenerateSecretString", {}))
    given = without(p, "Name", "SecretString", "GenerateSecretString")
    return place.call(
        "secretsmanager", "create_secret", Name=p.get("Name") or place.name(512), SecretString=value, **given
    )["ARN"]


SECRETS_MANAGER_SECRET = ResourceType(
    "AWS::SecretsManager::Secret",
    {
        "Description": LEAF,
        "GenerateSecretString": FREE,
        "KmsKeyId": LEAF,
        "Name": LEAF,
        "SecretString": LEAF,
        "Tags": TAGS,
    },
    make=_make_secret,
    remove=lambda place, i, p: place.call("secretsmanager", "delete_secret", SecretId=i),
    replaced_by="Name GenerateSecretString",
    settings=(
        on_update(
            "Description KmsKeyId SecretString",
            lambda place, i, before, after: place.call(
                "secretsmanager", "update_secret", SecretId=i, **only(after, "Description", "KmsKeyId", "SecretString")
            ),
        ),
        _by_arn("secretsmanager", "SecretId"),
    ),
    read_attributes=lambda place, i, p: {"Id": i},
)

# --- AWS::SNS::* ------------------------------------------------------------------------------------------------------


def _topic_attribute(name: str) -> Any:
    return on_change(
        name,
        lambda place, i, before, after: place.call(
            "sns", "set_topic_attributes", TopicArn=i, AttributeName=name, AttributeValue=after.get(name, "")
        ),
    )


SNS_TOPIC = ResourceType(
    "AWS::SNS::Topic",
    {"DisplayName": LEAF, "KmsMasterKeyId": LEAF, "Tags": TAGS, "TopicName": LEAF},
    make=lambda place, p: place.call(
        "sns", "create_topic", Name=p.get("TopicName") or place.name(256), Tags=tag_list(p.get("Tags"))
    )["TopicArn"],
    remove=lambda place, i, p: place.call("sns", "delete_topic", TopicArn=i),
    replaced_by="TopicName",
    settings=(_topic_attribute("DisplayName"), _topic_attribute("KmsMasterKeyId"), _by_arn("sns", "ResourceArn")),
    read_attributes=lambda place, i, p: {"TopicArn": i, "TopicName": i.rpartition(":")[2]},
)


def _topic_policy(place: Place, i: str, before: Properties, after: Properties) -> None:
    for topic in after.get("Topics", []):
        place.call(
            "sns", "set_topic_attributes", TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps(after["PolicyDocument"])
        )


SNS_TOPIC_POLICY = ResourceType(
    "AWS::SNS::TopicPolicy",
    {"PolicyDocument": FREE, "Topics": [LEAF]},
    make=lambda place, p: place.name(64),
    # A topic keeps the policy that it has, as on AWS, until it has another.
    remove=lambda place, i, p: None,
    replaced_by="Topics",
    settings=(on_change("PolicyDocument Topics", _topic_policy),),
)

SNS_SUBSCRIPTION = ResourceType(
    "AWS::SNS::Subscription",
    {"Endpoint": LEAF, "Protocol": LEAF, "TopicArn": LEAF},
    make=lambda place, p: place.call("sns", "subscribe", ReturnSubscriptionArn=True, **p)["SubscriptionArn"],
    remove=lambda place, i, p: place.call("sns", "unsubscribe", SubscriptionArn=i),
    replaced_by="*",
)

# --- AWS::StepFunctions::StateMachine ---------------------------------------------------------------------------------


def _definition(p: Properties) -> str:
    return p["DefinitionString"] if "DefinitionString" in p else json.dumps(p["Definition"])


def _make_state_machine(place: Place, p: Properties) -> str:
    return place.call(
        "stepfunctions",
        "create_state_machine",
        Name=p.get("StateMachineName") or place.name(80),
        Type=p.get("StateMachineType", "STANDARD"),
        Definition=_definition(p),
        **only(p, "LoggingConfiguration", "RoleArn", "Tags", "TracingConfiguration"),
    )["stateMachineArn"]


STATE_MACHINE = ResourceType(
    "AWS::StepFunctions::StateMachine",
    {
        "Definition": FREE,
        "DefinitionString": LEAF,
        "LoggingConfiguration": FREE,
        "RoleArn": LEAF,
        "StateMachineName": LEAF,
        "StateMachineType": LEAF,
        "Tags": TAGS,
        "TracingConfiguration": {"Enabled"},
    },
    make=_make_state_machine,
    remove=lambda place, i, p: place.call("stepfunctions", "delete_state_machine", StateMachineArn=i),
    replaced_by="StateMachineName StateMachineType",
    settings=(
        on_update(
            "Definition DefinitionString LoggingConfiguration RoleArn TracingConfiguration",
            lambda place, i, before, after: place.call(
                "stepfunctions",
                "update_state_machine",
                StateMachineArn=i,
                Definition=_definition(after),
                **only(after, "LoggingConfiguration", "RoleArn", "TracingConfiguration"),
            ),
        ),
        _by_arn("stepfunctions", "resourceArn"),
    ),
    read_attributes=lambda place, i, p: {"Arn": i, "Name": i.rpartition(":")[2]},
)

ALL = [value for value in list(globals().values()) if isinstance(value, ResourceType)]
