"""Writes event log segments in the schema of docs/architecture.md.

As a program: reads one JSON array of rows per line, each an append, and writes them as the segment of a new log.
"""

import base64
import json
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa

TIME = pa.timestamp("ms", "UTC")
SCHEMA = pa.schema(
    [
        ("offset", pa.int64()),
        ("class", pa.utf8()),
        ("reason", pa.utf8()),
        ("event_id", pa.utf8()),
        ("type", pa.utf8()),
        ("subtype", pa.utf8()),
        ("gateway", pa.utf8()),
        ("stream_id", pa.utf8()),
        ("request_id", pa.utf8()),
        ("event_time", TIME),
        ("envelope_time", TIME),
        ("data", pa.utf8()),
        ("envelope", pa.utf8()),
        ("data_at", pa.int32()),
        ("raw", pa.binary()),
        ("raw_length", pa.int64()),
        ("raw_sha256", pa.utf8()),
        ("received_at", TIME),
        ("source", pa.utf8()),
        ("counts", pa.utf8()),
        ("gate_version", pa.int32()),
        ("source_topic", pa.utf8()),
        ("source_partition", pa.int32()),
        ("source_offset", pa.int64()),
        ("source_next_offset", pa.int64()),
    ]
)
GATE_VERSION = 2


def without(*names: str) -> pa.Schema:
    return pa.schema([field for field in SCHEMA if field.name not in names])


# Before messages came from Kafka, before the version of the gate was kept, and before messages were cut.
SOURCE = ("source_topic", "source_partition", "source_offset", "source_next_offset")
SOURCELESS_SCHEMA = without(*SOURCE)
UNVERSIONED_SCHEMA = without(*SOURCE, "gate_version")
OLD_SCHEMA = without(*SOURCE, "gate_version", "raw_length", "raw_sha256")
DAY_MS = 86_400_000
T0 = 1_768_000_000_000 // DAY_MS * DAY_MS  # 2026-01-09T00:00Z


def event(number: int, *, at: int = T0, request_id: str | None = "aaaaaaaa", **columns: Any) -> dict[str, Any]:
    """An accepted message; its number makes it unlike the others."""
    envelope = f'{{"id":"e{number}","type":"stream_trace","timestamp":"{at}","data":}}'
    return {
        "class": "accepted",
        "event_id": f"e{number}",
        "type": "stream_trace",
        "subtype": "gateway_receive_stream_request",
        "request_id": request_id,
        "event_time": at,
        "envelope_time": at,
        "data": f'{{"request_id":"{request_id}","n":{number}}}',
        "envelope": envelope,
        "data_at": len(envelope) - 1,
    } | columns


def quarantined(raw: bytes, reason: str = "not_json", **columns: Any) -> dict[str, Any]:
    return {"class": "rejected", "reason": reason, "raw": raw, "raw_length": len(raw)} | columns


class LogWriter:
    """Appends to the log of a home as the event log does: one record batch per append, its last row the counts."""

    def __init__(self, home: Path, schema: pa.Schema = SCHEMA):
        self.schema = schema
        self.log = home / "log"
        self.log.mkdir(parents=True, exist_ok=True)
        self.offset = 0
        self.new_segment()

    def new_segment(self) -> None:
        self.path = self.log / f"{self.offset:020d}.arrows"
        self._file = self.path.open("wb")
        self._writer = pa.ipc.new_stream(self._file, self.schema)

    def append(self, rows: list[dict[str, Any]], received_at: int = T0, mark: dict[str, Any] | None = None) -> None:
        """`mark`: more columns of the row of the batch."""
        classes = [row["class"] for row in rows]
        reasons = [row["reason"] for row in rows if row.get("reason")]
        counts = {
            "read": len(rows),
            **{name: classes.count(name) for name in ("accepted", "ignored", "rejected", "duplicate")},
            "reasons": {reason: reasons.count(reason) for reason in reasons},
        }
        rows = [*rows, {"class": "batch", "counts": json.dumps(counts)} | (mark or {})]
        shared = {"received_at": received_at, "source": "file", "gate_version": GATE_VERSION}
        rows = [shared | row | {"offset": self.offset + i} for i, row in enumerate(rows)]
        arrays = [pa.array([row.get(field.name) for row in rows], field.type) for field in self.schema]
        self._writer.write_batch(pa.record_batch(arrays, schema=self.schema))
        self._file.flush()
        self.offset += len(rows)

    def close(self) -> None:
        self._writer.close()
        self._file.close()


def main(home: str) -> None:
    log = LogWriter(Path(home))
    for line in sys.stdin:
        received_at, rows = json.loads(line)
        for row in rows:
            if row.get("raw") is not None:
                row["raw"] = base64.b64decode(row["raw"])
                row.setdefault("raw_length", len(row["raw"]))
        log.append(rows, received_at)
    log.close()


if __name__ == "__main__":
    main(sys.argv[1])
