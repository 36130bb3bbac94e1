"""A source that is asked at another address than its own, so that its prices say so."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from manciple.grocery.connectors.brightdata import BrightData
from manciple.grocery.connectors.shop_pages import ShopPages
from manciple.grocery.domain.collected import Collected
from manciple.grocery.domain.products import Product

if TYPE_CHECKING:
    from manciple.grocery.connectors.walmart_affiliate import WalmartAffiliate

# As wide as the column of sources.
_MOST_CHARS = 40


class Elsewhere:
    """The lookups of `inner`, named after the place that really answers."""

    def __init__(self, inner: "BrightData | ShopPages | WalmartAffiliate", place: str) -> None:
        self._inner = inner
        self.source = f"{inner.source}@{place}"[:_MOST_CHARS]
        self.per_request = inner.per_request

    async def by_ids(self, product_ids: Sequence[str]) -> list[Product]:
        """As the source itself.

        Raises:
            Upstream, TimedOut, TooMany, Unavailable, NotAllowed: it cannot answer now.
        """
        return self._named(await self._inner.by_ids(product_ids))

    def _named(self, products: Iterable[Product]) -> list[Product]:
        return [renamed(product, self.source) for product in products]


class SearchElsewhere(Elsewhere):
    """Searches as well."""

    def __init__(self, inner: "ShopPages | WalmartAffiliate", place: str) -> None:
        super().__init__(inner, place)
        self._searched = inner

    async def search(self, words: str, *, limit: int) -> list[Product]:
        """As the source itself.

        Raises:
            Upstream, TimedOut, TooMany, Unavailable, NotAllowed: it cannot answer now.
        """
        return self._named(await self._searched.search(words, limit=limit))


class CollectorElsewhere(Elsewhere):
    """Collects as well."""

    def __init__(self, inner: BrightData, place: str) -> None:
        super().__init__(inner, place)
        self._collector = inner

    async def trigger(self, keyword: str, *, limit: int) -> str:
        """As the source itself."""
        return await self._collector.trigger(keyword, limit=limit)

    async def status(self, snapshot_id: str) -> str:
        """As the source itself."""
        return await self._collector.status(snapshot_id)

    async def collect(self, snapshot_id: str) -> Collected | None:
        """As the source itself."""
        found = await self._collector.collect(snapshot_id)
        if found is None:
            return None
        return msgspec.structs.replace(found, products=tuple(self._named(found.products)))


def renamed(product: Product, source: str) -> Product:
    """The product and its price as stated by `source`."""
    price = product.price
    return msgspec.structs.replace(
        product,
        source=source,
        price=None if price is None else msgspec.structs.replace(price, source=source),
    )
