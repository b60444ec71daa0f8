"""Writes what a pull request's own run found below the pull request: one comment, kept up to date, and
the findings to code scanning.

The run may belong to a stranger's fork, and this script has the right to write. So what the run left is
data: read with limits, its pull request compared with the commit that GitHub names, its text made
harmless. Nothing of it is executed or becomes part of a command.

Needs the GitHub CLI and GH_TOKEN, GITHUB_REPOSITORY, GITHUB_SERVER_URL, and of the workflow_run event
RUN_ID, HEAD_SHA and HEAD_REPOSITORY.
"""

import base64
import gzip
import json
import re
import sys

import github
from github import ApiError, Refused

MARKER = "<!-- mlinfra review -->"
AUTHOR = "github-actions[bot]"
LONGEST_REPORT = 60_000
MOST_FINDINGS = 5_000
MOST_COMMENTS = 3_000
BREAK = "\u200b"  # takes no room, and parts what GitHub would take for a mention, a link or a tag

TAG = r"</?(?:details|summary|sub|sup|code|b|br)(?: open)?\s*/?>"
ENTITY = r"&(?:lt|gt|amp|quot|nbsp|#124);"
# Line separators, and what turns the direction of text.
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def post() -> int:
    run, head = int(github.setting("RUN_ID")), github.setting("HEAD_SHA")
    files = github.review_of(run)
    if files is None:
        github.summary("The pull request's run left no review, as it ended before there was one.")
        return 0
    number = pull_request(files)
    pull = github.api(f"repos/{github.repository()}/pulls/{number}")
    source = (pull["head"]["repo"] or {}).get("full_name")
    if pull["base"]["repo"]["full_name"] != github.repository() or source != github.setting("HEAD_REPOSITORY"):
        raise Refused(f"the run is of another repository than pull request {number}")
    if pull["head"]["sha"] != head:
        github.summary(f"Pull request {number} has another newest commit; its own run comments.")
        return 0
    # All of it is read before any of it is written.
    body, sarif = comment(files, run, head), findings(files)
    write_comment(number, body)
    upload_findings(sarif, number, head)
    return 0


def pull_request(files: dict[str, bytes]) -> int:
    given = files.get("pull-request", b"")
    if not re.fullmatch(rb"[1-9][0-9]{0,8}\n?", given):
        raise Refused(f"the artifact's pull-request is {given!r}, allowed: a number")
    return int(given)


def comment(files: dict[str, bytes], run: int, head: str) -> str:
    try:
        report = files["report.md"].decode("utf-8")
    except (KeyError, UnicodeDecodeError) as error:
        raise Refused("the artifact has no report.md in UTF-8") from error
    server, repository = github.setting("GITHUB_SERVER_URL"), github.repository()
    own = f"{server}/{repository}"
    text = harmless(report, own)
    if len(text) > LONGEST_REPORT:
        text = cut(text)
    # What is ours stands first: nothing that the report leaves open can swallow it.
    return (
        f"{MARKER}\n<sub>Review of {head}, written by [the pull request's own run]({own}/actions/runs/{run}); "
        f"the whole is in its artifact <code>{github.ARTIFACT}</code>.</sub>\n\n{text}\n"
    )


def harmless(text: str, own: str) -> str:
    """The text with no mention, no reference, no tag but a few, and no link but into this repository."""
    text = UNSEEN.sub("", text.replace("\r\n", "\n"))
    path = r"(?:/(?:actions|blob|commit|pull|tree)(?:/(?:(?!\.\.)[A-Za-z0-9_./#-])*)?)?"
    link = re.escape(own) + path + r"(?![^\s)\]|`'\",;:<>])"
    kept = re.compile(rf"\]\({link}\)|{link}|{TAG}|{ENTITY}")
    parts, end = [], 0
    for match in kept.finditer(text):
        parts += [_broken(text[end : match.start()]), match.group()]
        end = match.end()
    return "".join([*parts, _broken(text[end:])])


def _broken(text: str) -> str:
    text = text.replace("@", "@" + BREAK)
    text = re.sub(r"(?i)(#|\bGH-)(?=\d)", rf"\1{BREAK}", text)
    text = re.sub(r"<(?=[A-Za-z/!?])", f"<{BREAK}", text)
    text = re.sub(r"&(?=[#A-Za-z])", f"&{BREAK}", text)
    text = text.replace("![", f"!{BREAK}[").replace("](", f"]{BREAK}(").replace("]:", f"]{BREAK}:")
    text = text.replace("][", f"]{BREAK}[")
    text = re.sub(r"(?i)(\bwww)\.|(:)(?=//)|(\bmailto|\bxmpp):", _part, text)
    # Other programs take such a line for a command.
    return re.sub(r"(?m)^([ \t]*)/(?=\w)", rf"\1{BREAK}/", text)


def _part(match: re.Match) -> str:
    return match.group()[0:-1] + BREAK + match.group()[-1] if match.group() != ":" else ":" + BREAK


def cut(text: str) -> str:
    text = text[:LONGEST_REPORT]
    text = text[: text.rfind("\n") + 1] or text
    if len(re.findall(r"(?m)^```", text)) % 2:
        text += "```\n"
    text += "</details>\n" * min(100, text.count("<details") - text.count("</details>"))
    return text + "\nThe rest is in the run's artifact."


def write_comment(number: int, body: str) -> None:
    comments = f"repos/{github.repository()}/issues/{number}/comments"
    for page in range(1, MOST_COMMENTS // 100 + 1):
        found = github.api(f"{comments}?per_page=100&page={page}")
        for each in found:
            if each["user"]["login"] == AUTHOR and each["body"].startswith(MARKER):
                path = f"repos/{github.repository()}/issues/comments/{int(each['id'])}"
                github.api(path, {"body": body}, "PATCH")
                return
        if len(found) < 100:
            break
    github.api(comments, {"body": body}, "POST")


def upload_findings(sarif: dict, number: int, head: str) -> None:
    packed = base64.b64encode(gzip.compress(json.dumps(sarif).encode(), mtime=0)).decode()
    body = {"commit_sha": head, "ref": f"refs/pull/{number}/head", "sarif": packed, "tool_name": "mlinfra"}
    try:
        github.api(f"repos/{github.repository()}/code-scanning/sarifs", body, "POST")
    except ApiError as error:
        if error.status not in (403, 404):
            raise
        message = "code scanning is off for this repository, so the findings stand in the comment alone"
        print(f"::warning::{message}")
        github.summary(f"**Warning:** {message} (Settings, Advanced Security, Code scanning).")


def findings(files: dict[str, bytes]) -> dict:
    """The findings, when they are what our own check writes: one run of ours, on relative paths."""
    try:
        sarif = json.loads(files["check.sarif"])
        (run,) = sarif["runs"]
        results = run["results"]
        if sarif["version"] != "2.1.0" or run["tool"]["driver"]["name"] != "mlinfra":
            raise Refused("check.sarif of the artifact is not of mlinfra's check")
        if not isinstance(results, list) or len(results) > MOST_FINDINGS:
            raise Refused(f"check.sarif of the artifact has more than {MOST_FINDINGS} findings")
        for result in results:
            if not result.get("locations"):
                result["locations"] = [{}]
            for location in result["locations"]:
                # GitHub refuses all findings when one has no file; this one starts the app that made the stack.
                physical = location.setdefault("physicalLocation", {"artifactLocation": {"uri": "cdk.json"}})
                uri = physical.get("artifactLocation", {}).get("uri", "")
                if not re.fullmatch(r"[\w./%+@=-]+", uri) or uri.startswith("/") or ".." in uri.split("/"):
                    raise Refused(f"check.sarif of the artifact names the file {uri[:80]!r}")
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Refused(f"check.sarif of the artifact is not readable: {error!r}") from error
    return {"version": "2.1.0", "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "runs": [run]}


if __name__ == "__main__":
    sys.exit(github.main(post))
