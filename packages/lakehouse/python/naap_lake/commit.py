"""`commit`: the event log into the bronze tables, each row exactly once.

Each table carries the next offset that it needs in a property set in the transaction that appends the rows. A worker may
die at any point, also between two tables: each goes on from its own property.
"""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
from pyiceberg.exceptions import CommitFailedException
from pyiceberg.manifest import DataFile
from pyiceberg.table import Table
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.update import SetPropertiesUpdate, ValidatableTableRequirement

from naap_lake.bronze_rows import ROWS_OF
from naap_lake.data_files import discard, write_data_files
from naap_lake.event_log import EventLog
from naap_lake.ops import Progress, home_of
from naap_lake.snapshots import RETENTION_MS, expire
from naap_lake.catalogs import open_catalog
from naap_lake.tables import EVENTS, NEXT_OFFSET, TABLES, ensure_table, next_offset
from naap_lake.transaction import LakeTransaction

# One Iceberg commit takes up to this much of the log; files are written chunk by chunk, so memory does not grow with it.
ROUND_BYTES = 1 << 30
EXPIRE_AT_LEAST = 50

_logs: dict[Path, EventLog] = {}


class AssertNextOffset(ValidatableTableRequirement):
    """The table is still where this writer read it: an append on stale ground fails instead of doubling rows."""

    type: Literal["assert-naap-next-offset"] = "assert-naap-next-offset"
    offset: int

    def validate(self, base_metadata: TableMetadata | None) -> None:
        found = base_metadata and int(base_metadata.properties.get(NEXT_OFFSET, "0"))
        if found != self.offset:
            raise CommitFailedException(
                f"another process committed to the lake: the next offset is {found}, not {self.offset}; commit again"
            )


def commit(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Takes the whole log into the lake.

    args: {home}. Returns {committed: {events, quarantine, batches} (rows), nextOffset (min over the tables),
    metadata: {events, quarantine, batches} (path of the current metadata.json)}.
    """
    home = home_of(args)
    log = _logs.setdefault(home, EventLog(home / "log"))
    with open_catalog(home) as catalog:
        tables = {spec.name: ensure_table(catalog, spec) for spec in TABLES}
        committed = {spec.name: 0 for spec in TABLES}
        for chunks in _rounds(log, min(map(next_offset, tables.values()))):
            after, files = _write_round(tables, chunks)
            for spec in TABLES:
                _append(tables[spec.name], files[spec.name], after)
                committed[spec.name] += sum(file.record_count for file in files[spec.name])
            progress(f"lake: committed up to offset {after}", nextOffset=after)
    return {
        "committed": committed,
        "nextOffset": min(map(next_offset, tables.values())),
        "metadata": {name: table.metadata_location for name, table in tables.items()},
    }


def _rounds(log: EventLog, start: int) -> Iterator[Iterator[pa.Table]]:
    """The log from `start` on, in iterators of chunks of together about ROUND_BYTES."""
    chunks = log.chunks(start)

    def one_round(first: pa.Table) -> Iterator[pa.Table]:
        size = first.nbytes
        yield first
        while size < ROUND_BYTES and (chunk := next(chunks, None)) is not None:
            size += chunk.nbytes
            yield chunk

    while (first := next(chunks, None)) is not None:
        yield one_round(first)


def _write_round(tables: dict[str, Table], chunks: Iterator[pa.Table]) -> tuple[int, dict[str, list[DataFile]]]:
    """Writes the data files of a round; returns the offset after it and the files by table."""
    files: dict[str, list[DataFile]] = {spec.name: [] for spec in TABLES}
    after = 0
    try:
        for chunk in chunks:
            first = chunk["offset"][0].as_py()
            after = first + chunk.num_rows
            for spec in TABLES:
                # Offsets are consecutive, so what a table has already is a prefix of the chunk.
                rows = chunk.slice(max(0, next_offset(tables[spec.name]) - first))
                files[spec.name] += write_data_files(tables[spec.name], spec, ROWS_OF[spec.name](rows))
    except Exception:
        discard(tables[EVENTS.name].io, chain.from_iterable(files.values()))
        raise
    return after, files


def _append(table: Table, files: list[DataFile], after: int) -> None:
    """Appends data files and moves the table's next offset in one Iceberg transaction."""
    start = next_offset(table)
    if after <= start:
        return
    with LakeTransaction(table) as transaction:
        if files:
            with transaction.update_snapshot().merge_append() as append:
                for file in files:
                    append.append_data_file(file)
        transaction._apply(
            (SetPropertiesUpdate(updates={NEXT_OFFSET: str(after)}),), (AssertNextOffset(offset=start),)
        )
        # The cost of a commit grows with the snapshots that the table keeps.
        expire(transaction, RETENTION_MS, at_least=EXPIRE_AT_LEAST)
