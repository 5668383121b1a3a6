"""An independent reading of kpis.md: messages in, requests and KPIs out.

    python reference.py FILE... [--now MS] [--by orchestrator,model,...]

prints {"ingest", "requests", "kpis"} as JSON, percentiles exact (nearest rank).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Iterable

from capabilities import Capabilities
from classify import HOUR, Ingest, ingest, split_file
from ingested import Key, ingested
from kpis import DIMENSIONS, Payment, Seeds, group_row, read_payments
from request_facts import Inference, Request, Sample, read_requests
from scrapes import Observation, buckets, hourly, read_scrapes, readings
from supply import contested_urls, deploys, gpus, supply, supply_hours, swaps

FOREVER = float("inf")
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
REQUEST_COLUMNS = (
    "stream_id request_id requested_at hour gateway region orchestrator identity "
    "orch_uri model pipeline gpu warm ptff_ms e2e_ms startup_ms overlay fps_mean "
    "fps_samples jitter outcome reason error_events restarts swapped swap_events"
).split()
TIME_COLUMNS = ("requested_at", "hour", "first_message_at", "last_message_at")


def iso(ms: int | None) -> str | None:
    """ISO 8601 UTC with milliseconds."""
    if ms is None:
        return None
    at = EPOCH + timedelta(milliseconds=ms)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03d}Z"


class Result:
    """What kpis.md makes of some messages."""

    def __init__(self, classified: Ingest, seeds: Seeds):
        self.seeds = seeds
        #: Class counts, as the CLI prints them.
        self.ingest: dict[str, Any] = classified.counts()
        #: Rows of ingest_hourly, where the messages are known.
        self.ingested: Counter[Key] = Counter()
        messages = classified.kept
        #: Newest of min(envelope timestamp, time it came in), unix ms; None of nothing.
        self.watermark: int | None = max(
            (min(m.envelope_ms, m.received_ms) for m in messages), default=None
        )
        capabilities = Capabilities(messages)
        #: Every request, also those that don't count; `unattributed` counts messages.
        self.rows: list[Request]
        self.rows, attribution, self.unattributed = read_requests(
            messages, capabilities, seeds.region_of, self.watermark or 0
        )
        self.samples: list[Sample] = [s for r in self.rows for s in r.samples]
        self.inference: list[Inference] = [part for r in self.rows for part in r.inference]
        self.payments: list[Payment] = read_payments(
            messages, self.rows, attribution, capabilities, seeds
        )
        self.observations: list[Observation] = read_scrapes(messages, capabilities)
        #: Parts by the keys of scrape_hourly, scrape_latency_hourly and scrape_readings_hourly; hours are unix ms.
        self.scrapes = {
            "hourly": hourly(self.observations),
            "latency_hourly": buckets(self.observations),
            "readings_hourly": readings(self.observations, capabilities),
        }
        #: Rows of gold tables, each with how often it is there; times are unix ms.
        self.offers: dict[str, Counter[tuple]] = {
            "fct_swaps": swaps(self.rows),
            "fct_payments": Counter(p.row for p in self.payments),
            "supply_hourly": supply(capabilities.entries),
            "supply_hours": supply_hours(capabilities.reports),
            "dim_contested_urls": contested_urls(capabilities.reports),
            "dim_gpus": gpus(capabilities.entries),
            "dim_deploys": deploys(capabilities.entries),
        }

    @property
    def requests(self) -> list[dict[str, Any]]:
        """Rows of the answer to `requests`: those that count, oldest first."""
        facts = [row for row in self.facts if row["counts"]]
        return [{name: row[name] for name in REQUEST_COLUMNS} for row in facts]

    @property
    def facts(self) -> list[dict[str, Any]]:
        """All rows of fct_requests, with the columns that only gold has."""
        rows = []
        for request in self.rows:
            row = asdict(request)
            del row["samples"], row["swaps"], row["inference"]
            row.update({name: iso(row[name]) for name in TIME_COLUMNS})
            rows.append(row)
        return rows

    def kpis(
        self,
        by: Iterable[str] = (),
        from_ms: int | None = None,
        to_ms: int | None = None,
        filters: dict[str, list[str | None]] | None = None,
        grain: int = HOUR,
    ) -> list[dict[str, Any]]:
        """Rows as KpiRow, nulls last; one row, even of nothing, without `by`.

        The half-open window is widened to whole hours, or to `grain`, unix ms. `filters` are exact
        matches, any of the values; None matches what has no value.
        """
        by = tuple(by)
        start = -FOREVER if from_ms is None else from_ms // grain * grain
        end = FOREVER if to_ms is None else -(-to_ms // grain) * grain

        def chosen(item: Request | Sample | Payment | Inference) -> bool:
            return start <= item.slot < end and all(
                getattr(item, name) in values
                for name, values in (filters or {}).items()
            )

        groups: dict[tuple, tuple[list, list, list, list]] = {}
        if not by:
            groups[()] = ([], [], [], [])
        counted = (row for row in self.rows if row.counts)
        for part, items in enumerate((counted, self.samples, self.payments, self.inference)):
            for item in items:
                if chosen(item):
                    key = tuple(getattr(item, name) for name in by)
                    groups.setdefault(key, ([], [], [], []))[part].append(item)

        rows = []
        for key in sorted(groups, key=lambda k: [(v is None, v) for v in k]):
            values = dict(zip(by, key))
            values.update({time: iso(values[time]) for time in ("slot", "hour") if time in values})
            rows.append({**values, **group_row(*groups[key], self.seeds)})
        return rows


def run(
    messages: Iterable[bytes],
    received_at_ms: int | list[int],
    seeds: Seeds | None = None,
) -> Result:
    """All of kpis.md over messages in the order of their arrival.

    `received_at_ms` is one time for all or one per message.
    """
    messages = list(messages)
    times = received_at_ms if isinstance(received_at_ms, list) else [received_at_ms] * len(messages)
    result = Result(ingest(messages, received_at_ms), seeds or Seeds())
    result.ingested = ingested((raw, at, "file") for raw, at in zip(messages, times))
    return result


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--now", type=int, default=int(time.time() * 1000))
    parser.add_argument(
        "--by",
        default=[],
        type=lambda value: [name for name in value.split(",") if name],
    )
    options = parser.parse_args(arguments)
    unknown = set(options.by) - set(DIMENSIONS)
    if unknown:
        parser.error(f"--by takes {', '.join(DIMENSIONS)}, not {', '.join(unknown)}")
    messages = [m for file in options.files for m in split_file(file.read_bytes())]
    result = run(messages, options.now)
    json.dump(
        {
            "ingest": result.ingest,
            "requests": result.requests,
            "kpis": result.kpis(options.by),
        },
        sys.stdout,
        indent=1,
    )
    print()


if __name__ == "__main__":
    main()
