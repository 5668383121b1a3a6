"""Where the tables of the lake are looked up; one module a catalog, and the one place that chooses among them."""

from importlib import import_module
from pathlib import Path

from pyiceberg.catalog import Catalog

from naap_lake.catalogs import sqlite
from naap_lake.catalogs.settings import LakeSettings


def open_catalog(home: Path, settings: LakeSettings | None = None) -> Catalog:
    """The catalog that is set, or that of a home, created on first use. Close it: use it in a `with`."""
    if settings is None:
        return sqlite.open_catalog(home)
    # Each needs client libraries that the others do not.
    return import_module(f"naap_lake.catalogs.{settings.catalog}").open_catalog(settings)


def metadata_locations(home: Path) -> dict[str, str]:
    """Path of the newest metadata.json of each bronze table, by table, all of one moment; empty before the first commit."""
    return sqlite.metadata_locations(home)
