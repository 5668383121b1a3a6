"""Turns rows of the event log into rows of the bronze tables. Pure."""

import json
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from naap_lake.tables import BATCHES, EVENTS, PARTITION, QUARANTINE, TOPIC, BronzeTable

# Column of a bronze table → column of the log, where the names differ.
RENAMED = {"ingested_at": "received_at", "seen_at": "received_at"}


def _constants(rows: int) -> dict[str, pa.Array]:
    return {"topic": pa.repeat(TOPIC, rows), "partition": pa.repeat(pa.scalar(PARTITION, pa.int32()), rows)}


def _of_classes(log: pa.Table, *classes: str) -> pa.Table:
    return log.filter(pc.is_in(log["class"], pa.array(classes)))


def _project(spec: BronzeTable, log: pa.Table, extra: dict[str, pa.Array]) -> pa.Table:
    columns = {**_constants(log.num_rows), **extra}
    return pa.table(
        [
            (columns[name] if name in columns else log[RENAMED.get(name, name)]).cast(spec.arrow_schema.field(name).type)
            for name in spec.columns
        ],
        schema=spec.arrow_schema,
    )


def events(log: pa.Table) -> pa.Table:
    """Accepted messages, and copies that differ from the accepted one: silver chooses between them."""
    return _project(EVENTS, _of_classes(log, "accepted", "duplicate"), {})


def quarantine(log: pa.Table) -> pa.Table:
    """Ignored and rejected messages; of those that are too large the beginning, with length and hash of the whole."""
    return _project(QUARANTINE, _of_classes(log, "ignored", "rejected"), {})


def batches(log: pa.Table) -> pa.Table:
    """One row per durable append, with its class counts."""
    marks = _of_classes(log, "batch")
    counts = [json.loads(text) for text in marks["counts"].to_pylist()]
    extra = {
        name: pa.array([count[name] for count in counts], pa.int64())
        for name in ("read", "accepted", "ignored", "rejected", "duplicate")
    }
    extra["reasons"] = pa.array([json.dumps(count["reasons"], sort_keys=True) for count in counts], pa.string())
    return _project(BATCHES, marks, extra)


ROWS_OF: dict[str, Callable[[pa.Table], pa.Table]] = {
    EVENTS.name: events,
    QUARANTINE.name: quarantine,
    BATCHES.name: batches,
}
