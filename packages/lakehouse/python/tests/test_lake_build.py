"""Builds of a real lake, by dbt on DuckDB, while others write to it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from gold_harness import all_rows, same_tables
from lake_changes import append_behind
from lake_fixture import load, no_progress, run_commit
from log_fixture import DAY_MS, T0, LogWriter, event, quarantined
from naap_lake.build import build
from naap_lake.engines.duckdb import DuckDb
from naap_lake.maintain import maintain
from naap_lake.ops import BadRequest
from naap_lake.snapshots import KEEP_LAST
from naap_lake.warehouse import Warehouse
from test_replay import CLASSES, HOUR_MS, hourly, sums
from test_replay import run as replay


class Lake:
    def __init__(self, home: Path):
        self.home = home
        self.log = LogWriter(home)
        self.count = 0

    def commit(self, times: int = 1) -> None:
        """One request a time."""
        for _ in range(times):
            name = f"{self.count:08x}"
            self.log.append([event(self.count, request_id=name, stream_id="s", data=f'{{"request_id":"{name}"}}')])
            self.count += 1
            run_commit(self.home)

    def build(self, progress=lambda **_: None, **args: Any) -> dict[str, Any]:
        return build({"home": str(self.home), **args}, progress)

    def requests(self) -> int:
        with DuckDb(self.home).connect(lake=False) as connection:
            return connection.execute("select count(*) from gold.fct_requests").fetchone()[0]

    def arrived(self) -> int:
        """Rows that the last build had to take."""
        with DuckDb(self.home).connect() as connection:
            return connection.execute("select count(*) from bronze.arrived_events").fetchone()[0]

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        with DuckDb(self.home).connect(lake=False) as connection:
            return all_rows(connection)

    def snapshot(self) -> str:
        return str(load(self.home, "events").current_snapshot().snapshot_id)


def recorded(home: Path) -> str:
    return Warehouse(home).read_build()["snapshots"]["events"]


def test_builds_take_each_row_whatever_happens_to_the_lake_between_and_meanwhile(tmp_path: Path):
    lake = Lake(tmp_path)
    lake.commit(2)
    pinned = lake.snapshot()
    grown = []

    def grows(**_: Any) -> None:
        if not grown:
            grown.append(lake.commit())

    # Bronze grows before the first model reads it: the build doesn't see it, the next one does.
    assert lake.build(grows)["full"]
    assert (lake.requests(), recorded(tmp_path)) == (2, pinned)

    append_behind(tmp_path, "e0", "late")
    result = lake.build()
    assert (result["full"], result["failures"], lake.requests(), lake.arrived()) == (False, [], 4, 2)

    # What came in is found also where its files were merged into others since.
    lake.commit(5)
    maintain({"home": str(tmp_path)}, no_progress)
    lake.build()
    assert (lake.requests(), lake.arrived()) == (9, 5)

    # Merged files and nothing else: nothing to do, and the record follows.
    lake.commit(7)
    lake.build()
    read = recorded(tmp_path)
    maintain({"home": str(tmp_path)}, no_progress)
    assert lake.build()["skipped"] == "nothing_new"
    assert read != recorded(tmp_path) == lake.snapshot()

    # Nobody knows any more what came when: rows are taken twice, which changes nothing.
    lake.commit(KEEP_LAST + 2)
    maintain({"home": str(tmp_path), "retentionMs": 0}, no_progress)
    result = lake.build()
    assert (result["full"], result["failures"], lake.requests()) == (False, [], lake.count + 1)
    assert lake.arrived() == lake.count + 1
    by_steps = lake.tables()
    assert lake.build(full=True)["full"]
    assert same_tables(by_steps, lake.tables()) == []


def counted(home: Path) -> tuple[dict[Any, list[int]], dict[str, int]]:
    """What gold counts, as `hourly` and `sums` of a replay's test have it."""
    with DuckDb(home).connect(lake=False) as connection:
        rows = connection.execute("select hour, source, class, reason, n from gold.ingest_hourly").fetchall()
    hours: dict[Any, list[int]] = {}
    reasons: dict[str, int] = {}
    for hour, source, kind, reason, n in rows:
        counts = hours.setdefault((hour.replace(tzinfo=UTC), source), [0] * len(CLASSES))
        counts[0] += n
        counts[CLASSES.index(kind)] += n
        if reason:
            reasons[reason] = reasons.get(reason, 0) + n
    return hours, reasons


def test_gold_counts_what_the_log_counted_also_where_nothing_was_accepted_and_after_a_replay(tmp_path: Path):
    lake = Lake(tmp_path)
    again = '{"request_id":"aaaaaaaa","n":"again"}'
    appends = [
        ([quarantined(b"junk"), quarantined(b"take 7")], T0),
        ([event(0), event(1)], T0),
        ([event(1, data=again, **{"class": "duplicate"}), quarantined(b"take 0"), event(2, at=T0 - DAY_MS)], T0 + HOUR_MS),
        ([quarantined(b"{}", "unsupported_type", **{"class": "ignored"})], T0 + HOUR_MS + 60_000),
    ]
    for rows, at in appends:
        lake.log.append(rows, at)
        run_commit(tmp_path)
        result = lake.build()
        assert (result["skipped"], result["failures"]) == (None, [])
        assert result["buildId"] is not None
        assert counted(tmp_path) == (hourly(tmp_path), sums(tmp_path)["reasons"])

    replay(tmp_path, all=True)
    assert lake.build()["full"]
    assert counted(tmp_path) == (hourly(tmp_path), sums(tmp_path)["reasons"])
    # Rows of before and the corrections of the replay are taken once more.
    lake.count = 100
    lake.commit(KEEP_LAST + 2)
    maintain({"home": str(tmp_path), "retentionMs": 0}, no_progress)
    assert not lake.build()["full"]
    assert counted(tmp_path) == (hourly(tmp_path), sums(tmp_path)["reasons"])
    by_steps = lake.tables()
    lake.build(full=True)
    assert same_tables(by_steps, lake.tables()) == []


def test_days_are_taken_again_with_what_arrived(tmp_path: Path):
    """Whatever became of their rows."""
    lake = Lake(tmp_path)
    for day in range(3):
        lake.log.append([event(day, request_id=f"r{day}", stream_id=f"s{day}", at=T0 + day * DAY_MS, data=f'{{"request_id":"r{day}"}}')])
        run_commit(tmp_path)
    lake.build()
    expected = lake.requests()
    day = datetime.fromtimestamp(T0 / 1000, UTC).date()
    with DuckDb(tmp_path).connect(lake=False) as connection:
        connection.execute("delete from gold.fct_requests where day = ?", [day])
    lake.count = 10
    lake.commit()
    result = lake.build(days=[day.isoformat()])
    assert (result["full"], lake.requests()) == (False, expected + 1)
    # Its own, and what arrived: the other days were not read, nor appends that were counted.
    assert lake.arrived() == 2
    with DuckDb(tmp_path).connect() as connection:
        assert connection.execute("select count(*) from bronze.arrived_batches").fetchone()[0] == 1
    assert lake.build()["skipped"] == "nothing_new"


def test_a_day_that_is_none_is_refused_before_anything_is_built(tmp_path: Path):
    lake = Lake(tmp_path)
    lake.commit()
    with pytest.raises(BadRequest, match="days like"):
        lake.build(days=["2026-13-01"])
    assert not (tmp_path / "warehouse" / "build.json").exists()
