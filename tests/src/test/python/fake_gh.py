"""Stands in for GitHub's command: answers from a file what is asked for, and writes down each call.

FAKE_ANSWERS is a JSON object from "METHOD path" to {"body": …}, {"file": …} or {"error": …}; FAKE_CALLS
gets a line for each call. What is not in the file does not exist.
"""

import json
import os
import shutil
import sys

arguments = sys.argv[1:]
if arguments[:1] != ["api"]:
    sys.exit("fake gh: knows api alone")
arguments = arguments[1:]
method, path, body = "GET", None, None
while arguments:
    word = arguments.pop(0)
    if word == "--method":
        method = arguments.pop(0)
    elif word == "--input":
        with open(arguments.pop(0), encoding="utf-8") as file:
            body = json.load(file)
    elif path is None:
        path = word
    else:
        sys.exit(f"fake gh: unknown argument {word}")
key = f"{method} {path}"
with open(os.environ["FAKE_CALLS"], "a", encoding="utf-8") as calls:
    calls.write(json.dumps({"call": key, "body": body}) + "\n")
with open(os.environ["FAKE_ANSWERS"], encoding="utf-8") as file:
    answer = json.load(file).get(key, {"error": "gh: Not Found (HTTP 404)"})
if "error" in answer:
    sys.exit(answer["error"])
if "file" in answer:
    with open(answer["file"], "rb") as file:
        shutil.copyfileobj(file, sys.stdout.buffer)
else:
    json.dump(answer["body"], sys.stdout)
