"""What no build has taken is found by snapshots: nothing is missed, and more is read only where history doesn't tell."""

from pathlib import Path

import pyarrow.parquet as pq
from lake_changes import append_behind
from lake_fixture import load, no_progress, run_commit
from log_fixture import LogWriter, event, quarantined
from naap_lake.arrivals import HomeBronze
from naap_lake.maintain import maintain
from naap_lake.pins import Pin, Taken
from naap_lake.snapshots import KEEP_LAST
from naap_lake.tables import TABLES
from test_replay import run as replay

SMALL_FILES = 8
NEVER = {spec.name: Taken(None, 0) for spec in TABLES}


class Lake:
    """A lake that gets one event a commit, and what builds of it have taken."""

    def __init__(self, home: Path):
        self.home = home
        self.log = LogWriter(home)
        self.taken = NEVER
        self.count = 0

    def commit(self, times: int = 1) -> None:
        for _ in range(times):
            self.log.append([event(self.count)])
            self.count += 1
            run_commit(self.home)

    def build(self) -> list[str] | None:
        """Ids of the events that a build takes; None: of all."""
        bronze = HomeBronze(self.home)
        files = bronze.arrived(self.taken)
        self.taken = bronze.pins
        return None if files is None else event_ids(files["events"])

    def maintain(self, retention_ms: int) -> None:
        maintain({"home": str(self.home), "retentionMs": retention_ms}, no_progress)

    def operations(self) -> list[str]:
        return [snapshot.summary.operation.value for snapshot in load(self.home, "events").metadata.snapshots]


def event_ids(files: list[str]) -> list[str]:
    return [event_id for file in files for event_id in pq.read_table(file, partitioning=None)["event_id"].to_pylist()]


def named(*numbers: int) -> list[str]:
    return [f"e{number}" for number in numbers]


def test_an_empty_home_has_no_tables(tmp_path: Path):
    assert HomeBronze(tmp_path).pins == {}


def test_a_build_takes_what_came_since_the_last_one_and_nothing_twice(tmp_path: Path):
    lake = Lake(tmp_path)
    lake.commit(2)
    assert sorted(lake.build()) == named(0, 1)
    assert lake.build() == []
    lake.commit()
    assert lake.build() == named(2)


def test_pins_are_of_one_moment_whatever_is_committed_afterwards(tmp_path: Path):
    lake = Lake(tmp_path)
    lake.commit()
    bronze = HomeBronze(tmp_path)
    lake.commit()
    assert event_ids(bronze.arrived(NEVER)["events"]) == named(0)
    assert bronze.pins["events"].snapshot == str(load(tmp_path, "events").metadata.snapshots[0].snapshot_id)
    assert set(bronze.pins) == {"events", "quarantine", "batches"}
    assert bronze.pins["quarantine"] == Pin(None, 0, bronze.pins["quarantine"].metadata)


def test_an_append_behind_a_position_that_was_passed_is_not_missed(tmp_path: Path):
    lake = Lake(tmp_path)
    lake.commit(3)
    lake.build()
    append_behind(tmp_path, "e0", "late")
    assert lake.build() == ["late"]


def test_a_compaction_brings_nothing_new_and_hides_nothing(tmp_path: Path):
    lake = Lake(tmp_path)
    lake.commit(SMALL_FILES - 1)
    lake.build()
    lake.commit()
    lake.maintain(retention_ms=3_600_000)
    assert lake.operations()[-1] == "replace"
    assert lake.build() == named(SMALL_FILES - 1)
    lake.commit(SMALL_FILES)
    lake.build()
    lake.maintain(retention_ms=3_600_000)
    assert lake.operations()[-1] == "replace"
    assert lake.build() == []


def test_where_snapshots_have_expired_files_that_are_newer_than_the_last_build_are_taken(tmp_path: Path):
    lake = Lake(tmp_path)
    lake.commit(3)
    lake.build()
    lake.commit(KEEP_LAST + 2)
    lake.maintain(retention_ms=0)
    found = lake.build()
    # The rows of the compaction are newer than the build, also those that it has.
    assert sorted(found) == sorted(named(*range(lake.count)))
    assert lake.build() == []
    lake.commit()
    assert lake.build() == named(lake.count - 1)


def test_a_file_that_is_gone_is_made_up_for_by_the_files_that_are_newer_than_the_last_build(tmp_path: Path):
    lake = Lake(tmp_path)
    lake.commit(SMALL_FILES - 1)
    lake.build()
    lake.commit()
    [appended] = HomeBronze(tmp_path).arrived(lake.taken)["events"]
    lake.maintain(retention_ms=3_600_000)
    Path(appended).unlink()
    assert sorted(lake.build()) == named(*range(SMALL_FILES))


def test_a_replay_that_changes_rows_is_taken_and_one_that_only_judges_anew_is_not(tmp_path: Path):
    lake = Lake(tmp_path)
    lake.commit(3)
    lake.build()
    replay(tmp_path, lambda _: None, all=True)
    assert lake.operations()[-1] == "replace"
    assert lake.build() == []
    replay(tmp_path, all=True)
    assert lake.operations()[-1] == "overwrite"
    assert sorted(lake.build()) == named(0, 2)


def test_of_a_lake_with_another_history_everything_is_taken(tmp_path: Path):
    lake = Lake(tmp_path)
    lake.commit()
    lake.taken = NEVER | {"events": Taken("12345", 99)}
    assert lake.build() is None


def test_what_was_refused_and_what_was_counted_is_found_as_events_are(tmp_path: Path):
    lake = Lake(tmp_path)
    lake.commit()
    lake.build()
    lake.log.append([quarantined(b"junk")])
    run_commit(tmp_path)
    found = HomeBronze(tmp_path).arrived(lake.taken)
    assert {name: len(files) for name, files in found.items()} == {"events": 0, "quarantine": 1, "batches": 1}
