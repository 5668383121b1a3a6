"""kpis.md section 3: numbers of groups, from the facts of requests, samples, payments and inference by five minutes."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any, Iterable

from capabilities import Capabilities
from classify import HOUR, SLOT, Message, get, lower, name, number, text
from request_facts import Attribution, Inference, Request, Sample

#: Of kpi_hourly; those of kpi_5min have `slot` in place of `hour`.
DIMENSIONS = ("hour", "gateway", "region", "orchestrator", "model", "pipeline", "gpu", "gpu_id")
Z = 1.959964


@dataclass(frozen=True)
class Seeds:
    """The tables that kpis.md refers to, passed in by the caller.

    regions: gateway name suffix without its dash → region;
    peak_flops: GPU name → FLOPS; flops_per_frame: model → FLOPs.
    """

    regions: dict[str, str] = field(default_factory=dict)
    peak_flops: dict[str, float] = field(default_factory=dict)
    flops_per_frame: dict[str, float] = field(default_factory=dict)

    def region_of(self, gateway: str) -> str | None:
        _, dash, suffix = gateway.rpartition("-")
        return self.regions.get(suffix) if dash else None


@dataclass(frozen=True)
class Payment:
    at: int
    fees_eth: float | None
    gateway: str
    region: str | None
    orchestrator: str | None
    model: str | None
    pipeline: str | None
    gpu: str | None
    gpu_id: str | None

    @property
    def slot(self) -> int:
        return self.at // SLOT * SLOT

    @property
    def hour(self) -> int:
        return self.at // HOUR * HOUR

    @property
    def row(self) -> tuple:
        """Of fct_payments, but for the fees: only whether they can be read."""
        of = (self.gateway, self.region, self.orchestrator, self.model, self.pipeline, self.gpu, self.gpu_id)
        return (self.at, self.hour, *of, self.fees_eth is not None)


# --- Payments (section 3, demand) --------------------------------------------

_AMOUNT = re.compile(r"(\S+) (wei|eth)", re.IGNORECASE | re.ASCII)
WEI = 10**18


def eth(value: Any) -> float | None:
    """`faceValue` in ETH: a number from 0, one blank and WEI or ETH in any case; null for anything else."""
    match = _AMOUNT.fullmatch(text(value))
    amount = number(match[1]) if match else None
    if amount is None or amount < 0:
        return None
    return amount / WEI if lower(match[2]) == "wei" else float(amount)


def whole(value: Any) -> int | float | None:
    """A whole number from 0."""
    found = number(value)
    return found if found is not None and found >= 0 and found == int(found) else None


def share(value: Any) -> int | float | None:
    """A number in [0, 1]."""
    found = number(value)
    return found if found is not None and 0 <= found <= 1 else None


def fees(message: Message) -> float | None:
    """In ETH; null where they can't be read."""
    if message.family == "create_signed_ticket":
        fee = whole(get(message.data, "computed_fee"))
        return None if fee is None else fee / WEI
    parts = (
        eth(get(message.data, "faceValue")),
        share(get(message.data, "winProb")),
        whole(get(message.data, "numTickets")),
    )
    return None if None in parts else parts[0] * parts[1] * parts[2]


def model_of_ticket(message: Message) -> str | None:
    """What follows the first `/` of its `app`."""
    return name(text(get(message.data, "app")).partition("/")[2]) or None


def read_payments(
    messages: Iterable[Message],
    requests: Iterable[Request],
    attribution: Attribution,
    capabilities: Capabilities,
    seeds: Seeds,
) -> list[Payment]:
    by_key = {(r.stream_id, r.request_id): r for r in requests}
    payments = []
    for message in messages:
        if message.family not in ("create_new_payment", "create_signed_ticket"):
            continue
        is_ticket = message.family == "create_signed_ticket"
        named = name(get(message.data, "request_id" if is_ticket else "requestID"))
        key = attribution.of(named, message.envelope_ms) if named else None
        if key is not None:
            r = by_key[key]
            payments.append(
                Payment(
                    message.event_ms, fees(message), r.gateway, r.region, r.orchestrator, r.model,
                    r.pipeline, r.gpu, r.gpu_id,
                )
            )
        else:
            url = get(message.data, "orch_url" if is_ticket else "orchestrator")
            resolved = capabilities.resolve(None, url, message.envelope_ms)
            region = seeds.region_of(message.gateway)
            model = model_of_ticket(message) if is_ticket else None
            payments.append(
                Payment(
                    message.event_ms, fees(message), message.gateway, region, resolved.address, model, None,
                    None, None,
                )
            )
    return payments


# --- Statistics -------------------------------------------------------------


def wilson(k: int, n: int) -> tuple[float, float]:
    """95 % interval of the rate k / n; [0, 1] for n = 0."""
    if n == 0:
        return 0.0, 1.0
    p = k / n
    centre = p + Z * Z / (2 * n)
    spread = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    scale = 1 + Z * Z / n
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def percentile(values: list[float], percent: int) -> float | None:
    """Nearest rank: p·n rounded up, in whole numbers."""
    if not values:
        return None
    return sorted(values)[-(-percent * len(values) // 100) - 1]


def bucket(value: float) -> int:
    return math.ceil(math.log(max(value, 1)) / math.log(1.02))


def bucket_mid(index: int) -> float:
    return 2 * 1.02**index / 2.02


def bucketed(values: list[float], percent: int, factor: int = 1) -> float | None:
    """The percentile as merged buckets give it."""
    found = percentile([bucket(factor * value) for value in values], percent)
    return None if found is None else bucket_mid(found) / factor


def latency(values: list[float]) -> dict[str, Any]:
    return {
        "n": len(values),
        "mean": mean(values),
        **{f"p{p}": percentile(values, p) for p in (50, 95, 99)},
    }


def bucketed_latency(values: list[float]) -> dict[str, Any]:
    return {f"p{p}": bucketed(values, p) for p in (50, 95, 99)}


def _known(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]


# --- Groups -----------------------------------------------------------------


def group_row(
    requests: list[Request],
    samples: list[Sample],
    payments: list[Payment],
    inference: list[Inference],
    seeds: Seeds,
) -> dict[str, Any]:
    """One KpiRow of requests that count, output samples, payments and inference of requests that count.

    `bucketed` holds, beside the exact percentiles, those of the stored buckets.
    """
    n = len(requests)

    def outcome(name: str) -> int:
        return sum(r.outcome == name for r in requests)

    failed = outcome("failed")
    swapped = sum(r.swapped for r in requests)
    errors = sum(r.error_events for r in requests)
    fps = [s.fps for s in samples]
    fed = [s.fps for s in samples if s.fed]
    jitter = _known(r.jitter for r in requests)
    ptff = _known(r.ptff_ms for r in requests if not r.overlay)
    e2e = _known(r.e2e_ms for r in requests if not r.overlay)
    startup = _known(r.startup_ms for r in requests)
    cold = _known(r.startup_ms for r in requests if r.warm is False)
    cue = [
        (s.fps * seeds.flops_per_frame[s.model], seeds.peak_flops[s.gpu])
        for s in samples
        if s.model in seeds.flops_per_frame and s.gpu in seeds.peak_flops
    ]
    failure_low, failure_high = wilson(failed, n)
    swap_low, swap_high = wilson(swapped, n)
    return {
        "requests": n,
        "failed": failed,
        "unserved": outcome("unserved"),
        "abandoned": outcome("abandoned"),
        "unknown": outcome("unknown"),
        "running": outcome("running"),
        "served": sum(r.served for r in requests),
        "swapped": swapped,
        "swapped_served": sum(r.swapped and r.served for r in requests),
        "failed_swaps": sum(r.failed_swap for r in requests),
        "error_events": errors,
        "restarts": sum(r.restarts for r in requests),
        "overlay": sum(r.overlay for r in requests),
        "complete": sum(r.complete for r in requests),
        "startup_missing": sum(r.startup_missing for r in requests),
        "fps_samples": len(fps),
        "fps_mean": mean(fps),
        "fps_fed_samples": len(fed),
        "fps_fed_mean": mean(fed),
        "fps_p50": percentile(fps, 50),
        "fps_p95": percentile(fps, 95),
        "failure_rate": failed / n if n else None,
        "failure_rate_low": failure_low,
        "failure_rate_high": failure_high,
        "swap_rate": swapped / n if n else None,
        "swap_rate_low": swap_low,
        "swap_rate_high": swap_high,
        "error_rate": errors / n if n else None,
        "jitter_n": len(jitter),
        "jitter_mean": mean(jitter),
        "jitter_p95": percentile(jitter, 95),
        "cue": sum(a for a, _ in cue) / sum(p for _, p in cue) if cue else None,
        "cue_samples": len(cue),
        "ptff_ms": latency(ptff),
        "e2e_ms": latency(e2e),
        "startup_ms": latency(startup),
        "cold_startup_ms": latency(cold),
        "inference_ms": sum(part.ms for part in inference),
        "fees_eth": float(sum(_known(p.fees_eth for p in payments))),
        "payments": len(payments),
        "unread_payments": sum(p.fees_eth is None for p in payments),
        "bucketed": {
            "fps_p50": bucketed(fps, 50, 100),
            "fps_p95": bucketed(fps, 95, 100),
            "jitter_p95": bucketed(jitter, 95, 10_000),
            "ptff_ms": bucketed_latency(ptff),
            "e2e_ms": bucketed_latency(e2e),
            "startup_ms": bucketed_latency(startup),
            "cold_startup_ms": bucketed_latency(cold),
        },
    }
