"""The REST catalog of Iceberg's specification, as Nessie and others serve it."""

from pyiceberg.catalog.rest import RestCatalog

from naap_lake.catalogs.settings import LakeSettings


def open_catalog(settings: LakeSettings) -> RestCatalog:
    return RestCatalog("naap", **settings.properties())
