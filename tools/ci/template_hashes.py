"""Prints the SHA-256 of everything in a CDK assembly that a deployment reads, one file a line.

    python3 tools/ci/template_hashes.py cdk.out

Two assemblies that print the same deploy the same. Templates, parameters, roles, files and images to
publish are all in it, byte by byte. Three things are not, since no deployment reads them and they hold
folders of the machine: tree.json, validation-report.json, and the stack traces in the stacks' metadata.
"""

import hashlib
import json
import sys
from pathlib import Path

NOT_DEPLOYED = ("tree.json", "validation-report.json")
TRACES = "aws:cdk:creationStack"


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: template_hashes.py ASSEMBLY", file=sys.stderr)
        return 2
    try:
        print("\n".join(lines(Path(arguments[0]))))
    except ValueError as error:
        print(f"mlinfra: {error}", file=sys.stderr)
        return 2
    return 0


def lines(assembly: Path) -> list[str]:
    """One line for each file, sorted by its path."""
    if not (assembly / "manifest.json").is_file():
        raise ValueError(f"{assembly} is no CDK assembly: it has no manifest.json; fix: npx cdk synth")
    hashed = []
    for path in sorted(assembly.rglob("*"), key=lambda path: path.relative_to(assembly).as_posix()):
        name = path.relative_to(assembly).as_posix()
        if "\n" in name:
            raise ValueError(f"{name!r} has a line break in its name")
        if path.is_symlink():
            raise ValueError(f"{name} is a link, and what it leads to may change")
        if path.is_file() and name not in NOT_DEPLOYED:
            hashed.append(f"{hashlib.sha256(content(path, name)).hexdigest()}  {name}")
    return hashed


def content(path: Path, name: str) -> bytes:
    if not name.endswith(".metadata.json") or any(part.startswith("asset.") for part in name.split("/")):
        return path.read_bytes()
    metadata = json.loads(path.read_bytes())
    without_traces = {
        construct: [
            {key: value for key, value in entry.items() if key != "trace"}
            for entry in entries
            if entry.get("type") != TRACES
        ]
        for construct, entries in metadata.items()
    }
    return json.dumps(without_traces, sort_keys=True).encode()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
