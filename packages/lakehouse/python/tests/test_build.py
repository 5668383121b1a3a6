"""What a build decides, without an engine: dbt and the engine are stand-ins that keep in memory what they were told."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from naap_lake import build as build_module
from naap_lake.build import Plan, plan, run_build, taken
from naap_lake.engines import Engine, GoldState
from naap_lake.pins import Pin, Taken
from naap_lake.warehouse import Warehouse

SINCE = "2026-01-08T23:59:00.000Z"
RECORD = {"build": {"id": "b1"}, "fingerprint": "as it is"}


def test_a_build_is_a_full_one_where_nothing_says_how_far_the_last_one_came():
    full = Plan(full=True)
    gold = GoldState("b1", None)
    assert plan(RECORD, gold, "as it is", {"events": ["a"]}, full=True) == full
    assert plan(None, gold, "as it is", {"events": ["a"]}) == full
    assert plan(RECORD, None, "as it is", {"events": ["a"]}) == full
    assert plan(RECORD, gold, "another", {"events": ["a"]}) == full
    assert plan(RECORD, gold, "as it is", None) == full


def test_a_build_takes_what_arrived_and_is_skipped_where_nothing_did():
    gold = GoldState("b1", None)
    assert plan(RECORD, gold, "as it is", {"events": ["a"]}) == Plan(takes=True)
    assert plan(RECORD, gold, "as it is", {"events": [], "quarantine": []}) == Plan(skipped="nothing_new")
    assert plan(RECORD, gold, "as it is", {"events": []}, model="kpi_hourly") == Plan()
    # Gold is of a build that died before its record.
    assert plan(RECORD, GoldState("b2", None), "as it is", {"events": [], "quarantine": []}) == Plan()


def test_how_far_the_builds_have_come_is_in_the_record():
    assert taken(None) is None
    assert taken(RECORD) is None, "a record of before snapshots were kept"
    assert taken({**RECORD, "snapshots": {"events": "7"}, "sequenceNumber": 3}) is None, "one of before other tables were taken"
    record = {"snapshots": {"events": "7", "batches": None}, "sequenceNumbers": {"events": 3, "batches": 0}}
    assert taken(record) == {"events": Taken("7", 3), "batches": Taken(None, 0)}


class Killed(BaseException):
    """Stands for kill -9: nothing catches it."""


class Memory(Engine):
    """Gold is the list of events that were taken; the lake a list of them too, each a snapshot and a file."""

    target, packages, dialect, database = "memory", ("dbt-core",), "memory", "memory"
    settings: dict[str, str] = {}

    def __init__(self) -> None:
        self.lake: list[str] = []
        self.gold: set[str] | None = None
        self.builds = 0
        self.pinned: list[str] = []
        self.new: list[str] = []

    def attach(self, pins, arrived):
        self.pinned = self.lake[: pins["events"].sequence_number]
        self.new = [self.lake[int(file)] for file in arrived.get("events", ())]
        return False

    def state(self):
        return None if self.gold is None else GoldState(f"b{self.builds}", "2026-01-09T00:00:00.000Z", SINCE)

    def rows(self):
        return {"fct_requests": len(self.gold or ())}

    def close(self):
        pass


class MemoryBronze:
    def __init__(self, engine: Memory):
        at = len(engine.lake)
        nothing = {"quarantine": Pin(None, 0, ""), "batches": Pin(None, 0, "")}
        self.pins = {"events": Pin(str(at), at, ""), **nothing} if at else {}

    def arrived(self, before: Mapping[str, Taken], days=()) -> dict[str, list[str]]:
        return {"events": [str(n) for n in range(before["events"].sequence_number, self.pins["events"].sequence_number)]}


class MemoryDbt:
    """`die_at`: the step at which the process is killed."""

    def __init__(self, engine: Memory, die_at: str | None = None, meanwhile: Any = lambda: None):
        self.engine, self.die_at, self.meanwhile = engine, die_at, meanwhile
        self.commands: list[str] = []

    def run(self, *command):
        self.commands.append(" ".join(command))
        if command[0] == "seed":
            return []
        self.meanwhile()
        if self.die_at == "models":
            raise Killed
        full = "--full-refresh" in command
        self.engine.gold = set(self.engine.pinned) if full else self.engine.gold | set(self.engine.new)
        self.engine.builds += 1
        return [{"name": "fct_requests", "ms": 1}, {"name": "arrived_events", "ms": 1}]

    def test(self, select=()):
        if self.die_at == "tests":
            raise Killed
        return {"grain": {"status": "passed", "node": None}, "sums": {"status": "failed", "node": None}}

    def affected(self, name):
        return [name]

    def close(self):
        pass


@pytest.fixture
def home(tmp_path: Path, monkeypatch) -> Warehouse:
    monkeypatch.setattr(build_module, "fingerprint", lambda _: "as it is")
    (tmp_path / "warehouse").mkdir()
    return Warehouse(tmp_path)


def run(home: Warehouse, engine: Memory, dbt: MemoryDbt | None = None, **asked: Any) -> dict[str, Any]:
    return run_build(home, MemoryBronze(engine), engine, dbt or MemoryDbt(engine), **asked)


def test_without_a_lake_there_is_nothing_to_build(home):
    result = run(home, Memory())
    assert (result["skipped"], result["buildId"], home.read_build()) == ("no_events", None, None)


def test_the_first_build_is_full_the_next_takes_what_arrived_and_both_tell_what_they_did(home):
    engine = Memory()
    engine.lake.append("a")
    first = run(home, engine)
    assert (first["full"], first["failures"], first["tests"]) == (True, ["sums"], {"passed": 1, "failed": 1, "warned": 0})
    assert first["models"] == [
        {"name": "fct_requests", "ms": 1, "rows": 1},
        {"name": "arrived_events", "ms": 1, "rows": None},
    ]
    engine.lake.append("b")
    dbt = MemoryDbt(engine)
    second = run(home, engine, dbt)
    assert (second["full"], second["buildId"], engine.new, engine.gold) == (False, "b2", ["b"], {"a", "b"})
    assert dbt.commands == ["run --no-write-json"]
    assert run(home, engine)["skipped"] == "nothing_new"


def test_a_record_names_the_snapshots_that_the_build_read_also_where_there_was_nothing_new_in_them(home):
    engine = Memory()
    engine.lake.append("a")
    run(home, engine)
    assert home.read_build()["snapshots"] == {"events": "1", "quarantine": None, "batches": None}
    at = home.read_build()["build"]["at"]
    bronze = MemoryBronze(engine)
    bronze.pins |= {"events": Pin("compacted", 2, "")}
    bronze.arrived = lambda *_: {"events": []}
    assert run_build(home, bronze, engine, MemoryDbt(engine))["skipped"] == "nothing_new"
    record = home.read_build()
    assert record["snapshots"] == {"events": "compacted", "quarantine": None, "batches": None}
    assert (record["sequenceNumbers"]["events"], record["build"]["at"]) == (2, at)


def test_a_record_says_since_when_its_events_came_in_unless_builds_before_had_taken_them(home):
    engine = Memory()
    since = []
    for full in (False, False, True):
        engine.lake.append("a")
        run(home, engine, full=full)
        since.append(home.read_build()["build"]["arrivedSince"])
    assert since == [SINCE, SINCE, None]


def test_what_comes_in_while_a_build_runs_is_of_the_next_one(home):
    engine = Memory()
    engine.lake.append("a")
    run(home, engine, MemoryDbt(engine, meanwhile=lambda: engine.lake.append("b")))
    assert engine.gold == {"a"}
    run(home, engine, MemoryDbt(engine, meanwhile=lambda: engine.lake.append("c")))
    assert (engine.new, engine.gold) == (["b"], {"a", "b"})
    run(home, engine)
    assert (engine.new, engine.gold) == (["c"], {"a", "b", "c"})


@pytest.mark.parametrize("die_at", ["models", "tests"])
def test_what_a_killed_build_has_not_recorded_the_next_one_takes_again(home, die_at):
    engine = Memory()
    engine.lake.append("a")
    with pytest.raises(Killed):
        run(home, engine, MemoryDbt(engine, die_at))
    assert home.full_build_marker.exists() == (die_at == "models")
    assert run(home, engine)["full"]
    engine.lake.append("b")
    with pytest.raises(Killed):
        run(home, engine, MemoryDbt(engine, die_at))
    engine.lake.append("c")
    assert not run(home, engine)["full"]
    assert (engine.new, engine.gold) == (["b", "c"], {"a", "b", "c"})


def test_a_model_is_made_anew_after_what_arrived_and_full_where_that_broke_off(home):
    engine = Memory()
    engine.lake.append("a")
    run(home, engine)
    engine.lake.append("b")
    dbt = MemoryDbt(engine)
    run(home, engine, dbt, model="kpi_hourly")
    assert dbt.commands == ["run --no-write-json", "run --no-write-json --full-refresh --select kpi_hourly"]
    with pytest.raises(Killed):
        run(home, engine, MemoryDbt(engine, "models"), model="kpi_hourly")
    assert run(home, engine)["full"]
