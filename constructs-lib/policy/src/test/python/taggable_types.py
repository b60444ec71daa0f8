"""Prints which property of each CloudFormation type takes its tags, as the vendor's schemas say.

Usage: taggable_types.py            the table taggable-types.csv
       taggable_types.py --places   reads lines "TYPE PATH", prints those that the schemas do not know

The schemas come with cfn-lint, so the judge is independent of what makes the templates.
"""

import hashlib
import importlib.metadata
import json
import sys
from pathlib import Path
from typing import Any, Iterator

import cfnlint.data.schemas
from cfnlint.helpers import REGIONS
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

SCHEMAS = Path(cfnlint.data.schemas.__file__).parent
FIRST_REGION = "us-east-1"


def schemas() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every type with its schema: of the first region that has it."""
    seen: dict[str, str] = {}
    for region in [FIRST_REGION, *sorted(REGIONS)]:
        for name in PROVIDER_SCHEMA_MANAGER.get_resource_types(region):
            seen.setdefault(name, region)
    for name in sorted(seen):
        yield name, PROVIDER_SCHEMA_MANAGER.get_resource_schema(seen[name], name).schema


def follow(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        target: Any = schema
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


def tag_property(schema: dict[str, Any]) -> str:
    """The property's name, or nothing when the type takes no tags."""
    properties = schema["properties"]
    tagging = schema.get("tagging")
    if tagging is not None and tagging.get("taggable", True):
        return tagging.get("tagProperty", "/properties/Tags").split("/")[2]
    # Older schemas have no tagging block; then Tags means what it says.
    if tagging is None and "Tags" in properties:
        return "Tags"
    # Written by no tag of a stack, but the resource itself carries what stands there.
    return "TagSpecifications" if "TagSpecifications" in properties else ""


def shape(schema: dict[str, Any], name: str) -> str:
    if name == "TagSpecifications":
        return "specifications"
    node = follow(schema, schema["properties"][name])
    if "items" in node:
        return "list"
    return "items" if "Items" in node.get("properties", {}) else "map"


def digest() -> str:
    content = hashlib.sha256()
    for file in sorted(SCHEMAS.rglob("*.json")):
        content.update(file.relative_to(SCHEMAS).as_posix().encode())
        content.update(file.read_bytes())
    return content.hexdigest()


def table() -> None:
    date = json.loads((SCHEMAS / "version.json").read_text())["schema_date"][:10]
    version = importlib.metadata.version("cfn-lint")
    print(f"# Resource schemas of cfn-lint {version}, {date}, SHA-256 {digest()}")
    print("# Written by src/test/python/taggable_types.py; an empty property means that the type takes no tags.")
    print("type,property,shape")
    for name, schema in schemas():
        found = tag_property(schema)
        print(f"{name},{found},{shape(schema, found) if found else ''}")


def knows(schema: dict[str, Any], path: str) -> bool:
    node: dict[str, Any] = schema
    for step in path.split("."):
        node = follow(schema, node)
        if step.endswith("[]"):
            node = follow(schema, node.get("properties", {}).get(step.removesuffix("[]"), {}))
            if "items" not in node:
                return False
            node = node["items"]
        elif step in node.get("properties", {}):
            node = node["properties"][step]
        else:
            return False
    return True


def places() -> None:
    known = dict(schemas())
    for line in sys.stdin:
        name, path = line.split()
        if name not in known or not knows(known[name], path):
            print(line.strip())


if __name__ == "__main__":
    places() if "--places" in sys.argv[1:] else table()
