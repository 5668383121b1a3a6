"""The worker protocol of docs/architecture.md: JSON lines in on stdin and out on stdout, one request at a time."""

import ctypes
import json
import os
import signal
import sys
import threading
import time
import traceback
from typing import Any, TextIO

from naap_lake.ops import OPS, BadRequest, Progress

PR_SET_PDEATHSIG = 1
PARENT_CHECK_SECONDS = 0.5


def _claim_stdout() -> TextIO:
    """Keeps the real stdout for the protocol and points fd 1 at stderr, so that a library that prints cannot break it."""
    protocol = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return protocol


def _end_with_parent() -> None:
    """A worker without its parent would hold the lake: the kernel ends it on Linux, a watcher elsewhere."""
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_CHECK_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _parse(line: str) -> dict[str, Any]:
    try:
        request = json.loads(line)
    except ValueError as e:
        raise BadRequest(f"the request is not JSON: {e}") from e
    if not isinstance(request, dict):
        raise BadRequest('the request must be an object {"id", "op", "args"}')
    return request


def _run(request: dict[str, Any], progress: Progress) -> dict[str, Any]:
    name, args = request.get("op"), request.get("args", {})
    if name not in OPS:
        raise BadRequest(f"unknown op {name!r}; there are {', '.join(sorted(OPS))}")
    if not isinstance(args, dict):
        raise BadRequest("args must be an object")
    return OPS[name](args, progress)


def serve(requests: TextIO, replies: TextIO) -> None:
    """Answers requests in order until the input ends."""

    def send(request_id: Any, event: str, **fields: Any) -> None:
        replies.write(json.dumps({"id": request_id, "event": event, **fields}, default=str) + "\n")
        replies.flush()

    def progress_of(request_id: Any) -> Progress:
        return lambda message, **fields: send(request_id, "progress", message=message, **fields)

    for line in requests:
        if not line.strip():
            continue
        request_id = None
        try:
            request = _parse(line)
            request_id = request.get("id")
            result = _run(request, progress_of(request_id))
        except Exception as e:  # every failure of an op is an answer; the worker lives on
            if not isinstance(e, BadRequest):
                traceback.print_exc(file=sys.stderr)
            error = {"name": type(e).__name__, "message": str(e) or repr(e)}
            send(request_id, "error", error=error)
        else:
            send(request_id, "result", result=result)


def main() -> None:
    # What is made is for this user alone, whoever starts the worker.
    os.umask(0o077)
    replies = _claim_stdout()
    _end_with_parent()
    # Ctrl-C in a terminal reaches the whole process group: the parent decides when the worker ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(sys.stdin, replies)
