"""When an instance renews its lease."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.platform.mesh.member import until_next
from manciple.platform.mesh.registry import RENEWALS_OF_A_TTL, TTL_S

EVERY_S = TTL_S / RENEWALS_OF_A_TTL


@given(st.floats(0, 1e7))
def test_all_of_a_machine_renew_at_the_same_moments_and_never_late(now_s: float) -> None:
    rest_s = until_next(EVERY_S, now_s)
    off_s = (now_s + rest_s) % EVERY_S
    assert min(off_s, EVERY_S - off_s) < 1e-6
    assert EVERY_S * 0.1 < rest_s <= EVERY_S * 1.1


def test_a_timer_that_rings_a_little_early_does_not_renew_twice() -> None:
    assert until_next(3.0, 8.999) == pytest.approx(3.001)
