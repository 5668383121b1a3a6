"""What came in is counted by gold as docs/kpis.md §1 says, whatever the order of commits, and whether the gate remembers."""

import json
import random
from collections import Counter

import pytest

from gold_harness import Gold, ingest_differences, same_tables
from ingested import ingested
from naap_lake.pins import Taken

HOUR = 3_600_000
DAY = 24 * HOUR
T0 = 1_768_000_000_000 // DAY * DAY

Append = tuple[list[bytes], int, str]
"""Messages, when they came in, and who brought them."""


def event(name: str, at: int = T0, **data: str) -> bytes:
    data = {"type": "status", "request_id": name, **data}
    return json.dumps({"id": name, "type": "ai_stream_status", "timestamp": str(at), "data": data}).encode()


MESSAGES = [
    *(event(f"e{n}") for n in range(12)),
    # Copies that differ, and one of another day, which is another event.
    *(event(f"e{n}", note="again") for n in range(4)),
    *(event(f"e{n}", T0 + 1, note="later") for n in range(2)),
    event("e0", T0 - DAY),
    *(b"junk %d" % n for n in range(6)),
    b'{"type":"of nobody","timestamp":"%d","data":{}}' % T0,
]


def appends(seed: int) -> list[Append]:
    """Messages that come over and over, some at once, over six days."""
    dice = random.Random(seed)
    return [
        (dice.choices(MESSAGES, k=dice.randrange(1, 8)), T0 + dice.randrange(6 * 24) * HOUR + n, dice.choice(["file", "east"]))
        for n in range(60)
    ]


def remembered(batch: list[Append]) -> list[tuple[Append, int]]:
    """What a log that remembers stores of appends, and how many messages of each it drops."""
    known: set[bytes] = set()
    stored_on: dict[bytes, int] = {}
    found = []
    for messages, at, source in sorted(batch, key=lambda append: append[1]):
        kept = []
        for raw in messages:
            if not raw.startswith(b'{"id"'):
                if at // DAY - stored_on.get(raw, -2) > 1:
                    stored_on[raw] = at // DAY
                    kept.append(raw)
            elif raw not in known:
                known.add(raw)
                kept.append(raw)
        found.append(((kept, at, source), len(messages) - len(kept)))
    return found


@pytest.mark.parametrize("has_memory", [False, True])
def test_appends_in_any_order_with_builds_between_are_counted_as_the_reference_and_a_full_build_count_them(tmp_path, has_memory):
    came = appends(1)
    expected = ingested((raw, at, source) for messages, at, source in came for raw in messages)
    kinds = Counter()
    for (_, _, kind, _), n in expected.items():
        kinds[kind] += n
    assert set(kinds) == {"accepted", "ignored", "rejected", "duplicate"} and min(kinds.values()) > 1

    stored = remembered(came) if has_memory else [(append, 0) for append in came]
    random.Random(2).shuffle(stored)
    gold = Gold(tmp_path)
    for part in range(3):
        for (messages, at, source), dropped in stored[part::3]:
            gold.add(messages, at, source, dropped)
        gold.build()
        assert gold.test() == []
    assert ingest_differences(gold, expected) == []
    in_parts = gold.tables()
    gold.build(full=True)
    assert same_tables(in_parts, gold.tables()) == []


def test_counting_is_told_to_the_sync_also_where_nothing_was_accepted(tmp_path):
    gold = Gold(tmp_path)
    gold.add([b"junk"], T0)
    gold.build()
    with gold.connect() as connection:
        days = "select cast(day as varchar) from gold.gold_days"
        assert connection.execute(days).fetchall() == [("2026-01-09",)]
        assert connection.execute("select watermark, build_id is not null from gold.build_state").fetchall() == [(None, True)]
    gold.add([b"junk", event("e0", T0 - DAY)], T0 + HOUR)
    gold.build()
    assert gold.test() == []
    came = [(b"junk", T0), (b"junk", T0 + HOUR), (event("e0", T0 - DAY), T0 + HOUR)]
    assert ingest_differences(gold, ingested((raw, at, "file") for raw, at in came)) == []


def test_a_build_says_since_when_95_percent_of_its_events_came_in(tmp_path):
    gold = Gold(tmp_path)
    since = []
    for names in (range(1), range(1, 21), range(21, 41)):
        for n in names:
            # The oldest of 20 is one in 20, and waits longest; what is refused is no event.
            gold.add([event(f"e{n}"), b"junk"], T0 + n * HOUR)
        gold.build()
        with gold.connect() as connection:
            [[at]] = connection.execute("select epoch_ms(arrived_since) from gold.build_state").fetchall()
            since.append((at - T0) / HOUR)
    gold.add([b"other"], T0)
    gold.build()
    with gold.connect() as connection:
        assert connection.execute("select arrived_since from gold.build_state").fetchall() == [(None,)]
    assert since == [0, 2, 22]


def test_rows_that_are_taken_or_committed_twice_count_once(tmp_path):
    gold = Gold(tmp_path)
    gold.add([event("e0"), b"junk"], T0)
    gold.build()
    gold.taken = {name: Taken("0", 0) for name in gold.taken}
    gold.add([event("e1")], T0)
    with gold.connect() as connection:
        for table in ("events", "quarantine", "batches"):
            connection.execute(f"insert into lake.{table} select * from lake.{table}")
    gold.build()
    assert ingest_differences(gold, ingested([(event("e0"), T0, "file"), (b"junk", T0, "file"), (event("e1"), T0, "file")])) == []
