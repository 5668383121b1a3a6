"""Reads the lake back with two engines that know nothing of each other."""

import glob
import sysconfig
from pathlib import Path
from typing import Any

import duckdb
from pyiceberg.catalog.sql import SqlCatalog

from naap_lake.commit import commit

TABLES = ("events", "quarantine", "batches")


def no_progress(message: str, **fields: Any) -> None:
    """For ops that are called without a worker."""


def run_commit(home: Path) -> dict[str, Any]:
    return commit({"home": str(home)}, no_progress)


def load(home: Path, table: str):
    """The table through a plain catalog, without this package's file access."""
    catalog = SqlCatalog("naap", uri=f"sqlite:///{home}/lake/catalog.db", warehouse=f"{home}/lake/warehouse")
    return catalog.load_table(f"bronze.{table}")


def with_pyiceberg(home: Path, table: str) -> list[dict[str, Any]]:
    return load(home, table).scan().to_arrow().sort_by("offset").to_pylist()


def with_duckdb(home: Path, table: str) -> list[dict[str, Any]]:
    connection = duckdb.connect()
    for name in ("avro", "iceberg"):
        pattern = f"duckdb_extension_{name}/extensions/v{duckdb.__version__}/{name}.duckdb_extension"
        [path] = glob.glob(f"{sysconfig.get_path('purelib')}/{pattern}")
        connection.execute(f"LOAD '{path}'")
    metadata = load(home, table).metadata_location
    cursor = connection.execute('SELECT * FROM iceberg_scan(?) ORDER BY "offset"', [metadata])
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row)) for row in cursor.fetchall()]


def everything(home: Path) -> dict[str, list[dict[str, Any]]]:
    return {table: with_pyiceberg(home, table) for table in TABLES}
