"""kpis.md section 2: messages become requests, and what is known of each one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Callable, Iterable

from capabilities import Capabilities, Resolved
from classify import (
    DAY,
    HOUR,
    MINUTE,
    REQUEST_FAMILIES,
    SECOND,
    Message,
    get,
    json_number,
    name,
    text,
    time_ms,
)

NO_OUTPUT_STATES = ("LOADING", "OFFLINE", "ERROR")
NO_ORCHESTRATORS = "no orchestrators available"
EXCUSED = (
    NO_ORCHESTRATORS,
    "mediamtx ingest disconnected",
    "whip disconnected",
    "missing video",
    "ice connection state failed",
    "user disconnected",
    "channel exists but sequence does not",
)


@dataclass(frozen=True)
class Sample:
    """One output sample, under the dimensions that FPS is grouped by."""

    fps: float
    fed: bool
    envelope_ms: int
    hour: int
    gateway: str
    region: str | None
    orchestrator: str | None
    model: str | None
    pipeline: str | None
    gpu: str | None
    gpu_id: str | None


@dataclass(frozen=True)
class Swap:
    """One swap event of a request: when (event time), whom it left and to whom it went."""

    at: int
    left: str | None
    joined: str | None
    failed: bool


@dataclass
class Request:
    """One row of fct_requests. Times unix ms, durations ms."""

    stream_id: str
    request_id: str
    requested_at: int | None = None
    hour: int | None = None
    gateway: str = ""
    region: str | None = None
    orchestrator: str | None = None
    identity: str | None = None
    orch_uri: str | None = None
    model: str | None = None
    pipeline: str | None = None
    gpu: str | None = None
    gpu_id: str | None = None
    warm: bool | None = None
    ptff_ms: int | None = None
    e2e_ms: int | None = None
    startup_ms: int | None = None
    overlay: bool = False
    fps_mean: float | None = None
    fps_samples: int = 0
    jitter: float | None = None
    outcome: str | None = None
    reason: str | None = None
    error_events: int = 0
    swapped: bool = False
    swap_events: int = 0
    counts: bool = False
    served: bool = False
    complete: bool = False
    startup_missing: bool = False
    failed_swap: bool = False
    inference_ms: int | None = None
    statuses: int = 0
    messages: int = 0
    late_messages: int = 0
    first_message_at: int = 0
    last_message_at: int = 0
    samples: list[Sample] = field(default_factory=list, repr=False)
    swaps: list[Swap] = field(default_factory=list, repr=False)


# --- From messages to requests ----------------------------------------------

RequestKey = tuple[str, str]


class Attribution:
    """The rule for an empty `stream_id`, which payments follow too."""

    def __init__(self, messages: Iterable[Message]):
        self.first_at: dict[RequestKey, int] = {}
        self._streams: dict[str, set[str]] = defaultdict(set)
        for message in messages:
            if message.family in REQUEST_FAMILIES and message.stream_id:
                key = (message.stream_id, message.request_id)
                first = self.first_at.get(key, message.envelope_ms)
                self.first_at[key] = min(first, message.envelope_ms)
                self._streams[message.request_id].add(message.stream_id)

    def of(self, request_id: str, time: int) -> RequestKey | None:
        """The one request of that id that began between 24 h before and 5 min after."""
        near = [
            (stream_id, request_id)
            for stream_id in self._streams.get(request_id, ())
            if time - DAY <= self.first_at[stream_id, request_id] <= time + 5 * MINUTE
        ]
        return near[0] if len(near) == 1 else None


def group(
    messages: Iterable[Message], attribution: Attribution
) -> tuple[dict[RequestKey, list[Message]], int]:
    """Messages of each request in order, and how many belong to none."""
    groups: dict[RequestKey, list[Message]] = defaultdict(list)
    unattributed = 0
    for message in messages:
        if message.family not in REQUEST_FAMILIES:
            continue
        key: RequestKey | None = (message.stream_id, message.request_id)
        if not message.stream_id:
            key = attribution.of(message.request_id, message.envelope_ms)
        if key is None:
            unattributed += 1
        else:
            groups[key].append(message)
    for items in groups.values():
        items.sort(key=lambda message: message.order)
    return groups, unattributed


def used_messages(ordered: list[Message]) -> list[Message]:
    """All before the first that comes over 24 h after the one before it."""
    for index in range(1, len(ordered)):
        if ordered[index].envelope_ms - ordered[index - 1].envelope_ms > DAY:
            return ordered[:index]
    return ordered


# --- One request ------------------------------------------------------------


def _excused(message: Message) -> bool:
    said = text(message.data.get("message")).lower()
    return any(part in said for part in EXCUSED)


def _fps(status: Message) -> float | None:
    return json_number(get(status.data, "inference_status", "fps"))


def _non_negative(value: int | None) -> int | None:
    return None if value is None or value < 0 else value


def _minus(later: int | None, earlier: int | None) -> int | None:
    """A missing edge or a negative difference gives null."""
    if later is None or earlier is None:
        return None
    return _non_negative(later - earlier)


class RequestReader:
    """The messages of one request, late ones left out, with names for its parts."""

    def __init__(
        self,
        key: RequestKey,
        ordered: list[Message],
        capabilities: Capabilities,
        region_of: Callable[[str], str | None],
        watermark: int,
    ):
        self.all = ordered
        self.messages = used_messages(ordered)
        self.capabilities = capabilities
        self.watermark = watermark
        self.row = Request(stream_id=key[0], request_id=key[1])
        self.region_of = region_of

        self.statuses = self._family("ai_stream_status")
        self.errors = [
            message
            for message in self._family("ai_stream_events")
            if message.subtype == "error"
        ]
        self.swaps = self._traces("orchestrator_swap")
        self.requested = self._traces("gateway_receive_stream_request")
        self.first = self._traces("gateway_receive_first_processed_segment")
        self.few = self._traces("gateway_receive_few_processed_segments")
        closes = self._traces("gateway_ingest_stream_closed")
        self.closes = closes
        self.close_at = closes[0].envelope_ms if closes else None

    def _family(self, name: str) -> list[Message]:
        return [message for message in self.messages if message.family == name]

    def _traces(self, subtype: str) -> list[Message]:
        return [
            message
            for message in self._family("stream_trace")
            if message.subtype == subtype
        ]

    def _after_close(self, message: Message) -> bool:
        return self.close_at is not None and message.envelope_ms > self.close_at

    def _resolve(self, message: Message) -> Resolved:
        info = message.data.get("orchestrator_info")
        return self.capabilities.resolve(
            get(info, "address"), get(info, "url"), message.envelope_ms
        )

    @staticmethod
    def _edge(traces: list[Message]) -> int | None:
        """Of an edge that repeats the smallest event time counts."""
        return min((trace.event_ms for trace in traces), default=None)

    def read(self) -> Request:
        row = self.row
        row.messages = len(self.all)
        row.late_messages = len(self.all) - len(self.messages)
        row.first_message_at = self.messages[0].envelope_ms
        row.last_message_at = self.messages[-1].envelope_ms
        row.statuses = len(self.statuses)
        row.error_events = len(self.errors)
        row.swap_events = len(self.swaps)

        self._read_dimensions()
        self._read_samples()
        self._read_durations()

        row.counts = bool(self.requested)
        if row.counts:
            row.requested_at = self._edge(self.requested)
            row.hour = row.requested_at // HOUR * HOUR
            row.outcome, row.reason = self._outcome()
            row.served = row.outcome in ("failed", "ok")
            row.complete = row.served and bool(
                self.statuses and self.first and self.few
            )
            row.startup_missing = row.served and not self.few and not row.samples
            row.failed_swap = row.reason == "swap_failed"
            row.swaps = [self._read_swap(swap) for swap in self.swaps]
        return row

    def _read_dimensions(self) -> None:
        row = self.row
        row.gateway = next((m.gateway for m in self.messages if m.gateway), "")
        row.region = self.region_of(row.gateway)
        models = [
            name(message.data.get("pipeline"))
            for message in self.messages
            if message.family in ("ai_stream_status", "ai_stream_events")
            or message.subtype == "orchestrator_swap"
            and message.family == "stream_trace"
        ]
        row.model = next((model for model in models if model), None)

        named = [
            self._resolve(message)
            for message in self.messages
            if message.family in ("stream_trace", "ai_stream_status")
        ]
        named = [resolved for resolved in named if resolved.address]
        if named:
            own = named[0]
            row.orchestrator = own.address
            row.identity = own.identity
            row.orch_uri = own.url or None
            row.warm = self.capabilities.warm(own, row.model)
            row.gpu, row.gpu_id, row.pipeline = self.capabilities.gpu_and_pipeline(own, row.model)
        canonical = {
            resolved.address for resolved in named if resolved.identity == "canonical"
        }
        row.swapped = bool(self.swaps) or len(canonical) >= 2

    def _read_swap(self, swap: Message) -> Swap:
        later = (
            self._resolve(message).address
            for message in self.messages
            if message.family in ("stream_trace", "ai_stream_status")
            and message.envelope_ms > swap.envelope_ms
        )
        return Swap(
            at=swap.event_ms,
            left=self._resolve(swap).address,
            joined=next((address for address in later if address), None),
            failed=self.row.failed_swap and swap is self.swaps[-1],
        )

    def _read_samples(self) -> None:
        row = self.row
        eligible = []
        began: dict[str | None, int] = {}
        for status in self.statuses:
            fps = _fps(status)
            if fps is None or self._after_close(status):
                continue
            if text(status.data.get("state")) in NO_OUTPUT_STATES:
                continue
            resolved = self._resolve(status)
            eligible.append((status, fps, resolved))
            if fps > 0:
                began.setdefault(resolved.address, status.envelope_ms)
        for status, fps, resolved in eligible:
            orchestrator = resolved.address
            if fps == 0 and not (
                orchestrator in began and began[orchestrator] < status.envelope_ms
            ):
                continue  # no window yet
            gpu, gpu_id, pipeline = self.capabilities.gpu_and_pipeline(resolved, row.model)
            row.samples.append(
                Sample(
                    fps=float(fps),
                    fed=text(status.data.get("state")) != "DEGRADED_INPUT",
                    envelope_ms=status.envelope_ms,
                    hour=status.event_ms // HOUR * HOUR,
                    gateway=row.gateway,
                    region=row.region,
                    orchestrator=orchestrator,
                    model=row.model,
                    pipeline=pipeline,
                    gpu=gpu,
                    gpu_id=gpu_id,
                )
            )
        row.fps_samples = len(row.samples)
        if row.samples:
            row.fps_mean = sum(s.fps for s in row.samples) / len(row.samples)
        own = [s.fps for s in row.samples if s.orchestrator == row.orchestrator]
        if row.orchestrator is not None and len(own) >= 3:
            mean = sum(own) / len(own)
            if mean > 0:
                variance = sum((fps - mean) ** 2 for fps in own) / len(own)
                row.jitter = variance**0.5 / mean

    def _read_durations(self) -> None:
        row = self.row
        requested_at = self._edge(self.requested)
        first_at = self._edge(self.first)
        row.ptff_ms = _minus(first_at, requested_at)

        if row.orch_uri is not None:
            sent = self._traces("gateway_send_first_ingest_segment")
            row.e2e_ms = _minus(
                self._edge(self._on_own_url(self.first)),
                self._edge(self._on_own_url(sent)),
            )

        from_first = self._statuses_from_first_segment()
        row.overlay = bool(from_first) and self._is_overlay(from_first[0])
        if row.overlay:
            row.startup_ms = _minus(self._overlay_end(from_first), requested_at)
        else:
            row.startup_ms = _minus(self._edge(self.few), requested_at)

        if self.closes:
            row.inference_ms = _minus(self._edge(self.closes), first_at)
        elif self.statuses:
            row.inference_ms = _minus(self.statuses[-1].event_ms, first_at)

    def _on_own_url(self, traces: list[Message]) -> list[Message]:
        return [t for t in traces if self._resolve(t).url == self.row.orch_uri]

    def _statuses_from_first_segment(self) -> list[Message]:
        """At or after: by envelope, of the first such trace by envelope."""
        if not self.first:
            return []
        start = self.first[0].envelope_ms
        return [status for status in self.statuses if status.envelope_ms >= start]

    @staticmethod
    def _output_and_start(status: Message) -> tuple[int | None, int | None]:
        return (
            time_ms(get(status.data, "inference_status", "last_output_time")),
            time_ms(status.data.get("start_time")),
        )

    def _is_overlay(self, status: Message) -> bool:
        if text(status.data.get("state")) == "LOADING":
            return True
        output, start = self._output_and_start(status)
        return output is not None and start is not None and output < start

    def _overlay_end(self, statuses: list[Message]) -> int | None:
        """When the first status that shows inference says that its state began."""
        for status in statuses:
            output, start = self._output_and_start(status)
            if (
                text(status.data.get("state")) in ("ONLINE", "DEGRADED_INFERENCE")
                and output is not None
                and start is not None
                and output >= start
            ):
                sent = time_ms(status.data.get("timestamp"))
                since = time_ms(status.data.get("last_state_update_time"))
                if sent is None or since is None:
                    return None
                return status.envelope_ms - (sent - since)
        return None

    # Outcomes: the first that holds.

    def _outcome(self) -> tuple[str, str | None]:
        row = self.row
        if (
            self.close_at is None
            and self.watermark - self.messages[-1].envelope_ms < MINUTE
        ):
            return "running", None
        no_orchestrator_at = [
            message.envelope_ms
            for message in self._traces("gateway_no_orchestrators_available")
        ] + [
            error.envelope_ms
            for error in self.errors
            if NO_ORCHESTRATORS in text(error.data.get("message")).lower()
        ]
        if (
            not self.first
            and not self.few
            and not row.samples
            and not self.swaps
            and no_orchestrator_at
        ):
            return "unserved", None
        if self._swap_failed(no_orchestrator_at):
            return "failed", "swap_failed"
        if self._no_output():
            return "failed", "no_output"
        started = bool(self.few or row.samples)
        excused = any(_excused(error) for error in self.errors)
        if not started and not excused and self._something_says_so():
            return "failed", "startup_failed"
        if self._ended_in_error():
            return "failed", "error"
        if not started and (excused or self.close_at is not None):
            return "abandoned", None
        if not started:
            return "unknown", None
        return "ok", None

    def _swap_failed(self, no_orchestrator_at: list[int]) -> bool:
        if not self.swaps:
            return False
        swap_at = self.swaps[-1].envelope_ms
        if any(trace.envelope_ms > swap_at for trace in self.first):
            return False
        if any(s.fps > 0 and s.envelope_ms > swap_at for s in self.row.samples):
            return False
        return (
            any(at > swap_at for at in no_orchestrator_at)
            or self.close_at is None
            or self.close_at - swap_at > 15 * SECOND
        )

    def _no_output(self) -> bool:
        statuses = [s for s in self.statuses if not self._after_close(s)]
        if len(statuses) < 3 or any((_fps(s) or 0) > 0 for s in statuses):
            return False
        return statuses[-1].envelope_ms - self._requested_envelope() >= 30 * SECOND

    def _something_says_so(self) -> bool:
        return bool(
            self.errors
            or self.statuses
            or self.close_at is not None
            and self.close_at - self._requested_envelope() >= 15 * SECOND
        )

    def _ended_in_error(self) -> bool:
        return any(
            not self._after_close(error)
            and not _excused(error)
            and not any(
                s.fps > 0 and s.envelope_ms > error.envelope_ms
                for s in self.row.samples
            )
            for error in self.errors
        )

    def _requested_envelope(self) -> int:
        return self.requested[0].envelope_ms


def read_requests(
    messages: list[Message],
    capabilities: Capabilities,
    region_of: Callable[[str], str | None],
    watermark: int,
) -> tuple[list[Request], Attribution, int]:
    """Every request, also those that don't count, and the unattributed messages."""
    attribution = Attribution(messages)
    groups, unattributed = group(messages, attribution)
    rows = [
        RequestReader(key, items, capabilities, region_of, watermark).read()
        for key, items in groups.items()
    ]
    rows.sort(key=lambda r: (r.requested_at or 0, r.stream_id, r.request_id))
    return rows, attribution, unattributed
