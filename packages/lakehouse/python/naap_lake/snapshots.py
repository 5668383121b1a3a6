"""Which snapshots a table keeps."""

import time
from collections.abc import Sequence

from pyiceberg.table import Transaction
from pyiceberg.table.snapshots import Snapshot
from pyiceberg.table.update.snapshot import ExpireSnapshots

from naap_lake.sink_snapshots import free_of_sinks

# A reader is bound to a snapshot while its query or its build runs.
RETENTION_MS = 30 * 60_000
KEEP_LAST = 10


def superseded(snapshots: Sequence[Snapshot], now_ms: int, retention_ms: int) -> list[int]:
    """Ids of the snapshots that stopped being the current one at least `retention_ms` ago, but for the last few
    and those by which a sink finds its last commit.

    The age of a snapshot says nothing: on a quiet table an old one was current until a moment ago. Pure.
    """
    in_order = sorted(snapshots, key=lambda snapshot: snapshot.sequence_number or 0)
    return [
        snapshot.snapshot_id
        for snapshot, successor in zip(in_order, in_order[1:])
        if successor.timestamp_ms <= now_ms - retention_ms
    ][: max(0, min(len(in_order) - KEEP_LAST, free_of_sinks(in_order)))]


def expire(transaction: Transaction, retention_ms: int, at_least: int = 1) -> int:
    """Takes superseded snapshots out of the table within a transaction, if there are `at_least` so many.

    Returns how many it took.
    """
    ids = superseded(transaction.table_metadata.snapshots, int(time.time() * 1000), retention_ms)
    if len(ids) < at_least:
        return 0
    ExpireSnapshots(transaction).by_ids(ids).commit()
    return len(ids)
