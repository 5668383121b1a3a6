"""kpis.md section 4: one number from 0 to 100 for an orchestrator, a model or a GPU over a window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kpis import bucketed

JITTER_TARGET = 0.1
E2E_TARGET_MS = 3000
#: From so many samples or requests on a scorecard grades (section 3), and from so many served requests on there is a score.
SAMPLES, REQUESTS = 30, 10
#: A median of fewer values is no target.
MEDIAN_OF = 30


@dataclass(frozen=True)
class Targets:
    """Of one model; null where there is none."""

    fps: float | None = None
    startup_ms: float | None = None


@dataclass(frozen=True)
class Attainment:
    """Of one model: `weight` is its served requests (FPS: its samples), `n` what is behind the value."""

    value: float
    weight: int
    n: int


def attainment(value: float, full: float, none: float) -> float:
    """Linear between the two values and never outside [0, 1]."""
    return min(1.0, max(0.0, (none - value) / (none - full)))


def reliability(failed: float, swapped: float) -> float:
    """From failed / served, and swapped and served / served."""
    return 0.8 * attainment(failed, 0.01, 0.10) + 0.2 * attainment(swapped, 0.05, 0.25)


def fallback(fps: list[float], startup_ms: list[float]) -> Targets:
    """The network's medians of a model over the seven full days before, without `DEGRADED_INPUT` samples; from the buckets."""

    def median(values: list[float], factor: int = 1) -> float | None:
        return bucketed(values, 50, factor) if len(values) >= MEDIAN_OF else None

    return Targets(median(fps, 100), median(startup_ms))


def _of_model(row: dict[str, Any], targets: Targets) -> dict[str, Attainment]:
    said = {
        "fps": (row["fps_fed_mean"], row["fps_fed_samples"], targets.fps, 0.5, row["fps_fed_samples"]),
        "startup": (row["startup_ms"]["mean"], row["startup_ms"]["n"], targets.startup_ms, 2, row["served"]),
        "e2e": (row["e2e_ms"]["mean"], row["e2e_ms"]["n"], E2E_TARGET_MS, 2, row["served"]),
        "jitter": (row["jitter_mean"], row["jitter_n"], JITTER_TARGET, 2, row["served"]),
    }
    return {
        name: Attainment(attainment(value, target, worst * target), weight, n)
        for name, (value, n, target, worst, weight) in said.items()
        if value is not None and target is not None
    }


def attainments(rows: list[dict[str, Any]], targets: dict[str | None, Targets]) -> dict[str, float]:
    """Those of quality that are at hand, of a group's rows by model, over the models that have one."""
    per_model = [_of_model(row, targets.get(row["model"], Targets())) for row in rows]
    found = {}
    for name, least in (("fps", SAMPLES), ("startup", REQUESTS), ("e2e", REQUESTS), ("jitter", SAMPLES)):
        those = [of[name] for of in per_model if name in of]
        weights = sum(one.weight for one in those)
        if sum(one.n for one in those) >= least and weights:
            found[name] = sum(one.value * one.weight for one in those) / weights
    return found


def score(rows: list[dict[str, Any]], targets: dict[str | None, Targets]) -> float | None:
    """Of a group's rows by model, as `Result.kpis(["model"])` gives them; null is "not enough data"."""
    served, failed, swapped = (sum(row[name] for row in rows) for name in ("served", "failed", "swapped_served"))
    at_hand = attainments(rows, targets)
    if served < REQUESTS or not at_hand:
        return None
    quality = sum(at_hand.values()) / len(at_hand)
    return 100 * (0.7 * reliability(failed / served, swapped / served) + 0.3 * quality)
