"""Finds what a template asks for and the emulator does not know, before anything is made."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

# A leaf is a value without named members; a free value is JSON whose names are the user's (policies, tag maps).
LEAF = None
FREE = "free"

RESOURCE_KEYS = {
    "Type",
    "Properties",
    "DependsOn",
    "Condition",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "Metadata",
}
DELETION_POLICIES = ("Delete", "Retain", "RetainExceptOnCreate")


def problems(template: dict[str, Any], types: dict[str, Any]) -> list[str]:
    """Every resource type, attribute and property of the template that the emulator does not know."""
    found: list[str] = []
    for logical_id, resource in template.get("Resources", {}).items():
        type_name = resource.get("Type")
        resource_type = types.get(type_name)
        if resource_type is None:
            found.append(f"{logical_id}: type {type_name}")
            continue
        for key in resource:
            if key not in RESOURCE_KEYS:
                found.append(f"{logical_id} ({type_name}): attribute {key}")
        for key in ("DeletionPolicy", "UpdateReplacePolicy"):
            if resource.get(key, "Delete") not in DELETION_POLICIES:
                found.append(f"{logical_id} ({type_name}): {key} {resource[key]}, allowed {', '.join(DELETION_POLICIES)}")
        properties = resource.get("Properties") or {}
        for path in _unknown(properties, resource_type.properties, ""):
            found.append(f"{logical_id} ({type_name}): property {path}{_nearest(path, resource_type.properties)}")
        for text in _dynamic_references(properties):
            found.append(f"{logical_id} ({type_name}): dynamic reference {text}")
    for section in ("Transform", "Hooks"):
        if section in template:
            found.append(f"section {section}")
    return found


def _unknown(value: Any, known: Any, path: str) -> Iterator[str]:
    if known is LEAF or known == FREE:
        return
    if isinstance(value, dict) and len(value) == 1:
        name = next(iter(value))
        if name == "Fn::If":
            for branch in value[name][1:]:
                yield from _unknown(branch, known, path)
            return
        if name == "Ref" or name.startswith("Fn::"):
            return
    if isinstance(known, list):
        for index, item in enumerate(value if isinstance(value, list) else [value]):
            yield from _unknown(item, known[0], f"{path}[{index}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            here = f"{path}.{key}" if path else key
            if key not in known:
                yield here
            elif isinstance(known, dict):
                yield from _unknown(item, known[key], here)


def _nearest(path: str, known: Any) -> str:
    if "." in path or "[" in path:
        return ""
    close = difflib.get_close_matches(path, known, n=1)
    return f" (known and close: {close[0]})" if close else ""


def _dynamic_references(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if "{{resolve:" in value:
            yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _dynamic_references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _dynamic_references(item)
