"""The same bronze on both engines: NAAP_TEST_LAKE and NAAP_TEST_TRINO are `args.lake` and `args.trino` as JSON. All tables
of that lake are dropped."""

import json
import math
import os
from collections import defaultdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import shared_lake
from gold_harness import Gold
from naap_lake.build import build
from naap_lake.catalogs import open_lake
from naap_lake.dbt_project import DbtProject
from naap_lake.engines.trino import Trino, trino_of
from naap_lake.tables import TABLES, ensure_table

TEXTS_OF_JSON = {"tracks", "per_capability", "hardware", "prices", "runners", "gpus", "data"}
"""Columns that keep JSON as text: engines write members in orders of their own."""


def args() -> dict[str, Any]:
    return {**shared_lake.args(), "trino": json.loads(os.environ["NAAP_TEST_TRINO"])}


class BothEngines:
    """Messages go into bronze of a DuckDB warehouse and of the shared lake, and both are built."""

    def __init__(self, home: Path):
        shared_lake.reset()
        self.duckdb = Gold(home / "duckdb")
        self.home = home

    def add(self, messages: list[bytes], received_ms: int) -> None:
        self.duckdb.add(messages, received_ms)
        with open_lake(args()) as lake, self.duckdb.connect() as connection:
            for spec in TABLES:
                rows = f"select * exclude (snapshot) from lake.{spec.name} where snapshot = {self.duckdb.snapshot}"
                found = connection.execute(rows).to_arrow_table()
                columns = {
                    field.name: found[field.name].cast(field.type) if field.name in found.column_names else pa.nulls(len(found), field.type)
                    for field in spec.arrow_schema
                }
                if len(found):
                    ensure_table(lake, spec, for_sink=True).append(pa.table(columns, schema=spec.arrow_schema))

    def build(self, **asked: Any) -> dict[str, Any]:
        """What the build on Trino answers."""
        self.duckdb.build(full=asked.get("full", False))
        return build({"home": str(self.home / "trino"), **args(), **asked}, lambda **_: None)

    def unit_test(self) -> dict[str, str]:
        """Result of each of dbt's unit tests on Trino by its name."""
        with open_lake(args()) as lake:
            engine = Trino(trino_of(args()), lake)
            return DbtProject(engine, self.home / "unit", lambda **_: None).unit_test()

    def differences(self) -> list[str]:
        """Rows of silver and gold that only one of them has; floats agree to a relative 1e-9."""
        found = []
        with open_lake(args()) as lake, self.duckdb.connect() as connection:
            trino = Trino(trino_of(args()), lake)
            for schema, name in connection.execute(
                "select table_schema, table_name from information_schema.tables where table_schema in ('silver', 'gold') order by all"
            ).fetchall():
                columns = [
                    f'"{column}"'
                    for (column,) in connection.execute(
                        "select column_name from information_schema.columns where table_schema = ? and table_name = ?", [schema, name]
                    ).fetchall()
                    if column not in ("build_id", "arrived_since")
                ]
                rows = f"select {', '.join(columns)} from {schema}.{name}"
                mine = connection.execute(rows).fetchall()
                found += [f"{schema}.{name}: {line}" for line in _differences(columns, mine, trino.query(rows))]
        return found


def _differences(columns: list[str], mine: list[Any], theirs: list[Any]) -> list[str]:
    groups: dict[tuple, tuple[list, list]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((mine, theirs)):
        for row in rows:
            values = [_plain(column, value) for column, value in zip(columns, row)]
            exact = tuple(str(value) for value in values if not isinstance(value, float))
            groups[exact][side].append(values)
    found = []
    for exact, sides in groups.items():
        a, b = (sorted(side, key=str) for side in sides)
        if len(a) != len(b):
            found.append(f"DuckDB has {len(a)}, Trino {len(b)} of {dict(zip(columns, (a or b)[0]))}")
        elif not all(_same(x, y) for one, other in zip(a, b) for x, y in zip(one, other)):
            found.append(f"{a} or {b}")
    return found


def _plain(column: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if column.strip('"') in TEXTS_OF_JSON and value is not None:
        return json.dumps(json.loads(value), sort_keys=True)
    return value


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) or (math.isnan(a) and math.isnan(b))
    return a == b
