"""Joining what several sources found: each product once, sorted within its group. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

import msgspec

from manciple.grocery.domain.products import Product

HybridSort = Literal["relevance", "price", "rating", "purchase_frequency"]


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A product with what speaks for it; `score` is from 0 to 1 within its own source."""

    product: Product
    score: float
    source: str
    reasons: tuple[str, ...] = ()
    times_bought: int = 0
    last_bought_at: datetime | None = None


class Groups(msgspec.Struct, frozen=True, kw_only=True):
    """What the household bought before, what is new to it, and what it may want beside that."""

    past: tuple[Candidate, ...]
    new: tuple[Candidate, ...]
    recommended: tuple[Candidate, ...]

    @property
    def total(self) -> int:
        """How many products there are in all."""
        return len(self.past) + len(self.new) + len(self.recommended)


def join(
    past: Iterable[Candidate],
    new: Iterable[Candidate],
    recommended: Iterable[Candidate],
    *,
    sort: HybridSort,
    limit: int,
) -> Groups:
    """The groups with every product in the first that has it, each at most `limit` long.

    Of a product that several sources of one group know, the one with the fresher price stands.
    """
    seen: set[str] = set()
    groups = []
    for found in (past, new, recommended):
        fresh = _best_of_each(one for one in found if one.product.product_id not in seen)
        ranked = sorted(fresh.values(), key=lambda one: _key(one, sort))[:limit]
        seen.update(one.product.product_id for one in ranked)
        groups.append(tuple(ranked))
    return Groups(past=groups[0], new=groups[1], recommended=groups[2])


def _best_of_each(found: Iterable[Candidate]) -> Mapping[str, Candidate]:
    best: dict[str, Candidate] = {}
    for one in found:
        known = best.get(one.product.product_id)
        if known is None or _freshness(one) > _freshness(known):
            best[one.product.product_id] = one
    return best


def _freshness(one: Candidate) -> tuple[bool, float]:
    price = one.product.price
    return price is not None, price.observed_at.timestamp() if price else 0.0


def _key(one: Candidate, sort: HybridSort) -> tuple[tuple[float, ...], float, str]:
    """Smaller comes first; what is unknown comes last, and relevance breaks every tie."""
    price, rating = one.product.price, one.product.rating
    first: dict[HybridSort, tuple[float, ...]] = {
        "relevance": (),
        "price": (0, price.cents) if price else (1, 0),
        "rating": (0, -rating) if rating is not None else (1, 0),
        "purchase_frequency": (-one.times_bought,),
    }
    return first[sort], -one.score, one.product.product_id
