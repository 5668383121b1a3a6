"""The bronze tables: schemas, partition specs, properties (docs/architecture.md, "Lake")."""

from dataclasses import dataclass

import pyarrow as pa
from pyiceberg.catalog import Catalog
from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.table import Table
from pyiceberg.table.sorting import UNSORTED_SORT_ORDER, SortField, SortOrder
from pyiceberg.transforms import DayTransform, IdentityTransform
from pyiceberg.types import BinaryType, IntegerType, LongType, NestedField, PrimitiveType, StringType, TimestamptzType

NAMESPACE = "bronze"
# A sink only appends what it alone has: its commit is right on any newer state of the table.
SINK_PROPERTIES = {"commit.retry.num-retries": "10"}
TOPIC = "network_events"
PARTITION = 0
NEXT_OFFSET = f"naap.next-offset.{TOPIC}.{PARTITION}"

TEXT, LONG, INT, TIME, BYTES = StringType(), LongType(), IntegerType(), TimestamptzType(), BinaryType()
ARROW_TYPES: dict[PrimitiveType, pa.DataType] = {
    TEXT: pa.string(),
    LONG: pa.int64(),
    INT: pa.int32(),
    TIME: pa.timestamp("us", "UTC"),
    BYTES: pa.binary(),
}


# Where a message lies in the topic of Kafka that it came by; null where it came another way.
SOURCE: dict[str, PrimitiveType] = {"source_topic": TEXT, "source_partition": INT, "source_offset": LONG}


@dataclass(frozen=True)
class BronzeTable:
    """One table: its columns, and how its rows lie in its files."""

    name: str
    columns: dict[str, PrimitiveType]
    """The id of a column is its place: new ones come last."""
    day_of: str | None = None
    """Column whose UTC day is the partition."""
    sort_by: tuple[str, ...] = ()
    """Order of rows within a file, for min/max pruning."""
    opaque: tuple[str, ...] = ()
    """Columns too large or too random for dictionaries and bounds."""

    @property
    def schema(self) -> Schema:
        return Schema(
            *(NestedField(i, name, kind, required=False) for i, (name, kind) in enumerate(self.columns.items(), 1))
        )

    @property
    def arrow_schema(self) -> pa.Schema:
        """With field ids: readers other than PyIceberg find columns by them."""
        return pa.schema(
            pa.field(name, ARROW_TYPES[kind], metadata={"PARQUET:field_id": str(i)})
            for i, (name, kind) in enumerate(self.columns.items(), 1)
        )

    @property
    def partition_spec(self) -> PartitionSpec:
        if self.day_of is None:
            return PartitionSpec()
        source = self.schema.find_field(self.day_of)
        return PartitionSpec(PartitionField(source.field_id, 1000, DayTransform(), f"{self.day_of}_day"))

    @property
    def sort_order(self) -> SortOrder:
        fields = (self.schema.find_field(column).field_id for column in self.sort_by)
        return SortOrder(*(SortField(field, IdentityTransform()) for field in fields)) if self.sort_by else UNSORTED_SORT_ORDER

    @property
    def properties(self) -> dict[str, str]:
        return {
            "format-version": "2",
            "write.parquet.compression-codec": "zstd",
            "write.parquet.compression-level": "1",
            **{f"write.metadata.metrics.column.{column}": "none" for column in self.opaque},
            # A stale writer must fail, not try again on top of rows that it has not seen.
            "commit.retry.num-retries": "0",
            "commit.manifest-merge.enabled": "true",
            "commit.manifest.min-count-to-merge": "50",
            # A reader binds a table by its metadata file: keep enough of them for the length of a build.
            "write.metadata.delete-after-commit.enabled": "true",
            "write.metadata.previous-versions-max": "100",
        }


EVENTS = BronzeTable(
    name="events",
    columns={
        "event_id": TEXT,
        "type": TEXT,
        "subtype": TEXT,
        "event_time": TIME,
        "envelope_time": TIME,
        "gateway": TEXT,
        "stream_id": TEXT,
        "request_id": TEXT,
        "data": TEXT,
        "envelope": TEXT,
        "data_at": INT,
        "topic": TEXT,
        "partition": INT,
        "offset": LONG,
        "ingested_at": TIME,
        "source": TEXT,
        "gate_version": INT,
        **SOURCE,
    },
    day_of="envelope_time",
    # Reads by family touch a seventh of the bytes; a request's rows lie in few row groups of each family.
    sort_by=("type", "request_id"),
    opaque=("data", "envelope"),
)
QUARANTINE = BronzeTable(
    name="quarantine",
    columns={
        "class": TEXT,
        "reason": TEXT,
        "raw": BYTES,
        "topic": TEXT,
        "partition": INT,
        "offset": LONG,
        "seen_at": TIME,
        "source": TEXT,
        "raw_length": LONG,
        "raw_sha256": TEXT,
        "gate_version": INT,
        **SOURCE,
    },
    day_of="seen_at",
    opaque=("raw", "raw_sha256"),
)
BATCHES = BronzeTable(
    name="batches",
    columns={
        "topic": TEXT,
        "partition": INT,
        "offset": LONG,
        "received_at": TIME,
        "source": TEXT,
        "read": LONG,
        "accepted": LONG,
        "ignored": LONG,
        "rejected": LONG,
        "duplicate": LONG,
        "reasons": TEXT,
        **SOURCE,
        "source_next_offset": LONG,
    },
    opaque=("reasons",),
)
TABLES = (EVENTS, QUARANTINE, BATCHES)


def declared_properties(spec: BronzeTable, for_sink: bool) -> dict[str, str]:
    """`for_sink`: Kafka Connect writes the table."""
    return spec.properties | (SINK_PROPERTIES if for_sink else {})


def ensure_table(catalog: Catalog, spec: BronzeTable, for_sink: bool = False) -> Table:
    """Loads a bronze table, with the columns of today, or creates it empty. `for_sink` as in `declared_properties`."""
    identifier = (NAMESPACE, spec.name)
    properties = declared_properties(spec, for_sink)
    try:
        table = catalog.load_table(identifier)
        if missing := set(spec.columns) - set(table.schema().column_names):
            with table.transaction() as transaction:
                with transaction.update_schema() as update:
                    for name in spec.columns:
                        if name in missing:
                            update.add_column(name, spec.columns[name])
                transaction.set_properties(properties)
        return table
    except NoSuchTableError:
        catalog.create_namespace_if_not_exists(NAMESPACE)
        return catalog.create_table(
            identifier,
            spec.schema,
            partition_spec=spec.partition_spec,
            sort_order=spec.sort_order,
            properties=properties,
        )


def next_offset(table: Table) -> int:
    """First offset of the log that the table does not have."""
    return int(table.properties.get(NEXT_OFFSET, "0"))
