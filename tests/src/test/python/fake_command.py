"""Stands in for a command such as aws or docker: gives prepared answers and writes down each call.

FAKE_ANSWERS is a JSON object from the command's first words ("aws ecs run-task") to a list of {"out": …},
{"error": …} or both with "exit", one for each call, the last for all further ones. FAKE_CALLS gets a line
for each call; what --cli-input-json names is written down with it.
"""

import json
import os
import sys

command = [os.environ["FAKE_NAME"], *sys.argv[1:]]
inputs = [word.removeprefix("file://") for word in command if word.startswith("file://")]
body = None
if inputs:
    with open(inputs[0], encoding="utf-8") as file:
        body = json.load(file)
calls = os.environ["FAKE_CALLS"]
with open(os.environ["FAKE_ANSWERS"], encoding="utf-8") as file:
    answers = json.load(file)
key = next((key for key in answers if command[: len(key.split())] == key.split()), None)
before = 0
if os.path.exists(calls):
    with open(calls, encoding="utf-8") as file:
        before = sum(json.loads(line)["key"] == key for line in file)
with open(calls, "a", encoding="utf-8") as file:
    file.write(json.dumps({"key": key, "call": " ".join(command), "body": body}) + "\n")
if key is None:
    sys.exit(f"fake: no answer for {' '.join(command)}")
answer = answers[key][min(before, len(answers[key]) - 1)]
if "error" in answer:
    print(answer["error"], file=sys.stderr)
out = answer.get("out")
if out is not None:
    print(out if isinstance(out, str) else json.dumps(out))
sys.exit(answer.get("exit", 255 if "error" in answer else 0))
