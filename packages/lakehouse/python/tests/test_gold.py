"""Gold is what docs/kpis.md says, whatever the order, the repeats and the batches that messages come in.

NAAP_SCENARIOS=1000 compares so many scenarios of generate.py instead of a few: minutes instead of seconds.
"""

import json
import os
import random
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from gold_harness import Gold, differences, ingest_differences, reference, same_tables, scenarios
from generate import RECEIVED_AT_MS, generate_rounds

HERE = Path(__file__).parent


def stream_request(name: str, at: int, request: str) -> bytes:
    data = {"type": "gateway_receive_stream_request", "stream_id": f"stream of {request}", "request_id": request}
    return json.dumps({"id": name, "type": "stream_trace", "timestamp": str(at), "data": data}).encode()


HOUR = RECEIVED_AT_MS - 20 * 3_600_000
# One more request every 20 s that never says anything again: it runs until the watermark is a minute past it.
OPEN = [stream_request(f"open {n}", RECEIVED_AT_MS - 20_000 * n, f"{n:08x}") for n in reversed(range(12))]


def reports(hours: int) -> list[bytes]:
    """A report an hour of three places: one keeps its GPU, one tells a new id every other hour, one is there for two hours."""
    messages = []
    for hour in range(hours):
        ids = {"keeps": "GPU-kept", "churns": f"GPU-{hour // 2}", **({"leaves": "GPU-gone"} if hour < 2 else {})}
        entries = [
            {
                "address": f"0x{name}",
                "orch_uri": f"https://{name}.example",
                "hardware": [{"model_id": "m", "gpu_info": {"0": {"id": gpu_id, "name": "G"}}}],
            }
            for name, gpu_id in ids.items()
        ]
        message = {"id": f"report {hour}", "type": "network_capabilities", "timestamp": str(HOUR + 3_600_000 * hour), "data": entries}
        messages.append(json.dumps(message).encode())
    return messages


ROUNDS = [message for seed in range(3) for message in generate_rounds(seed, 40)]
NETWORK = scenarios(range(int(os.environ.get("NAAP_SCENARIOS", 60))), 80) + OPEN + ROUNDS + reports(8)


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """Many scenarios, in one full build."""
    gold = Gold(tmp_path_factory.mktemp("network"))
    gold.add(NETWORK, RECEIVED_AT_MS)
    gold.build(full=True)
    return gold


@pytest.fixture(scope="module")
def expected():
    return reference(NETWORK, RECEIVED_AT_MS)


def test_a_full_build_equals_the_reference(network, expected):
    assert differences(network, expected) == []
    assert ingest_differences(network, expected.ingested) == []


def test_every_rule_of_outcomes_is_met_by_the_network(expected):
    outcomes = {fact["outcome"] for fact in expected.facts}
    reasons = {fact["reason"] for fact in expected.facts}
    assert outcomes == {None, "ok", "failed", "unserved", "abandoned", "unknown", "running"}
    assert reasons == {None, "swap_failed", "no_output", "output_lost", "startup_failed", "error"}
    assert {fact["identity"] for fact in expected.facts} == {None, "canonical", "reported", "contested"}
    assert any(fact["restarts"] > 1 for fact in expected.facts)
    assert any(part.hour > fact.hour for fact in expected.rows for part in fact.inference)
    assert {(payment.fees_eth is None, payment.model is None) for payment in expected.payments} == {
        (False, False), (False, True), (True, False), (True, True),
    }  # fmt: skip
    assert set(expected.ingest["reasons"]) == {
        "not_json", "repeated_name", "not_an_object", "missing_type", "missing_data", "bad_timestamp",
        "unsupported_type", "unsupported_subtype", "forwarded", "schema",
    }  # fmt: skip


def test_names_of_every_kind_are_met_up_to_512_characters_by_the_network(expected):
    def longest(names) -> int:
        return max(len(name) for name in names if name)

    kinds = ("stream_id", "request_id", "gateway", "model", "pipeline", "orchestrator", "orch_uri")
    assert {kind: longest(fact[kind] for fact in expected.facts) for kind in kinds} == {kind: 512 for kind in kinds}
    readings = expected.scrapes["readings_hourly"]
    assert longest(gpu_id for *_, gpu_id, _, _, _ in readings) == 512
    assert longest(model for _, _, _, _, _, _, model, *_ in readings) == 512
    assert longest(o.url for o in expected.observations) == 512
    for table in ("dim_gpus", "dim_deploys", "supply_hourly"):
        texts = [value for row in expected.offers[table] for value in row if isinstance(value, str) and value[:1] != "["]
        assert longest(texts) == 512


def test_every_rule_of_rounds_is_met_by_the_network(expected):
    seen = {
        (o.kind, o.masked, o.refused, o.reachable, o.orchestrator is None) for o in expected.observations if o.kind == "orchestrator"
    }
    assert {(masked, refused, reachable) for _, masked, refused, reachable, _ in seen} == {
        (masked, refused, reachable)
        for masked in (False, True)
        for refused, reachable in ((False, False), (False, True), (True, False))
    }
    assert {unknown for *_, unknown in seen} == {False, True}
    readings = expected.scrapes["readings_hourly"]
    assert {(key[3], key[4], key[1] is None) for key in readings} >= {
        ("orchestrator", "price", False), ("orchestrator", "gpu_utilization", False),
        ("runner", "gpu_utilization", False), ("runner", "gpu_utilization", True),
    }  # fmt: skip


def test_every_rule_of_swaps_supply_and_gpus_is_met_by_the_network(expected):
    swaps = expected.offers["fct_swaps"]
    assert {(left is None, joined is None, failed) for *_, left, joined, _, _, _, failed in swaps} >= {
        (False, False, False), (False, False, True), (False, True, True), (True, True, False),
    }  # fmt: skip
    supply = expected.offers["supply_hourly"]
    assert {(capacity > 0, in_use > 0, warm > 0) for *_, capacity, in_use, warm in supply} == {
        (False, False, False), (True, False, False), (True, False, True), (True, True, True),
    }  # fmt: skip
    assert {len(json.loads(ids)) for *_, ids, _, _, _ in supply} >= {0, 1, 2}
    stable = {gpu[0]: gpu[-1] for gpu in expected.offers["dim_gpus"] if gpu[0] in ("0xkeeps", "0xchurns", "0xleaves")}
    assert stable == {"0xkeeps": True, "0xchurns": False, "0xleaves": None}
    assert any(row["gpu_id"] and row["gpu"] is None for row in expected.facts)
    assert len(expected.offers["dim_deploys"]) > 100
    assert any(contested for *_, contested in expected.offers["supply_hours"])
    assert any(reports > 1 for *_, reports in expected.offers["dim_contested_urls"])


def test_data_tests_hold_on_dirty_input(network):
    assert network.test() == []


def test_any_order_repeats_and_batches_with_builds_between_equal_one_full_build(network, expected, tmp_path):
    dice = random.Random(7)
    messages = NETWORK + dice.sample(NETWORK, len(NETWORK) // 10)
    dice.shuffle(messages)
    gold = Gold(tmp_path)
    for batch in range(4):
        gold.add(messages[batch::4], RECEIVED_AT_MS)
        gold.build()
        assert gold.test() == []

    assert differences(gold, expected) == []
    assert ingest_differences(gold, reference(messages, RECEIVED_AT_MS).ingested) == []
    in_batches = gold.tables()
    gold.build(full=True)
    assert same_tables(in_batches, gold.tables()) == []
    # What tells how messages came: here in another order, and more of them.
    of_arrival = ("gold.build_state", "gold.ingest_hourly", "silver.arrivals")
    once = {name: rows for name, rows in network.tables().items() if name not in of_arrival}
    assert same_tables(once, in_batches) == []


def test_a_build_without_anything_new_changes_nothing(network):
    before = network.tables()
    network.build()
    assert same_tables(before, network.tables()) == []


def test_what_was_running_is_graded_when_the_watermark_has_moved_on(tmp_path):
    gold = Gold(tmp_path)
    gold.add(OPEN[:6], RECEIVED_AT_MS)
    gold.build()
    assert differences(gold, reference(OPEN[:6], RECEIVED_AT_MS)) == []
    gold.add(OPEN[6:], RECEIVED_AT_MS)
    gold.build()
    assert differences(gold, reference(OPEN, RECEIVED_AT_MS)) == []


def test_a_request_that_moves_to_another_hour_leaves_nothing_in_the_old_one(tmp_path):
    first, earlier_attempt = (stream_request(str(minute), HOUR + 60_000 * minute, "moves") for minute in (1, -1))
    gold = Gold(tmp_path)
    gold.add([first], RECEIVED_AT_MS)
    gold.build()
    gold.add([earlier_attempt], RECEIVED_AT_MS)
    gold.build()
    assert differences(gold, reference([first, earlier_attempt], RECEIVED_AT_MS)) == []
    in_batches = gold.tables()
    gold.build(full=True)
    assert same_tables(in_batches, gold.tables()) == []


def test_inference_lies_in_the_hours_in_which_it_was_served_and_a_later_close_takes_it_out_of_them(tmp_path):
    night = RECEIVED_AT_MS // 86_400_000 * 86_400_000 - 86_400_000

    def heard(minute: int, family: str, kind: str, **more) -> bytes:
        data = {"type": kind, "stream_id": "s", "request_id": "r", **more}
        return json.dumps({"id": f"{minute} {kind}", "type": family, "timestamp": str(night + 60_000 * minute), "data": data}).encode()

    steps = [
        [heard(-10, "stream_trace", "gateway_receive_stream_request"), heard(-5, "stream_trace", "gateway_receive_first_data_segment")],
        [heard(90, "ai_stream_status", "status")],
        [heard(30, "stream_trace", "gateway_ingest_stream_closed")],
    ]
    found = [{}, {-1: 5, 0: 60, 1: 30}, {-1: 5, 0: 30}]
    gold, builds = Gold(tmp_path), []
    for messages, minutes in zip(steps, found):
        gold.add(messages, RECEIVED_AT_MS)
        gold.build()
        assert gold.test() == []
        with gold.connect() as connection:
            rows = connection.execute("select epoch_ms(hour), inference_ms from gold.kpi_hourly where inference_ms > 0").fetchall()
            slots = connection.execute("select epoch_ms(slot), inference_ms from gold.kpi_5min where inference_ms > 0").fetchall()
            builds.append(dict(connection.execute("select epoch_ms(day), build_id from gold.gold_days").fetchall()))
        assert {(hour - night) // 3_600_000: ms / 60_000 for hour, ms in rows} == minutes
        assert {(slot - night) // 300_000: ms / 60_000 for slot, ms in slots} == {n: 5 for n in range(-1, sum(minutes.values()) // 5 - 1)}
    assert night not in builds[0] and builds[1][night] != builds[2][night], "the sync copies the day after it too"
    in_batches = gold.tables()
    gold.build(full=True)
    assert same_tables(in_batches, gold.tables()) == []


def scraped(at: int, reachable: str) -> list[bytes]:
    """One round; a URL per letter, capitals are reachable."""
    return [
        json.dumps(
            {
                "id": f"{at} {letter.lower()}",
                "type": "orchestrator_scrape",
                "timestamp": str(at),
                "data": {
                    "target": f"https://{letter.lower()}.example",
                    "kind": "orchestrator",
                    "round_targets": len(reachable),
                    "reachable": letter.isupper(),
                },
            }
        ).encode()
        for letter in reachable
    ]


def test_a_round_is_judged_anew_when_the_rest_of_it_the_hour_before_or_a_report_comes_later(tmp_path):
    first, *rest = scraped(HOUR + 3_600_000, "Abcd")
    one_address = [{"address": "0xa", "orch_uri": f"https://{letter}.example"} for letter in "bcd"]
    report = {"type": "network_capabilities", "timestamp": str(HOUR), "data": one_address}
    steps = [
        (rest, {"masked": 3}),
        ([first], {"observations": 4, "reachable": 1}),
        (scraped(HOUR + 60_000, "ABCd"), {"observations": 4, "reachable": 3, "masked": 4}),
        ([json.dumps(report).encode()], {"observations": 8, "reachable": 4}),
    ]
    gold, arrived = Gold(tmp_path), []
    for messages, found in steps:
        gold.add(messages, RECEIVED_AT_MS)
        gold.build()
        arrived += messages
        expected = reference(arrived, RECEIVED_AT_MS)
        totals = sum(expected.scrapes["hourly"].values(), Counter())
        assert {name: totals[name] for name in ("observations", "reachable", "masked") if totals[name]} == found
        assert differences(gold, expected) == []


def test_the_hand_made_fixture_equals_the_reference(tmp_path):
    messages = (HERE / "reference" / "fixture.ndjson").read_bytes().splitlines()
    gold = Gold(tmp_path)
    gold.add(messages, RECEIVED_AT_MS)
    gold.build()
    assert differences(gold, reference(messages, RECEIVED_AT_MS)) == []
    assert gold.test() == []


def test_messages_that_are_hard_to_read_break_no_build(tmp_path):
    status = (
        b'{"id":"%d","type":"ai_stream_status","timestamp":"1773187200000","gateway":"g","data":{"type":"status",'
        b'"request_id":"r","stream_id":"s","inference_status":{"fps":12},%s}}'
    )
    parts = [
        rb'"state":"ONLINE\ud800"',
        rb'"state":"\udc00\ud800\ud83d\ude00","pipeline":"\\ud800"',
        rb'"state":"\u0000","pipeline":"\u0000\"\\"',
        rb'"start_time":1e999,"last_state_update_time":-1e308,"timestamp":"1e400"',
        rb'"start_time":123456789012345678901234567890,"last_error_time":0.1e-400',
        rb'"orchestrator_info":{"address":"0x\ud800","url":"https://\ud800/"}',
        rb'"orchestrator_info":[1,2],"state":{"deep":' + b"[" * 400 + b"]" * 400 + b"}",
        rb'"restart_count":"many","input_status":{"fps":{}},"":1,"$.state":2',
    ]
    reports = [
        rb'[{"address":"0xa\ud800","orch_uri":7,"capabilities":[],"hardware":{"0":1}}]',
        rb'[{"address":"0xb","capabilities":{"constraints":{"PerCapability":{"35":{"models":{"m\ud800":{"warm":true},"":null,"n":[]}},"36":7}}}}]',
        rb'[{"address":"0xc","hardware":[null,7,{"model_id":{},"gpu_info":[{"name":"x"}]},{"gpu_info":{"0":null,"1":{"name":8}}}]}]',
        rb"[]",
    ]
    report = b'{"type":"network_capabilities","timestamp":"1773187200000","data":%s}'
    payment = b'{"type":"create_new_payment","timestamp":"1773187200000","data":%s}'
    payments = [rb'{"faceValue":"\ud800 WEI","winProb":"NaN","numTickets":"1e999"}', rb'"[]"', rb"7", rb'{"faceValue":"Infinity ETH","winProb":"1","numTickets":"1"}']
    messages = (
        [status % item for item in enumerate(parts)]
        + [report % entries for entries in reports]
        + [payment % data for data in payments]
    )
    gold = Gold(tmp_path)
    gold.add(messages, RECEIVED_AT_MS)
    assert gold.offset == len(messages)
    gold.build()
    assert gold.test() == []
    (request,) = gold.requests().values()
    assert request["fps_samples"] == len(parts)


def test_who_runs_an_orchestrator_is_what_the_home_says_when_it_is_built(tmp_path):
    gold = Gold(tmp_path)
    told = "select orchestrator, operator_name, stake_lpt from gold.dim_orchestrators order by 1"
    gold.add(reports(8), RECEIVED_AT_MS)
    gold.build()
    with gold.connect() as connection:
        nobody = connection.execute(told).fetchall()
    assert nobody and {row[1:] for row in nobody} == {(None, None)}
    address = nobody[0][0]
    (tmp_path / "operators.csv").write_text(f"address,name,contact,stake\n{address.upper()},Acme,,1.5\n0xunseen,Other,,2\n")
    gold.build(full=True)
    with gold.connect() as connection:
        assert connection.execute(told).fetchall() == [(address, "Acme", Decimal("1.5")), *nobody[1:]]
