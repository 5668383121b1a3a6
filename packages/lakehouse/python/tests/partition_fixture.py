"""As a program: appends to the bronze tables of a home what a log of another partition would have brought.

Reads appends as `log_fixture.py` does; the home's own log is of partition 0.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import log_fixture
import pyarrow as pa

from naap_lake.bronze_rows import ROWS_OF
from naap_lake.data_files import write_data_files
from naap_lake.event_log import EventLog
from naap_lake.catalogs import open_catalog
from naap_lake.tables import TABLES, ensure_table


def main(home: str, partition: int) -> None:
    with TemporaryDirectory() as other, open_catalog(Path(home)) as catalog:
        log_fixture.main(other)
        log = pa.concat_tables(EventLog(Path(other) / "log").chunks(0))
        for spec in TABLES:
            rows = ROWS_OF[spec.name](log)
            at = rows.schema.get_field_index("partition")
            column = pa.repeat(pa.scalar(partition, pa.int32()), rows.num_rows)
            table = ensure_table(catalog, spec)
            with table.transaction() as transaction, transaction.update_snapshot().fast_append() as append:
                for file in write_data_files(table, spec, rows.set_column(at, rows.schema.field(at), column)):
                    append.append_data_file(file)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
