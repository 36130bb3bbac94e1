"""Finding products: what a shopper's words mean here, ranked, sorted, counted and paged."""

import asyncio
from collections.abc import Callable, Sequence
from operator import attrgetter

import msgspec

from manciple.grocery.actions.index_products import IndexProducts
from manciple.grocery.actions.narrow import Facet, facets_of, filters_of
from manciple.grocery.actions.shown_products import ShownProducts
from manciple.grocery.domain.empty_answers import unknown_words, why_nothing
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.queries import Understood, understand
from manciple.grocery.domain.ranking import (
    WORTH_ANSWERING,
    WORTH_SHOWING,
    Reason,
    Yardstick,
)
from manciple.grocery.domain.search_wishes import Sort, SortKey, Wish, after_of, cursor_of
from manciple.grocery.index.cards import Card
from manciple.grocery.index.product_index import ProductIndex
from manciple.grocery.stores.stores import Stores
from manciple.kit.cache import Cache


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One product found, with its score and, where the wish asks for it, why."""

    product: Product
    score: float
    reasons: tuple[Reason, ...]


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
    key: SortKey
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
        after = after_of(wish)
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
            facets=facets_of([each.card for each in passed]),
            next_cursor=cursor_of(wish, page[-1].key) if len(rest) > len(page) else None,
            did_you_mean=wanted.corrected,
            nothing_like_it=not ranked,
            why_nothing=None if ranked else why_nothing(wanted),
            removed_by=_removed_by(ranked, wish, wanted) if ranked and not passed else (),
            unknown_words=unknown_words(wanted),
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


def _passed(ranked: list[_Ranked], wish: Wish, wanted: Understood) -> list[_Ranked]:
    for accepts in filters_of(wish, wanted).values():
        ranked = [each for each in ranked if accepts(each.card)]
    return ranked


def _removed_by(
    ranked: Sequence[_Ranked], wish: Wish, wanted: Understood
) -> tuple[tuple[str, int], ...]:
    return tuple(
        (name, sum(not accepts(each.card) for each in ranked))
        for name, accepts in filters_of(wish, wanted).items()
    )
