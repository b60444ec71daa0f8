"""Asks each service for what CloudFormation says it has made; for TrainingDeploymentIT.

Usage: read_back.py STACK...
Writes one JSON object: stack, logical id, type, physical id and what the service shows of each resource. A type that this
does not know how to ask for is an error.
"""

import json
import sys

import boto3

CLIENTS = {}


def client(service):
    if service not in CLIENTS:
        CLIENTS[service] = boto3.client(service)
    return CLIENTS[service]


def one(items):
    (found,) = items
    return found


def rule_of(association):
    tables = client("ec2").describe_route_tables(Filters=[{"Name": "association.route-table-association-id", "Values": [association]}])
    return one(tables["RouteTables"])


def route(identifier):
    table, destination = identifier.split("|")
    shown = one(client("ec2").describe_route_tables(RouteTableIds=[table])["RouteTables"])
    return one([it for it in shown["Routes"] if it.get("DestinationCidrBlock") == destination])


def attachment(identifier):
    vpc = identifier.split("|")[1]
    filters = [{"Name": "attachment.vpc-id", "Values": [vpc]}]
    return one(client("ec2").describe_internet_gateways(Filters=filters)["InternetGateways"])


def subscription(identifier):
    return one([it for it in client("sns").list_subscriptions()["Subscriptions"] if it["SubscriptionArn"] == identifier])


def schedule(identifier):
    about = one([it for it in client("scheduler").list_schedules()["Schedules"] if it["Name"] == identifier])
    return client("scheduler").get_schedule(GroupName=about["GroupName"], Name=identifier)


def ec2(operation, argument, answer):
    return lambda i: one(getattr(client("ec2"), operation)(**{argument: [i]})[answer])


def iam(operation, argument, answer):
    return lambda i: getattr(client("iam"), operation)(**{argument: i})[answer]


READERS = {
    "AWS::Batch::ComputeEnvironment": lambda i: one(
        client("batch").describe_compute_environments(computeEnvironments=[i])["computeEnvironments"]
    ),
    "AWS::Batch::JobDefinition": lambda i: one(client("batch").describe_job_definitions(jobDefinitions=[i])["jobDefinitions"]),
    "AWS::Batch::JobQueue": lambda i: one(client("batch").describe_job_queues(jobQueues=[i])["jobQueues"]),
    "AWS::CloudWatch::Alarm": lambda i: one(client("cloudwatch").describe_alarms(AlarmNames=[i])["MetricAlarms"]),
    "AWS::EC2::EIP": ec2("describe_addresses", "PublicIps", "Addresses"),
    "AWS::EC2::FlowLog": ec2("describe_flow_logs", "FlowLogIds", "FlowLogs"),
    "AWS::EC2::InternetGateway": ec2("describe_internet_gateways", "InternetGatewayIds", "InternetGateways"),
    "AWS::EC2::LaunchTemplate": ec2("describe_launch_templates", "LaunchTemplateIds", "LaunchTemplates"),
    "AWS::EC2::NatGateway": ec2("describe_nat_gateways", "NatGatewayIds", "NatGateways"),
    "AWS::EC2::Route": route,
    "AWS::EC2::RouteTable": ec2("describe_route_tables", "RouteTableIds", "RouteTables"),
    "AWS::EC2::SecurityGroup": ec2("describe_security_groups", "GroupIds", "SecurityGroups"),
    "AWS::EC2::Subnet": ec2("describe_subnets", "SubnetIds", "Subnets"),
    "AWS::EC2::SubnetRouteTableAssociation": rule_of,
    "AWS::EC2::VPC": ec2("describe_vpcs", "VpcIds", "Vpcs"),
    "AWS::EC2::VPCEndpoint": ec2("describe_vpc_endpoints", "VpcEndpointIds", "VpcEndpoints"),
    "AWS::EC2::VPCGatewayAttachment": attachment,
    "AWS::ECS::Cluster": lambda i: one(client("ecs").describe_clusters(clusters=[i])["clusters"]),
    "AWS::ECS::TaskDefinition": lambda i: client("ecs").describe_task_definition(taskDefinition=i)["taskDefinition"],
    "AWS::Events::Rule": lambda i: client("events").describe_rule(Name=i),
    "AWS::FIS::ExperimentTemplate": lambda i: client("fis").get_experiment_template(id=i)["experimentTemplate"],
    "AWS::IAM::InstanceProfile": iam("get_instance_profile", "InstanceProfileName", "InstanceProfile"),
    "AWS::IAM::Role": iam("get_role", "RoleName", "Role"),
    "AWS::Logs::LogGroup": lambda i: one(client("logs").describe_log_groups(logGroupNamePrefix=i)["logGroups"]),
    "AWS::SNS::Subscription": subscription,
    "AWS::SNS::Topic": lambda i: client("sns").get_topic_attributes(TopicArn=i)["Attributes"],
    "AWS::SQS::Queue": lambda i: client("sqs").get_queue_attributes(QueueUrl=i, AttributeNames=["All"])["Attributes"],
    "AWS::SSM::Parameter": lambda i: client("ssm").get_parameter(Name=i)["Parameter"],
    "AWS::Scheduler::Schedule": schedule,
    "AWS::Scheduler::ScheduleGroup": lambda i: client("scheduler").get_schedule_group(Name=i),
    "AWS::SecretsManager::Secret": lambda i: client("secretsmanager").describe_secret(SecretId=i),
    "AWS::StepFunctions::StateMachine": lambda i: client("stepfunctions").describe_state_machine(stateMachineArn=i),
}

# They are read at what they belong to: a policy has no name of its own there.
PARTS = {"AWS::IAM::Policy", "AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy", "AWS::CDK::Metadata"}


def main(stacks):
    found = []
    for stack in stacks:
        for resource in client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]:
            kind, identifier = resource["ResourceType"], resource["PhysicalResourceId"]
            shown = None if kind in PARTS else READERS[kind](identifier)
            found.append(
                {"stack": stack, "logicalId": resource["LogicalResourceId"], "type": kind, "id": identifier, "shown": shown}
            )
    json.dump({"resources": found}, sys.stdout, default=str, indent=1)


main(sys.argv[1:])
