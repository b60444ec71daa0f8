"""The policy language, without a server."""

import re

import pytest
from mlinfra_local.policy import Effect, PolicyError, Principal, Request, decide, parse


def policy(**statement):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **statement}]}


def decided(document, action="s3:GetObject", resource="arn:aws:s3:::b/k", principal=None, **conditions):
    named = {key.replace("__", ":"): value for key, value in conditions.items()}
    return decide([document], Request(action, resource, principal or Principal(account="1"), named))


@pytest.mark.parametrize(
    ("statement", "action", "resource", "effect"),
    [
        ({}, "s3:GetObject", "arn:aws:s3:::b/k", Effect.ALLOW),
        ({"Action": "S3:get*"}, "s3:GetObject", "arn:aws:s3:::b/k", Effect.ALLOW),
        ({"Action": ["s3:Put*"]}, "s3:GetObject", "arn:aws:s3:::b/k", Effect.NEUTRAL),
        ({"Resource": "arn:aws:s3:::b/data/*"}, "s3:GetObject", "arn:aws:s3:::b/data/x", Effect.ALLOW),
        ({"Resource": "arn:aws:s3:::b/data/*"}, "s3:GetObject", "arn:aws:s3:::b/other/x", Effect.NEUTRAL),
        ({"Resource": "arn:aws:s3:::b/[x]"}, "s3:GetObject", "arn:aws:s3:::b/x", Effect.NEUTRAL),
        ({"Effect": "Deny"}, "s3:GetObject", "arn:aws:s3:::b/k", Effect.DENY),
    ],
)
def test_actions_and_resources(statement, action, resource, effect):
    assert decided(policy(**statement), action, resource) is effect


@pytest.mark.parametrize(
    ("condition", "conditions", "effect"),
    [
        ({"StringEquals": {"aws:SourceAccount": "1"}}, {"aws__sourceaccount": "1"}, Effect.ALLOW),
        ({"StringEquals": {"aws:SourceAccount": ["2", "1"]}}, {"aws__sourceaccount": "1"}, Effect.ALLOW),
        ({"StringEquals": {"aws:SourceAccount": "1"}}, {}, Effect.NEUTRAL),
        ({"StringEqualsIfExists": {"aws:SourceAccount": "1"}}, {}, Effect.ALLOW),
        ({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}, {}, Effect.ALLOW),
        ({"StringNotEquals": {"aws:SourceAccount": "1"}}, {"aws__sourceaccount": "1"}, Effect.NEUTRAL),
        ({"StringLike": {"s3:prefix": ["data/*"]}}, {"s3__prefix": "data/x"}, Effect.ALLOW),
        ({"StringLike": {"s3:prefix": ["data/*"]}}, {"s3__prefix": "x"}, Effect.NEUTRAL),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}}, {"aws__sourcearn": "arn:aws:s3:::b"}, Effect.ALLOW),
        ({"Null": {"sts:ExternalId": "true"}}, {}, Effect.ALLOW),
        ({"Null": {"sts:ExternalId": True}}, {"sts__externalid": "x"}, Effect.NEUTRAL),
        ({"Bool": {"aws:SecureTransport": False}}, {"aws__securetransport": "true"}, Effect.NEUTRAL),
        ({"Bool": {"aws:SecureTransport": "true"}}, {"aws__securetransport": "true"}, Effect.ALLOW),
    ],
)
def test_conditions(condition, conditions, effect):
    assert decided(policy(Condition=condition), **conditions) is effect


@pytest.mark.parametrize(
    ("wanted", "principal", "effect"),
    [
        ("*", Principal(account="1"), Effect.ALLOW),
        ({"AWS": "1"}, Principal(account="1"), Effect.ALLOW),
        ({"AWS": "arn:aws:iam::1:root"}, Principal(account="1"), Effect.ALLOW),
        ({"AWS": "arn:aws:iam::1:role/r"}, Principal(account="1"), Effect.NEUTRAL),
        ({"AWS": "arn:aws:iam::1:role/r"}, Principal(account="1", arns=("arn:aws:iam::1:role/r",)), Effect.ALLOW),
        ({"Service": "lambda.amazonaws.com"}, Principal(service="lambda.amazonaws.com"), Effect.ALLOW),
        ({"Service": "ec2.amazonaws.com"}, Principal(service="lambda.amazonaws.com"), Effect.NEUTRAL),
        ({"Service": "lambda.amazonaws.com"}, Principal(account="1"), Effect.NEUTRAL),
        ({"Federated": "arn:aws:iam::1:oidc-provider/t"}, Principal(federated="arn:aws:iam::1:oidc-provider/t"), Effect.ALLOW),
        ({"Federated": "arn:aws:iam::1:oidc-provider/t"}, Principal(federated="arn:aws:iam::1:oidc-provider/u"), Effect.NEUTRAL),
        ("*", Principal(federated="arn:aws:iam::1:oidc-provider/t"), Effect.NEUTRAL),
    ],
)
def test_principals(wanted, principal, effect):
    assert decided(policy(Principal=wanted), principal=principal) is effect


@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_a_statement_that_is_not_known_matters_for_its_actions_only(effect):
    unknown = policy(Effect=effect, Action="s3express:*", Condition={"StringEquals": {"s3express:SessionMode": "ReadOnly"}})
    both = {"Version": "2012-10-17", "Statement": policy()["Statement"] + unknown["Statement"]}
    assert decided(both) is Effect.ALLOW
    with pytest.raises(PolicyError, match="key s3express:SessionMode is not known"):
        decided(both, action="s3express:CreateSession")
    everything_else = policy(NotAction="s3:*", Condition={"StringEquals": {"s3express:SessionMode": "ReadOnly"}})
    del everything_else["Statement"][0]["Action"]
    assert decided(everything_else) is Effect.NEUTRAL
    with pytest.raises(PolicyError, match="key s3express:SessionMode is not known"):
        decided(everything_else, action="sqs:SendMessage")


def test_a_deny_in_another_policy_wins():
    request = Request("s3:GetObject", "arn:aws:s3:::b/k")
    assert decide([policy(), policy(Effect="Deny")], request) is Effect.DENY


@pytest.mark.parametrize(
    ("condition", "conditions", "effect"),
    [
        ({"StringEquals": {"aws:PrincipalTag/team": "a"}}, {"aws__principaltag/team": "a"}, Effect.ALLOW),
        ({"StringEquals": {"aws:PrincipalTag/team": "a"}}, {"aws__principaltag/team": "b"}, Effect.NEUTRAL),
        ({"StringEquals": {"aws:PrincipalTag/team": "a"}}, {}, Effect.NEUTRAL),
        ({"StringNotEqualsIgnoreCase": {"aws:PrincipalTag/team": "A"}}, {"aws__principaltag/team": "a"}, Effect.NEUTRAL),
        ({"StringEquals": {"aws:RequestTag/team": "a"}}, {"aws__requesttag/team": "a"}, Effect.ALLOW),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}, {"aws__tagkeys": ("a",)}, Effect.ALLOW),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}, {"aws__tagkeys": ("a", "c")}, Effect.NEUTRAL),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": "a"}}, {}, Effect.ALLOW),
        ({"ForAllValues:StringNotEquals": {"aws:TagKeys": "a"}}, {"aws__tagkeys": ("b", "a")}, Effect.NEUTRAL),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}}, {"aws__tagkeys": ("b", "a")}, Effect.ALLOW),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}}, {"aws__tagkeys": ("b",)}, Effect.NEUTRAL),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}}, {}, Effect.NEUTRAL),
        ({"ForAnyValue:StringNotEquals": {"aws:TagKeys": "a"}}, {}, Effect.NEUTRAL),
        ({"ForAnyValue:StringEqualsIfExists": {"aws:TagKeys": "a"}}, {}, Effect.ALLOW),
        ({"Null": {"aws:TagKeys": "false"}}, {"aws__tagkeys": ("b",)}, Effect.ALLOW),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, {}, Effect.NEUTRAL),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, {"aws__multifactorauthpresent": "true"}, Effect.ALLOW),
        ({"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}, {}, Effect.ALLOW),
        ({"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}, {"aws__multifactorauthpresent": "false"}, Effect.NEUTRAL),
        ({"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}, {}, Effect.NEUTRAL),
        ({"StringLike": {"token.example.com/x:sub": "repo:o/r:*"}}, {"token.example.com/x__sub": "repo:o/r:ref"}, Effect.ALLOW),
    ],
)
def test_keys_of_tags_sessions_and_identity_providers(condition, conditions, effect):
    assert decided(policy(Condition=condition), **conditions) is effect


TEAM = {"aws__principaltag/team": "blue"}


@pytest.mark.parametrize(
    ("statement", "resource", "conditions", "effect"),
    [
        ({"Resource": "arn:aws:s3:::b/${aws:PrincipalTag/team}/*"}, "arn:aws:s3:::b/blue/x", TEAM, Effect.ALLOW),
        ({"Resource": "arn:aws:s3:::b/${AWS:principaltag/TEAM}/*"}, "arn:aws:s3:::b/blue/x", TEAM, Effect.ALLOW),
        ({"Resource": "arn:aws:s3:::b/${aws:PrincipalTag/team}/*"}, "arn:aws:s3:::b/red/x", TEAM, Effect.NEUTRAL),
        # Without a value the statement does not apply, whichever its effect.
        ({"Resource": "arn:aws:s3:::b/${aws:PrincipalTag/team}*"}, "arn:aws:s3:::b/x", {}, Effect.NEUTRAL),
        ({"Effect": "Deny", "NotResource": "arn:aws:s3:::b/${aws:PrincipalTag/team}/*"}, "arn:aws:s3:::b/x", {}, Effect.NEUTRAL),
        ({"Resource": "arn:aws:s3:::b/${aws:PrincipalTag/team, 'all'}/*"}, "arn:aws:s3:::b/all/x", {}, Effect.ALLOW),
        ({"Resource": "arn:aws:s3:::b/${aws:PrincipalTag/team,''}x"}, "arn:aws:s3:::b/x", {}, Effect.ALLOW),
        ({"Resource": "arn:aws:s3:::b/${aws:PrincipalTag/team, 'all'}/*"}, "arn:aws:s3:::b/all/x", TEAM, Effect.NEUTRAL),
        # A value is text: it brings no wildcard.
        ({"Resource": "arn:aws:s3:::b/${aws:userid}"}, "arn:aws:s3:::b/any", {"aws__userid": "*"}, Effect.NEUTRAL),
        ({"Resource": "arn:aws:s3:::b/${*}"}, "arn:aws:s3:::b/*", {}, Effect.ALLOW),
        ({"Resource": "arn:aws:s3:::b/${*}"}, "arn:aws:s3:::b/x", {}, Effect.NEUTRAL),
        ({"Resource": "arn:aws:s3:::b/${?}${$}"}, "arn:aws:s3:::b/?$", {}, Effect.ALLOW),
        (
            {"Condition": {"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}},
            "arn:aws:s3:::b/x",
            {"aws__resourceaccount": "1", "aws__principalaccount": "1"},
            Effect.ALLOW,
        ),
        (
            {"Condition": {"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}},
            "arn:aws:s3:::b/x",
            {"aws__resourceaccount": "1"},
            Effect.NEUTRAL,
        ),
        ({"Condition": {"StringEquals": {"s3:prefix": "${*}"}}}, "arn:aws:s3:::b", {"s3__prefix": "*"}, Effect.ALLOW),
        ({"Condition": {"StringEquals": {"s3:prefix": "*"}}}, "arn:aws:s3:::b", {"s3__prefix": "x"}, Effect.NEUTRAL),
    ],
)
def test_policy_variables(statement, resource, conditions, effect):
    assert decided(policy(**statement), resource=resource, **conditions) is effect


def test_a_policy_of_an_older_version_has_no_variables():
    old = {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:userid}"}]}
    assert decided(old, resource="arn:aws:s3:::b/u", aws__userid="u") is Effect.NEUTRAL
    assert decided(old, resource="arn:aws:s3:::b/${aws:userid}", aws__userid="u") is Effect.ALLOW


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ({"Condition": {"NumericLessThan": {"s3:max-keys": "1"}}}, "operator NumericLessThan is not known"),
        ({"Condition": {"StringEquals": {"aws:ResourceTag/x": "1"}}}, "key aws:ResourceTag/x is not known"),
        ({"Condition": {"StringEquals": {"aws:PrincipalTag/": "1"}}}, "key aws:PrincipalTag/ is not known"),
        ({"Condition": {"StringEquals": {"token.example.com:actor": "1"}}}, "key token.example.com:actor is not known"),
        ({"Condition": {"ForEach:StringEquals": {"aws:TagKeys": "1"}}}, "operator ForEach:StringEquals is not known"),
        ({"Condition": {"ForAllValues:Null": {"aws:TagKeys": "1"}}}, "operator ForAllValues:Null is not known"),
        ({"Condition": {"StringEquals": {"aws:TagKeys": "1"}}}, "aws:TagKeys has several values: write ForAllValues:StringEquals"),
        ({"NotPrincipal": "*"}, "NotPrincipal is not known"),
        ({"Action": "s3:${aws:userid}"}, "S: Action cannot have policy variables"),
        ({"Resource": "arn:aws:s3:::b/${aws:CurrentTime}"}, "S: Resource: policy variable ${aws:CurrentTime} is not known"),
        ({"Resource": "arn:aws:s3:::b/${aws:TagKeys}"}, "policy variable ${aws:TagKeys} is not known"),
        ({"Resource": "arn:aws:s3:::b/${aws:userid"}, "a policy variable is ${key} or ${key, 'default'}, given arn:aws:s3:::b/${aws:userid"),
        ({"Resource": "arn:aws:s3:::b/${aws:userid, all}"}, "a policy variable is ${key} or ${key, 'default'}"),
        ({"Condition": {"Bool": {"aws:SecureTransport": "${aws:userid}"}}}, "Bool cannot have policy variables"),
        ({"Condition": {"StringEquals": {"s3:prefix": "${s3:max-keys}"}}}, "S: StringEquals of s3:prefix: policy variable ${s3:max-keys}"),
    ],
)
def test_what_cannot_be_decided_is_an_error(statement, message):
    with pytest.raises(PolicyError, match=re.escape(message)):
        parse(policy(Sid="S", **statement))
