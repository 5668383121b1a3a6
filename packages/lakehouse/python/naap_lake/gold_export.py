"""The `export` op: gold as Parquet for the sync to ClickHouse (`GoldSource` of packages/serving)."""

import shutil
from pathlib import Path
from typing import Any, Callable

import duckdb

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
    "fct_swaps": "true",
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
    "fct_swaps": ("failed",),
}
"""Columns whose sums the sync compares after staging."""

DIMENSIONS = ("dim_orchestrators", "dim_models", "dim_gpus", "dim_deploys")


def export(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """`args`: home and what: `state`, `days`, `day` (with day, YYYY-MM-DD), `dimensions` or `clean`."""
    warehouse = Warehouse(Path(args["home"]))
    what = args["what"]
    if what == "state":
        record = warehouse.read_build()
        return {"state": record and {key: record[key] for key in ("build", "watermark", "simulated")}}
    if what == "clean":
        shutil.rmtree(warehouse.export, ignore_errors=True)
        return {}
    with warehouse.connect(lake=False) as connection:
        if what == "days":
            rows = connection.execute("select cast(day as varchar), build_id from gold.gold_days order by 1").fetchall()
            return {"days": [{"day": day, "buildId": build_id} for day, build_id in rows]}
        if what == "day":
            return {"day": _export_day(warehouse, connection, args["day"])}
        if what == "dimensions":
            target = warehouse.export / "dimensions"
            return {"tables": {name: _write(connection, f"select * from gold.{name}", target, name) for name in DIMENSIONS}}
    raise ValueError(f"export of {what!r}: use state, days, day, dimensions or clean")


def _export_day(warehouse: Warehouse, connection: duckdb.DuckDBPyConnection, day: str) -> dict[str, Any]:
    found = connection.execute(
        "select cast(day as varchar), build_id from gold.gold_days where day = try_cast(? as date)", [day]
    ).fetchone()
    if found is None:
        raise ValueError(f"gold has no day {day!r}")
    day, build_id = found
    exported = {}
    for name, condition in DAY_TABLES.items():
        query = f"select * from gold.{name} where day = date '{day}' and {condition}"
        sums = ", ".join(f"coalesce(sum({column}), 0)::double" for column in CHECKED_SUMS[name])
        values = connection.execute(f"select {sums} from ({query})").fetchone()
        exported[name] = {
            **_write(connection, query, warehouse.export / day, name),
            "sums": dict(zip(CHECKED_SUMS[name], values)),
        }
    return {"day": day, "buildId": build_id, "tables": exported}


def _write(connection: duckdb.DuckDBPyConnection, query: str, directory: Path, name: str) -> dict[str, Any]:
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{name}.parquet"
    target = str(path).replace("'", "''")
    rows = connection.execute(f"copy ({query}) to '{target}' (format parquet, compression zstd)").fetchone()[0]
    return {"path": str(path), "rows": rows}
