"""Where the tables of the lake are looked up; one module a catalog, and the one place that chooses among them."""

from importlib import import_module
from pathlib import Path
from typing import Any

from pyiceberg.catalog import Catalog

from naap_lake.catalogs import sqlite
from naap_lake.catalogs.settings import lake_of
from naap_lake.ops import home_of


def open_catalog(home: Path) -> Catalog:
    """The catalog of a home, created on first use. Close it: use it in a `with`."""
    return sqlite.open_catalog(home)


def open_lake(args: dict[str, Any]) -> Catalog:
    """The catalog that the args of an op name: `lake`, as `lake_of` reads it, else that of `home`. Close it."""
    settings = lake_of(args)
    if settings is None:
        return sqlite.open_catalog(home_of(args))
    # Each needs client libraries that the others do not.
    return import_module(f"naap_lake.catalogs.{settings.catalog}").open_catalog(settings)


def metadata_locations(home: Path) -> dict[str, str]:
    """Path of the newest metadata.json of each bronze table, by table, all of one moment; empty before the first commit."""
    return sqlite.metadata_locations(home)
