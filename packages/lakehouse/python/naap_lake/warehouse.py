"""The warehouse: the DuckDB file that holds silver and gold, and what lies beside it in `NAAP_HOME/warehouse`."""

import importlib.util
import json
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

EXTENSIONS = ("avro", "iceberg")


@dataclass(frozen=True)
class Warehouse:
    """Paths of one home's warehouse. One process at a time opens the database."""

    home: Path

    @property
    def directory(self) -> Path:
        return self.home / "warehouse"

    @property
    def database(self) -> Path:
        return self.directory / "naap.duckdb"

    @property
    def build_record(self) -> Path:
        """The last good build: `{build: {id, at, tests}, watermark, simulated, fingerprint}`."""
        return self.directory / "build.json"

    @property
    def full_build_marker(self) -> Path:
        """There while a full build is under way: a build that finds it starts over."""
        return self.directory / "full-build"

    @property
    def extensions(self) -> Path:
        return self.directory / "extensions"

    @property
    def export(self) -> Path:
        return self.directory / "export"

    def prepare(self) -> None:
        """Makes the directory and lays DuckDB's extensions, which come as wheels, where `LOAD` finds them."""
        platform = duckdb.sql("pragma platform").fetchone()[0]
        target = self.extensions / f"v{duckdb.__version__}" / platform
        target.mkdir(parents=True, exist_ok=True)
        for name in EXTENSIONS:
            link = target / f"{name}.duckdb_extension"
            source = _extension_file(name)
            if not link.exists() or link.resolve() != source:
                link.unlink(missing_ok=True)
                link.symlink_to(source)

    def connect(self, lake: bool = True) -> duckdb.DuckDBPyConnection:
        """A connection, with what it takes to read the lake unless told otherwise. Close it before dbt opens the file."""
        connection = duckdb.connect(str(self.database), config={"extension_directory": str(self.extensions)})
        for name in EXTENSIONS if lake else ():
            connection.load_extension(name)
        connection.execute("set timezone = 'UTC'")
        return connection

    def bronze_locations(self) -> dict[str, str]:
        """Path of the newest metadata.json of each bronze table, by table; empty before the first commit."""
        catalog = self.home / "lake" / "catalog.db"
        if not catalog.exists():
            return {}
        with closing(sqlite3.connect(f"{catalog.as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute(
                "select table_name, metadata_location from iceberg_tables where table_namespace = 'bronze'"
            ).fetchall()
        return {name: location.removeprefix("file://") for name, location in rows}

    def read_build(self) -> dict[str, Any] | None:
        try:
            return json.loads(self.build_record.read_text())
        except FileNotFoundError:
            return None

    def write_build(self, record: dict[str, Any]) -> None:
        part = self.build_record.with_suffix(".part")
        with open(part, "w") as file:
            json.dump(record, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, self.build_record)


def _extension_file(name: str) -> Path:
    module = importlib.util.find_spec(f"duckdb_extension_{name}")
    if module is None or module.origin is None:
        raise RuntimeError(f"DuckDB's extension {name} is not installed: run ./naap doctor")
    return next(Path(module.origin).parent.rglob(f"{name}.duckdb_extension")).resolve()
