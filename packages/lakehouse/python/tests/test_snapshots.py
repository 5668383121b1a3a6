from naap_lake.snapshots import KEEP_LAST, superseded
from pyiceberg.table.snapshots import Snapshot

MINUTE = 60_000


def snapshots(*minutes: int) -> list[Snapshot]:
    """One per minute given, in that order."""
    return [
        Snapshot(snapshot_id=i, sequence_number=i, timestamp_ms=minute * MINUTE, manifest_list=f"{i}.avro")
        for i, minute in enumerate(minutes, 1)
    ]


def test_a_snapshot_is_kept_as_long_as_it_was_current_a_moment_ago():
    quiet = snapshots(*range(KEEP_LAST + 2), 1000)
    assert superseded(quiet, now_ms=1000 * MINUTE, retention_ms=30 * MINUTE) == [1, 2, 3]
    assert superseded(quiet[-2:], now_ms=5000 * MINUTE, retention_ms=30 * MINUTE) == []


def test_the_last_snapshots_are_kept_whatever_their_age():
    old = snapshots(*range(KEEP_LAST + 3))
    assert superseded(old, now_ms=9999 * MINUTE, retention_ms=0) == [1, 2, 3]
    assert superseded([], now_ms=0, retention_ms=0) == []


def test_nothing_is_superseded_within_the_retention():
    recent = snapshots(*range(100, 100 + 2 * KEEP_LAST))
    now = (100 + 2 * KEEP_LAST) * MINUTE
    assert superseded(recent, now_ms=now, retention_ms=15 * MINUTE) == [1, 2, 3, 4, 5]
