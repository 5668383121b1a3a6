import os
import time
from pathlib import Path

import pytest
from lake_fixture import TABLES, everything, load, no_progress, run_commit, with_duckdb
from log_fixture import DAY_MS, T0, LogWriter, event, quarantined
from naap_lake import compaction, data_files, file_io, orphans
from naap_lake.describe import describe
from naap_lake.maintain import maintain
from naap_lake.tables import NEXT_OFFSET
from pyiceberg.exceptions import ValidationException

COMMITS = 10


def run_maintain(home: Path, **args) -> dict:
    return maintain({"home": str(home), **args}, no_progress)


def many_commits(home: Path) -> LogWriter:
    """Ten small commits over two days, each with a bit of dirt."""
    log = LogWriter(home)
    for number in range(COMMITS):
        log.append([event(number), event(number + 100, at=T0 + DAY_MS), quarantined(b"\xff%d" % number)])
        run_commit(home)
    return log


def paths(home: Path, table: str) -> set[str]:
    return {file["file_path"] for file in load(home, table).inspect.files().to_pylist()}


def test_compaction_makes_few_files_of_many_and_keeps_rows_and_offsets(tmp_path: Path):
    log = many_commits(tmp_path)
    before = everything(tmp_path)
    result = run_maintain(tmp_path)

    assert (result["events"]["filesBefore"], result["events"]["filesAfter"]) == (2 * COMMITS, 2)
    assert (result["quarantine"]["filesBefore"], result["quarantine"]["filesAfter"]) == (COMMITS, 1)
    assert everything(tmp_path) == before
    assert [row["offset"] for row in with_duckdb(tmp_path, "events")] == [row["offset"] for row in before["events"]]
    partitions = load(tmp_path, "events").inspect.partitions().to_pylist()
    assert sorted((row["record_count"], row["file_count"]) for row in partitions) == [(COMMITS, 1), (COMMITS, 1)]
    assert load(tmp_path, "events").properties[NEXT_OFFSET] == str(log.offset)
    assert run_maintain(tmp_path)["events"]["filesBefore"] == 0


def test_many_days_of_few_rows_are_compacted_in_one_transaction(tmp_path: Path):
    log = LogWriter(tmp_path)
    days = 30
    for number in range(COMMITS):
        log.append([event(number * days + day, at=T0 - day * DAY_MS) for day in range(days)])
        run_commit(tmp_path)
    before = everything(tmp_path)
    snapshots = len(load(tmp_path, "events").metadata.snapshots)
    result = run_maintain(tmp_path)

    assert (result["events"]["filesBefore"], result["events"]["filesAfter"]) == (days * COMMITS, days)
    # An overwrite is a snapshot of what goes and one of what comes.
    assert len(load(tmp_path, "events").metadata.snapshots) - snapshots <= 2
    assert everything(tmp_path) == before


def test_commits_go_on_after_a_compaction(tmp_path: Path):
    log = many_commits(tmp_path)
    run_maintain(tmp_path)
    log.append([event(999)])
    assert run_commit(tmp_path)["committed"]["events"] == 1
    assert len(everything(tmp_path)["events"]) == 2 * COMMITS + 1


def test_large_and_few_files_are_left_alone(tmp_path: Path, monkeypatch):
    many_commits(tmp_path)
    before = paths(tmp_path, "events")
    monkeypatch.setattr(compaction, "SMALL_FILE_BYTES", 100)
    run_maintain(tmp_path)
    assert paths(tmp_path, "events") == before
    monkeypatch.undo()
    # No group of enough files fits into memory: rewriting would not make fewer.
    monkeypatch.setattr(compaction, "GROUP_BYTES", 1000)
    run_maintain(tmp_path)
    assert paths(tmp_path, "events") == before


def test_a_compaction_that_would_change_the_number_of_rows_changes_nothing(tmp_path: Path, monkeypatch):
    many_commits(tmp_path)
    before = everything(tmp_path)
    write = data_files.write_data_files
    monkeypatch.setattr(compaction, "write_data_files", lambda table, spec, rows: write(table, spec, rows.slice(1)))
    with pytest.raises(ValidationException, match="20 rows into 19; nothing was changed"):
        run_maintain(tmp_path)
    assert everything(tmp_path) == before


def test_killed_at_any_write_of_a_compaction_the_rows_are_as_before(tmp_path: Path):
    many_commits(tmp_path)
    before = everything(tmp_path)
    fsync = file_io.fsync_path
    step = 0
    finished = False
    while not finished:
        step += 1
        child = os.fork()
        if child == 0:
            writes = 0

            def dying(path: str) -> None:
                nonlocal writes
                writes += 1
                if writes == step:
                    os.kill(os.getpid(), 9)
                fsync(path)

            file_io.fsync_path = dying
            run_maintain(tmp_path, retentionMs=0)
            os._exit(0)
        finished = os.waitpid(child, 0)[1] == 0
        assert everything(tmp_path) == before, f"killed at write {step}"
    assert step > 3
    assert len(paths(tmp_path, "events")) == 2


def test_what_only_expired_snapshots_reference_is_removed(tmp_path: Path):
    many_commits(tmp_path)
    old = paths(tmp_path, "events")
    run_maintain(tmp_path)
    assert all(map(os.path.exists, old)), "a reader may still be bound to them"
    time.sleep(0.01)  # ages are in milliseconds
    log = load(tmp_path, "events")
    result = run_maintain(tmp_path, retentionMs=0)

    assert result["events"]["expiredSnapshots"] > 0
    assert result["events"]["removedFiles"] > 0
    assert len(load(tmp_path, "events").metadata.snapshots) < len(log.metadata.snapshots)
    table = load(tmp_path, "events")
    on_disk = {path for path in Path(table.location()).rglob("*") if path.is_file()}
    assert on_disk == {Path(location.removeprefix("file://")) for location in orphans.referenced_files(table)}
    assert len(everything(tmp_path)["events"]) == 2 * COMMITS


def test_an_orphan_is_removed_when_it_is_old_enough(tmp_path: Path):
    many_commits(tmp_path)
    orphan = Path(load(tmp_path, "events").location()) / "data" / "died.parquet"
    orphan.write_bytes(b"of a writer that died before its commit")
    run_maintain(tmp_path)
    assert orphan.exists()
    os.utime(orphan, (time.time() - 3600,) * 2)
    run_maintain(tmp_path)
    assert not orphan.exists()
    assert len(everything(tmp_path)["events"]) == 2 * COMMITS


def test_describe_says_what_the_lake_holds(tmp_path: Path):
    assert describe({"home": str(tmp_path)}, no_progress) == {"tables": {}}
    log = many_commits(tmp_path)
    tables = describe({"home": str(tmp_path)}, no_progress)["tables"]
    assert set(tables) == set(TABLES)
    assert (tables["events"]["rows"], tables["events"]["files"]) == (2 * COMMITS, 2 * COMMITS)
    assert tables["events"]["bytes"] == sum(map(os.path.getsize, paths(tmp_path, "events")))
    assert tables["batches"]["nextOffset"] == log.offset
    assert tables["quarantine"]["metadata"] == load(tmp_path, "quarantine").metadata_location
