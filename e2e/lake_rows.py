"""Prints as JSON what the bronze tables hold: rows of events and quarantine, sorted, without where and when they came by, and the
sums of batches.

python e2e/lake_rows.py < '{"home": …, "lake"?: as the ops of the worker take it}', with PYTHONPATH=packages/lakehouse/python
"""

import base64
import json
import sys

from naap_lake.catalogs import open_lake
from naap_lake.tables import BATCHES, EVENTS, NAMESPACE, QUARANTINE, SOURCE

CLASSES = ["read", "accepted", "ignored", "rejected", "duplicate"]
# What tells the ways of a message apart, not the messages.
WAY = {*SOURCE, "topic", "partition", "offset", "ingested_at", "seen_at", "source"}


def text(value: object) -> object:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


args = json.load(sys.stdin)
with open_lake(args) as catalog:
    found = {name: catalog.load_table((NAMESPACE, name)).scan().to_arrow() for name in ("events", "quarantine", "batches")}

kept = {
    spec.name: sorted(
        json.dumps({name: text(value) for name, value in row.items() if name not in WAY}, sort_keys=True)
        for row in found[spec.name].to_pylist()
    )
    for spec in (EVENTS, QUARANTINE)
}
places = [
    tuple(row.values())
    for spec in (EVENTS, QUARANTINE)
    for row in found[spec.name].select(list(SOURCE)).to_pylist()
    if row["source_offset"] is not None
]
counts = {name: sum(found[BATCHES.name][name].to_pylist()) for name in CLASSES}
json.dump({**kept, "places": len(places), "distinctPlaces": len(set(places)), "counts": counts}, sys.stdout)
