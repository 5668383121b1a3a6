"""Rewrites the many small files that frequent commits leave behind into few, day by day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.exceptions import ValidationException
from pyiceberg.expressions import AlwaysTrue
from pyiceberg.io.pyarrow import ArrowScan
from pyiceberg.manifest import DataFile
from pyiceberg.table import FileScanTask, Table

from naap_lake.data_files import write_data_files
from naap_lake.tables import BronzeTable
from naap_lake.transaction import LakeTransaction

SMALL_FILE_BYTES = 4 << 20
MIN_FILES = 8
# Uncompressed rows that one rewrite holds in memory.
GROUP_BYTES = 128 << 20


def compact(table: Table, spec: BronzeTable) -> tuple[int, int]:
    """Compacts a table where it pays; returns files before and after of what was rewritten.

    One transaction per group: what is done stays done when the worker dies.
    """
    before = after = 0
    for group in list(_groups(file.file for file in table.scan().plan_files())):
        before += len(group)
        after += _rewrite(table, spec, group)
    return before, after


def _groups(files: Iterable[DataFile]) -> Iterator[list[DataFile]]:
    """Small files of the same day, at least MIN_FILES of them, that fit into memory together."""
    by_day: dict[str, list[DataFile]] = defaultdict(list)
    for file in files:
        if file.file_size_in_bytes < SMALL_FILE_BYTES:
            by_day[repr(file.partition)].append(file)
    for small in by_day.values():
        if len(small) < MIN_FILES:
            continue
        group: list[DataFile] = []
        size = 0
        for file in small:
            raw = _uncompressed_bytes(file)
            if group and size + raw > GROUP_BYTES:
                if len(group) >= MIN_FILES:
                    yield group
                group, size = [], 0
            group.append(file)
            size += raw
        if len(group) >= MIN_FILES:
            yield group


def _uncompressed_bytes(file: DataFile) -> int:
    footer = pq.read_metadata(file.file_path)
    return sum(footer.row_group(i).total_byte_size for i in range(footer.num_row_groups))


def _rewrite(table: Table, spec: BronzeTable, group: list[DataFile]) -> int:
    """Replaces a group of files by their rows, in one transaction; returns the number of new files."""
    scan = ArrowScan(table.metadata, table.io, table.schema(), AlwaysTrue())
    rows = scan.to_table([FileScanTask(file) for file in group])
    rows = pa.table([rows[field.name].cast(field.type) for field in spec.arrow_schema], schema=spec.arrow_schema)
    files = write_data_files(table, spec, rows)
    old = sum(file.record_count for file in group)
    new = sum(file.record_count for file in files)
    if old != new:
        raise ValidationException(f"compaction of {table.name()} would turn {old} rows into {new}; nothing was changed")
    with LakeTransaction(table) as transaction:
        with transaction.update_snapshot().overwrite() as overwrite:
            for file in group:
                overwrite.delete_data_file(file)
            for file in files:
                overwrite.append_data_file(file)
    return len(files)
