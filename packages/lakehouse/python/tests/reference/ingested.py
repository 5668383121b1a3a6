"""Section 1, counted: how many messages came in, by hour, source, class and reason."""

from __future__ import annotations

from collections import Counter
from typing import Iterable

from classify import DAY, HOUR, Message, Refused, classify

Key = tuple[int, str, str, "str | None"]
"""Hour (unix ms), source, class, reason."""


def ingested(messages: Iterable[tuple[bytes, int, str]]) -> Counter[Key]:
    """Messages with when they came in (unix ms) and who brought them. Of those of one moment the first comes first."""
    judged: list[tuple[int, str, bytes, Message | Refused]] = []
    for line, at, source in messages:
        raw = line.rstrip(b"\r\n")
        if not raw.strip(b" \t\r"):
            continue
        try:
            message = classify(raw, at)
            judged.append((message.received_ms, source, raw, message))
        except Refused as refused:
            judged.append((at, source, raw, refused))

    counts: Counter[Key] = Counter()
    accepted: set[tuple[str, int]] = set()
    #: Refused bytes, with the day on which they were counted as such last.
    refused_on: dict[bytes, int] = {}
    for at, source, raw, found in sorted(judged, key=lambda one: one[0]):
        kind, reason = "duplicate", None
        if isinstance(found, Message):
            key = (found.id, found.envelope_ms // DAY)
            if key not in accepted:
                kind = "accepted"
            accepted.add(key)
        elif at // DAY - refused_on.get(raw, -2) > 1:
            kind, reason = found.kind, found.reason
            refused_on[raw] = at // DAY
        counts[at // HOUR * HOUR, source, kind, reason] += 1
    return counts
