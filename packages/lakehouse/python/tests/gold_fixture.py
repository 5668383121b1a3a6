"""Writes gold as a build leaves it, without dbt.

As a program: `gold_fixture.py HOME BUILD` reads `{day: rows}` as JSON and leaves gold of these days in the home, each table
with so many rows of each. Days of other rows than before are changed by this build.
"""

import json
import sys
from pathlib import Path

import duckdb

from naap_lake.engines.duckdb import DuckDb
from naap_lake.gold_export import CHECKED_SUMS, DAY_TABLES, DIMENSIONS
from naap_lake.warehouse import Warehouse


def create_gold(connection: duckdb.DuckDBPyConnection) -> None:
    """The tables of gold, empty: `day`, `counts` and the columns whose sums are checked."""
    connection.execute("create schema if not exists gold")
    for name in DAY_TABLES:
        columns = ", ".join(f"2::double as {column}" for column in CHECKED_SUMS[name])
        connection.execute(f"create or replace table gold.{name} as select date '1970-01-01' as day, false as counts, {columns} limit 0")
    for name in DIMENSIONS:
        connection.execute(f"create or replace table gold.{name} (name varchar)")
    connection.execute("create table if not exists gold.gold_days (day date, build_id varchar)")


def write_build(home: Path, build_id: str, days: dict[str, int]) -> None:
    warehouse = Warehouse(home)
    engine = DuckDb(home)
    engine.prepare()
    with engine.connect(lake=False) as connection:
        known = {}
        if warehouse.read_build():
            known = {
                day: (build, rows)
                for day, build, rows in connection.execute(
                    "select cast(d.day as varchar), build_id, (select count(*) from gold.kpi_hourly k where k.day = d.day) from gold.gold_days d"
                ).fetchall()
            }
        create_gold(connection)
        connection.execute("delete from gold.gold_days")
        for day, rows in days.items():
            build, before = known.get(day, (build_id, None))
            connection.execute("insert into gold.gold_days values (?, ?)", [day, build if before == rows else build_id])
            for name in DAY_TABLES:
                sums = ", ".join("1" for _ in CHECKED_SUMS[name])
                connection.execute(f"insert into gold.{name} select ?, true, {sums} from range(?)", [day, rows])
    tests = {"passed": 0, "failed": 0, "warned": 0}
    warehouse.write_build({"build": {"id": build_id, "at": "2026-01-09T00:00:00.000Z", "tests": tests}, "watermark": None, "simulated": False})


if __name__ == "__main__":
    write_build(Path(sys.argv[1]), sys.argv[2], json.load(sys.stdin))
