#!/usr/bin/env python3
"""Writes what RunPod's REST v2 accepts and answers, as a table of operations and JSON Schemas.

    rest_v2_facts.py SOURCE           writes rest-v2.json anew
    rest_v2_facts.py SOURCE --check   says where rest-v2.json differs from SOURCE; exit code 1 then

SOURCE is a file or an address: the vendor's OpenAPI description,
https://api.runpod.io/v2/openapi.json, or api-reference-v2/openapi.json of github.com/runpod/docs. That
repository names no licence, so its text stays out: names, types, limits and status codes are kept,
sentences and examples are not. Secrets are not in that file yet; SECRETS is written after their page,
https://docs.runpod.io/api-reference-v2/account/create-a-secret.
"""

import json
import pathlib
import sys
import urllib.request

TABLE = pathlib.Path(__file__).parents[2] / "main/resources/dev/mlinfra/local/runpod/rest-v2.json"

# What the provider calls and the emulator answers.
PATHS = [
    "/v2/pods",
    "/v2/pods/{id}",
    "/v2/pods/{id}/action",
    "/v2/serverless",
    "/v2/serverless/{id}",
    "/v2/templates",
    "/v2/templates/{id}",
    "/v2/network-volumes",
    "/v2/network-volumes/{id}",
    "/v2/registries",
    "/v2/registries/{id}",
    "/v2/catalog/gpus",
    "/v2/catalog/cpus",
    "/v2/catalog/datacenters",
    "/v2/billing",
]

# Keywords of JSON Schema that decide; the others only explain.
KEYWORDS = {
    "$ref", "additionalProperties", "allOf", "anyOf", "const", "default", "dependentRequired", "else", "enum",
    "format", "if", "items", "maxItems", "maxLength", "maximum", "minItems", "minLength", "minProperties",
    "minimum", "not", "oneOf", "pattern", "properties", "required", "then", "type", "unevaluatedProperties",
    "uniqueItems",
}

SECRETS = {
    "operations": [
        {"id": "listSecrets", "method": "GET", "path": "/v2/account/secrets", "responses": {"200": "ListSecretsResponse"}},
        {"id": "createSecret", "method": "POST", "path": "/v2/account/secrets", "request": "CreateSecretRequest",
         "responses": {"201": "Secret"}},
        {"id": "getSecret", "method": "GET", "path": "/v2/account/secrets/{id}", "responses": {"200": "Secret"}},
        {"id": "updateSecret", "method": "PATCH", "path": "/v2/account/secrets/{id}", "request": "UpdateSecretRequest",
         "responses": {"200": "Secret"}},
        {"id": "deleteSecret", "method": "DELETE", "path": "/v2/account/secrets/{id}", "responses": {"204": None}},
    ],
    "schemas": {
        "Secret": {
            "type": "object",
            "required": ["id", "name"],
            "properties": {
                "id": {"type": "string"},
                "name": {"type": "string"},
                "description": {"type": ["string", "null"]},
                "value": False,
            },
        },
        "CreateSecretRequest": {
            "type": "object",
            "additionalProperties": False,
            "required": ["name", "value"],
            "properties": {
                "name": {"type": "string", "minLength": 1, "maxLength": 191, "pattern": "^[a-zA-Z_][a-zA-Z0-9_.\\-/]*$"},
                "value": {"type": "string", "minLength": 1, "maxLength": 16777216},
                "description": {"type": "string", "maxLength": 65535},
            },
        },
        "UpdateSecretRequest": {
            "type": "object",
            "additionalProperties": False,
            "minProperties": 1,
            "properties": {
                "value": {"type": "string", "minLength": 1, "maxLength": 16777216},
                "description": {"type": "string", "maxLength": 65535},
            },
        },
        "ListSecretsResponse": {
            "type": "object",
            "required": ["secrets"],
            "properties": {"secrets": {"type": "array", "items": {"$ref": "#/$defs/Secret"}}},
        },
    },
}


def schema(node):
    """A schema without what only explains."""
    if isinstance(node, bool):
        return node
    kept = {}
    for keyword, value in node.items():
        if keyword not in KEYWORDS:
            continue
        if keyword == "properties":
            kept[keyword] = {name: schema(below) for name, below in value.items()}
        elif keyword in ("allOf", "anyOf", "oneOf"):
            kept[keyword] = [schema(below) for below in value]
        elif keyword in ("items", "not", "if", "then", "else", "additionalProperties", "unevaluatedProperties"):
            kept[keyword] = schema(value)
        elif keyword == "$ref":
            kept[keyword] = value.replace("#/components/schemas/", "#/$defs/")
        else:
            kept[keyword] = value
    return kept


def references(node, found):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            found.add(node["$ref"].rpartition("/")[2])
        for below in node.values():
            references(below, found)
    elif isinstance(node, list):
        for below in node:
            references(below, found)


def name_of(content):
    for kind in content.values():
        return kind["schema"]["$ref"].rpartition("/")[2]
    return None


def operations(source):
    for path in PATHS:
        for method, operation in source["paths"][path].items():
            if method not in ("get", "post", "patch", "delete", "put"):
                continue
            made = {"id": operation["operationId"], "method": method.upper(), "path": path}
            if "requestBody" in operation:
                made["request"] = name_of(operation["requestBody"]["content"])
            made["responses"] = {
                status: name_of(answer.get("content", {}))
                for status, answer in operation["responses"].items()
                if status.startswith("2")
            }
            yield made


def table(source):
    made = list(operations(source))
    wanted = {"ErrorResponse"}
    for operation in made:
        wanted |= {operation["request"]} if "request" in operation else set()
        wanted |= {name for name in operation["responses"].values() if name}
    schemas = {}
    while wanted - schemas.keys():
        for name in sorted(wanted - schemas.keys()):
            schemas[name] = schema(source["components"]["schemas"][name])
            references(schemas[name], wanted)
    schemas.update(SECRETS["schemas"])
    return {
        "source": "https://github.com/runpod/docs, api-reference-v2/openapi.json; secrets: "
                  "https://docs.runpod.io/api-reference-v2/account/create-a-secret",
        "version": source["info"]["version"],
        "read": "2026-08-20",
        "operations": made + SECRETS["operations"],
        "$defs": dict(sorted(schemas.items())),
    }


def differences(ours, theirs, where=""):
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in sorted(ours.keys() | theirs.keys()):
            if name not in theirs:
                yield f"{where}/{name}: gone from the source"
            elif name not in ours:
                yield f"{where}/{name}: new in the source"
            else:
                yield from differences(ours[name], theirs[name], f"{where}/{name}")
    elif ours != theirs:
        yield f"{where}: here {json.dumps(ours)}, in the source {json.dumps(theirs)}"


def read(source):
    if source.startswith("https://"):
        with urllib.request.urlopen(source, timeout=60) as answer:
            return json.load(answer)
    return json.loads(pathlib.Path(source).read_text(encoding="utf-8"))


def main(arguments):
    sources = [argument for argument in arguments if not argument.startswith("--")]
    if len(sources) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    made = table(read(sources[0]))
    if "--check" in arguments:
        found = list(differences(json.loads(TABLE.read_text(encoding="utf-8")), made))
        for line in found:
            print(line)
        return 1 if found else 0
    TABLE.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
