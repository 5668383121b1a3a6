"""kpis.md section 2, **Orchestrator**, **Warm**, **GPU**: look-ups in the capability reports."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Iterable

from classify import DAY, MINUTE, Message, address_key, get, name, url_key

BEHIND = DAY
AHEAD = 30 * MINUTE
LIVE_VIDEO = "35"


@dataclass(frozen=True)
class Entry:
    """One orchestrator URL in one capability report."""

    time: int
    report_id: bytes
    index: int
    address: str
    wallet: str
    url: str
    data: dict[str, Any]

    @property
    def order(self) -> tuple[int, bytes, int]:
        return (self.time, self.report_id, self.index)

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
    """Whom a message names. `entry` only when its URL was found in a report."""

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


class Capabilities:
    def __init__(self, messages: Iterable[Message]):
        self.entries: list[Entry] = []
        for message in messages:
            if message.family == "network_capabilities":
                self._add(message)
        by_url = defaultdict(list)
        by_wallet = defaultdict(list)
        for entry in self.entries:
            by_url[entry.url].append(entry)
            by_wallet[entry.wallet].append(entry)
        by_url.pop("", None)
        by_wallet.pop("", None)
        self._urls = {key: Timeline(items) for key, items in by_url.items()}
        self._wallets = {key: Timeline(items) for key, items in by_wallet.items()}
        self._hardware: dict[tuple[str, str], Timeline] = {}

    def _add(self, message: Message) -> None:
        data = message.data
        for index, item in enumerate(data if isinstance(data, list) else [data]):
            self.entries.append(
                Entry(
                    time=message.envelope_ms,
                    report_id=message.order[1],
                    index=index,
                    address=address_key(item.get("address")),
                    wallet=address_key(item.get("local_address")),
                    url=url_key(item.get("orch_uri")),
                    data=item,
                )
            )

    def resolve(self, address: Any, url: Any, time: int) -> Resolved:
        """Whom `orchestrator_info` of a message at envelope time `time` names."""
        wallet = address_key(address)
        key = url_key(url)
        entry = self._urls[key].at(time) if key in self._urls else None
        if entry:
            return Resolved(entry.address, "canonical", key, time, entry)
        if wallet:
            around = self._wallets[wallet].around(time) if wallet in self._wallets else []
            addresses = {entry.address for entry in around}
            if len(addresses) == 1:
                return Resolved(addresses.pop(), "canonical", key, time, None)
            return Resolved(wallet, "reported", key, time, None)
        return Resolved(None, None, key, time, None)

    def _hardware_entry(self, url: str, model: str, time: int) -> Entry | None:
        key = (url, model)
        if key not in self._hardware:
            self._hardware[key] = Timeline(
                entry for entry in self._urls[url].entries if entry.hardware(model)
            )
        return self._hardware[key].at(time)

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
        entry = self._hardware_entry(resolved.url, model, resolved.time)
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
