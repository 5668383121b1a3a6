"""Reads the event log (docs/architecture.md, "Event log segment") in whole record batches, from any offset."""

import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

CHUNK_BYTES = 64 << 20
# Columns that segments of before lack, without a value for their rows.
ADDED = {
    "gate_version": pa.int32(),
    "source_topic": pa.string(),
    "source_partition": pa.int32(),
    "source_offset": pa.int64(),
    "source_next_offset": pa.int64(),
}


class DamagedLogError(Exception):
    """The log does not hold the offsets that the lake needs next."""


@dataclass(frozen=True)
class Segment:
    path: Path
    first_offset: int


@dataclass(frozen=True)
class _Bookmark:
    """Where in a segment a reader was, so that a growing one is not read from its start each time."""

    byte: int
    offset: int


def list_segments(log: Path) -> list[Segment]:
    """Segments by first offset."""
    segments = []
    for path in log.glob("*.arrows"):
        if not path.stem.isdigit():
            raise DamagedLogError(f"{path}: the name of a segment must be its first offset; move the file away")
        segments.append(Segment(path, int(path.stem)))
    return sorted(segments, key=lambda segment: segment.first_offset)


def _offset_range(batch: pa.RecordBatch) -> tuple[int, int]:
    """First offset of a batch and the one after its last."""
    offsets = batch.column("offset")
    return offsets[0].as_py(), offsets[-1].as_py() + 1


def _with_all_columns(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Segments of before had no messages that were cut (all are as long as what is kept of them), and nothing of ADDED."""
    if "raw_length" not in batch.schema.names:
        at = batch.schema.get_field_index("raw") + 1
        lengths = pc.binary_length(batch["raw"]).cast(pa.int64())
        batch = batch.add_column(at, pa.field("raw_length", pa.int64()), lengths)
        batch = batch.add_column(at + 1, pa.field("raw_sha256", pa.string()), pa.nulls(batch.num_rows, pa.string()))
    for name, kind in ADDED.items():
        if name not in batch.schema.names:
            batch = batch.append_column(pa.field(name, kind), pa.nulls(batch.num_rows, kind))
    return batch


def _slices(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """A batch in parts of about a chunk, so that one huge append does not set the peak of memory."""
    rows = math.ceil(batch.num_rows / math.ceil(batch.nbytes / CHUNK_BYTES))
    for start in range(0, batch.num_rows, rows):
        yield batch.slice(start, rows)


class EventLog:
    """The log of one home. Keep it between reads: it remembers where the live segment was left."""

    def __init__(self, log: Path):
        self._log = log
        self._bookmarks: dict[Path, _Bookmark] = {}

    def chunks(self, start: int) -> Iterator[pa.Table]:
        """Rows from `start` on in tables of about CHUNK_BYTES, offsets consecutive.

        Ends before a batch that is torn or still being appended. Raises DamagedLogError for a gap.
        """
        pending: list[pa.RecordBatch] = []
        size = 0
        for batch in self._batches(start):
            for part in _slices(batch):
                pending.append(part)
                size += part.nbytes
                if size >= CHUNK_BYTES:
                    yield pa.Table.from_batches(pending)
                    pending, size = [], 0
        if pending:
            yield pa.Table.from_batches(pending)

    def _batches(self, start: int) -> Iterator[pa.RecordBatch]:
        segments = list_segments(self._log)
        self._forget_all_but(segments)
        # The last segment that begins at or before `start` holds it; those before it are done.
        done = sum(segment.first_offset <= start for segment in segments[1:])
        expected = start
        for segment in segments[done:]:
            if segment.first_offset > expected:
                raise DamagedLogError(
                    f"{segment.path} begins at offset {segment.first_offset}, but the lake needs {expected} next: "
                    "a segment is missing or damaged; restore it, or move the log and the lake away together"
                )
            for batch in self._segment_batches(segment, expected):
                first, after = _offset_range(batch)
                if after - first != batch.num_rows or first > expected:
                    raise DamagedLogError(
                        f"{segment.path}: offsets {first} to {after - 1} in {batch.num_rows} rows where {expected} "
                        "should come next: the segment is damaged; restore it, or move the log and the lake away together"
                    )
                yield batch.slice(expected - first)
                expected = after

    def _segment_batches(self, segment: Segment, start: int) -> Iterator[pa.RecordBatch]:
        """Whole batches of a segment that end after `start`."""
        with pa.OSFile(str(segment.path)) as source:
            # What the lake takes must not be lost from the log: a batch may be written and not yet synced.
            os.fsync(source.fileno())
            size = source.size()
            try:
                schema = pa.ipc.read_schema(pa.ipc.read_message(source))
                bookmark = self._bookmarks.get(segment.path)
                if bookmark and bookmark.offset <= start and bookmark.byte <= size:
                    source.seek(bookmark.byte)
                while True:
                    batch = pa.ipc.read_record_batch(pa.ipc.read_message(source), schema)
                    if batch.num_rows == 0:
                        continue
                    after = _offset_range(batch)[1]
                    if after > start:
                        yield _with_all_columns(batch)
                    self._bookmarks[segment.path] = _Bookmark(source.tell(), after)
            except (EOFError, pa.ArrowInvalid, OSError) as e:
                if isinstance(e, OSError) and e.errno is not None:
                    raise  # of the disk; Arrow's own for a short read carry no errno
                # The end, or a batch that is not whole: its writer goes on with it or cuts it off.
                return

    def _forget_all_but(self, segments: list[Segment]) -> None:
        live = {segment.path for segment in segments}
        self._bookmarks = {path: mark for path, mark in self._bookmarks.items() if path in live}
