"""Where the tables of the lake are looked up; one module a catalog, and the one place that chooses among them."""

from pathlib import Path

from pyiceberg.catalog import Catalog

from naap_lake.catalogs import sqlite


def open_catalog(home: Path) -> Catalog:
    """The catalog of a home, created on first use. Close it: use it in a `with`."""
    return sqlite.open_catalog(home)


def metadata_locations(home: Path) -> dict[str, str]:
    """Path of the newest metadata.json of each bronze table, by table, all of one moment; empty before the first commit."""
    return sqlite.metadata_locations(home)
