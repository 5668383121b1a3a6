"""Small, adversarial event sets for comparing an engine with the oracle.

    python generate.py SEED N > events.ndjson

Nothing here is realistic. Times are drawn from offsets at and around the limits
of kpis.md (1 ms, 15 s, 30 s, 60 s, 5 min, 30 min, 24 h), ids and texts from
tiny pools, so that every rule is met at its edge, and often twice at once.
What kpis.md leaves open is left out: how numbers from 10^15 up are written in
an identity, a `type` that is null in a wrapper, a target that was not attempted
but reached.
"""

from __future__ import annotations

import json
import random
import sys
from datetime import datetime, timedelta
from typing import Any

from classify import DAY, HOUR, MINUTE, OF_GATEWAY_ALONE, SECOND, TRACE_SUBTYPES

#: A midnight, so that hours and days of deduplication are crossed.
MIDNIGHT = 1_773_187_200_000  # 2026-03-11T00:00:00Z
#: When every message came in.
RECEIVED_AT_MS = MIDNIGHT + 10 * DAY

STREAMS = tuple(f"stream-{number}" for number in range(1, 13))
REQUEST_IDS = ("0000aaaa", "0000bbbb", "0000cccc", "0000dddd")
#: One name, spelled with halves of surrogate pairs and without.
HALVES = ("half-\ud800-sea", "half-\udfff-sea", "half-\ufffd-sea")
GATEWAYS = ("", "", "tester-sea", "tester-fra", "tester")
#: Texts that some parsers take for numbers, but JSON does not.
NO_NUMBERS = (" 1", "1 ", "0x10", "+1", "01", ".5", "5.", "NaN", "Infinity", "1_0", "\u0661", "", "-", True, [1])
ABSENT = object()
EPOCH = datetime(1970, 1, 1)
#: A name has at most 512 characters.
NAME_LENGTHS = (511, 512, 513)
MODELS = ("streamdiffusion-sdxl", "streamdiffusion-sdxl-v2v", "unlisted-model")
GPUS = ("NVIDIA GeForce RTX 5090", "NVIDIA GeForce RTX 4090", "Unknown GPU")
GPU_IDS = ("GPU-1", "GPU-1", "GPU-2", "0", "gpu-1", "", ABSENT)
STATES = (
    "ONLINE", "ONLINE", "ONLINE", "DEGRADED_INPUT", "DEGRADED_INFERENCE",
    "LOADING", "OFFLINE", "ERROR", None, "", "online",
)  # fmt: skip
ADDRESSES = tuple(f"0x{digit * 40}" for digit in "abc")
WALLETS = tuple(f"0x{digit * 40}" for digit in "defa")
HOSTS = (
    "https://Orch-1.example:8935",
    "https://orch-2.example",
    "https://orch-3.example:1",
)
#: A Kelvin sign is no K: lower case means the ASCII letters.
KELVIN = "https://orch-\u212aelvin.example"
MESSAGES = (
    "Error reloading pipeline", "Too many swaps", None, "",
    "No Orchestrators AVAILABLE within 2s timeout", "no orchestrators available",
    "mediamtx ingest disconnected", "WHIP disconnected", "missing video",
    "ICE connection state failed", "user disconnected",
    "trickle subscribe error reading: Channel exists but sequence does not match",
    "CREDIT_exhaustion", "got non-H264 video", "SetRemoteDescription failed: x", "error gathering tracks",
    "Next segment has started", "missing next handle", "error updating params: x",
    "next segment has started; user disconnected", "error updating params, missing video",
    "m\u0131ssing video", "\u017fetremotedescription failed", "broken \udc00 pipeline",
)  # fmt: skip


def around(*limits: int) -> list[int]:
    """Each limit, and 1 ms to both sides of it."""
    return [limit + step for limit in limits for step in (-1, 0, 1)]


class Scenario:
    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.messages: list[dict[str, Any]] = []
        #: How many edges were told, from another one on in every scenario.
        self.stories = seed * 7
        #: Times of interest: where messages are, so where limits begin.
        self.anchors: list[int] = []
        #: Last messages of requests without a close.
        self.open_ends: list[int] = []
        #: Half of the scenarios keep their stories apart, the others mix them up.
        self.calm = self.chance(0.5)
        self.streams = STREAMS if self.calm else STREAMS[: self.pick([1, 2, 3])]
        #: Names at the limit of 512 characters, which the same scenario alone has.
        self.share_of_long = 0.3 if seed % 8 == 0 else 0.03
        self.long_names = [self.long_name("n", length) for length in NAME_LENGTHS]

    def pick(self, values: Any) -> Any:
        return self.random.choice(values)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def long_name(self, prefix: str, length: int) -> str:
        name = f"{prefix}{self.random.getrandbits(64):016x}"
        return name + self.pick("x/é😀") * (length - len(name))

    def named(self, usual: Any) -> Any:
        """A name, seldom a long one in its place."""
        if self.chance(self.share_of_long):
            return self.pick(self.long_names)
        return self.pick(HALVES) if self.chance(0.02) else usual

    # --- Spelling: the same thing in the ways that a source may write it ----

    def spelled_case(self, value: str) -> str:
        return self.pick([value, value, value.lower(), value.upper()])

    def spelled_url(self, host: str) -> str:
        return self.spelled_case(host) + self.pick(["", "", "/", "//"])

    def spelled_time(self, ms: int) -> Any:
        """A time inside `data`: ms or seconds, number or text."""
        style = self.random.random()
        if style < 0.8:
            return ms
        if style < 0.87:
            return str(ms)
        if style < 0.93:
            return ms // 1000 if ms % 1000 == 0 else ms / 1000
        return self.pick([f"{ms / 1000:.3f}", f"{ms / 1000:.3f}e3", f"{ms}.0", f"{ms}e0"])

    def envelope(self, ms: int) -> Any:
        if self.chance(0.8):
            return str(ms)
        return self.spelled_time(ms)

    # --- Messages -----------------------------------------------------------

    def new_id(self) -> str:
        # Sorts after a SHA-256, however that is written as an identity.
        if self.chance(0.02):
            return self.long_name("x", self.pick(NAME_LENGTHS))
        return f"x{self.random.getrandbits(64):016x}"

    def add(self, family: str, ms: int, data: Any, gateway: str = "") -> dict[str, Any]:
        message = {
            "id": self.new_id(),
            "type": family,
            "timestamp": self.envelope(ms),
            "gateway": gateway,
            "data": data,
        }
        self.messages.append(message)
        self.anchors.append(ms)
        return message

    def own_timestamp(self, ms: int) -> Any:
        """`data.timestamp`: mostly the envelope's, else at the limit of 5 minutes."""
        if self.chance(0.85 if self.calm else 0.5):
            return ms
        if self.chance(0.3):
            return self.pick([ABSENT, None, 0, "0", 5.75, 86_400, "soon", -1, 1e300, f" {ms}", hex(ms), *NO_NUMBERS])
        offset = self.pick([-1, 1, -54, -1000, 1000, *around(-5 * MINUTE, 5 * MINUTE)])
        return self.spelled_time(ms + offset)

    def orchestrator_info(self, host: str | None) -> Any:
        if host is None:
            return self.pick([ABSENT, None, {}, {"address": "", "url": ""}])
        info = {
            "address": self.named(self.spelled_case(self.pick(WALLETS))),
            "url": self.named(self.spelled_url(host)),
        }
        if self.chance(0.2):
            info[self.pick(["address", "url"])] = ""
        elif self.chance(0.03):
            info["address"] = 7
        return info

    def trace(self, request: Request, subtype: str, ms: int) -> None:
        placed = subtype not in (
            "gateway_receive_stream_request",
            "gateway_ingest_stream_closed",
            "gateway_no_orchestrators_available",
        )
        data = {
            "type": subtype,
            "timestamp": self.own_timestamp(ms),
            "orchestrator_info": self.orchestrator_info(
                request.host() if placed or self.chance(0.1) else None
            ),
        }
        if subtype == "orchestrator_swap":
            data.pop("timestamp")
            data["pipeline"] = request.model()
        elif subtype == "gateway_receive_first_data_segment":
            data.pop("orchestrator_info", None)
        request.add("stream_trace", ms, data)

    def status(self, request: Request, ms: int) -> None:
        start = self.pick(request.points)
        output = self.pick([start - 1, start, start, start + 5000, ms, 0, None, ABSENT])
        since = self.pick([ms - 1301, ms - 5000, ms, ms, 0, None, ABSENT])
        fps = self.pick([0, 0, 0.0, 10, 12.5, 17.3, 20, 24, 1000, None, ABSENT])
        if request.mute:
            fps = self.pick([0, 0.0, None, ABSENT])
        if self.chance(0.02):
            fps = self.pick(["12", 1000.5, -0.5, True, []])  # broken schema

        def spelled(value: Any) -> Any:
            return self.spelled_time(value) if isinstance(value, int) and value else value

        restart = self.pick([start - 1, start, start, start + 700, ms, 0, None, ABSENT, ABSENT, ABSENT])
        inference = {"fps": fps, "last_output_time": spelled(output), "restart_count": 3}
        inference["last_restart_time"] = spelled(restart)
        data = {
            "type": "status",
            "timestamp": self.own_timestamp(ms),
            "pipeline": request.model(),
            "state": self.pick(STATES + ("ONLINE",) * 12 if self.calm else STATES),
            "start_time": spelled(self.pick([start, start, start, start, 0, None, ABSENT])),
            "last_state_update_time": spelled(since),
            "inference_status": inference if self.chance(0.97) else None,
            "orchestrator_info": self.orchestrator_info(request.host()),
        }
        request.add("ai_stream_status", ms, data)

    def event(self, request: Request, ms: int) -> None:
        data = {
            "type": self.pick(["error"] * 5 + ["params_update", "restart", "Error"]),
            "message": self.pick(MESSAGES),
            "pipeline": request.model(),
            "orchestrator_info": self.orchestrator_info(None),
        }
        if self.chance(0.2):
            data["timestamp"] = self.own_timestamp(ms)
        request.add("ai_stream_events", ms, data)

    def ingest_metrics(self, request: Request, ms: int) -> None:
        request.add("stream_ingest_metrics", ms, {"stats": {"conn_quality": "good"}})

    def report(self) -> None:
        """A capability report at the edge of a window of something that happened."""
        offsets = [0, 1, -1, -HOUR, 10 * MINUTE]
        if not self.calm or self.chance(0.3):
            offsets += around(-DAY, 30 * MINUTE)
        at = self.pick(self.anchors or [MIDNIGHT]) + self.pick(offsets)
        entries = [self.capability_entry() for _ in range(self.pick([0, 1, 1, 2, 2, 3]))]
        if entries and self.chance(0.15):
            entries.append(self.claim(entries[0]))
        if self.chance(0.1):
            # Nothing of it counts, or nothing of one entry.
            self.pick(entries or [{}])["orchestrator_info"] = self.pick([{}, {"address": WALLETS[0]}, None, False])
        single = len(entries) == 1 and self.chance(0.2)
        self.add("network_capabilities", at, entries[0] if single else entries)

    def claim(self, entry: dict[str, Any]) -> dict[str, Any]:
        """An entry that gives the URL of another one to somebody, with that hot wallet or another."""
        other = self.capability_entry()
        other["orch_uri"] = entry.get("orch_uri")
        other["address"] = self.pick([*ADDRESSES, ""])
        if self.chance(0.5):
            other["local_address"] = entry.get("local_address")
        return other

    def capability_entry(self) -> dict[str, Any]:
        per_capability: dict[str, Any] = {}
        for _ in range(self.pick([0, 1, 1, 2])):
            listed = {
                self.named(self.pick(MODELS)): self.listed_model()
                for _ in range(self.pick([1, 1, 2]))
            }
            per_capability[self.pick(["35", "35", "37"])] = {"models": listed}
        hardware = [
            {
                "pipeline": self.named(self.pick(["live-video-to-video", "other", "", None])),
                "model_id": self.named(self.pick(MODELS)),
                "gpu_info": self.pick(
                    [
                        {"0": self.reported_gpu()},
                        {"0": self.reported_gpu(), "1": self.reported_gpu()},
                        {"0": {"name": ""}},
                        {"0": None},
                        None,
                    ]
                ),
            }
            for _ in range(self.pick([0, 1, 1, 2, 3]))
        ]
        host = self.pick(HOSTS)
        address = self.pick(ADDRESSES)
        if self.calm and self.chance(0.8):
            address = ADDRESSES[HOSTS.index(host)]
        if self.chance(0.04):
            host = KELVIN
        entry = {
            "address": self.named(self.spelled_case(address)),
            "local_address": self.named(self.spelled_case(self.pick(WALLETS))),
            "orch_uri": self.named(self.spelled_url(host)),
            "capabilities": {"constraints": {"PerCapability": per_capability}},
            "hardware": hardware or self.pick([None, ABSENT, []]),
        }
        if self.chance(0.1):
            entry[self.pick(["local_address", "orch_uri"])] = self.pick(["", None])
        if self.chance(0.05):
            entry["capabilities"] = self.pick([None, {}, {"constraints": None}])
        if self.chance(0.02):
            entry["address"] = self.pick(["", None, 5])  # left out, or a broken schema
        return entry

    def reported_gpu(self) -> dict[str, Any]:
        return {"id": self.named(self.pick(GPU_IDS)), "name": self.named(self.pick(GPUS))}

    def listed_model(self) -> dict[str, Any]:
        return {
            "warm": self.pick([True, False, ABSENT]),
            "capacity": self.pick([ABSENT, ABSENT, 0, 1, "2", "1e0", -1, self.pick(NO_NUMBERS)]),
            "capacityInUse": self.pick([ABSENT, ABSENT, None, 1, 3]),
            "runnerVersion": self.pick([ABSENT, "", "0.14.0", "0.14.1"]),
        }

    def payment(self) -> None:
        at = self.pick(self.anchors or [MIDNIGHT]) + self.pick(
            [0, 1, HOUR, *around(-5 * MINUTE, DAY)]
        )
        data = {
            "requestID": self.named(self.pick(["", ABSENT, None, *REQUEST_IDS, "0000ffff"])),
            "orchestrator": self.named(self.pick([self.spelled_url(self.pick(HOSTS)), "", ABSENT])),
            **self.amounts(),
        }
        if self.chance(0.3):
            self.add("create_signed_ticket", at, self.ticket(at), self.pick(GATEWAYS))
            return
        if self.chance(0.2):
            data["timestamp"] = self.own_timestamp(at)
        self.add("create_new_payment", at, data, self.pick(GATEWAYS))

    def amounts(self) -> dict[str, Any]:
        """Mostly readable, else with one part that is not."""
        amounts = {
            "faceValue": self.pick(["2402400000000000 WEI", "0.02 ETH", "1 wei", "0 Eth", "2e-2 eTH", "2.5E15 wEI"]),
            "winProb": self.pick(["0.0009990010", "1", "0", 0.5, "1e-3", "1.0"]),
            "numTickets": self.pick(["2", "1", 3, "0", "2.0", "1e1", 1.0]),
        }
        unread = {
            "faceValue": [
                "5", "", "many WEI", ABSENT, None, 5, "1WEI", "1  WEI", " 1 WEI", "1 WEI ", "1\tWEI", "1\u00a0WEI",
                "1 GWEI", "-1 WEI", "1 \u212aWEI", "WEI", " WEI", "1e999 WEI", *[f"{n} WEI" for n in NO_NUMBERS if isinstance(n, str)],
            ],
            "winProb": ["", ABSENT, None, "1.0000001", 2, "-0.1", "1e999", *NO_NUMBERS],
            "numTickets": [ABSENT, None, "1.5", 0.5, -1, "-2", "many", "1e999", *NO_NUMBERS],
        }  # fmt: skip
        if self.chance(0.35):
            part = self.pick(list(unread))
            amounts[part] = self.pick(unread[part])
        return amounts

    def ticket(self, at: int) -> dict[str, Any]:
        """What a remote signer writes in place of a payment."""
        data = {
            "request_id": self.named(self.pick([ABSENT, *REQUEST_IDS, *["signer-1"] * 4])),
            "orch_url": self.named(self.pick([self.spelled_url(self.pick(HOSTS)), "", ABSENT])),
            "orch_address": self.pick(WALLETS),
            "app": self.pick(
                [
                    f"live/{self.named(self.pick(MODELS))}", "live/a/b", "live", "", "/", "live/", "/m", None, ABSENT, 7,
                    f"{'a' * 600}/{MODELS[0]}",
                ]
            ),
            "current_time_unix": self.pick([at, at - DAY, 0]),
            "computed_fee": self.pick(
                ["1000000000000000", "1000000000000000", "1", "0", 5, "1e15", "2.0"]
                + [ABSENT, None, "1.5", "-1", "many", "1 WEI", "1e999", *NO_NUMBERS]
            ),
            "auth_id": "someone",
        }  # fmt: skip
        if self.chance(0.2):
            data["timestamp"] = self.own_timestamp(at)
        return data if self.chance(0.97) else self.pick([[], [data], 7, "null"])

    # --- Dirt ---------------------------------------------------------------

    def refused(self) -> bytes:
        """A message that is no accepted one, or a blank line."""
        at = str(MIDNIGHT)
        good = {"type": "discovery_results", "timestamp": at, "data": []}
        broken = [
            b"", b"  \t", b"{", b"null", b"[]", b"3", b'"text"', b"\xff\xfe{}", b"{}",
            b'{"type":"stream_trace","timestamp":"%d","data":{"fps":NaN}}' % MIDNIGHT,
            b'{"type":"discovery_results","timestamp":"%d","data":[]} x' % MIDNIGHT,
            b'{"type":"discovery_results","type":"discovery_results","timestamp":"%d","data":[]}' % MIDNIGHT,
            rb'{"type":"discovery_results","t\u0079pe":"x","timestamp":"%d","data":[]}' % MIDNIGHT,
            b'{"type":"discovery_results","timestamp":"%d","data":[{"address":"a","x":[{"y":1,"y":1}]}]}' % MIDNIGHT,
            rb'{"type":"discovery_results","timestamp":"%d","data":[],"x":{"\ud800":1,"\udc00":1}}' % MIDNIGHT,
            rb'{"type":"discovery_results","timestamp":"%d","data":"[{\"address\":\"a\",\"address\":\"a\"}]"}' % MIDNIGHT,
            rb'{"type":"discovery_results","timestamp":"%d","data":"[{\"x\":1,\"\\u0078\":1}]"}' % MIDNIGHT,
            b'[{"a":1,"a":2}]', b'{"a":1,"a":2', b'{"payload":{"a":{"b":1,"b":1}},"value":{}}',
            b'{"type":"webrtc_stats","timestamp":"never","data":{"a":1,"a":1}}',
            b'{"type":"discovery_results","timestamp":"%d","gateway":"\xff\xc3(\xed\xa0\x80","data":[]}' % MIDNIGHT,
        ]  # fmt: skip
        changed: list[dict[str, Any]] = [
            {"type": ""}, {"type": 5}, {"type": None}, {"type": "webrtc_stats"},
            {"type": "webrtc_stats", "timestamp": "never"}, {"data": None},
            {"type": "webrtc_stats", "data": None}, {"data": "not json"}, {"data": "[]"},
            {"data": [{}]}, {"data": [{"address": ""}]}, {"data": [[]]}, {"data": 5},
            {"type": "webrtc_stats", "data": "not json"},
            {"type": "create_new_payment", "data": "not json"},
            {"type": "stream_trace", "data": []},
            {"type": "stream_trace", "data": {"request_id": "0000aaaa"}},
            {"type": "stream_trace", "data": {"type": TRACE_SUBTYPES[0]}},
            {"type": "stream_trace", "data": {"type": TRACE_SUBTYPES[0], "request_id": 5}},
            {"type": "stream_trace", "data": {"type": "other_trace"}},
            {"type": "stream_trace", "data": '{"type":"other_trace"}'},
            {"type": "stream_trace", "data": {"type": 5, "request_id": "0000aaaa"}},
            {"type": "ai_stream_events", "data": {"type": "", "request_id": "0000aaaa"}},
            {"type": "ai_stream_status", "data": {"request_id": "0000aaaa"}},
            {"type": "stream_ingest_metrics", "data": {"request_id": ""}},
            {"timestamp": None}, {"timestamp": ""}, {"timestamp": "never"},
            {"timestamp": True}, {"timestamp": []}, {"timestamp": 0}, {"timestamp": "-5"},
            {"timestamp": 1e300}, {"timestamp": "1" + "0" * 300},
            {"timestamp": 1_577_836_799_999}, {"timestamp": "1577836799"},
            {"timestamp": 1_577_836_800_000}, {"timestamp": "1577836800"},
            {"timestamp": RECEIVED_AT_MS + DAY + 1},
            {"timestamp": f" {at}"}, {"timestamp": f"{at} "}, {"timestamp": hex(MIDNIGHT)}, {"timestamp": f"+{at}"},
            {"data": [{"address": "a"}, {}]}, {"data": {"address": ""}}, {"data": [{"address": "a"}, None]},
            {"data": [{"address": "a"}, "b"]}, {"data": "null"}, {"type": "stream_trace", "data": "null"},
            *[{"type": family, "data": {"address": "a", "orchestrator_info": {}}} for family in OF_GATEWAY_ALONE],
            *[{"type": family, "data": [{}, {"orchestrator_info": 0}]} for family in OF_GATEWAY_ALONE],
            *[{"type": family, "data": '{"orchestrator_info":false}'} for family in OF_GATEWAY_ALONE],
            {"type": "discovery_results", "data": {"address": "a", "orchestrator_info": None}},
        ]  # fmt: skip
        if self.chance(0.4):
            return self.pick(broken)
        return json.dumps({**good, **self.pick(changed)}).encode()

    def repeat(self, message: dict[str, Any]) -> dict[str, Any]:
        """A copy with the same id that differs in something, or in nothing."""
        copy = dict(message)
        ms = self.pick(self.anchors)
        change = self.pick(["none", "time", "near", "day", "data", "type", "gateway"])
        if change == "time":
            copy["timestamp"] = self.envelope(ms)
        elif change == "near":
            copy["timestamp"] = self.pick(
                [message["timestamp"], str(ms), str(ms + 1), str(ms - 1)]
            )
        elif change == "day":
            copy["timestamp"] = str(self.pick(around(MIDNIGHT)))
        elif change == "data":
            copy["data"] = self.pick(self.messages)["data"]
        elif change == "type":
            other = self.pick(self.messages)
            copy["type"], copy["data"] = other["type"], other["data"]
        elif change == "gateway":
            copy["gateway"] = self.pick(GATEWAYS)
        return copy

    # --- The whole ----------------------------------------------------------

    def encode(self, message: dict[str, Any], wrap: bool) -> bytes:
        message = without(message, ABSENT)
        if self.chance(0.2):
            message = without(message, None)
        if self.chance(0.1) and message.get("data") is not None:
            message["data"] = self.written(message["data"])
        if self.chance(0.2):
            names = list(message)
            self.random.shuffle(names)
            message = {name: message[name] for name in names}
        if wrap:
            message = self.row(message) if self.chance(0.4) else self.wrapped(message)
        written = self.written(message)
        if self.chance(0.05):
            # A name that is spelled with escapes is the same name.
            name = self.pick(["data", "type", "stream_id", "fps", "state", "address"])
            written = written.replace(f'"{name}"', f'"\\u{ord(name[0]):04x}{name[1:]}"', 1)
        # Half of a surrogate pair that is not escaped is no UTF-8.
        return written.encode("utf-8", "surrogatepass")

    def written(self, value: Any) -> str:
        separators = self.pick([(",", ":"), (", ", ": ")])
        return json.dumps(value, separators=separators, ensure_ascii=self.chance(0.5))

    def wrapped(self, message: dict[str, Any]) -> dict[str, Any]:
        """What other tools write of a record (section 7)."""
        content = self.pick([message, json.dumps(message)])
        came_in = self.pick([RECEIVED_AT_MS, RECEIVED_AT_MS + 1, *[int(sent_at(message)) + at for at in around(0, -DAY)]])
        return self.pick(
            [
                {"partition": 0, "offset": 5, "value": content},
                {"topic": "t", "tstype": "create", "ts": came_in, "key": "k", "payload": content},
                {"schema": None, "payload": content},
                {"payload": "no JSON", "value": content},
                {"event_type": "", "data": 1, "payload": content, "value": {"type": "x"}},
            ]
        )

    def row(self, message: dict[str, Any]) -> dict[str, Any]:
        """The same as a row of an events table."""
        at = EPOCH + timedelta(milliseconds=int(sent_at(message)))
        zone = self.pick([0, 0, 120, -330])
        clock = (at + timedelta(minutes=zone)).isoformat(self.pick(["T", " "]), self.pick(["milliseconds", "microseconds"]))
        shown = self.pick(["Z", "", "+00:00"]) if zone == 0 else f"{'-' if zone < 0 else '+'}{abs(zone) // 60:02d}:{abs(zone) % 60:02d}"
        columns = {"event_id": "id", "event_type": "type", "gateway": "gateway", "data": "data"}
        row = {column: message[member] for column, member in columns.items() if member in message}
        row["event_ts"] = self.pick([clock + shown, clock + shown, message["timestamp"]])
        return {**row, "source_topic": "t", "payload": {"type": "x"}}

    def generate(self, n: int) -> list[bytes]:
        dirt = [self.refused() for _ in range(n // 20)]
        while len(self.messages) < n * 0.8:
            if self.chance(0.5):
                Edge(self).tell()
            else:
                Request(self).tell()
            if self.chance(0.8):
                self.report()
            if self.chance(0.4):
                self.payment()
        if self.chance(0.5):
            self.random.shuffle(self.messages)  # so that the cut loses telemetry
            del self.messages[int(n * 0.75) :]
        while len(self.messages) < n // 2:
            self.payment()

        for message in self.messages:
            if self.chance(0.03):
                # Without an id, or with one that is no text.
                message["id"] = self.pick(
                    [ABSENT, None, "", "", True, "true", 7, 7.0, "7", -0.0, 0.5, [], {"b": 1, "a": [1.0, "\ud800"]}, '{"a":[1,"\ufffd"],"b":1}']
                )
        repeats = [self.repeat(self.pick(self.messages)) for _ in range(n // 10)]
        if self.chance(0.1):
            self.messages.append(self.ahead_of_the_clock())
        elif self.chance(0.5):
            repeats = self.end_at_a_watermark(repeats)
        known = [message["id"] for message in repeats]
        lines = [
            self.encode(m, wrap=m["id"] not in known and self.chance(0.08))
            for m in self.messages
        ] + [self.encode(message, wrap=False) for message in repeats]
        lines += [self.pick(lines) for _ in range(n // 30)] + dirt
        self.random.shuffle(lines)
        return lines[:n]

    def ahead_of_the_clock(self) -> dict[str, Any]:
        """At most a day later than it came in: accepted, but no watermark."""
        ms = RECEIVED_AT_MS + self.pick([0, 1, DAY - 1, DAY])
        message = dict(self.pick(self.messages))
        message.update(id=self.new_id(), timestamp=str(ms))
        return message

    def end_at_a_watermark(self, repeats: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Nothing is newer than about a minute after some message."""
        last = self.pick(self.open_ends or self.anchors)
        newest = last + self.pick(around(MINUTE))
        self.messages = [m for m in self.messages if sent_at(m) <= newest]
        self.add("discovery_results", newest, [])
        return [m for m in repeats if sent_at(m) <= newest]


def sent_at(message: dict[str, Any]) -> float:
    sent = float(message["timestamp"])
    return sent if sent >= 1e11 else sent * 1000


def without(value: Any, unwanted: Any) -> Any:
    if isinstance(value, dict):
        return {k: without(v, unwanted) for k, v in value.items() if v is not unwanted}
    if isinstance(value, list):
        return [without(item, unwanted) for item in value]
    return value


class Request:
    """One story: some points in time, and messages at and around them."""

    def __init__(self, scenario: Scenario):
        self.scenario = scenario
        pick = scenario.pick
        self.stream_id = scenario.named(pick(scenario.streams))
        self.request_id = scenario.named(pick(REQUEST_IDS))
        self.gateway = scenario.named(pick(GATEWAYS))
        self.hosts = [KELVIN if scenario.chance(0.04) else pick(HOSTS) for _ in range(pick([1, 1, 2]))]
        self.models = [scenario.named(pick(MODELS)) for _ in range(pick([1, 1, 1, 2]))]
        #: Its statuses never show output.
        self.mute = scenario.chance(0.2)
        self.start = MIDNIGHT + pick(
            [-12 * HOUR, -HOUR, *around(-5 * MINUTE, 0, HOUR, DAY), 3 * HOUR]
        )
        if scenario.anchors and scenario.chance(0.3):
            self.start = pick(scenario.anchors) + pick(around(0, 5 * MINUTE, DAY))
        self.points = [self.start]

    def host(self) -> str | None:
        return None if self.scenario.chance(0.05) else self.scenario.pick(self.hosts)

    def model(self) -> Any:
        return self.scenario.pick([*self.models, *self.models, *self.models, "", ABSENT])

    def add(self, family: str, ms: int, data: dict[str, Any]) -> None:
        scenario = self.scenario
        data["request_id"] = self.request_id
        data["stream_id"] = self.stream_id
        if scenario.chance(0.1):
            data["stream_id"] = scenario.pick(["", None, ABSENT, 7])
        scenario.add(family, ms, data, self.gateway if scenario.chance(0.7) else "")

    def point(self, *offsets: int) -> int:
        """A new point at a limit after an old one."""
        ms = self.scenario.pick(self.points) + self.scenario.pick(offsets)
        self.points.append(ms)
        return ms

    def near(self) -> int:
        return self.scenario.pick(self.points) + self.scenario.pick(
            [0, 0, 0, -1, 1, 1, 10_000, 20_000, *around(15 * SECOND, 30 * SECOND)]
        )

    def tell(self) -> None:
        scenario = self.scenario
        chance, pick, trace = scenario.chance, scenario.pick, scenario.trace
        repeats = [1, 1, 1, 2]
        if chance(0.9):
            for _ in range(pick(repeats)):
                trace(self, "gateway_receive_stream_request", self.start + pick([0, 0, 1]))
        if chance(0.7):
            for _ in range(pick(repeats)):
                trace(self, "gateway_send_first_ingest_segment", self.near())
        for subtype in (
            "gateway_receive_first_processed_segment",
            "gateway_receive_few_processed_segments",
        ):
            if chance(0.55):
                for _ in range(pick(repeats)):
                    trace(self, subtype, self.point(0, 1, -1, 2655, *around(30 * SECOND)))
        if chance(0.15 if scenario.calm else 0.35):
            for _ in range(pick(repeats)):
                trace(self, "orchestrator_swap", self.point(0, 1, 1000, 15 * SECOND))
        if chance(0.15):
            for _ in range(pick(repeats)):
                trace(self, "gateway_receive_first_data_segment", self.point(0, 1, 2655))
        if chance(0.6):
            for _ in range(pick(repeats)):
                close = self.point(0, 1, *around(SECOND, 15 * SECOND, 30 * SECOND))
                trace(self, "gateway_ingest_stream_closed", close)
        if chance(0.2):
            trace(self, "gateway_no_orchestrators_available", self.near())
        if chance(0.3):
            trace(self, pick(TRACE_SUBTYPES), self.near())
        for _ in range(pick([0, 0, 1, 2, 3, 4, 6, 8])):
            scenario.status(self, self.near())
        for _ in range(pick([0, 0, 0, 1, 1, 2])):
            scenario.event(self, self.near())
        if chance(0.2):
            scenario.ingest_metrics(self, self.near())
        if chance(0.25):
            self.tell_at_a_distance()

    def tell_at_a_distance(self) -> None:
        """Messages at the limits of lateness and of the rule for no `stream_id`."""
        scenario = self.scenario
        for _ in range(scenario.pick([1, 2, 3])):
            ms = self.point(*around(-5 * MINUTE, DAY), 12 * HOUR)
            tell = scenario.pick([scenario.status, scenario.event, scenario.ingest_metrics])
            tell(self, ms)
            if scenario.chance(0.5):
                scenario.messages[-1]["data"]["stream_id"] = ""


class Edge(Request):
    """A request of its own whose messages all meet at the limit of one rule."""

    def __init__(self, scenario: Scenario):
        super().__init__(scenario)
        self.request_id = f"{scenario.random.getrandbits(32):08x}"
        self.stream_id = f"edge-{self.request_id}"
        self.hosts = self.hosts[:1]
        self.points = [self.start]
        self.place = scenario.orchestrator_info(self.hosts[0])

    def say(self, family: str, ms: int, **data: Any) -> None:
        data.setdefault("timestamp", ms)
        message = self.scenario.add(
            family,
            ms,
            {
                "stream_id": self.stream_id,
                "request_id": self.request_id,
                "orchestrator_info": self.place,
                **data,
            },
            self.gateway,
        )
        message["timestamp"] = str(ms)

    def trace(self, subtype: str, ms: int, **data: Any) -> None:
        self.say("stream_trace", ms, type=subtype, **data)

    def status(self, ms: int, fps: float | None, **data: Any) -> None:
        inference = {"fps": fps, "last_output_time": data.pop("last_output_time", ms)}
        data = {"state": "ONLINE", "start_time": self.start, **data}
        data.setdefault("pipeline", self.models[0])
        self.say("ai_stream_status", ms, type="status", inference_status=inference, **data)

    def error(self, ms: int, message: str) -> None:
        self.say("ai_stream_events", ms, type="error", message=message)

    def tell(self) -> None:
        start = self.start
        self.trace("gateway_receive_stream_request", start)
        stories = [
            self.error_and_output,
            self.swap,
            self.swap_at_the_end,
            self.open_end,
            self.overlay,
            self.no_output,
            self.output_lost,
            self.startup_failed,
            self.unplaced,
            self.no_orchestrator,
            self.of_the_client,
            self.data_only,
            self.restarts,
            self.long,
            self.paid,
            self.two_orchestrators,
            self.reported,
            self.claimed,
        ]
        # In turns, so that a few scenarios tell them all.
        self.scenario.stories += 1
        stories[self.scenario.stories % len(stories)]()

    def close(self, ms: int) -> None:
        self.trace("gateway_ingest_stream_closed", ms)

    def error_and_output(self) -> None:
        chance, pick = self.scenario.chance, self.scenario.pick
        at = self.start + 20_000
        self.trace("gateway_receive_few_processed_segments", self.start + 5000)
        self.status(self.start + 10_000, 20)
        self.error(at, pick(["Too many swaps", "Too many swaps", "missing video"]))
        self.status(at + pick([-1, 0, 1]), pick([0, 20, 20]))
        if chance(0.5):
            self.close(at + pick([-1, 0, 1]))

    def swap(self) -> None:
        pick = self.scenario.pick
        at = self.start + 20_000
        if self.scenario.chance(0.5):
            self.trace("gateway_receive_first_processed_segment", self.start + 1000)
            self.status(self.start + 10_000, 20)
        self.trace("orchestrator_swap", at)
        after = at + pick([-1, 0, 1, 1])
        pick(
            [
                lambda: self.trace("gateway_receive_first_processed_segment", after),
                lambda: self.trace("gateway_receive_few_processed_segments", after),
                lambda: self.trace("gateway_no_orchestrators_available", after),
                lambda: self.error(after, "no orchestrators available"),
                lambda: self.status(after, pick([0, 20])),
                lambda: None,
            ]
        )()
        if self.scenario.chance(0.8):
            self.close(at + pick([-1, 0, 5000, *around(15 * SECOND)]))

    def open_end(self) -> None:
        pick = self.scenario.pick
        at = self.start + pick([1, 30_000, HOUR])
        pick(
            [
                lambda: self.status(at, 20),
                lambda: self.error(at, "Too many swaps"),
                lambda: self.say("stream_ingest_metrics", at, stats={}),
            ]
        )()
        self.scenario.open_ends.append(at)

    def overlay(self) -> None:
        pick, chance = self.scenario.pick, self.scenario.chance
        first = self.start + 10_000
        for ms in [first, first + 5000] if chance(0.5) else [first]:
            shown = ms + pick([0, 0, -5000, 5000, 5001])
            self.trace("gateway_receive_first_processed_segment", ms, timestamp=shown)
        if chance(0.5):
            self.trace("gateway_receive_few_processed_segments", first + 2000)
        for ms in (first + pick([-1, 0, 1]), first + pick([2000, 5000, 5001])):
            state = pick(["LOADING", "ONLINE"])
            output = self.start + pick([-1, -1, 0, 0, 1])
            self.status(ms, 0, state=state, last_output_time=output)
        for ms in (first + 20_000, first + 30_000):
            sent = ms + pick([0, 0, -54, 6 * MINUTE, -2 * HOUR])
            self.status(
                ms,
                pick([0, 15]),
                state=pick(["ONLINE", "DEGRADED_INFERENCE", "DEGRADED_INPUT"]),
                timestamp=pick([sent, sent, sent, sent, None, 0]),
                last_state_update_time=pick([sent - 1301, sent - 1301, sent - HOUR, None, 0]),
                last_output_time=self.start + pick([-1, 0, 1]),
            )
        if chance(0.5):
            self.close(first + pick([2000, 25_000]))

    def no_output(self) -> None:
        pick = self.scenario.pick
        last = self.start + pick(around(30 * SECOND))
        self.trace("gateway_receive_few_processed_segments", self.start + 5000)
        for ms in [self.start + 10_000, last - 1, last][pick([0, 0, 0, 1]) :]:
            self.silent(ms)
        if self.scenario.chance(0.6):
            self.close(last + pick([-1, 0, 1]))
            self.status(last + 2, pick([0, 20]))

    def silent(self, ms: int) -> None:
        """Mostly one that is silent, in one of the ways."""
        pick = self.scenario.pick
        fps, state = pick([(0, "ONLINE"), (0.0, ABSENT), (None, "LOADING"), (0, "ERROR"), (None, "ERROR"), (0, "online")])
        if self.scenario.chance(0.15):
            fps, state = pick([(None, "ONLINE"), (0, "DEGRADED_INPUT"), (0, "OFFLINE"), (9, "LOADING"), (9, "OFFLINE")])
        self.status(ms, fps, state=state)

    def output_lost(self) -> None:
        pick, chance = self.scenario.pick, self.scenario.chance
        self.trace("gateway_receive_few_processed_segments", self.start + 5000)
        output = self.start + 10_000
        self.status(output, 20, state=pick(["ONLINE", "ONLINE", "DEGRADED_INPUT"]))
        last = output + pick(around(30 * SECOND))
        for ms in [output + pick([0, 1]), last - 1, last]:
            self.silent(ms)
        if chance(0.3):
            self.silent(output + 20_000)
        if chance(0.3):
            self.error(output + pick([0, 1]), pick(["oh", "Missing next handle", "user disconnected"]))
        if chance(0.6):
            self.close(last + pick([-1, 0, 1]))
            self.status(last + 2, pick([0, 20]))

    def swap_at_the_end(self) -> None:
        pick, chance = self.scenario.pick, self.scenario.chance
        at = self.start + 40_000
        if chance(0.35):
            self.place = {"address": "", "url": ""}
        if chance(0.7):
            self.trace("gateway_receive_first_processed_segment", self.start + 1000)
            self.trace("gateway_receive_few_processed_segments", self.start + 5000)
        for _ in range(pick([1, 1, 2])):
            self.trace("orchestrator_swap", at + pick([0, 0, 1]), pipeline=pick([MODELS[0], "of-the-swap"]))
        if chance(0.3):
            evidence = at + pick(around(0))
            pick(
                [
                    lambda: self.trace("gateway_no_orchestrators_available", evidence),
                    lambda: self.error(evidence, "no orchestrators AVAILABLE"),
                    lambda: self.status(evidence, 20),
                ]
            )()
        if chance(0.9):
            self.close(at + pick([*around(0, SECOND, 15 * SECOND)]))

    def startup_failed(self) -> None:
        """Something at 15 s that says so, or that doesn't."""
        pick, chance = self.scenario.pick, self.scenario.chance
        at = self.start + pick(around(15 * SECOND))
        close = self.start + pick([SECOND, *around(15 * SECOND)])
        for ms in (self.start + 5000, at)[pick([0, 1]) :]:
            state = pick(["DEGRADED_INPUT", "OFFLINE", "DEGRADED_INPUT", "OFFLINE", "LOADING", "ONLINE", ABSENT])
            self.status(ms, pick([None, None, 0]), state=state)
        if chance(0.3):
            self.error(pick([at, close - 1, close, close + 1]), pick(["oh", "next segment has started", "oh, missing video"]))
        if chance(0.2):
            self.trace("gateway_receive_first_processed_segment", self.start + 2000)
        if chance(0.7):
            self.close(close)

    def of_the_client(self) -> None:
        """Messages that are nobody's fault, or are."""
        pick = self.scenario.pick
        self.place = {"address": "", "url": ""} if self.scenario.chance(0.5) else self.place
        if self.scenario.chance(0.5):
            self.trace("gateway_receive_few_processed_segments", self.start + 5000)
        for _ in range(pick([1, 1, 2])):
            self.error(self.start + pick([5000, 8000]), pick([message for message in MESSAGES if message]))
        if self.scenario.chance(0.6):
            self.close(self.start + pick([8000, 7999, 20_000]))

    def data_only(self) -> None:
        pick, chance = self.scenario.pick, self.scenario.chance
        if chance(0.5):
            self.place = {"address": "", "url": ""}
        for _ in range(pick([1, 1, 2])):
            first = self.start + pick([2000, 3000])
            self.trace("gateway_receive_first_data_segment", first, timestamp=first + pick([0, 0, -5000, 5 * MINUTE]))
        if chance(0.3):
            self.trace("orchestrator_swap", self.start + pick([1999, 2000, 2001, 3000]))
        if chance(0.2):
            self.trace("gateway_no_orchestrators_available", self.start + 1000)
        if chance(0.4):
            self.status(self.start + 10_000, pick([None, 0]))
        if chance(0.7):
            self.close(self.start + pick([2000, 20_000, HOUR]))

    def restarts(self) -> None:
        pick = self.scenario.pick
        at = [self.start + offset for offset in (-1, 0, 1, 20_000, 20_000)]
        for step in range(pick([2, 4])):
            ms = self.start + 10_000 * (step + 1)
            restarted = self.scenario.spelled_time(pick(at))
            said = {"fps": 20, "last_restart_time": pick([restarted, restarted, restarted, 0, None])}
            start = pick([self.start, self.start, self.start + 20_000, 0, None])
            self.say("ai_stream_status", ms, type="status", state="ONLINE", start_time=start, inference_status=said)

    def long(self) -> None:
        """Inference over hours, midnight and days."""
        pick = self.scenario.pick
        begin = self.start // HOUR * HOUR + pick([HOUR, 23 * HOUR]) + pick([0, -1, 1, -600])
        end = begin + pick([0, 1, 600, HOUR, 2 * HOUR + 1, 20 * HOUR, 50 * HOUR])
        self.trace(pick(["gateway_receive_first_processed_segment", "gateway_receive_first_data_segment"]), begin)
        for ms in range(begin + 5 * HOUR, end, 20 * HOUR):
            self.status(ms, 20)
        if self.scenario.chance(0.6):
            self.close(end)
            self.close(end + pick([0, 1]))
        else:
            self.status(end, 20, timestamp=end + pick([0, 0, -1, -MINUTE, MINUTE]))

    def claimed(self) -> None:
        """A URL and a hot wallet that one, two or no addresses of a report share."""
        pick = self.scenario.pick
        url, wallet = f"https://{self.stream_id}.example", f"0x{self.request_id}"
        self.place = {"address": pick([wallet, wallet, wallet.upper(), ""]), "url": url}
        self.status(self.start + 10_000, 20, pipeline=MODELS[0])
        self.status(self.start + 20_000, 25, pipeline=MODELS[0], orchestrator_info={"address": "0xother", "url": url})
        if self.scenario.chance(0.3):
            self.error(self.start + 21_000, "oh")
        at = self.start + 10_000 + pick(around(-DAY, 0, 30 * MINUTE))
        for report in range(pick([1, 2, 2])):
            entries = [self.scenario.capability_entry() for _ in range(pick([2, 2, 3]))]
            for entry in entries:
                entry["orch_uri"] = pick([url, url, url, f"{url}/", "https://other.example"])
                entry["local_address"] = pick([wallet, wallet, "0xother", ""])
                entry["hardware"] = [{"pipeline": self.scenario.named("p"), "model_id": MODELS[0], "gpu_info": {"0": {"id": pick(GPU_IDS[:3]), "name": pick(GPUS)}}}]
            self.scenario.add("network_capabilities", at + pick([0, 0, -1, 1, -HOUR]), entries)

    def unplaced(self) -> None:
        """A URL alone, that no report may know."""
        self.place = {"address": "", "url": "https://unreported.example"}
        for step in range(4):
            self.status(self.start + 10_000 * step, 10 + step)

    def no_orchestrator(self) -> None:
        pick = self.scenario.pick
        self.place = {"address": "", "url": ""}
        pick(
            [
                lambda: self.error(self.start + 5, "No orchestrators available within 2s"),
                lambda: self.trace("gateway_no_orchestrators_available", self.start + 5),
                lambda: self.error(self.start + 5, pick(["whip disconnected", "oh"])),
                lambda: None,
            ]
        )()
        if self.scenario.chance(0.2):
            self.trace("orchestrator_swap", self.start + 1)
        if self.scenario.chance(0.7):
            self.close(self.start + pick(around(15 * SECOND)))

    def paid(self) -> None:
        self.status(self.start + 10_000, 20)
        at = self.start + self.scenario.pick([-HOUR, 0, 10_000, *around(-5 * MINUTE, DAY)])
        self.scenario.add(
            "create_new_payment",
            at,
            {
                "requestID": self.request_id,
                "orchestrator": self.hosts[0],
                "timestamp": at + self.scenario.pick([0, -1, -MINUTE, *around(5 * MINUTE)]),
                "faceValue": "0.02 ETH",
                "winProb": "0.5",
                "numTickets": "2",
            },
            self.scenario.pick(GATEWAYS),
        )

    def two_orchestrators(self) -> None:
        """Output on one orchestrator says nothing about another."""
        pick = self.scenario.pick
        other = self.scenario.orchestrator_info(pick(HOSTS))
        for step in range(6):
            place = pick([self.place, other])
            ms = self.start + 10_000 * step
            for at in pick([[ms], [ms, ms], [ms, ms + 1]]):
                self.status(at, pick([0, 12, 24]), orchestrator_info=place)

    def reported(self) -> None:
        """Reports at the ends of the windows, found by URL or by wallet alone."""
        pick = self.scenario.pick
        url, wallet = f"https://{self.stream_id}.example", f"0x{self.request_id}"
        self.place = {"address": wallet, "url": url}
        self.status(self.start + 10_000, 20, pipeline=MODELS[0])
        for _ in range(pick([1, 2, 3])):
            at = self.start + 10_000 + pick(around(-DAY, 0, 30 * MINUTE))
            entries = []
            for _ in range(pick([1, 1, 2])):
                entry = self.scenario.capability_entry()
                entry["orch_uri"] = pick([url, url, "https://other.example"])
                entry["local_address"] = pick([wallet, wallet, WALLETS[0]])
                entries.append(entry)
            self.scenario.add("network_capabilities", at, entries)


class Rounds:
    """Rounds of the scraper at the limits of kpis.md section 6, and the reports that say whose its targets are."""

    #: Some share an address, some have none: see `report`.
    TARGETS = tuple(f"https://Scraped-{number}.example" for number in range(1, 7))
    GPU_IDS = ("GPU-s1", "GPU-s2", "GPU-s3")

    def __init__(self, seed: int):
        self.scenario = Scenario(seed)
        self.at = MIDNIGHT + 3 * DAY + seed * 2 * DAY
        #: What a target was like last: the dead stay dead for a while.
        self.dead: set[str] = set()

    def tell(self, rounds: int) -> list[bytes]:
        scenario, pick, chance = self.scenario, self.scenario.pick, self.scenario.chance
        mood = "calm"
        for _ in range(rounds):
            mood = mood if mood == "cut off" and chance(0.6) else pick(["calm"] * 4 + ["cut off", "half", "few"])
            self.round(mood)
            self.at += pick([MINUTE, MINUTE, MINUTE, 20 * MINUTE, *around(HOUR), *around(self.to_next_hour())])
            if chance(0.3):
                self.report()
        repeats = [scenario.repeat(pick(scenario.messages)) for _ in range(rounds)]
        return [scenario.encode(message, wrap=False) for message in scenario.messages + repeats]

    def to_next_hour(self) -> int:
        return HOUR - self.at % HOUR

    def round(self, mood: str) -> None:
        pick, chance = self.scenario.pick, self.scenario.chance
        targets = [(url, "orchestrator") for url in self.TARGETS[: 2 if mood == "few" else None]]
        targets += [("http://runner.example:8000", "runner"), ("http://node.example:7935/", "node")]
        said = len(targets) + (pick([-1, 1]) if chance(0.1) else 0)
        share = {"cut off": 0, "half": 0.5}.get(mood, 0.9)
        for url, kind in targets:
            if not chance(0.01):
                self.scrape(url, kind, said, chance(share))
        if chance(0.1):
            self.scrape(*pick(targets), said, chance(0.5))

    def scrape(self, url: str, kind: str, round_targets: int, reachable: bool) -> None:
        scenario, pick, chance = self.scenario, self.scenario.pick, self.scenario.chance
        attempted = reachable or not (url in self.dead and chance(0.5))
        (self.dead.discard if reachable else self.dead.add)(url)
        errors = ["connect_refused", "timeout", "refused_url", "refused_address"]
        known = chance(0.7)
        data = {
            "target": scenario.spelled_url(url) if chance(0.99) else pick(scenario.long_names),
            "kind": kind,
            "round_targets": round_targets,
            "timestamp": self.at + pick([0, 1, 30_000]),
            "attempted": attempted,
            "reachable": reachable,
            "error_class": pick([None, "http_status", "refused_address"]) if reachable else pick(errors),
            "latency_ms": {"total": pick([None, 0, 0.25, 1, 87.654, 2500]) if reachable else None},
            "capacity": {
                "total": pick([8, 8, 0]) if known else None,
                "used": pick([0, 3, 2.5, None]) if known else None,
                "available": pick([5, 0, None]),
            },
            "runners": [self.runner() for _ in range(pick([0, 1, 2]))],
            "gpus": [self.gpu() for _ in range(pick([0, 1, 2]))],
        }
        if chance(0.03):
            data["round_targets"] = pick([str(round_targets), float(round_targets), round_targets - 0.5, 0, *NO_NUMBERS])
        if chance(0.1):
            data["runners_total"] = 600
        if chance(0.01):
            # Not readable, or of a kind that says nothing of itself.
            data[pick(["target", "kind", "round_targets", "reachable"])] = pick(["", None, ABSENT])
        if chance(0.04):
            data[pick(["latency_ms", "capacity", "runners", "gpus", "error_class"])] = pick([ABSENT, None, -1, []])
        scenario.add("orchestrator_scrape", self.at, data)

    def runner(self) -> Any:
        pick = self.scenario.pick
        return {
            "pipeline": self.scenario.named(pick(["live-video-to-video", None, ABSENT])),
            "model": self.scenario.named(pick(MODELS)),
            "price": pick([0, 0.75, "1.5", -1, None, ABSENT]),
            "price_currency": pick(["USD", "wei", None]),
            "price_unit": pick(["hour", "", ABSENT]),
        }

    def gpu(self) -> Any:
        pick = self.scenario.pick
        used = pick([0, 50, 99.5, 100, 100.5, -1, None, "37", ABSENT, pick(NO_NUMBERS)])
        gpu_id, name = pick([*self.GPU_IDS, *self.GPU_IDS, "0", "1", None, ""]), pick([*GPUS, None])
        return {"id": self.scenario.named(gpu_id), "name": self.scenario.named(name), "utilization_compute": used}

    def report(self) -> None:
        pick = self.scenario.pick
        offsets = [0, -MINUTE, -HOUR, *around(-DAY, 30 * MINUTE)]
        entries = []
        for _ in range(pick([1, 2, 4])):
            entry = self.scenario.capability_entry()
            number = pick(range(len(self.TARGETS)))
            entry["orch_uri"] = self.scenario.spelled_url(self.TARGETS[number])
            entry["address"] = ADDRESSES[number // 2] if self.scenario.chance(0.9) else pick(ADDRESSES)
            own = self.GPU_IDS[number // 2]
            gpus = {"0": {"id": own}, "1": {"id": pick([*self.GPU_IDS, "0"]) if self.scenario.chance(0.2) else own}}
            entry["hardware"] = [{"model_id": MODELS[0], "gpu_info": gpus}]
            entries.append(entry)
        if self.scenario.chance(0.2):
            entries.append(self.scenario.claim(entries[0]))
        self.scenario.add("network_capabilities", self.at + pick(offsets), entries)


def generate_rounds(seed: int, rounds: int) -> list[bytes]:
    """So many rounds of the scraper, with reports and repeats; each seed has its own days."""
    return Rounds(seed).tell(rounds)


def generate(seed: int, n: int) -> list[bytes]:
    """At most `n` raw messages in the order of arrival, the same for the same seed."""
    return Scenario(seed).generate(n)


if __name__ == "__main__":
    for line in generate(int(sys.argv[1]), int(sys.argv[2])):
        sys.stdout.buffer.write(line + b"\n")
