"""Rewrites the many small files that frequent commits leave behind into few, day by day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyarrow as pa
from pyiceberg.exceptions import CommitFailedException, ValidationException
from pyiceberg.expressions import AlwaysTrue
from pyiceberg.io import FileIO
from pyiceberg.io.pyarrow import ArrowScan
from pyiceberg.manifest import DataFile
from pyiceberg.table import FileScanTask, Table

from naap_lake.data_files import discard, read_footer, write_data_files
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
    for group in list(_groups(table.io, (file.file for file in table.scan().plan_files()))):
        before += len(group)
        after += _rewrite(table, spec, group)
    return before, after


def _groups(io: FileIO, files: Iterable[DataFile]) -> Iterator[list[DataFile]]:
    """Small files that fit into memory together, of days that have at least MIN_FILES of them each.

    Many days of few rows go into one group: a transaction costs more than their files.
    """
    by_day: dict[str, list[DataFile]] = defaultdict(list)
    for file in files:
        if file.file_size_in_bytes < SMALL_FILE_BYTES:
            by_day[repr(file.partition)].append(file)
    group: list[DataFile] = []
    size = 0
    for small in by_day.values():
        # Again for each rest of a day that is too large for one group.
        while len(small) >= MIN_FILES:
            part, part_size = _first_part(io, small)
            if group and size + part_size > GROUP_BYTES:
                yield group
                group, size = [], 0
            if len(part) >= MIN_FILES:
                group += part
                size += part_size
            small = small[len(part) :]
    if group:
        yield group


def _first_part(io: FileIO, files: list[DataFile]) -> tuple[list[DataFile], int]:
    """The first files that fit into memory together, at least one, and the bytes of their rows."""
    size = 0
    for i, file in enumerate(files):
        raw = _uncompressed_bytes(io, file)
        if i > 0 and size + raw > GROUP_BYTES:
            return files[:i], size
        size += raw
    return files, size


def _uncompressed_bytes(io: FileIO, file: DataFile) -> int:
    footer = read_footer(io, file.file_path)
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
    try:
        with LakeTransaction(table) as transaction:
            transaction.replace_files(group, files)
    except (CommitFailedException, ValidationException):
        # Of other failures it is not known whether the table was told of the files.
        live = {task.file for task in table.refresh().scan().plan_files()}
        discard(table.io, (file for file in files if file not in live))
        raise
    return len(files)
