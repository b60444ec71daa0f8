"""The IAM policy language, as far as the emulator knows it.

What is not known is an error and never ignored: an ignored condition turns a narrow policy into a wide one.
"""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

# Operators, without their suffix IfExists. A negated operator holds when the key is absent, the others do not.
_OPERATORS = {
    "StringEquals": lambda wanted, given: given == wanted,
    "StringEqualsIgnoreCase": lambda wanted, given: given.lower() == wanted.lower(),
    "StringLike": lambda wanted, given: _matches(wanted, given),
    "ArnEquals": lambda wanted, given: _matches(wanted, given),
    "ArnLike": lambda wanted, given: _matches(wanted, given),
    "Bool": lambda wanted, given: given.lower() == wanted.lower(),
}
_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}
OPERATORS = sorted([*_OPERATORS, *_NEGATED, "Null"])

# Every condition key whose value the emulator can tell, which includes telling that it is absent.
KNOWN_KEYS = {
    "aws:securetransport",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:viaawsservice",
    "aws:resourceaccount",
    "aws:requestedregion",
    "s3:resourceaccount",
    "s3:prefix",
    "s3:delimiter",
    "s3:x-amz-acl",
    "s3:x-amz-server-side-encryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "sts:externalid",
    "kms:viaservice",
    "kms:calleraccount",
    "kms:encryptioncontext:aws:logs:arn",
    "iam:passedtoservice",
    "iam:permissionsboundary",
    "lambda:sourcefunctionarn",
}


class PolicyError(Exception):
    """A policy that the emulator cannot decide."""


class Effect(Enum):
    ALLOW = "allow"
    DENY = "deny"
    NEUTRAL = "neutral"


@dataclass(frozen=True)
class Principal:
    """Who asks: the account, the names under which policies may mean the caller, or a service."""

    account: str | None = None
    arns: tuple[str, ...] = ()
    service: str | None = None


@dataclass(frozen=True)
class Request:
    """One decision to make. Condition keys are in lower case; a key without value is absent."""

    action: str
    resource: str
    principal: Principal = field(default_factory=Principal)
    conditions: Mapping[str, str] = field(default_factory=dict)


def parse(document: str | bytes | Mapping[str, Any]) -> dict[str, Any]:
    """The document as JSON, after a check that every part of it can be decided."""
    loaded = json.loads(document) if isinstance(document, (str, bytes)) else dict(document)
    for number, statement in enumerate(_as_list(loaded.get("Statement", []))):
        name = statement.get("Sid", f"statement {number}")
        for element in ("Resource", "NotResource"):
            if any("${" in str(value) for value in _as_list(statement.get(element, []))):
                raise PolicyError(f"{name}: policy variables in {element} are not known to the embedded AWS")
        if "NotPrincipal" in statement:
            raise PolicyError(f"{name}: NotPrincipal is not known to the embedded AWS; name the principals instead")
        for operator, keys in (statement.get("Condition") or {}).items():
            base = operator.removesuffix("IfExists")
            if base not in _OPERATORS and base not in _NEGATED and base != "Null":
                raise PolicyError(
                    f"{name}: condition operator {operator} is not known to the embedded AWS;"
                    f" known are {', '.join(OPERATORS)}, also with IfExists"
                )
            for key in keys:
                if key.lower() not in KNOWN_KEYS:
                    raise PolicyError(
                        f"{name}: condition key {key} is not known to the embedded AWS;"
                        f" known are {', '.join(sorted(KNOWN_KEYS))}"
                    )
    return loaded


def decide(documents: Iterable[str | bytes | Mapping[str, Any]], request: Request) -> Effect:
    """Whether the policies together deny, allow, or say nothing about the request. A deny wins."""
    effect = Effect.NEUTRAL
    for document in documents:
        for statement in _as_list(parse(document).get("Statement", [])):
            if _applies(statement, request):
                if statement["Effect"] == "Deny":
                    return Effect.DENY
                effect = Effect.ALLOW
    return effect


def _applies(statement: Mapping[str, Any], request: Request) -> bool:
    if "Action" in statement:
        if not _any_matches(statement["Action"], request.action, ignore_case=True):
            return False
    elif _any_matches(statement["NotAction"], request.action, ignore_case=True):
        return False
    if "Resource" in statement and not _any_matches(statement["Resource"], request.resource):
        return False
    if "NotResource" in statement and _any_matches(statement["NotResource"], request.resource):
        return False
    if "Principal" in statement and not _is_meant(statement["Principal"], request.principal):
        return False
    return all(
        _holds(operator, wanted, request.conditions.get(key.lower()))
        for operator, keys in (statement.get("Condition") or {}).items()
        for key, wanted in keys.items()
    )


def _is_meant(wanted: Any, principal: Principal) -> bool:
    if wanted == "*":
        return True
    if principal.service is not None:
        return principal.service in _as_list(wanted.get("Service", []))
    account = principal.account
    names = {"*", account, f"arn:aws:iam::{account}:root", *principal.arns}
    return any(str(name) in names for name in _as_list(wanted.get("AWS", [])))


def _holds(operator: str, wanted: Any, given: str | None) -> bool:
    values = [str(value).lower() if isinstance(value, bool) else str(value) for value in _as_list(wanted)]
    if operator == "Null":
        return (given is None) == (values[0].lower() == "true")
    base = operator.removesuffix("IfExists")
    if given is None:
        return base in _NEGATED or operator != base
    if base in _NEGATED:
        return not any(_OPERATORS[_NEGATED[base]](value, given) for value in values)
    return any(_OPERATORS[base](value, given) for value in values)


def _any_matches(patterns: Any, value: str, ignore_case: bool = False) -> bool:
    if ignore_case:
        return any(_matches(pattern.lower(), value.lower()) for pattern in _as_list(patterns))
    return any(_matches(pattern, value) for pattern in _as_list(patterns))


def _matches(pattern: str, value: str) -> bool:
    # fnmatch gives [ a meaning that IAM does not have.
    return re.match(fnmatch.translate(pattern.replace("[", "[[]")), value) is not None


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
