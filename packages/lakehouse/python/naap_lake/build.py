"""The `build` op: bronze → silver → gold. What to do is decided here; dbt does it, on whatever engine there is."""

import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any

from naap_lake.arrivals import Bronze, HomeBronze, LakeBronze
from naap_lake.catalogs import open_lake
from naap_lake.catalogs.settings import is_shared
from naap_lake.dbt_project import DbtProject, fingerprint, load_dbt
from naap_lake.engines import Engine, GoldState, open_engine
from naap_lake.lake_builds import LakeBuilds
from naap_lake.ops import BadRequest, Progress, home_of
from naap_lake.pins import Pin, Taken
from naap_lake.tables import TABLES
from naap_lake.warehouse import Builds, Warehouse

SERVED = ("fct_requests", "kpi_hourly", "kpi_latency_hourly", "kpi_5min", "kpi_latency_5min")
"""Models whose data tests run after every build; those of all models run after a full one, for they cost seconds."""

TEST_STATUSES = ("passed", "failed", "warned")


def build(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Brings gold up to the lake. `args`: home, full (start over), model (it and its children anew, after what arrived), days
    (`YYYY-MM-DD`: takes the messages of these days again, with what arrived);
    of a lake that machines share `lake` and `trino`: then the home has only what dbt writes for itself.

    Answers {buildId, full, skipped, watermark, tests: {passed, failed, warned}, failures, models: [{name, ms, rows}],
    seconds}. `skipped` is `no_events` or `nothing_new` when there was nothing to do. Raises BuildError when a model
    fails, and when there is no such model.
    """
    days = _days_of(args)
    # While the lake is looked at.
    threading.Thread(target=load_dbt, daemon=True).start()
    home = Warehouse(home_of(args))

    def run(builds: Builds, bronze: Bronze, engine: Engine) -> dict[str, Any]:
        dbt = DbtProject(engine, home.directory / "dbt", progress)
        return run_build(builds, bronze, engine, dbt, bool(args.get("full")), args.get("model"), days)

    if not is_shared(args):
        return run(home, HomeBronze(home.home), open_engine(args))
    with open_lake(args) as lake:
        return run(LakeBuilds(lake), LakeBronze(lake), open_engine(args, lake))


@dataclass(frozen=True)
class Plan:
    """What a build does: nothing (and why), everything anew, or what arrived."""

    skipped: str | None = None
    full: bool = False
    takes: bool = False
    """Whether rows have arrived that no build has taken."""


def plan(
    last: Mapping[str, Any] | None,
    gold: GoldState | None,
    key: str,
    arrived: Mapping[str, list[str]] | None,
    full: bool = False,
    model: str | None = None,
) -> Plan:
    """What there is to do. Pure.

    `last`: the record of the last good build. `key`: the fingerprint of the project. `arrived`: by table the files that no
    build has taken, None where nobody knows. `full`: that it is asked for, or that one broke off. `model`: to make anew.
    """
    if full or gold is None or last is None or last["fingerprint"] != key or arrived is None:
        return Plan(full=True)
    # A record of another build: one was killed before it could tell what it had taken and tested.
    takes = any(arrived.values())
    if not takes and model is None and last["build"]["id"] == gold.build_id:
        return Plan(skipped="nothing_new")
    return Plan(takes=takes)


def taken(last: Mapping[str, Any] | None) -> dict[str, Taken] | None:
    """How far the builds have come with each table by the record of the last; None: not known. Pure."""
    if last is None or "sequenceNumbers" not in last:
        return None
    return {name: Taken(last["snapshots"][name], number) for name, number in last["sequenceNumbers"].items()}


def run_build(
    builds: Builds,
    bronze: Bronze,
    engine: Engine,
    dbt: DbtProject,
    full: bool = False,
    model: str | None = None,
    days: Collection[date] = (),
) -> dict[str, Any]:
    """`build`, with what it works on."""
    began = time.monotonic()
    if len(bronze.pins) < len(TABLES) or all(pin.snapshot is None for pin in bronze.pins.values()):
        return _skipped("no_events", None)
    last = builds.read_build()
    before = taken(last)
    arrived = before and bronze.arrived(before, days)
    again = dbt.affected(model) if model else []
    key = fingerprint(engine)
    todo = plan(last, engine.state(), key, arrived, full or builds.is_half_made(), model)
    if todo.skipped:
        # What there is nothing new in needs no looking through again.
        if (read := {**last, **_read_at(bronze.pins)}) != last:
            builds.begin()
            builds.write_build(read)
        return _skipped(todo.skipped, last)

    builds.begin()
    simulated = engine.attach(bronze.pins, arrived or {})
    try:
        models = _make(todo, again, dbt, builds)
        # A failed data test is no error here: the numbers are served with the result beside them.
        checks = dbt.test(() if todo.full else (*SERVED, *again))
    finally:
        dbt.close()

    results = {kind: [name for name, check in checks.items() if check["status"] == kind] for kind in TEST_STATUSES}
    gold = engine.state()
    tables = engine.rows()
    tests = {kind: len(names) for kind, names in results.items()}
    builds.write_build(
        {
            "build": {
                "id": gold.build_id,
                "at": datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "tests": tests,
                # One that takes again what others had taken says nothing of how long events wait.
                "arrivedSince": gold.arrived_since if last is None or not (todo.full or days) else None,
            },
            "watermark": gold.watermark,
            **_read_at(bronze.pins),
            "simulated": simulated,
            "fingerprint": key,
            "tables": tables,
            "checks": checks if todo.full else {**last.get("checks", {}), **checks},
        }
    )
    return {
        "buildId": gold.build_id,
        "full": todo.full,
        "skipped": None,
        "watermark": gold.watermark,
        "tests": tests,
        "failures": results["failed"],
        "models": [{**made, "rows": tables.get(made["name"])} for made in models],
        "seconds": round(time.monotonic() - began, 3),
    }


def _make(todo: Plan, again: list[str], dbt: DbtProject, builds: Builds) -> list[dict[str, Any]]:
    """Makes the models: name and ms of each. `again`: those that are made anew after what arrived."""
    if todo.full:
        builds.begin_anew()
        dbt.run("seed", "--full-refresh")
        models = dbt.run("run", "--full-refresh")
        builds.made_anew()
        return models
    # The project's documents (manifest.json and the like) are those of the last full build.
    models = dbt.run("run", "--no-write-json") if todo.takes else []
    if again:
        # Tables half of the old and half of the new: whoever finds them starts over.
        builds.begin_anew()
        models += dbt.run("run", "--no-write-json", "--full-refresh", "--select", *again)
        builds.made_anew()
    return models


def _days_of(args: dict[str, Any]) -> list[date]:
    try:
        return [date.fromisoformat(day) for day in args.get("days") or ()]
    except (TypeError, ValueError) as error:
        raise BadRequest(f"args.days must be days like 2026-01-08: {error}") from error


def build_record(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """args: {home or lake}. Returns {record}: the last good build; null before the first."""
    if not is_shared(args):
        return {"record": Warehouse(home_of(args)).read_build()}
    with open_lake(args) as catalog:
        return {"record": LakeBuilds(catalog).read_build()}


def _read_at(pins: Mapping[str, Pin]) -> dict[str, Any]:
    """What a record says of the bronze that a build read: the snapshot of each table, and its place."""
    return {
        "snapshots": {name: pin.snapshot for name, pin in pins.items()},
        "sequenceNumbers": {name: pin.sequence_number for name, pin in pins.items()},
    }


def _skipped(reason: str, last: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        "buildId": last["build"]["id"] if last else None,
        "full": False,
        "skipped": reason,
        "watermark": last["watermark"] if last else None,
        "tests": last["build"]["tests"] if last else {"passed": 0, "failed": 0, "warned": 0},
        "failures": [],
        "models": [],
        "seconds": 0,
    }
