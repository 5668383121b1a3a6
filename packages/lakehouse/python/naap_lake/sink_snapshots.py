"""What Iceberg's sink for Kafka Connect writes into the snapshots of its commits, and what may go because of it. Pure.

A commit of the sink says how far it had read its control topic. Before each commit it looks that up again, from the
current snapshot back through the parents to the first that says it: without it, it would commit files a second time.
"""

from collections.abc import Sequence

from pyiceberg.table.snapshots import Snapshot

OFFSETS = "kafka.connect.offsets."
"""Then `<control topic>.<group>`: one key per sink."""
COMPLETE = "kafka.connect.valid-through-ts"
"""Only in commits that every task of the sink answered in time."""


def free_of_sinks(in_order: Sequence[Snapshot]) -> int:
    """How many of the first snapshots, oldest first, no sink needs any more.

    Each sink needs its newest commit, and all after it as the way there. One that is gone for good holds its last one.
    """
    newest = {key: i for i, snapshot in enumerate(in_order) for key in _summary(snapshot) if key.startswith(OFFSETS)}
    return min(newest.values(), default=len(in_order))


def is_written_by_sink(snapshots: Sequence[Snapshot]) -> bool:
    return any(key.startswith(OFFSETS) for snapshot in snapshots for key in _summary(snapshot))


def last_complete_commit_ms(snapshots: Sequence[Snapshot]) -> int | None:
    """When the sink last committed all that its tasks had written by then (unix ms); None where no snapshot tells."""
    return max((snapshot.timestamp_ms for snapshot in snapshots if COMPLETE in _summary(snapshot)), default=None)


def _summary(snapshot: Snapshot) -> dict[str, str]:
    return snapshot.summary.additional_properties if snapshot.summary else {}
