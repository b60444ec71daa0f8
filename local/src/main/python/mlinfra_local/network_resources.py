"""The types of EC2 that networks and fleets are made of; see resources.py."""

from __future__ import annotations

from typing import Any

from .emulator_api import as_bool
from .resource_type import Place, Properties, ResourceType, on_change, on_update
from .settings import TAGS, only, retag, without
from .template_check import FREE, LEAF

EC2_TAGS = retag(
    lambda place, i, tags: place.call("ec2", "create_tags", Resources=[i], Tags=tags),
    lambda place, i, keys: place.call("ec2", "delete_tags", Resources=[i], Tags=[{"Key": key} for key in keys]),
)



# --- AWS::EC2::VPC and what lies in it --------------------------------------------------------------------------------


def _vpc_attribute(name: str) -> Any:
    return on_change(
        name,
        lambda place, i, before, after: place.call(
            "ec2", "modify_vpc_attribute", VpcId=i, **{name: {"Value": as_bool(after.get(name, name == "EnableDnsSupport"))}}
        ),
    )


VPC = ResourceType(
    "AWS::EC2::VPC",
    {"CidrBlock": LEAF, "EnableDnsHostnames": LEAF, "EnableDnsSupport": LEAF, "InstanceTenancy": LEAF, "Tags": TAGS},
    make=lambda place, p: place.call("ec2", "create_vpc", **only(p, "CidrBlock", "InstanceTenancy"))["Vpc"]["VpcId"],
    remove=lambda place, i, p: place.call("ec2", "delete_vpc", VpcId=i),
    replaced_by="CidrBlock InstanceTenancy",
    settings=(_vpc_attribute("EnableDnsSupport"), _vpc_attribute("EnableDnsHostnames"), EC2_TAGS),
    read_attributes=lambda place, i, p: {"VpcId": i, "CidrBlock": p["CidrBlock"]},
)

SUBNET = ResourceType(
    "AWS::EC2::Subnet",
    {"AvailabilityZone": LEAF, "CidrBlock": LEAF, "MapPublicIpOnLaunch": LEAF, "Tags": TAGS, "VpcId": LEAF},
    make=lambda place, p: place.call("ec2", "create_subnet", **only(p, "AvailabilityZone", "CidrBlock", "VpcId"))["Subnet"][
        "SubnetId"
    ],
    remove=lambda place, i, p: place.call("ec2", "delete_subnet", SubnetId=i),
    replaced_by="AvailabilityZone CidrBlock VpcId",
    settings=(
        on_change(
            "MapPublicIpOnLaunch",
            lambda place, i, before, after: place.call(
                "ec2",
                "modify_subnet_attribute",
                SubnetId=i,
                MapPublicIpOnLaunch={"Value": as_bool(after.get("MapPublicIpOnLaunch", False))},
            ),
        ),
        EC2_TAGS,
    ),
    read_attributes=lambda place, i, p: {"SubnetId": i, **only(p, "AvailabilityZone", "CidrBlock", "VpcId")},
)

ROUTE_TABLE = ResourceType(
    "AWS::EC2::RouteTable",
    {"Tags": TAGS, "VpcId": LEAF},
    make=lambda place, p: place.call("ec2", "create_route_table", VpcId=p["VpcId"])["RouteTable"]["RouteTableId"],
    remove=lambda place, i, p: place.call("ec2", "delete_route_table", RouteTableId=i),
    replaced_by="VpcId",
    settings=(EC2_TAGS,),
    read_attributes=lambda place, i, p: {"RouteTableId": i},
)

SUBNET_ROUTE_TABLE_ASSOCIATION = ResourceType(
    "AWS::EC2::SubnetRouteTableAssociation",
    {"RouteTableId": LEAF, "SubnetId": LEAF},
    make=lambda place, p: place.call("ec2", "associate_route_table", **p)["AssociationId"],
    remove=lambda place, i, p: place.call("ec2", "disassociate_route_table", AssociationId=i),
    replaced_by="*",
    read_attributes=lambda place, i, p: {"Id": i},
)


def _make_route(place: Place, p: Properties) -> str:
    place.call("ec2", "create_route", **p)
    return f"{p['RouteTableId']}|{p['DestinationCidrBlock']}"


ROUTE = ResourceType(
    "AWS::EC2::Route",
    {"DestinationCidrBlock": LEAF, "GatewayId": LEAF, "NatGatewayId": LEAF, "RouteTableId": LEAF},
    make=_make_route,
    remove=lambda place, i, p: place.call("ec2", "delete_route", **only(p, "RouteTableId", "DestinationCidrBlock")),
    replaced_by="RouteTableId DestinationCidrBlock",
    settings=(
        on_update("GatewayId NatGatewayId", lambda place, i, before, after: place.call("ec2", "replace_route", **after)),
    ),
)

INTERNET_GATEWAY = ResourceType(
    "AWS::EC2::InternetGateway",
    {"Tags": TAGS},
    make=lambda place, p: place.call("ec2", "create_internet_gateway")["InternetGateway"]["InternetGatewayId"],
    remove=lambda place, i, p: place.call("ec2", "delete_internet_gateway", InternetGatewayId=i),
    settings=(EC2_TAGS,),
    read_attributes=lambda place, i, p: {"InternetGatewayId": i},
)


def _attach_gateway(place: Place, p: Properties) -> str:
    place.call("ec2", "attach_internet_gateway", **p)
    return f"IGW|{p['VpcId']}"


VPC_GATEWAY_ATTACHMENT = ResourceType(
    "AWS::EC2::VPCGatewayAttachment",
    {"InternetGatewayId": LEAF, "VpcId": LEAF},
    make=_attach_gateway,
    remove=lambda place, i, p: place.call("ec2", "detach_internet_gateway", **p),
    replaced_by="*",
)


def _allocation(place: Place, address: str) -> str:
    return place.call("ec2", "describe_addresses", PublicIps=[address])["Addresses"][0]["AllocationId"]


def _address_tags(operation: str, tags: Any) -> Any:
    return lambda place, i, given: place.call("ec2", operation, Resources=[_allocation(place, i)], Tags=tags(given))


EIP = ResourceType(
    "AWS::EC2::EIP",
    {"Domain": LEAF, "Tags": TAGS},
    make=lambda place, p: place.call("ec2", "allocate_address", **only(p, "Domain"))["PublicIp"],
    remove=lambda place, i, p: place.call("ec2", "release_address", AllocationId=_allocation(place, i)),
    replaced_by="Domain",
    settings=(
        retag(
            _address_tags("create_tags", lambda tags: tags),
            _address_tags("delete_tags", lambda keys: [{"Key": key} for key in keys]),
        ),
    ),
    read_attributes=lambda place, i, p: {"AllocationId": _allocation(place, i), "PublicIp": i},
)

NAT_GATEWAY = ResourceType(
    "AWS::EC2::NatGateway",
    {"AllocationId": LEAF, "SubnetId": LEAF, "Tags": TAGS},
    make=lambda place, p: place.call("ec2", "create_nat_gateway", **without(p, "Tags"))["NatGateway"]["NatGatewayId"],
    remove=lambda place, i, p: place.call("ec2", "delete_nat_gateway", NatGatewayId=i),
    replaced_by="AllocationId SubnetId",
    settings=(EC2_TAGS,),
    read_attributes=lambda place, i, p: {"NatGatewayId": i},
)


def _endpoint_lists(place: Place, i: str, before: Properties, after: Properties) -> None:
    changes: Properties = {}
    for name in ("RouteTableIds", "SecurityGroupIds", "SubnetIds"):
        old, new = set(before.get(name, [])), set(after.get(name, []))
        changes |= {f"Add{name}": sorted(new - old)} if new - old else {}
        changes |= {f"Remove{name}": sorted(old - new)} if old - new else {}
    policy = {"PolicyDocument": after["PolicyDocument"]} if "PolicyDocument" in after else {"ResetPolicy": True}
    place.call("ec2", "modify_vpc_endpoint", VpcEndpointId=i, **policy, **changes)


VPC_ENDPOINT = ResourceType(
    "AWS::EC2::VPCEndpoint",
    {
        "PolicyDocument": FREE,
        "PrivateDnsEnabled": LEAF,
        "RouteTableIds": [LEAF],
        "SecurityGroupIds": [LEAF],
        "ServiceName": LEAF,
        "SubnetIds": [LEAF],
        "Tags": TAGS,
        "VpcEndpointType": LEAF,
        "VpcId": LEAF,
    },
    make=lambda place, p: place.call("ec2", "create_vpc_endpoint", **without(p, "Tags"))["VpcEndpoint"]["VpcEndpointId"],
    remove=lambda place, i, p: place.call("ec2", "delete_vpc_endpoints", VpcEndpointIds=[i]),
    replaced_by="ServiceName VpcEndpointType VpcId PrivateDnsEnabled",
    settings=(on_update("PolicyDocument RouteTableIds SecurityGroupIds SubnetIds", _endpoint_lists), EC2_TAGS),
    read_attributes=lambda place, i, p: {"Id": i},
)

FLOW_LOG = ResourceType(
    "AWS::EC2::FlowLog",
    {
        "DeliverLogsPermissionArn": LEAF,
        "LogDestinationType": LEAF,
        "LogGroupName": LEAF,
        "ResourceId": LEAF,
        "ResourceType": LEAF,
        "Tags": TAGS,
        "TrafficType": LEAF,
    },
    make=lambda place, p: place.call(
        "ec2", "create_flow_logs", ResourceIds=[p["ResourceId"]], **without(p, "ResourceId", "Tags")
    )["FlowLogIds"][0],
    remove=lambda place, i, p: place.call("ec2", "delete_flow_logs", FlowLogIds=[i]),
    replaced_by="DeliverLogsPermissionArn LogDestinationType LogGroupName ResourceId ResourceType TrafficType",
    settings=(EC2_TAGS,),
    read_attributes=lambda place, i, p: {"Id": i},
)

# --- AWS::EC2::SecurityGroup and its rules ----------------------------------------------------------------------------

RULE = {
    "CidrIp",
    "Description",
    "DestinationSecurityGroupId",
    "FromPort",
    "IpProtocol",
    "SourceSecurityGroupId",
    "ToPort",
}
EVERYWHERE = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}


def _permission(rule: Properties) -> Properties:
    """A rule as the API has it."""
    about = only(rule, "Description")
    groups = [rule[name] for name in ("SourceSecurityGroupId", "DestinationSecurityGroupId") if name in rule]
    if groups:
        ends = {"UserIdGroupPairs": [{"GroupId": group, **about} for group in groups]}
    else:
        ends = {"IpRanges": [{"CidrIp": rule["CidrIp"], **about}]}
    return {**only(rule, "IpProtocol", "FromPort", "ToPort"), **ends}


def _rules(name: str, direction: str, always: list[Properties]) -> Any:
    def apply(place: Place, i: str, before: Properties, after: Properties) -> None:
        # A new group lets everything out; one that names what it lets out lets out nothing else.
        old, new = before.get(name) or always, after.get(name) or always
        for operation, rules in (("revoke", old), ("authorize", new)):
            for rule in rules:
                if old == new:
                    continue
                place.call("ec2", f"{operation}_security_group_{direction}", GroupId=i, IpPermissions=[_permission(rule)])

    return on_change(name, apply)


def _make_group(place: Place, p: Properties) -> str:
    name = p.get("GroupName") or place.name(255)
    return place.call(
        "ec2", "create_security_group", GroupName=name, Description=p["GroupDescription"], **only(p, "VpcId")
    )["GroupId"]


SECURITY_GROUP = ResourceType(
    "AWS::EC2::SecurityGroup",
    {
        "GroupDescription": LEAF,
        "GroupName": LEAF,
        "SecurityGroupEgress": [RULE],
        "SecurityGroupIngress": [RULE],
        "Tags": TAGS,
        "VpcId": LEAF,
    },
    make=_make_group,
    remove=lambda place, i, p: place.call("ec2", "delete_security_group", GroupId=i),
    replaced_by="GroupDescription GroupName VpcId",
    settings=(_rules("SecurityGroupEgress", "egress", [EVERYWHERE]), _rules("SecurityGroupIngress", "ingress", []), EC2_TAGS),
    read_attributes=lambda place, i, p: {"GroupId": i, "Id": i, **only(p, "VpcId")},
)


def _make_ingress(place: Place, p: Properties) -> str:
    answer = place.call(
        "ec2", "authorize_security_group_ingress", GroupId=p["GroupId"], IpPermissions=[_permission(p)]
    )
    return answer["SecurityGroupRules"][0]["SecurityGroupRuleId"]


SECURITY_GROUP_INGRESS = ResourceType(
    "AWS::EC2::SecurityGroupIngress",
    RULE - {"DestinationSecurityGroupId"} | {"GroupId"},
    make=_make_ingress,
    remove=lambda place, i, p: place.call(
        "ec2", "revoke_security_group_ingress", GroupId=p["GroupId"], IpPermissions=[_permission(p)]
    ),
    replaced_by="*",
    read_attributes=lambda place, i, p: {"Id": i},
)

# --- AWS::EC2::LaunchTemplate -----------------------------------------------------------------------------------------


def _make_launch_template(place: Place, p: Properties) -> str:
    name = p.get("LaunchTemplateName") or place.name(128)
    return place.call("ec2", "create_launch_template", LaunchTemplateName=name, **without(p, "LaunchTemplateName"))[
        "LaunchTemplate"
    ]["LaunchTemplateId"]


def _launch_template(place: Place, i: str) -> Properties:
    return place.call("ec2", "describe_launch_templates", LaunchTemplateIds=[i])["LaunchTemplates"][0]


LAUNCH_TEMPLATE = ResourceType(
    "AWS::EC2::LaunchTemplate",
    {"LaunchTemplateData": FREE, "LaunchTemplateName": LEAF, "TagSpecifications": [{"ResourceType": LEAF, "Tags": TAGS}]},
    make=_make_launch_template,
    remove=lambda place, i, p: place.call("ec2", "delete_launch_template", LaunchTemplateId=i),
    replaced_by="LaunchTemplateName TagSpecifications",
    settings=(
        on_update(
            "LaunchTemplateData",
            lambda place, i, before, after: place.call(
                "ec2", "create_launch_template_version", LaunchTemplateId=i, LaunchTemplateData=after["LaunchTemplateData"]
            ),
        ),
    ),
    read_attributes=lambda place, i, p: {
        "LaunchTemplateId": i,
        "LatestVersionNumber": str(_launch_template(place, i)["LatestVersionNumber"]),
        "DefaultVersionNumber": str(_launch_template(place, i)["DefaultVersionNumber"]),
    },
)

ALL = [value for value in list(globals().values()) if isinstance(value, ResourceType)]
