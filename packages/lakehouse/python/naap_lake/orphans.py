"""Removes files of a table that nothing references: of expired snapshots, and of writers that died before their commit."""

import time
from collections.abc import Iterator
from pathlib import Path

from pyiceberg.manifest import ManifestEntryStatus
from pyiceberg.table import Table


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


def remove_orphans(table: Table, safe_age_ms: int) -> int:
    """Deletes unreferenced files last written over `safe_age_ms` ago; returns how many."""
    keep = referenced_files(table)
    written_before = time.time() - safe_age_ms / 1000
    removed = 0
    for path in _files(Path(table.location())):
        if path not in keep and path.stat().st_mtime < written_before:
            path.unlink()
            removed += 1
    return removed


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())
