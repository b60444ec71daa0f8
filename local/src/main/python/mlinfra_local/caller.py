"""Who asks: the identity behind an access key, with its policies and what conditions may ask about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.iam.access_control import AssumedRoleAccessKey
from moto.iam.exceptions import NotFoundException
from moto.iam.models import IAMBackend, ManagedPolicy, iam_backends
from moto.sts.models import AssumedRole, sts_backends

from .emulator_api import ACCOUNT
from .policy import Effect, PolicyError, Principal, Request, Value, decide


@dataclass(frozen=True)
class Session:
    """What a session of a role carries on from the request that began it."""

    tags: Mapping[str, str] = field(default_factory=dict)
    transitive: frozenset[str] = frozenset()
    mfa: bool = False
    provider: str | None = None


def keep(role: AssumedRole, session: Session) -> None:
    """Remembers a session with the credentials that moto made for it."""
    role.mlinfra_session = session


def tag_key(tags: Mapping[str, str], key: str) -> str | None:
    """A tag's key as it is written, whatever its case: keys of session tags differ in more than that."""
    return next((known for known in tags if known.lower() == key.lower()), None)


class Caller:
    """The identity behind an access key: its principal, its policies, its tags."""

    def __init__(self, key: Any):
        self.arn = key.arn
        backend = iam_backends[key.account_id][key.partition]
        self.identity_policies = [_document(policy) for policy in key.collect_policies()]
        self.boundary: str | None = None
        self.missing_boundary: str | None = None
        self.session: Session | None = None
        arns = [key.arn]
        if isinstance(key, AssumedRoleAccessKey):
            assumed = sts_backends[key.account_id][key.partition].get_assumed_role_from_access_key(key._access_key_id)
            role = backend.get_role(key._owner_role_name)
            self.session = getattr(assumed, "mlinfra_session", Session())
            arns.append(role.arn)
            if role.permissions_boundary_arn:
                self._read_boundary(backend, role.permissions_boundary_arn)
            self._about = {"aws:userid": assumed.user_id, "aws:principaltype": "AssumedRole"}
            tags = _role_tags(role.tags, self.session)
        else:
            user = backend.get_user(key._owner_user_name)
            self._about = {"aws:userid": user.id, "aws:principaltype": "User", "aws:username": user.name}
            tags = {tag["Key"]: tag["Value"] for tag in user.tags or []}
        self._about |= {f"aws:principaltag/{name.lower()}": value for name, value in tags.items()}
        self.principal = Principal(account=key.account_id, arns=tuple(arns))

    def _read_boundary(self, backend: IAMBackend, arn: str) -> None:
        try:
            self.boundary = _document(backend.get_policy(arn))
        except NotFoundException:
            # It existed when the role got it (see authorization) and was deleted since.
            self.missing_boundary = arn

    def conditions(self, region: str) -> dict[str, Value]:
        """What conditions may ask about the caller and about every request."""
        about: dict[str, Value] = {
            **self._about,
            # Requests come over loopback; TLS is what this stands for. Said to users in not_checked.
            "aws:securetransport": "true",
            "aws:principalaccount": self.principal.account or "",
            "aws:principalarn": self.principal.arns[-1],
            "aws:principalisawsservice": "false",
            "aws:viaawsservice": "false",
            "aws:resourceaccount": ACCOUNT,
            "s3:resourceaccount": ACCOUNT,
            "kms:calleraccount": self.principal.account or "",
            "aws:requestedregion": region,
        }
        if self.session:
            # Absent for the access key of a user, who has no session.
            about["aws:multifactorauthpresent"] = str(self.session.mfa).lower()
            if self.session.provider:
                about["aws:federatedprovider"] = self.session.provider
        return about

    def why_denied(self, request: Request, resource_policy: str | bytes | None) -> str | None:
        """The reason for which the request is denied, None if it is allowed.

        Within one account the identity's policies or the resource's policy must allow; nothing may deny.
        """
        try:
            identity = decide(self.identity_policies, request)
            resource = decide([resource_policy], request) if resource_policy else Effect.NEUTRAL
            boundary = decide([self.boundary], request) if self.boundary else Effect.ALLOW
        except PolicyError as problem:
            return f"a policy cannot be decided: {problem}"
        if identity is Effect.DENY:
            return "of an explicit deny in an identity-based policy"
        if resource is Effect.DENY:
            return "of an explicit deny in a resource-based policy"
        if self.missing_boundary:
            return f"its permissions boundary {self.missing_boundary} does not exist"
        if boundary is not Effect.ALLOW:
            return f"no permissions boundary allows the {request.action} action"
        if Effect.ALLOW not in (identity, resource):
            return f"no identity-based policy allows the {request.action} action"
        return None


def _role_tags(role_tags: list[dict[str, str]], session: Session) -> dict[str, str]:
    """The tags of a role, and over them those of its session."""
    tags = {tag["Key"]: tag["Value"] for tag in role_tags or []}
    for key in session.tags:
        tags.pop(tag_key(tags, key) or key, None)
    return tags | dict(session.tags)


def _document(policy: Any) -> str:
    if isinstance(policy, ManagedPolicy):
        return next(version.document for version in policy.versions if version.is_default)
    return policy if isinstance(policy, str) else policy["policy_document"]
