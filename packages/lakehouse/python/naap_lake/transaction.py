"""A PyIceberg transaction whose cost does not multiply with the number of snapshots, and that can say `replace`."""

from collections.abc import Iterable

from pyiceberg.manifest import DataFile
from pyiceberg.table import Transaction
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.snapshots import Operation, Summary
from pyiceberg.table.update import TableUpdate
from pyiceberg.table.update.snapshot import _OverwriteFiles
from pyiceberg.typedef import EMPTY_DICT


class LakeTransaction(Transaction):
    """PyIceberg copies the whole table metadata at each look at it, some twenty times per append; here once per change."""

    _seen: tuple[tuple[TableUpdate, ...], TableMetadata] | None = None

    @property
    def table_metadata(self) -> TableMetadata:
        if self._seen is None or self._seen[0] is not self._updates:
            self._seen = (self._updates, super().table_metadata)
        return self._seen[1]

    def replace_files(self, removed: Iterable[DataFile], added: Iterable[DataFile]) -> None:
        """Puts files in the place of others that hold the same rows: who follows the table finds nothing new in it."""
        with _ReplaceFiles(Operation.OVERWRITE, self, self._table.io) as replace:
            for file in removed:
                replace.delete_data_file(file)
            for file in added:
                replace.append_data_file(file)


class _ReplaceFiles(_OverwriteFiles):
    """PyIceberg only knows the operations that change rows."""

    def _summary(self, snapshot_properties: dict[str, str] = EMPTY_DICT) -> Summary:
        summary = super()._summary(snapshot_properties)
        return Summary(Operation.REPLACE, **summary.additional_properties)
