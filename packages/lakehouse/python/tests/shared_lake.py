"""A lake that other processes share, for tests: NAAP_TEST_LAKE is its `args.lake` as JSON.

As a program, for tests that are not in Python: `reset` drops all its tables and makes those of bronze anew; `append HOME` appends what
the lake of a home has beyond it, as a sink would.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
from naap_lake.catalogs import open_catalog, open_lake
from naap_lake.table_drift import tables
from naap_lake.tables import NAMESPACE, TABLES, ensure_table
from pyiceberg.catalog import Catalog
from pyiceberg.table import Table

CONTROL = "kafka.connect.offsets.naap.connect.control"
COMPLETE = "kafka.connect.valid-through-ts"


def args() -> dict[str, Any]:
    return {"lake": json.loads(os.environ["NAAP_TEST_LAKE"])}


def reset() -> None:
    with open_lake(args()) as catalog:
        for namespace in (NAMESPACE, "build", "silver", "gold", "seeds"):
            catalog.create_namespace_if_not_exists(namespace)
            for identifier in catalog.list_tables(namespace):
                catalog.drop_table(identifier)
    tables(args(), lambda *_, **__: None)


def sink_append(table: Table, rows: pa.Table, offset: int) -> None:
    """One commit of a sink."""
    said = {f"{CONTROL}.{table.name()[-1]}": json.dumps({"0": offset}), COMPLETE: "2026-01-01T00:00Z"}
    table.append(rows, snapshot_properties=said)


def rows_of(catalog: Catalog, name: str) -> pa.Table:
    return catalog.load_table((NAMESPACE, name)).scan().to_arrow()


def places(rows: pa.Table) -> list[tuple[int, int]]:
    return list(zip(rows["partition"].to_pylist(), rows["offset"].to_pylist(), strict=True))


def append(home: Path) -> None:
    with open_lake(args()) as lake, open_catalog(home) as source:
        for spec in TABLES:
            here, there = rows_of(source, spec.name).sort_by("offset"), rows_of(lake, spec.name)
            kept = set(places(there))
            more = here.filter(pa.array((place not in kept for place in places(here)), pa.bool_()))
            if more.num_rows:
                sink_append(ensure_table(lake, spec, for_sink=True), more, here.num_rows)


if __name__ == "__main__":
    {"reset": reset, "append": lambda: append(Path(sys.argv[2]))}[sys.argv[1]]()
