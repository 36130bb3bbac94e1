"""Planning which packages to buy for an amount that is needed."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import msgspec

from manciple.grocery.actions.search import Hit, Search
from manciple.grocery.domain.list_totals import CURRENCY
from manciple.grocery.domain.packs import Pack, PackPlan, cheapest
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.search_wishes import Wish
from manciple.grocery.domain.units import WORDS, Total, Unit, total
from manciple.grocery.stores.stores import Stores
from manciple.kit.errors import InvalidInput, Refused

MAX_HITS = 50
# A hit that fits the words much less than the best, or stands on another shelf, is another thing
# and no cheaper way to the same: "white rice" finds rice mixes too, at half the score.
LEAST_SHARE_OF_BEST = 0.75


class PlannedPacks(msgspec.Struct, frozen=True, kw_only=True):
    """The plan in base amounts (grams, milliliters, pieces), with what was on offer.

    `not_offered` are products that were asked for and have no price or no comparable size.
    """

    plan: PackPlan
    unit: Unit
    products: Mapping[str, Product]
    not_offered: tuple[str, ...]


class PlanPacks:
    """Finds the cheapest packages of products that a caller names, or of a search's hits."""

    def __init__(self, stores: Stores, search: Search) -> None:
        self._stores = stores
        self._search = search

    async def plan(
        self, *, product_ids: Sequence[str], query: str | None, needed: Fraction, unit: str
    ) -> PlannedPacks:
        """The cheapest packages that hold at least `needed` of `unit`.

        Raises:
            InvalidInput: the unit is unknown, or nothing is named.
            Refused: nothing that is named has a price and a size in such a unit.
        """
        measure = WORDS.get(unit.casefold().replace(".", "").strip())
        if measure is None:
            raise InvalidInput.at("unit", f"{unit!r} is no unit that we know")
        if not product_ids and not query:
            raise InvalidInput.at("productIds", "name products, or a query to look them up")
        products = await self._candidates(product_ids, query)
        packs = [
            Pack(product_id=product.product_id, cents=product.price.cents, amount=size.amount)
            for product in products.values()
            if product.price is not None
            and product.price.currency == CURRENCY
            and product.in_stock is not False
            and (size := _contents(product, measure)) is not None
        ]
        plan = cheapest(packs, needed * measure.factor)
        if plan is None:
            raise Refused("Nothing of it has both a price and a size in such a unit")
        offered = {pack.product_id for pack in packs}
        asked = dict.fromkeys([*product_ids, *products])
        return PlannedPacks(
            plan=plan,
            unit=measure,
            products=products,
            not_offered=tuple(one for one in asked if one not in offered),
        )

    async def _candidates(
        self, product_ids: Sequence[str], query: str | None
    ) -> Mapping[str, Product]:
        if query is None:
            return await self._stores.read(lambda tx: tx.products.by_ids(product_ids))
        named = await self._stores.read(lambda tx: tx.products.by_ids(product_ids))
        found = await self._search.search(Wish(query=query, limit=MAX_HITS))
        return {**named, **{one.product_id: one for one in _same_thing(found.hits)}}


def _same_thing(hits: Sequence[Hit]) -> list[Product]:
    """The products that are what the best hit is, as far as words and shelves tell."""
    if not hits:
        return []
    best = hits[0]
    return [
        hit.product
        for hit in hits
        if hit.score >= best.score * LEAST_SHARE_OF_BEST
        and hit.product.category_path == best.product.category_path
    ]


def _contents(product: Product, measure: Unit) -> Total | None:
    """What one package holds, if that is measured as `measure` measures."""
    if product.size is None:
        return None
    try:
        contents = total(product.size)
    except InvalidInput:
        return None
    is_same = contents.dimension is measure.dimension and contents.amount > 0
    return contents if is_same else None
