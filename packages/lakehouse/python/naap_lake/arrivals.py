"""The bronze tables as one build sees them, and which data files hold the rows that no build has taken.

Positions don't tell what is new: an append may land behind one that was passed. Snapshots do, whatever came in when.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Protocol

from pyiceberg.catalog import Catalog
from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.manifest import ManifestContent, ManifestEntryStatus
from pyiceberg.table import StaticTable, Table
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.snapshots import Operation, Snapshot

from naap_lake.catalogs import metadata_locations
from naap_lake.data_files import EPOCH
from naap_lake.pins import Pin, Taken
from naap_lake.tables import NAMESPACE, TABLES


class Bronze(Protocol):
    """The tables of a lake, each at the snapshot that was the current one when this was made."""

    pins: dict[str, Pin]
    """By table; those that there are."""

    def arrived(self, taken: Mapping[str, Taken], days: Collection[date] = ()) -> dict[str, list[str]] | None:
        """By table, the data files with the rows that no build has taken; None: nobody knows, it may be all of them.

        Where appends alone brought rows, and all of their files can still be read: just those. They may have been merged into
        others since. Else all files of the table that are newer than `taken`: rows that were taken already are among them.
        With `days` those too, and the files of these days; a table without days has none.
        No row is in two of the files.
        """


class HomeBronze:
    """That of a home. A file that was merged into another stays for a while, and is read as it lies."""

    def __init__(self, home: Path):
        self._tables = {name: StaticTable.from_metadata(location) for name, location in metadata_locations(home).items()}
        self.pins = {name: _pin(table) for name, table in self._tables.items()}

    def arrived(self, taken: Mapping[str, Taken], days: Collection[date] = ()) -> dict[str, list[str]] | None:
        return _arrived(self._tables, taken, days, lambda files, _: all(Path(file).exists() for file in files))


MAX_FILES = 1000
"""Of a table that no build has taken: a statement names each of them."""


class LakeBronze:
    """That of a lake that machines share: its files are read as those of the table that they are of."""

    def __init__(self, catalog: Catalog):
        self._tables = {}
        for spec in TABLES:
            with suppress(NoSuchTableError):
                self._tables[spec.name] = catalog.load_table((NAMESPACE, spec.name))
        self.pins = {name: _pin(table) for name, table in self._tables.items()}

    def arrived(self, taken: Mapping[str, Taken], days: Collection[date] = ()) -> dict[str, list[str]] | None:
        found = _arrived(self._tables, taken, days, lambda files, newer: not files or newer().issuperset(files))
        return None if found and max(map(len, found.values())) > MAX_FILES else found


AreThere = Callable[[list[str], Callable[[], set[str]]], bool]
"""Whether files can be read; it can ask for the files of the table that are newer than what was taken."""


def _arrived(
    tables: Mapping[str, Table], taken: Mapping[str, Taken], days: Collection[date], are_there: AreThere
) -> dict[str, list[str]] | None:
    found = {
        name: _taken_again(table, taken[name], days) if days else _arrived_of(table, taken[name], are_there)
        for name, table in tables.items()
    }
    return None if None in found.values() else found


def _taken_again(table: Table, taken: Taken, days: Collection[date]) -> list[str]:
    """Of the files that the table has now, so that no row is in two: those of the days, and those that are newer."""
    now = table.current_snapshot()
    if now is None:
        return []
    wanted = {(day - EPOCH).days for day in days}
    of_days = (
        entry.data_file
        for manifest in now.manifests(table.io)
        if manifest.content == ManifestContent.DATA
        for entry in manifest.fetch_manifest_entry(table.io)
    )
    files = (file.file_path for file in of_days if len(file.partition) and file.partition[0] in wanted)
    return sorted({*_newer(table, now, taken.sequence_number), *(path.removeprefix("file://") for path in files)})


def _arrived_of(table: Table, taken: Taken, are_there: AreThere) -> list[str] | None:
    now = table.current_snapshot()

    def newer() -> set[str]:
        return set(_newer(table, now, taken.sequence_number)) if now else set()

    steps = _steps(table.metadata, taken.snapshot and int(taken.snapshot))
    if steps is not None:
        files = [file for step in steps if _operation(step) == Operation.APPEND for file in _added(table, step)]
        if are_there(files, newer):
            return files
    if now is None or (now.sequence_number or 0) <= taken.sequence_number:
        return None
    return sorted(newer())


def _pin(table: Table) -> Pin:
    snapshot = table.current_snapshot()
    if snapshot is None:
        return Pin(None, 0, table.metadata_location)
    return Pin(str(snapshot.snapshot_id), snapshot.sequence_number or 0, table.metadata_location)


def _steps(metadata: TableMetadata, since: int | None) -> list[Snapshot] | None:
    """The snapshots after `since`; None where one has expired, where `since` is of another history, or where rows were
    changed. Pure."""
    snapshots = {snapshot.snapshot_id: snapshot for snapshot in metadata.snapshots}
    steps: list[Snapshot] = []
    at = metadata.current_snapshot_id
    while at != since:
        snapshot = snapshots.get(at) if at is not None else None
        if snapshot is None or _operation(snapshot) not in (Operation.APPEND, Operation.REPLACE):
            return None
        steps.append(snapshot)
        at = snapshot.parent_snapshot_id
    return steps


def _operation(snapshot: Snapshot) -> Operation | None:
    return snapshot.summary and snapshot.summary.operation


def _added(table: Table, snapshot: Snapshot) -> Iterator[str]:
    """Files that a snapshot added."""
    for manifest in snapshot.manifests(table.io):
        if manifest.content == ManifestContent.DATA and manifest.added_snapshot_id == snapshot.snapshot_id:
            for entry in manifest.fetch_manifest_entry(table.io):
                if entry.status == ManifestEntryStatus.ADDED:
                    yield entry.data_file.file_path.removeprefix("file://")


def _newer(table: Table, snapshot: Snapshot, sequence_number: int) -> Iterator[str]:
    """Files of a snapshot that were added after a sequence number."""
    for manifest in snapshot.manifests(table.io):
        # A manifest holds no file that is newer than itself.
        if manifest.content == ManifestContent.DATA and manifest.sequence_number > sequence_number:
            for entry in manifest.fetch_manifest_entry(table.io):
                if (entry.sequence_number or 0) > sequence_number:
                    yield entry.data_file.file_path.removeprefix("file://")
