"""Removes files of a table that nothing references: of expired snapshots, and of writers that died before their commit."""

import time
from collections.abc import Iterator
from pathlib import Path

from pyiceberg.manifest import ManifestEntryStatus
from pyiceberg.table import Table

from naap_lake.sink_snapshots import is_written_by_sink, last_complete_commit_ms
from naap_lake.tables import NEXT_OFFSET


def referenced_files(table: Table) -> set[Path]:
    """All files that the table's metadata, its earlier versions and its snapshots name."""
    files = {Path(table.metadata_location)}
    files |= {Path(entry.metadata_file) for entry in table.metadata.metadata_log}
    manifests = {}
    for snapshot in table.snapshots():
        files.add(Path(snapshot.manifest_list))
        manifests |= {manifest.manifest_path: manifest for manifest in snapshot.manifests(table.io)}
    for path, manifest in manifests.items():
        files.add(Path(path))
        for entry in manifest.fetch_manifest_entry(table.io, discard_deleted=False):
            if entry.status != ManifestEntryStatus.DELETED:
                files.add(Path(entry.data_file.file_path))
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
    safe_before = safe_before_ms(table, int(time.time() * 1000), safe_age_ms)
    if safe_before is None:
        return 0
    keep = referenced_files(table)
    removed = 0
    for path in _files(Path(table.location())):
        if path not in keep and path.stat().st_mtime * 1000 < safe_before:
            path.unlink()
            removed += 1
    return removed


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())
