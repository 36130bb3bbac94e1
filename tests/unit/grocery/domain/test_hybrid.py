from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.hybrid import Candidate, HybridSort, join
from manciple.grocery.domain.products import Price, Product

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def candidate(
    id_: str, score: float = 0.5, *, cents: int | None = 100, times: int = 0, hour: int = 12
) -> Candidate:
    at = NOON.replace(hour=hour)
    price = cents and Price(cents=cents, source="s", method="m", observed_at=at, confidence=1)
    product = Product(product_id=id_, name=id_, price=price or None, source="s", updated_at=at)
    return Candidate(product=product, score=score, source="s", times_bought=times)


def ids(found: tuple[Candidate, ...]) -> list[str]:
    return [one.product.product_id for one in found]


def test_a_product_stands_in_the_first_group_that_has_it() -> None:
    both = [candidate("a"), candidate("b")]
    groups = join(both[:1], both, [*both, candidate("c")], sort="relevance", limit=9)

    assert (ids(groups.past), ids(groups.new), ids(groups.recommended)) == (["a"], ["b"], ["c"])
    assert groups.total == 3


def test_the_fresher_price_of_two_sources_stands() -> None:
    old, new = candidate("a", cents=100, hour=8), candidate("a", cents=90, hour=11)
    (one,) = join((), [new, old], (), sort="relevance", limit=9).new

    assert one.product.price is not None
    assert one.product.price.cents == 90


def test_each_order_puts_the_unknown_last() -> None:
    found = [
        candidate("a", 0.9, cents=None),
        candidate("b", 0.5, cents=300, times=1),
        candidate("c", 0.7, cents=200, times=5),
    ]

    def order(sort: HybridSort) -> list[str]:
        return ids(join((), found, (), sort=sort, limit=9).new)

    assert order("relevance") == ["a", "c", "b"]
    assert order("price") == ["c", "b", "a"]
    assert order("purchase_frequency") == ["c", "b", "a"]
    assert order("rating") == ["a", "c", "b"]


groups = st.lists(
    st.builds(candidate, st.sampled_from("abcdefgh"), st.floats(0, 1), times=st.integers(0, 3))
)


@given(groups, groups, groups, st.sampled_from(["relevance", "price", "rating"]), st.integers(1, 9))
def test_no_product_is_shown_twice_and_none_is_made_up(
    past: list[Candidate],
    new: list[Candidate],
    recommended: list[Candidate],
    sort: HybridSort,
    limit: int,
) -> None:
    joined = join(past, new, recommended, sort=sort, limit=limit)
    shown = ids(joined.past) + ids(joined.new) + ids(joined.recommended)

    assert len(shown) == len(set(shown))
    assert set(shown) <= {one.product.product_id for one in [*past, *new, *recommended]}
    assert max(len(joined.past), len(joined.new), len(joined.recommended)) <= limit
