"""`describe`: what the lake holds, from the metadata of the tables alone."""

from typing import Any

from pyiceberg.exceptions import NoSuchTableError

from naap_lake.catalogs import open_lake
from naap_lake.ops import Progress
from naap_lake.tables import NAMESPACE, TABLES, next_offset


def describe(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Says what the tables hold.

    args: {home or lake}.
    Returns {tables: {name: {rows, files, bytes, snapshots, nextOffset, metadata, properties, snapshot: null or {id (text: it
    has 64 bits), committedAt (unix ms)}}}}; only tables that exist.
    """
    tables = {}
    with open_lake(args) as catalog:
        for spec in TABLES:
            try:
                table = catalog.load_table((NAMESPACE, spec.name))
            except NoSuchTableError:
                continue
            snapshot = table.current_snapshot()
            summary = snapshot.summary if snapshot else {}
            tables[spec.name] = {
                "rows": int(summary.get("total-records", 0)),
                "files": int(summary.get("total-data-files", 0)),
                "bytes": int(summary.get("total-files-size", 0)),
                "snapshots": len(table.metadata.snapshots),
                "nextOffset": next_offset(table),
                "metadata": table.metadata_location,
                "properties": dict(table.properties),
                "snapshot": snapshot and {"id": str(snapshot.snapshot_id), "committedAt": snapshot.timestamp_ms},
            }
    return {"tables": tables}
