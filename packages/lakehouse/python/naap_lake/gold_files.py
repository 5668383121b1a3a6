"""Gold of a home for the sync: Parquet files that DuckDB writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from naap_lake.engines.duckdb import DuckDb
from naap_lake.gold_export import dates
from naap_lake.ops import home_of
from naap_lake.warehouse import Warehouse

PINS = ()
"""Nothing more than a build is named: who asks holds the next one back meanwhile."""


def read_record(args: dict[str, Any]) -> dict[str, Any] | None:
    return Warehouse(home_of(args)).read_build()


@contextmanager
def open_gold(args: dict[str, Any]) -> Iterator["FileGold"]:
    warehouse = Warehouse(home_of(args))
    with DuckDb(warehouse.home).connect(lake=False) as connection:
        yield FileGold(connection, warehouse.export)


class FileGold:
    """Files are there until the next export."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path):
        self._connection = connection
        self._folder = folder

    def table(self, name: str) -> str:
        return f"gold.{name}"

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql).fetchall()

    def rows_of(self, name: str, days: list[str], sparse: list[str], condition: str) -> str:
        marked = f"select *, coalesce(day in ({dates(sparse)}), false) as sparse from gold.{name}"
        return self._write(f"{marked} where day in ({dates(days)}) and {condition}", "days", name)

    def all_rows(self, name: str) -> str:
        return self._write(f"select * from gold.{name}", "dimensions", name)

    def _write(self, query: str, part: str, name: str) -> str:
        path = self._folder / part / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        target = str(path).replace("'", "''")
        self._connection.execute(f"copy ({query}) to '{target}' (format parquet, compression zstd)")
        return str(path)
