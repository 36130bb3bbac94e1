"""The cheapest packages that together hold at least a needed amount.

A covering knapsack with any number of each package. The search goes by rising cost, so the first
cover found is a cheapest one; it gives up beyond `MAX_STEPS` and then keeps the best of two
simple ways, so the answer is never worse than buying by unit price.
"""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from heapq import heappop, heappush
from math import ceil, lcm

import msgspec

# 50 ms on one core. Ten usual sizes of rice for a need of two pounds or of twelve take under 1 ms;
# only odd sizes in large amounts come this far.
MAX_STEPS = 4_000


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """One package on offer: what it costs and how much it holds (in any one unit; above zero)."""

    product_id: str
    cents: int
    amount: Fraction


class PackPlan(msgspec.Struct, frozen=True, kw_only=True):
    """How many of which package; `is_exact` where no cheaper cover exists.

    Of equally cheap covers it leaves the least over, and of those it has the fewest packages.
    """

    packages: tuple[tuple[str, int], ...]
    cents: int
    amount: Fraction
    leftover: Fraction
    is_exact: bool


# Cost, amount (in the queue: what is missing first), packages, how many of each offer.
_State = tuple[int, int, int, tuple[int, ...]]


def cheapest(packs: Sequence[Pack], needed: Fraction) -> PackPlan | None:
    """The plan for `needed` (above zero); None where nothing is on offer."""
    offers = _worth_offering(packs)
    if not offers:
        return None
    exact = _search(offers, needed)
    if exact is not None:
        return _plan(offers, exact, needed, is_exact=True)
    counts = min(
        (_by_unit_price(offers, needed), _one_kind(offers, needed)),
        key=lambda found: _rank(offers, found, needed),
    )
    return _plan(offers, counts, needed, is_exact=False)


def _worth_offering(packs: Sequence[Pack]) -> list[Pack]:
    """One package of each size, the cheapest, by rising unit price."""
    best: dict[Fraction, Pack] = {}
    for pack in packs:
        if pack.amount > 0 and (
            pack.amount not in best
            or (pack.cents, pack.product_id)
            < (best[pack.amount].cents, best[pack.amount].product_id)
        ):
            best[pack.amount] = pack
    return sorted(best.values(), key=lambda pack: (pack.cents / pack.amount, -pack.amount))


def _search(offers: list[Pack], needed: Fraction) -> tuple[int, ...] | None:
    """How many of each offer, proven cheapest; None where that takes too long."""
    # Whole numbers of the smallest common part: fractions would take ten times as long.
    scale = lcm(needed.denominator, *(pack.amount.denominator for pack in offers))
    goal = int(needed * scale)
    steps = [(pack.cents, int(pack.amount * scale)) for pack in offers]
    edge: list[_State] = [(0, 0, 0, (0,) * len(offers))]
    seen = {0: (0, 0)}
    best: _State | None = None
    for _ in range(MAX_STEPS):
        if not edge or (best is not None and edge[0][0] > best[0]):
            return None if best is None else best[3]
        cost, minus_amount, packages, counts = heappop(edge)
        amount = -minus_amount
        if amount >= goal:
            found = (cost, amount, packages, counts)
            best = found if best is None else min(best, found)
        elif seen[amount] == (cost, packages):
            for place, (cents, contents) in enumerate(steps):
                after, total = (cost + cents, packages + 1), amount + contents
                if total not in seen or after < seen[total]:
                    seen[total] = after
                    more = (*counts[:place], counts[place] + 1, *counts[place + 1 :])
                    heappush(edge, (after[0], -total, after[1], more))
    return None


def _by_unit_price(offers: list[Pack], needed: Fraction) -> tuple[int, ...]:
    """The best unit price as often as it fits, then the cheapest single package for the rest."""
    first = offers[0]
    whole = int(needed / first.amount)
    rest = needed - whole * first.amount
    counts = Counter({0: whole})
    if rest > 0:
        closing = [place for place, pack in enumerate(offers) if pack.amount >= rest]
        counts[min(closing, key=lambda place: offers[place].cents) if closing else 0] += 1
    return tuple(counts[place] for place in range(len(offers)))


def _one_kind(offers: list[Pack], needed: Fraction) -> tuple[int, ...]:
    """As many as it takes of the one package that is cheapest alone."""
    counts = [ceil(needed / pack.amount) for pack in offers]
    best = min(range(len(offers)), key=lambda place: counts[place] * offers[place].cents)
    return tuple(counts[best] if place == best else 0 for place in range(len(offers)))


def _rank(offers: list[Pack], counts: Sequence[int], needed: Fraction) -> tuple[int, Fraction, int]:
    plan = _plan(offers, counts, needed, is_exact=False)
    return (plan.cents, plan.leftover, sum(counts))


def _plan(
    offers: list[Pack], counts: Sequence[int], needed: Fraction, *, is_exact: bool
) -> PackPlan:
    taken = [(pack, count) for pack, count in zip(offers, counts, strict=True) if count]
    amount = sum((pack.amount * count for pack, count in taken), Fraction())
    return PackPlan(
        packages=tuple((pack.product_id, count) for pack, count in taken),
        cents=sum(pack.cents * count for pack, count in taken),
        amount=amount,
        leftover=amount - needed,
        is_exact=is_exact,
    )
