"""SQLite: the catalog of the lake in a folder of the home."""

import sqlite3
from contextlib import closing
from pathlib import Path

from pyiceberg.catalog.sql import SqlCatalog
from sqlalchemy import URL

from naap_lake.tables import NAMESPACE


def open_catalog(home: Path) -> SqlCatalog:
    """The catalog of a home, created on first use."""
    lake = home.resolve() / "lake"
    (lake / "warehouse").mkdir(parents=True, exist_ok=True)
    uri = URL.create("sqlite", database=str(lake / "catalog.db"))
    return SqlCatalog(
        "naap",
        **{
            "uri": uri.render_as_string(hide_password=False),
            # A plain path, not a file:// URI: '#' and '%' in a home stay what they are.
            "warehouse": str(lake / "warehouse"),
            "py-io-impl": "naap_lake.file_io.DurableFileIO",
        },
    )


def metadata_locations(home: Path) -> dict[str, str]:
    """Path of the newest metadata.json of each bronze table, by table, all of one moment; empty before the first commit."""
    catalog = home.resolve() / "lake" / "catalog.db"
    if not catalog.exists():
        return {}
    with closing(sqlite3.connect(f"{catalog.as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute(
            "select table_name, metadata_location from iceberg_tables where table_namespace = ?", (NAMESPACE,)
        ).fetchall()
    return {name: location.removeprefix("file://") for name, location in rows}
