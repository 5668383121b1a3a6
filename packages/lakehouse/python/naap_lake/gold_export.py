"""The `export` op: gold of the last build for the sync to ClickHouse (`GoldSource` of packages/serving)."""

from datetime import date
from importlib import import_module
from itertools import accumulate
from typing import Any, Protocol, Sequence

from naap_lake.catalogs.settings import is_shared
from naap_lake.ops import Progress

DAY_TABLES = {
    "fct_requests": "counts",
    "kpi_hourly": "true",
    "kpi_latency_hourly": "true",
    "kpi_5min": "true",
    "kpi_latency_5min": "true",
    "scrape_hourly": "true",
    "scrape_latency_hourly": "true",
    "scrape_readings_hourly": "true",
    "supply_hourly": "true",
    "supply_hours": "true",
    "fct_swaps": "true",
    "ingest_hourly": "true",
}
"""Tables that are synced by day, with the condition on their rows."""

CHECKED_SUMS = {
    "fct_requests": ("fps_samples", "error_events"),
    "kpi_hourly": ("requests", "failed", "fps_samples", "fps_sum"),
    "kpi_latency_hourly": ("n",),
    "kpi_5min": ("requests", "failed", "fps_samples", "fps_sum"),
    "kpi_latency_5min": ("n",),
    "scrape_hourly": ("observations", "reachable", "masked"),
    "scrape_latency_hourly": ("n",),
    "scrape_readings_hourly": ("n", "total"),
    "supply_hourly": ("capacity", "capacity_in_use", "warm"),
    "supply_hours": ("reports", "entries", "contested_entries"),
    "fct_swaps": ("failed",),
    "ingest_hourly": ("n",),
}
"""Columns whose sums the sync compares after staging."""

MAX_ROWS = 1_000_000
"""Of one export, all tables: a reader holds it in memory and on disk, and has what comes first sooner."""

SPARSE_ROWS = 1_000
"""A day of at most so many rows, all tables, is sparse: not worth a partition of its own."""

DIMENSIONS = ("dim_orchestrators", "dim_models", "dim_gpus", "dim_deploys", "dim_contested_urls")


Rows = str | dict[str, Any]
"""Where rows are, for who serves: the path of a Parquet file, or `IcebergRows` of packages/serving."""


class Gold(Protocol):
    """Gold as one build left it."""

    def table(self, name: str) -> str:
        """What stands for a table after FROM."""

    def query(self, sql: str) -> list[Sequence[Any]]: ...

    def rows_of(self, name: str, days: list[str], sparse: list[str], condition: str) -> Rows:
        """Those of some days, with the column `sparse`."""

    def all_rows(self, name: str) -> Rows: ...


def export(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """`args`: home, or lake and trino; what: `state`, or `builds`, `days` (with days, YYYY-MM-DD each) or `dimensions` of
    the build in `record`."""
    engine = import_module("naap_lake.gold_lake" if is_shared(args) else "naap_lake.gold_files")
    what = args["what"]
    if what == "state":
        record = engine.read_record(args)
        return {"state": record and {key: record[key] for key in ("build", "watermark", "simulated", *engine.PINS)}}
    with engine.open_gold(args) as gold:
        if what == "builds":
            return {"builds": [{"day": day, "buildId": build_id} for day, build_id in _builds(gold)]}
        if what == "days":
            return _export_days(gold, args["days"])
        if what == "dimensions":
            tables = {name: {"path": gold.all_rows(name), "rows": rows} for name, rows in _sizes(gold).items()}
            return {"tables": tables}
    raise ValueError(f"export of {what!r}: use state, builds, days or dimensions")


def _builds(gold: Gold) -> list[Sequence[Any]]:
    return gold.query(f"select cast(day as varchar), build_id from {gold.table('gold_days')} order by 1")


def _sizes(gold: Gold) -> dict[str, int]:
    """Rows of the dimension tables."""
    counts = " union all ".join(f"select '{name}', count(*) from {gold.table(name)}" for name in DIMENSIONS)
    return dict(gold.query(counts))


def _export_days(gold: Gold, days: list[str]) -> dict[str, Any]:
    """The first of these days that together hold at most MAX_ROWS rows, at least one."""
    builds = dict(_builds(gold))
    missing = next((day for day in days if day not in builds), None)
    if missing is not None:
        raise ValueError(f"gold has no day {missing!r}")
    found = _contents(gold, days)
    rows = {day: sum(found[name][day]["rows"] for name in DAY_TABLES) for day in days}
    sums = accumulate(rows[day] for day in days)
    first = [day for day, total in zip(days, sums) if day == days[0] or total <= MAX_ROWS]
    sparse = [day for day in first if rows[day] <= SPARSE_ROWS]
    return {
        "days": [
            {
                "day": day,
                "buildId": builds[day],
                "sparse": day in sparse,
                "tables": {name: found[name][day] for name in DAY_TABLES},
            }
            for day in first
        ],
        "files": {name: [gold.rows_of(name, first, sparse, condition)] for name, condition in DAY_TABLES.items()},
    }


def _contents(gold: Gold, days: list[str]) -> dict[str, dict[str, dict[str, Any]]]:
    """By table and day: the rows, and the sums to check. In one statement: each costs a distributed engine a second."""
    width = max(map(len, CHECKED_SUMS.values()))
    parts = []
    for name, condition in DAY_TABLES.items():
        # As numbers: not every engine adds bools up.
        sums = [f"coalesce(sum(cast({column} as double)), 0)" for column in CHECKED_SUMS[name]]
        sums += ["cast(null as double)"] * (width - len(sums))
        parts.append(
            f"select '{name}', cast(day as varchar), count(*), {', '.join(sums)} from {gold.table(name)} "
            f"where day in ({dates(days)}) and {condition} group by day"
        )
    found: dict[str, dict[str, dict[str, Any]]] = {
        name: {day: {"rows": 0, "sums": dict.fromkeys(columns, 0)} for day in days} for name, columns in CHECKED_SUMS.items()
    }
    for name, day, rows, *values in gold.query(" union all ".join(parts)):
        found[name][day] = {"rows": rows, "sums": dict(zip(CHECKED_SUMS[name], values))}
    return found


def dates(days: list[str]) -> str:
    """A list in SQL of days; of none, one that no day is in."""
    return ", ".join(f"date '{date.fromisoformat(day)}'" for day in days) or "cast(null as date)"
