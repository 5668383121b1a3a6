"""DuckDB: silver and gold in one file of the home, bronze read where it lies."""

import glob
import importlib.util
from collections.abc import Mapping
from pathlib import Path

import duckdb

from naap_lake.engines import GoldState
from naap_lake.pins import Pin
from naap_lake.tables import QUARANTINE, TABLES
from naap_lake.warehouse import Warehouse

EXTENSIONS = ("avro", "iceberg")

LATER = {QUARANTINE.name: "null::varchar as raw_sha256"}
"""By table, columns that the models read and that a lake of before may lack."""


class DuckDb:
    """The file of one home. One process at a time opens it."""

    target = "embedded"
    packages = ("dbt-core", "dbt-duckdb")
    dialect = "duckdb"
    database = "naap"

    def __init__(self, home: Path, scratch: str = ":memory:"):
        """`scratch`: where the tables of a build itself are; a test that wants to look at them names a file."""
        self._file = Warehouse(home).directory / "naap.duckdb"
        self._operators = home / "operators.csv"
        self._extensions = Warehouse(home).directory / "extensions"
        self.settings = {
            "duckdb_file": str(self._file),
            "duckdb_extensions": str(self._extensions),
            "duckdb_scratch": scratch,
        }

    def prepare(self) -> None:
        """Makes the folder and lays DuckDB's extensions, which come as wheels, where `LOAD` finds them."""
        platform = duckdb.sql("pragma platform").fetchone()[0]
        target = self._extensions / f"v{duckdb.__version__}" / platform
        target.mkdir(parents=True, exist_ok=True)
        for name in EXTENSIONS:
            link = target / f"{name}.duckdb_extension"
            source = _extension_file(name)
            if not link.exists() or link.resolve() != source:
                link.unlink(missing_ok=True)
                link.symlink_to(source)

    def connect(self, lake: bool = True) -> duckdb.DuckDBPyConnection:
        """A connection, with what it takes to read the lake unless told otherwise. Close it before dbt opens the file."""
        connection = duckdb.connect(str(self._file), config={"extension_directory": str(self._extensions)})
        for name in EXTENSIONS if lake else ():
            connection.load_extension(name)
        connection.execute("set timezone = 'UTC'")
        return connection

    def attach(self, pins: Mapping[str, Pin], arrived: Mapping[str, list[str]]) -> bool:
        self.prepare()
        with self.connect() as connection:
            connection.execute("create schema if not exists bronze")
            for spec in TABLES:
                # A metadata.json never changes: what it says is current stays so for whoever reads by it.
                table = f"iceberg_scan({_text(pins[spec.name].metadata)})"
                # Their folders are named like partitions, which aren't columns here.
                paths = ", ".join(_text(glob.escape(path)) for path in arrived.get(spec.name, ()))
                files = f"read_parquet([{paths}], union_by_name = true, hive_partitioning = false)"
                for view, source in {spec.name: table, f"arrived_{spec.name}": files if paths else f"{table} where false"}.items():
                    connection.execute(f"create or replace view bronze.{view} as {_with_later_columns(spec.name, source)}")
            self.attach_operators(connection)
            found = connection.execute("select 1 from bronze.batches where source = 'simulator' limit 1").fetchone()
            return found is not None

    def attach_operators(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Makes `operators.operators` what `operators.csv` of the home says, one row a line; without the file it has none.

        A stake that is no number is null. Raises ValueError where the file is no CSV with these columns.
        """
        rows = "(select null::varchar as address, null::varchar as name, null::varchar as contact, null::varchar as stake where false)"
        if self._operators.exists():
            rows = f"read_csv({_text(glob.escape(str(self._operators)))}, header = true, delim = ',', all_varchar = true)"
        stake = "try_cast(stake as decimal(38, 18)) as stake"
        connection.execute("create schema if not exists operators")
        try:
            connection.execute(f"create or replace view operators.operators as select address, name, contact, {stake} from {rows}")
        except duckdb.Error as error:
            raise ValueError(f"{self._operators} must be a CSV with the columns address, name, contact and stake: {error}") from error

    def state(self) -> GoldState | None:
        if not self._file.exists():
            return None
        with self.connect(lake=False) as connection:
            known = connection.execute(
                "select 1 from information_schema.tables where table_schema = 'gold' and table_name = 'build_state'"
            ).fetchone()
            if known is None:
                return None
            # A build before this version kept less.
            rows = "(from gold.build_state union all by name select null::timestamp as arrived_since where false)"
            times = ", ".join(f"strftime(max({name}), '%Y-%m-%dT%H:%M:%S.%gZ')" for name in ("watermark", "arrived_since"))
            return GoldState(*connection.execute(f"select max(build_id), {times} from {rows}").fetchone())

    def rows(self) -> dict[str, int]:
        with self.connect(lake=False) as connection:
            names = connection.execute(
                "select schema_name, table_name from duckdb_tables() where schema_name in ('silver', 'gold', 'seeds')"
            ).fetchall()
            counts = " union all ".join(f"select '{table}', count(*) from {schema}.{table}" for schema, table in names)
            return dict(connection.execute(counts).fetchall())

    def close(self) -> None:
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager

        DuckDBConnectionManager.close_all_connections()


def _with_later_columns(table: str, source: str) -> str:
    """Select: the rows, with the columns that are null in those of an older gate."""
    rows = f"select * from {source}"
    return f"{rows} union all by name select {LATER[table]} where false" if table in LATER else rows


def _text(value: str) -> str:
    """A text in SQL."""
    return "'" + value.replace("'", "''") + "'"


def _extension_file(name: str) -> Path:
    module = importlib.util.find_spec(f"duckdb_extension_{name}")
    if module is None or module.origin is None:
        raise RuntimeError(f"DuckDB's extension {name} is not installed: run ./naap doctor")
    return next(Path(module.origin).parent.rglob(f"{name}.duckdb_extension")).resolve()
