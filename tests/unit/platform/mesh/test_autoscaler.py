from hypothesis import given
from hypothesis import strategies as st

from manciple.platform.mesh.autoscaler import Autoscaler, Bounds, Targets, Usage, wanted

WIDE = Bounds(least=1, most=100)
shares = st.floats(0, 3)
usages = st.builds(Usage, cpu=shares, memory=shares, in_flight=shares)


def busy(cpu: float) -> Usage:
    return Usage(cpu=cpu, memory=0, in_flight=0)


def test_the_worst_figure_decides() -> None:
    usage = Usage(cpu=0.1, memory=1.2, in_flight=0.2)

    assert wanted(2, usage, Targets(memory=0.8)) == 3


def test_near_the_target_nothing_happens() -> None:
    assert [wanted(4, busy(cpu), Targets(cpu=0.5)) for cpu in (0.46, 0.5, 0.54)] == [4, 4, 4]


def test_growth_is_at_once_and_at_most_doubles_in_a_step() -> None:
    scaler = Autoscaler(WIDE)

    assert scaler.decide(2, busy(7.0), 0) == 4
    assert scaler.decide(4, busy(7.0), 10) == 4
    assert scaler.decide(4, busy(7.0), 15) == 8


def test_shrinking_waits_for_a_whole_quiet_window() -> None:
    scaler = Autoscaler(WIDE)
    sizes = [scaler.decide(4, busy(0.1), float(at_s)) for at_s in range(0, 301, 10)]

    assert sizes == [4] * 30 + [1]


def test_one_busy_moment_holds_the_size_for_another_window() -> None:
    scaler = Autoscaler(WIDE)
    for at_s in range(0, 290, 10):
        scaler.decide(4, busy(0.1), float(at_s))
    assert scaler.decide(4, busy(0.7), 290) == 4
    assert scaler.decide(4, busy(0.1), 400) == 4
    assert scaler.decide(4, busy(0.1), 591) == 1


def test_without_figures_nothing_changes() -> None:
    assert Autoscaler(WIDE).decide(5, None, 0) == 5


def test_a_service_that_may_not_scale_keeps_its_number() -> None:
    assert Autoscaler(Bounds(least=1, most=1, is_automatic=False)).decide(1, busy(9), 0) == 1


@given(
    st.integers(1, 5),
    st.integers(0, 10),
    st.lists(st.tuples(usages, st.floats(0, 60)), min_size=1, max_size=40),
)
def test_bounds_and_steps_hold_under_any_load(
    least: int, room: int, load: list[tuple[Usage, float]]
) -> None:
    bounds = Bounds(least=least, most=least + room)
    scaler, current, now_s = Autoscaler(bounds), least, 0.0
    for usage, passed_s in load:
        now_s += passed_s
        decided = scaler.decide(current, usage, now_s)
        assert bounds.least <= decided <= bounds.most
        assert decided <= max(current * 2, bounds.least)
        current = decided
