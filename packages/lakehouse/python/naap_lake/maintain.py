"""`maintain`: keeps the bronze tables fast to read and to commit to. Rows and offsets stay as they are."""

from typing import Any

from naap_lake.compaction import compact
from naap_lake.ops import Progress, home_of
from naap_lake.orphans import remove_orphans
from naap_lake.replay import apply_decided, decided
from naap_lake.snapshots import RETENTION_MS, expire
from naap_lake.catalogs import open_catalog
from naap_lake.tables import TABLES, ensure_table
from naap_lake.transaction import LakeTransaction


def maintain(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Compacts small files, expires snapshots, removes files that nothing references.

    args: {home, retentionMs?: how long a superseded snapshot and an unreferenced file are kept}.
    Returns, by table, {filesBefore, filesAfter (of what was compacted), expiredSnapshots, removedFiles}.
    """
    home = home_of(args)
    # A replay that is decided names files: they must not be merged into others before it is done.
    if redo := decided(home):
        apply_decided(home, redo)
    retention_ms = int(args.get("retentionMs", RETENTION_MS))
    result = {}
    with open_catalog(home) as catalog:
        for spec in TABLES:
            table = ensure_table(catalog, spec)
            before, after = compact(table, spec)
            with LakeTransaction(table) as transaction:
                expired = expire(transaction, retention_ms)
            removed = remove_orphans(table, retention_ms)
            result[spec.name] = {
                "filesBefore": before,
                "filesAfter": after,
                "expiredSnapshots": expired,
                "removedFiles": removed,
            }
            progress(f"lake: {spec.name}: {before} files to {after}, {removed} removed", table=spec.name)
    return result
