import json
import os
import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lake_fixture import TABLES, everything, load, run_commit, with_duckdb, with_pyiceberg
from log_fixture import DAY_MS, OLD_SCHEMA, SCHEMA, SOURCE, T0, LogWriter, event, quarantined
from naap_lake import bronze_rows, event_log, file_io
from naap_lake import commit as commit_module
from naap_lake.event_log import DamagedLogError
from naap_lake.catalogs import open_catalog
from naap_lake.tables import BATCHES, EVENTS, NEXT_OFFSET, QUARANTINE, ensure_table
from old_home import old_lake
from pyiceberg.exceptions import CommitFailedException

ODD_BYTES = bytes(range(256)) + b'\n{"half'


def at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def a_small_log(home: Path) -> LogWriter:
    log = LogWriter(home)
    log.append([event(0), event(1, at=T0 - DAY_MS), quarantined(ODD_BYTES), event(0, **{"class": "duplicate"})])
    log.new_segment()
    log.append([quarantined(b"{}", "unsupported_type", **{"class": "ignored"})], T0 + 5)
    log.append([event(2, request_id=None, gateway="gw", data_at=None)])
    log.close()
    return log


@pytest.mark.parametrize("read", [with_pyiceberg, with_duckdb])
def test_every_row_lands_in_its_table_and_both_engines_read_it_back(tmp_path: Path, read):
    log = a_small_log(tmp_path)
    result = run_commit(tmp_path)

    assert result["committed"] == {"events": 4, "quarantine": 2, "batches": 3}
    assert result["nextOffset"] == log.offset
    assert result["metadata"] == {table: load(tmp_path, table).metadata_location for table in TABLES}
    events = read(tmp_path, "events")
    assert [row["offset"] for row in events] == [0, 1, 3, 7]
    assert events[1] == {
        **{name: event(1, at=T0 - DAY_MS)[name] for name in ("event_id", "type", "subtype", "request_id", "data")},
        "envelope": event(1, at=T0 - DAY_MS)["envelope"],
        "data_at": event(1, at=T0 - DAY_MS)["data_at"],
        "event_time": at(T0 - DAY_MS),
        "envelope_time": at(T0 - DAY_MS),
        "gateway": None,
        "stream_id": None,
        "topic": "network_events",
        "partition": 0,
        "offset": 1,
        "ingested_at": at(T0),
        "source": "file",
        "gate_version": 2,
        "source_topic": None,
        "source_partition": None,
        "source_offset": None,
    }
    assert (events[3]["request_id"], events[3]["gateway"], events[3]["data_at"]) == (None, "gw", None)
    quarantine = read(tmp_path, "quarantine")
    assert [(row["class"], row["reason"], row["raw"]) for row in quarantine] == [
        ("rejected", "not_json", ODD_BYTES),
        ("ignored", "unsupported_type", b"{}"),
    ]
    assert [(row["raw_length"], row["raw_sha256"]) for row in quarantine] == [(len(ODD_BYTES), None), (2, None)]
    assert quarantine[1]["seen_at"] == at(T0 + 5)
    batches = read(tmp_path, "batches")
    assert [(row["offset"], row["read"], row["accepted"], row["duplicate"], row["reasons"]) for row in batches] == [
        (4, 4, 2, 1, '{"not_json": 1}'),
        (6, 1, 0, 0, '{"unsupported_type": 1}'),
        (8, 1, 1, 0, "{}"),
    ]


def test_events_lie_in_a_partition_per_day_of_their_envelope(tmp_path: Path):
    a_small_log(tmp_path)
    run_commit(tmp_path)

    files = load(tmp_path, "events").inspect.files().to_pylist()
    days = Counter()
    for file in files:
        days[file["partition"]["envelope_time_day"]] += file["record_count"]
    assert days == {at(T0 - DAY_MS).date(): 1, at(T0).date(): 3}


def test_rows_of_a_file_are_ordered_by_family_and_request(tmp_path: Path):
    log = LogWriter(tmp_path)
    log.append([event(i, type=kind, request_id=request) for i, (kind, request) in enumerate(["bz", "ab", "ba", "aa"])])
    run_commit(tmp_path)

    rows = load(tmp_path, "events").scan().to_arrow().to_pylist()
    assert [(row["type"], row["request_id"]) for row in rows] == [("a", "a"), ("a", "b"), ("b", "a"), ("b", "z")]


def test_a_second_commit_takes_only_what_is_new_also_from_a_segment_that_grows(tmp_path: Path):
    log = LogWriter(tmp_path)
    for number in range(5):
        log.append([event(number)])
        assert run_commit(tmp_path)["committed"]["events"] == 1
        assert run_commit(tmp_path)["committed"] == {"events": 0, "quarantine": 0, "batches": 0}
    assert [row["event_id"] for row in with_pyiceberg(tmp_path, "events")] == [f"e{number}" for number in range(5)]


def test_an_empty_home_gets_empty_tables_that_engines_can_read(tmp_path: Path):
    assert run_commit(tmp_path)["nextOffset"] == 0
    assert [with_duckdb(tmp_path, table) for table in TABLES] == [[], [], []]


def test_the_lake_of_before_takes_segments_of_before_and_of_today(tmp_path: Path, monkeypatch):
    log = LogWriter(tmp_path, OLD_SCHEMA)
    log.append([quarantined(b"in the lake"), event(0)])
    since = {"raw_length", "raw_sha256", "gate_version", *SOURCE}
    old, old_events, old_batches = (
        replace(table, columns={name: kind for name, kind in table.columns.items() if name not in since}, opaque=opaque)
        for table, opaque in ((QUARANTINE, ("raw",)), (EVENTS, EVENTS.opaque), (BATCHES, BATCHES.opaque))
    )
    with monkeypatch.context() as patch:
        patch.setattr(commit_module, "TABLES", (old_events, old, old_batches))
        patch.setattr(bronze_rows, "EVENTS", old_events)
        patch.setattr(bronze_rows, "QUARANTINE", old)
        patch.setattr(bronze_rows, "BATCHES", old_batches)
        run_commit(tmp_path)
    log.append([quarantined(b"in the log"), event(1)])
    log.schema = SCHEMA
    log.new_segment()
    log.append([quarantined(b"cut", "too_large", raw_length=2**33, raw_sha256="ab" * 32)])
    assert run_commit(tmp_path)["committed"] == {"events": 1, "quarantine": 2, "batches": 2}
    for read in (with_pyiceberg, with_duckdb):
        assert [(row["raw"], row["raw_length"], row["raw_sha256"]) for row in read(tmp_path, "quarantine")] == [
            (b"in the lake", None, None),
            (b"in the log", 10, None),
            (b"cut", 2**33, "ab" * 32),
        ]
        assert len(read(tmp_path, "events")) == 2
    ids = {field.name: field.field_id for field in load(tmp_path, "quarantine").schema().fields}
    assert ids == {field.name: field.field_id for field in QUARANTINE.schema.fields}


def test_rows_carry_the_coordinates_of_their_source_record_also_in_a_lake_of_before(tmp_path: Path):
    log = old_lake(tmp_path, [([event(0), quarantined(b"in the lake")], T0)])
    log.schema = SCHEMA
    log.new_segment()
    place = {"source_topic": "raw", "source_partition": 3}
    rows = [event(1, **place, source_offset=2**40), quarantined(b"no", **place, source_offset=2**40 + 5)]
    log.append(rows, mark={**place, "source_offset": 2**40, "source_next_offset": 2**40 + 7})
    log.append([event(2)])
    run_commit(tmp_path)

    for read in (with_pyiceberg, with_duckdb):
        found = {table: [tuple(row[name] for name in SOURCE[:3]) for row in read(tmp_path, table)] for table in TABLES}
        nowhere = (None, None, None)
        assert found == {
            "events": [nowhere, ("raw", 3, 2**40), nowhere],
            "quarantine": [nowhere, ("raw", 3, 2**40 + 5)],
            "batches": [nowhere, ("raw", 3, 2**40), nowhere],
        }
        assert [row["source_next_offset"] for row in read(tmp_path, "batches")] == [None, 2**40 + 7, None]


def test_a_torn_last_batch_waits_until_it_is_whole(tmp_path: Path):
    log = LogWriter(tmp_path)
    log.append([event(0)])
    before = log.path.stat().st_size
    log.append([event(1), quarantined(ODD_BYTES)])
    whole = log.path.read_bytes()
    for size in sorted({before, before + 1, before + 4, before + 8, len(whole) - 1, *range(before, len(whole), 97)}):
        log.path.write_bytes(whole[:size])
        assert run_commit(tmp_path)["nextOffset"] == 2, f"cut at byte {size}"
    log.path.write_bytes(whole)
    assert run_commit(tmp_path)["nextOffset"] == log.offset
    assert [row["event_id"] for row in with_pyiceberg(tmp_path, "events")] == ["e0", "e1"]


def test_zeros_after_the_last_batch_are_a_torn_tail(tmp_path: Path):
    log = LogWriter(tmp_path)
    log.append([event(0)])
    with log.path.open("ab") as file:
        file.write(bytes(4096))
    assert run_commit(tmp_path)["nextOffset"] == 2


@pytest.mark.parametrize("begun", [b"", b"\xff\xff\xff\xff\x10", bytes(64)])
def test_a_segment_that_is_only_begun_holds_nothing_yet(tmp_path: Path, begun: bytes):
    log = LogWriter(tmp_path)
    log.append([event(0)])
    log.new_segment()
    log.path.write_bytes(begun)
    assert run_commit(tmp_path)["nextOffset"] == 2


def test_a_segment_torn_where_the_next_one_goes_on_is_whole(tmp_path: Path):
    log = LogWriter(tmp_path)
    log.append([event(0)])
    with log.path.open("ab") as file:
        file.write(b"\xff\xff\xff\xff\x10\x27")
    log.new_segment()
    log.append([event(1)])
    assert run_commit(tmp_path)["committed"]["events"] == 2


def test_a_missing_segment_is_an_error_that_names_the_offset(tmp_path: Path):
    log = LogWriter(tmp_path)
    log.append([event(0)])
    missing = log.path
    log.new_segment()
    log.append([event(1)])
    missing.unlink()
    with pytest.raises(DamagedLogError, match="begins at offset 2, but the lake needs 0 next"):
        run_commit(tmp_path)


def test_segments_that_the_lake_has_may_be_deleted(tmp_path: Path):
    log = LogWriter(tmp_path)
    log.append([event(0)])
    done = log.path
    log.new_segment()
    run_commit(tmp_path)
    done.unlink()
    log.append([event(1)])
    assert run_commit(tmp_path)["committed"]["events"] == 1


@pytest.mark.parametrize("appends", [1, 2])
def test_a_failure_between_two_tables_is_made_up_for_by_each_table_alone(tmp_path: Path, monkeypatch, appends: int):
    a_small_log(tmp_path)
    append = commit_module._append
    done = 0

    def failing(*args) -> None:
        nonlocal done
        if done == appends:
            raise OSError("No space left on device")
        done += 1
        append(*args)

    with monkeypatch.context() as patch:
        patch.setattr(commit_module, "_append", failing)
        with pytest.raises(OSError, match="No space left"):
            run_commit(tmp_path)
    run_commit(tmp_path)
    assert [row["offset"] for row in with_pyiceberg(tmp_path, "events")] == [0, 1, 3, 7]
    assert [row["offset"] for row in with_pyiceberg(tmp_path, "quarantine")] == [2, 5]
    assert [row["offset"] for row in with_pyiceberg(tmp_path, "batches")] == [4, 6, 8]


def test_a_failed_write_leaves_no_files_that_nothing_names(tmp_path: Path, monkeypatch):
    log = a_small_log(tmp_path)
    run_commit(tmp_path)
    there = set((tmp_path / "lake").rglob("*.parquet"))
    log.new_segment()
    log.append([event(100), event(101)])
    fsync = file_io.fsync_path

    def full(path: str) -> None:
        if "batches" in path:
            raise OSError(28, "No space left on device")
        fsync(path)

    with monkeypatch.context() as patch:
        patch.setattr(file_io, "fsync_path", full)
        for _ in range(3):
            with pytest.raises(OSError, match="No space left"):
                run_commit(tmp_path)
            assert set((tmp_path / "lake").rglob("*.parquet")) == there
    assert run_commit(tmp_path)["committed"]["events"] == 2


def _die_at(step: int | None, home: Path) -> int:
    """Commits in a forked process that is killed at its n-th write to the disk; returns the number of writes, or 0."""
    fsync = file_io.fsync_path
    writes = 0

    def counting(path: str) -> None:
        nonlocal writes
        writes += 1
        if writes == step:
            os.kill(os.getpid(), 9)
        fsync(path)

    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        file_io.fsync_path = counting
        run_commit(home)
        os.write(writer, b"%d" % writes)
        os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader) as answer:
        return int(answer.read() or 0)


def test_killed_at_any_write_nothing_is_lost_and_nothing_doubled(tmp_path: Path):
    a_small_log(tmp_path / "whole")
    writes = _die_at(None, tmp_path / "whole")
    expected = everything(tmp_path / "whole")
    assert writes > 20
    for step in range(1, writes + 1):
        home = tmp_path / f"killed-{step}"
        a_small_log(home)
        assert _die_at(step, home) == 0
        result = run_commit(home)
        assert everything(home) == expected, f"killed at write {step} of {writes}"
        assert result["nextOffset"] == 9


def test_a_writer_that_fell_behind_fails_instead_of_doubling_rows(tmp_path: Path):
    a_small_log(tmp_path)
    with open_catalog(tmp_path) as catalog:
        stale = ensure_table(catalog, EVENTS)
        run_commit(tmp_path)
        with pytest.raises(CommitFailedException, match="another process committed"):
            commit_module._append(stale, [], 4)
    assert load(tmp_path, "events").properties[NEXT_OFFSET] == "9"


def test_chunks_and_rounds_do_not_show_in_the_result(tmp_path: Path, monkeypatch):
    rng = random.Random(7)
    rows = [
        event(i, at=T0 - rng.randrange(60) * DAY_MS) if rng.random() < 0.9 else quarantined(rng.randbytes(40))
        for i in range(3000)
    ]
    for home in ("one", "many"):
        log = LogWriter(tmp_path / home)
        for start in range(0, len(rows), 500):
            log.append(rows[start : start + 500])
    run_commit(tmp_path / "one")
    monkeypatch.setattr(event_log, "CHUNK_BYTES", 30_000)
    monkeypatch.setattr(commit_module, "ROUND_BYTES", 100_000)
    run_commit(tmp_path / "many")
    assert everything(tmp_path / "many") == everything(tmp_path / "one")
    assert len(load(tmp_path / "many", "events").metadata.snapshots) > 3


def test_counts_keep_adding_up(tmp_path: Path):
    a_small_log(tmp_path)
    run_commit(tmp_path)
    tables = everything(tmp_path)
    for row in tables["batches"]:
        assert row["read"] == row["accepted"] + row["ignored"] + row["rejected"] + row["duplicate"]
        assert sum(json.loads(row["reasons"]).values()) == row["ignored"] + row["rejected"]
    assert sum(row["ignored"] + row["rejected"] for row in tables["batches"]) == len(tables["quarantine"])
    assert max(row["seen_at"] for row in tables["quarantine"]) - at(T0) == timedelta(milliseconds=5)
