"""A PyIceberg transaction whose cost does not multiply with the number of snapshots, and that can say `replace`."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from pyiceberg.exceptions import CommitFailedException
from pyiceberg.io import FileIO
from pyiceberg.manifest import DataFile
from pyiceberg.table import Table, Transaction
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.snapshots import Operation, Summary
from pyiceberg.table.update import TableUpdate
from pyiceberg.table.update.snapshot import _OverwriteFiles
from pyiceberg.typedef import EMPTY_DICT

from naap_lake.sink_snapshots import left_by_sinks


TRIES = 10
R = TypeVar("R")


class LakeTransaction(Transaction):
    """PyIceberg copies the whole table metadata at each look at it, some twenty times per append; here once per change."""

    _seen: tuple[TableMetadata, tuple[TableUpdate, ...], TableMetadata] | None = None

    @property
    def table_metadata(self) -> TableMetadata:
        base = self._table.metadata
        if self._seen is None or self._seen[0] is not base or self._seen[1] is not self._updates:
            self._seen = (base, self._updates, super().table_metadata)
        return self._seen[2]

    def _rebuild_snapshot_updates(self) -> None:
        """Before it is tried again. A catalog may show the current snapshot alone: where this began is gone then."""
        for producer in self._snapshot_producers:
            if self._table.metadata.snapshot_by_id(producer._starting_snapshot_id or -1) is None:
                producer._starting_snapshot_id = None
        super()._rebuild_snapshot_updates()

    def replace_files(self, removed: Iterable[DataFile], added: Iterable[DataFile], rows_change: bool = False) -> None:
        """Puts files in the place of others. Where they hold the same rows, who follows the table finds nothing new in it."""
        with _ReplaceFiles(self, self._table.io, rows_change) as replace:
            for file in removed:
                replace.delete_data_file(file)
            for file in added:
                replace.append_data_file(file)


class _ReplaceFiles(_OverwriteFiles):
    """PyIceberg only knows the operations that change rows.

    Where another commit came first it is tried again on the state that this one left, as often as the table allows.
    """

    def __init__(self, transaction: Transaction, io: FileIO, rows_change: bool):
        super().__init__(Operation.OVERWRITE, transaction, io)
        self._says = Operation.OVERWRITE if rows_change else Operation.REPLACE

    def _validate_concurrency(self) -> None:
        """What others add is no conflict, as it stays; a file that is gone is one, which `_deleted_entries` finds."""

    def _summary(self, snapshot_properties: dict[str, str] = EMPTY_DICT) -> Summary:
        summary = super()._summary(snapshot_properties)
        # Of the state that it is committed on, whichever try this is.
        left = left_by_sinks(self._transaction.table_metadata.snapshots)
        return Summary(self._says, **summary.additional_properties, **left)


def again_on_conflict(table: Table, change: Callable[[LakeTransaction], R]) -> R:
    """Makes a change of a table; where another commit came first, anew on the state that this one left.

    PyIceberg does that by itself only for what makes a snapshot.
    """
    for _ in range(TRIES - 1):
        try:
            return _changed(table, change)
        except CommitFailedException:
            table.refresh()
    return _changed(table, change)


def _changed(table: Table, change: Callable[[LakeTransaction], R]) -> R:
    with LakeTransaction(table) as transaction:
        return change(transaction)
