"""`maintain`: keeps the bronze tables fast to read and to commit to. Rows and offsets stay as they are."""

from typing import Any

from naap_lake.catalogs import open_lake
from naap_lake.catalogs.settings import is_shared
from naap_lake.compaction import compact
from naap_lake.ops import Progress
from naap_lake.orphans import remove_orphans
from naap_lake.replay import apply_decided
from naap_lake.snapshots import RETENTION_MS, expire
from naap_lake.tables import TABLES, ensure_table
from naap_lake.transaction import again_on_conflict

SINK_ORPHAN_MS = 24 * 60 * 60_000
"""A file that a sink wrote and never committed is nobody's a day before its last complete commit, however it failed."""


def maintain(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Compacts small files, expires snapshots, removes files that nothing references.

    args: {home or lake, retentionMs?: how long a superseded snapshot and, in a home, an unreferenced file are kept}.
    Returns, by table, {filesBefore, filesAfter (of what was compacted), expiredSnapshots, removedFiles}.
    """
    shared = is_shared(args)
    retention_ms = int(args.get("retentionMs", RETENTION_MS))
    result = {}
    with open_lake(args) as catalog:
        # A replay that is decided names files: they must not be merged into others before it is done.
        apply_decided(args, catalog)
        for spec in TABLES:
            table = ensure_table(catalog, spec, for_sink=shared)
            before, after = compact(table, spec)
            expired = again_on_conflict(table, lambda transaction: expire(transaction, retention_ms))
            removed = remove_orphans(table, max(retention_ms, SINK_ORPHAN_MS) if shared else retention_ms)
            result[spec.name] = {
                "filesBefore": before,
                "filesAfter": after,
                "expiredSnapshots": expired,
                "removedFiles": removed,
            }
            progress(f"lake: {spec.name}: {before} files to {after}, {removed} removed", table=spec.name)
    return result
