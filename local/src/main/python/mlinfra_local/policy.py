"""The IAM policy language, as far as the emulator knows it.

What is not known is an error and never ignored: an ignored condition turns a narrow policy into a wide one.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

# Operators, without their suffix IfExists. A negated operator holds when the key is absent, the others do not.
_EQUAL = {"StringEquals", "StringEqualsIgnoreCase", "Bool"}
_LIKE = {"StringLike", "ArnEquals", "ArnLike"}
_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}
_IGNORE_CASE = {"StringEqualsIgnoreCase", "Bool"}
OPERATORS = sorted([*_EQUAL, *_LIKE, *_NEGATED, "Null"])
_FOR_ALL = "ForAllValues"
_FOR_ANY = "ForAnyValue"

# Every condition key whose value the emulator can tell, which includes telling that it is absent.
KNOWN_KEYS = {
    "aws:federatedprovider",
    "cloudwatch:namespace",
    "ecs:cluster",
    "ecs:createaction",
    "aws:multifactorauthpresent",
    "aws:securetransport",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principaltype",
    "aws:viaawsservice",
    "aws:resourceaccount",
    "aws:requestedregion",
    "aws:tagkeys",
    "aws:userid",
    "aws:username",
    "s3:resourceaccount",
    "s3:prefix",
    "s3:delimiter",
    "s3:x-amz-acl",
    "s3:x-amz-server-side-encryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "sts:externalid",
    "sts:rolesessionname",
    "sts:transitivetagkeys",
    "kms:viaservice",
    "kms:calleraccount",
    "kms:encryptioncontext:aws:logs:arn",
    "iam:passedtoservice",
    "iam:permissionsboundary",
    "iam:policyarn",
    "lambda:sourcefunctionarn",
}
# The same for keys that end in the key of a tag.
KNOWN_PREFIXES = ("aws:principaltag/", "aws:requesttag/")
# Keys with several values, which need a set operator.
SETS = {"aws:tagkeys", "sts:transitivetagkeys"}
# What an identity provider says: its address without scheme, then a claim.
_CLAIM = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?(/[^:]*)?:(aud|sub)")

# The parts of a text with policy variables. ${*}, ${?} and ${$} stand for the character itself.
_VARIABLE = re.compile(r"\$\{\s*(?P<name>[^{},']+?)\s*(?:,\s*'(?P<default>[^']*)'\s*)?\}")
_VERSION_WITH_VARIABLES = "2012-10-17"

Value = str | tuple[str, ...]


class PolicyError(Exception):
    """A policy that the emulator cannot decide."""


class Effect(Enum):
    ALLOW = "allow"
    DENY = "deny"
    NEUTRAL = "neutral"


@dataclass(frozen=True)
class Principal:
    """Who asks: the account, the names under which policies may mean the caller, a service or an identity provider."""

    account: str | None = None
    arns: tuple[str, ...] = ()
    service: str | None = None
    federated: str | None = None


@dataclass(frozen=True)
class Request:
    """One decision to make. Condition keys are in lower case; a key without value is absent."""

    action: str
    resource: str
    principal: Principal = field(default_factory=Principal)
    conditions: Mapping[str, Value] = field(default_factory=dict)


def parse(document: str | bytes | Mapping[str, Any]) -> dict[str, Any]:
    """The document as JSON, after a check that every part of it can be decided."""
    loaded = _load(document)
    for number, statement in enumerate(_as_list(loaded.get("Statement", []))):
        _check_statement(number, statement, _has_variables(loaded))
    return loaded


def _load(document: str | bytes | Mapping[str, Any]) -> dict[str, Any]:
    return json.loads(document) if isinstance(document, (str, bytes)) else dict(document)


def _has_variables(loaded: Mapping[str, Any]) -> bool:
    """Whether ${ begins a variable: in older policies it is text like any other."""
    return loaded.get("Version") == _VERSION_WITH_VARIABLES


def _check_statement(number: int, statement: Mapping[str, Any], variables: bool) -> None:
    name = statement.get("Sid", f"statement {number}")
    if "NotPrincipal" in statement:
        raise PolicyError(f"{name}: NotPrincipal is not known to the embedded AWS; name the principals instead")
    if variables:
        for element in ("Action", "NotAction", "Principal"):
            if "${" in json.dumps(statement.get(element, [])):
                raise PolicyError(f"{name}: {element} cannot have policy variables; Resource and Condition can")
        for element in ("Resource", "NotResource"):
            for value in _as_list(statement.get(element, [])):
                _check_variables(f"{name}: {element}", str(value))
    for operator, keys in (statement.get("Condition") or {}).items():
        _check_condition(name, operator, keys, variables)


def _check_condition(name: str, operator: str, keys: Mapping[str, Any], variables: bool) -> None:
    quantifier, base, _ = _parts(operator)
    if base not in OPERATORS or quantifier not in ("", _FOR_ALL, _FOR_ANY) or (base == "Null" and operator != base):
        raise PolicyError(
            f"{name}: condition operator {operator} is not known to the embedded AWS;"
            f" known are {', '.join(OPERATORS)}, all but Null also with IfExists and after ForAllValues: and ForAnyValue:"
        )
    for key, values in keys.items():
        if not is_known(key):
            raise PolicyError(
                f"{name}: condition key {key} is not known to the embedded AWS;"
                f" known are {', '.join(sorted([*KNOWN_KEYS, *(prefix + '*' for prefix in KNOWN_PREFIXES)]))},"
                " and aud and sub of an identity provider"
            )
        if key.lower() in SETS and not quantifier and base != "Null":
            raise PolicyError(
                f"{name}: condition key {key} has several values: write ForAllValues:{operator} or ForAnyValue:{operator}"
            )
        if variables:
            for value in _as_list(values):
                _check_variables(f"{name}: {operator} of {key}", str(value))
                if "${" in str(value) and base in ("Bool", "Null"):
                    raise PolicyError(f"{name}: {operator} cannot have policy variables, given {value}")


def _check_variables(where: str, text: str) -> None:
    for found in _VARIABLE.finditer(text):
        variable = found["name"]
        if variable not in "*?$" and (not is_known(variable) or variable.lower() in SETS):
            raise PolicyError(f"{where}: policy variable {found[0]} is not known to the embedded AWS")
    if "${" in _VARIABLE.sub("", text):
        raise PolicyError(f"{where}: a policy variable is ${{key}} or ${{key, 'default'}}, given {text}")


def is_known(key: str) -> bool:
    """Whether the emulator can tell the value of a condition key."""
    lower = key.lower()
    tagged = any(lower.startswith(prefix) and len(lower) > len(prefix) for prefix in KNOWN_PREFIXES)
    return lower in KNOWN_KEYS or tagged or _CLAIM.fullmatch(lower) is not None


def decide(documents: Iterable[str | bytes | Mapping[str, Any]], request: Request) -> Effect:
    """Whether the policies together deny, allow, or say nothing about the request. A deny wins.

    A statement about other actions need not be known: the vendor's own policies ask for much that is not known here.
    """
    effect = Effect.NEUTRAL
    for document in documents:
        loaded = _load(document)
        variables = request.conditions if _has_variables(loaded) else None
        for number, statement in enumerate(_as_list(loaded.get("Statement", []))):
            if not _is_about(statement, request.action):
                continue
            _check_statement(number, statement, _has_variables(loaded))
            try:
                applies = _applies(statement, request, variables)
            except _Unresolved:
                continue
            if applies:
                if statement["Effect"] == "Deny":
                    return Effect.DENY
                effect = Effect.ALLOW
    return effect


class _Unresolved(Exception):
    """A policy variable has no value in this request: its statement does not apply."""


def _is_about(statement: Mapping[str, Any], action: str) -> bool:
    if "Action" in statement:
        return _any_matches(statement["Action"], action, None, ignore_case=True)
    return not _any_matches(statement["NotAction"], action, None, ignore_case=True)


def _applies(statement: Mapping[str, Any], request: Request, variables: Mapping[str, Value] | None) -> bool:
    if "Resource" in statement and not _any_matches(statement["Resource"], request.resource, variables):
        return False
    if "NotResource" in statement and _any_matches(statement["NotResource"], request.resource, variables):
        return False
    if "Principal" in statement and not _is_meant(statement["Principal"], request.principal):
        return False
    return all(
        _holds(operator, wanted, request.conditions.get(key.lower()), variables)
        for operator, keys in (statement.get("Condition") or {}).items()
        for key, wanted in keys.items()
    )


def _is_meant(wanted: Any, principal: Principal) -> bool:
    if principal.federated is not None:
        # The safe side: a star does not mean identity providers.
        return wanted != "*" and principal.federated in _as_list(wanted.get("Federated", []))
    if wanted == "*":
        return True
    if principal.service is not None:
        return principal.service in _as_list(wanted.get("Service", []))
    account = principal.account
    names = {"*", account, f"arn:aws:iam::{account}:root", *principal.arns}
    return any(str(name) in names for name in _as_list(wanted.get("AWS", [])))


def _parts(operator: str) -> tuple[str, str, bool]:
    """An operator's quantifier (or nothing), its name, and whether it ends in IfExists."""
    quantifier, _, rest = operator.rpartition(":")
    base = rest.removesuffix("IfExists")
    return quantifier, base, base != rest


def _holds(operator: str, wanted: Any, given: Value | None, variables: Mapping[str, Value] | None) -> bool:
    values = [str(value).lower() if isinstance(value, bool) else str(value) for value in _as_list(wanted)]
    quantifier, base, if_exists = _parts(operator)
    if base == "Null":
        return (given is None) == (values[0].lower() == "true")
    patterns = [
        _pattern(value, variables, _NEGATED.get(base, base) in _LIKE, _NEGATED.get(base, base) in _IGNORE_CASE)
        for value in values
    ]

    def matches(item: str) -> bool:
        return any(pattern.fullmatch(item) for pattern in patterns) != (base in _NEGATED)

    items = () if given is None else given if isinstance(given, tuple) else (given,)
    if quantifier == _FOR_ALL:
        return all(matches(item) for item in items)
    if quantifier == _FOR_ANY:
        return any(matches(item) for item in items) or (given is None and if_exists)
    if given is None:
        return base in _NEGATED or if_exists
    return any(matches(item) for item in items)


def _any_matches(patterns: Any, value: str, variables: Mapping[str, Value] | None, ignore_case: bool = False) -> bool:
    # All of them, and not only until one fits: a variable without a value ends the statement wherever it stands.
    return any([_pattern(str(pattern), variables, True, ignore_case).fullmatch(value) for pattern in _as_list(patterns)])


def _pattern(text: str, variables: Mapping[str, Value] | None, wildcards: bool, ignore_case: bool) -> re.Pattern[str]:
    """What a text of a policy matches. The values of variables are taken as they are, without wildcards."""
    if variables is None or "${" not in text:
        return _plain(text, wildcards, ignore_case)
    expression, end = "", 0
    for found in _VARIABLE.finditer(text):
        expression += _escaped(text[end : found.start()], wildcards) + re.escape(_value(found, variables))
        end = found.end()
    expression += _escaped(text[end:], wildcards)
    return _compiled(expression, ignore_case)


# The vendor's policies have thousands of actions, which the cache of the re module cannot hold.
@functools.lru_cache(maxsize=16384)
def _plain(text: str, wildcards: bool, ignore_case: bool) -> re.Pattern[str]:
    return _compiled(_escaped(text, wildcards), ignore_case)


def _compiled(expression: str, ignore_case: bool) -> re.Pattern[str]:
    return re.compile(expression, re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def _escaped(text: str, wildcards: bool) -> str:
    escaped = re.escape(text)
    return escaped.replace(r"\*", ".*").replace(r"\?", ".") if wildcards else escaped


def _value(found: re.Match[str], variables: Mapping[str, Value]) -> str:
    name = found["name"]
    if name in "*?$":
        return name
    value = variables.get(name.lower(), found["default"])
    if not isinstance(value, str):
        raise _Unresolved(name)
    return value


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
