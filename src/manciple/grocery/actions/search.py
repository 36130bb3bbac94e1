"""Finding products: what a shopper's words mean here, ranked, filtered, counted and paged."""

import asyncio
import base64
import binascii
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Literal

import msgspec

from manciple.grocery.actions.index_products import IndexProducts
from manciple.grocery.actions.shown_products import ShownProducts
from manciple.grocery.domain.claims import grocery_claims
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.queries import Understood, understand
from manciple.grocery.domain.ranking import (
    WORTH_ANSWERING,
    WORTH_SHOWING,
    Reason,
    Yardstick,
)
from manciple.grocery.domain.words import raw_tokens, stem
from manciple.grocery.index.cards import Card
from manciple.grocery.index.product_index import ProductIndex
from manciple.grocery.stores.stores import Stores
from manciple.kit.cache import Cache
from manciple.kit.errors import InvalidInput

Sort = Literal["relevance", "price", "priceDescending", "unitPrice", "rating"]
# Values of one facet that are told; a shelf has about forty categories.
_FACET_VALUES = 25


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for: words, and filters that every hit must pass."""

    query: str
    category: str | None = None
    brand: str | None = None
    min_price_cents: int | None = None
    max_price_cents: int | None = None
    in_stock: bool | None = None
    dietary: tuple[str, ...] = ()
    sort: Sort = "relevance"
    limit: int = 20
    cursor: str | None = None
    explain: bool = False


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One product found, with its score and, where the wish asks for it, why."""

    product: Product
    score: float
    reasons: tuple[Reason, ...]


class Facet(msgspec.Struct, frozen=True, kw_only=True):
    """How many hits have which value, most first; counted before paging."""

    name: str
    values: tuple[tuple[str, int], ...]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A page of hits and what there is to say about the whole.

    `total` counts hits among the bounded number of candidates that are looked at.
    `removed_by` says, where nothing is left, how many hits each filter alone took away.
    `unknown_words` are those typed that nothing here is called: the hits leave them out.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: tuple[Facet, ...]
    next_cursor: str | None
    did_you_mean: str | None
    nothing_like_it: bool
    why_nothing: str | None
    removed_by: tuple[tuple[str, int], ...]
    unknown_words: tuple[str, ...]


class _Ranked(msgspec.Struct, frozen=True):
    key: tuple[float, float, str]
    score: float
    card: Card


class Search:
    """Searches the products; the same for every door."""

    def __init__(
        self, stores: Stores, index: ProductIndex, follower: IndexProducts, *, cache: Cache
    ) -> None:
        self._stores = stores
        self._index = index
        self._follower = follower
        self._shown = ShownProducts(stores)
        follower.on_taken(self._shown.drop)
        self.cache = cache
        self.asked = asyncio.Event()
        """Set when somebody searches for the first time: then more questions are to come."""

    @property
    def is_current(self) -> bool:
        """Whether kept answers may be given without looking at the database first."""
        return self._follower.is_current

    async def keep_up(self) -> None:
        """Lets the index see what was written since."""
        await self._follower.keep_up()

    async def search(self, wish: Wish) -> Found:
        """The page of hits that the wish asks for.

        Raises:
            InvalidInput: the cursor is none of ours, or belongs to another search.
        """
        self.asked.set()
        await self._follower.keep_up()
        wanted = understand(wish.query, self._index.words)
        after = _after(wish)
        yardstick = self._yardstick(wanted)
        ranked = self._ranked(wanted, yardstick, wish.sort)
        passed = _passed(ranked, wish, wanted)
        rest = passed if after is None else [each for each in passed if each.key > after]
        page = rest[: wish.limit]
        ids = [each.card.product_id for each in page]
        products = await self._shown.by_ids(ids)
        return Found(
            hits=tuple(
                Hit(
                    product=products[one.card.product_id],
                    score=one.score,
                    reasons=yardstick.reasons(one.card.name) if wish.explain else (),
                )
                for one in page
                if one.card.product_id in products
            ),
            total=len(passed),
            facets=_facets(passed),
            next_cursor=_cursor(wish, page[-1].key) if len(rest) > len(page) else None,
            did_you_mean=wanted.corrected,
            nothing_like_it=not ranked,
            why_nothing=_why_nothing(wanted, ranked),
            removed_by=_removed_by(ranked, wish, wanted) if ranked and not passed else (),
            unknown_words=_unknown(wanted),
        )

    async def prepare(self) -> None:
        """Reads what the first search would wait for: word lists, spellings, a first answer."""
        await self._follower.keep_up()

        def look() -> None:
            for query in _FIRST_LOOKS:
                wanted = understand(query, self._index.words)
                self._ranked(wanted, self._yardstick(wanted), "relevance")

        await asyncio.to_thread(look)

    async def ids(self, query: str, *, limit: int) -> list[str]:
        """The ids of the best hits alone: what `search` finds without filters."""
        await self._follower.keep_up()
        wish = Wish(query=query, limit=limit)
        wanted = understand(query, self._index.words)
        ranked = self._ranked(wanted, self._yardstick(wanted), wish.sort)
        return [each.card.product_id for each in _passed(ranked, wish, wanted)[:limit]]

    def _yardstick(self, wanted: Understood) -> Yardstick:
        return Yardstick(wanted, self._index.usual_mentions(wanted.kind or wanted.brand_kind))

    def _ranked(self, wanted: Understood, yardstick: Yardstick, sort: Sort) -> list[_Ranked]:
        if wanted.is_household:
            return []
        key = _KEYS[sort]
        found = []
        best = 0.0
        for card in self._index.candidates(wanted):
            value = yardstick.score(card.name)
            if value >= WORTH_SHOWING or (value > 0 and yardstick.is_answer(card.name)):
                best = max(best, value)
                found.append(_Ranked((key(card, value), -value, card.product_id), value, card))
        if best < WORTH_ANSWERING and not any(yardstick.is_answer(one.card.name) for one in found):
            return []
        found.sort(key=attrgetter("key"))
        return found


# A head, a misspelled word, an occasion: together they need every word list there is.
_FIRST_LOOKS = ("milk", "chedder cheese without nuts", "taco night")
_LAST = 1e12


def _key_relevance(_card: Card, value: float) -> float:
    return -value


def _key_price(card: Card, _value: float) -> float:
    return _LAST if card.price_cents is None else card.price_cents


def _key_price_descending(card: Card, _value: float) -> float:
    return _LAST if card.price_cents is None else -card.price_cents


def _key_unit_price(card: Card, _value: float) -> float:
    return _LAST if card.unit_cents_thousandths is None else card.unit_cents_thousandths


def _key_rating(card: Card, _value: float) -> float:
    return _LAST if card.rating is None else -card.rating


_KEYS: dict[Sort, Callable[[Card, float], float]] = {
    "relevance": _key_relevance,
    "price": _key_price,
    "priceDescending": _key_price_descending,
    "unitPrice": _key_unit_price,
    "rating": _key_rating,
}


def _filters(wish: Wish, wanted: Understood) -> dict[str, Callable[[Card], bool]]:
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


def _passed(ranked: list[_Ranked], wish: Wish, wanted: Understood) -> list[_Ranked]:
    for accepts in _filters(wish, wanted).values():
        ranked = [each for each in ranked if accepts(each.card)]
    return ranked


def _removed_by(
    ranked: Sequence[_Ranked], wish: Wish, wanted: Understood
) -> tuple[tuple[str, int], ...]:
    return tuple(
        (name, sum(not accepts(each.card) for each in ranked))
        for name, accepts in _filters(wish, wanted).items()
    )


def _facets(ranked: Sequence[_Ranked]) -> tuple[Facet, ...]:
    cards = [each.card for each in ranked]
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


def _why_nothing(wanted: Understood, ranked: Sequence[_Ranked]) -> str | None:
    if ranked:
        return None
    if wanted.is_household:
        return "This catalog holds food and drink only."
    if wanted.brand:
        return _no_such_brand(wanted)
    if wanted.unknown:
        return "Nothing here is called " + ", ".join(map(repr, _unknown(wanted))) + "."
    return "Nothing like it is in this catalog."


def _unknown(wanted: Understood) -> tuple[str, ...]:
    """The words that nothing here is called, as they were typed."""
    typed = {stem(word): word for word in raw_tokens(wanted.text)}
    return tuple(typed.get(word, word) for word in wanted.unknown)


def _no_such_brand(wanted: Understood) -> str:
    thing = " ".join((*wanted.modifiers, *wanted.kind_words)) or wanted.brand_kind
    brand = " ".join(wanted.brand)
    if thing is None:
        return f"Nothing of the brand {brand!r} is in this catalog."
    return f"No {thing!r} of the brand {brand!r} is in this catalog; search for {thing!r} alone."


def _fingerprint(wish: Wish) -> str:
    bare = msgspec.structs.replace(wish, cursor=None, limit=1, explain=False)
    return hashlib.sha256(msgspec.json.encode(bare)).hexdigest()[:12]


def _cursor(wish: Wish, key: tuple[float, float, str]) -> str:
    body = msgspec.json.encode((_fingerprint(wish), key))
    return base64.urlsafe_b64encode(body).decode().rstrip("=")


def _after(wish: Wish) -> tuple[float, float, str] | None:
    if wish.cursor is None:
        return None
    try:
        body = base64.urlsafe_b64decode(wish.cursor + "=" * (-len(wish.cursor) % 4))
        print_, key = msgspec.json.decode(body, type=tuple[str, tuple[float, float, str]])
    except (binascii.Error, ValueError) as error:
        raise InvalidInput.at("cursor", "is none that a search gave") from error
    if print_ != _fingerprint(wish):
        raise InvalidInput.at("cursor", "belongs to another search")
    return key
