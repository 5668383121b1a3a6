import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from lake_fixture import no_progress, run_commit
from log_fixture import LogWriter, event, quarantined
from naap_lake.coordinates import compared, coordinates

PLACE = [("source_topic", pa.string()), ("source_partition", pa.int32()), ("source_offset", pa.int64())]
STORED = pa.schema(PLACE)
BATCHES = pa.schema([*PLACE, *((name, pa.int64()) for name in ("source_next_offset", "read", "duplicate"))])
FAULTS = ("gaps", "overlaps", "repeated", "missing", "surplus")


class Source:
    """A partition that was read in batches of random sizes, with marks of transactions that no row has."""

    def __init__(self, rng: random.Random, partition: int = 0):
        self.batches: list[dict[str, Any]] = []
        self.stored: list[dict[str, Any]] = []
        at = rng.randrange(1000)
        for _ in range(rng.randrange(3, 9)):
            size = rng.randrange(1, 20)
            place = {"source_topic": "network_events", "source_partition": partition}
            offsets = [at, *(offset for offset in range(at + 1, at + size) if rng.random() < 0.9)]
            counts = {"source_next_offset": at + size, "read": len(offsets), "duplicate": 0}
            self.batches.append({**place, "source_offset": at, **counts})
            self.stored += [{**place, "source_offset": offset} for offset in offsets]
            at += size
        rng.shuffle(self.stored)


def faults(*sources: Source) -> list[dict[str, int]]:
    batches = pa.Table.from_pylist([row for source in sources for row in source.batches], BATCHES)
    stored = pa.Table.from_pylist([row for source in sources for row in source.stored], STORED)
    return [{name: found[name] for name in FAULTS if found[name]} for found in compared(batches, stored)]


@pytest.mark.parametrize("seed", range(20))
def test_any_fault_is_found_and_nothing_else(seed: int):
    rng = random.Random(seed)
    sound = Source(rng, partition=1)
    source = Source(rng)
    assert faults(source, sound) == [{}, {}]

    lost = source.stored.pop()
    assert faults(source, sound) == [{"missing": 1}, {}]
    source.stored += [lost, lost]
    assert faults(source, sound) == [{"repeated": 1}, {}]
    source.stored.pop()

    skipped = source.batches.pop(rng.randrange(1, len(source.batches) - 1))
    assert faults(source, sound) == [{"gaps": skipped["source_next_offset"] - skipped["source_offset"]}, {}]
    source.batches.append(skipped)

    said = rng.choice(source.batches)
    said["read"] -= 1
    assert faults(source, sound) == [{"surplus": 1}, {}]
    said["read"] += 2
    assert faults(source, sound) == [{"missing": 1}, {}]
    said["duplicate"] = 1
    assert faults(source, sound) == [{}, {}], "a copy need not be kept"


def test_a_batch_that_was_taken_twice_overlaps():
    source = Source(random.Random(1))
    again = source.batches[1] | {"read": 0}
    source.batches.append(again)
    assert faults(source)[0]["overlaps"] == again["source_next_offset"] - again["source_offset"]


def test_what_lies_after_the_last_batch_is_not_judged_yet():
    source = Source(random.Random(2))
    source.stored += [source.stored[0] | {"source_offset": 10**6}] * 2
    assert faults(source) == [{}]


def test_the_lake_is_checked_from_its_tables(tmp_path: Path):
    args = {"home": str(tmp_path), "settledMs": 0}
    assert coordinates(args, no_progress) == {"partitions": []}
    log = LogWriter(tmp_path)
    place = {"source_topic": "network_events", "source_partition": 3}
    rows = [event(1, **place, source_offset=7), quarantined(b"?", **place, source_offset=8)]
    log.append(rows, mark={**place, "source_offset": 7, "source_next_offset": 9})
    log.append([event(2)])
    run_commit(tmp_path)
    place = {"topic": "network_events", "partition": 3}
    sound = {**place, "batches": 1, "read": 2, "reached": 9, **dict.fromkeys(FAULTS, 0)}
    assert coordinates(args, no_progress) == {"partitions": [sound]}
    part = {**place, "from": 8, "to": 9}
    assert coordinates({**args, "ranges": [part]}, no_progress) == {"partitions": [sound]}, "a batch is judged whole"
    after = {**place, "from": 9, "to": 20}
    assert coordinates({**args, "ranges": [after]}, no_progress) == {"partitions": []}
    assert coordinates({**args, "settledMs": 10**13}, no_progress) == {"partitions": []}
