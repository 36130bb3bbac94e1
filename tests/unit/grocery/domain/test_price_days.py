"""Days keep everything that figures over looks need."""

from datetime import timedelta
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.price_days import Seen, by_day, merged, months, newest_first
from manciple.grocery.domain.price_statistics import statistics
from manciple.grocery.domain.products import Price
from manciple.grocery.domain.units import Size
from tests.list_builders import NOON

SMALL, LARGE = (Size(amount_thousandths=1000 * n, unit="ONZ") for n in (16, 18))


@st.composite
def looks(draw: st.DrawFn) -> Seen:
    """A look at some minute of some days, by one of two sources."""
    price = Price(
        cents=draw(st.integers(1, 900)),
        source=draw(st.sampled_from(["page", "api"])),
        method="seen",
        observed_at=NOON + timedelta(minutes=draw(st.integers(0, 6000))),
        store=draw(st.sampled_from([None, "3561"])),
        confidence=0.9,
    )
    return Seen(price=price, size=draw(st.sampled_from([None, SMALL, LARGE])))


# Two looks at one instant cannot be told apart in time; shops are asked once a moment.
MANY = st.lists(looks(), min_size=1, max_size=60, unique_by=lambda look: look.price.observed_at)


@given(MANY, st.integers(0, 60))
def test_days_in_two_parts_are_the_days_of_all(seen: list[Seen], cut: int) -> None:
    together = {day.kind: day for day in by_day(seen[:cut])}
    for day in by_day(seen[cut:]):
        known = together.get(day.kind)
        together[day.kind] = merged(known, day) if known is not None else day

    assert newest_first(together.values()) == by_day(seen)


@given(MANY)
def test_figures_over_days_are_those_over_the_looks(seen: list[Seen]) -> None:
    figures = statistics(by_day(seen))
    assert figures is not None
    cents = sorted(look.price.cents for look in seen)

    assert (figures.count, figures.least.cents, figures.most.cents) == (
        len(cents),
        cents[0],
        cents[-1],
    )
    assert abs(figures.median_cents - median(cents)) <= 0.5
    assert abs(figures.mean_cents - sum(cents) / len(cents)) <= 0.5
    assert figures.newest == max(seen, key=lambda look: look.price.observed_at).price
    assert figures.least in [look.price for look in seen]
    assert figures.most in [look.price for look in seen]


def test_a_month_is_the_middle_of_its_days_however_often_each_was_seen() -> None:
    def look(cents: int, day: int, minute: int = 0) -> Seen:
        at = NOON + timedelta(days=day, minutes=minute)
        price = Price(cents=cents, source="p", method="m", observed_at=at, confidence=1.0)
        return Seen(price=price)

    many = [look(900, 0, minute) for minute in range(50)]
    found = months(by_day([*many, look(300, 1), look(300, 2)]))

    assert list(found.values()) == [(300, 3)]
