"""Finds what words mean here: products of the catalog, lines and lists of the person."""

from collections.abc import Mapping, Sequence

import msgspec

from manciple.grocery.actions.search import Search
from manciple.grocery.domain.conversations import pointed_at
from manciple.grocery.domain.corrections import Correction, phrase_key
from manciple.grocery.domain.grounding import Grounded, Hit, Thing, choose, option_of
from manciple.grocery.domain.lists import GroceryList, ListStatus
from manciple.grocery.domain.plans import Option, Question
from manciple.grocery.domain.preferences import Preferences
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.search_wishes import Wish
from manciple.grocery.stores.stores import Stores, Transaction

_LOOKED_AT = 60
_MOST_LISTS = 200
# A preferred brand wins among equals, and over nothing else.
_PREFERRED_GAIN = 0.03
_MAX_QUERY_CHARS = 200
# What people call the list that they always mean.
_PLAIN_NAMES = frozenset(
    {"shopping", "grocery", "groceries", "food", "my", "the", "current", "this", "that"}
    | {"cart", "basket", "list", "main", "usual", "everything", "all"}
)


class Habits(msgspec.Struct, frozen=True, kw_only=True):
    """What a household likes, and bought of some products."""

    preferences: Preferences
    bought: Mapping[str, int]


class Ground:
    """Grounds the words of one person; `owner` is always the signed-in person."""

    def __init__(self, stores: Stores, search: Search) -> None:
        self._stores = stores
        self._search = search

    async def thing(
        self, owner: str, thing: Thing, *, chosen: Mapping[str, str], is_asking: bool = True
    ) -> Grounded | Question:
        """What a thing is: what was chosen for it, said before, bought before, or found best."""
        key = phrase_key(thing.phrase)
        if key in chosen:
            return await self._chosen(thing, chosen[key])
        told = await self._stores.read(lambda tx: _corrections(tx, owner))
        correction = told.get(key)
        if correction is not None and correction.product_id is not None:
            known = await self.product(correction.product_id)
            if known is not None:
                return Grounded(thing=thing, product=known, why="you said so before")
        if correction is not None:
            thing = msgspec.structs.replace(thing, phrase=correction.meant)
        hits, bought = await self._hits(owner, thing.phrase)
        found = choose(thing, hits, bought=bought, is_asking=is_asking)
        if correction is not None and isinstance(found, Grounded) and found.product is not None:
            return msgspec.structs.replace(found, why="you said so before")
        return found

    async def pointed(self, sentence: str, products: Sequence[str]) -> Product | None:
        """The product of those shown that a sentence points at."""
        known = await self._stores.read(lambda tx: tx.products.by_ids(products))
        options = [option_of(known[one]) for one in products if one in known]
        option = pointed_at(sentence, options)
        return known[option.product_id] if option is not None and option.product_id else None

    async def product(self, product_id: str) -> Product | None:
        """One product, if it is sold."""
        found = await self._stores.read(lambda tx: tx.products.by_ids([product_id]))
        return found.get(product_id)

    async def lists(self, owner: str) -> Sequence[GroceryList]:
        """The lists of the person that are in use, newest first."""
        statuses = (ListStatus.ACTIVE,)
        return await self._stores.read(
            lambda tx: tx.lists.page(owner, statuses=statuses, after=None, limit=_MOST_LISTS)
        )

    async def _chosen(self, thing: Thing, product_id: str) -> Grounded:
        product = await self.product(product_id)
        return Grounded(thing=thing, product=product, why="you chose it")

    async def _hits(self, owner: str, words: str) -> tuple[list[Hit], Mapping[str, int]]:
        query = words[:_MAX_QUERY_CHARS].strip()
        if not query:
            return [], {}
        found = await self._search.search(Wish(query=query, limit=_LOOKED_AT))
        ids = [hit.product.product_id for hit in found.hits]
        habits = await self._stores.read(lambda tx: _habits(tx, owner, ids))
        avoided = {name.casefold() for name in habits.preferences.avoided_brands}
        preferred = {name.casefold() for name in habits.preferences.preferred_brands}
        hits = [
            Hit(
                hit.product,
                hit.score + _PREFERRED_GAIN * ((hit.product.brand or "").casefold() in preferred),
            )
            for hit in found.hits
            if (hit.product.brand or "").casefold() not in avoided
        ]
        hits.sort(key=lambda hit: -hit.score)
        return hits, habits.bought


def named_list(
    name: str | None, lists: Sequence[GroceryList], *, last_id: str | None
) -> GroceryList | Question | None:
    """The list that a name means: without a telling name, the one spoken of last, else the newest.

    None where there is no list, or none of that name.
    """
    telling = telling_name(name)
    if telling is None:
        return next((one for one in lists if one.list_id == last_id), lists[0] if lists else None)
    wanted = frozenset(telling.split())
    exact = [one for one in lists if one.name.casefold() == telling]
    found = exact or [
        one for one in lists if wanted <= frozenset(one.name.casefold().replace("'s", "").split())
    ]
    if len(found) > 1:
        options = tuple(Option(label=one.name, value=one.list_id) for one in found[:5])
        return Question(text=f"Which list called {telling}?", about=telling, options=options)
    return found[0] if found else None


def telling_name(name: str | None) -> str | None:
    """The part of a list's name that tells it from others; None of "my shopping list"."""
    words = (name or "").casefold().replace("'s", "").split()
    told = " ".join(word for word in words if word not in _PLAIN_NAMES)
    return told or None


def _corrections(tx: Transaction, owner: str) -> dict[str, Correction]:
    return {one.phrase: one for one in tx.corrections.of(owner)}


def _habits(tx: Transaction, owner: str, ids: Sequence[str]) -> Habits:
    return Habits(
        preferences=tx.preferences.of(owner),
        bought={id_: each.times for id_, each in tx.orders.purchases(owner, ids).items()},
    )
