"""Networks and what machines are started by: made, read back through EC2, changed, deleted."""

import json

import pytest
from conftest import resource
from test_resources import OTHER_TAGS, TAGS, TRUST, allow

ZONE = "us-east-1a"


def ref(name):
    return {"Ref": name}


def att(name, attribute):
    return {"Fn::GetAtt": [name, attribute]}


def vpc(**properties):
    return resource("AWS::EC2::VPC", CidrBlock="10.20.0.0/16", **properties)


def subnet(**properties):
    return resource("AWS::EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.20.0.0/20", AvailabilityZone=ZONE, **properties)


@pytest.fixture
def ec2(server):
    return server.client("ec2")


def tags(ec2, identifier):
    found = ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [identifier]}])["Tags"]
    return sorted((tag["Key"], tag["Value"]) for tag in found)


def test_a_public_network(ec2, stacks):
    template = {
        "Vpc": vpc(EnableDnsHostnames=True, EnableDnsSupport=True, Tags=TAGS),
        "Subnet": subnet(MapPublicIpOnLaunch=True, Tags=TAGS),
        "Table": resource("AWS::EC2::RouteTable", VpcId=ref("Vpc"), Tags=TAGS),
        "OfSubnet": resource("AWS::EC2::SubnetRouteTableAssociation", RouteTableId=ref("Table"), SubnetId=ref("Subnet")),
        "Internet": resource("AWS::EC2::InternetGateway", Tags=TAGS),
        "Attached": resource("AWS::EC2::VPCGatewayAttachment", VpcId=ref("Vpc"), InternetGatewayId=ref("Internet")),
        "Out": resource(
            "AWS::EC2::Route",
            {"DependsOn": ["Attached"]},
            RouteTableId=ref("Table"),
            DestinationCidrBlock="0.0.0.0/0",
            GatewayId=ref("Internet"),
        ),
    }
    name = stacks.create(template)
    assert stacks.failures(name) == ""
    network, table = stacks.id(name, "Vpc"), stacks.id(name, "Table")
    shown = ec2.describe_vpc_attribute(VpcId=network, Attribute="enableDnsHostnames")
    assert shown["EnableDnsHostnames"] == {"Value": True}
    assert tags(ec2, network) == [("owner", "o"), ("project", "p")]
    shown = ec2.describe_subnets(SubnetIds=[stacks.id(name, "Subnet")])["Subnets"][0]
    assert (shown["VpcId"], shown["AvailabilityZone"], shown["MapPublicIpOnLaunch"]) == (network, ZONE, True)
    shown = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]
    assert shown["Associations"][0]["SubnetId"] == stacks.id(name, "Subnet")
    out = [route["GatewayId"] for route in shown["Routes"] if route["DestinationCidrBlock"] == "0.0.0.0/0"]
    assert out == [stacks.id(name, "Internet")]
    template["Subnet"]["Properties"].update(MapPublicIpOnLaunch=False, Tags=OTHER_TAGS)
    template["Vpc"]["Properties"]["EnableDnsHostnames"] = False
    del template["Out"]
    stacks.update(name, template)
    assert stacks.failures(name) == ""
    assert stacks.id(name, "Vpc") == network
    shown = ec2.describe_subnets(SubnetIds=[stacks.id(name, "Subnet")])["Subnets"][0]
    assert (shown["MapPublicIpOnLaunch"], shown["Tags"]) == (False, OTHER_TAGS)
    shown = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]
    assert [route["DestinationCidrBlock"] for route in shown["Routes"]] == ["10.20.0.0/16"]
    stacks.delete(name)
    assert network not in [one["VpcId"] for one in ec2.describe_vpcs()["Vpcs"]]


def test_a_network_with_nat(ec2, stacks):
    template = {
        "Vpc": vpc(),
        "Subnet": subnet(),
        "Table": resource("AWS::EC2::RouteTable", VpcId=ref("Vpc")),
        "Address": resource("AWS::EC2::EIP", Domain="vpc", Tags=TAGS),
        "Nat": resource(
            "AWS::EC2::NatGateway", SubnetId=ref("Subnet"), AllocationId=att("Address", "AllocationId"), Tags=TAGS
        ),
        "Out": resource(
            "AWS::EC2::Route", RouteTableId=ref("Table"), DestinationCidrBlock="0.0.0.0/0", NatGatewayId=ref("Nat")
        ),
    }
    name = stacks.create(template)
    assert stacks.failures(name) == ""
    shown = ec2.describe_nat_gateways(NatGatewayIds=[stacks.id(name, "Nat")])["NatGateways"][0]
    assert shown["SubnetId"] == stacks.id(name, "Subnet")
    address = ec2.describe_addresses(PublicIps=[stacks.id(name, "Address")])["Addresses"][0]
    assert shown["NatGatewayAddresses"][0]["AllocationId"] == address["AllocationId"]
    assert address["Tags"] == TAGS
    template["Address"]["Properties"]["Tags"] = template["Nat"]["Properties"]["Tags"] = OTHER_TAGS
    stacks.update(name, template)
    assert stacks.failures(name) == ""
    assert tags(ec2, stacks.id(name, "Nat")) == [("project", "q")]
    assert ec2.describe_addresses(PublicIps=[stacks.id(name, "Address")])["Addresses"][0]["Tags"] == OTHER_TAGS
    stacks.delete(name)
    assert not [it for it in ec2.describe_addresses()["Addresses"] if it["AllocationId"] == address["AllocationId"]]


def test_endpoints(ec2, stacks):
    template = {
        "Vpc": vpc(),
        "Subnet": subnet(),
        "Table": resource("AWS::EC2::RouteTable", VpcId=ref("Vpc")),
        "Group": resource("AWS::EC2::SecurityGroup", GroupDescription="endpoints", VpcId=ref("Vpc")),
        "S3": resource(
            "AWS::EC2::VPCEndpoint",
            VpcId=ref("Vpc"),
            VpcEndpointType="Gateway",
            ServiceName="com.amazonaws.us-east-1.s3",
            RouteTableIds=[ref("Table")],
            PolicyDocument=allow("s3:*"),
            Tags=TAGS,
        ),
        "Logs": resource(
            "AWS::EC2::VPCEndpoint",
            VpcId=ref("Vpc"),
            VpcEndpointType="Interface",
            ServiceName="com.amazonaws.us-east-1.logs",
            SubnetIds=[ref("Subnet")],
            SecurityGroupIds=[ref("Group")],
            PrivateDnsEnabled=True,
        ),
    }
    name = stacks.create(template)
    assert stacks.failures(name) == ""

    def shown(logical_id):
        return ec2.describe_vpc_endpoints(VpcEndpointIds=[stacks.id(name, logical_id)])["VpcEndpoints"][0]

    assert shown("S3")["RouteTableIds"] == [stacks.id(name, "Table")]
    assert json.loads(shown("S3")["PolicyDocument"]) == allow("s3:*")
    assert shown("Logs")["SubnetIds"] == [stacks.id(name, "Subnet")]
    assert shown("Logs")["PrivateDnsEnabled"] is True
    endpoint = stacks.id(name, "S3")
    template["S3"]["Properties"].update(PolicyDocument=allow("s3:GetObject"), RouteTableIds=[])
    stacks.update(name, template)
    assert stacks.failures(name) == ""
    assert stacks.id(name, "S3") == endpoint
    assert json.loads(shown("S3")["PolicyDocument"]) == allow("s3:GetObject")
    assert shown("S3")["RouteTableIds"] == []
    stacks.delete(name)


def test_a_security_group_lets_out_what_it_names(ec2, stacks):
    template = {
        "Vpc": vpc(),
        "Group": resource(
            "AWS::EC2::SecurityGroup",
            GroupDescription="machines",
            VpcId=ref("Vpc"),
            SecurityGroupEgress=[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.20.0.0/16"}],
            Tags=TAGS,
        ),
        "Among": resource(
            "AWS::EC2::SecurityGroupIngress",
            GroupId=att("Group", "GroupId"),
            IpProtocol="-1",
            SourceSecurityGroupId=att("Group", "GroupId"),
            Description="among themselves",
        ),
    }
    name = stacks.create(template)
    assert stacks.failures(name) == ""
    group = stacks.id(name, "Group")

    def shown():
        return ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]

    egress = shown()["IpPermissionsEgress"]
    assert [(it["IpProtocol"], it["IpRanges"][0]["CidrIp"]) for it in egress] == [("tcp", "10.20.0.0/16")]
    assert shown()["IpPermissions"][0]["UserIdGroupPairs"][0]["GroupId"] == group
    del template["Group"]["Properties"]["SecurityGroupEgress"], template["Among"]
    stacks.update(name, template)
    assert stacks.failures(name) == ""
    assert [it["IpRanges"][0]["CidrIp"] for it in shown()["IpPermissionsEgress"]] == ["0.0.0.0/0"]
    assert shown()["IpPermissions"] == []
    stacks.delete(name)


def test_traffic_is_logged_by_a_role(server, ec2, stacks):
    template = {
        "Vpc": vpc(),
        "Logs": resource("AWS::Logs::LogGroup"),
        "Role": resource("AWS::IAM::Role", AssumeRolePolicyDocument=TRUST),
        "Traffic": resource(
            "AWS::EC2::FlowLog",
            ResourceId=ref("Vpc"),
            ResourceType="VPC",
            TrafficType="ALL",
            LogDestinationType="cloud-watch-logs",
            LogGroupName=ref("Logs"),
            DeliverLogsPermissionArn=att("Role", "Arn"),
        ),
    }
    name = stacks.create(template)
    assert stacks.failures(name) == ""
    shown = ec2.describe_flow_logs(FlowLogIds=[stacks.id(name, "Traffic")])["FlowLogs"][0]
    assert (shown["ResourceId"], shown["LogGroupName"]) == (stacks.id(name, "Vpc"), stacks.id(name, "Logs"))
    stacks.delete(name)


def test_a_launch_template_has_versions(ec2, stacks):
    disk = {"DeviceName": "/dev/xvda", "Ebs": {"VolumeType": "gp3", "VolumeSize": 100, "Encrypted": True}}
    data = {
        "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
        "BlockDeviceMappings": [disk],
        "TagSpecifications": [{"ResourceType": "instance", "Tags": TAGS}],
    }
    template = {"Machines": resource("AWS::EC2::LaunchTemplate", LaunchTemplateData=data)}
    outputs = {"Latest": {"Value": att("Machines", "LatestVersionNumber")}}
    name = stacks.create(template, Outputs=outputs)
    assert stacks.failures(name) == ""

    def latest():
        return stacks.api.describe_stacks(StackName=name)["Stacks"][0]["Outputs"][0]["OutputValue"]

    def shown():
        versions = ec2.describe_launch_template_versions(LaunchTemplateId=identifier, Versions=["$Latest"])
        return versions["LaunchTemplateVersions"][0]["LaunchTemplateData"]

    identifier = stacks.id(name, "Machines")
    assert latest() == "1"
    assert shown()["MetadataOptions"]["HttpTokens"] == "required"
    assert shown()["BlockDeviceMappings"][0]["Ebs"]["Encrypted"] is True
    disk["Ebs"]["VolumeSize"] = 200
    stacks.update(name, template, Outputs=outputs)
    assert stacks.failures(name) == ""
    assert (stacks.id(name, "Machines"), latest()) == (identifier, "2")
    assert shown()["BlockDeviceMappings"][0]["Ebs"]["VolumeSize"] == 200
    stacks.delete(name)
    assert identifier not in [it["LaunchTemplateId"] for it in ec2.describe_launch_templates()["LaunchTemplates"]]
