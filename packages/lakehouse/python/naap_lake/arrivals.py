"""The bronze tables as one build sees them, and which data files hold the rows that no build has taken.

Positions don't tell what is new: an append may land behind one that was passed. Snapshots do, whatever came in when.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from pyiceberg.manifest import ManifestContent, ManifestEntryStatus
from pyiceberg.table import StaticTable
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.snapshots import Operation, Snapshot

from naap_lake.pins import Pin, Taken
from naap_lake.catalogs import metadata_locations


class Bronze:
    """The tables of a lake, each at the snapshot that was the current one when this was made."""

    def __init__(self, home: Path):
        self.pins = {name: _pin(location) for name, location in metadata_locations(home).items()}

    def arrived(self, taken: Mapping[str, Taken]) -> dict[str, list[str]] | None:
        """By table, paths of the Parquet files with the rows that no build has taken; None: nobody knows, it may be all of
        them.

        Where appends alone brought rows, and all of their files are still there: just those. They may have been merged into
        others since. Else all files of the table that are newer than `taken`: rows that were taken already are among them.
        No row is in two of the files.
        """
        found = {name: _arrived(pin, taken[name]) for name, pin in self.pins.items()}
        return None if None in found.values() else found


def _arrived(pin: Pin, taken: Taken) -> list[str] | None:
    table = StaticTable.from_metadata(pin.metadata)
    now = table.current_snapshot()
    steps = _steps(table.metadata, taken.snapshot and int(taken.snapshot))
    if steps is not None:
        files = [file for step in steps if _operation(step) == Operation.APPEND for file in _added(table, step)]
        if all(Path(file).exists() for file in files):
            return files
    if now is None or (now.sequence_number or 0) <= taken.sequence_number:
        return None
    return list(_newer(table, now, taken.sequence_number))


def _pin(location: str) -> Pin:
    snapshot = StaticTable.from_metadata(location).current_snapshot()
    if snapshot is None:
        return Pin(None, 0, location)
    return Pin(str(snapshot.snapshot_id), snapshot.sequence_number or 0, location)


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


def _added(table: StaticTable, snapshot: Snapshot) -> Iterator[str]:
    """Files that a snapshot added."""
    for manifest in snapshot.manifests(table.io):
        if manifest.content == ManifestContent.DATA and manifest.added_snapshot_id == snapshot.snapshot_id:
            for entry in manifest.fetch_manifest_entry(table.io):
                if entry.status == ManifestEntryStatus.ADDED:
                    yield entry.data_file.file_path.removeprefix("file://")


def _newer(table: StaticTable, snapshot: Snapshot, sequence_number: int) -> Iterator[str]:
    """Files of a snapshot that were added after a sequence number."""
    for manifest in snapshot.manifests(table.io):
        # A manifest holds no file that is newer than itself.
        if manifest.content == ManifestContent.DATA and manifest.sequence_number > sequence_number:
            for entry in manifest.fetch_manifest_entry(table.io):
                if (entry.sequence_number or 0) > sequence_number:
                    yield entry.data_file.file_path.removeprefix("file://")
