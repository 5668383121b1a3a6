from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from gold_fixture import create_gold
from lake_fixture import no_progress
from naap_lake import gold_export
from naap_lake.engines.duckdb import DuckDb
from naap_lake.gold_export import SPARSE_ROWS, export

NEWEST = date(2026, 1, 9)


def day(ago: int) -> str:
    return str(NEWEST - timedelta(days=ago))


def gold(home: Path, rows: dict[str, int]) -> None:
    """Gold with so many rows of `kpi_hourly` a day, and one request that doesn't count in each."""
    engine = DuckDb(home)
    engine.prepare()
    with engine.connect(lake=False) as connection:
        create_gold(connection)
        for name, count in rows.items():
            connection.execute("insert into gold.gold_days values (?, ?)", [name, f"b {name}"])
            connection.execute("insert into gold.kpi_hourly select ?, true, 1, 0, 2, 0.5 from range(?)", [name, count])
            connection.execute("insert into gold.fct_requests values (?, false, 1, 1)", [name])


def run_export(home: Path, what: str, **args) -> dict:
    return export({"home": str(home), "what": what, **args}, no_progress)


def read(path: str) -> list[tuple]:
    return duckdb.execute("select cast(day as varchar), sparse, count(*) from read_parquet(?) group by all order by 1", [path]).fetchall()


def test_days_are_in_one_file_a_table_with_rows_and_sums_of_each(tmp_path: Path):
    gold(tmp_path, {day(0): SPARSE_ROWS + 1, day(1): SPARSE_ROWS, day(2): 0, day(3): 7})
    assert run_export(tmp_path, "builds")["builds"][0] == {"day": day(3), "buildId": f"b {day(3)}"}
    exported = run_export(tmp_path, "days", days=[day(0), day(1), day(2)])

    assert [(d["day"], d["buildId"], d["sparse"]) for d in exported["days"]] == [
        (day(0), f"b {day(0)}", False),
        (day(1), f"b {day(1)}", True),
        (day(2), f"b {day(2)}", True),
    ]
    assert [d["tables"]["kpi_hourly"] for d in exported["days"][1:]] == [
        {"rows": SPARSE_ROWS, "sums": {"requests": SPARSE_ROWS, "failed": 0, "fps_samples": 2 * SPARSE_ROWS, "fps_sum": SPARSE_ROWS / 2}},
        {"rows": 0, "sums": {"requests": 0, "failed": 0, "fps_samples": 0, "fps_sum": 0}},
    ]
    [hourly] = exported["files"]["kpi_hourly"]
    assert read(hourly) == [(day(1), True, SPARSE_ROWS), (day(0), False, SPARSE_ROWS + 1)]
    [requests] = exported["files"]["fct_requests"]
    assert read(requests) == [], "only requests that count"


def test_one_export_takes_as_many_days_as_hold_few_enough_rows_and_at_least_one(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(gold_export, "MAX_ROWS", 10)
    gold(tmp_path, {day(0): 11, day(1): 6, day(2): 4, day(3): 1})

    def taken(*days: str) -> list[str]:
        return [d["day"] for d in run_export(tmp_path, "days", days=list(days))["days"]]

    assert taken(day(0), day(1)) == [day(0)]
    assert taken(day(1), day(2), day(3)) == [day(1), day(2)]
    assert taken(day(3)) == [day(3)]


def test_a_day_that_gold_does_not_have_is_an_error(tmp_path: Path):
    gold(tmp_path, {day(0): 1})
    with pytest.raises(ValueError, match="gold has no day '2020-01-01'"):
        run_export(tmp_path, "days", days=[day(0), "2020-01-01"])
