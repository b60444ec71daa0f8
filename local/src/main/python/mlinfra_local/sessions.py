"""Sessions of roles: AssumeRole and AssumeRoleWithWebIdentity.

The role must exist and its trust policy must allow it, whether IAM is enforced or not; session tags need sts:TagSession
there too. What the caller's own policies say is decided by the authorization module, as for every request.
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
import re
import time
from collections.abc import Mapping
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.iam.access_control import CreateAccessKeyFailure, create_access_key
from moto.iam.exceptions import NotFoundException
from moto.iam.models import Role, iam_backends
from moto.sts.models import AssumedRole, sts_backends
from moto.sts.responses import TokenResponse

from .caller import Caller, Session, keep, tag_key
from .denial import AccessDenied
from .emulator_api import ACCOUNT, AccessKey
from .policy import Effect, PolicyError, Principal, Request, Value, decide

log = logging.getLogger("mlinfra.sts")

ADMIN_USER = "mlinfra-admin"
# A session of the administrator with such a name stands for the service of that name: it must be in the trust policy.
SERVICE_SESSION = re.compile(r"^(?P<service>[a-z0-9-]+\.amazonaws\.com)(?:@.*)?$")
# Services that send aws:SourceAccount and aws:SourceArn when they take on a role; others send neither.
SOURCE_ARN_OF_SERVICE = {"ecs-tasks.amazonaws.com": "arn:aws:ecs:{region}:{account}:task/embedded"}
# Seconds; AWS's own bounds. The default is also the longest of a role that says nothing.
SHORTEST, LONGEST, LONGEST_CHAINED, DEFAULT_DURATION = 900, 43200, 3600, 3600
TAGS_CLAIM = "https://aws.amazon.com/tags"


class _StsError(ServiceException):
    """An error of STS that is no denial."""

    # moto takes an error's service from the name of its class's module.
    __module__ = "moto.sts.exceptions"


# --- AssumeRole -------------------------------------------------------------------------------------------------------


def request_conditions(response: TokenResponse) -> dict[str, Value]:
    """What conditions may ask about a request for a session."""
    conditions: dict[str, Value] = {}
    for name, key in (("ExternalId", "sts:externalid"), ("RoleSessionName", "sts:rolesessionname")):
        if response._get_param(name):
            conditions[key] = response._get_param(name)
    tags = _tags(response)
    conditions |= {f"aws:requesttag/{key.lower()}": value for key, value in tags.items()}
    if tags:
        conditions["aws:tagkeys"] = tuple(tags)
    if response._get_param("TransitiveTagKeys"):
        conditions["sts:transitivetagkeys"] = tuple(response._get_param("TransitiveTagKeys"))
    if _mfa(response):
        conditions["aws:multifactorauthpresent"] = "true"
    return conditions


def actions(response: TokenResponse) -> list[str]:
    """The actions that a request for a session needs, for its caller and in the trust policy."""
    needed = ["sts:AssumeRole"]
    if _tags(response) or _handed_on(response):
        needed.append("sts:TagSession")
    if response._get_param("SourceIdentity"):
        needed.append("sts:SetSourceIdentity")
    return needed


def _tags(response: TokenResponse) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in response._get_param("Tags") or []}


def _handed_on(response: TokenResponse) -> dict[str, str]:
    """The transitive tags of the calling session."""
    session = getattr(_calling_session(response), "mlinfra_session", Session())
    return {key: value for key, value in session.tags.items() if key in session.transitive}


def _calling_session(response: TokenResponse) -> AssumedRole | None:
    return sts_backends[ACCOUNT]["aws"].get_assumed_role_from_access_key(response.get_access_key())


def _assume_role(response: TokenResponse) -> Any:
    """Takes the place of moto's own: the role must exist and its trust policy must name the caller."""
    role_arn = response._get_param("RoleArn")
    name = response._get_param("RoleSessionName") or ""
    _refuse_session_policy(response, name, "sts:AssumeRole", role_arn)
    role = _role(role_arn)
    if role is None:
        raise AccessDenied(name, "sts:AssumeRole", role_arn, "the role does not exist")
    who, principal, conditions = _asking(response, name)
    conditions |= request_conditions(response)
    for action in actions(response):
        try:
            effect = decide([role.assume_role_policy_document], Request(action, role_arn, principal, conditions))
        except PolicyError as problem:
            raise AccessDenied(who, action, role_arn, f"its trust policy cannot be decided: {problem}") from None
        if effect is not Effect.ALLOW:
            log.info("denied: %s %s on %s: trust policy", who, action, role_arn)
            raise AccessDenied(who, action, role_arn, "the role's trust policy does not allow it")
    session = _session(response, role)
    result = _moto_assume_role(response)
    keep(result.result["Credentials"], session)
    return result


def _asking(response: TokenResponse, session_name: str) -> tuple[str, Principal, dict[str, Value]]:
    """Who asks for a session: name, principal, and what conditions may ask about it."""
    region = _signed_region(response)
    caller = _caller(response)
    arn = caller.arn if caller else sts_backends[ACCOUNT]["aws"].get_caller_identity("", "us-east-1")[1]
    service = SERVICE_SESSION.match(session_name)
    if service and arn.endswith(f":user/{ADMIN_USER}"):
        who = service["service"]
        conditions: dict[str, Value] = {"aws:securetransport": "true", "aws:principalisawsservice": "true"}
        if who in SOURCE_ARN_OF_SERVICE:
            source = SOURCE_ARN_OF_SERVICE[who].format(region=region, account=ACCOUNT)
            conditions |= {"aws:sourceaccount": ACCOUNT, "aws:sourcearn": source}
        return who, Principal(service=who), conditions
    if caller:
        return arn, caller.principal, caller.conditions(region)
    unknown: dict[str, Value] = {"aws:securetransport": "true", "aws:principalaccount": ACCOUNT, "aws:principalarn": arn}
    return arn, Principal(account=ACCOUNT, arns=(arn,)), unknown


def _caller(response: TokenResponse) -> Caller | None:
    """The caller, None for a key that does not exist: while IAM is not enforced any key will do."""
    try:
        return Caller(create_access_key(ACCOUNT, "aws", response.get_access_key(), response.headers))
    except CreateAccessKeyFailure:
        return None


def _session(response: TokenResponse, role: Role) -> Session:
    """The session that is asked for, or the vendor's error."""
    calling = _calling_session(response)
    _check_duration(response, role, chained=calling is not None)
    asked, handed_on = _tags(response), _handed_on(response)
    if len({key.lower() for key in asked}) < len(response._get_param("Tags") or []):
        raise _StsError(
            "InvalidParameterValue", "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        )
    if any(tag_key(handed_on, key) for key in asked):
        raise _StsError(
            "InvalidParameterValue",
            "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from"
            " the calling session.",
        )
    transitive = set(handed_on)
    for key in response._get_param("TransitiveTagKeys") or []:
        known = tag_key(asked, key)
        if known is None:
            raise _StsError(
                "InvalidParameterValue", "The specified transitive tag key must be included in the requested tags."
            )
        transitive.add(known)
    return Session({**handed_on, **asked}, frozenset(transitive), _mfa(response))


def _check_duration(response: TokenResponse, role: Role, chained: bool) -> None:
    given = response._get_param("DurationSeconds")
    if given is None:
        return
    for bound, fails, words in (
        (SHORTEST, int(given) < SHORTEST, "greater"),
        (LONGEST, int(given) > LONGEST, "less"),
    ):
        if fails:
            raise _StsError(
                "ValidationError",
                f"1 validation error detected: Value '{given}' at 'durationSeconds' failed to satisfy constraint:"
                f" Member must have value {words} than or equal to {bound}",
            )
    if chained and int(given) > LONGEST_CHAINED:
        raise _StsError(
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        )
    if int(given) > int(role.max_session_duration or DEFAULT_DURATION):
        raise _StsError(
            "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        )


def _mfa(response: TokenResponse) -> bool:
    """Whether the request is one with MFA: it names a device of the caller. The code is not compared."""
    serial = response._get_param("SerialNumber")
    if not serial:
        return getattr(_calling_session(response), "mlinfra_session", Session()).mfa
    user = iam_backends[ACCOUNT]["aws"].get_user_from_access_key_id(response.get_access_key())
    if user is None or serial not in user.mfa_devices or not re.fullmatch("[0-9]{6}", response._get_param("TokenCode") or ""):
        who = user.arn if user else response.get_access_key()
        raise AccessDenied(
            who,
            "sts:AssumeRole",
            response._get_param("RoleArn"),
            "the MFA device is not the caller's own or its code has not 6 digits",
        )
    return True


def _refuse_session_policy(response: TokenResponse, who: str, action: str, role_arn: str) -> None:
    if response._get_param("Policy") or response._get_param("PolicyArns"):
        raise AccessDenied(who, action, role_arn, "the embedded AWS does not know session policies")


def _role(arn: str) -> Role | None:
    try:
        return iam_backends[ACCOUNT]["aws"].get_role_by_arn(arn)
    except NotFoundException:
        return None


def _signed_region(response: Any) -> str:
    match = re.search(r"Credential=[^/]+/[^/]+/([^/]+)/", response.headers.get("Authorization", ""))
    return match.group(1) if match else "us-east-1"


# --- AssumeRoleWithWebIdentity ----------------------------------------------------------------------------------------


class _NotTrusted(AccessDenied):
    """AWS's only answer to a token that a role does not take; the log says why."""

    def __init__(self) -> None:
        Exception.__init__(self, "Not authorized to perform sts:AssumeRoleWithWebIdentity")


def _assume_role_with_web_identity(response: TokenResponse) -> Any:
    """Takes the place of moto's own: token, identity provider and trust policy must fit. Signatures are not checked."""
    role_arn, name = response._get_param("RoleArn"), response._get_param("RoleSessionName")
    claims = _claims(response._get_param("WebIdentityToken") or "")
    _refuse_session_policy(response, claims["sub"], "sts:AssumeRoleWithWebIdentity", role_arn)
    address = claims["iss"].removeprefix("https://")
    provider_arn = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{address}"
    provider = iam_backends[ACCOUNT]["aws"].open_id_providers.get(provider_arn)
    if provider is None:
        raise _StsError("InvalidIdentityToken", f"No OpenIDConnect provider found in your account for {claims['iss']}")
    if claims["aud"] not in provider.client_id_list:
        raise _StsError("InvalidIdentityToken", "Incorrect token audience")
    role = _role(role_arn)
    conditions: dict[str, Value] = {
        "aws:securetransport": "true",
        "aws:principalisawsservice": "false",
        "aws:federatedprovider": provider_arn,
        "sts:rolesessionname": name,
        f"{address.lower()}:aud": claims["aud"],
        f"{address.lower()}:sub": claims["sub"],
    }
    request = Request("sts:AssumeRoleWithWebIdentity", role_arn, Principal(federated=provider_arn), conditions)
    try:
        trusted = role is not None and decide([role.assume_role_policy_document], request) is Effect.ALLOW
    except PolicyError as problem:
        log.info("the trust policy of %s cannot be decided: %s", role_arn, problem)
        trusted = False
    if role is None or not trusted:
        why = "its trust policy" if role else "it does not exist"
        log.info("denied: %s of %s for %s on %s: %s", claims["sub"], claims["iss"], claims["aud"], role_arn, why)
        raise _NotTrusted()
    _check_duration(response, role, chained=False)
    assumed = response.backend.assume_role(
        region_name=response.region,
        role_session_name=name,
        role_arn=role_arn,
        policy=None,
        duration=response._get_int_param("DurationSeconds", DEFAULT_DURATION),
        external_id=None,
    )
    keep(assumed, Session(provider=provider_arn))
    return ActionResult(
        {
            "Credentials": assumed,
            "AssumedRoleUser": {"AssumedRoleId": assumed.user_id, "Arn": assumed.arn},
            "SubjectFromWebIdentityToken": claims["sub"],
            "Provider": provider_arn,
            "Audience": claims["aud"],
        }
    )


def _claims(token: str) -> dict[str, str]:
    """The claims that decide, from a token that is valid now. Errors are the vendor's."""
    try:
        _, payload, _ = token.split(".")
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        if not isinstance(claims, dict):
            raise ValueError(payload)
    except (ValueError, binascii.Error):
        raise _StsError("InvalidIdentityToken", "The ID Token provided is not a valid JWT.") from None
    audience = claims.get("azp", claims.get("aud"))
    if isinstance(audience, list) and len(audience) == 1:
        audience = audience[0]
    decisive = {"iss": claims.get("iss"), "aud": audience, "sub": claims.get("sub")}
    for name, value in decisive.items():
        if not isinstance(value, str) or not value:
            raise _StsError("InvalidIdentityToken", f"Missing a required claim: {name}")
    if not isinstance(claims.get("exp"), (int, float)):
        raise _StsError("InvalidIdentityToken", "Missing a required claim: exp")
    if not decisive["iss"].startswith("https://"):
        raise _StsError("InvalidIdentityToken", "Issuer must be a valid URL")
    if TAGS_CLAIM in claims:
        raise _StsError(
            "InvalidIdentityToken", f"the embedded AWS does not know session tags of a token, given the claim {TAGS_CLAIM}"
        )
    now = int(time.time())
    if claims["exp"] <= now:
        raise _StsError(
            "ExpiredTokenException",
            f"Token expired: current date/time {now} must be before the expiration date/time {int(claims['exp'])}",
        )
    return decisive


def _assume_role_with_saml(response: TokenResponse) -> Any:
    role_arn = response._get_param("RoleArn")
    raise AccessDenied("anonymous", "sts:AssumeRoleWithSAML", role_arn, "the embedded AWS does not know SAML")


# --- whom CloudFormation works for -------------------------------------------------------------------------------------


def of_caller(headers: Mapping[str, str]) -> AccessKey:
    """The keys with which a request was signed; the signature was checked before."""
    match = re.search(r"Credential=([^/]+)/", headers.get("Authorization", ""))
    key = create_access_key(ACCOUNT, "aws", match.group(1) if match else "", headers).create_credentials()
    return AccessKey(key.access_key, key.secret_key, key.token)


def of_service(role_arn: str, service: str) -> AccessKey | None:
    """A session of a role for a service; None if the role does not exist or does not trust the service."""
    role = _role(role_arn)
    request = Request(
        "sts:AssumeRole",
        role_arn,
        Principal(service=service),
        {"aws:securetransport": "true", "aws:principalisawsservice": "true"},
    )
    try:
        if role is None or decide([role.assume_role_policy_document], request) is not Effect.ALLOW:
            return None
    except PolicyError as problem:
        log.info("the trust policy of %s cannot be decided: %s", role_arn, problem)
        return None
    assumed = sts_backends[ACCOUNT]["aws"].assume_role(
        region_name="us-east-1",
        role_session_name=service.partition(".")[0],
        role_arn=role_arn,
        policy=None,
        duration=DEFAULT_DURATION,
        external_id=None,
    )
    keep(assumed, Session())
    return AccessKey(assumed.access_key_id, assumed.secret_access_key, assumed.session_token)


_moto_assume_role = TokenResponse.assume_role


def install() -> None:
    """Must run before the first request."""
    TokenResponse.assume_role = _assume_role
    TokenResponse.assume_role_with_web_identity = _assume_role_with_web_identity
    TokenResponse.assume_role_with_saml = _assume_role_with_saml
