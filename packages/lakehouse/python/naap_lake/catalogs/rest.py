"""The REST catalog of Iceberg's specification, as Nessie and others serve it."""

from pyiceberg.catalog.rest import RestCatalog
from pyiceberg.io import FileIO
from pyiceberg.typedef import EMPTY_DICT, Properties

from naap_lake.catalogs.settings import LakeSettings


class _OurWayToFiles(RestCatalog):
    """A catalog that says where S3 is says it as its own network has it: what is configured here goes before that."""

    def __init__(self, ours: Properties) -> None:
        self._ours = ours
        super().__init__("naap", **ours)

    def _load_file_io(self, properties: Properties = EMPTY_DICT, location: str | None = None) -> FileIO:
        return super()._load_file_io({**properties, **self._ours}, location)


def open_catalog(settings: LakeSettings) -> RestCatalog:
    return _OurWayToFiles(settings.properties())
