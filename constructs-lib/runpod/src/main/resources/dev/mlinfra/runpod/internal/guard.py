"""Runs a training and deletes the pod that it runs in, whatever happens to the training."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request


def main():
    started = time.monotonic()
    longest = float(os.environ["GUARD_MAX_SECONDS"])
    idle_limit = float(os.environ["GUARD_IDLE_SECONDS"])
    poll = min(30.0, longest / 10, idle_limit / 3)
    # The training gets neither the key that deletes pods nor what is the guard's own.
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GUARD_") and name != "RUNPOD_API_KEY"
    }
    training = subprocess.Popen(
        ["sh", "-c", os.environ["GUARD_COMMAND"]], env=environment, start_new_session=True
    )
    signal.signal(signal.SIGTERM, lambda *_: end(training))
    busy = time.monotonic()
    reason = ""
    while not reason:
        try:
            code = training.wait(timeout=poll)
            reason = f"the training ended with exit code {code}"
            break
        except subprocess.TimeoutExpired:
            pass
        now = time.monotonic()
        if not is_idle():
            busy = now
        if now - started >= longest:
            reason = f"{longest:.0f} s are over"
        elif now - busy >= idle_limit:
            reason = f"the GPU did nothing for {idle_limit:.0f} s"
    say(f"{reason}; deleting the pod")
    stop(training)
    delete_pod()


def is_idle():
    """Whether no GPU does anything; False where nobody can tell."""
    try:
        answer = subprocess.run(
            ["nvidia-smi", "--query-gpu=utilization.gpu", "--format=csv,noheader,nounits"],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
        loads = [int(line) for line in answer.stdout.split()]
        return bool(loads) and max(loads) == 0
    except (OSError, ValueError, subprocess.SubprocessError):
        return False


def end(training):
    """The platform stops or restarts the container: the training may write a checkpoint."""
    stop(training)
    os._exit(143)


def stop(training):
    """Ends the training and all that it started; after 30 s without asking."""
    for wish in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(training.pid, wish)
            training.wait(timeout=30)
        except (ProcessLookupError, PermissionError):
            return
        except subprocess.TimeoutExpired:
            pass


def delete_pod():
    base = os.environ.get("GUARD_BASE_URL", "https://api.runpod.io/v2")
    pod = os.environ.get("RUNPOD_POD_ID", "")
    key = os.environ.get("GUARD_API_KEY") or os.environ.get("RUNPOD_API_KEY", "")
    pause = 1.0
    while True:
        request = urllib.request.Request(
            f"{base}/pods/{pod}", method="DELETE", headers={"Authorization": f"Bearer {key}"}
        )
        try:
            with urllib.request.urlopen(request, timeout=60):
                say("the pod is deleted")
                return
        except urllib.error.HTTPError as error:
            if error.code == 404 and pod:
                say("the pod is gone")
                return
            say(f"the pod could not be deleted: HTTP {error.code}; trying again")
        except OSError as error:
            say(f"the pod could not be deleted: {error}; trying again")
        time.sleep(pause)
        pause = min(60.0, pause * 2)


def say(message):
    print(f"guard: {message}", file=sys.stderr, flush=True)


main()
