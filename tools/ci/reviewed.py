"""Ends with 0 when what was built now is what was reviewed, else with 1 and what differs.

    python3 tools/ci/reviewed.py template-hashes.txt

Reviewed is what the last good run of pr.yml left for the pull request that became this commit. When it
differs, because another change came in between, a person can look at the difference and start the
deployment by hand with the digest that is printed: that is ACCEPTED then.

Needs the GitHub CLI and GH_TOKEN, GITHUB_REPOSITORY, GITHUB_SHA.
"""

import hashlib
import os
import sys
from pathlib import Path

import github
from github import Refused

WORKFLOW = "pr.yml"
SHOWN = 50


def compare() -> int:
    if len(sys.argv) != 2:
        print("usage: reviewed.py FILE", file=sys.stderr)
        return 2
    built = Path(sys.argv[1]).read_bytes()
    digest = hashlib.sha256(built).hexdigest()
    output("digest", digest)
    accepted = os.environ.get("ACCEPTED", "").strip()
    if accepted:
        if accepted != digest:
            raise Refused(f"accepted is {github.quoted(accepted[:80])}, but what was built has {digest}")
        github.summary(f"Built is what a person accepted: `{digest}`.")
        return 0
    number, reviewed = reviewed_hashes(github.setting("GITHUB_SHA"), digest)
    if reviewed == built:
        github.summary(f"Built is what was reviewed in pull request {number}: `{digest}`.")
        return 0
    before, after = files(reviewed), files(built)
    changed = sorted(name for name in before | after if before.get(name) != after.get(name))
    shown = "".join(f"\n- {github.quoted(name)}" for name in changed[:SHOWN])
    rest = f"\n- and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
    github.summary(f"Not what was reviewed in pull request {number}:\n{shown}{rest}\n\n{by_hand(digest)}")
    raise Refused(f"{len(changed)} files are not what was reviewed in pull request {number}; {by_hand(digest)}")


def reviewed_hashes(commit: str, digest: str) -> tuple[int, bytes]:
    repository = github.repository()
    merged = [
        pull
        for pull in github.api(f"repos/{repository}/commits/{commit}/pulls?per_page=100")
        if pull["merged_at"] and pull["merge_commit_sha"] == commit and pull["base"]["repo"]["full_name"] == repository
    ]
    if len(merged) != 1:
        raise Refused(f"commit {commit} is not the merge of one pull request, so nobody reviewed it; {by_hand(digest)}")
    number, head = merged[0]["number"], merged[0]["head"]
    runs = github.api(
        f"repos/{repository}/actions/workflows/{WORKFLOW}/runs?event=pull_request&status=success&per_page=100"
        f"&head_sha={head['sha']}"
    )["workflow_runs"]
    source = (head["repo"] or {}).get("full_name")
    own = [
        run
        for run in runs
        if run["head_sha"] == head["sha"]
        and run["head_branch"] == head["ref"]
        and (run["head_repository"] or {}).get("full_name") == source
    ]
    if not own:
        raise Refused(f"no good run of {WORKFLOW} on pull request {number} was found; {by_hand(digest)}")
    run = max(own, key=lambda each: (each["run_number"], each.get("run_attempt", 1)))
    left = github.review_of(int(run["id"])) or {}
    if "template-hashes.txt" not in left:
        raise Refused(f"run {run['id']} of {WORKFLOW} has no template hashes any more; {by_hand(digest)}")
    if left.get("pull-request", b"").strip() != str(number).encode():
        raise Refused(f"run {run['id']} of {WORKFLOW} is of another pull request than {number}; {by_hand(digest)}")
    return number, left["template-hashes.txt"]


def files(hashes: bytes) -> dict[str, str]:
    """Hashes by file."""
    parts = (line.split("  ", 1) for line in hashes.decode("utf-8", "replace").splitlines() if "  " in line)
    return {name: value for value, name in parts}


def by_hand(digest: str) -> str:
    return f"to deploy it all the same: read the difference, then run this workflow with accepted = {digest}"


def output(name: str, value: str) -> None:
    file = os.environ.get("GITHUB_OUTPUT")
    if file:
        with open(file, "a", encoding="utf-8") as outputs:
            outputs.write(f"{name}={value}\n")


if __name__ == "__main__":
    sys.exit(github.main(compare))
