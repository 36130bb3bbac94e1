"""Narrowing what was found: the filters of a wish, and the values that would narrow it further."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache

import msgspec

from manciple.grocery.domain.claims import grocery_claims
from manciple.grocery.domain.queries import Understood
from manciple.grocery.domain.search_wishes import Wish
from manciple.grocery.index.cards import Card

# Values of one facet that are told; a shelf has about forty categories.
_FACET_VALUES = 25


class Facet(msgspec.Struct, frozen=True, kw_only=True):
    """How many hits have which value, most first; counted before paging."""

    name: str
    values: tuple[tuple[str, int], ...]


def filters_of(wish: Wish, wanted: Understood) -> dict[str, Callable[[Card], bool]]:
    """The filters that are set, by their names on the wire."""
    filters: dict[str, Callable[[Card], bool]] = {}
    if wish.category:
        asked = wish.category.lower()
        filters["category"] = lambda card: any(asked in _names(each) for each in card.category_path)
    if wish.brand:
        brand = wish.brand.lower()
        filters["brand"] = lambda card: (card.brand or "").lower() == brand
    low, high = wish.min_price_cents, wish.max_price_cents
    if low is None:
        low = wanted.min_price_cents
    if high is None:
        high = wanted.max_price_cents
    if low is not None:
        least = low
        filters["minPrice"] = lambda card: (
            card.price_cents is not None and card.price_cents >= least
        )
    if high is not None:
        most = high
        filters["maxPrice"] = lambda card: card.price_cents is not None and card.price_cents <= most
    if wish.in_stock is not None:
        filters["inStock"] = lambda card: card.in_stock is wish.in_stock
    if wish.dietary:
        claims = grocery_claims()
        filters["dietary"] = lambda card: all(
            claims.answers(card.name.claims, each) for each in wish.dietary
        )
    return filters


@lru_cache(maxsize=1000)
def _names(category: str) -> frozenset[str]:
    """What a category may be asked by: its name, or one of the things that it names together."""
    name = category.lower()
    return frozenset({name, *re.split(r"\s*(?:&|,|\band\b)\s*", name)} - {""})


def facets_of(cards: Sequence[Card]) -> tuple[Facet, ...]:
    """The categories, brands and diets of these, each with how many have it."""
    categories = Counter([card.category_path[-1] for card in cards if card.category_path])
    brands = Counter([card.brand for card in cards if card.brand])
    hard = grocery_claims().hard
    claims = Counter([claim for card in cards for claim in card.name.claims & hard])
    return tuple(
        Facet(name=name, values=tuple(sorted(counts.items(), key=_most_first)[:_FACET_VALUES]))
        for name, counts in (("category", categories), ("brand", brands), ("dietary", claims))
    )


def _most_first(value: tuple[str, int]) -> tuple[int, str]:
    return -value[1], value[0]
