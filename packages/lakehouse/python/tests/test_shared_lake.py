"""The lake in a catalog and a store of other processes, with what stands for a sink beside it: see `shared_lake`."""

import time
from pathlib import Path
from threading import Thread
from typing import Any

import pyarrow as pa
import pytest
from lake_fixture import no_progress
from naap_lake.catalogs import open_lake
from naap_lake.coordinates import coordinates
from naap_lake.data_files import write_data_files
from naap_lake.describe import describe
from naap_lake.file_io import place_of
from naap_lake.maintain import maintain
from naap_lake.orphans import remove_orphans
from naap_lake.replay import replay_apply, replay_begin, replay_done, replay_next, replay_stage
from naap_lake.sink_snapshots import last_complete_commit_ms
from naap_lake.table_drift import tables
from naap_lake.tables import BATCHES, NAMESPACE, QUARANTINE, TABLES, BronzeTable
from shared_lake import CONTROL, args, reset, rows_of, sink_append

COMMITS = 24


@pytest.fixture(autouse=True)
def lake() -> None:
    reset()


def rows(spec: BronzeTable, *given: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist([dict.fromkeys(spec.columns) | row for row in given], spec.arrow_schema)


def refused(offset: int) -> pa.Table:
    place = {"source_topic": "network_events", "source_partition": 0, "source_offset": offset}
    # Times of Iceberg have microseconds.
    came = {"seen_at": 1767952800000000, "source": "kafka"}
    return rows(QUARANTINE, {"class": "malformed", "raw": b"?" * 100, "offset": offset, **came, **place})


def test_tables_that_are_as_declared_are_left_alone():
    nothing = {spec.name: [] for spec in TABLES}
    assert tables(args(), no_progress)["tables"] == tables({**args(), "check": True}, no_progress)["tables"] == nothing


def test_maintenance_beside_a_sink_that_writes_loses_and_doubles_nothing():
    failed: list[BaseException] = []

    def sink() -> None:
        try:
            with open_lake(args()) as catalog:
                for offset in range(COMMITS):
                    sink_append(catalog.load_table((NAMESPACE, QUARANTINE.name)), refused(offset), offset)
        except BaseException as e:
            failed.append(e)

    thread = Thread(target=sink)
    thread.start()
    compacted = 0
    while thread.is_alive():
        done = maintain({**args(), "retentionMs": 0}, no_progress)["quarantine"]
        compacted += done["filesBefore"]
    thread.join()
    assert failed == []
    compacted += maintain({**args(), "retentionMs": 0}, no_progress)["quarantine"]["filesBefore"]
    assert compacted > 0
    with open_lake(args()) as catalog:
        assert sorted(rows_of(catalog, QUARANTINE.name)["offset"].to_pylist()) == list(range(COMMITS))
        table = catalog.load_table((NAMESPACE, QUARANTINE.name))
        said = table.current_snapshot().summary.additional_properties
        assert said[f"{CONTROL}.{QUARANTINE.name}"] == f'{{"0": {COMMITS - 1}}}'
        assert last_complete_commit_ms(table.snapshots()) is not None
    assert describe(args(), no_progress)["tables"]["quarantine"]["rows"] == COMMITS


def test_what_no_snapshot_names_goes_unless_the_catalog_collects_it_itself():
    with open_lake(args()) as catalog:
        table = catalog.load_table((NAMESPACE, QUARANTINE.name))
        [orphan] = write_data_files(table, QUARANTINE, refused(1))
        sink_append(table, refused(2), 2)
        time.sleep(1.1)  # S3 tells the age of a file in whole seconds
        waiting = write_data_files(table, QUARANTINE, refused(3))
        collects = table.properties.get("gc.enabled") == "false"
        removed = remove_orphans(table, 0)
        assert (removed == 0) == collects
        there = [place_of(table.io, file.file_path) for file in (orphan, *waiting)]
        assert [filesystem.get_file_info(path).is_file for filesystem, path in there] == [collects, True]
        assert rows_of(catalog, QUARANTINE.name)["offset"].to_pylist() == [2]


def test_coordinates_are_compared_where_the_lake_is():
    read = {"read": 3, "accepted": 0, "ignored": 0, "rejected": 3, "duplicate": 0, "source_next_offset": 3}
    place = {"source_topic": "network_events", "source_partition": 0, "source_offset": 0}
    with open_lake(args()) as catalog:
        batches, quarantine = (catalog.load_table((NAMESPACE, spec.name)) for spec in (BATCHES, QUARANTINE))
        sink_append(batches, rows(BATCHES, {**read, **place, "received_at": 1767952800000000}), 0)
        sink_append(quarantine, pa.concat_tables([refused(0), refused(1), refused(1)]), 0)
    [found] = coordinates(args(), no_progress)["partitions"]
    assert (found["missing"], found["repeated"], found["gaps"]) == (1, 1, 0)


def test_a_replay_moves_what_a_sink_wrote(tmp_path: Path):
    where = {**args(), "home": str(tmp_path)}
    with open_lake(args()) as catalog:
        quarantine = catalog.load_table((NAMESPACE, QUARANTINE.name))
        sink_append(quarantine, pa.concat_tables([refused(0), refused(1)]), 0)
    replay_begin({**where, "gateVersion": 2}, no_progress)
    assert replay_next(where, no_progress)["rows"] == 2
    verdict = {"at": 1, "class": "rejected", "reason": "not_json"}
    assert replay_next({**where, "verdicts": [verdict]}, no_progress)["path"] is None
    assert replay_stage(where, no_progress)["changed"] == 1
    applied = replay_apply(where, no_progress)
    with open_lake(args()) as catalog:
        # From another worker, whatever became of this one.
        assert replay_apply(where, no_progress)["id"] == applied["id"]
        sink_append(catalog.load_table((NAMESPACE, QUARANTINE.name)), refused(2), 1)
        replay_done({**where, "id": applied["id"]}, no_progress)
        assert replay_apply(where, no_progress)["id"] is None
        found = sorted(rows_of(catalog, QUARANTINE.name).to_pylist(), key=lambda row: row["source_offset"])
        assert [(row["reason"], row["gate_version"]) for row in found] == [(None, 2), ("not_json", 2), (None, None)]
        said = catalog.load_table((NAMESPACE, QUARANTINE.name)).current_snapshot().summary.additional_properties
        assert said[f"{CONTROL}.{QUARANTINE.name}"] == '{"0": 1}'
