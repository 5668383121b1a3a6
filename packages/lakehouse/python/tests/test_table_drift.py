from pathlib import Path
from typing import Any

from lake_fixture import no_progress
from naap_lake.catalogs import open_catalog
from naap_lake.table_drift import tables
from naap_lake.tables import EVENTS, NAMESPACE, TABLES
from pyiceberg.schema import Schema
from pyiceberg.types import NestedField, StringType


def run(home: Path, **args: Any) -> dict[str, list[tuple[str, str, str]]]:
    """(of, name, mend) of what is found, by table that has any."""
    found = tables({"home": str(home), **args}, no_progress)["tables"]
    return {
        name: [(each["of"], each["name"], each["mend"]) for each in differences]
        for name, differences in found.items()
        if differences
    }


def test_tables_are_made_once(tmp_path: Path):
    missing = {spec.name: [("table", spec.name, "possible")] for spec in TABLES}
    assert run(tmp_path, check=True) == run(tmp_path, check=True) == missing
    assert run(tmp_path) == {spec.name: [("table", spec.name, "done")] for spec in TABLES}
    assert run(tmp_path) == run(tmp_path, check=True) == {}


def test_columns_order_and_properties_are_mended(tmp_path: Path):
    old = Schema(*EVENTS.schema.fields[:-2])
    properties = EVENTS.properties | {"write.parquet.compression-codec": "snappy"}
    with open_catalog(tmp_path) as catalog:
        catalog.create_namespace(NAMESPACE)
        catalog.create_table((NAMESPACE, EVENTS.name), old, partition_spec=EVENTS.partition_spec, properties=properties)

    def expected(mend: str) -> list[tuple[str, str, str]]:
        columns = [("column", name, mend) for name in ("source_partition", "source_offset")]
        return [*columns, ("order", "events", mend), ("property", "write.parquet.compression-codec", mend)]

    assert run(tmp_path, check=True)["events"] == expected("possible")
    assert run(tmp_path)["events"] == expected("done")
    assert run(tmp_path) == {}


def test_what_written_files_would_have_to_follow_is_told_and_left(tmp_path: Path):
    with open_catalog(tmp_path) as catalog:
        catalog.create_namespace(NAMESPACE)
        columns = [*EVENTS.schema.fields[:-1], NestedField(99, "source_offset", StringType())]
        catalog.create_table((NAMESPACE, EVENTS.name), Schema(*columns), properties=EVENTS.properties)
    left = [("column", "source_offset", "by hand"), ("partitions", "events", "by hand")]
    assert run(tmp_path)["events"] == [*left, ("order", "events", "done")]
    assert run(tmp_path) == run(tmp_path, check=True) == {"events": left}
