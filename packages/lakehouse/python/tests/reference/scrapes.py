"""kpis.md section 6: what the scraper measured, from its events and the capability reports."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any, Iterable

from capabilities import Capabilities, Timeline
from classify import HOUR, Message, get, name, number, text, url_key
from kpis import bucket

KINDS = ("orchestrator", "node", "runner")
REFUSALS = ("refused_url", "refused_address")
#: From so many parties on, fewer than half of those of the hour before are a scraper that was cut off.
PARTIES = 3


@dataclass
class Observation:
    """One URL in one round."""

    round: int
    url: str
    kind: str
    orchestrator: str | None
    reachable: bool
    refused: bool
    data: Any
    masked: bool = False

    @property
    def party(self) -> str:
        return self.orchestrator or self.url

    @property
    def heard(self) -> bool:
        return self.reachable and not self.masked

    def quantity(self, *path: str) -> float | None:
        return quantity(get(self.data, *path))


def quantity(value: Any) -> float | None:
    found = number(value)
    return found if found is not None and found >= 0 else None


def read_scrapes(messages: Iterable[Message], capabilities: Capabilities) -> list[Observation]:
    chosen: dict[tuple[int, str], Message] = {}
    for message in messages:
        if message.family != "orchestrator_scrape" or not _is_readable(message.data):
            continue
        key = (message.envelope_ms, url_key(get(message.data, "target")))
        if key not in chosen or message.order < chosen[key].order:
            chosen[key] = message
    rounds: dict[int, list[Observation]] = defaultdict(list)
    for (at, url), message in chosen.items():
        reachable = get(message.data, "reachable")
        rounds[at].append(
            Observation(
                round=at,
                url=url,
                kind=get(message.data, "kind"),
                orchestrator=capabilities.resolve(None, url, at).address,
                reachable=reachable,
                refused=not reachable and get(message.data, "error_class") in REFUSALS,
                data=message.data,
            )
        )
    whole = {at for at, seen in rounds.items() if _is_whole(seen)}
    for at, seen in rounds.items():
        before = [_reached(rounds[other]) for other in whole if at - HOUR <= other < at]
        if at not in whole or _is_cut_off(seen, before):
            for observation in seen:
                observation.masked = True
    return [observation for seen in rounds.values() for observation in seen]


def _is_readable(data: Any) -> bool:
    targets = number(get(data, "round_targets"))
    return (
        url_key(get(data, "target")) != ""
        and get(data, "kind") in KINDS
        and isinstance(get(data, "reachable"), bool)
        and targets is not None
        and targets == int(targets) >= 1
    )


def _is_whole(seen: list[Observation]) -> bool:
    return len(seen) >= max(number(get(o.data, "round_targets")) for o in seen)


def _asked(seen: list[Observation]) -> list[Observation]:
    return [o for o in seen if o.kind == "orchestrator" and not o.refused]


def _reached(seen: list[Observation]) -> set[str]:
    return {o.party for o in _asked(seen) if o.reachable}


def _is_cut_off(seen: list[Observation], before: list[set[str]]) -> bool:
    """`before`: whom each whole round of the hour before reached."""
    parties, reached = {o.party for o in _asked(seen)}, _reached(seen)
    known = parties & set().union(*before)
    # It is believed that nobody is there when whole rounds of an hour say so.
    is_believed = bool(before) and not any(before)
    nobody = len(parties) >= PARTIES and not reached and not is_believed
    return nobody or (len(known) >= PARTIES and 2 * len(known & reached) < len(known))


def hourly(observations: Iterable[Observation]) -> dict[tuple, Counter]:
    """Counts and sums by (hour, orchestrator, url, kind), as scrape_hourly stores them."""
    groups: dict[tuple, Counter] = defaultdict(Counter)
    for o in observations:
        parts = groups[o.round // HOUR * HOUR, o.orchestrator, o.url, o.kind]
        if o.masked:
            parts["masked"] += 1
        elif o.refused:
            parts["refused"] += 1
        else:
            parts["observations"] += 1
        if not o.heard:
            continue
        parts["reachable"] += 1
        total, used = o.quantity("capacity", "total"), o.quantity("capacity", "used")
        for name, value in {
            "response": o.quantity("latency_ms", "total"),
            "capacity": total,
            "in_use": used,
            "available": o.quantity("capacity", "available"),
        }.items():
            if value is not None:
                parts[f"{name}_n"] += 1
                parts[f"{name}_sum"] += value
        if total is not None and used is not None:
            parts["busy_sum"] += used
            parts["busy_capacity_sum"] += total
    return groups


def buckets(observations: Iterable[Observation]) -> Counter:
    """Response times by (hour, orchestrator, url, kind, bucket)."""
    found: Counter = Counter()
    for o in observations:
        ms = o.quantity("latency_ms", "total")
        if o.heard and ms is not None:
            found[o.round // HOUR * HOUR, o.orchestrator, o.url, o.kind, bucket(ms)] += 1
    return found


def readings(observations: Iterable[Observation], capabilities: Capabilities) -> dict[tuple, list[float]]:
    """Values by the key of scrape_readings_hourly."""
    found: dict[tuple, list[float]] = defaultdict(list)
    owners = _Owners(capabilities)
    for o in observations:
        if not o.heard:
            continue
        hour = o.round // HOUR * HOUR
        for gpu in _listed(o, "gpus"):
            used, gpu_id = quantity(get(gpu, "utilization_compute")), name(get(gpu, "id")) or None
            if used is not None and used <= 100:
                owner = o.orchestrator or owners.of(gpu_id, o.round)
                gpu_name = name(get(gpu, "name")) or None
                key = (hour, owner, o.url, o.kind, "gpu_utilization", None, None, gpu_id, gpu_name, None, None)
                found[key].append(used / 100)
        for runner in _listed(o, "runners") if o.kind == "orchestrator" else []:
            price = quantity(get(runner, "price"))
            if price is not None:
                of = [name(get(runner, member)) or None for member in ("pipeline", "model")]
                unit = [text(get(runner, member)) or None for member in ("price_currency", "price_unit")]
                key = (hour, o.orchestrator, o.url, o.kind, "price", *of, None, None, *unit)
                found[key].append(price)
    return found


def _listed(o: Observation, name: str) -> list[Any]:
    items = get(o.data, name)
    return items if isinstance(items, list) else []


class _Owners:
    """Whose a GPU is that a target without an orchestrator tells of."""

    def __init__(self, capabilities: Capabilities):
        entries = defaultdict(list)
        for entry in capabilities.entries:
            items = entry.data.get("hardware")
            for item in items if isinstance(items, list) else []:
                gpus = get(item, "gpu_info")
                for gpu in gpus.values() if isinstance(gpus, dict) else []:
                    if name(get(gpu, "id")):
                        entries[get(gpu, "id")].append(entry)
        self._timelines = {gpu_id: Timeline(items) for gpu_id, items in entries.items()}

    def of(self, gpu_id: str | None, time: int) -> str | None:
        """Only an id that begins with `GPU-` is one GPU wherever it appears."""
        if not (gpu_id or "").startswith("GPU-") or gpu_id not in self._timelines:
            return None
        around = self._timelines[gpu_id].around(time)
        addresses = {entry.address for entry in around}
        return addresses.pop() if len(addresses) == 1 else None
