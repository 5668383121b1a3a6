"""A PyIceberg transaction whose cost does not multiply with the number of snapshots."""

from pyiceberg.table import Transaction
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.update import TableUpdate


class LakeTransaction(Transaction):
    """PyIceberg copies the whole table metadata at each look at it, some twenty times per append; here once per change."""

    _seen: tuple[tuple[TableUpdate, ...], TableMetadata] | None = None

    @property
    def table_metadata(self) -> TableMetadata:
        if self._seen is None or self._seen[0] is not self._updates:
            self._seen = (self._updates, super().table_metadata)
        return self._seen[1]
