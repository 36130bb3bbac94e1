"""Planning which packages to buy for an amount that is needed."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import msgspec

from manciple.grocery.actions.search import Search, Wish
from manciple.grocery.domain.list_totals import CURRENCY
from manciple.grocery.domain.packs import Pack, PackPlan, cheapest
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.units import WORDS, Total, Unit, total
from manciple.grocery.stores.stores import Stores
from manciple.kit.errors import InvalidInput, Refused

# Hits beyond these are another thing more often than a cheaper one.
MAX_HITS = 20


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
        return {**named, **{hit.product.product_id: hit.product for hit in found.hits}}


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
