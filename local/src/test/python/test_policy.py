"""The policy language, without a server."""

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
    ],
)
def test_principals(wanted, principal, effect):
    assert decided(policy(Principal=wanted), principal=principal) is effect


def test_a_deny_in_another_policy_wins():
    request = Request("s3:GetObject", "arn:aws:s3:::b/k")
    assert decide([policy(), policy(Effect="Deny")], request) is Effect.DENY


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ({"Condition": {"NumericLessThan": {"s3:max-keys": "1"}}}, "operator NumericLessThan is not known"),
        ({"Condition": {"StringEquals": {"aws:PrincipalTag/x": "1"}}}, "key aws:PrincipalTag/x is not known"),
        ({"NotPrincipal": "*"}, "NotPrincipal is not known"),
        ({"Resource": "arn:aws:s3:::b/${aws:username}"}, "policy variables in Resource are not known"),
    ],
)
def test_what_cannot_be_decided_is_an_error(statement, message):
    with pytest.raises(PolicyError, match=message.replace("$", r"\$")):
        parse(policy(Sid="S", **statement))
