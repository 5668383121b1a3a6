"""`gold.builds`: the record of the builds of a lake that machines share."""

import json
from datetime import datetime, timezone
from typing import Any
from uuid import uuid4

import pyarrow as pa
from pyiceberg.catalog import Catalog
from pyiceberg.exceptions import CommitFailedException, NoSuchTableError, ValidationException
from pyiceberg.schema import Schema
from pyiceberg.table import Table
from pyiceberg.types import NestedField, StringType, TimestamptzType

GOLD = "gold"
BUILDS = "builds"
KEPT = 100
"""Rows that stay: the newest."""

WRITER = "naap.writer"
"""Property of the table: the one that may record builds."""

HALF_MADE = "naap.full-build"
"""Property of the table while a full build is under way."""

SCHEMA = Schema(
    NestedField(1, "build_id", StringType(), required=False),
    NestedField(2, "at", TimestamptzType(), required=False),
    NestedField(3, "record", StringType(), required=False),
)
ROWS = pa.schema([("build_id", pa.string()), ("at", pa.timestamp("us", "UTC")), ("record", pa.string())])


class TakenOver(RuntimeError):
    """Somebody else began to build: what was made here is recorded nowhere."""


class LakeBuilds:
    """One row a build, in the order in which they ended; the last is the last good one.

    One process at a time writes. Who that is says the queue of runs, whose leases end; so that a process which slept for
    longer than its lease records nothing, the table itself knows who began last.
    """

    def __init__(self, catalog: Catalog):
        self._catalog = catalog
        self._writer = uuid4().hex

    def read_build(self) -> dict[str, Any] | None:
        table = self._table()
        rows = table.scan().to_arrow() if table else []
        return json.loads(rows.sort_by("at")["record"][-1].as_py()) if len(rows) else None

    def begin(self) -> None:
        """Takes the records over, with a snapshot: what another is about to commit on the one before fails."""
        table = self._made()
        rows = table.scan().to_arrow().cast(ROWS)
        with table.transaction() as transaction:
            transaction.set_properties({WRITER: self._writer})
            if len(rows):
                transaction.overwrite(rows)

    def write_build(self, record: dict[str, Any]) -> None:
        """`record` with `gold` added: how each table of gold is now. Raises TakenOver."""
        table = self._mine()
        record = {**record, "gold": self._gold()}
        row = {"build_id": record["build"]["id"], "at": datetime.now(timezone.utc), "record": json.dumps(record)}
        before = table.scan().to_arrow().cast(ROWS).sort_by("at")
        # In one file and one commit: whoever reads the newest snapshot has all of it with one look.
        rows = pa.concat_tables([before.slice(max(0, len(before) - KEPT + 1)), pa.Table.from_pylist([row], ROWS)])
        try:
            (table.overwrite if len(before) else table.append)(rows)
        except (CommitFailedException, ValidationException) as error:
            raise TakenOver("Another process began to build") from error

    def is_half_made(self) -> bool:
        table = self._table()
        return table is not None and HALF_MADE in table.properties

    def begin_anew(self) -> None:
        with self._mine().transaction() as transaction:
            transaction.set_properties({HALF_MADE: "true"})

    def made_anew(self) -> None:
        with self._mine().transaction() as transaction:
            transaction.remove_properties(HALF_MADE)

    def _gold(self) -> dict[str, dict[str, str]]:
        """By table, the snapshot that is the current one and the metadata.json that says so."""
        names = [name for _, name in self._catalog.list_tables(GOLD) if name != BUILDS]
        tables = {name: self._catalog.load_table((GOLD, name)) for name in sorted(names)}
        return {
            name: {"snapshot": str(snapshot.snapshot_id), "metadata": table.metadata_location}
            for name, table in tables.items()
            if (snapshot := table.current_snapshot())
        }

    def _table(self) -> Table | None:
        try:
            return self._catalog.load_table((GOLD, BUILDS))
        except NoSuchTableError:
            return None

    def _made(self) -> Table:
        self._catalog.create_namespace_if_not_exists(GOLD)
        return self._table() or self._catalog.create_table((GOLD, BUILDS), SCHEMA, properties={"format-version": "2"})

    def _mine(self) -> Table:
        table = self._made()
        if table.properties.get(WRITER) != self._writer:
            raise TakenOver("Another process began to build")
        return table
