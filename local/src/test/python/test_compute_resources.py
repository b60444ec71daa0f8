"""What runs programs and tells of them: made, read back through its service's API, changed, deleted."""

import json

import pytest
from botocore.exceptions import ClientError
from conftest import resource
from test_network_resources import att, ref, subnet, vpc
from test_resources import OTHER_TAGS, TAGS, TRUST, allow

TAG_MAP, OTHER_TAG_MAP = ({tag["Key"]: tag["Value"] for tag in tags} for tags in (TAGS, OTHER_TAGS))
ROLE = resource("AWS::IAM::Role", AssumeRolePolicyDocument=TRUST)


def test_a_queue_of_jobs(server, stacks):
    batch = server.client("batch")
    resources = {
        "Type": "SPOT",
        "AllocationStrategy": "SPOT_PRICE_CAPACITY_OPTIMIZED",
        "MinvCpus": 0,
        "MaxvCpus": 64,
        "InstanceTypes": ["g5.2xlarge", "g6.2xlarge"],
        "Subnets": [ref("Subnet")],
        "SecurityGroupIds": [att("Group", "GroupId")],
        "InstanceRole": att("Profile", "Arn"),
        "LaunchTemplate": {"LaunchTemplateId": ref("Machines"), "Version": att("Machines", "LatestVersionNumber")},
        "Ec2Configuration": [{"ImageType": "ECS_AL2023_NVIDIA"}],
        "UpdateToLatestImageVersion": True,
        "Tags": TAG_MAP,
    }
    container = {
        "Image": "image:1",
        "JobRoleArn": att("Role", "Arn"),
        "ResourceRequirements": [{"Type": "VCPU", "Value": "8"}, {"Type": "MEMORY", "Value": "1024"}],
        "Environment": [{"Name": "A", "Value": "b"}],
    }
    template = {
        "Vpc": vpc(),
        "Subnet": subnet(),
        "Group": resource("AWS::EC2::SecurityGroup", GroupDescription="machines", VpcId=ref("Vpc")),
        "Role": ROLE,
        "Profile": resource("AWS::IAM::InstanceProfile", Path="/ml/", Roles=[ref("Role")]),
        "Machines": resource("AWS::EC2::LaunchTemplate", LaunchTemplateData={"EbsOptimized": True}),
        "Spot": resource(
            "AWS::Batch::ComputeEnvironment",
            Type="MANAGED",
            State="ENABLED",
            ReplaceComputeEnvironment=False,
            UpdatePolicy={"TerminateJobsOnUpdate": False, "JobExecutionTimeoutMinutes": 120},
            ComputeResources=resources,
            Tags=TAG_MAP,
        ),
        "Queue": resource(
            "AWS::Batch::JobQueue",
            Priority=1,
            State="ENABLED",
            ComputeEnvironmentOrder=[{"Order": 1, "ComputeEnvironment": att("Spot", "ComputeEnvironmentArn")}],
            Tags=TAG_MAP,
        ),
        "Job": resource(
            "AWS::Batch::JobDefinition",
            JobDefinitionName="job",
            Type="container",
            PropagateTags=True,
            RetryStrategy={"Attempts": 3, "EvaluateOnExit": [{"OnReason": "*", "Action": "EXIT"}]},
            Timeout={"AttemptDurationSeconds": 7200},
            ContainerProperties=container,
            Tags=TAG_MAP,
        ),
    }
    name = stacks.create(template)
    assert stacks.failures(name) == ""
    arn = stacks.id(name, "Spot")

    def environment():
        return batch.describe_compute_environments(computeEnvironments=[arn])["computeEnvironments"][0]

    assert environment()["computeResources"]["maxvCpus"] == 64
    assert environment()["computeResources"]["launchTemplate"]["version"] == "1"
    assert "/aws-service-role/batch.amazonaws.com/" in environment()["serviceRole"]
    assert batch.list_tags_for_resource(resourceArn=arn)["tags"] == TAG_MAP
    profile = server.client("iam").get_instance_profile(InstanceProfileName=stacks.id(name, "Profile"))["InstanceProfile"]
    assert (profile["Path"], profile["Roles"][0]["RoleName"]) == ("/ml/", stacks.id(name, "Role"))
    queue = batch.describe_job_queues(jobQueues=[stacks.id(name, "Queue")])["jobQueues"][0]
    assert (queue["state"], queue["computeEnvironmentOrder"]) == ("ENABLED", [{"order": 1, "computeEnvironment": arn}])
    job = stacks.id(name, "Job")
    shown = batch.describe_job_definitions(jobDefinitions=[job])["jobDefinitions"][0]
    assert (shown["revision"], shown["retryStrategy"]["attempts"]) == (1, 3)
    assert shown["containerProperties"]["environment"] == [{"name": "A", "value": "b"}]
    resources.update(MaxvCpus=128, InstanceTypes=["g5.2xlarge"])
    container["Image"] = "image:2"
    template["Queue"]["Properties"]["Priority"] = 2
    template["Spot"]["Properties"]["Tags"] = OTHER_TAG_MAP
    stacks.update(name, template)
    assert stacks.failures(name) == ""
    assert stacks.id(name, "Spot") == arn
    assert (environment()["computeResources"]["maxvCpus"], environment()["computeResources"]["instanceTypes"]) == (
        128,
        ["g5.2xlarge"],
    )
    assert batch.list_tags_for_resource(resourceArn=arn)["tags"] == OTHER_TAG_MAP
    assert len(batch.describe_compute_environments()["computeEnvironments"]) == 1
    assert batch.describe_job_queues(jobQueues=[stacks.id(name, "Queue")])["jobQueues"][0]["priority"] == 2
    assert stacks.id(name, "Job").endswith("/job:2")
    stacks.delete(name)
    assert batch.describe_compute_environments()["computeEnvironments"] == []


def test_tasks_and_their_schedule(server, stacks):
    ecs, scheduler = server.client("ecs"), server.client("scheduler")
    target = {
        "Arn": att("Cluster", "Arn"),
        "RoleArn": att("Role", "Arn"),
        "RetryPolicy": {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 3600},
        "DeadLetterConfig": {"Arn": att("Queue", "Arn")},
        "EcsParameters": {"TaskDefinitionArn": ref("Task"), "TaskCount": 1},
    }
    container = {"Name": "program", "Image": "image:1", "Essential": True}
    template = {
        "Role": ROLE,
        "Queue": resource("AWS::SQS::Queue"),
        "Cluster": resource(
            "AWS::ECS::Cluster",
            CapacityProviders=["FARGATE", "FARGATE_SPOT"],
            ClusterSettings=[{"Name": "containerInsights", "Value": "disabled"}],
            Tags=TAGS,
        ),
        "Task": resource(
            "AWS::ECS::TaskDefinition",
            Family="task",
            NetworkMode="awsvpc",
            RequiresCompatibilities=["FARGATE"],
            Cpu="1024",
            Memory="2048",
            ExecutionRoleArn=att("Role", "Arn"),
            TaskRoleArn=att("Role", "Arn"),
            ContainerDefinitions=[container],
            Tags=TAGS,
        ),
        "Group": resource("AWS::Scheduler::ScheduleGroup", Tags=TAGS),
        "Schedule": resource(
            "AWS::Scheduler::Schedule",
            GroupName=ref("Group"),
            ScheduleExpression="cron(0 2 * * ? *)",
            ScheduleExpressionTimezone="Europe/Berlin",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target=target,
        ),
    }
    name = stacks.create(template)
    assert stacks.failures(name) == ""
    cluster = ecs.describe_clusters(clusters=[stacks.id(name, "Cluster")], include=["TAGS", "SETTINGS"])["clusters"][0]
    assert cluster["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"]
    assert cluster["settings"] == [{"name": "containerInsights", "value": "disabled"}]
    assert stacks.id(name, "Task").endswith("task-definition/task:1")
    shown = ecs.describe_task_definition(taskDefinition="task:1")["taskDefinition"]
    assert (shown["cpu"], shown["memory"], shown["containerDefinitions"][0]["image"]) == ("1024", "2048", "image:1")

    def schedule():
        return scheduler.get_schedule(GroupName=stacks.id(name, "Group"), Name=stacks.id(name, "Schedule"))

    assert schedule()["ScheduleExpressionTimezone"] == "Europe/Berlin"
    assert schedule()["Target"]["RetryPolicy"]["MaximumRetryAttempts"] == 2
    assert schedule()["Target"]["EcsParameters"]["TaskDefinitionArn"] == stacks.id(name, "Task")
    container["Image"] = "image:2"
    template["Schedule"]["Properties"]["ScheduleExpression"] = "rate(1 day)"
    template["Cluster"]["Properties"]["ClusterSettings"] = [{"Name": "containerInsights", "Value": "enabled"}]
    stacks.update(name, template)
    assert stacks.failures(name) == ""
    assert schedule()["ScheduleExpression"] == "rate(1 day)"
    assert schedule()["Target"]["EcsParameters"]["TaskDefinitionArn"].endswith("task:2")
    cluster = ecs.describe_clusters(clusters=[stacks.id(name, "Cluster")], include=["SETTINGS"])["clusters"][0]
    assert cluster["settings"] == [{"name": "containerInsights", "value": "enabled"}]
    stacks.delete(name)
    assert [it["Name"] for it in scheduler.list_schedule_groups()["ScheduleGroups"]] == ["default"]


def test_who_is_told(server, stacks):
    sns, events = server.client("sns"), server.client("events")
    document = {**allow("sns:Publish"), "Statement": [{**allow("sns:Publish")["Statement"][0], "Principal": "*"}]}
    rule = {
        "EventPattern": {"source": ["aws.batch"], "detail": {"status": ["FAILED"]}},
        "Targets": [
            {
                "Id": "Topic",
                "Arn": ref("Topic"),
                "InputTransformer": {"InputPathsMap": {"job": "$.detail.jobName"}, "InputTemplate": '"<job>"'},
            }
        ],
    }
    alarm = {
        "Namespace": "AWS/Events",
        "MetricName": "MatchedEvents",
        "Dimensions": [{"Name": "RuleName", "Value": ref("Rule")}],
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "AlarmActions": [ref("Topic")],
        "TreatMissingData": "notBreaching",
    }
    template = {
        "Topic": resource("AWS::SNS::Topic", Tags=TAGS),
        "Policy": resource("AWS::SNS::TopicPolicy", Topics=[ref("Topic")], PolicyDocument=document),
        "Mail": resource("AWS::SNS::Subscription", TopicArn=ref("Topic"), Protocol="email", Endpoint="team@example.com"),
        "Rule": resource("AWS::Events::Rule", Description="failed", **rule),
        "Alarm": resource("AWS::CloudWatch::Alarm", **alarm),
    }
    name = stacks.create(template)
    assert stacks.failures(name) == ""
    topic = stacks.id(name, "Topic")

    def policy():
        return json.loads(sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"])

    def shown():
        alarms = server.client("cloudwatch").describe_alarms(AlarmNames=[stacks.id(name, "Alarm")])["MetricAlarms"]
        return alarms[0] if alarms else None

    assert policy() == document
    assert [it["Endpoint"] for it in sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]] == ["team@example.com"]
    described = events.describe_rule(Name=stacks.id(name, "Rule"))
    assert (described["Description"], json.loads(described["EventPattern"])) == ("failed", rule["EventPattern"])
    target = events.list_targets_by_rule(Rule=stacks.id(name, "Rule"))["Targets"][0]
    assert (target["Arn"], target["InputTransformer"]) == (topic, rule["Targets"][0]["InputTransformer"])
    assert (shown()["AlarmActions"], shown()["Threshold"]) == ([topic], 1)
    template["Alarm"]["Properties"]["Threshold"] = 2
    template["Rule"]["Properties"]["Targets"][0]["Id"] = "Other"
    document["Statement"][0]["Action"] = "sns:Subscribe"
    stacks.update(name, template)
    assert stacks.failures(name) == ""
    assert (stacks.id(name, "Topic"), shown()["Threshold"]) == (topic, 2)
    assert policy()["Statement"][0]["Action"] == "sns:Subscribe"
    assert [it["Id"] for it in events.list_targets_by_rule(Rule=stacks.id(name, "Rule"))["Targets"]] == ["Other"]
    stacks.delete(name)
    assert topic not in [it["TopicArn"] for it in sns.list_topics()["Topics"]]


def test_a_secret_has_a_value_that_nobody_wrote(server, stacks):
    secrets = server.client("secretsmanager")
    template = {
        "Secret": resource(
            "AWS::SecretsManager::Secret", Description="first", GenerateSecretString={"PasswordLength": 40}, Tags=TAGS
        )
    }
    name = stacks.create(template)
    assert stacks.failures(name) == ""
    arn = stacks.id(name, "Secret")
    value = secrets.get_secret_value(SecretId=arn)["SecretString"]
    assert len(value) == 40
    assert secrets.describe_secret(SecretId=arn)["Tags"] == TAGS
    template["Secret"]["Properties"].update(Description="second", Tags=OTHER_TAGS)
    stacks.update(name, template)
    assert stacks.failures(name) == ""
    assert secrets.get_secret_value(SecretId=arn)["SecretString"] == value
    shown = secrets.describe_secret(SecretId=arn)
    assert (shown["Description"], shown["Tags"]) == ("second", OTHER_TAGS)
    stacks.delete(name)
    with pytest.raises(ClientError, match="marked for deletion|marked deleted|InvalidRequest"):
        secrets.get_secret_value(SecretId=arn)


def test_a_state_machine_and_a_drill(server, stacks):
    states, fis = server.client("stepfunctions"), server.client("fis")
    definition = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
    machine = {"resourceType": "aws:ec2:spot-instance", "selectionMode": "COUNT(1)", "resourceTags": {"fleet": "a"}}
    template = {
        "Role": ROLE,
        "Machine": resource("AWS::StepFunctions::StateMachine", RoleArn=att("Role", "Arn"), Definition=definition, Tags=TAGS),
        "Drill": resource(
            "AWS::FIS::ExperimentTemplate",
            Description="drill",
            RoleArn=att("Role", "Arn"),
            StopConditions=[{"Source": "none"}],
            Targets={"machine": {key[0].upper() + key[1:]: value for key, value in machine.items()}},
            Actions={
                "interrupt": {
                    "ActionId": "aws:ec2:send-spot-instance-interruptions",
                    "Parameters": {"durationBeforeInterruption": "PT2M"},
                    "Targets": {"SpotInstances": "machine"},
                }
            },
            Tags={"Name": "a"},
        ),
    }
    name = stacks.create(template)
    assert stacks.failures(name) == ""
    arn = stacks.id(name, "Machine")
    assert json.loads(states.describe_state_machine(stateMachineArn=arn)["definition"]) == definition
    shown = fis.get_experiment_template(id=stacks.id(name, "Drill"))["experimentTemplate"]
    assert shown["targets"]["machine"]["resourceTags"] == {"fleet": "a"}
    definition["Comment"] = "second"
    template["Machine"]["Properties"]["Tags"] = OTHER_TAGS
    stacks.update(name, template)
    assert stacks.failures(name) == ""
    assert stacks.id(name, "Machine") == arn
    assert json.loads(states.describe_state_machine(stateMachineArn=arn)["definition"]) == definition
    tags = states.list_tags_for_resource(resourceArn=arn)["tags"]
    assert tags == [{"key": "project", "value": "q"}]
    stacks.delete(name)
    assert fis.list_experiment_templates()["experimentTemplates"] == []
