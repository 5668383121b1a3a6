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
    SLOT,
    Message,
    get,
    json_number,
    lower,
    name,
    text,
    time_ms,
)

NO_OUTPUT_STATES = ("LOADING", "OFFLINE", "ERROR")
#: There the user sends nothing.
OF_THE_USER = ("DEGRADED_INPUT", "OFFLINE")
NO_ORCHESTRATORS = "no orchestrators available"
EXCUSED = (
    NO_ORCHESTRATORS,
    "mediamtx ingest disconnected",
    "whip disconnected",
    "missing video",
    "ice connection state failed",
    "user disconnected",
    "channel exists but sequence does not",
    "credit_exhaustion",
    "non-h264 video",
    "setremotedescription failed",
    "error gathering tracks",
)
HARMLESS = ("next segment has started", "missing next handle", "error updating params")


@dataclass(frozen=True)
class Sample:
    """One output sample, under the dimensions that FPS is grouped by."""

    fps: float
    fed: bool
    envelope_ms: int
    slot: int
    gateway: str
    region: str | None
    orchestrator: str | None
    model: str | None
    pipeline: str | None
    gpu: str | None
    gpu_id: str | None

    @property
    def hour(self) -> int:
        return self.slot // HOUR * HOUR


@dataclass(frozen=True)
class Swap:
    """One swap event of a request: when (event time), whom it left and to whom it went."""

    at: int
    left: str | None
    joined: str | None
    failed: bool


@dataclass(frozen=True)
class Inference:
    """The part of a request's inference that lies in five minutes, under the request's dimensions."""

    ms: int
    slot: int
    gateway: str
    region: str | None
    orchestrator: str | None
    model: str | None
    pipeline: str | None
    gpu: str | None
    gpu_id: str | None

    @property
    def hour(self) -> int:
        return self.slot // HOUR * HOUR


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
    restarts: int = 0
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
    inference: list[Inference] = field(default_factory=list, repr=False)

    @property
    def slot(self) -> int | None:
        return None if self.requested_at is None else self.requested_at // SLOT * SLOT


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


def _says(message: Message, *parts: str) -> bool:
    said = lower(text(message.data.get("message")))
    return any(part in said for part in parts)


def _excused(message: Message) -> bool:
    return _says(message, *EXCUSED)


def _harmless(message: Message) -> bool:
    """A message that is both is excused."""
    return _says(message, *HARMLESS) and not _excused(message)


def _state(status: Message) -> str:
    return text(status.data.get("state"))


def _silent(status: Message) -> bool:
    """Section 2, **Outcome**, 0; that it lies up to the close is asked for beside."""
    if _state(status) in ("LOADING", "ERROR"):
        return True
    return _fps(status) == 0 and _state(status) not in OF_THE_USER


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
        self.requested = self._traces("gateway_receive_stream_request")
        self.first = self._traces("gateway_receive_first_processed_segment")
        self.few = self._traces("gateway_receive_few_processed_segments")
        self.first_data = self._traces("gateway_receive_first_data_segment")
        self.closes = self._traces("gateway_ingest_stream_closed")
        self.close_at = self._place(self.closes)
        self.no_orchestrators = self._traces("gateway_no_orchestrators_available") + [
            error for error in self.errors if _says(error, NO_ORCHESTRATORS)
        ]
        #: Without those that are none because the stream was ending.
        self.swaps = [s for s in self._traces("orchestrator_swap") if self._is_swap(s)]

    def _family(self, name: str) -> list[Message]:
        return [message for message in self.messages if message.family == name]

    def _traces(self, subtype: str) -> list[Message]:
        return [
            message
            for message in self._family("stream_trace")
            if message.subtype == subtype
        ]

    def _is_swap(self, event: Message) -> bool:
        """Section 2, **Swaps**."""
        return (
            self.close_at is None
            or self.close_at - event.envelope_ms > SECOND
            or any(said.envelope_ms >= event.envelope_ms for said in self.no_orchestrators)
        )

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

    @staticmethod
    def _place(traces: list[Message]) -> int | None:
        """Its place in the order is its smallest envelope timestamp."""
        return min((trace.envelope_ms for trace in traces), default=None)

    def read(self) -> Request:
        row = self.row
        row.messages = len(self.all)
        row.late_messages = len(self.all) - len(self.messages)
        row.first_message_at = self.messages[0].envelope_ms
        row.last_message_at = self.messages[-1].envelope_ms
        row.statuses = len(self.statuses)
        row.error_events = len(self.errors)
        row.swap_events = len(self.swaps)
        row.restarts = self._restarts()

        self._read_dimensions()
        self._read_samples()
        self.started = bool(self.few or self.first_data or row.samples)
        self._read_durations()

        row.counts = bool(self.requested)
        if row.counts:
            row.requested_at = self._edge(self.requested)
            row.hour = row.requested_at // HOUR * HOUR
            row.outcome, row.reason = self._outcome()
            row.served = row.outcome in ("failed", "ok")
            # Section 4: how complete the telemetry is.
            row.complete = row.served and bool(
                self.statuses and (self.first and self.few or self.first_data)
            )
            row.startup_missing = row.served and not self.started
            row.failed_swap = row.reason == "swap_failed"
            row.swaps = [self._read_swap(swap) for swap in self.swaps]
            row.inference = self._inference_by_slot()
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

        told = [
            self._resolve(message)
            for message in self.messages
            if message.family in ("stream_trace", "ai_stream_status")
        ]
        named = [resolved for resolved in told if resolved.address]
        if named:
            own = named[0]
            row.orchestrator = own.address
            row.identity = own.identity
            row.orch_uri = own.url or None
            row.warm = self.capabilities.warm(own, row.model)
            row.gpu, row.gpu_id, row.pipeline = self.capabilities.gpu_and_pipeline(own, row.model)
        elif any(resolved.identity == "contested" for resolved in told):
            row.identity = "contested"
        canonical = {
            resolved.address for resolved in named if resolved.identity == "canonical"
        }
        row.swapped = bool(self.swaps) or len(canonical) >= 2

    def _restarts(self) -> int:
        """The different `last_restart_time` at or after the `start_time` of their own status (**Leaks**)."""
        times = set()
        for status in self.statuses:
            restart = time_ms(get(status.data, "inference_status", "last_restart_time"))
            start = time_ms(status.data.get("start_time"))
            if restart is not None and start is not None and restart >= start:
                times.add(restart)
        return len(times)

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
            if _state(status) in NO_OUTPUT_STATES:
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
                    fed=_state(status) != "DEGRADED_INPUT",
                    envelope_ms=status.envelope_ms,
                    slot=status.event_ms // SLOT * SLOT,
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
        # Jitter: on its own orchestrator, and without those that the user's network limits (section 3).
        own = [s.fps for s in row.samples if s.fed and s.orchestrator == row.orchestrator]
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

        row.inference_ms = _minus(self._inference_to(), self._inference_from())

    # Section 3, demand: from the first processed (else first data) segment to the close, or else the last status.

    def _inference_from(self) -> int | None:
        return self._edge(self.first or self.first_data)

    def _inference_to(self) -> int | None:
        return self._edge(self.closes or self.statuses[-1:])

    def _inference_by_slot(self) -> list[Inference]:
        """Each five minutes that it touches get the part that lies in them."""
        if self.row.inference_ms is None:
            return []
        begin, end, row = self._inference_from(), self._inference_to(), self.row
        return [
            Inference(
                min(end, slot + SLOT) - max(begin, slot), slot, row.gateway, row.region, row.orchestrator, row.model,
                row.pipeline, row.gpu, row.gpu_id,
            )
            for slot in range(begin // SLOT * SLOT, end, SLOT)
            if end > begin
        ]

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
        if _state(status) == "LOADING":
            return True
        output, start = self._output_and_start(status)
        return output is not None and start is not None and output < start

    def _overlay_end(self, statuses: list[Message]) -> int | None:
        """When the first status that shows inference says that its state began."""
        for status in statuses:
            output, start = self._output_and_start(status)
            if (
                _state(status) in ("ONLINE", "DEGRADED_INFERENCE")
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
        if not self.started and not self.first and not self.swaps and self.no_orchestrators:
            return "unserved", None
        if self._swap_failed():
            return "failed", "swap_failed"
        if self._no_output():
            return "failed", "no_output"
        if self._output_lost():
            return "failed", "output_lost"
        excused = any(_excused(error) for error in self.errors)
        if not self.started and not excused and self._something_says_so():
            return "failed", "startup_failed"
        if self._ended_in_error():
            return "failed", "error"
        if not self.started and (excused or self.close_at is not None):
            return "abandoned", None
        if not self.started:
            return "unknown", None
        return "ok", None

    def _output(self) -> list[Sample]:
        """Output samples with fps above 0."""
        return [sample for sample in self.row.samples if sample.fps > 0]

    def _up_to_close(self, messages: list[Message]) -> list[Message]:
        return [message for message in messages if not self._after_close(message)]

    def _swap_failed(self) -> bool:
        if not self.swaps:
            return False
        swap_at = self.swaps[-1].envelope_ms
        if any(said.envelope_ms > swap_at for said in [*self.first, *self.first_data, *self._output()]):
            return False
        return (
            any(said.envelope_ms >= swap_at for said in self.no_orchestrators)
            or self.close_at is None
            or self.close_at - swap_at > 15 * SECOND
        )

    def _no_output(self) -> bool:
        statuses = self._up_to_close(self.statuses)
        silent = [status for status in statuses if _silent(status)]
        if len(silent) < 3 or any((_fps(status) or 0) > 0 for status in statuses):
            return False
        return silent[-1].envelope_ms - self._requested_envelope() >= 30 * SECOND

    def _output_lost(self) -> bool:
        last = max((sample.envelope_ms for sample in self._output()), default=None)
        if last is None:
            return False
        silent = [s for s in self._up_to_close(self.statuses) if _silent(s) and s.envelope_ms > last]
        return len(silent) >= 3 and silent[-1].envelope_ms - last >= 30 * SECOND

    def _something_says_so(self) -> bool:
        """Of `startup_failed`."""
        late = self._requested_envelope() + 15 * SECOND
        statuses = self._up_to_close(self.statuses)
        only_user = bool(statuses) and all(_state(status) in OF_THE_USER for status in statuses)
        return (
            any(not _harmless(error) for error in self._up_to_close(self.errors))
            or any(s.envelope_ms >= late and _state(s) not in OF_THE_USER for s in self.statuses)
            or self.close_at is not None
            and self.close_at >= late
            and not only_user
        )

    def _ended_in_error(self) -> bool:
        return any(
            not _excused(error)
            and not _harmless(error)
            and not any(sample.envelope_ms > error.envelope_ms for sample in self._output())
            for error in self._up_to_close(self.errors)
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
