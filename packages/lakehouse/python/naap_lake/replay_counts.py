"""What a replay changes of the class counts."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyiceberg.expressions import And, GreaterThanOrEqual, LessThan
from pyiceberg.table import Table

from naap_lake.tables import BATCHES, PARTITION, TOPIC

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CLASSES = ("accepted", "ignored", "rejected", "duplicate")

Key = tuple[str, int]
"""Id and envelope day (days since 1970) of an event: one of them is accepted, the others are duplicates."""
Place = tuple[str, int, int]
Group = tuple[datetime, str]
"""Hour of arrival and source."""


def day_of(time: datetime) -> int:
    return (time - EPOCH).days


@dataclass(frozen=True)
class State:
    """What a message is: an event of a key, or quarantined by class and reason."""

    key: Key | None
    quarantined: tuple[str, str] | None

    @staticmethod
    def of(row: dict[str, Any]) -> "State":
        if "event_id" in row:
            return State((row["event_id"], day_of(row["envelope_time"])), None)
        return State(None, (row["class"], row["reason"]))


@dataclass(frozen=True)
class Move:
    """A message that was judged anew, and came to something else."""

    place: Place
    arrived: datetime
    source: str
    old: State
    new: State

    @staticmethod
    def between(old: dict[str, Any], new: dict[str, Any]) -> "Move":
        arrived = old["ingested_at"] if "ingested_at" in old else old["seen_at"]
        place = (old["topic"], old["partition"], old["offset"])
        return Move(place, arrived, old["source"], State.of(old), State.of(new))

    @property
    def matters(self) -> bool:
        """To counts and identities. Else only other columns of an event changed."""
        return self.old != self.new

    @property
    def is_accepted(self) -> bool:
        return self.old.key is None and self.new.key is not None

    @property
    def is_quarantined(self) -> bool:
        return self.old.key is not None and self.new.key is None

    @property
    def events(self) -> list[Key]:
        return [state.key for state in (self.old, self.new) if state.key]


def corrections(events: Table, moves: list[Move]) -> pa.Table:
    """Rows for `batches` that bring its sums to what the moves make of them, by hour of arrival and source.

    `events` is the table as it is before them. Each row's `read` is 0: the messages are the same.
    """
    counts: dict[Group, Counter[tuple[str, str | None]]] = {}
    first: dict[Group, datetime] = {}

    def count(arrived: datetime, source: str, kind: str, reason: str | None, n: int) -> None:
        group = (arrived.replace(minute=0, second=0, microsecond=0), source)
        counts.setdefault(group, Counter())[kind, reason] += n
        first[group] = min(first.get(group, arrived), arrived)

    for move in moves:
        for state, n in ((move.old, -1), (move.new, 1)):
            if state.quarantined:
                count(move.arrived, move.source, *state.quarantined, n)
    keys = {key for move in moves for key in move.events}
    by_place = {move.place: move for move in moves}
    for day in sorted({day for _, day in keys}):
        wanted = {key for key in keys if key[1] == day}
        before = {row[0]: row for row in _events_of(events, day, wanted)}
        after = {place: row for place, row in before.items() if place not in by_place}
        for move in moves:
            if move.new.key in wanted:
                after[move.place] = (move.place, move.arrived, move.source, move.new.key)
        for rows, n in ((before, -1), (after, 1)):
            for arrived, source, kind in _classed(rows.values()):
                count(arrived, source, kind, None, n)

    found = []
    for group, changes in sorted(counts.items()):
        totals = {kind: sum(n for (k, _), n in changes.items() if k == kind) for kind in CLASSES}
        reasons = Counter[str]()
        for (_, reason), n in changes.items():
            if reason:
                reasons[reason] += n
        reasons = {reason: n for reason, n in sorted(reasons.items()) if n}
        if any(totals.values()) or reasons:
            place = {"topic": TOPIC, "partition": PARTITION, "received_at": first[group], "source": group[1], "read": 0}
            found.append({**place, **totals, "reasons": json.dumps(reasons)})
    return pa.Table.from_pylist(found, BATCHES.arrow_schema)


Row = tuple[Place, datetime, str, Key]


def _events_of(events: Table, day: int, keys: set[Key]) -> Iterator[Row]:
    """All events of some keys of a day."""
    start = EPOCH + timedelta(days=day)
    of_day = And(
        GreaterThanOrEqual("envelope_time", start.isoformat()),
        LessThan("envelope_time", (start + timedelta(days=1)).isoformat()),
    )
    fields = ("event_id", "envelope_time", "topic", "partition", "offset", "ingested_at", "source")
    for batch in events.scan(of_day, selected_fields=fields).to_arrow_batch_reader():
        rows = pa.Table.from_batches([batch]) if isinstance(batch, pa.RecordBatch) else batch
        ids = pa.array(sorted(event_id for event_id, _ in keys), pa.string())
        for row in rows.filter(pc.is_in(rows["event_id"].cast(pa.string()), ids)).to_pylist():
            key = (row["event_id"], day)
            yield (row["topic"], row["partition"], row["offset"]), row["ingested_at"], row["source"], key


def _classed(rows: Any) -> Iterator[tuple[datetime, str, str]]:
    """Arrival, source and class of events: of each key the first to arrive is accepted."""
    seen: set[Key] = set()
    for place, arrived, source, key in sorted(rows, key=lambda row: (row[1], row[0])):
        yield arrived, source, "duplicate" if key in seen else "accepted"
        seen.add(key)
