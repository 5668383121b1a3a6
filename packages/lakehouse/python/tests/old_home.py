"""Writes homes as the version did that kept no version of the gate: its segments and its tables.

As a program: commits the log of a home as that version did.
"""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from lake_fixture import run_commit  # noqa: E402
from log_fixture import UNVERSIONED_SCHEMA, LogWriter  # noqa: E402
from naap_lake import bronze_rows  # noqa: E402
from naap_lake import commit as commit_module  # noqa: E402
from naap_lake.tables import BATCHES, EVENTS, QUARANTINE, BronzeTable  # noqa: E402


def _of_before(spec: BronzeTable) -> BronzeTable:
    since = {"gate_version", "source_topic", "source_partition", "source_offset", "source_next_offset"}
    return replace(spec, columns={name: kind for name, kind in spec.columns.items() if name not in since})


def commit_as_before(home: Path) -> None:
    events, quarantine, batches = _of_before(EVENTS), _of_before(QUARANTINE), _of_before(BATCHES)
    with (
        patch.object(commit_module, "TABLES", (events, quarantine, batches)),
        patch.object(bronze_rows, "EVENTS", events),
        patch.object(bronze_rows, "QUARANTINE", quarantine),
        patch.object(bronze_rows, "BATCHES", batches),
    ):
        run_commit(home)


def old_lake(home: Path, appends: list[tuple[list[dict[str, Any]], int]]) -> LogWriter:
    log = LogWriter(home, UNVERSIONED_SCHEMA)
    for rows, at in appends:
        log.append(rows, at)
    commit_as_before(home)
    return log


if __name__ == "__main__":
    commit_as_before(Path(sys.argv[1]))
