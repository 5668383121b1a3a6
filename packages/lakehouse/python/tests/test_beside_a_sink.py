"""What maintenance leaves of a table that Iceberg's sink for Kafka Connect writes. The sink here is its snapshots alone."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from lake_fixture import TABLES, no_progress
from naap_lake import compaction
from naap_lake.catalogs import open_catalog
from naap_lake.data_files import write_data_files
from naap_lake.maintain import maintain
from naap_lake.orphans import referenced_files, safe_before_ms
from naap_lake.sink_snapshots import last_complete_commit_ms
from naap_lake.snapshots import KEEP_LAST, superseded
from naap_lake.tables import QUARANTINE, BronzeTable, ensure_table
from pyiceberg.catalog import Catalog
from pyiceberg.exceptions import ValidationException
from pyiceberg.manifest import DataFile
from pyiceberg.table import Table
from pyiceberg.table.snapshots import Operation, Snapshot, Summary

OFFSETS = "kafka.connect.offsets.naap.connect.control.quarantine.sink"
COMPLETE = "kafka.connect.valid-through-ts"
HOUR_S = 3600


def snapshots(*summaries: dict[str, str]) -> list[Snapshot]:
    """One a minute, in that order."""
    return [
        Snapshot(
            snapshot_id=i,
            sequence_number=i,
            timestamp_ms=i * 60_000,
            manifest_list=f"{i}.avro",
            summary=Summary(Operation.APPEND, **summary),
        )
        for i, summary in enumerate(summaries, 1)
    ]


@pytest.mark.parametrize(
    ("sinks", "gone"),
    [
        ({}, list(range(1, 31))),
        ({20: [OFFSETS]}, list(range(1, 20))),
        ({5: [OFFSETS], 20: [OFFSETS]}, list(range(1, 20))),
        ({5: [OFFSETS], 20: ["kafka.connect.offsets.other.sink"]}, list(range(1, 5))),
        ({1: [OFFSETS]}, []),
        ({39: [OFFSETS]}, list(range(1, 31))),
    ],
)
def test_the_newest_commit_of_each_sink_is_kept_with_all_after_it(sinks: dict[int, list[str]], gone: list[int]):
    history = snapshots(*({key: "{}" for key in sinks.get(i, [])} for i in range(1, 31 + KEEP_LAST)))
    assert superseded(history, now_ms=10**12, retention_ms=0) == gone


def sink_commit(catalog: Catalog, offset: int, complete: bool = True) -> Table:
    table = ensure_table(catalog, QUARANTINE, for_sink=True)
    row = dict.fromkeys(QUARANTINE.columns) | {"class": "malformed", "offset": offset}
    [file] = write_data_files(table, QUARANTINE, pa.Table.from_pylist([row], QUARANTINE.arrow_schema))
    properties = {OFFSETS: f'{{"0":{offset}}}'} | ({COMPLETE: "2026-01-01T00:00Z"} if complete else {})
    with table.transaction() as transaction, transaction.update_snapshot(properties).merge_append() as append:
        append.append_data_file(file)
    return table


def offsets_as_the_sink_finds_them(table: Table) -> str | None:
    snapshot = table.current_snapshot()
    while snapshot:
        if found := snapshot.summary.additional_properties.get(OFFSETS):
            return found
        snapshot = table.snapshot_by_id(snapshot.parent_snapshot_id) if snapshot.parent_snapshot_id else None
    return None


def run_maintain(home: Path, retention_ms: int = 0) -> dict[str, Any]:
    time.sleep(0.002)  # ages are in milliseconds
    return maintain({"home": str(home), "retentionMs": retention_ms}, no_progress)["quarantine"]


def test_a_sink_finds_its_offsets_after_any_number_of_compactions(tmp_path: Path):
    with open_catalog(tmp_path) as catalog:
        for offset in range(3 * KEEP_LAST):
            sink_commit(catalog, offset)
        assert run_maintain(tmp_path)["filesAfter"] == 1
        table = ensure_table(catalog, QUARANTINE)
        for _ in range(3 * KEEP_LAST):
            table.append(table.schema().as_arrow().empty_table())
        assert len(table.snapshots()) > 3 * KEEP_LAST
        run_maintain(tmp_path)
        assert offsets_as_the_sink_finds_them(table.refresh()) == f'{{"0":{3 * KEEP_LAST - 1}}}'


def beside(monkeypatch: pytest.MonkeyPatch, *steps: Callable[[], object]) -> None:
    """What others do while a compaction has its files and has not committed them: one step at each."""
    left = list(steps)
    write = compaction.write_data_files

    def written(table: Table, spec: BronzeTable, rows: pa.Table) -> list[DataFile]:
        files = write(table, spec, rows)
        if left:
            left.pop(0)()
        return files

    monkeypatch.setattr(compaction, "write_data_files", written)


def stored(catalog: Catalog) -> list[int]:
    return sorted(ensure_table(catalog, QUARANTINE).scan().to_arrow()["offset"].to_pylist())


def test_a_compaction_that_a_commit_of_the_sink_overtook_is_made_on_what_that_left(tmp_path: Path, monkeypatch):
    with open_catalog(tmp_path) as catalog:
        for offset in range(KEEP_LAST):
            sink_commit(catalog, offset)
        beside(monkeypatch, lambda: sink_commit(catalog, 77))
        assert run_maintain(tmp_path)["filesAfter"] == 1
        table = ensure_table(catalog, QUARANTINE)
        assert len(list(table.scan().plan_files())) == 2
        assert stored(catalog) == [*range(KEEP_LAST), 77]
        # Also by a catalog that shows no snapshot but this one.
        assert table.current_snapshot().summary.additional_properties[OFFSETS] == '{"0":77}'
        assert last_complete_commit_ms([table.current_snapshot()]) == table.snapshots()[-2].timestamp_ms


def test_a_compaction_gives_way_where_somebody_else_replaced_its_files(tmp_path: Path, monkeypatch):
    with open_catalog(tmp_path) as catalog:
        for offset in range(KEEP_LAST):
            sink_commit(catalog, offset)
        beside(monkeypatch, lambda: compaction.compact(ensure_table(catalog, QUARANTINE), QUARANTINE))
        with pytest.raises(ValidationException, match="Missing required files"):
            run_maintain(tmp_path)
        table = ensure_table(catalog, QUARANTINE)
        assert stored(catalog) == list(range(KEEP_LAST))
        written = {str(path) for path in Path(table.location()).rglob("*.parquet")}
        assert written == {path for path in referenced_files(table) if path.endswith(".parquet")}


def orphan(table: Table, age_s: float) -> Path:
    path = Path(table.location()) / "data" / f"{age_s}.parquet"
    path.write_bytes(b"written before an outage")
    os.utime(path, (time.time() - age_s,) * 2)
    return path


def test_without_a_complete_commit_of_the_sink_no_file_is_removed(tmp_path: Path):
    with open_catalog(tmp_path) as catalog:
        table = sink_commit(catalog, 1, complete=False)
        waiting = orphan(table, 1000 * HOUR_S)
        assert run_maintain(tmp_path)["removedFiles"] == 0
        assert waiting.exists()


def test_a_file_is_kept_as_long_as_the_sink_may_commit_it(tmp_path: Path):
    with open_catalog(tmp_path) as catalog:
        table = sink_commit(catalog, 1)
        committed = table.current_snapshot().timestamp_ms
        # However long the outage lasts, the age is counted from the last commit.
        assert safe_before_ms(table, committed + 1000 * HOUR_S * 1000, 60_000) == committed - 60_000
        old, recent = orphan(table, 2 * HOUR_S), orphan(table, HOUR_S / 2)
        assert run_maintain(tmp_path, retention_ms=HOUR_S * 1000)["removedFiles"] == 1
        assert (old.exists(), recent.exists()) == (False, True)


def test_a_table_that_nobody_has_written_yet_loses_no_file(tmp_path: Path):
    with open_catalog(tmp_path) as catalog:
        for name in TABLES:
            run_maintain(tmp_path)
            table = catalog.load_table(("bronze", name))
            (Path(table.location()) / "data").mkdir()
            waiting = orphan(table, 1000 * HOUR_S)
            run_maintain(tmp_path)
            assert waiting.exists()
