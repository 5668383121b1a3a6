import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PACKAGE = str(Path(__file__).parent.parent)
# A worker with an op that prints where it should not, from Python and from C.
NOISY = """
import os, sys
from naap_lake import ops, worker
def noisy(args, progress):
    print("from Python"); os.write(1, b"from C\\n")
    progress("half way", rows=3)
    return {"echo": args}
ops.OPS["noisy"] = noisy
worker.main()
"""


def start(*program: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, *program],
        env=os.environ | {"PYTHONPATH": PACKAGE},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def converse(lines: list[str], *program: str) -> tuple[list[dict[str, Any]], str, int]:
    worker = start(*program)
    out, err = worker.communicate("".join(line + "\n" for line in lines), timeout=60)
    return [json.loads(line) for line in out.splitlines()], err, worker.returncode


def test_only_the_protocol_reaches_stdout_and_the_end_of_stdin_ends_the_worker():
    replies, err, code = converse(['{"id":1,"op":"noisy","args":{"a":"é"}}'], "-c", NOISY)
    assert replies == [
        {"id": 1, "event": "progress", "message": "half way", "rows": 3},
        {"id": 1, "event": "result", "result": {"echo": {"a": "é"}}},
    ]
    assert "from Python" in err and "from C" in err
    assert code == 0


def test_every_bad_request_is_answered_and_the_worker_lives_on(tmp_path: Path):
    lines = [
        "no json",
        "[]",
        '{"id":2,"op":"nothing"}',
        '{"id":3,"op":"describe","args":[1]}',
        '{"id":4,"op":"commit","args":{}}',
        json.dumps({"id": 5, "op": "describe", "args": {"home": str(tmp_path)}}),
    ]
    replies, _, _ = converse(lines, "-m", "naap_lake")
    assert [(reply["id"], reply["event"]) for reply in replies] == [
        (None, "error"),
        (None, "error"),
        (2, "error"),
        (3, "error"),
        (4, "error"),
        (5, "result"),
    ]
    assert [reply["error"]["name"] for reply in replies[:5]] == ["BadRequest"] * 5
    assert "args.home" in replies[4]["error"]["message"]
    assert "unknown op 'nothing'; there are build, build_record, commit" in replies[2]["error"]["message"]


def test_an_error_of_an_op_carries_its_name_and_message(tmp_path: Path):
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "odd.arrows").touch()
    [reply], err, _ = converse(
        [json.dumps({"id": 1, "op": "commit", "args": {"home": str(tmp_path)}})], "-m", "naap_lake"
    )
    assert reply["error"]["name"] == "DamagedLogError"
    assert "odd.arrows: the name of a segment must be its first offset" in reply["error"]["message"]
    assert "Traceback" in err


def test_commit_does_not_load_dbt(tmp_path: Path):
    program = f"""
import sys
from naap_lake.ops import OPS
OPS["commit"]({{"home": {str(tmp_path)!r}}}, print)
sys.exit("dbt" in sys.modules)
"""
    assert start("-c", program).wait(60) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux only")
def test_the_worker_dies_with_its_parent():
    parent = start(
        "-c",
        """
import subprocess, sys, time
worker = subprocess.Popen([sys.executable, "-m", "naap_lake"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
worker.stdin.write('{"id":1,"op":"nothing"}\\n'); worker.stdin.flush()
worker.stdout.readline()
print(worker.pid, flush=True)
time.sleep(60)
""",
    )
    worker = int(parent.stdout.readline())
    handle = os.pidfd_open(worker)
    parent.send_signal(signal.SIGKILL)
    parent.wait(10)
    assert select.select([handle], [], [], 10)[0], "the worker outlived its parent"
