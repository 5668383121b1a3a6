"""kpis.md sections 1 and 7: every message ends in exactly one class.

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
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from json.decoder import scanstring
from string import ascii_lowercase, ascii_uppercase
from typing import Any, Iterable

SECOND = 1_000
MINUTE = 60 * SECOND
#: Windows of late are exact to five minutes.
SLOT = 5 * MINUTE
HOUR = 60 * MINUTE
DAY = 24 * HOUR

MAX_BYTES = 1024 * 1024
MAX_NAME = 512
YEAR_2020 = 1_577_836_800_000
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

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
    "create_signed_ticket",
    "orchestrator_scrape",
)
#: Families in which only the gateway or the scraper may speak (section 1, family minimum).
OF_GATEWAY_ALONE = FAMILIES[len(REQUEST_FAMILIES) :]
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
        return (self.envelope_ms, self.id.encode())


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
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)


def whole_pairs(text: str) -> str:
    """JSON text in which half of an escaped surrogate pair is U+FFFD (section 1)."""
    return _ESCAPE.sub(lambda found: r"\ufffd" if found[1] else found[0], text)


def parse(text: str) -> Any:
    """The JSON value, or ValueError."""
    try:
        return _DECODER.decode(whole_pairs(text))
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def repeats_a_name(text: str) -> bool:
    """Whether an object of a JSON text names a member twice once escapes are read (section 1, `repeated_name`)."""
    repeats = []

    def look(members: list[tuple[str, Any]]) -> None:
        if len({name for name, _ in members}) < len(members):
            repeats.append(members)

    json.JSONDecoder(object_pairs_hook=look, parse_int=_integer).decode(whole_pairs(text))
    return bool(repeats)


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _values(text: str, at: int, end: str) -> list[str]:
    """The texts of JSON values, as they were written: up to `end`, with commas between them if there is one."""
    values = []
    at = _skip_space(text, at)
    while at < len(text) and text[at] != end:
        _, after = _DECODER.raw_decode(text, at)
        values.append(text[at:after])
        at = _skip_space(text, after)
        if end and text[at] == ",":
            at = _skip_space(text, at + 1)
    return values


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
    """The messages of a file (section 7): the elements of one array, values one after another, or lines."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = content.decode("utf-16", "replace").encode("utf-8", "replace")
    text = content.decode("utf-8", "replace")
    try:
        values = _values(text, 0, "")
        if len(values) == 1 and values[0].startswith("["):
            values = _values(values[0], 1, "]")
    except (ValueError, RecursionError):
        return content.split(b"\n")
    return [value.encode() for value in values]


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
    if read is None:
        return None
    if read < 1e11:
        read *= 1000
    if not math.isfinite(read):
        return None
    return (read if isinstance(read, int) else math.floor(read + 0.5)) or None


def get(value: Any, *path: str) -> Any:
    """Member by member; None where a step is missing or no object."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


def lower(value: str) -> str:
    """Lower case means the ASCII letters (preamble)."""
    return value.translate(_LOWER)


def url_key(value: Any) -> str:
    """Lower case without trailing slashes."""
    return lower(name(value)).rstrip("/")


def address_key(value: Any) -> str:
    return lower(name(value))


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


#: From here on the form of section 1 leaves a whole number as it was written.
LONG_NUMBER = 10**15


def identity(read: Read) -> str:
    """The id, or the hash of what came in (section 1, `duplicate`)."""
    given = read.message.get("id")
    if given is not None and not isinstance(given, str):
        is_long = json_number(given) is not None and abs(given) >= LONG_NUMBER
        given = _member_text(read.text, read.id_member) if is_long else canonical(given)
    if name(given):
        return given
    return f"sha256:{hashlib.sha256(canonical(read.whole).encode()).hexdigest()}"


# --- What people have as files (section 7) -----------------------------------


@dataclass(frozen=True)
class Read:
    """A message, out of its wrapper."""

    #: By the members of a message: of a row, what its columns stand for.
    message: Any
    #: What `text` says.
    whole: Any
    text: str
    received_ms: int
    id_member: str = "id"
    #: What it came in, if that is JSON text of its own.
    around: str = ""


_ROW_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[ T]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,6}))?"
    r"(?:Z|([+-])([01][0-9]|2[0-3])(?::?([0-5][0-9]))?)?"
)


def row_time(value: Any) -> Any:
    """`event_ts`: unix ms of ISO 8601, anything else as a `timestamp`."""
    found = _ROW_TIME.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return value
    year, month, day, *clock, fraction, sign, hours, minutes = found.groups()
    hour, minute, second = map(int, clock)
    if (hour, minute, second) > (24, 0, 0) or minute > 59 or second > 59:
        return value
    try:
        at = datetime(int(year), int(month), int(day), tzinfo=timezone.utc)
    except ValueError:
        return value
    micros = int((fraction or "").ljust(6, "0"))
    at += timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micros)
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    since = at - EPOCH - (-offset if sign == "-" else offset)
    return (since // timedelta(microseconds=1) + 500) // 1000


def _is_row(whole: Any) -> bool:
    return bool(text(get(whole, "event_type"))) and get(whole, "data") is not None


def opened(outer: Any, written: str, received_ms: int) -> Read:
    """An object without `type` is opened once."""
    as_it_is = Read(outer, outer, written, received_ms)
    if not isinstance(outer, dict) or "type" in outer:
        return as_it_is
    if _is_row(outer):
        columns = {"id": "event_id", "type": "event_type", "gateway": "gateway", "data": "data"}
        message = {member: outer.get(column) for member, column in columns.items()}
        message["timestamp"] = row_time(outer.get("event_ts"))
        return Read(message, outer, written, received_ms, "event_id")
    for member in ("payload", "value"):
        content, inner = outer.get(member), None
        if isinstance(content, str):
            inner = content
            try:
                content = parse(inner)
            except ValueError:
                continue
        if isinstance(content, dict):
            # The record's own timestamp is when it came in.
            came_in = min(received_ms, time_ms(outer.get("ts")) or received_ms)
            return Read(content, content, inner or _member_text(written, member), came_in, around=written)
    return as_it_is


# --- Classes ----------------------------------------------------------------


def read(raw: bytes, received_ms: int) -> Read:
    """Of the table of classes the first four: `too_large` to `not_an_object`."""
    written = raw.decode("utf-8", "replace")
    is_large = len(raw) > MAX_BYTES
    try:
        outer = parse(written)
    except ValueError:
        raise Refused("rejected", "too_large" if is_large else "not_json") from None
    found = opened(outer, written, received_ms)
    if is_large and (not found.around or len(found.text.encode()) > MAX_BYTES):
        raise Refused("rejected", "too_large")
    data = get(found.message, "data")
    for said in (found.around or "0", found.text, data if is_json(data) else "0"):
        if repeats_a_name(said):
            raise Refused("rejected", "repeated_name")
    if not isinstance(found.message, dict):
        raise Refused("rejected", "not_an_object")
    return found


def is_json(value: Any) -> bool:
    """Whether it is text of a JSON value."""
    try:
        parse(value if isinstance(value, str) else "")
    except ValueError:
        return False
    return True


def entries_of(data: Any) -> list[Any]:
    return data if isinstance(data, list) else [data]


def is_forwarded(family: str, data: Any) -> bool:
    """A gateway adds `orchestrator_info` to what it forwards for a runner."""
    return family in OF_GATEWAY_ALONE and any(
        get(part, "orchestrator_info") is not None for part in [data, *entries_of(data)]
    )


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
        if isinstance(data, list):
            # One whose address is empty says nothing and is left out, the others count.
            return all(isinstance(entry, dict) for entry in data)
        return bool(name(get(data, "address")))
    return True


def classify(raw: bytes, received_ms: int) -> Message:
    """The accepted message, or Refused. Checks run in the order of the table."""
    found = read(raw, received_ms)
    message = found.message

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
        or envelope_ms > found.received_ms + DAY
    ):
        raise Refused("rejected", "bad_timestamp")

    if family not in FAMILIES:
        raise Refused("ignored", "unsupported_type")
    if isinstance(data, str):
        if not is_json(data):
            raise Refused("rejected", "schema")
        data = parse(data)
    subtype = text(get(data, "type"))
    if family == "stream_trace" and subtype and subtype not in TRACE_SUBTYPES:
        raise Refused("ignored", "unsupported_subtype")
    if is_forwarded(family, data):
        raise Refused("rejected", "forwarded")
    if not _meets_minimum(family, data):
        raise Refused("rejected", "schema")

    event_ms = time_ms(get(data, "timestamp"))
    if event_ms is None or abs(event_ms - envelope_ms) > 5 * MINUTE:
        event_ms = envelope_ms
    return Message(
        id=identity(found),
        family=family,
        subtype=subtype if family in REQUEST_FAMILIES[:3] else "",
        envelope_ms=envelope_ms,
        event_ms=event_ms,
        received_ms=found.received_ms,
        gateway=name(message.get("gateway")),
        stream_id=name(get(data, "stream_id")),
        request_id=name(get(data, "request_id")),
        data=data,
        raw=found.text.encode(),
    )


def ingest(messages: Iterable[bytes], received_ms: int | list[int]) -> Ingest:
    """Classes of all messages in the order of arrival, duplicates dropped.

    `received_ms` is one time for all or one per message.
    """
    result = Ingest()
    kept: dict[tuple[str, int], Message] = {}
    for index, line in enumerate(messages):
        raw = line.rstrip(b"\r\n")
        if not raw.strip(b" \t\r"):
            continue  # a blank line
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
