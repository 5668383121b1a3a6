"""Hive Metastore over Thrift: a catalog that engines of other processes share."""

from pyiceberg.catalog import Identifier, Properties
from pyiceberg.catalog.hive import HiveCatalog
from pyiceberg.typedef import EMPTY_DICT

from naap_lake.catalogs.settings import LakeSettings


class _WarehouseCatalog(HiveCatalog):
    def create_namespace(self, namespace: str | Identifier, properties: Properties = EMPTY_DICT) -> None:
        """In the warehouse that is set: the metastore would take the folder of its own configuration."""
        name = ".".join(self.identifier_to_tuple(namespace))
        location = f"{self.properties['warehouse'].rstrip('/')}/{name}"
        super().create_namespace(namespace, {"location": location, **properties})


def open_catalog(settings: LakeSettings) -> HiveCatalog:
    return _WarehouseCatalog("naap", **settings.properties())
