"""kpis.md sections 2 and 3: swaps of requests, what capability reports offer, and what is contested in them."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import Any, Iterable, Iterator

from capabilities import LIVE_VIDEO, Entry, Report, gpu_names, only
from classify import HOUR, get, name, text
from request_facts import Request
from scrapes import quantity

#: A place that reports a GPU in fewer hours says nothing of how long an id lasts.
TOO_FEW_HOURS = 6
#: Ids that last shorter on average come and go.
CHURNING_HOURS = 3


def swaps(requests: Iterable[Request]) -> Counter[tuple]:
    """Rows of fct_swaps."""
    return Counter(
        (swap.at, r.stream_id, r.request_id, r.requested_at, r.hour, r.gateway, r.region, swap.left, swap.joined)
        + (r.model, r.pipeline, r.gpu, swap.failed)
        for r in requests
        for swap in r.swaps
    )


def _listed(entry: Entry) -> Iterator[tuple[str, str, Any]]:
    """Capability, model and what the entry says of it."""
    per_capability = get(entry.data, "capabilities", "constraints", "PerCapability")
    for capability in per_capability if isinstance(per_capability, dict) else {}:
        for model, said in entry.models(capability).items():
            if name(model) and said is not None:
                yield capability, model, said


def uncontested(entries: Iterable[Entry]) -> list[Entry]:
    """Entries of a URL that its report gives to several addresses are left out (section 3)."""
    return [entry for entry in entries if not entry.contested]


def supply(entries: Iterable[Entry]) -> Counter[tuple]:
    """Rows of supply_hourly."""
    of_hour: dict[tuple[int, str, str], list[Entry]] = defaultdict(list)
    for entry in sorted(uncontested(entries), key=lambda entry: entry.order):
        of_hour[entry.time // HOUR * HOUR, entry.address, entry.url].append(entry)
    rows: Counter[tuple] = Counter()
    for (hour, address, url), reported in of_hour.items():
        newest = list(_listed(reported[-1]))
        for model in {model for _, model, _ in newest}:
            said = [(capability, said) for capability, named, said in newest if named == model]
            capacity = in_use = warm = 0.0
            for _, offer in said:
                idle, busy = quantity(get(offer, "capacity")) or 0, quantity(get(offer, "capacityInUse")) or 0
                capacity += idle + busy
                in_use += busy
                warm += busy + (idle if get(offer, "warm") is True else 0)
            hardware = next((h for h in (e.hardware(model) for e in reversed(reported)) if h), [])
            pipeline = next((name(h.get("pipeline")) for h in hardware if name(h.get("pipeline"))), None)
            if pipeline is None and LIVE_VIDEO in (capability for capability, _ in said):
                pipeline = "live-video-to-video"
            ids = json_list(gpu_names(hardware, "id"))
            gpu = only(gpu_names(hardware, "name"))
            rows[hour, address, url or None, model, pipeline, gpu, ids, capacity, in_use, warm] += 1
    return rows


def supply_hours(reports: Iterable[Report]) -> Counter[tuple]:
    """Rows of supply_hours: the hours that have a report of anybody, and what was left out in them."""
    of_hour: dict[int, list[Report]] = defaultdict(list)
    for report in reports:
        of_hour[report.time // HOUR * HOUR].append(report)
    rows: Counter[tuple] = Counter()
    for hour, reported in of_hour.items():
        entries = [entry for report in reported for entry in report.entries]
        rows[hour, len(reported), len(entries), len(entries) - len(uncontested(entries))] += 1
    return rows


def contested_urls(reports: Iterable[Report]) -> Counter[tuple]:
    """Rows of dim_contested_urls, of the reports that give a URL to two or more addresses."""
    found: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        for url in {entry.url for entry in report.entries if entry.contested}:
            found[url].append(report)
    rows: Counter[tuple] = Counter()
    for url, claimed in found.items():
        addresses = sorted(set().union(*(report.addresses(url) for report in claimed)))
        times = [report.time for report in claimed]
        rows[url, json_list(addresses), min(times), max(times), len(claimed)] += 1
    return rows


def json_list(texts: Iterable[str]) -> str:
    return json.dumps(sorted(texts), separators=(",", ":"), ensure_ascii=False)


def gpus(entries: Iterable[Entry]) -> Counter[tuple]:
    """Rows of dim_gpus."""
    seen = defaultdict(list)
    hours: dict[tuple[str, str, str], set[tuple[str, int]]] = defaultdict(set)
    for entry in uncontested(entries):
        items = entry.data.get("hardware")
        for item in items if isinstance(items, list) else []:
            gpu_info = get(item, "gpu_info")
            for gpu in gpu_info.values() if isinstance(gpu_info, dict) else []:
                if gpu_id := name(get(gpu, "id")):
                    place = (entry.address, entry.url, name(item.get("model_id")))
                    seen[entry.address, gpu_id].append((entry, place, name(get(gpu, "name"))))
                    hours[place].add((gpu_id, entry.time // HOUR))
    rows: Counter[tuple] = Counter()
    for (address, gpu_id), reports in seen.items():
        verdicts = {_is_stable(hours[place]) for _, place, _ in reports} - {None}
        times = [entry.time for entry, _, _ in reports]
        number = len({entry.report for entry, _, _ in reports})
        gpu = only({named for _, _, named in reports} - {""})
        rows[address, gpu_id, gpu, min(times), max(times), number, any(verdicts) if verdicts else None] += 1
    return rows


def _is_stable(ids_by_hour: set[tuple[str, int]]) -> bool | None:
    if len({hour for _, hour in ids_by_hour}) < TOO_FEW_HOURS:
        return None
    return len(ids_by_hour) >= CHURNING_HOURS * len({gpu_id for gpu_id, _ in ids_by_hour})


def deploys(entries: Iterable[Entry]) -> Counter[tuple]:
    """Rows of dim_deploys."""
    first: dict[tuple[str, str, str], int] = {}
    for entry in uncontested(entries):
        for _, model, said in _listed(entry):
            if version := text(get(said, "runnerVersion")):
                key = (entry.address, model, version)
                first[key] = min(first.get(key, entry.time), entry.time)
    return Counter((*key, at) for key, at in first.items())
