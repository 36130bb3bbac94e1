"""Limits in windows, and what several processes tell each other of them."""

from dataclasses import replace

import pytest

from manciple.kit.errors import TooMany
from manciple.platform.security.limits import Policy, RateLimits
from tests.fakes import FakeClock

FEW = Policy("few", 3, 900)
MANY = Policy("many", 1000, 900)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def limits(clock: FakeClock) -> RateLimits:
    return RateLimits(clock)


def left(limits: RateLimits, policy: Policy = FEW) -> int:
    return limits.standing(policy, "a").left


def test_a_limit_holds_by_key_until_its_window_ends(limits: RateLimits, clock: FakeClock) -> None:
    for _ in range(3):
        limits.spend(FEW, "a")
    clock.turn(300)
    with pytest.raises(TooMany) as refused:
        limits.spend(FEW, "a")
    assert refused.value.wait_s == 600
    limits.spend(FEW, "b", calls=3)
    clock.turn(600)
    limits.spend(FEW, "a")
    assert left(limits) == 2


def test_no_turning_of_the_wall_clock_opens_or_lengthens_a_window(
    limits: RateLimits, clock: FakeClock
) -> None:
    limits.spend(FEW, "a", calls=3)
    clock.set_wall(3600)
    with pytest.raises(TooMany):
        limits.spend(FEW, "a")
    clock.set_wall(-7200)
    clock.turn(900)
    limits.spend(FEW, "a")


def test_a_standing_says_what_is_left_and_when_it_is_whole(
    limits: RateLimits, clock: FakeClock
) -> None:
    assert limits.standing(FEW, "a").header() == b'"few";r=3;t=0'
    limits.spend(FEW, "a")
    clock.turn(100.5)
    assert limits.standing(FEW, "a").header() == b'"few";r=2;t=800'


def test_of_a_large_limit_a_handful_is_counted_at_once(limits: RateLimits) -> None:
    for _ in range(4):
        limits.spend(MANY, "a")
    # Three are counted each time: the call, and two that are still to come.
    assert left(limits, MANY) == 1000 - 6


def test_what_others_spent_counts_here(limits: RateLimits, clock: FakeClock) -> None:
    limits.spend(FEW, "a")
    (told,) = limits.windows.fresh()
    assert (told.window_s, told.calls) == (900, 1)
    limits.spend(FEW, "a")
    # Others had made one call before, in a window that began earlier.
    limits.windows.hear(told, replace(told, calls=2, until_s=clock.monotonic() + 60))
    assert left(limits) == 0
    with pytest.raises(TooMany) as refused:
        limits.spend(FEW, "a")
    assert refused.value.wait_s == 60
    assert [one.calls for one in limits.windows.fresh()] == [2]


def test_who_is_over_the_limit_gives_nothing_more_to_tell(limits: RateLimits) -> None:
    rung: list[int] = []
    limits.on_fresh = lambda: rung.append(1)
    for _ in range(9):
        try:
            limits.spend(FEW, "a")
        except TooMany:
            continue
    assert len(rung) == 4
    (told,) = limits.windows.fresh()
    limits.windows.hear(told, told)
    assert limits.windows.fresh() == []


def test_windows_of_those_who_are_gone_are_bounded(limits: RateLimits) -> None:
    for number in range(10_001):
        limits.spend(FEW, str(number), calls=3)
    assert limits.standing(FEW, "0").left == 3
    assert limits.standing(FEW, "1").left == 0
    assert len(limits.windows.fresh()) == 10_000
