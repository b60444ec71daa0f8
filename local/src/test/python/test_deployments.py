"""What a deployment may do: as its caller, and under the role that the caller passes."""

import json

import pytest
from botocore.exceptions import ClientError
from conftest import resource
from test_authorization import arn, denied, document, empty, role
from test_sessions import TAGGABLE, assume, refused

CLOUDFORMATION = document({"Principal": {"Service": "cloudformation.amazonaws.com"}, "Action": "sts:AssumeRole"})
STACKS = {"Action": "cloudformation:*", "Resource": "arn:aws:cloudformation:*:123456789012:stack/mine-*/*"}
QUEUES = {"Action": "sqs:*", "Resource": "*"}


def template(**resources):
    return json.dumps({"Resources": resources})


QUEUE = template(Queue=resource("AWS::SQS::Queue", QueueName="deployed"))
BUCKET = template(Bucket=resource("AWS::S3::Bucket", BucketName="deployed"))


@pytest.fixture
def roles(server, stacks):
    """A caller who may pass one role to CloudFormation, that role and another one; gives client and ARNs."""
    passing = {"Action": "iam:PassRole", "Resource": {"Fn::GetAtt": ["Execution", "Arn"]}}
    to_cloudformation = {"Condition": {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}}}
    name = stacks.create(
        {
            "Execution": role(QUEUES, trust=CLOUDFORMATION),
            "Other": role(QUEUES, trust=CLOUDFORMATION),
            "Caller": role(STACKS, {**passing, **to_cloudformation}, trust=TAGGABLE),
        }
    )
    caller = assume(server, arn(server, stacks, name, "Caller"))
    return server.client("cloudformation", credentials=caller), *(arn(server, stacks, name, i) for i in ("Execution", "Other"))


@pytest.fixture
def deployed(stacks):
    """The name of a stack that is deleted before the roles of the test: it needs its own to go."""
    yield "mine-a"
    stacks.delete("mine-a")


def test_a_deployment_works_under_the_passed_role(server, stacks, roles, deployed, enforced):
    api, execution, _ = roles
    api.create_stack(StackName=deployed, TemplateBody=QUEUE, RoleARN=execution)
    assert stacks.status(deployed) == "CREATE_COMPLETE"
    # The stack keeps its role: nothing is said about it now.
    api.update_stack(StackName=deployed, TemplateBody=BUCKET)
    assert stacks.status(deployed) == "UPDATE_ROLLBACK_COMPLETE"
    assert "is not authorized to perform: s3:CreateBucket" in stacks.failures(deployed)
    assert execution.rpartition("/")[2] in stacks.failures(deployed)
    api.delete_stack(StackName=deployed)
    with pytest.raises(ClientError, match="does not exist"):
        stacks.status(deployed)


def test_a_deployment_without_a_role_may_what_its_caller_may(server, stacks, roles, deployed, enforced):
    api, _, _ = roles
    api.create_stack(StackName=deployed, TemplateBody=QUEUE)
    assert stacks.status(deployed) == "ROLLBACK_COMPLETE"
    assert "is not authorized to perform: sqs:createqueue" in stacks.failures(deployed).lower()


def test_the_boundary_of_the_passed_role_holds(server, stacks, deployed, enforced):
    name = stacks.create(
        {
            "Boundary": resource("AWS::IAM::ManagedPolicy", PolicyDocument=document(QUEUES)),
            "Execution": role(
                {"Action": "*", "Resource": "*"}, trust=CLOUDFORMATION, PermissionsBoundary={"Ref": "Boundary"}
            ),
        }
    )
    execution = arn(server, stacks, name, "Execution")
    stacks.api.create_stack(StackName=deployed, TemplateBody=BUCKET, RoleARN=execution)
    assert "no permissions boundary allows the s3:CreateBucket action" in stacks.failures(deployed)
    stacks.api.delete_stack(StackName=deployed)
    stacks.api.create_stack(StackName=deployed, TemplateBody=QUEUE, RoleARN=execution)
    assert stacks.status(deployed) == "CREATE_COMPLETE"


def test_resources_are_made_with_their_tags_and_boundary_at_once(server, stacks, deployed, enforced):
    tags = [{"Key": "project", "Value": "p"}]
    boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    tagged = {"aws:RequestTag/project": "p"}
    bounded = {**tagged, "iam:PermissionsBoundary": boundary}
    # Nothing may be tagged or bounded afterwards.
    creations = ["iam:CreateOpenIDConnectProvider", "ecr:CreateRepository", "kms:CreateKey", "ssm:PutParameter"]
    execution = role(
        {"Action": "iam:CreateRole", "Resource": "*", "Condition": {"StringEquals": bounded}},
        {"Action": creations, "Resource": "*", "Condition": {"StringEquals": tagged}},
        {"Action": ["iam:Get*", "iam:Delete*", "ecr:Delete*", "kms:Schedule*", "ssm:Delete*"], "Resource": "*"},
        trust=CLOUDFORMATION,
    )
    execution_arn = arn(server, stacks, stacks.create({"Role": execution}))
    everyone = document({"Action": "kms:*", "Principal": "*", "Resource": "*"})
    resources = {
        "Role": role(Tags=tags, PermissionsBoundary=boundary, MaxSessionDuration=7200, Description="d"),
        "Provider": resource("AWS::IAM::OIDCProvider", Url="https://token.example.com", Tags=tags),
        "Images": resource("AWS::ECR::Repository", Tags=tags, ImageTagMutability="IMMUTABLE"),
        "Key": resource("AWS::KMS::Key", Tags=tags, KeyPolicy=everyone, Description="d"),
        "Parameter": resource("AWS::SSM::Parameter", Name="/at-once", Type="String", Value="1", Tags={"project": "p"}),
    }
    stacks.api.create_stack(StackName=deployed, TemplateBody=template(**resources), RoleARN=execution_arn)
    assert stacks.failures(deployed) == ""
    made = server.client("iam").get_role(RoleName=stacks.id(deployed, "Role"))["Role"]
    assert (made["Tags"], made["MaxSessionDuration"], made["Description"]) == (tags, 7200, "d")
    assert made["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary
    stacks.api.delete_stack(StackName=deployed)
    unbounded = {**resources, "Role": role(Tags=tags)}
    stacks.api.create_stack(StackName=deployed, TemplateBody=template(**unbounded), RoleARN=execution_arn)
    assert "is not authorized to perform: iam:CreateRole" in stacks.failures(deployed)


def test_a_role_can_only_be_passed_with_leave(server, stacks, roles, deployed, enforced):
    api, execution, other = roles
    arguments = {"StackName": deployed, "TemplateBody": QUEUE}
    message = denied(api.create_stack, **arguments, RoleARN=other)
    assert f"iam:PassRole on resource: {other}" in message
    api.create_stack(**arguments, RoleARN=execution)
    for call in (api.update_stack, api.create_change_set):
        more = {"ChangeSetName": "c", "ChangeSetType": "UPDATE"} if call == api.create_change_set else {}
        assert "iam:PassRole" in denied(call, StackName=deployed, TemplateBody=BUCKET, RoleARN=other, **more)
    assert "iam:PassRole" in denied(api.delete_stack, StackName=deployed, RoleARN=other)


def test_a_role_that_does_not_trust_cloudformation_is_refused(server, stacks, deployed):
    role_arn = arn(server, stacks, stacks.create({"Role": role(QUEUES)}))
    for wrong in (role_arn, "arn:aws:iam::123456789012:role/no-such-role"):
        message = refused(
            stacks.api.create_stack, "ValidationError", StackName=deployed, TemplateBody=QUEUE, RoleARN=wrong
        )
        assert message == f"Role {wrong} is invalid or cannot be assumed"
    with pytest.raises(ClientError, match="does not exist"):
        stacks.status(deployed)


def test_stacks_are_decided_by_their_names(server, stacks, roles, deployed, enforced):
    api, execution, _ = roles
    message = denied(api.create_stack, StackName="other", TemplateBody=QUEUE, RoleARN=execution)
    assert "on resource: arn:aws:cloudformation:us-east-1:123456789012:stack/other/*" in message
    api.create_stack(StackName=deployed, TemplateBody=QUEUE, RoleARN=execution)
    stack_id = api.describe_stacks(StackName=deployed)["Stacks"][0]["StackId"]
    assert api.describe_stacks(StackName=stack_id)["Stacks"][0]["StackName"] == deployed
    denied(api.describe_stacks)
    other = stacks.create({"Queue": resource("AWS::SQS::Queue")})
    for operation in (api.describe_stacks, api.get_template, api.describe_stack_events, api.delete_stack):
        denied(operation, StackName=other)


def test_a_template_is_read_with_the_callers_permissions(server, stacks, roles, deployed, enforced):
    api, execution, _ = roles
    name = stacks.create({"Bucket": resource("AWS::S3::Bucket")})
    bucket = stacks.id(name, "Bucket")
    server.client("s3").put_object(Bucket=bucket, Key="t.json", Body=QUEUE.encode())
    for address in (
        f"{server.endpoint}/{bucket}/t.json",
        f"https://s3.us-east-1.amazonaws.com/{bucket}/t.json",
        f"https://{bucket}.s3.us-east-1.amazonaws.com/t.json",
    ):
        message = denied(api.create_stack, StackName=deployed, TemplateURL=address, RoleARN=execution)
        assert f"s3:GetObject on resource: arn:aws:s3:::{bucket}/t.json" in message
    empty(server, bucket)


def test_a_function_gets_only_a_role_that_the_caller_may_pass(server, stacks, enforced):
    passing = {
        "Action": "iam:PassRole",
        "Resource": "*",
        "Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
    }
    create = {"Action": "lambda:CreateFunction", "Resource": "arn:aws:lambda:*:*:function:mine"}
    name = stacks.create(
        {"Target": role(), "With": role(create, passing, trust=TAGGABLE), "Without": role(create, trust=TAGGABLE)}
    )
    target = arn(server, stacks, name, "Target")
    arguments = {"FunctionName": "mine", "Role": target, "Code": {"ZipFile": b"x"}, "Runtime": "java17", "Handler": "h"}
    without = server.client("lambda", credentials=assume(server, arn(server, stacks, name, "Without")))
    assert f"iam:PassRole on resource: {target}" in denied(without.create_function, **arguments)
    permitted = server.client("lambda", credentials=assume(server, arn(server, stacks, name, "With")))
    permitted.create_function(**arguments)
    assert "function:other" in denied(permitted.create_function, **{**arguments, "FunctionName": "other"})
    server.client("lambda").delete_function(FunctionName="mine")


def test_tags_of_a_request_are_known(server, stacks, enforced):
    asked = {
        "StringEquals": {"aws:RequestTag/project": "p"},
        "ForAllValues:StringEquals": {"aws:TagKeys": ["project", "owner"]},
    }
    makes = ["iam:CreatePolicy", "ssm:PutParameter", "kms:CreateKey", "logs:CreateLogGroup", "ecr:CreateRepository"]
    owner = {"ForAnyValue:StringEquals": {"aws:TagKeys": "owner"}}
    name = stacks.create(
        {
            "Role": role(
                {"Action": makes, "Resource": "*", "Condition": asked},
                {"Action": "iam:UntagPolicy", "Resource": "*", "Condition": owner},
                trust=TAGGABLE,
            )
        }
    )
    session = assume(server, arn(server, stacks, name))
    key_value = [{"Key": "project", "Value": "p"}, {"Key": "owner", "Value": "o"}]
    services = ("iam", "ssm", "kms", "logs", "ecr")
    iam, ssm, kms, logs, ecr = (server.client(service, credentials=session) for service in services)
    policy = json.dumps(document(QUEUES))
    denied(iam.create_policy, PolicyName="tagged", PolicyDocument=policy)
    denied(iam.create_policy, PolicyName="tagged", PolicyDocument=policy, Tags=[*key_value, {"Key": "more", "Value": "x"}])
    made = iam.create_policy(PolicyName="tagged", PolicyDocument=policy, Tags=key_value)["Policy"]["Arn"]
    denied(iam.untag_policy, PolicyArn=made, TagKeys=["project"])
    iam.untag_policy(PolicyArn=made, TagKeys=["owner"])
    denied(ssm.put_parameter, Name="/tagged", Type="String", Value="1")
    ssm.put_parameter(Name="/tagged", Type="String", Value="1", Tags=key_value)
    denied(kms.create_key, Tags=[{"TagKey": "project", "TagValue": "q"}])
    kms.create_key(Tags=[{"TagKey": "project", "TagValue": "p"}])
    denied(logs.create_log_group, logGroupName="/tagged")
    logs.create_log_group(logGroupName="/tagged", tags={"project": "p"})
    denied(ecr.create_repository, repositoryName="tagged")
    ecr.create_repository(repositoryName="tagged", tags=key_value)
    server.client("iam").delete_policy(PolicyArn=made)
    server.client("ssm").delete_parameter(Name="/tagged")
    server.client("logs").delete_log_group(logGroupName="/tagged")
    server.client("ecr").delete_repository(repositoryName="tagged")


def test_new_things_and_lists_are_decided_by_their_names(server, stacks, enforced):
    of_team = "arn:aws:iam::*:policy/team/*"
    name = stacks.create(
        {
            "Role": role(
                {"Action": "iam:CreateRole", "Resource": "arn:aws:iam::123456789012:role/team/*"},
                {"Action": "iam:CreatePolicy", "Resource": "arn:aws:iam::123456789012:policy/team/*"},
                {"Action": "iam:AttachRolePolicy", "Resource": "*", "Condition": {"ArnEquals": {"iam:PolicyARN": of_team}}},
                {"Action": "iam:*OpenIDConnectProvider", "Resource": "arn:aws:iam::*:oidc-provider/token.example.com"},
                {"Action": "ssm:GetParameters", "Resource": "arn:aws:ssm:*:*:parameter/mine/*"},
                {"Action": "ecr:Describe*", "Resource": "arn:aws:ecr:*:*:repository/mine"},
                trust=TAGGABLE,
            )
        }
    )
    session = assume(server, arn(server, stacks, name))
    iam, ssm, ecr = (server.client(service, credentials=session) for service in ("iam", "ssm", "ecr"))
    admin = server.client("iam")
    trust, policy = json.dumps(CLOUDFORMATION), json.dumps(document(QUEUES))
    denied(iam.create_role, RoleName="r", AssumeRolePolicyDocument=trust)
    iam.create_role(RoleName="r", Path="/team/", AssumeRolePolicyDocument=trust)
    denied(iam.create_policy, PolicyName="p", PolicyDocument=policy)
    made = iam.create_policy(PolicyName="p", Path="/team/", PolicyDocument=policy)["Policy"]["Arn"]
    denied(iam.attach_role_policy, RoleName="r", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    iam.attach_role_policy(RoleName="r", PolicyArn=made)
    denied(iam.create_open_id_connect_provider, Url="https://other.example.com")
    provider = iam.create_open_id_connect_provider(Url="https://token.example.com")["OpenIDConnectProviderArn"]
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider)
    assert ssm.get_parameters(Names=["/mine/a", "/mine/b"])["Parameters"] == []
    assert "parameter/other" in denied(ssm.get_parameters, Names=["/mine/a", "/other"])
    with pytest.raises(ClientError, match="RepositoryNotFoundException"):
        ecr.describe_repositories(repositoryNames=["mine"])
    denied(ecr.describe_repositories, repositoryNames=["mine", "other"])
    denied(ecr.describe_repositories)
    admin.detach_role_policy(RoleName="r", PolicyArn=made)
    admin.delete_role(RoleName="r")
    admin.delete_policy(PolicyArn=made)


def test_keys_are_decided_by_what_their_alias_means(server, stacks, enforced):
    name = stacks.create(
        {
            "Key": resource("AWS::KMS::Key", KeyPolicy=document({"Action": "kms:*", "Principal": "*", "Resource": "*"})),
            "Other": resource("AWS::KMS::Key", KeyPolicy=document({"Action": "kms:*", "Principal": "*", "Resource": "*"})),
            "Alias": resource("AWS::KMS::Alias", AliasName="alias/mine", TargetKeyId={"Ref": "Key"}),
            "OtherAlias": resource("AWS::KMS::Alias", AliasName="alias/other", TargetKeyId={"Ref": "Other"}),
            "Role": role(
                {"Action": ["kms:Encrypt", "kms:CreateAlias", "kms:DeleteAlias"], "Resource": {"Fn::GetAtt": ["Key", "Arn"]}},
                {"Action": ["kms:CreateAlias", "kms:DeleteAlias"], "Resource": "arn:aws:kms:*:*:alias/mine*"},
                trust=TAGGABLE,
            ),
        }
    )
    kms = server.client("kms", credentials=assume(server, arn(server, stacks, name)))
    key, other = stacks.id(name, "Key"), stacks.id(name, "Other")
    for mine in (key, "alias/mine", "arn:aws:kms:us-east-1:123456789012:alias/mine"):
        kms.encrypt(KeyId=mine, Plaintext=b"x")
    for wrong in (other, "alias/other", "arn:aws:kms:us-east-1:123456789012:alias/other", "alias/no-such"):
        denied(kms.encrypt, KeyId=wrong, Plaintext=b"x")
    kms.create_alias(AliasName="alias/mine-too", TargetKeyId=key)
    denied(kms.create_alias, AliasName="alias/mine-three", TargetKeyId=other)
    denied(kms.create_alias, AliasName="alias/others", TargetKeyId=key)
    denied(kms.delete_alias, AliasName="alias/other")
    kms.delete_alias(AliasName="alias/mine-too")


def test_a_bucket_policy_may_ask_for_the_tags_of_the_caller(server, stacks, enforced):
    condition = {
        "StringNotEquals": {"aws:PrincipalTag/team": "blue"},
        "ArnNotLike": {"aws:PrincipalArn": "*:user/mlinfra-admin"},
    }
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": {"Fn::Sub": "${Bucket.Arn}/*"}}
    name = stacks.create(
        {
            "Bucket": resource("AWS::S3::Bucket"),
            "Policy": resource(
                "AWS::S3::BucketPolicy", Bucket={"Ref": "Bucket"}, PolicyDocument=document({**deny, "Condition": condition})
            ),
            "Role": role({"Action": "s3:GetObject", "Resource": "*"}, trust=TAGGABLE),
        }
    )
    bucket, role_arn = stacks.id(name, "Bucket"), arn(server, stacks, name)
    server.client("s3").put_object(Bucket=bucket, Key="k", Body=b"1")
    blue = assume(server, role_arn, Tags=[{"Key": "team", "Value": "blue"}])
    assert server.client("s3", credentials=blue).get_object(Bucket=bucket, Key="k")["Body"].read() == b"1"
    plain = server.client("s3", credentials=assume(server, role_arn))
    assert "explicit deny in a resource-based policy" in denied(plain.get_object, Bucket=bucket, Key="k")
    empty(server, bucket)
