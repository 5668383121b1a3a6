"""Hive Metastore over Thrift: a catalog that engines of other processes share."""

from pyiceberg.catalog.hive import HiveCatalog

from naap_lake.catalogs.settings import LakeSettings


def open_catalog(settings: LakeSettings) -> HiveCatalog:
    return HiveCatalog("naap", **settings.properties())
