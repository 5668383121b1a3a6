"""kpis.md section 1: every message ends in exactly one class.

Plain and slow on purpose: this is the oracle that the SQL is tested against.
Known limit: JSON nested deeper than Python's recursion limit is taken as `not_json`.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from json.decoder import scanstring
from typing import Any, Iterable

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

MAX_BYTES = 1024 * 1024
MAX_NAME = 512
YEAR_2020 = 1_577_836_800_000

REQUEST_FAMILIES = (
    "stream_trace",
    "ai_stream_status",
    "ai_stream_events",
    "stream_ingest_metrics",
)
FAMILIES = REQUEST_FAMILIES + (
    "network_capabilities",
    "discovery_results",
    "create_new_payment",
    "orchestrator_scrape",
)
TRACE_SUBTYPES = (
    "gateway_receive_stream_request",
    "gateway_send_first_ingest_segment",
    "gateway_receive_first_processed_segment",
    "gateway_receive_few_processed_segments",
    "gateway_receive_first_data_segment",
    "gateway_ingest_stream_closed",
    "gateway_no_orchestrators_available",
    "orchestrator_swap",
    "runner_receive_stream_request",
    "runner_receive_first_ingest_segment",
    "runner_send_first_processed_segment",
)


@dataclass(frozen=True)
class Message:
    """An accepted message. Times are unix ms; absent texts are ''."""

    id: str
    family: str
    subtype: str
    envelope_ms: int
    event_ms: int
    received_ms: int
    gateway: str
    stream_id: str
    request_id: str
    data: Any = field(repr=False, hash=False)
    raw: bytes = field(repr=False)

    @property
    def order(self) -> tuple[int, bytes]:
        """*First*, *last*, *newest*: by envelope timestamp, then id."""
        return (self.envelope_ms, self.id.encode("utf-8", "surrogatepass"))


@dataclass
class Ingest:
    """Class counts of all that came in, and the messages that silver keeps."""

    read: int = 0
    accepted: int = 0
    ignored: int = 0
    rejected: int = 0
    duplicate: int = 0
    reasons: Counter = field(default_factory=Counter)
    kept: list[Message] = field(default_factory=list)

    def counts(self) -> dict[str, Any]:
        return {
            "read": self.read,
            "accepted": self.accepted,
            "ignored": self.ignored,
            "rejected": self.rejected,
            "duplicate": self.duplicate,
            "reasons": dict(sorted(self.reasons.items())),
        }


class Refused(Exception):
    """A message that is ignored or rejected, with its reason."""

    def __init__(self, kind: str, reason: str):
        super().__init__(reason)
        self.kind = kind
        self.reason = reason


# --- JSON -------------------------------------------------------------------


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _integer(digits: str) -> int | float:
    # Python reads integers to any size; beyond a double they are infinite.
    return int(digits) if len(digits) <= 300 else float(digits)


_DECODER = json.JSONDecoder(parse_constant=_no_constant, parse_int=_integer)


def parse(text: str) -> Any:
    """The JSON value, or ValueError."""
    try:
        return _DECODER.decode(text)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _array_elements(text: str) -> list[str]:
    """The texts of the elements of a JSON array, as they were written."""
    elements = []
    at = _skip_space(text, _skip_space(text, 0) + 1)
    while text[at] != "]":
        _, end = _DECODER.raw_decode(text, at)
        elements.append(text[at:end])
        at = _skip_space(text, end)
        if text[at] == ",":
            at = _skip_space(text, at + 1)
    return elements


def _member_text(text: str, name: str) -> str:
    """The text of the last member `name` of a JSON object that has it."""
    found = ""
    at = _skip_space(text, _skip_space(text, 0) + 1)
    while text[at] != "}":
        key, at = scanstring(text, at + 1)
        at = _skip_space(text, _skip_space(text, at) + 1)
        _, end = _DECODER.raw_decode(text, at)
        if key == name:
            found = text[at:end]
        at = _skip_space(text, end)
        if text[at] == ",":
            at = _skip_space(text, at + 1)
    return found


def split_file(content: bytes) -> list[bytes]:
    """The messages of a file: the elements of one JSON array, or lines."""
    if content.lstrip(b" \t\r\n").startswith(b"["):
        try:
            text = content.decode("utf-8")
            if isinstance(parse(text), list):
                return [part.encode("utf-8") for part in _array_elements(text)]
        except ValueError:
            pass  # not one array: read as lines
    return content.split(b"\n")


# --- Values -----------------------------------------------------------------

_JSON_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def text(value: Any) -> str:
    """A text; anything else counts as empty."""
    return value if isinstance(value, str) else ""


def name(value: Any) -> str:
    """A text that names something; one of over 512 code points counts as empty."""
    read = text(value)
    return read if len(read) <= MAX_NAME else ""


def json_number(value: Any) -> int | float | None:
    """A finite JSON number, not text."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if math.isfinite(value) else None


def number(value: Any) -> int | float | None:
    """A number, also written as text."""
    if isinstance(value, str):
        if not _JSON_NUMBER.fullmatch(value):
            return None
        value = parse(value)
    return json_number(value)


def time_ms(value: Any) -> int | None:
    """Unix ms; under 10^11 it is in seconds. 0 is null."""
    read = number(value)
    if read is None or read == 0:
        return None
    if read < 1e11:
        read *= 1000
    return read if isinstance(read, int) else math.floor(read + 0.5)


def get(value: Any, *path: str) -> Any:
    """Member by member; None where a step is missing or no object."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def url_key(value: Any) -> str:
    """Lower case without trailing slashes."""
    return name(value).lower().rstrip("/")


def address_key(value: Any) -> str:
    return name(value).lower()


# --- Identity ---------------------------------------------------------------


def _number_text(value: int | float) -> str:
    """Number::toString of ECMAScript, so that 1.0 and 1 are one value."""
    if not math.isfinite(float(value)):
        return "null"
    sign, digits, exponent = Decimal(repr(float(value))).normalize().as_tuple()
    text_digits = "".join(map(str, digits))
    point = exponent + len(digits)
    minus = "-" if sign and value != 0 else ""
    if len(digits) <= point <= 21:
        return minus + text_digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{minus}{text_digits[:point]}.{text_digits[point:]}"
    if -6 < point <= 0:
        return f"{minus}0.{'0' * -point}{text_digits}" if value else "0"
    fraction = f".{text_digits[1:]}" if len(digits) > 1 else ""
    return f"{minus}{text_digits[0]}{fraction}e{point - 1:+d}"


class _Written(str):
    """Finished JSON text."""


def canonical(root: Any) -> str:
    """Compact JSON with sorted keys. No recursion: messages may nest deeply."""
    parts: list[str] = []
    todo = [root]
    while todo:
        value = todo.pop()
        if isinstance(value, _Written):
            parts.append(value)
        elif isinstance(value, dict):
            pieces: list[Any] = []
            for key in sorted(value):
                name = json.dumps(key, ensure_ascii=False)
                pieces += [_Written(f",{name}:" if pieces else f"{name}:"), value[key]]
            todo += [_Written("}"), *reversed(pieces), _Written("{")]
        elif isinstance(value, list):
            pieces = []
            for item in value:
                pieces += [_Written(","), item] if pieces else [item]
            todo += [_Written("]"), *reversed(pieces), _Written("[")]
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            parts.append(_number_text(value))
        else:
            parts.append(json.dumps(value, ensure_ascii=False))
    return "".join(parts)


def identity(message: dict[str, Any]) -> str:
    given = message.get("id")
    if given is not None:
        named = name(given if isinstance(given, str) else canonical(given))
        if named:
            return named
    whole = canonical(message).encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).hexdigest()


# --- Classes ----------------------------------------------------------------


def _parse_object(raw: bytes) -> dict[str, Any]:
    try:
        message = parse(raw.decode("utf-8"))
    except ValueError:
        raise Refused("rejected", "not_json") from None
    if not isinstance(message, dict):
        raise Refused("rejected", "not_an_object")
    return message


def _unwrap(message: dict[str, Any], raw: bytes) -> tuple[dict[str, Any], bytes]:
    """A Kafka UI export holds the message under `value`, as object or text."""
    value = message.get("value")
    if "type" in message or not isinstance(value, (dict, str)):
        return message, raw
    if isinstance(value, dict):
        inner = _member_text(raw.decode("utf-8"), "value")
        return value, inner.encode("utf-8")
    inner = value.encode("utf-8", "surrogatepass")
    return _parse_object(inner), inner


def _meets_minimum(family: str, data: Any) -> bool:
    if family in REQUEST_FAMILIES:
        if not isinstance(data, dict) or not name(data.get("request_id")):
            return False
        if family != "stream_ingest_metrics" and not text(data.get("type")):
            return False
        if family == "ai_stream_status":
            fps = get(data, "inference_status", "fps")
            if fps is not None:
                value = json_number(fps)
                return value is not None and 0 <= value <= 1000
        return True
    if family in ("network_capabilities", "discovery_results"):
        entries = data if isinstance(data, list) else [data]
        return all(name(get(entry, "address")) for entry in entries)
    return True


def classify(raw: bytes, received_ms: int) -> Message:
    """The accepted message, or Refused. Checks run in the order of the table."""
    if len(raw) > MAX_BYTES:
        raise Refused("rejected", "too_large")
    message, raw = _unwrap(_parse_object(raw), raw)

    family = text(message.get("type"))
    if not family:
        raise Refused("rejected", "missing_type")
    data = message.get("data")
    if data is None:
        raise Refused("rejected", "missing_data")
    envelope_ms = time_ms(message.get("timestamp"))
    if (
        envelope_ms is None
        or envelope_ms < YEAR_2020
        or envelope_ms > received_ms + DAY
    ):
        raise Refused("rejected", "bad_timestamp")

    if family not in FAMILIES:
        raise Refused("ignored", "unsupported_type")
    if isinstance(data, str):
        try:
            data = parse(data)
        except ValueError:
            raise Refused("rejected", "schema") from None
    subtype = text(get(data, "type"))
    if family == "stream_trace" and subtype and subtype not in TRACE_SUBTYPES:
        raise Refused("ignored", "unsupported_subtype")
    if not _meets_minimum(family, data):
        raise Refused("rejected", "schema")

    event_ms = time_ms(get(data, "timestamp"))
    if event_ms is None or abs(event_ms - envelope_ms) > 5 * MINUTE:
        event_ms = envelope_ms
    return Message(
        id=identity(message),
        family=family,
        subtype=subtype,
        envelope_ms=envelope_ms,
        event_ms=event_ms,
        received_ms=received_ms,
        gateway=name(message.get("gateway")),
        stream_id=name(get(data, "stream_id")),
        request_id=name(get(data, "request_id")),
        data=data,
        raw=raw,
    )


def ingest(messages: Iterable[bytes], received_ms: int | list[int]) -> Ingest:
    """Classes of all messages in the order of arrival, duplicates dropped.

    `received_ms` is one time for all or one per message.
    """
    result = Ingest()
    kept: dict[tuple[str, int], Message] = {}
    for index, line in enumerate(messages):
        raw = line.rstrip(b"\r\n")
        if not raw.strip(b" \t\r\n"):
            continue
        result.read += 1
        received = received_ms[index] if isinstance(received_ms, list) else received_ms
        try:
            message = classify(raw, received)
        except Refused as refused:
            setattr(result, refused.kind, getattr(result, refused.kind) + 1)
            result.reasons[refused.reason] += 1
            continue
        key = (message.id, message.envelope_ms // DAY)
        other = kept.get(key)
        if other is None:
            result.accepted += 1
            kept[key] = message
        else:
            result.duplicate += 1
            kept[key] = min(other, message, key=lambda m: (m.envelope_ms, m.raw))
    result.kept = sorted(kept.values(), key=lambda message: message.order)
    return result
