"""Each test names the rule of kpis.md that it proves. Expected values were reasoned by hand."""

from __future__ import annotations

import hashlib
import itertools
import json
from pathlib import Path
from typing import Any

import pytest

import reference
from classify import DAY, HOUR, MINUTE, SECOND, Read, canonical, identity, parse, row_time, split_file
from generate import RECEIVED_AT_MS, generate
from kpis import Seeds, bucket, bucket_mid, eth, percentile, wilson

FIXTURE = Path(__file__).with_name("fixture.ndjson")
MISSING = object()
NOON = 1_767_960_000_000  # 2026-01-09T12:00:00Z
NOW = NOON + 30 * DAY
WALLET, OTHER_WALLET = f"0x{'1' * 40}", f"0x{'2' * 40}"
ADDRESS, OTHER_ADDRESS = f"0x{'a' * 40}", f"0x{'b' * 40}"
URL, OTHER_URL = "https://orch-a.example:8935", "https://orch-b.example"
MODEL = "streamdiffusion-sdxl"
REQUEST = "gateway_receive_stream_request"
SENT = "gateway_send_first_ingest_segment"
FIRST = "gateway_receive_first_processed_segment"
FEW = "gateway_receive_few_processed_segments"
FIRST_DATA = "gateway_receive_first_data_segment"
CLOSE = "gateway_ingest_stream_closed"
SWAP = "orchestrator_swap"
NO_ORCHESTRATORS = "gateway_no_orchestrators_available"


class Events:
    """Builds messages at times relative to NOON, of one request unless told."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def add(self, family: str, at: int, data: Any, **envelope: Any) -> Events:
        number = len(self.sent)
        message = {
            "id": f"id-{number:04d}",
            "type": family,
            "timestamp": str(NOON + at),
            "gateway": "",
            "data": data,
        }
        self.sent.append({**message, **envelope})
        return self

    def of_request(self, family: str, at: int, data: dict[str, Any]) -> Events:
        envelope = data.pop("envelope", {})
        whole = {
            "stream_id": "stream-a",
            "request_id": "aaaa0001",
            "timestamp": NOON + at,
            "orchestrator_info": {"address": WALLET, "url": URL},
            **data,
        }
        return self.add(family, at, whole, **envelope)

    def trace(self, subtype: str, at: int, **data: Any) -> Events:
        return self.of_request("stream_trace", at, {"type": subtype, **data})

    def status(self, at: int, fps: float | None, **data: Any) -> Events:
        inference = {"fps": fps, "last_output_time": data.pop("output", NOON + at)}
        base = {"type": "status", "state": "ONLINE", "start_time": NOON, "pipeline": MODEL}
        return self.of_request(
            "ai_stream_status", at, {**base, "inference_status": inference, **data}
        )

    def error(self, at: int, message: str, **data: Any) -> Events:
        return self.of_request(
            "ai_stream_events", at, {"type": "error", "message": message, **data}
        )

    def report(self, at: int, *entries: dict[str, Any], **envelope: Any) -> Events:
        return self.add("network_capabilities", at, list(entries), **envelope)

    def payment(self, at: int, **data: Any) -> Events:
        base = {"faceValue": "0.02 ETH", "winProb": "0.5", "numTickets": "2"}
        return self.add("create_new_payment", at, {**base, "orchestrator": URL, **data})

    def ticket(self, at: int, **data: Any) -> Events:
        base = {"computed_fee": "500000000000000000", "orch_url": URL, "request_id": "signer"}
        return self.add("create_signed_ticket", at, {**base, **data})

    def watermark(self, at: int) -> Events:
        return self.add("discovery_results", at, [])

    def run(self, **options: Any) -> reference.Result:
        messages = [json.dumps(message).encode() for message in self.sent]
        return reference.run(messages, NOW, **options)

    def row(self) -> dict[str, Any]:
        """The only request."""
        facts = self.run().facts
        assert len(facts) == 1
        return facts[0]

    def outcome(self) -> tuple[str | None, str | None]:
        row = self.row()
        return row["outcome"], row["reason"]


def entry(address: str = ADDRESS, url: str = URL, **more: Any) -> dict[str, Any]:
    return {"address": address, "local_address": WALLET, "orch_uri": url, **more}


def models(capability: str, **listed: Any) -> dict[str, Any]:
    per_capability = {capability: {"models": listed}}
    return {"constraints": {"PerCapability": per_capability}}


def hardware(model: str, *names: str, pipeline: str = "live-video-to-video") -> Any:
    gpus = {str(index): {"name": name} for index, name in enumerate(names)}
    return {"pipeline": pipeline, "model_id": model, "gpu_info": gpus}


# --- The fixture: three sessions in the shapes that go-livepeer sends --------


@pytest.fixture(scope="module")
def session() -> reference.Result:
    seeds = Seeds(
        regions={"fra": "fra"},
        peak_flops={"NVIDIA GeForce RTX 4090": 1e14},
        flops_per_frame={MODEL: 1e12},
    )
    return reference.run(split_file(FIXTURE.read_bytes()), NOW, seeds)


def test_fixture_good_session(session):
    # Request at event time 0 (its envelope is 2 ms later), first segment sent at
    # 2000 and received at 2600, few at 5000; close at 62600.
    # Statuses 0 (no window yet), 10, 20 and 30 fps: three samples, one of them
    # DEGRADED_INPUT, so that jitter has two. The report that explains the URL comes 25 s later; its model is
    # listed without `warm`. The error is the normal end of a stream.
    assert session.requests[0] == {
        "stream_id": "stream-a",
        "request_id": "aaaa0001",
        "requested_at": "2026-01-09T12:00:00.000Z",
        "hour": "2026-01-09T12:00:00.000Z",
        "gateway": "tester-fra",
        "region": "fra",
        "orchestrator": ADDRESS,
        "identity": "canonical",
        "orch_uri": URL,
        "model": MODEL,
        "pipeline": "live-video-to-video",
        "gpu": "NVIDIA GeForce RTX 4090",
        "warm": False,
        "ptff_ms": 2600,
        "e2e_ms": 600,
        "startup_ms": 5000,
        "overlay": False,
        "fps_mean": 20.0,
        "fps_samples": 3,
        "jitter": None,
        "outcome": "ok",
        "reason": None,
        "error_events": 1,
        "restarts": 0,
        "swapped": False,
        "swap_events": 0,
    }
    assert session.facts[0]["inference_ms"] == 60_000


def test_fixture_overlay_session(session):
    # First segment 11 s after the request, but the next status is LOADING: overlay.
    # Inference since 28460 on the runner's clock, whose timestamp is 40 ms behind the
    # envelope: 28500. Three statuses without output up to the close, the last of them
    # exactly 30 s after the request: no_output.
    row = session.requests[1]
    assert (row["overlay"], row["ptff_ms"], row["e2e_ms"]) == (True, 11_000, 4_000)
    assert row["startup_ms"] == 28_500
    assert (row["fps_samples"], row["fps_mean"], row["jitter"]) == (0, None, None)
    assert (row["outcome"], row["reason"]) == ("failed", "no_output")
    assert (row["orchestrator"], row["identity"]) == (OTHER_WALLET, "reported")
    assert (row["warm"], row["gpu"], row["pipeline"]) == (None, None, None)


def test_fixture_unserved_session(session):
    row = session.requests[2]
    assert (row["outcome"], row["orchestrator"], row["orch_uri"]) == ("unserved", None, None)
    assert row["model"] == MODEL  # of the error event


def test_fixture_kpis(session):
    (row,) = session.kpis()
    assert (row["requests"], row["failed"], row["unserved"], row["served"]) == (3, 1, 1, 2)
    assert (row["overlay"], row["complete"], row["error_events"]) == (1, 2, 2)
    assert (row["fps_samples"], row["fps_mean"]) == (3, 20.0)
    assert (row["fps_fed_samples"], row["fps_fed_mean"]) == (2, 20.0)
    # The overlay request is in startup alone.
    assert row["ptff_ms"] == {"n": 1, "mean": 2600, "p50": 2600, "p95": 2600, "p99": 2600}
    assert row["startup_ms"]["mean"] == (5000 + 28_500) / 2
    assert row["cold_startup_ms"]["mean"] == 5000
    # 60 frames · 10^12 / (3 · 10^14)
    assert (row["cue"], row["cue_samples"]) == (pytest.approx(0.2, rel=1e-12), 3)
    # 60 s of the first, and 11 s → 35 s of the second.
    assert row["inference_ms"] == 84_000
    assert row["fees_eth"] == pytest.approx(0.0024024) and row["payments"] == 1


def test_the_command_prints_the_three_parts(capsys):
    reference.main([str(FIXTURE), "--now", str(NOW), "--by", "orchestrator,model"])
    printed = json.loads(capsys.readouterr().out)
    assert printed["ingest"]["accepted"] == 26
    assert [row["request_id"] for row in printed["requests"]] == [
        "aaaa0001", "bbbb0002", "cccc0003",
    ]  # fmt: skip
    assert [row["orchestrator"] for row in printed["kpis"]] == [OTHER_WALLET, ADDRESS, None]


# --- 1. Events ---------------------------------------------------------------


def trace_message(**changes: Any) -> dict[str, Any]:
    data = {"type": REQUEST, "request_id": "aaaa0001", "stream_id": "stream-a"}
    message = {"id": "x", "type": "stream_trace", "timestamp": str(NOON), "data": data}
    return {**message, **changes}


def forwarded(family: str, data: Any, info: Any = MISSING) -> dict[str, Any]:
    """What a gateway makes of a message that a runner asked it to send."""
    if isinstance(data, dict):
        data = {**data, "orchestrator_info": {"address": "a"} if info is MISSING else info}
    return trace_message(type=family, data=data)


def row_message(**changes: Any) -> dict[str, Any]:
    """A row of an events table."""
    data = {"type": REQUEST, "request_id": "aaaa0001", "stream_id": "stream-a"}
    row = {"event_id": "x", "event_type": "stream_trace", "event_ts": "2026-01-09 12:00:00+00", "data": data}
    return {**row, **changes}


def status_message(fps: Any) -> dict[str, Any]:
    data = {"type": "status", "request_id": "a", "inference_status": {"fps": fps}}
    return trace_message(type="ai_stream_status", data=data)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b" " * (1024 * 1024) + b"{}", "too_large"),
        (b"{", "not_json"),
        (b'{"type":"x\xff"}', "missing_data"),
        (b'{"a":1,"\\u0061":2}', "repeated_name"),
        (b'[{"a":{"\\ud800":1,"\\udc00":2}}]', "repeated_name"),
        (b'{"a":[{"b":1},{"b":1,"c":{"b":1}}]}', "missing_type"),
        (trace_message(data='{"type":"other","type":"other"}'), "repeated_name"),
        (b'{"value":{"type":"x"},"key":{"a":1,"a":1}}', "repeated_name"),
        ({"value": '{"type":"x","type":"x"}'}, "repeated_name"),
        (b'{"type":"stream_trace","data":{"fps":NaN}}', "not_json"),
        (b"[1]", "not_an_object"),
        ({"data": 1, "timestamp": "1"}, "missing_type"),
        (trace_message(type=""), "missing_type"),
        (trace_message(type=7), "missing_type"),
        (trace_message(data=None, timestamp="never"), "missing_data"),
        (trace_message(timestamp=None), "bad_timestamp"),
        (trace_message(timestamp="never", type="webrtc_stats"), "bad_timestamp"),
        (trace_message(timestamp=True), "bad_timestamp"),
        (trace_message(timestamp=1e300), "bad_timestamp"),
        (trace_message(timestamp="9" * 5000), "bad_timestamp"),
        (status_message(10**350), "schema"),
        (trace_message(timestamp=1_577_836_799_999), "bad_timestamp"),
        (trace_message(timestamp=1_577_836_800_000), "accepted"),
        (trace_message(timestamp=NOON // 1000), "accepted"),
        (trace_message(timestamp=str(NOW + DAY)), "accepted"),
        (trace_message(timestamp=str(NOW + DAY + 1)), "bad_timestamp"),
        (trace_message(type="webrtc_stats", data="{"), "unsupported_type"),
        (trace_message(data={"type": "other"}), "unsupported_subtype"),
        (trace_message(data='{"type":"other"}'), "unsupported_subtype"),
        (trace_message(data={"type": 5, "request_id": "a"}), "schema"),
        (trace_message(data="{"), "schema"),
        (trace_message(data=[]), "schema"),
        (trace_message(data={"type": REQUEST, "request_id": 5}), "schema"),
        (status_message(None), "accepted"),
        (status_message(1000), "accepted"),
        (status_message(1000.5), "schema"),
        (status_message("12"), "schema"),
        (status_message(True), "schema"),
        (trace_message(type="ai_stream_events", data={"request_id": "a"}), "schema"),
        (trace_message(type="stream_ingest_metrics", data={"request_id": "a"}), "accepted"),
        (trace_message(type="network_capabilities", data=[]), "accepted"),
        (trace_message(type="network_capabilities", data={"address": "a"}), "accepted"),
        (trace_message(type="network_capabilities", data=[{"address": 5}]), "accepted"),
        (trace_message(type="network_capabilities", data=[{"address": "a"}, 5]), "schema"),
        (trace_message(type="network_capabilities", data={"address": ""}), "schema"),
        (forwarded("network_capabilities", {"address": "a"}), "forwarded"),
        (forwarded("discovery_results", [{}, {"orchestrator_info": False}]), "forwarded"),
        (forwarded("create_new_payment", {}), "forwarded"),
        (forwarded("create_signed_ticket", {}), "forwarded"),
        (forwarded("orchestrator_scrape", {}), "forwarded"),
        (forwarded("network_capabilities", {"address": "a"}, None), "accepted"),
        (forwarded("stream_ingest_metrics", {"request_id": "a"}), "accepted"),
        (trace_message(type="discovery_results", data=5), "schema"),
        (trace_message(type="create_new_payment", data="{"), "schema"),
        ({"offset": 1, "value": trace_message()}, "accepted"),
        ({"offset": 1, "payload": json.dumps(trace_message()), "value": "text"}, "accepted"),
        ({"payload": {}, "value": trace_message()}, "missing_type"),
        ({"payload": "[]", "value": trace_message()}, "accepted"),
        ({"value": {"value": trace_message()}}, "missing_type"),
        ({"type": None, "value": trace_message()}, "missing_type"),
        ({"value": json.dumps(trace_message()), "x": "y" * 1024 * 1024}, "accepted"),
        ({"value": json.dumps(trace_message(gateway="y" * 1024 * 1024))}, "too_large"),
        (row_message(), "accepted"),
        (row_message(event_ts="2026-01-09 12:00"), "bad_timestamp"),
        (row_message(event_ts="2026-02-30 12:00:00"), "bad_timestamp"),
        (row_message(event_ts=str(NOON)), "accepted"),
        (row_message(event_type=""), "missing_type"),
        ({"ts": NOON - DAY, "value": trace_message()}, "accepted"),
        ({"ts": NOON - DAY - 1, "value": trace_message()}, "bad_timestamp"),
    ],
)
def test_every_message_ends_in_the_first_class_that_holds(raw, expected):
    message = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    counts = reference.run([message, b"", b" \t"], NOW).ingest
    assert counts["read"] == 1
    assert expected == next(iter(counts["reasons"]), "accepted")
    kind = "ignored" if expected.startswith("unsupported") else "rejected"
    assert counts["accepted" if expected == "accepted" else kind] == 1


def test_a_repeated_id_is_a_duplicate_only_on_the_same_envelope_day():
    events = Events()
    for at in (0, 1, 12 * HOUR - 1, 12 * HOUR):
        events.trace(REQUEST, at, envelope={"id": "same"})
    counts = events.run().ingest
    assert (counts["accepted"], counts["duplicate"]) == (2, 2)


def test_of_differing_copies_the_smallest_envelope_time_then_bytes_stay():
    late = Events().status(1, 50, envelope={"id": "s"}).status(0, 20, envelope={"id": "s"})
    assert late.row()["fps_mean"] == 20
    equal = Events().status(0, 20, envelope={"id": "s"}).status(0, 10, envelope={"id": "s"})
    assert equal.row()["fps_mean"] == 10  # `"fps": 10` is bytewise before `"fps": 20`


def test_without_an_id_equal_content_is_a_duplicate_whatever_the_order_of_members():
    message = trace_message(id=None)
    turned = dict(reversed(list(message.items())))
    unlike = trace_message(id=None, gateway="g")
    raws = [json.dumps(m).encode() for m in (message, turned, unlike)]
    counts = reference.run(raws, NOW).ingest
    assert (counts["accepted"], counts["duplicate"]) == (2, 1)


def test_an_id_that_is_no_text_is_its_json_text():
    raws = [json.dumps(trace_message(id=i)).encode() for i in (5, "5", True, "true")]
    assert reference.run(raws, NOW).ingest["accepted"] == 2


def test_canonical_is_compact_json_with_sorted_keys_however_deep():
    value = {"b": [{"d": 1, "c": None}, "é", True], "a": {}, "e": []}
    assert canonical(value) == '{"a":{},"b":[{"c":null,"d":1},"é",true],"e":[]}'
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    assert canonical(deep) == "[" * 5001 + "]" * 5001


def test_canonical_numbers_are_written_as_ecmascript_does():
    values = [1.0, 0.0, 1e21, 1e-7, 1.5e-7, 0.000001, 1e16, 123456789012345680000.0, -0.5]
    assert canonical(values) == (
        "[1,0,1e+21,1e-7,1.5e-7,0.000001,10000000000000000,123456789012345680000,-0.5]"
    )


def test_a_file_is_lines_or_one_array_or_values_one_after_another_wrapped_or_not():
    message = json.dumps(trace_message())
    pretty = json.dumps(trace_message(), indent=1)
    wrapped = [f'[{{"value":{message}}}]', json.dumps({"payload": message, "schema": None}, indent=2)]
    for content in (f"{message}\r\n\n", f" [{message}]", pretty, *wrapped):
        for encoding in ("utf-8", "utf-16"):
            assert reference.run(split_file(content.encode(encoding)), NOW).ingest["accepted"] == 1
    counts = reference.run(split_file(f"{pretty}{pretty}\n{message}".encode()), NOW).ingest
    assert (counts["accepted"], counts["duplicate"]) == (1, 2)
    assert reference.run(split_file(f"{{\n{message}\n[]".encode()), NOW).ingest["rejected"] == 2


@pytest.mark.parametrize(
    ("written", "ms"),
    [
        ("2026-01-09T12:00:00Z", 0),
        ("2026-01-09 14:00:00.123456+02:00", 123),
        ("2026-01-09 12:00:00.1235", 124),
        ("2026-01-09 06:30:00-0530", 0),
    ],
)
def test_the_time_of_a_row_is_iso_8601_in_utc_unless_it_says_another_zone(written, ms):
    assert row_time(written) == NOON + ms


def test_half_a_surrogate_pair_is_the_replacement_character_everywhere():
    spelled = [r"m\ud800", r"m\uDC00", "m\\ufffd", "m\ufffd"]
    assert {parse(f'"{text}"') for text in spelled} == {"m\ufffd"}
    assert parse(r'"\\ud800\ud83d\ud83d\ude00"') == "\\ud800\ufffd\U0001f600"
    raws = [json.dumps(trace_message(id=None, gateway="?")).encode().replace(b"?", t.encode()) for t in spelled]
    assert reference.run(raws, NOW).ingest["duplicate"] == 3
    (row,) = reference.run(raws[:1], NOW).facts
    assert row["gateway"] == "m\ufffd"


def test_an_identity_without_an_id_is_named_after_its_hash():
    message = {"type": "stream_trace", "é": "\u0001\"/", "a": [1.0, -0.5, 1e14, None], "\U0001f600": 1, "\uffff": 2}
    form = '{"a":[1,-0.5,100000000000000,null],"type":"stream_trace","é":"\\u0001\\"/","\uffff":2,"\U0001f600":1}'
    assert identity(Read(message, message, "", 0)) == f"sha256:{hashlib.sha256(form.encode()).hexdigest()}"


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (NOON + 5 * MINUTE, NOON + 5 * MINUTE),
        (NOON - 5 * MINUTE, NOON - 5 * MINUTE),
        (NOON + 5 * MINUTE + 1, NOON),
        (str(NOON + 7), NOON + 7),
        (NOON / 1000 + 0.007, NOON + 7),
        (72_000.5, NOON),
        (0, NOON),
        ("soon", NOON),
    ],
)
def test_event_time_is_the_own_clock_within_five_minutes_else_the_envelope(own, expected):
    row = Events().trace(REQUEST, 0, timestamp=own).row()
    assert row["requested_at"] == reference.iso(expected)


# --- 2. Requests -------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "attributed"),
    [(DAY, True), (DAY + 1, False), (-5 * MINUTE, True), (-5 * MINUTE - 1, False)],
)
def test_an_empty_stream_id_belongs_to_the_one_request_near_it(at, attributed):
    result = Events().trace(REQUEST, 0).error(at, "x", stream_id="").run()
    assert result.rows[0].messages == (2 if attributed else 1)
    assert result.unattributed == (0 if attributed else 1)


def test_with_several_requests_near_it_a_message_is_unattributed():
    events = Events().trace(REQUEST, 0).trace(REQUEST, HOUR, stream_id="stream-b")
    assert events.error(HOUR, "x", stream_id="").run().unattributed == 1


def test_messages_over_a_day_after_the_previous_are_late_and_not_used():
    events = Events().trace(REQUEST, 0).trace(FEW, DAY).status(2 * DAY + 1, 20)
    row = events.error(2 * DAY + 2, "x").row()
    assert (row["messages"], row["late_messages"]) == (4, 2)
    assert (row["startup_ms"], row["fps_samples"], row["error_events"]) == (DAY, 0, 0)


def test_a_request_without_its_stream_request_does_not_count_but_its_samples_do():
    result = Events().status(0, 20).status(HOUR, 40).run()
    assert (result.rows[0].counts, result.rows[0].hour, result.rows[0].outcome) == (
        False, None, None,
    )  # fmt: skip
    assert result.requests == []
    rows = result.kpis(["hour", "model"])
    assert [(row["requests"], row["fps_mean"]) for row in rows] == [(0, 20), (0, 40)]


def test_of_a_repeated_edge_the_smallest_event_time_counts_and_negatives_are_null():
    events = Events().trace(REQUEST, 0).trace(REQUEST, 5, timestamp=NOON - 100)
    row = events.trace(FIRST, 400).trace(FIRST, 300).trace(FEW, 500, timestamp=NOON - 101).row()
    assert (row["ptff_ms"], row["startup_ms"]) == (400, None)


def test_e2e_takes_only_edges_with_the_own_url():
    other = {"address": OTHER_WALLET, "url": OTHER_URL}
    events = Events().trace(SENT, 0).trace(SENT, 10, orchestrator_info=other)
    row = events.trace(FIRST, 500, orchestrator_info=other).trace(FIRST, 900).row()
    assert row["e2e_ms"] == 900


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (-DAY, "canonical"),
        (-DAY - 1, "reported"),
        (0, "canonical"),
        (30 * MINUTE, "canonical"),
        (30 * MINUTE + 1, "reported"),
    ],
)
@pytest.mark.parametrize("url", [URL, URL.upper() + "//", "https://elsewhere.example"])
def test_identity_is_found_by_url_or_wallet_in_the_window(at, expected, url):
    row = Events().trace(FIRST, 0).report(at, entry(url=url)).row()
    assert row["identity"] == expected
    assert row["orchestrator"] == (ADDRESS if expected == "canonical" else WALLET)


def test_the_newest_report_up_to_the_message_comes_before_the_oldest_after_it():
    past = Events().trace(FIRST, 0).report(-1, entry()).report(1, entry(OTHER_ADDRESS))
    assert past.row()["orchestrator"] == ADDRESS
    newest = Events().trace(FIRST, 0).report(-2, entry()).report(-1, entry(OTHER_ADDRESS))
    assert newest.row()["orchestrator"] == OTHER_ADDRESS
    oldest = Events().trace(FIRST, 0).report(1, entry()).report(2, entry(OTHER_ADDRESS))
    assert oldest.row()["orchestrator"] == ADDRESS


@pytest.mark.parametrize("at", [-1, 1])
def test_ties_of_reports_go_to_the_larger_id_then_to_the_later_in_the_array(at):
    events = Events().trace(FIRST, 0)
    events.report(at, entry(OTHER_ADDRESS), id="b").report(at, entry(), id="a")
    assert events.row()["orchestrator"] == OTHER_ADDRESS
    one, other = (entry(hardware=[hardware(MODEL, name)]) for name in ("G1", "G2"))
    assert Events().status(0, 20).report(at, one, other).row()["gpu"] == "G2"


def test_a_wallet_of_several_addresses_says_nothing():
    elsewhere = "https://elsewhere.example"
    events = Events().trace(FIRST, 0)
    events.report(-1, entry(url=elsewhere)).report(1, entry(OTHER_ADDRESS, url=elsewhere))
    assert events.row()["identity"] == "reported"


def test_a_url_alone_unresolved_is_null_and_the_next_message_decides():
    alone = {"address": "", "url": OTHER_URL}
    row = Events().trace(SENT, 0, orchestrator_info=alone).trace(FIRST, 1).row()
    assert (row["orchestrator"], row["orch_uri"]) == (WALLET, URL)
    row = Events().trace(SENT, 0, orchestrator_info=alone).row()
    assert (row["orchestrator"], row["identity"], row["orch_uri"]) == (None, None, None)


@pytest.mark.parametrize(
    ("listed", "warm"),
    [({MODEL: {"warm": True}}, True), ({MODEL: {}}, False), ({"other": {}}, None)],
)
def test_warm_and_pipeline_come_from_the_entry_of_the_url(listed, warm):
    for capability, pipeline in (("35", "live-video-to-video"), ("37", None)):
        described = entry(capabilities=models(capability, **listed))
        row = Events().status(0, 20).report(0, described).row()
        assert row["warm"] is warm
        assert row["pipeline"] == (pipeline if warm is not None else None)


def test_identity_by_wallet_gives_neither_warm_nor_gpu_nor_pipeline():
    full = {"capabilities": models("35", **{MODEL: {}}), "hardware": [hardware(MODEL, "G")]}
    row = Events().status(0, 20).report(0, entry(url=OTHER_URL, **full)).row()
    assert row["identity"] == "canonical"
    assert (row["warm"], row["gpu"], row["pipeline"]) == (None, None, None)


def test_gpu_comes_from_the_nearest_entry_whose_hardware_lists_the_model():
    events = Events().status(0, 20)
    events.report(-2, entry(hardware=[hardware(MODEL, "G1", "G1", pipeline="p")]))
    events.report(-1, entry(hardware=[hardware("other", "G2")]))
    events.report(0, entry(hardware=None))
    row = events.row()
    assert (row["gpu"], row["pipeline"], row["warm"]) == ("G1", "p", None)
    two = Events().status(0, 20)
    two.report(0, entry(hardware=[hardware(MODEL, "G1", pipeline=""), hardware(MODEL, "G2")]))
    assert (two.row()["gpu"], two.row()["pipeline"]) == (None, "live-video-to-video")


def test_the_hot_wallet_tells_whose_of_several_claimed_urls_a_message_is():
    other = {**entry(OTHER_ADDRESS), "local_address": OTHER_WALLET}

    def identity(*entries: dict[str, Any], at: int = 0, **info: Any) -> tuple[str | None, str | None]:
        made = Events().trace(FIRST, 0, orchestrator_info={"address": WALLET, "url": URL, **info})
        row = made.report(at, *entries).row()
        return row["orchestrator"], row["identity"]

    assert identity(entry(), other) == (ADDRESS, "canonical")
    assert identity(entry(), other, address=OTHER_WALLET) == (OTHER_ADDRESS, "canonical")
    assert identity(entry(), other, address=f"0x{'3' * 40}") == (None, "contested")
    assert identity(entry(), other, address="") == (None, "contested")
    assert identity(entry(), entry(OTHER_ADDRESS)) == (None, "contested")
    assert identity(entry(), entry()) == (ADDRESS, "canonical")
    assert identity(entry(), entry("")) == (ADDRESS, "canonical")
    assert identity(entry(), other, address="", at=30 * MINUTE + 1) == (None, None)
    # One with the wallet in the window comes before a newer one of somebody else.
    newer = Events().trace(FIRST, 0).report(-DAY, entry()).report(-1, other)
    assert newer.row()["orchestrator"] == ADDRESS
    older = Events().trace(FIRST, 0).report(-DAY - 1, entry()).report(-1, other)
    assert older.row()["orchestrator"] == OTHER_ADDRESS


def test_the_gpu_is_that_of_the_resolved_address():
    own, other = hardware(MODEL, "G1"), hardware(MODEL, "G2")
    events = Events().status(0, 20).report(-2, entry(hardware=[own]))
    events.report(-1, {**entry(OTHER_ADDRESS, hardware=[other]), "local_address": OTHER_WALLET})
    assert (events.row()["orchestrator"], events.row()["gpu"]) == (ADDRESS, "G1")


def test_a_request_is_contested_only_when_nothing_of_it_resolves():
    contested = [entry(), entry(OTHER_ADDRESS)]
    events = Events().trace(REQUEST, 0).report(0, *contested).status(1, 20)
    row = events.row()
    assert (row["orchestrator"], row["identity"], row["orch_uri"], row["fps_samples"]) == (None, "contested", None, 1)
    row = events.status(2, 30, orchestrator_info={"address": OTHER_WALLET, "url": OTHER_URL}).row()
    assert (row["orchestrator"], row["identity"]) == (OTHER_WALLET, "reported")


def test_an_output_sample_has_fps_and_a_state_and_lies_up_to_the_close():
    events = Events().trace(CLOSE, 100).status(1, None).status(100, 10).status(101, 99)
    for state in ("LOADING", "OFFLINE", "ERROR"):
        events.status(2, 99, state=state)
    assert events.status(3, 20, state=None).row()["fps_mean"] == 15


def test_fps_0_counts_only_after_output_on_that_orchestrator():
    other = {"address": OTHER_WALLET, "url": OTHER_URL}
    events = Events().status(0, 0).status(1, 20).status(1, 0)
    assert events.row()["fps_samples"] == 1  # equal is not before
    assert events.status(2, 0).row()["fps_samples"] == 2
    assert events.status(3, 0, orchestrator_info=other).row()["fps_samples"] == 2


def test_jitter_is_of_the_own_orchestrator_from_three_samples_on():
    other = {"address": OTHER_WALLET, "url": OTHER_URL}
    events = Events().status(0, 10).status(1, 20).status(2, 99, orchestrator_info=other)
    assert events.row()["jitter"] is None
    assert events.status(3, 30).row()["jitter"] == pytest.approx((200 / 3) ** 0.5 / 20)


@pytest.mark.parametrize(
    ("change", "overlay"),
    [
        ({"state": "LOADING", "output": 0}, True),
        ({"output": NOON - 1}, True),
        ({"output": NOON}, False),
        ({"output": 0}, False),
        ({"output": NOON - 1, "start_time": None}, False),
        ({"output": (NOON - 1000) / 1000}, True),
    ],
)
def test_overlay_is_told_by_the_first_status_from_the_first_segment_on(change, overlay):
    events = Events().trace(REQUEST, 0).trace(FIRST, 100).status(99, 0, state="LOADING")
    events.status(100, 0, **change).status(101, 0, state="LOADING", output=NOON - 1)
    assert events.row()["overlay"] is overlay


def overlay_request() -> Events:
    events = Events().trace(REQUEST, 0).trace(FIRST, 100).trace(FEW, 200)
    return events.status(100, 0, state="LOADING")


def test_startup_of_an_overlay_request_is_when_its_first_inference_state_began():
    events = overlay_request().trace(CLOSE, 300)
    events.status(400, 0, output=NOON - 1, last_state_update_time=NOON)
    runner = NOON - 2 * HOUR  # a clock far off says only how long ago
    events.status(20_000, 9, timestamp=runner, last_state_update_time=runner - 1500)
    assert events.row()["startup_ms"] == 18_500


@pytest.mark.parametrize(
    "part", [{"timestamp": None}, {"last_state_update_time": 0}, {"timestamp": 0}]
)
def test_startup_of_an_overlay_request_is_null_if_a_part_is_missing(part):
    first = {"last_state_update_time": NOON + 19_000, **part}
    events = overlay_request().status(20_000, 9, **first)
    events.status(30_000, 9, last_state_update_time=NOON + 19_000)
    assert events.row()["startup_ms"] is None
    assert overlay_request().row()["startup_ms"] is None


# Outcomes, in their order.


@pytest.mark.parametrize(("after", "running"), [(59_999, True), (60_000, False)])
def test_running_is_a_last_message_under_60_s_before_the_watermark(after, running):
    events = Events().trace(REQUEST, 0).status(5, 20).watermark(5 + after)
    assert (events.outcome()[0] == "running") is running
    closed = Events().trace(REQUEST, 0).status(5, 20).trace(CLOSE, 6).watermark(7)
    assert closed.outcome()[0] == "ok"


def test_unserved_needs_evidence_and_neither_segments_nor_output_nor_swap():
    def events() -> Events:
        return Events().trace(REQUEST, 0).watermark(HOUR)

    assert events().trace(NO_ORCHESTRATORS, 1).outcome()[0] == "unserved"
    assert events().error(1, "NO orchestrators available within").outcome()[0] == "unserved"
    for subtype in (FIRST, FEW, SWAP):
        made = events().error(1, "no orchestrators available").trace(subtype, 2)
        assert made.outcome()[0] != "unserved"


def test_swap_failed_when_nothing_came_after_the_last_swap():
    def events() -> Events:
        start = Events().trace(REQUEST, 0).trace(FIRST, 10).trace(FEW, 20).status(30, 20)
        return start.trace(SWAP, 1000).watermark(HOUR)

    failed = ("failed", "swap_failed")
    assert events().outcome() == failed  # no close
    assert events().trace(CLOSE, 16_000).outcome() == ("ok", None)
    assert events().trace(CLOSE, 16_001).outcome() == failed
    assert events().trace(CLOSE, 2000).trace(NO_ORCHESTRATORS, 1001).outcome() == failed
    assert events().trace(CLOSE, 2001).trace(NO_ORCHESTRATORS, 1000).outcome() == failed
    assert events().trace(CLOSE, 2001).trace(NO_ORCHESTRATORS, 999).outcome()[0] == "ok"
    assert events().trace(FIRST, 1000).outcome() == failed  # equal is not after
    assert events().trace(FIRST, 1001).outcome() == ("ok", None)
    assert events().status(1001, 0).outcome() == failed
    assert events().status(1001, 1).outcome() == ("ok", None)
    assert events().status(1001, 1).trace(SWAP, 1002).outcome() == failed


def test_no_output_is_three_statuses_up_to_the_close_the_last_after_30_s():
    def events(last: int) -> Events:
        start = Events().trace(REQUEST, 0).trace(FEW, 20).watermark(HOUR)
        return start.status(10, 0).status(20, None, state="ERROR").status(last, 0).status(last + 1, None)

    failed = ("failed", "no_output")
    assert events(30_000).outcome() == failed
    assert events(29_999).outcome() == ("ok", None)
    assert events(30_000).trace(CLOSE, 30_000).outcome() == failed
    assert events(30_000).trace(CLOSE, 29_999).outcome() == ("ok", None)
    assert events(30_000).status(5, 1, state="LOADING").outcome() == ("ok", None)
    assert events(30_000).trace(CLOSE, 30_000).status(30_001, 9).outcome() == failed


def test_startup_failed_needs_something_that_says_so_and_no_excused_error():
    def events() -> Events:
        return Events().trace(REQUEST, 0).watermark(HOUR)

    failed = ("failed", "startup_failed")
    assert events().outcome() == ("unknown", None)
    assert events().error(1, "oh").outcome() == failed
    assert events().trace(CLOSE, 2).error(3, "oh").outcome() == ("abandoned", None)
    assert events().error(1, "Missing Next Handle").outcome() == ("unknown", None)
    assert events().status(14_999, 0).outcome() == ("unknown", None)
    assert events().status(15_000, 0).outcome() == failed
    assert events().trace(CLOSE, 14_000).status(15_000, 0).outcome() == failed
    for state in ("DEGRADED_INPUT", "OFFLINE"):
        waiting = events().status(15_000, None, state=state)
        assert waiting.outcome() == ("unknown", None)
        assert waiting.trace(CLOSE, 15_000).outcome() == ("abandoned", None)
        assert waiting.status(1, None, state="ONLINE").outcome() == failed
    assert events().trace(CLOSE, 14_999).outcome() == ("abandoned", None)
    assert events().trace(CLOSE, 15_000).outcome() == failed
    assert events().trace(CLOSE, 15_000).error(HOUR, "x Missing VIDEO y").outcome() == (
        "abandoned", None,
    )  # fmt: skip
    assert events().trace(FIRST, 5).trace(CLOSE, 15_000).outcome() == failed


def test_error_is_one_up_to_the_close_without_output_after_it():
    def events() -> Events:
        start = Events().trace(REQUEST, 0).trace(FEW, 20).status(30, 20).watermark(HOUR)
        return start.error(1000, "Too many swaps")

    failed = ("failed", "error")
    assert events().outcome() == failed
    assert events().trace(CLOSE, 1000).outcome() == failed
    assert events().trace(CLOSE, 999).outcome() == ("ok", None)
    assert events().status(1001, 0).outcome() == failed
    assert events().status(1000, 5).outcome() == failed
    assert events().status(1001, 5).outcome() == ("ok", None)
    assert events().status(1001, 5).error(1001, "whip disconnected").outcome()[0] == "ok"
    # An unexcused error before an excused one with no segments: abandoned only after.
    early = Events().trace(REQUEST, 0).error(1, "oh").error(2, "user disconnected")
    assert early.watermark(HOUR).outcome() == failed


@pytest.mark.parametrize(("last", "close", "outcome"), [
    (30_100, None, ("failed", "output_lost")),
    (30_099, None, ("ok", None)),
    (30_100, 30_100, ("failed", "output_lost")),
    (30_100, 30_099, ("ok", None)),
])  # fmt: skip
def test_output_is_lost_when_three_silent_statuses_follow_the_last_of_it_for_30_s(last, close, outcome):
    def events(**silent: Any) -> Events:
        made = Events().trace(REQUEST, 0).trace(FEW, 20).watermark(HOUR).status(100, 20).status(100, 0)
        made.status(101, 0).status(200, None, state="ERROR").status(last, 0, **silent)
        return made.trace(CLOSE, close) if close else made

    assert events().outcome() == outcome
    assert events().status(150, 0, state="DEGRADED_INPUT").outcome() == outcome
    assert events(state="OFFLINE").outcome() == ("ok", None)


def test_a_message_that_is_excused_and_harmless_is_excused():
    def events(*said: str) -> Events:
        made = Events().trace(REQUEST, 0).watermark(HOUR)
        for message in said:
            made.error(1, message)
        return made

    both = "error updating params: CREDIT_EXHAUSTION"
    assert events(both).outcome() == ("abandoned", None)
    assert events("error updating params").outcome() == ("unknown", None)
    assert events("error updating params", "oh").outcome() == ("failed", "startup_failed")
    assert events("m\u0130ssing v\u0130deo", "m\u0131ssing v\u0131deo").outcome() == ("failed", "startup_failed")
    for harmless in ("next segment has started", "error updating params"):
        assert events().trace(FEW, 2).error(3, harmless).outcome() == ("ok", None)


def test_a_stream_without_video_starts_with_its_first_data_segment():
    def events() -> Events:
        return Events().trace(REQUEST, 0).trace(FIRST_DATA, 500).watermark(HOUR)

    row = events().status(100_500, None).row()
    assert (row["outcome"], row["complete"], row["startup_missing"]) == ("ok", True, False)
    assert row["inference_ms"] == 100_000
    assert events().trace(FIRST, 400).trace(CLOSE, 600).row()["inference_ms"] == 200
    assert events().trace(CLOSE, 600).row()["complete"] is False
    assert events().trace(SWAP, 1).outcome() == ("ok", None)
    assert events().trace(SWAP, 500).outcome() == ("failed", "swap_failed")
    assert events().trace(NO_ORCHESTRATORS, 1).outcome() == ("ok", None)


@pytest.mark.parametrize(("before_close", "swaps"), [(1000, 0), (1001, 1), (-1, 0)])
def test_a_swap_event_as_the_stream_ends_is_no_swap(before_close, swaps):
    def events() -> Events:
        return Events().trace(REQUEST, 0).trace(FEW, 1).trace(CLOSE, 9000).watermark(HOUR)

    ended = events().trace(SWAP, 9000 - before_close, pipeline="named").row()
    assert (ended["swap_events"], ended["swapped"], ended["model"]) == (swaps, swaps == 1, "named")
    for evidence, counts in ((0, True), (-1, swaps == 1)):
        made = events().trace(SWAP, 9000 - before_close)
        assert made.error(9000 - before_close + evidence, "No orchestrators available").row()["swapped"] is counts


def test_restarts_are_the_different_times_from_the_start_on_of_their_own_status():
    def status(events: Events, restarted: int, started: int = 0) -> None:
        number = len(events.sent)
        said = {"fps": 20, "last_restart_time": NOON + restarted}
        events.status(number, 20, inference_status=said, start_time=NOON + started)

    events = Events().trace(REQUEST, 0)
    for restarted in (-1, 0, 0, 700, 700, 800):
        status(events, restarted)
    status(events, 900, started=901)
    events.status(100, 20, start_time=None)
    assert events.row()["restarts"] == 3
    assert events.run().kpis()[0]["restarts"] == 3


def test_inference_lies_in_the_hours_in_which_it_was_served():
    events = Events().trace(REQUEST, 11 * HOUR).trace(FIRST, 12 * HOUR - 600).trace(CLOSE, 14 * HOUR)
    rows = events.status(12 * HOUR, 0, state="LOADING").run().kpis(["hour", "model"])
    assert [(row["hour"][8:13], row["model"], row["requests"], row["inference_ms"]) for row in rows] == [
        ("09T23", MODEL, 1, 600),
        ("10T00", MODEL, 0, HOUR),
        ("10T01", MODEL, 0, HOUR),
    ]
    assert Events().trace(FIRST, 0).trace(CLOSE, HOUR).run().kpis()[0]["inference_ms"] == 0  # does not count
    early = Events().trace(REQUEST, 0).trace(FIRST, 100).status(200, 0).status(300, 0, timestamp=NOON + 99)
    assert early.row()["inference_ms"] is None


def test_swapped_by_event_or_by_two_canonical_addresses():
    other = {"address": OTHER_WALLET, "url": OTHER_URL}
    moved = Events().trace(SENT, 0).status(1, 20, orchestrator_info=other)
    assert moved.row()["swapped"] is False  # reported addresses say nothing
    moved.report(2, entry()).report(3, entry(OTHER_ADDRESS, OTHER_URL))
    row = moved.row()
    assert (row["swapped"], row["swap_events"]) == (True, 0)
    row = Events().trace(SWAP, 0).row()
    assert (row["swapped"], row["swap_events"]) == (True, 1)


# --- 3. KPIs -----------------------------------------------------------------


def test_samples_are_grouped_under_their_own_orchestrator_and_hour():
    other = {"address": OTHER_WALLET, "url": OTHER_URL}
    events = Events().trace(REQUEST, HOUR - 1).status(HOUR - 1, 20).trace(FEW, HOUR)
    events.status(HOUR, 40, orchestrator_info=other)
    rows = events.run().kpis(["hour", "orchestrator"])
    assert [(r["hour"][11:13], r["orchestrator"], r["requests"], r["fps_mean"]) for r in rows] == [
        ("12", WALLET, 1, 20),
        ("13", OTHER_WALLET, 0, 40),
    ]


def test_the_gpu_of_a_sample_is_that_of_its_own_url_and_time():
    events = Events().trace(REQUEST, 0).status(1, 20).status(DAY, 30)
    events.report(0, entry(hardware=[hardware(MODEL, "G1")]))
    events.report(DAY - 1, entry(hardware=[hardware(MODEL, "G2")]))
    rows = events.run().kpis(["gpu"])
    assert [(r["gpu"], r["requests"], r["fps_mean"]) for r in rows] == [
        ("G1", 1, 20),
        ("G2", 0, 30),
    ]


def test_a_payment_belongs_to_its_request_else_to_the_orchestrator_of_its_url():
    events = Events().trace(REQUEST, 0).status(1, 20).report(2, entry())
    events.payment(5, requestID="aaaa0001").payment(HOUR).payment(6, faceValue="5")
    events.payment(7, orchestrator="https://unknown.example")
    rows = events.run().kpis(["orchestrator", "model", "hour"])
    paid = [
        (r["orchestrator"], r["model"], r["hour"][11:13], r["payments"], r["fees_eth"])
        for r in rows
        if r["payments"]
    ]
    assert paid == [
        (ADDRESS, MODEL, "12", 1, pytest.approx(0.02)),
        (ADDRESS, None, "12", 1, 0),
        (ADDRESS, None, "13", 1, pytest.approx(0.02)),
        (None, None, "12", 1, pytest.approx(0.02)),
    ]


def test_amounts_carry_their_unit():
    assert eth("2402400000000000 WEI") == pytest.approx(0.0024024)
    assert eth("0.02 ETH") == 0.02 and eth("0 eTh") == 0 and eth("2e16 wei") == 0.02
    for unread in ("5", "many WEI", None, "1  ETH", " 1 ETH", "1 ETH ", "1\u00a0ETH", "-1 ETH", "0x1 ETH", "01 ETH"):
        assert eth(unread) is None
    for unread in ("NaN ETH", "1e999 ETH", "1 \u212aTH", 5):
        assert eth(unread) is None


def test_fees_of_signed_tickets_are_counted_and_those_that_cant_be_read_too():
    events = Events().trace(REQUEST, 0).status(1, 20).report(2, entry())
    events.ticket(5, request_id="aaaa0001").ticket(6, app="live/own/model").ticket(7, app="live")
    for fee in ("1.5", "-1", "many", None, "1 WEI", True):
        events.ticket(8, computed_fee=fee)
    events.payment(9, winProb="1.01").payment(9, numTickets="1.5").payment(9, numTickets="2.0")
    rows = events.run().kpis(["orchestrator", "model"])
    assert [(r["orchestrator"], r["model"], r["payments"], r["unread_payments"], r["fees_eth"]) for r in rows] == [
        (ADDRESS, "own/model", 1, 0, pytest.approx(0.5)),
        (ADDRESS, MODEL, 1, 0, pytest.approx(0.5)),
        (ADDRESS, None, 10, 8, pytest.approx(0.52)),
    ]


def test_windows_of_five_minutes_and_those_of_an_hour_add_up_to_it():
    events = Events().trace(REQUEST, 0).trace(REQUEST, 7 * MINUTE, request_id="b").trace(FIRST_DATA, 8 * MINUTE, request_id="b")
    result = events.status(21 * MINUTE, 20, request_id="b").run()
    slots = [result.kpis((), NOON + t, NOON + t + 1, grain=5 * MINUTE)[0] for t in range(0, HOUR, 5 * MINUTE)]
    assert [row["requests"] for row in slots[:3]] == [1, 1, 0]
    assert [row["inference_ms"] // MINUTE for row in slots[:6]] == [0, 2, 5, 5, 1, 0]
    assert [row["fps_samples"] for row in slots[3:6]] == [0, 1, 0]
    (hour,) = result.kpis((), NOON, NOON + HOUR)
    for name in ("requests", "inference_ms", "fps_samples", "unknown"):
        assert sum(row[name] for row in slots) == hour[name]


def test_windows_are_whole_hours_and_filters_match_null():
    events = Events().trace(REQUEST, 0).trace(REQUEST, HOUR, request_id="b")
    result = events.status(HOUR, 20, request_id="b").run()

    def requests(*window: int, **filters: Any) -> int:
        return result.kpis((), *(NOON + t for t in window), filters=filters)[0]["requests"]

    assert requests() == 2
    assert requests(SECOND, SECOND + 1) == 1
    assert requests(SECOND, HOUR) == 1
    assert requests(SECOND, HOUR + 1) == 2
    assert requests(model=[MODEL]) == 1
    assert requests(model=[None]) == 1


def test_percentiles_are_nearest_rank_and_buckets_stay_within_one_percent():
    assert [percentile(list(range(1, 21)), p) for p in (50, 95, 99)] == [10, 19, 20]
    for value in (1, 2, 77, 999, 12_345, 3_600_000):
        assert bucket_mid(bucket(value)) == pytest.approx(value, rel=0.01)
    assert bucket(0) == bucket(1) == 0


def test_wilson_interval():
    assert wilson(0, 0) == (0, 1)
    low, high = wilson(1, 5)
    # Newcombe's worked form for 1 of 5 gives 3.6 % to 62.4 %.
    assert (low, high) == (pytest.approx(0.0362, abs=1e-4), pytest.approx(0.6245, abs=1e-4))
    assert wilson(0, 10)[0] == 0 and wilson(10, 10)[1] == pytest.approx(1)


def test_watermark_is_the_newest_of_envelope_or_arrival():
    assert Events().watermark(5).run().watermark == NOON + 5
    assert Events().add("discovery_results", NOW - NOON + 9, []).run().watermark == NOW


# --- Swaps, and what capability reports offer --------------------------------


def test_a_swap_goes_to_who_speaks_first_after_it_and_the_last_of_a_failed_request_fails():
    other = {"address": OTHER_WALLET, "url": OTHER_URL}
    events = Events().trace(REQUEST, 0).trace(SWAP, 10).status(10, 20)  # equal is not after
    events.trace(FIRST, 11, orchestrator_info={}).status(12, 20, orchestrator_info=other)
    events.trace(SWAP, 20, orchestrator_info=other).watermark(HOUR)
    swaps = sorted(events.run().offers["fct_swaps"])
    assert [(at - NOON, left, joined, failed) for at, *_, left, joined, _, _, _, failed in swaps] == [
        (10, WALLET, OTHER_WALLET, False),
        (20, OTHER_WALLET, None, True),
    ]
    assert not Events().trace(SWAP, 0).run().offers["fct_swaps"]  # the request does not count


def test_supply_is_what_the_newest_entry_of_each_hour_lists():
    def offered(idle: int, busy: int, **more: Any) -> dict[str, Any]:
        return entry(capabilities=models("35", **{MODEL: {"capacity": idle, "capacityInUse": busy, **more}}))

    gpus = {"0": {"id": "GPU-2", "name": "G"}, "1": {"id": "GPU-1", "name": "G"}}
    listed = {"pipeline": "p", "model_id": MODEL, "gpu_info": gpus}
    events = Events().report(0, {**offered(9, 9), "hardware": [listed]}).report(1, offered(2, 1))
    events.report(HOUR, offered(1, 0, warm=True)).report(2 * HOUR, entry(capabilities=models("37", other={})))
    rows = sorted(events.run().offers["supply_hourly"])
    assert [(row[0] - NOON, *row[3:]) for row in rows] == [
        (0, MODEL, "p", "G", '["GPU-1","GPU-2"]', 3, 1, 1),
        (HOUR, MODEL, "live-video-to-video", None, "[]", 1, 0, 1),
        (2 * HOUR, "other", None, None, "[]", 0, 0, 0),
    ]


@pytest.mark.parametrize(
    ("hours", "hours_of_an_id", "stable"),
    [(5, 5, None), (6, 6, True), (6, 3, True), (6, 2, False), (6, 1, False)],
)
def test_a_gpu_is_stable_where_ids_last_three_hours_on_average_from_six_hours_on(hours, hours_of_an_id, stable):
    events = Events()
    for hour in range(hours):
        gpus = {"0": {"id": f"GPU-{hour // hours_of_an_id}"}}
        events.report(hour * HOUR, entry(hardware=[{"model_id": MODEL, "gpu_info": gpus}]))
    assert {row[-1] for row in events.run().offers["dim_gpus"]} == {stable}


def test_contested_entries_are_left_out_of_what_is_offered_and_counted():
    listed = {"capabilities": models("35", **{MODEL: {"capacity": 1}})}
    gpus = {"hardware": [{"model_id": MODEL, "gpu_info": {"0": {"id": "GPU-1"}}}]}
    twice = [entry(**listed, **gpus), entry(OTHER_ADDRESS, **listed), entry("", **listed)]
    events = Events().report(1, *twice, entry(url=OTHER_URL, **listed)).report(2).report(HOUR, *twice[:1])
    events.report(3 * HOUR, entry(OTHER_ADDRESS), entry(url=URL + "/"))
    offers = events.run().offers
    assert {(row[0] - NOON, *row[1:4]) for row in offers["supply_hourly"]} == {
        (0, ADDRESS, OTHER_URL, MODEL), (HOUR, ADDRESS, URL, MODEL),
    }  # fmt: skip
    assert {(row[0] - NOON, *row[1:]) for row in offers["supply_hours"]} == {
        (0, 2, 3, 2), (HOUR, 1, 1, 0), (3 * HOUR, 1, 2, 2),
    }  # fmt: skip
    assert set(offers["dim_contested_urls"]) == {
        (URL, f'["{ADDRESS}","{OTHER_ADDRESS}"]', NOON + 1, NOON + 3 * HOUR, 2)
    }
    assert {row[3] - NOON for row in offers["dim_gpus"]} == {HOUR}


def test_a_version_of_a_runner_is_deployed_when_it_is_first_reported():
    events = Events()
    for at, version in ((2, "0.2"), (1, "0.1"), (3, "0.1"), (4, "")):
        events.report(at, entry(capabilities=models("35", **{MODEL: {"runnerVersion": version}})))
    assert set(events.run().offers["dim_deploys"]) == {
        (ADDRESS, MODEL, "0.1", NOON + 1),
        (ADDRESS, MODEL, "0.2", NOON + 2),
    }


def test_the_id_of_a_gpu_is_known_where_hardware_tells_one():
    def gpu_id(*ids: str) -> str | None:
        gpus = {str(index): {"id": gpu_id, "name": "G"} for index, gpu_id in enumerate(ids)}
        report = entry(hardware=[{"model_id": MODEL, "gpu_info": gpus}])
        return Events().trace(REQUEST, 0).status(1, 20).report(0, report).row()["gpu_id"]

    assert [gpu_id("GPU-1"), gpu_id("GPU-1", "GPU-1", ""), gpu_id("GPU-1", "GPU-2")] == ["GPU-1", "GPU-1", None]


# --- What the scraper measures -----------------------------------------------


class Scrapes(Events):
    def round(self, at: int, reachable: dict[str, bool], targets: int | None = None, **data: Any) -> Scrapes:
        for url, is_reachable in reachable.items():
            found = {
                "target": url,
                "kind": "orchestrator",
                "reachable": is_reachable,
                "round_targets": targets or len(reachable),
                **data,
            }
            self.add("orchestrator_scrape", at, found)
        return self

    def masked(self) -> list[int]:
        """Rounds, relative to NOON."""
        return sorted({o.round - NOON for o in self.run().observations if o.masked})


def reach(pattern: str) -> dict[str, bool]:
    """A URL per letter; capitals are reachable."""
    return {f"https://{letter.lower()}": letter.isupper() for letter in pattern}


def test_a_round_that_is_not_whole_is_masked_and_copies_of_a_url_are_one():
    scrapes = Scrapes().round(0, reach("AB"), targets=3).round(1, reach("ABC"), targets=3)
    scrapes.round(2, reach("AB"), targets=3).round(2, {"HTTPS://a/": False}, targets=3)
    assert scrapes.masked() == [0, 2]


def test_a_round_that_lost_more_than_half_of_the_hour_before_is_masked():
    scrapes = Scrapes().round(0, reach("ABCd")).round(HOUR, reach("ABcd")).round(2 * HOUR, reach("Abcd"))
    assert scrapes.masked() == []  # 2 of 3, then 1 of 2 who are too few to tell
    assert Scrapes().round(0, reach("ABCd")).round(HOUR, reach("Abcd")).masked() == [HOUR]
    assert Scrapes().round(0, reach("ABCd")).round(HOUR + 1, reach("Abcd")).masked() == []
    assert Scrapes().round(0, reach("ABCD")).round(HOUR, reach("ABcd")).masked() == []
    assert Scrapes().round(0, reach("ABC"), targets=4).round(HOUR, reach("Abc")).masked() == [0]


def test_a_round_that_reaches_nobody_is_masked_and_the_refused_are_nobody():
    assert Scrapes().round(0, reach("abc")).masked() == [0]
    assert Scrapes().round(0, reach("ab")).masked() == []
    assert Scrapes().round(0, reach("abcd"), error_class="refused_url").masked() == []


def test_nobody_is_believed_to_be_there_when_whole_rounds_of_an_hour_say_so():
    nobody = Scrapes().round(0, reach("abc")).round(HOUR, reach("abc"))
    assert nobody.masked() == [0]
    assert nobody.round(HOUR + 1, reach("abc")).masked() == [0]  # that of the hour before was masked, but whole
    assert Scrapes().round(0, reach("abc"), targets=4).round(HOUR, reach("abc")).masked() == [0, HOUR]
    assert Scrapes().round(0, reach("abc")).round(1, reach("Abc")).round(2, reach("abc")).masked() == [0, 2]


def test_a_url_that_its_report_gives_to_several_addresses_is_a_party_of_its_own():
    both = [entry(address, "https://a") for address in (ADDRESS, OTHER_ADDRESS)]
    result = Scrapes().report(0, *both, entry(url="https://b")).round(1, reach("AB")).run()
    assert {o.url: o.orchestrator for o in result.observations} == {"https://a": None, "https://b": ADDRESS}


def test_urls_of_one_address_are_one_party_and_add_up():
    same = [entry(url=f"https://{letter}") for letter in "abc"]
    scrapes = Scrapes().report(0, *same).round(1, reach("ABCD")).round(2, reach("abcD"))
    result = scrapes.run()
    assert scrapes.masked() == []
    of_address = [o for o in result.observations if o.orchestrator == ADDRESS]
    assert (len(of_address), sum(o.reachable for o in of_address)) == (6, 3)


def test_the_gpu_of_a_runner_is_that_of_the_only_address_whose_reports_list_it():
    gpus = [{"id": "GPU-1", "name": "G", "utilization_compute": 40}, {"id": "GPU-2", "utilization_compute": 101}]
    scrapes = Scrapes().round(0, {"http://runner": True}, kind="runner", gpus=gpus)
    listed = {"hardware": [{"model_id": MODEL, "gpu_info": {"0": {"id": "GPU-1"}}}]}
    unknown, known = scrapes.run(), scrapes.report(1, entry(**listed)).run()
    shared = scrapes.report(2, entry(OTHER_ADDRESS, **listed)).run()
    for result, owner in ((unknown, None), (known, ADDRESS), (shared, None)):
        ((key, values),) = result.scrapes["readings_hourly"].items()
        assert (key[1], key[4], key[7], values) == (owner, "gpu_utilization", "GPU-1", [0.4])


# --- Whatever comes in -------------------------------------------------------


@pytest.mark.parametrize("seed", range(20))
def test_classes_add_up_and_the_order_of_arrival_changes_nothing(seed):
    messages = generate(seed, 120)
    assert messages == generate(seed, 120)
    one = reference.run(messages, RECEIVED_AT_MS)
    other = reference.run(messages[::-1], RECEIVED_AT_MS)
    classes = ("accepted", "ignored", "rejected", "duplicate")
    assert one.ingest["read"] == sum(one.ingest[name] for name in classes)
    assert (one.ingest, one.facts, one.kpis()) == (other.ingest, other.facts, other.kpis())
    again = reference.run(messages * 2, RECEIVED_AT_MS)
    assert again.facts == one.facts


@pytest.mark.parametrize("seed", range(10))
def test_groups_of_any_grain_add_up_to_the_whole(seed):
    result = reference.run(generate(seed, 120), RECEIVED_AT_MS)
    (whole,) = result.kpis()
    for by in itertools.combinations(reference.DIMENSIONS, 2):
        rows = result.kpis(by)
        for name in ("requests", "failed", "fps_samples", "payments", "swapped", "jitter_n"):
            assert sum(row[name] for row in rows) == whole[name]
