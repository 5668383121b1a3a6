"""Prints the ids of all rows of bronze.events of a home as JSON, and the sums of bronze.batches.

python e2e/lake_ids.py HOME, with PYTHONPATH=packages/lakehouse/python
"""

import json
import sys
from collections import Counter
from pathlib import Path

from naap_lake.catalogs import open_catalog
from naap_lake.tables import BATCHES, EVENTS, NAMESPACE

CLASSES = ["read", "accepted", "ignored", "rejected", "duplicate"]

with open_catalog(Path(sys.argv[1])) as catalog:
    events = catalog.load_table((NAMESPACE, EVENTS.name)).scan(selected_fields=("event_id",)).to_arrow()
    batches = catalog.load_table((NAMESPACE, BATCHES.name)).scan(selected_fields=tuple(CLASSES)).to_arrow()

print(
    json.dumps(
        {
            "ids": Counter(events["event_id"].to_pylist()),
            "counts": {name: sum(batches[name].to_pylist()) for name in CLASSES},
        }
    )
)
