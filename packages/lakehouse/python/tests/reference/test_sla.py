"""Section 4 of kpis.md on examples that were worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from kpis import bucket, bucket_mid
from sla import Targets, attainments, fallback, reliability, score


def model(name: str = "m", served: int = 100, **parts: Any) -> dict[str, Any]:
    """A group's row of one model with everything at its target, unless told."""
    row = {
        "model": name, "served": served, "failed": 0, "swapped_served": 0,
        "fps_fed_mean": 20, "fps_fed_samples": 100, "jitter_mean": 0.1, "jitter_n": 100,
        "startup_ms": {"mean": 10_000, "n": 100}, "e2e_ms": {"mean": 3000, "n": 100},
    }  # fmt: skip
    return {**row, **parts}


TARGETS = {"m": Targets(fps=20, startup_ms=10_000)}
NO_LATENCY = {"startup_ms": {"mean": None, "n": 0}, "e2e_ms": {"mean": None, "n": 0}}


@pytest.mark.parametrize(
    ("failed", "swapped", "expected"),
    [(0.01, 0.05, 1), (0, 0, 1), (0.1, 0.05, 0.2), (0.055, 0.15, 0.5), (0.01, 0.25, 0.8), (1, 1, 0)],
)
def test_reliability_falls_from_the_allowed_share_to_none(failed, swapped, expected):
    assert reliability(failed, swapped) == pytest.approx(expected)


def test_five_times_the_allowed_failures_score_what_they_are_worth():
    assert score([model()], TARGETS) == pytest.approx(100)
    # 5 %: (10 − 5) / 9 of 0.8 · 0.7 · 100, and the rest is whole.
    assert score([model(failed=5)], TARGETS) == pytest.approx(100 - 56 * (1 - 5 / 9))


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"fps_fed_mean": 15}, {"fps": 0.5}),
        ({"fps_fed_mean": 10}, {"fps": 0}),
        ({"startup_ms": {"mean": 12_500, "n": 10}}, {"startup": 0.75}),
        ({"e2e_ms": {"mean": 6001, "n": 10}}, {"e2e": 0}),
        ({"jitter_mean": 0.15}, {"jitter": 0.5}),
        ({"jitter_mean": None}, {"jitter": None}),
        ({"fps_fed_samples": 29, "jitter_n": 29}, {"fps": None, "jitter": None}),
        ({"startup_ms": {"mean": 1, "n": 9}, "e2e_ms": {"mean": 1, "n": 9}}, {"startup": None, "e2e": None}),
    ],
)
def test_an_attainment_is_linear_to_twice_the_target_and_at_hand_from_enough_on(parts, expected):
    found = attainments([model(**parts)], TARGETS)
    whole = {"fps": 1, "startup": 1, "e2e": 1, "jitter": 1, **expected}
    assert found == pytest.approx({name: value for name, value in whole.items() if value is not None})


def test_models_are_weighted_by_served_requests_and_fps_by_samples():
    models = [
        model("a", served=30, fps_fed_mean=20, fps_fed_samples=10, startup_ms={"mean": 20_000, "n": 5}),
        model("b", served=10, fps_fed_mean=10, fps_fed_samples=30, startup_ms={"mean": 1, "n": 5}),
        model("no targets", served=60),
    ]
    found = attainments(models, {name: Targets(20, 10_000) for name in "ab"})
    assert (found["fps"], found["startup"], found["e2e"]) == (0.25, 0.25, 1)


def test_there_is_no_score_under_10_served_requests_or_without_quality():
    assert score([model(served=9)], TARGETS) is None
    assert score([model(served=10)], TARGETS) == pytest.approx(100)
    assert score([model(jitter_n=29, **NO_LATENCY)], {}) is None
    assert score([model(**NO_LATENCY)], {}) == pytest.approx(100)
    assert score([], TARGETS) is None


def test_without_a_row_of_targets_the_medians_of_30_values_are_them():
    assert fallback([10.0] * 29, [5000.0] * 29) == Targets()
    found = fallback([10.0] * 16 + [30.0] * 14, [5000.0] * 30)
    assert (found.fps, found.startup_ms) == (bucket_mid(bucket(1000)) / 100, bucket_mid(bucket(5000)))
