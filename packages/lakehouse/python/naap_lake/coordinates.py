"""`coordinates`: whether the lake has each message of a Kafka topic, and none twice, told by where messages lay in it.

Offsets of the topic that the lake is written from prove nothing: the marks of transactions take offsets too. What a batch
says it read is compared with the rows that are there, by topic and partition of the source:

- batches follow each other: one begins where the one before it ended (`gaps` and `overlaps`, in offsets; marks of
  transactions in the source, and what its retention took before it was read, are gaps too);
- a message is in events or in quarantine, once (`repeated`, in rows);
- a batch has as many rows as it read (`missing` and `surplus`, in messages), but for copies, which need not be kept.

A topic that was deleted and made again begins at 0 again: that shows as overlaps.
"""

import time
from functools import reduce
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.expressions import And, BooleanExpression, EqualTo, GreaterThanOrEqual, LessThan, NotNull, Or

from naap_lake.catalogs import open_lake
from naap_lake.ops import Progress
from naap_lake.tables import BATCHES, EVENTS, NAMESPACE, QUARANTINE, SOURCE

SETTLED_MS = 60 * 60_000
"""The tables are committed one by one: rows of a batch may come after it."""

MEMORY = "512MB"
"""Beside the coordinates themselves; what does not fit goes to the disk."""

_SQL = """
WITH tiles AS (
    SELECT *, coalesce(max(source_next_offset) OVER (
        PARTITION BY source_topic, source_partition ORDER BY source_offset, source_next_offset
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), source_offset) AS reached
    FROM batches
), messages AS (
    SELECT source_topic, source_partition, source_offset, count(*) AS copies FROM stored GROUP BY ALL
), ends AS (
    SELECT source_topic, source_partition, max(source_next_offset) AS stop FROM batches GROUP BY ALL
), placed AS (
    SELECT m.source_topic, m.source_partition, t.source_offset, count(*) AS found
    FROM messages m ASOF JOIN tiles t
        ON m.source_topic = t.source_topic AND m.source_partition = t.source_partition
        AND m.source_offset >= t.source_offset
    WHERE m.source_offset < t.source_next_offset
    GROUP BY ALL
), by_batch AS (
    SELECT source_topic, source_partition, count(*) AS batches, sum(read) AS read, max(source_next_offset) AS reached,
        sum(greatest(0, source_offset - reached)) AS gaps,
        sum(greatest(0, least(reached, source_next_offset) - source_offset)) AS "overlaps",
        sum(greatest(0, read - duplicate - coalesce(found, 0))) AS missing,
        sum(greatest(0, coalesce(found, 0) - read)) AS surplus
    FROM tiles LEFT JOIN placed USING (source_topic, source_partition, source_offset)
    GROUP BY ALL
), by_message AS (
    SELECT source_topic, source_partition, sum(copies - 1) AS repeated
    FROM messages JOIN ends USING (source_topic, source_partition)
    WHERE source_offset < stop
    GROUP BY ALL
)
SELECT source_topic AS topic, source_partition AS "partition", batches, read::BIGINT AS read, reached,
    coalesce(gaps, 0)::BIGINT AS gaps, coalesce("overlaps", 0)::BIGINT AS "overlaps",
    coalesce(repeated, 0)::BIGINT AS repeated, missing::BIGINT AS missing, surplus::BIGINT AS surplus
FROM by_batch LEFT JOIN by_message USING (source_topic, source_partition)
ORDER BY ALL
"""


def compared(batches: pa.Table, stored: pa.Table) -> list[dict[str, Any]]:
    """Pure. `batches` and `stored` (events and quarantine together): the columns of `SOURCE`, batches also
    source_next_offset, read and duplicate. Returns, by source topic and partition that has batches,
    {topic, partition, batches, read, reached: the offset after them, gaps, overlaps, repeated, missing, surplus}."""
    with (
        TemporaryDirectory() as spill,
        duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": spill}) as connection,
    ):
        # It takes a table of Arrow for a small one and would look at all batches for each message: 49 s of processor for 1.2 million instead of one.
        connection.execute("SET asof_loop_join_threshold = 0")
        connection.register("batches", batches)
        connection.register("stored", stored)
        return connection.execute(_SQL).to_arrow_table().to_pylist()


def _among(ranges: list[dict[str, Any]], start: str, stop: str) -> BooleanExpression:
    """Rows of the partitions whose own range, from `start` to before `stop`, has an offset in common with one of them."""
    if not ranges:
        return NotNull("source_offset")
    return reduce(
        Or,
        (
            And(
                EqualTo("source_topic", of["topic"]),
                EqualTo("source_partition", of["partition"]),
                GreaterThanOrEqual(stop, of["from"] if stop == start else of["from"] + 1),
                LessThan(start, of["to"]),
            )
            for of in ranges
        ),
    )


def _spans(batches: pa.Table) -> list[dict[str, Any]]:
    """What batches read, by partition, as ranges."""
    by_partition = batches.group_by(["source_topic", "source_partition"]).aggregate(
        [("source_offset", "min"), ("source_next_offset", "max")]
    )
    return [
        {
            "topic": row["source_topic"],
            "partition": row["source_partition"],
            "from": row["source_offset_min"],
            "to": row["source_next_offset_max"],
        }
        for row in by_partition.to_pylist()
    ]


def coordinates(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Compares what batches say with the rows that are there.

    args: {home or lake, settledMs?: age from which on a batch must have its rows, ranges?: [{topic, partition, from, to}]: only
    batches that read offsets of these}. Returns {partitions: as `compared`}.
    """
    settled = int(time.time() * 1000) - int(args.get("settledMs", SETTLED_MS))
    ranges = args.get("ranges", [])
    of_batch = (*SOURCE, "source_next_offset", "read", "duplicate", "received_at")
    with open_lake(args) as catalog:

        def rows(name: str, columns: tuple[str, ...], among: BooleanExpression) -> pa.Table:
            table = catalog.load_table((NAMESPACE, name))
            return table.scan(among, selected_fields=columns).to_arrow()

        try:
            # Batches first: what they say is older than the rows that are read after them.
            batches = rows(BATCHES.name, of_batch, _among(ranges, "source_offset", "source_next_offset"))
            if batches.num_rows == 0:
                return {"partitions": []}
            among = _among(_spans(batches) if ranges else [], "source_offset", "source_offset")
            kept = [rows(name, tuple(SOURCE), among) for name in (EVENTS.name, QUARANTINE.name)]
            # Texts of a table without rows are of another width.
            stored = pa.concat_tables(kept, promote_options="permissive")
        except NoSuchTableError:
            return {"partitions": []}
    at = batches["received_at"].cast(pa.timestamp("ms", "UTC"), safe=False).cast(pa.int64())
    partitions = compared(batches.filter(pc.less_equal(at, settled)), stored)
    for found in partitions:
        progress(f"lake: {found['topic']}/{found['partition']}: {found['missing']} messages missing", **found)
    return {"partitions": partitions}
