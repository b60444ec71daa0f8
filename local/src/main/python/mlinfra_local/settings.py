"""What resource types have in common: parts of properties, and tags."""

from __future__ import annotations

from typing import Any

from .emulator_api import tag_map
from .resource_type import Place, Properties, on_change, on_update

TAGS = [{"Key", "Value"}]


def only(properties: Properties, *names: str) -> Properties:
    """Those of the named properties that are given."""
    return {name: properties[name] for name in names if name in properties}


def without(properties: Properties, *names: str) -> Properties:
    """All given properties but the named ones."""
    return {name: value for name, value in properties.items() if name not in names}


def lost_tags(before: Properties, after: Properties) -> list[str]:
    """The keys of tags that go."""
    return sorted(tag_map(before.get("Tags")).keys() - tag_map(after.get("Tags")).keys())


def retag(tag: Any, untag: Any, made_with_tags: bool = False) -> Any:
    """A setting that adds the tags of now and takes away those that went; at creation too, unless it is made with them."""

    def apply(place: Place, identifier: str, before: Properties, after: Properties) -> None:
        lost = lost_tags(before, after)
        if lost:
            untag(place, identifier, lost)
        if after.get("Tags"):
            tag(place, identifier, after["Tags"])

    return on_update("Tags", apply) if made_with_tags else on_change("Tags", apply)
