"""Prints the properties of each CloudFormation type whose change replaces the resource, as the vendor's schemas say.

Usage: replaced_by.py   the table replaced-by.csv

The schemas come with cfn-lint. `createOnlyProperties` always replace, `conditionalCreateOnlyProperties` may.
"""

import hashlib
import importlib.metadata
import json
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


def paths(pointers: list[str]) -> str:
    """Pointers as dotted paths; that a step is any item of a list goes without saying."""
    steps = [[step for step in pointer.split("/")[2:] if step != "*"] for pointer in pointers]
    return " ".join(sorted({".".join(path) for path in steps if path}))


def digest() -> str:
    content = hashlib.sha256()
    for file in sorted(SCHEMAS.rglob("*.json")):
        content.update(file.relative_to(SCHEMAS).as_posix().encode())
        content.update(file.read_bytes())
    return content.hexdigest()


def main() -> None:
    date = json.loads((SCHEMAS / "version.json").read_text())["schema_date"][:10]
    version = importlib.metadata.version("cfn-lint")
    print(f"# Resource schemas of cfn-lint {version}, {date}, SHA-256 {digest()}")
    print("# Written by src/test/python/replaced_by.py: which properties replace the resource, always or perhaps.")
    print("type,always,perhaps")
    for name, schema in schemas():
        always = paths(schema.get("createOnlyProperties", []))
        perhaps = paths(schema.get("conditionalCreateOnlyProperties", []))
        print(f"{name},{always},{perhaps}")


if __name__ == "__main__":
    main()
