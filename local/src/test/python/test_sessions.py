"""Sessions of roles: session tags, durations, MFA, web identity tokens."""

import base64
import json
import time

import pytest
from botocore.exceptions import ClientError
from conftest import keys, resource
from test_authorization import arn, denied, document, role

ACCOUNT = "123456789012"
GITHUB = "token.actions.githubusercontent.com"
SUBJECT = "repo:acme/ml:ref:refs/heads/main"


def of_account(*actions, **statement):
    return document({"Principal": {"AWS": ACCOUNT}, "Action": list(actions), **statement})


TAGGABLE = of_account("sts:AssumeRole", "sts:TagSession")


def tags(**values):
    return [{"Key": key, "Value": value} for key, value in values.items()]


def assume(server, role_arn, credentials=None, **options):
    sts = server.client("sts", credentials=credentials)
    return keys(sts.assume_role(RoleArn=role_arn, RoleSessionName="somebody", **options))


def refused(call, code, **arguments):
    with pytest.raises(ClientError) as refusal:
        call(**arguments)
    assert refusal.value.response["Error"]["Code"] == code
    return refusal.value.response["Error"]["Message"]


# --- session tags -----------------------------------------------------------------------------------------------------


def test_session_tags_become_tags_of_the_principal(server, stacks, enforced):
    statement = {"Action": "ssm:GetParameter", "Resource": "arn:aws:ssm:*:*:parameter/${aws:PrincipalTag/environment}/*"}
    name = stacks.create(
        {
            "Dev": resource("AWS::SSM::Parameter", Name="/dev/x", Type="String", Value="1"),
            "Prod": resource("AWS::SSM::Parameter", Name="/prod/x", Type="String", Value="1"),
            "Role": role(statement, trust=TAGGABLE),
            "Tagged": role(statement, trust=TAGGABLE, Tags=tags(Environment="prod")),
        }
    )
    role_arn = arn(server, stacks, name)
    ssm = server.client("ssm", credentials=assume(server, role_arn, Tags=tags(environment="dev")))
    assert ssm.get_parameter(Name="/dev/x")["Parameter"]["Value"] == "1"
    denied(ssm.get_parameter, Name="/prod/x")
    # Without the tag the variable has no value, and the statement does not apply.
    denied(server.client("ssm", credentials=assume(server, role_arn)).get_parameter, Name="/dev/x")
    # A role's own tags count, and those of the session go before them.
    tagged = arn(server, stacks, name, "Tagged")
    server.client("ssm", credentials=assume(server, tagged)).get_parameter(Name="/prod/x")
    ssm = server.client("ssm", credentials=assume(server, tagged, Tags=tags(environment="dev")))
    ssm.get_parameter(Name="/dev/x")
    denied(ssm.get_parameter, Name="/prod/x")


def test_session_tags_need_permission_in_the_trust_policy(server, stacks):
    name = stacks.create({"Role": role(trust=of_account("sts:AssumeRole"))})
    role_arn = arn(server, stacks, name)
    assume(server, role_arn)
    message = denied(assume, server=server, role_arn=role_arn, Tags=tags(a="b"))
    assert f"sts:TagSession on resource: {role_arn} because the role's trust policy does not allow it" in message


def test_session_tags_need_permission_of_the_caller(server, stacks, enforced):
    name = stacks.create(
        {
            "Target": role(trust=TAGGABLE),
            "Without": role({"Action": "sts:AssumeRole", "Resource": "*"}, trust=TAGGABLE),
            "With": role({"Action": ["sts:AssumeRole", "sts:TagSession"], "Resource": "*"}, trust=TAGGABLE),
        }
    )
    target = arn(server, stacks, name, "Target")
    without = assume(server, arn(server, stacks, name, "Without"))
    assume(server, target, without)
    message = denied(assume, server=server, role_arn=target, credentials=without, Tags=tags(a="b"))
    assert "sts:TagSession" in message and "no identity-based policy allows" in message
    assume(server, target, assume(server, arn(server, stacks, name, "With")), Tags=tags(a="b"))


def test_trust_policies_may_ask_for_tags(server, stacks):
    condition = {
        "StringEquals": {"aws:RequestTag/environment": ["dev", "prod"]},
        "ForAllValues:StringEquals": {"aws:TagKeys": ["environment", "actor"]},
        "Null": {"sts:TransitiveTagKeys": "true"},
    }
    name = stacks.create({"Role": role(trust=of_account("sts:AssumeRole", "sts:TagSession", Condition=condition))})
    role_arn = arn(server, stacks, name)
    assume(server, role_arn, Tags=tags(environment="dev", actor="somebody"))
    for wrong in (
        {},
        {"Tags": tags(environment="other")},
        {"Tags": tags(actor="somebody")},
        {"Tags": tags(environment="dev", more="x")},
        {"Tags": tags(environment="dev"), "TransitiveTagKeys": ["environment"]},
    ):
        denied(assume, server=server, role_arn=role_arn, **wrong)


def test_transitive_tags_are_handed_on(server, stacks, enforced):
    go_on = {"Action": ["sts:AssumeRole", "sts:TagSession"], "Resource": "*"}
    read = {"Action": "sqs:ListQueues", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "blue"}}}
    name = stacks.create(
        {
            "First": role(go_on, trust=TAGGABLE),
            "Second": role(read, trust=TAGGABLE),
            "Untaggable": role(read, trust=of_account("sts:AssumeRole")),
        }
    )
    first, second = arn(server, stacks, name, "First"), arn(server, stacks, name, "Second")
    kept = assume(server, first, Tags=tags(team="blue", other="x"), TransitiveTagKeys=["TEAM"])
    server.client("sqs", credentials=assume(server, second, kept)).list_queues()
    lost = assume(server, first, Tags=tags(team="blue"))
    denied(server.client("sqs", credentials=assume(server, second, lost)).list_queues)
    message = refused(assume, "InvalidParameterValue", server=server, role_arn=second, credentials=kept, Tags=tags(Team="red"))
    assert "conflicts with a transitive tag key from the calling session" in message
    assume(server, second, kept, Tags=tags(other="y"))
    denied(assume, server=server, role_arn=arn(server, stacks, name, "Untaggable"), credentials=kept)


def test_wrong_session_tags_are_refused(server, stacks):
    role_arn = arn(server, stacks, stacks.create({"Role": role(trust=TAGGABLE)}))
    twice = [*tags(a="1"), *tags(A="2")]
    assert "Duplicate tag keys" in refused(assume, "InvalidParameterValue", server=server, role_arn=role_arn, Tags=twice)
    message = refused(
        assume, "InvalidParameterValue", server=server, role_arn=role_arn, Tags=tags(a="1"), TransitiveTagKeys=["b"]
    )
    assert "transitive tag key must be included in the requested tags" in message


def test_a_source_identity_needs_permission_too(server, stacks):
    name = stacks.create(
        {
            "Without": role(trust=TAGGABLE),
            "With": role(trust=of_account("sts:AssumeRole", "sts:SetSourceIdentity")),
        }
    )
    without = arn(server, stacks, name, "Without")
    assert "sts:SetSourceIdentity" in denied(assume, server=server, role_arn=without, SourceIdentity="somebody")
    assume(server, arn(server, stacks, name, "With"), SourceIdentity="somebody")


# --- duration, MFA, identity ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("longest", "given", "message"),
    [
        (None, 3600, None),
        (None, 3601, "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."),
        (7200, 7200, None),
        (7200, 7201, "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."),
        (7200, 899, "Member must have value greater than or equal to 900"),
        (43200, 43201, "Member must have value less than or equal to 43200"),
    ],
)
def test_a_session_is_no_longer_than_its_role_allows(server, stacks, longest, given, message):
    properties = {"MaxSessionDuration": longest} if longest else {}
    role_arn = arn(server, stacks, stacks.create({"Role": role(trust=TAGGABLE, **properties)}))
    # The client would refuse a wrong number itself.
    sts = server.client("sts", validate=False)
    arguments = {"RoleArn": role_arn, "RoleSessionName": "somebody", "DurationSeconds": given}
    if message:
        assert message in refused(sts.assume_role, "ValidationError", **arguments)
    else:
        expiration = sts.assume_role(**arguments)["Credentials"]["Expiration"].timestamp()
        assert given - 60 < expiration - time.time() <= given


def test_a_chained_session_lasts_an_hour_at_most(server, stacks):
    name = stacks.create({"Role": role(trust=TAGGABLE, MaxSessionDuration=43200)})
    role_arn = arn(server, stacks, name)
    first = assume(server, role_arn, DurationSeconds=43200)
    assume(server, role_arn, first, DurationSeconds=3600)
    message = refused(assume, "ValidationError", server=server, role_arn=role_arn, credentials=first, DurationSeconds=3601)
    assert "exceeds the 1 hour session limit for roles assumed by role chaining" in message


@pytest.fixture
def user(server):
    """A user with a device who may take on every role: clients' keys and the device's serial number."""
    iam = server.client("iam")
    iam.create_user(UserName="human", Tags=tags(team="blue"))
    policy = document({"Action": ["sts:AssumeRole", "sts:TagSession"], "Resource": "*"}, {"Action": "iam:*", "Resource": "*"})
    iam.put_user_policy(UserName="human", PolicyName="p", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName="human")["AccessKey"]
    serial = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]["SerialNumber"]
    iam.enable_mfa_device(UserName="human", SerialNumber=serial, AuthenticationCode1="123456", AuthenticationCode2="654321")
    yield {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}, serial
    iam.deactivate_mfa_device(UserName="human", SerialNumber=serial)
    iam.delete_virtual_mfa_device(SerialNumber=serial)
    iam.delete_access_key(UserName="human", AccessKeyId=key["AccessKeyId"])
    iam.delete_user_policy(UserName="human", PolicyName="p")
    iam.delete_user(UserName="human")


def test_mfa_is_absent_false_or_true(server, stacks, enforced, user):
    credentials, serial = user
    with_mfa = {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}
    if_known = {"Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}}
    name = stacks.create(
        {
            "Role": role(
                {"Action": "sqs:ListQueues", "Resource": "*", **with_mfa},
                {"Action": "iam:ListRoles", "Resource": "*", **if_known},
                trust=of_account("sts:AssumeRole", **with_mfa),
            ),
            "Lax": role(
                {"Action": "sqs:ListQueues", "Resource": "*", **if_known},
                trust=of_account("sts:AssumeRole", **if_known),
            ),
        }
    )
    role_arn, lax = arn(server, stacks, name), arn(server, stacks, name, "Lax")
    denied(assume, server=server, role_arn=role_arn, credentials=credentials)
    code = {"SerialNumber": serial, "TokenCode": "123456"}
    session = assume(server, role_arn, credentials, **code)
    server.client("sqs", credentials=session).list_queues()
    server.client("iam", credentials=session).list_roles()
    # The key of a user has no session to speak of, so the condition is absent; a session without MFA says false.
    denied(server.client("sqs", credentials=assume(server, lax, credentials)).list_queues)
    for wrong in ({**code, "SerialNumber": serial + "x"}, {**code, "TokenCode": "12345a"}):
        assert "MFA" in denied(assume, server=server, role_arn=role_arn, credentials=credentials, **wrong)


def test_the_name_and_tags_of_a_user_are_known(server, stacks, enforced, user):
    credentials, _ = user
    who = {"StringEquals": {"aws:username": "human", "aws:PrincipalTag/team": "blue", "aws:PrincipalType": "User"}}
    other = {"StringEquals": {"aws:username": "other"}}
    name = stacks.create(
        {
            "Role": role(trust=of_account("sts:AssumeRole", Condition=who)),
            "Other": role(trust=of_account("sts:AssumeRole", Condition=other)),
        }
    )
    assume(server, arn(server, stacks, name), credentials)
    denied(assume, server=server, role_arn=arn(server, stacks, name, "Other"), credentials=credentials)


def test_the_id_of_a_session_is_a_variable(server, stacks, enforced):
    bucket = {"Action": "s3:PutObject", "Resource": {"Fn::Join": ["", [{"Fn::GetAtt": ["Bucket", "Arn"]}, "/${aws:userid}/*"]]}}
    name = stacks.create({"Bucket": resource("AWS::S3::Bucket"), "Role": role(bucket, trust=TAGGABLE)})
    session = assume(server, arn(server, stacks, name))
    user_id = server.client("sts", credentials=session).get_caller_identity()["UserId"]
    assert user_id.endswith(":somebody")
    s3 = server.client("s3", credentials=session)
    s3.put_object(Bucket=stacks.id(name, "Bucket"), Key=f"{user_id}/x", Body=b"")
    denied(s3.put_object, Bucket=stacks.id(name, "Bucket"), Key="other/x", Body=b"")
    server.client("s3").delete_object(Bucket=stacks.id(name, "Bucket"), Key=f"{user_id}/x")


def test_a_boundary_of_a_user_is_refused(server):
    boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    with pytest.raises(ClientError, match="does not know permissions boundaries of users"):
        server.client("iam").create_user(UserName="limited", PermissionsBoundary=boundary)


# --- web identity -----------------------------------------------------------------------------------------------------


def token(**claims):
    given = {
        "iss": f"https://{GITHUB}",
        "aud": "sts.amazonaws.com",
        "sub": SUBJECT,
        "exp": int(time.time()) + 300,
        **claims,
    }
    kept = {name: value for name, value in given.items() if value is not None}
    parts = [json.dumps(part).encode() for part in ({"alg": "RS256", "typ": "JWT"}, kept)]
    return ".".join([base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts] + ["unsigned"])


def github(**conditions):
    wanted = {
        "StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"},
        "StringLike": {f"{GITHUB}:sub": "repo:acme/ml:ref:refs/heads/*"},
        **conditions,
    }
    federated = {"Fn::GetAtt": ["Provider", "Arn"]}
    return document({"Principal": {"Federated": federated}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": wanted})


@pytest.fixture
def deployment(server, stacks):
    """A provider and a role for it; gives the role's ARN and a function that takes it on."""
    name = stacks.create(
        {
            "Provider": resource("AWS::IAM::OIDCProvider", Url=f"https://{GITHUB}", ClientIdList=["sts.amazonaws.com"]),
            "Boundary": resource("AWS::IAM::ManagedPolicy", PolicyDocument=document({"Action": "sqs:List*", "Resource": "*"})),
            "Role": role(
                {"Action": ["sqs:*", "iam:*"], "Resource": "*"},
                trust=github(),
                MaxSessionDuration=7200,
                PermissionsBoundary={"Ref": "Boundary"},
            ),
        }
    )
    assert stacks.failures(name) == ""
    role_arn = arn(server, stacks, name)
    sts = server.client("sts", credentials={"aws_access_key_id": "none", "aws_secret_access_key": "none"})

    def take_on(web_identity, **options):
        arguments = {"RoleArn": role_arn, "RoleSessionName": "GitHubActions", "WebIdentityToken": web_identity}
        return sts.assume_role_with_web_identity(**{**arguments, **options})

    return role_arn, take_on


def test_a_fitting_token_gives_a_session_under_the_boundary(server, deployment, enforced):
    _, take_on = deployment
    answer = take_on(token(), DurationSeconds=7200)
    assert answer["SubjectFromWebIdentityToken"] == SUBJECT
    assert answer["Audience"] == "sts.amazonaws.com"
    assert answer["Provider"].endswith(f":oidc-provider/{GITHUB}")
    assert answer["AssumedRoleUser"]["Arn"].endswith("/GitHubActions")
    assert answer["Credentials"]["Expiration"].timestamp() - time.time() > 7000
    server.client("sqs", credentials=keys(answer)).list_queues()
    message = denied(server.client("iam", credentials=keys(answer)).list_roles)
    assert "no permissions boundary allows the iam:ListRoles action" in message


@pytest.mark.parametrize("enforce", [True, False])
@pytest.mark.parametrize(
    ("claims", "code", "message"),
    [
        ({"sub": "repo:acme/ml:pull_request"}, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity"),
        ({"sub": "repo:acme/other:ref:refs/heads/main"}, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity"),
        ({"aud": "somebody-else"}, "InvalidIdentityToken", "Incorrect token audience"),
        ({"azp": "somebody-else"}, "InvalidIdentityToken", "Incorrect token audience"),
        ({"aud": ["sts.amazonaws.com", "b"]}, "InvalidIdentityToken", "Missing a required claim: aud"),
        (
            {"iss": "https://token.example.com"},
            "InvalidIdentityToken",
            "No OpenIDConnect provider found in your account for https://token.example.com",
        ),
        ({"iss": GITHUB}, "InvalidIdentityToken", "Issuer must be a valid URL"),
        ({"sub": None}, "InvalidIdentityToken", "Missing a required claim: sub"),
        ({"exp": None}, "InvalidIdentityToken", "Missing a required claim: exp"),
        ({"exp": 1000}, "ExpiredTokenException", "must be before the expiration date/time 1000"),
        ({"https://aws.amazon.com/tags": {}}, "InvalidIdentityToken", "does not know session tags of a token"),
    ],
)
def test_a_token_that_does_not_fit_is_refused(server, deployment, claims, code, message, enforce):
    _, take_on = deployment
    server.enforce_iam(enforce)
    try:
        assert message in refused(take_on, code, web_identity=token(**claims))
    finally:
        server.enforce_iam(False)


@pytest.mark.parametrize("wrong", ["abcd", "a.b.c", "a.W10.c", "a.ImEi.c", "aa.bb"])
def test_what_is_no_token_is_refused(deployment, wrong):
    _, take_on = deployment
    assert "not a valid JWT" in refused(take_on, "InvalidIdentityToken", web_identity=wrong)


def test_a_token_gives_no_other_role_and_no_longer_session(server, stacks, deployment):
    role_arn, take_on = deployment
    not_authorized = "Not authorized to perform sts:AssumeRoleWithWebIdentity"
    assert denied(take_on, web_identity=token(sub="repo:acme/other:ref:refs/heads/main")) == not_authorized
    other = arn(server, stacks, stacks.create({"Role": role(trust=of_account("sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"))}))
    assert refused(take_on, "AccessDenied", web_identity=token(), RoleArn=other) == not_authorized
    assert refused(take_on, "AccessDenied", web_identity=token(), RoleArn=role_arn + "x") == not_authorized
    message = refused(take_on, "ValidationError", web_identity=token(), DurationSeconds=7201)
    assert message == "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    assert "session policies" in refused(take_on, "AccessDenied", web_identity=token(), Policy="{}")
    # A provider's role is not for callers with keys.
    denied(server.client("sts").assume_role, RoleArn=role_arn, RoleSessionName="somebody")


def test_a_provider_that_is_gone_opens_nothing(server, stacks, deployment):
    _, take_on = deployment
    take_on(token())
    arn_of_provider = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"
    server.client("iam").delete_open_id_connect_provider(OpenIDConnectProviderArn=arn_of_provider)
    assert "No OpenIDConnect provider found" in refused(take_on, "InvalidIdentityToken", web_identity=token())


def test_saml_is_refused(server, stacks):
    role_arn = arn(server, stacks, stacks.create({"Role": role(trust=TAGGABLE)}))
    sts = server.client("sts")
    with pytest.raises(ClientError, match="does not know SAML"):
        sts.assume_role_with_saml(RoleArn=role_arn, PrincipalArn="arn:aws:iam::123456789012:saml-provider/p", SAMLAssertion="abcd")
