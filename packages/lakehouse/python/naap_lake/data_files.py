"""Writes Parquet data files of a bronze table, one per day of a chunk.

Cheaper than `Table.append`, which filters the whole chunk once per partition and casts every column.
"""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyiceberg.io import FileIO
from pyiceberg.io.pyarrow import (
    StatisticsCollector,
    compute_statistics_plan,
    data_file_statistics_from_parquet_metadata,
    parquet_path_to_id_mapping,
)
from pyiceberg.manifest import DataFile, DataFileContent, FileFormat
from pyiceberg.table import Table
from pyiceberg.typedef import Record

from naap_lake.file_io import make_durable, place_of
from naap_lake.tables import BronzeTable

ROW_GROUP_ROWS = 20_000
MICROSECONDS_PER_DAY = 86_400_000_000
EPOCH = date(1970, 1, 1)


def write_data_files(table: Table, spec: BronzeTable, rows: pa.Table) -> list[DataFile]:
    """Writes rows that have the table's Arrow schema. The files are durable, and not yet part of the table.

    When that fails, as on a full disk, none of them stays: what is tried again must not need ever more room.
    """
    schema = table.schema()
    plan = compute_statistics_plan(schema, table.properties)
    ids = parquet_path_to_id_mapping(schema)
    files: list[DataFile] = []
    try:
        for day, part in _by_day(spec, rows):
            files.append(_write(table, spec, day, part, plan, ids))
        make_durable(table.io, (file.file_path for file in files))
    except Exception:
        discard(table.io, files)
        raise
    return files


def discard(io: FileIO, files: Iterable[DataFile]) -> None:
    """Deletes data files that no table has been told of."""
    for file in files:
        _delete(io, file.file_path)


def read_footer(io: FileIO, location: str) -> pq.FileMetaData:
    filesystem, path = place_of(io, location)
    return pq.read_metadata(path, filesystem=filesystem)


def _delete(io: FileIO, location: str) -> None:
    with suppress(FileNotFoundError):
        io.delete(location)


def _by_day(spec: BronzeTable, rows: pa.Table) -> Iterator[tuple[int | None, pa.Table]]:
    """Rows by partition value (days since 1970), each part in the order of the files."""
    if rows.num_rows == 0:
        return
    if spec.day_of is None:
        yield None, rows
        return
    days = pc.divide(rows[spec.day_of].cast(pa.int64()), MICROSECONDS_PER_DAY)
    sort_by = ("day", *spec.sort_by)
    keys = pa.table([days, *(rows[column] for column in spec.sort_by)], names=sort_by)
    if spec.sort_by or pc.count_distinct(days).as_py() > 1:
        order = pc.sort_indices(keys, sort_keys=[(key, "ascending") for key in sort_by])
        rows, days = rows.take(order), days.take(order)
    runs = pc.run_end_encode(days.combine_chunks())
    start = 0
    for day, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist()):
        yield day, rows.slice(start, end - start)
        start = end


def _write(
    table: Table,
    spec: BronzeTable,
    day: int | None,
    rows: pa.Table,
    plan: dict[int, StatisticsCollector],
    ids: dict[str, int],
) -> DataFile:
    """One file, not flushed yet. `plan` and `ids`: what PyIceberg makes of the table's schema for its statistics."""
    folder = f"{table.location()}/data"
    if spec.day_of is not None:
        name = "null" if day is None else (EPOCH + timedelta(days=day)).isoformat()
        folder += f"/{spec.day_of}_day={name}"
    location = f"{folder}/{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4()}.parquet"
    filesystem, path = place_of(table.io, location)
    searched = [column for column in spec.columns if column not in spec.opaque]
    try:
        with pq.ParquetWriter(
            path,
            rows.schema,
            filesystem=filesystem,
            compression="zstd",
            compression_level=1,
            use_dictionary=searched,
            write_statistics=searched,
            store_schema=False,
        ) as writer:
            writer.write_table(rows, row_group_size=ROW_GROUP_ROWS)
    except Exception:
        _delete(table.io, location)
        raise
    partition = Record() if spec.day_of is None else Record(day)
    return _data_file(table, location, partition, writer.writer.metadata, plan, ids)


def known_data_file(table: Table, spec: BronzeTable, path: str, day: int | None) -> DataFile:
    """A file that `write_data_files` wrote."""
    schema = table.schema()
    plan = compute_statistics_plan(schema, table.properties)
    partition = Record() if spec.day_of is None else Record(day)
    return _data_file(table, path, partition, read_footer(table.io, path), plan, parquet_path_to_id_mapping(schema))


def _data_file(
    table: Table,
    location: str,
    partition: Record,
    metadata: pq.FileMetaData,
    plan: dict[int, StatisticsCollector],
    ids: dict[str, int],
) -> DataFile:
    statistics = data_file_statistics_from_parquet_metadata(
        parquet_metadata=metadata,
        stats_columns=plan,
        parquet_column_mapping=ids,
    )
    return DataFile.from_args(
        content=DataFileContent.DATA,
        file_path=location,
        file_format=FileFormat.PARQUET,
        partition=partition,
        file_size_in_bytes=len(table.io.new_input(location)),
        sort_order_id=None,
        spec_id=table.metadata.default_spec_id,
        equality_ids=None,
        key_metadata=None,
        **statistics.to_serialized_dict(),
    )
