"""What may be done to a lake beside what this version does."""

from pathlib import Path

import pyarrow as pa

from naap_lake.data_files import write_data_files
from naap_lake.catalogs import open_catalog
from naap_lake.tables import EVENTS, NAMESPACE
from naap_lake.transaction import LakeTransaction


def append_behind(home: Path, of: str, event_id: str, request_id: str = "bbbbbbbb") -> None:
    """Appends an event like `of` one position after it, where the log had the row of a batch: long passed by then."""
    with open_catalog(home) as catalog:
        table = catalog.load_table((NAMESPACE, EVENTS.name))
        (row,) = table.scan(row_filter=f"event_id = '{of}'").to_arrow().to_pylist()
        row |= {"event_id": event_id, "request_id": request_id, "offset": row["offset"] + 1}
        with LakeTransaction(table) as transaction, transaction.update_snapshot().merge_append() as append:
            for file in write_data_files(table, EVENTS, pa.Table.from_pylist([row], EVENTS.arrow_schema)):
                append.append_data_file(file)
