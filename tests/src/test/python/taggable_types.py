"""Prints which CloudFormation types can carry tags, as the vendor's resource schemas say.

Usage: taggable_types.py REGION TYPE…; answers {"TYPE": "Tags" | null, …}: the property that takes the
tags. The schemas come with cfn-lint, so the judge is independent of what made the templates.
"""

import json
import sys

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER


def tag_property(region: str, resource_type: str) -> str | None:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(region, resource_type).schema
    tagging = schema.get("tagging")
    if tagging is None or not tagging.get("taggable", True):
        return None
    name = tagging.get("tagProperty", "/properties/Tags").rsplit("/", 1)[-1]
    return name if name in schema["properties"] else None


def main() -> None:
    region, *types = sys.argv[1:]
    print(json.dumps({name: tag_property(region, name) for name in types}, indent=2))


if __name__ == "__main__":
    main()
