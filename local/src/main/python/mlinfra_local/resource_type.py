"""What a resource type is to the engine."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from .emulator_api import API

Properties = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where a resource is made: account, region, stack and logical id."""

    account: str
    region: str
    stack: str
    logical_id: str

    def call(self, service: str, operation: str, /, **arguments: Any) -> dict[str, Any]:
        return API.call(service, self.region, operation, **arguments)

    def arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"

    def name(self, longest: int, lower: bool = False) -> str:
        """A physical name as CloudFormation makes them: stack, logical id and a random end."""
        end = "-" + "".join(random.choices(string.ascii_uppercase + string.digits, k=12))
        stem = f"{self.stack}-{self.logical_id}"[: longest - len(end)]
        name = stem + end
        return name.lower() if lower else name


Apply = Callable[[Place, str, Properties, Properties], Any]


@dataclass(frozen=True)
class Setting:
    """Properties that have operations of their own.

    apply gets place, physical id, the properties before (empty on creation) and the properties now.
    """

    names: tuple[str, ...]
    apply: Apply
    at_creation: bool


def on_change(names: str, apply: Apply) -> Setting:
    """A setting that is applied at creation and on update; names are separated by spaces."""
    return Setting(tuple(names.split()), apply, at_creation=True)


def on_update(names: str, apply: Apply) -> Setting:
    """A setting that creation applies by itself; names are separated by spaces."""
    return Setting(tuple(names.split()), apply, at_creation=False)


@dataclass(frozen=True)
class ResourceType:
    """A resource type.

    properties: the tree of known properties, see template_check.
    make: makes the resource, returns its physical id.
    remove: deletes the resource.
    replaced_by: the properties whose change makes a new resource, separated by spaces; "*" for all.
    settings: applied in this order, on update where a property changed.
    read_attributes: what Fn::GetAtt gives.
    """

    name: str
    properties: Any
    make: Callable[[Place, Properties], str]
    remove: Callable[[Place, str, Properties], Any]
    replaced_by: str = ""
    settings: tuple[Setting, ...] = ()
    read_attributes: Callable[[Place, str, Properties], dict[str, Any]] = lambda place, identifier, properties: {}

    def create(self, place: Place, properties: Properties) -> str:
        identifier = self.make(place, properties)
        try:
            at_creation = [setting for setting in self.settings if setting.at_creation]
            self._apply(at_creation, place, identifier, {}, properties)
        except Exception:
            # Half a resource must not stay behind: the stack does not know it yet.
            self.delete(place, identifier, properties)
            raise
        return identifier

    def update(self, place: Place, identifier: str, before: Properties, after: Properties) -> None:
        covered = {name for setting in self.settings for name in setting.names}
        stuck = sorted(_changed(before, after) - covered)
        if stuck:
            raise ValueError(
                f"the embedded AWS cannot change {', '.join(stuck)} of {self.name} in place;"
                f" it can change {', '.join(sorted(covered)) or 'nothing'}"
            )
        self._apply(self.settings, place, identifier, before, after)

    def delete(self, place: Place, identifier: str, properties: Properties) -> None:
        try:
            self.remove(place, identifier, properties)
        except ClientError as problem:
            # What is gone already need not be deleted: someone may have deleted it by hand.
            if not _ABSENT.search(problem.response["Error"]["Code"]):
                raise

    def attributes(self, place: Place, identifier: str, properties: Properties) -> dict[str, Any]:
        return self.read_attributes(place, identifier, properties)

    def is_replaced(self, before: Properties, after: Properties) -> bool:
        """Whether the change needs a new resource."""
        return self.replaced_by == "*" or bool(_changed(before, after) & set(self.replaced_by.split()))

    @staticmethod
    def _apply(
        settings: Iterable[Setting], place: Place, identifier: str, before: Properties, after: Properties
    ) -> None:
        changed = _changed(before, after)
        for setting in settings:
            if changed.intersection(setting.names):
                setting.apply(place, identifier, before, after)


_ABSENT = re.compile(r"NoSuch|NotFound|NonExistent|NotExist")


def _changed(before: Properties, after: Properties) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
