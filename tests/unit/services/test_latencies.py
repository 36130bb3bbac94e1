"""Quantiles from buckets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.services.latencies import Histogram, together
from manciple.services.metrics import BUCKETS_S, DoorMetrics


def histogram(*counts: float) -> Histogram:
    return Histogram(bounds_s=(0.1, 0.2, 0.4), counts=counts, sum_s=1.0)


def test_a_quantile_lies_evenly_within_its_bucket() -> None:
    found = histogram(0, 10, 0, 0)
    assert found.quantile_s(0.5) == pytest.approx(0.15)
    assert found.quantile_s(1.0) == pytest.approx(0.2)


def test_of_what_is_slower_than_every_bound_the_bound_is_told() -> None:
    assert histogram(1, 0, 0, 9).quantile_s(0.99) == 0.4


def test_without_calls_nothing_is_told() -> None:
    found = histogram(0, 0, 0, 0)
    assert (found.quantile_s(0.5), found.mean_s, found.count) == (None, None, 0)


@given(st.lists(st.floats(0, 29.9), min_size=1, max_size=200), st.floats(0.01, 1))
def test_a_quantile_is_in_the_bucket_of_the_true_one(took_s: list[float], share: float) -> None:
    counts = [0.0] * (len(BUCKETS_S) + 1)
    for one in took_s:
        counts[next(n for n, bound in enumerate(BUCKETS_S) if one <= bound)] += 1
    found = Histogram(bounds_s=BUCKETS_S, counts=tuple(counts), sum_s=sum(took_s))
    told = found.quantile_s(share)
    rank = min(len(took_s) - 1, max(0, -int(-share * len(took_s) // 1) - 1))
    true = sorted(took_s)[rank]
    upper = next(bound for bound in BUCKETS_S if true <= bound)
    assert told is not None
    assert told <= upper + 1e-9


def test_several_instances_count_together() -> None:
    both = together([histogram(1, 0, 0, 0), histogram(0, 0, 3, 0)])
    assert (both.counts, both.sum_s) == ((1, 0, 3, 0), 2.0)


def test_answers_at_hand_are_in_the_histogram_of_their_procedure() -> None:
    metrics = DoorMetrics()
    meter = metrics.meter("POST", "/trpc", path="a.b")
    metrics.call_done("a.b", "OK", took_s=0.2)
    meter.add(0.0001)
    (family,) = [one for one in metrics.collect() if one.name == "manciple_call_duration_seconds"]
    values = {one.labels.get("le"): one.value for one in family.samples if "le" in one.labels}
    assert (values["0.0005"], values["0.1"], values["0.25"], values["+Inf"]) == (1, 1, 2, 2)
