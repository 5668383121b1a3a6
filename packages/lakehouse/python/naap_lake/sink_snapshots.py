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
COMPLETE_AT = "naap.sink-complete-at"
"""When such a commit was made (unix ms), in a snapshot that maintenance made after it."""


def free_of_sinks(in_order: Sequence[Snapshot]) -> int:
    """How many of the first snapshots, oldest first, no sink needs any more.

    Each sink needs its newest commit, and all after it as the way there. One that is gone for good holds its last one.
    """
    newest = {key: i for i, snapshot in enumerate(in_order) for key in _summary(snapshot) if key.startswith(OFFSETS)}
    return min(newest.values(), default=len(in_order))


def left_by_sinks(snapshots: Sequence[Snapshot]) -> dict[str, str]:
    """What a snapshot that comes next, of somebody else, says for the sinks: a catalog may show no snapshot but the current."""
    in_order = sorted(snapshots, key=lambda snapshot: snapshot.sequence_number or 0)
    said = {
        key: value for snapshot in in_order for key, value in _summary(snapshot).items() if key.startswith(OFFSETS)
    }
    committed = last_complete_commit_ms(snapshots)
    return said if committed is None else said | {COMPLETE_AT: str(committed)}


def is_written_by_sink(snapshots: Sequence[Snapshot]) -> bool:
    return any(key.startswith(OFFSETS) for snapshot in snapshots for key in _summary(snapshot))


def last_complete_commit_ms(snapshots: Sequence[Snapshot]) -> int | None:
    """When the sink last committed all that its tasks had written by then (unix ms); None where no snapshot tells."""
    of_sink = [snapshot.timestamp_ms for snapshot in snapshots if COMPLETE in _summary(snapshot)]
    passed_on = [int(said) for snapshot in snapshots if (said := _summary(snapshot).get(COMPLETE_AT))]
    return max(of_sink + passed_on, default=None)


def _summary(snapshot: Snapshot) -> dict[str, str]:
    return snapshot.summary.additional_properties if snapshot.summary else {}
