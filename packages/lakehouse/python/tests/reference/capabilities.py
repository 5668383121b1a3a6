"""kpis.md section 2, **Orchestrator**, **Warm**, **GPU**: look-ups in the capability reports."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Callable, Hashable, Iterable

from classify import DAY, MINUTE, Message, address_key, entries_of, get, name, url_key

BEHIND = DAY
AHEAD = 30 * MINUTE
LIVE_VIDEO = "35"


class Report:
    """One capability report: its envelope time and id, and the entries in it that have an address."""

    def __init__(self, message: Message):
        self.time, self.id = message.order
        self.entries: list[Entry] = []
        for index, item in enumerate(entries_of(message.data)):
            # An entry whose address is empty is left out (section 1, family minimum).
            if address := address_key(item.get("address")):
                wallet, url = address_key(item.get("local_address")), url_key(item.get("orch_uri"))
                self.entries.append(Entry(self, index, address, wallet, url, item))

    def addresses(self, url: str, wallet: str | None = None) -> set[str]:
        """To whom it gives a URL, with that hot wallet if there is one."""
        return {e.address for e in self.entries if e.url == url and wallet in (None, e.wallet)}


@dataclass(frozen=True, eq=False)
class Entry:
    """One orchestrator URL in one capability report."""

    report: Report
    index: int
    address: str
    wallet: str
    url: str
    data: dict[str, Any]

    @property
    def time(self) -> int:
        return self.report.time

    @property
    def order(self) -> tuple[int, bytes, int]:
        """Ties go to the bytewise larger id, then to the later in the array."""
        return (self.time, self.report.id, self.index)

    @property
    def contested(self) -> bool:
        """Whether its report gives its URL to several addresses."""
        return bool(self.url) and len(self.report.addresses(self.url)) >= 2

    def hardware(self, model: str) -> list[dict[str, Any]]:
        items = self.data.get("hardware")
        return [
            item
            for item in (items if isinstance(items, list) else [])
            if isinstance(item, dict) and item.get("model_id") == model
        ]

    def models(self, capability: str) -> dict[str, Any]:
        models = get(
            self.data,
            "capabilities",
            "constraints",
            "PerCapability",
            capability,
            "models",
        )
        return models if isinstance(models, dict) else {}

    def warm(self, model: str) -> bool | None:
        per_capability = get(
            self.data, "capabilities", "constraints", "PerCapability"
        )
        names = per_capability if isinstance(per_capability, dict) else {}
        # A null may be missing, so a null model is one that is not listed.
        listed = [
            self.models(capability)[model]
            for capability in names
            if self.models(capability).get(model) is not None
        ]
        if not listed:
            return None
        return any(get(item, "warm") is True for item in listed)


def gpu_names(items: list[dict[str, Any]], member: str) -> set[str]:
    """What the GPUs of hardware items are named by a member."""
    found = set()
    for item in items:
        gpus = item.get("gpu_info")
        for gpu_info in gpus.values() if isinstance(gpus, dict) else []:
            found.add(name(get(gpu_info, member)))
    return found - {""}


def only(values: set[str]) -> str | None:
    return next(iter(values)) if len(values) == 1 else None


@dataclass(frozen=True)
class Resolved:
    """Whom a message names. `entry` only when its URL was found in a report and is not contested."""

    address: str | None
    identity: str | None
    url: str
    time: int
    entry: Entry | None


class Timeline:
    """Entries in order; finds the one that stands for a time."""

    def __init__(self, entries: Iterable[Entry]):
        self.entries = sorted(entries, key=lambda entry: entry.order)
        self.times = [entry.time for entry in self.entries]

    def at(self, time: int) -> Entry | None:
        """The newest in [t − 24 h, t], else the oldest in (t, t + 30 min]."""
        after = bisect_right(self.times, time)
        if after > 0 and self.times[after - 1] >= time - BEHIND:
            return self.entries[after - 1]
        if after < len(self.times) and self.times[after] <= time + AHEAD:
            # Of those with the same time: the larger id, the later in the array.
            return self.entries[bisect_right(self.times, self.times[after]) - 1]
        return None

    def around(self, time: int) -> list[Entry]:
        """All in [t − 24 h, t + 30 min]."""
        return self.entries[
            bisect_left(self.times, time - BEHIND) : bisect_right(
                self.times, time + AHEAD
            )
        ]


def _timelines(entries: Iterable[Entry], key: Callable[[Entry], Hashable]) -> dict[Hashable, Timeline]:
    """Entries by a key, of those that have one."""
    found = defaultdict(list)
    for entry in entries:
        if key(entry):
            found[key(entry)].append(entry)
    return {of: Timeline(items) for of, items in found.items()}


class Capabilities:
    def __init__(self, messages: Iterable[Message]):
        self.reports = [Report(m) for m in messages if m.family == "network_capabilities"]
        #: Those with an address.
        self.entries = [entry for report in self.reports for entry in report.entries]
        self._urls = _timelines(self.entries, lambda e: e.url)
        self._wallets = _timelines(self.entries, lambda e: e.wallet)
        self._both = _timelines(self.entries, lambda e: e.url and e.wallet and (e.url, e.wallet))
        self._hardware: dict[tuple[str, str, str], Timeline] = {}

    def resolve(self, address: Any, url: Any, time: int) -> Resolved:
        """Whom `orchestrator_info` of a message at envelope time `time` names (section 2, **Orchestrator**)."""
        wallet, key = address_key(address), url_key(url)
        # Of the entries with the message's hot wallet, if one of them lies in the window, else of all.
        of_wallet = self._both[key, wallet].at(time) if (key, wallet) in self._both else None
        entry = of_wallet or (self._urls[key].at(time) if key in self._urls else None)
        if entry:
            if len(entry.report.addresses(key, wallet if of_wallet else None)) >= 2:
                return Resolved(None, "contested", key, time, None)
            return Resolved(entry.address, "canonical", key, time, entry)
        if wallet:
            around = self._wallets[wallet].around(time) if wallet in self._wallets else []
            addresses = {entry.address for entry in around}
            if len(addresses) == 1:
                return Resolved(addresses.pop(), "canonical", key, time, None)
            return Resolved(wallet, "reported", key, time, None)
        return Resolved(None, None, key, time, None)

    def _hardware_entry(self, resolved: Resolved, model: str) -> Entry | None:
        """Of that URL and the resolved address the entry whose hardware lists the model."""
        key = (resolved.url, resolved.address, model)
        if key not in self._hardware:
            self._hardware[key] = Timeline(
                entry
                for entry in self._urls[resolved.url].entries
                if entry.address == resolved.address and entry.hardware(model)
            )
        return self._hardware[key].at(resolved.time)

    def warm(self, resolved: Resolved, model: str | None) -> bool | None:
        if resolved.entry is None or model is None:
            return None
        return resolved.entry.warm(model)

    def gpu_and_pipeline(
        self, resolved: Resolved, model: str | None
    ) -> tuple[str | None, str | None, str | None]:
        """Name, id and pipeline of the URL at the time of the message; nothing without a URL that resolved."""
        if resolved.entry is None or model is None:
            return None, None, None
        gpu = gpu_id = pipeline = None
        entry = self._hardware_entry(resolved, model)
        if entry:
            items = entry.hardware(model)
            gpu, gpu_id = (only(gpu_names(items, member)) for member in ("name", "id"))
            pipelines = [name(item.get("pipeline")) for item in items]
            pipeline = next((named for named in pipelines if named), None)
        if (
            pipeline is None
            and resolved.entry.models(LIVE_VIDEO).get(model) is not None
        ):
            pipeline = "live-video-to-video"
        return gpu, gpu_id, pipeline
