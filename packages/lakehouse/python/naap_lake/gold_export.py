"""The `export` op: gold as Parquet for the sync to ClickHouse (`GoldSource` of packages/serving)."""

from itertools import accumulate
from pathlib import Path
from typing import Any, Callable

import duckdb

from naap_lake.engines.duckdb import DuckDb
from naap_lake.warehouse import Warehouse

Progress = Callable[..., None]

DAY_TABLES = {
    "fct_requests": "counts",
    "kpi_hourly": "true",
    "kpi_latency_hourly": "true",
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


def export(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """`args`: home and what: `state`, `builds`, `days` (with days, YYYY-MM-DD each) or `dimensions`."""
    warehouse = Warehouse(Path(args["home"]))
    what = args["what"]
    if what == "state":
        record = warehouse.read_build()
        return {"state": record and {key: record[key] for key in ("build", "watermark", "simulated")}}
    with DuckDb(warehouse.home).connect(lake=False) as connection:
        if what == "builds":
            rows = connection.execute("select cast(day as varchar), build_id from gold.gold_days order by 1").fetchall()
            return {"builds": [{"day": day, "buildId": build_id} for day, build_id in rows]}
        if what == "days":
            return _export_days(warehouse, connection, args["days"])
        if what == "dimensions":
            target = warehouse.export / "dimensions"
            return {"tables": {name: _write(connection, f"select * from gold.{name}", target, name) for name in DIMENSIONS}}
    raise ValueError(f"export of {what!r}: use state, builds, days or dimensions")


def _export_days(warehouse: Warehouse, connection: duckdb.DuckDBPyConnection, days: list[str]) -> dict[str, Any]:
    """The first of these days that together hold at most MAX_ROWS rows, at least one; one file a table for them all."""
    builds = dict(
        connection.execute(
            "select cast(day as varchar), build_id from gold.gold_days where list_contains(?, cast(day as varchar))", [days]
        ).fetchall()
    )
    missing = next((day for day in days if day not in builds), None)
    if missing is not None:
        raise ValueError(f"gold has no day {missing!r}")
    found = {name: _contents(connection, name, days) for name in DAY_TABLES}
    rows = {day: sum(found[name][day]["rows"] for name in DAY_TABLES) for day in days}
    sums = accumulate(rows[day] for day in days)
    first = [day for day, total in zip(days, sums) if day == days[0] or total <= MAX_ROWS]
    sparse = [day for day in first if rows[day] <= SPARSE_ROWS]
    files = {
        name: _write(
            connection,
            f"select *, coalesce(day in ({_dates(sparse)}), false) as sparse from gold.{name} where day in ({_dates(first)}) and {condition}",
            warehouse.export / "days",
            name,
        )["path"]
        for name, condition in DAY_TABLES.items()
    }
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
        "files": {name: [path] for name, path in files.items()},
    }


def _contents(connection: duckdb.DuckDBPyConnection, name: str, days: list[str]) -> dict[str, dict[str, Any]]:
    """By day: the rows of a table, and the sums to check."""
    columns = CHECKED_SUMS[name]
    sums = ", ".join(f"coalesce(sum({column}), 0)::double" for column in columns)
    found = {
        day: {"rows": rows, "sums": dict(zip(columns, values))}
        for day, rows, *values in connection.execute(
            f"select cast(day as varchar), count(*), {sums} from gold.{name} "
            f"where day in ({_dates(days)}) and {DAY_TABLES[name]} group by day"
        ).fetchall()
    }
    nothing = {"rows": 0, "sums": dict.fromkeys(columns, 0)}
    return {day: found.get(day, nothing) for day in days}


def _dates(days: list[str]) -> str:
    """A list in SQL of days that gold has; `null` for none."""
    return ", ".join(f"date '{day}'" for day in days) or "null::date"


def _write(connection: duckdb.DuckDBPyConnection, query: str, directory: Path, name: str) -> dict[str, Any]:
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{name}.parquet"
    target = str(path).replace("'", "''")
    rows = connection.execute(f"copy ({query}) to '{target}' (format parquet, compression zstd)").fetchone()[0]
    return {"path": str(path), "rows": rows}
