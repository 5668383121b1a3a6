"""Removes files of a table that nothing references: of expired snapshots, and of writers that died before their commit."""

import time

from pyarrow.fs import FileSelector
from pyiceberg.manifest import ManifestEntryStatus
from pyiceberg.table import Table

from naap_lake.file_io import place_of
from naap_lake.sink_snapshots import is_written_by_sink, last_complete_commit_ms
from naap_lake.tables import NEXT_OFFSET


def referenced_files(table: Table) -> set[str]:
    """Locations of all files that the table's metadata, its earlier versions and its snapshots name."""
    files = {table.metadata_location, *(entry.metadata_file for entry in table.metadata.metadata_log)}
    manifests = {}
    for snapshot in table.snapshots():
        files.add(snapshot.manifest_list)
        manifests |= {manifest.manifest_path: manifest for manifest in snapshot.manifests(table.io)}
    for location, manifest in manifests.items():
        files.add(location)
        for entry in manifest.fetch_manifest_entry(table.io, discard_deleted=False):
            if entry.status != ManifestEntryStatus.DELETED:
                files.add(entry.data_file.file_path)
    return files


def safe_before_ms(table: Table, now_ms: int, safe_age_ms: int) -> int | None:
    """Unix ms; what was written before it and is referenced by nothing never will be. None: nobody can know.

    A sink commits files that it wrote before an outage, however long that took: only what is well older than a commit
    in which it left nothing behind is nobody's.
    """
    if is_written_by_sink(table.snapshots()) or NEXT_OFFSET not in table.properties:
        committed = last_complete_commit_ms(table.snapshots())
        return None if committed is None else min(committed, now_ms) - safe_age_ms
    return now_ms - safe_age_ms


def remove_orphans(table: Table, safe_age_ms: int) -> int:
    """Deletes unreferenced files that are safe to delete for `safe_age_ms`; returns how many."""
    if table.properties.get("gc.enabled") == "false":
        # The catalog keeps states of the table that nobody sees here, as Nessie does, and collects what they leave.
        return 0
    safe_before = safe_before_ms(table, int(time.time() * 1000), safe_age_ms)
    if safe_before is None:
        return 0
    filesystem, folder = place_of(table.io, table.location())
    # Listed before it is asked what is referenced: what a writer commits meanwhile is not among them.
    found = filesystem.get_file_info(FileSelector(folder, recursive=True, allow_not_found=True))
    old = {file.path for file in found if file.is_file and file.mtime_ns < safe_before * 1_000_000}
    if not old:
        return 0
    orphans = old - {place_of(table.io, location)[1] for location in referenced_files(table.refresh())}
    for path in orphans:
        filesystem.delete_file(path)
    return len(orphans)
