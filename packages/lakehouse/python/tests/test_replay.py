"""A replay moves messages by verdicts that are given here; what judges them is the gate, in Node."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from lake_fixture import everything, no_progress, run_commit, with_duckdb, with_pyiceberg
from log_fixture import DAY_MS, T0, event, quarantined
from naap_lake import maintain as maintenance
from naap_lake import replay, replay_counts
from naap_lake.catalogs import open_catalog
from naap_lake.lake_builds import LakeBuilds
from naap_lake.maintain import maintain
from naap_lake.redo_log import HomeRedoLog, LakeRedoLog
from naap_lake.replay import replay_apply, replay_begin, replay_done, replay_next, replay_stage
from naap_lake.tables import SOURCE
from naap_lake.transaction import LakeTransaction
from old_home import old_lake

HOUR_MS = 3_600_000
CLASSES = ("read", "accepted", "ignored", "rejected", "duplicate")

Judge = Callable[[bytes], dict[str, Any] | None]


_shared: dict[str, Any] = {}


def share(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the lake of a home is one that others write too: what the ops are told, and where they look for it."""
    monkeypatch.setitem(_shared, "lake", {"catalog": "hive"})
    for module in (replay, maintenance):
        monkeypatch.setattr(module, "open_lake", lambda args: open_catalog(Path(args["home"])))


def of(home: Path) -> dict[str, Any]:
    return {"home": str(home), **_shared}


def is_half_made(home: Path) -> bool:
    """Whether the next build makes all anew."""
    with open_catalog(home) as catalog:
        return (home / "warehouse" / "full-build").exists() or LakeBuilds(catalog).is_half_made()


def message(row: dict[str, Any]) -> bytes:
    if "raw" in row:
        return row["raw"]
    envelope, at = row["envelope"], row["data_at"]
    return (envelope if at is None else envelope[:at] + row["data"] + envelope[at:]).encode()


def accepted(number: int, raw: bytes, at: int = T0) -> dict[str, Any]:
    """The verdict that a message is event `number`."""
    row = {**event(number, at=at), "gateway": "gw", "stream_id": None, "envelope": raw.decode(), "data_at": None}
    return {"class": "accepted", "event": {name: value for name, value in row.items() if name != "class"}}


def judge(raw: bytes) -> dict[str, Any] | None:
    """Takes `take <number>`, refuses what says e1; None: it is what it was."""
    if raw.startswith(b"take "):
        return accepted(int(raw.split()[1]), raw)
    if b'"e1"' in raw:
        return {"class": "rejected", "reason": "repeated_name"}
    return None


def prepare(home: Path, judge: Judge = judge, **args: Any) -> dict[str, Any]:
    """Up to where the replay is decided."""
    replay_begin({**of(home), "gateVersion": 2, **args}, no_progress)
    verdicts: list[dict[str, Any]] = []
    while path := (piece := replay_next({**of(home), "verdicts": verdicts}, no_progress))["path"]:
        with pa.memory_map(path) as source:
            rows = pa.ipc.open_file(source).read_all().to_pylist()
        assert len(rows) == piece["rows"]
        judged = [(at, judge(message(row))) for at, row in enumerate(rows)]
        # The gate says nothing of what is as it was.
        verdicts = [
            {"at": at, **verdict}
            for at, verdict in judged
            if verdict and not (verdict["class"] == rows[at].get("class") and verdict["reason"] == rows[at]["reason"])
            and not (verdict["class"] == "accepted" and verdict["event"]["event_id"] == rows[at].get("event_id"))
        ]
    return replay_stage(of(home), no_progress)


def finish(home: Path) -> dict[str, Any]:
    result = replay_apply(of(home), no_progress)
    replay_done({**of(home), "id": result["id"]}, no_progress)
    return result


def run(home: Path, judge: Judge = judge, **args: Any) -> dict[str, Any]:
    prepare(home, judge, **args)
    return finish(home)


def sums(home: Path) -> dict[str, Any]:
    rows = with_pyiceberg(home, "batches")
    reasons = Counter()
    for row in rows:
        reasons.update(json.loads(row["reasons"]))
    return {**{name: sum(row[name] for row in rows) for name in CLASSES}, "reasons": {k: n for k, n in reasons.items() if n}}


def hourly(home: Path) -> dict[Any, list[int]]:
    hours: dict[Any, list[int]] = {}
    for row in with_pyiceberg(home, "batches"):
        hour = (row["received_at"].replace(minute=0, second=0), row["source"])
        hours[hour] = [a + row[name] for a, name in zip(hours.get(hour, [0] * len(CLASSES)), CLASSES)]
    return {hour: counts for hour, counts in hours.items() if any(counts)}


APPENDS = [
    ([event(0), event(1), quarantined(b"take 7"), quarantined(b"junk")], T0),
    ([event(1, gateway="other", **{"class": "duplicate"}), quarantined(b"take 0"), event(2, at=T0 - DAY_MS)], T0 + HOUR_MS),
    ([quarantined(b"{}", "unsupported_type", **{"class": "ignored"})], T0 + HOUR_MS + 5),
]


def test_messages_move_with_their_place_and_their_time(tmp_path: Path):
    old_lake(tmp_path, APPENDS)
    # The columns of today.
    run_commit(tmp_path)
    before = everything(tmp_path)
    assert prepare(tmp_path) == {"judged": 8, "changed": 4, "accepted": 2, "quarantined": 2}
    assert everything(tmp_path) == before
    finish(tmp_path)

    events, quarantine = with_duckdb(tmp_path, "events"), with_duckdb(tmp_path, "quarantine")
    assert [(row["offset"], row["event_id"], row["gate_version"]) for row in events] == [
        (0, "e0", 2),
        (2, "e7", 2),
        (6, "e0", 2),
        (7, "e2", 2),
    ]
    assert [(row["offset"], row["class"], row["reason"]) for row in quarantine] == [
        (1, "rejected", "repeated_name"),
        (3, "rejected", "not_json"),
        (5, "rejected", "repeated_name"),
        (9, "ignored", "unsupported_type"),
    ]
    places = lambda rows, arrived: {row["offset"]: (row["topic"], row["partition"], row["source"], row[arrived]) for row in rows}
    assert places(events, "ingested_at") | places(quarantine, "seen_at") == places(
        before["events"], "ingested_at"
    ) | places(before["quarantine"], "seen_at")
    taken = events[1]
    assert (taken["envelope"], taken["data_at"], taken["gateway"], taken["stream_id"]) == ("take 7", None, "gw", None)
    assert quarantine[0]["raw"] == message(event(1)) and quarantine[0]["raw_length"] == len(message(event(1)))


def test_the_classes_add_up_to_what_they_would_be_by_the_gate_of_today(tmp_path: Path):
    old_lake(tmp_path, APPENDS)
    before = hourly(tmp_path)
    assert sums(tmp_path) == {
        **dict(read=8, accepted=3, ignored=1, rejected=3, duplicate=1),
        "reasons": {"not_json": 3, "unsupported_type": 1},
    }
    run(tmp_path)
    # e0 and its copy, e2, e7; both of e1 and the junk; what is ignored.
    assert sums(tmp_path) == {
        **dict(read=8, accepted=3, ignored=1, rejected=3, duplicate=1),
        "reasons": {"not_json": 1, "repeated_name": 2, "unsupported_type": 1},
    }
    after = hourly(tmp_path)
    assert {hour: counts[0] for hour, counts in after.items()} == {hour: counts[0] for hour, counts in before.items()}
    assert all(counts[0] == sum(counts[1:]) for counts in after.values())


def test_a_copy_is_the_accepted_one_when_the_first_is_none(tmp_path: Path):
    old_lake(tmp_path, [([event(1)], T0), ([event(1, gateway="b", **{"class": "duplicate"})], T0 + HOUR_MS)])
    first = message(event(1))
    seen: list[bytes] = []

    def refuse_the_first(raw: bytes):
        seen.append(raw)
        return {"class": "rejected", "reason": "repeated_name"} if len(seen) == 1 else None

    run(tmp_path, refuse_the_first)
    assert first in seen and sums(tmp_path) == {
        **dict(read=2, accepted=1, ignored=0, rejected=1, duplicate=0),
        "reasons": {"repeated_name": 1},
    }


def test_done_again_it_finds_nothing_to_judge(tmp_path: Path):
    old_lake(tmp_path, APPENDS)
    run(tmp_path)
    before = everything(tmp_path)
    assert replay_begin({"home": str(tmp_path), "gateVersion": 2}, no_progress) == {"pieces": 0, "rows": 0}
    assert prepare(tmp_path)["judged"] == 0
    assert finish(tmp_path)["id"] is None
    assert everything(tmp_path) == before
    assert prepare(tmp_path, all=True) == {"judged": 8, "changed": 0, "accepted": 0, "quarantined": 0}
    finish(tmp_path)
    assert everything(tmp_path) == before


def test_a_range_is_of_the_time_at_which_messages_came_in(tmp_path: Path):
    old_lake(tmp_path, APPENDS)
    of_hour = {"from": "2026-01-09T01:00:00Z", "to": "2026-01-09T02:00:00Z"}
    assert prepare(tmp_path, **of_hour) == {"judged": 4, "changed": 2, "accepted": 1, "quarantined": 1}
    finish(tmp_path)
    versions = {row["offset"]: row["gate_version"] for row in everything(tmp_path)["events"] + everything(tmp_path)["quarantine"]}
    assert versions == {0: None, 1: None, 2: None, 3: None, 5: 2, 6: 2, 7: 2, 9: 2}
    assert prepare(tmp_path)["judged"] == 4
    finish(tmp_path)


def test_what_was_cut_stays(tmp_path: Path):
    old_lake(tmp_path, [([quarantined(b"take 1", "too_large", raw_length=2**33, raw_sha256="ab" * 32)], T0)])
    before = everything(tmp_path)["quarantine"][0]
    run(tmp_path)
    assert everything(tmp_path)["quarantine"] == [before | dict.fromkeys(("gate_version", *SOURCE))]


def test_rows_that_come_in_meanwhile_stay(tmp_path: Path):
    log = old_lake(tmp_path, APPENDS)
    prepare(tmp_path)
    log.append([event(9), quarantined(b"new")], T0 + 2 * HOUR_MS)
    run_commit(tmp_path)
    finish(tmp_path)
    assert [row["event_id"] for row in with_pyiceberg(tmp_path, "events")] == ["e0", "e7", "e0", "e2", "e9"]
    assert sums(tmp_path)["read"] == 10


class Killed(Exception):
    pass


@pytest.mark.parametrize("shared", [False, True])
def test_killed_anywhere_and_done_again_nothing_is_lost_or_doubled(tmp_path: Path, monkeypatch, shared: bool):
    """Before each commit to a table, and each step between them."""
    old_lake(tmp_path / "whole", APPENDS)
    run(tmp_path / "whole")
    if shared:
        share(monkeypatch)
    expected = everything(tmp_path / "whole")
    steps = 0
    for last in range(100):
        home = tmp_path / str(last)
        old_lake(home, APPENDS)
        steps = 0

        def step(real):
            def call(*args, **kwargs):
                nonlocal steps
                if steps == last:
                    raise Killed
                steps += 1
                return real(*args, **kwargs)

            return call

        with monkeypatch.context() as patch:
            patch.setattr(LakeTransaction, "commit_transaction", step(LakeTransaction.commit_transaction))
            for name in ("corrections", "_mark_full_build", "_apply", "_identities"):
                patch.setattr(replay, name, step(getattr(replay, name)))
            for log in (HomeRedoLog, LakeRedoLog):
                for name in ("write", "remove"):
                    patch.setattr(log, name, step(getattr(log, name)))
            patch.setattr(replay.shutil, "rmtree", step(replay.shutil.rmtree))
            try:
                run(home)
                done = True
            except Killed:
                done = False
        replay._sessions.clear()
        maintain(of(home), no_progress)
        finish(home)
        run(home)
        for table, rows in everything(home).items():
            assert rows == expected[table], f"{table}, killed at {last}"
        assert is_half_made(home)
        if done:
            break
    assert done and last > 8


def test_a_lake_that_others_write_is_replayed_beside_them(tmp_path: Path, monkeypatch):
    """What is committed between two tries of the same transaction stays, and is no reason to give up."""
    old_lake(tmp_path / "alone", APPENDS)
    run(tmp_path / "alone")
    log = old_lake(tmp_path / "shared", APPENDS)
    share(monkeypatch)
    prepare(tmp_path / "shared")
    real = LakeTransaction.commit_transaction

    def late(transaction: LakeTransaction):
        monkeypatch.setattr(LakeTransaction, "commit_transaction", real)
        log.append([event(9)], T0 + 2 * HOUR_MS)
        run_commit(tmp_path / "shared")
        return real(transaction)

    monkeypatch.setattr(LakeTransaction, "commit_transaction", late)
    result = finish(tmp_path / "shared")
    assert result["identities"] == []
    expected = everything(tmp_path / "alone")
    found = everything(tmp_path / "shared")
    assert [row for row in found["events"] if row["event_id"] != "e9"] == expected["events"]
    assert len(found["events"]) == len(expected["events"]) + 1
    assert found["quarantine"] == expected["quarantine"]
    assert is_half_made(tmp_path / "shared")


def test_the_next_build_is_a_full_one_where_a_row_changed(tmp_path: Path):
    old_lake(tmp_path, [([event(0)], T0)])
    run(tmp_path)
    assert not (tmp_path / "warehouse" / "full-build").exists()
    run(tmp_path, lambda raw: {"class": "rejected", "reason": "schema"}, all=True)
    assert (tmp_path / "warehouse" / "full-build").exists()


def test_says_what_the_event_log_must_forget_and_know(tmp_path: Path):
    old_lake(tmp_path, APPENDS)
    prepare(tmp_path)
    for _ in range(2):
        paths = replay_apply({"home": str(tmp_path)}, no_progress)["identities"]
        found = [row for path in paths for row in pa.ipc.open_file(path).read_all().to_pylist()]
        assert [(row["state"], row["event_id"], row["raw"]) for row in found if row["state"] != "here"] == [
            ("gone", "e1", message(event(1))),
            ("quarantined", "e1", message(event(1))),
            ("gone", "e1", message(event(1, gateway="other"))),
            ("quarantined", "e1", message(event(1, gateway="other"))),
        ]
        assert [(row["event_id"], row["raw"]) for row in found if row["state"] == "here"] == [
            ("e0", message(event(0))),
            ("e7", b"take 7"),
            ("e0", b"take 0"),
        ]


def test_steps_out_of_order_say_so(tmp_path: Path):
    old_lake(tmp_path, APPENDS)
    with pytest.raises(ValueError, match="begin one"):
        replay_next({"home": str(tmp_path)}, no_progress)
    prepare(tmp_path)
    with pytest.raises(ValueError, match="apply it first"):
        replay_begin({"home": str(tmp_path), "gateVersion": 2}, no_progress)


def test_moves_are_of_what_counts(tmp_path: Path):
    row = {**event(0), "topic": "t", "partition": 0, "offset": 1, "source": "s"}
    del row["class"]
    row |= {"ingested_at": datetime.fromtimestamp(0, UTC), "envelope_time": datetime.fromtimestamp(0, UTC)}
    assert not replay_counts.Move.between(row, {**row, "gateway": "other"}).matters
    assert replay_counts.Move.between(row, {**row, "event_id": "other"}).matters
