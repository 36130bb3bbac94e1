"""Products that were shown lately, kept in memory until they change."""

from collections.abc import Iterable, Sequence

from manciple.grocery.domain.products import Product
from manciple.grocery.stores.stores import Stores

# Some 3 KB each: 30 MB at most.
_MAX_PRODUCTS = 10_000


class ShownProducts:
    """Reads products from the database once; whoever follows the database tells what changed."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._kept: dict[str, Product] = {}
        self._drops = 0

    async def by_ids(self, product_ids: Sequence[str]) -> dict[str, Product]:
        """The products that are there, by id."""
        missing = [each for each in product_ids if each not in self._kept]
        known = {each: self._kept[each] for each in product_ids if each in self._kept}
        if not missing:
            return known
        drops = self._drops
        read = await self._stores.read(lambda tx: tx.products.by_ids(missing))
        # What changed while it was read may have been read before the change.
        if drops == self._drops:
            self._keep(read)
        return known | read

    def drop(self, product_ids: Iterable[str]) -> None:
        """Forgets products that changed."""
        self._drops += 1
        for each in product_ids:
            self._kept.pop(each, None)

    def _keep(self, products: dict[str, Product]) -> None:
        if len(self._kept) + len(products) > _MAX_PRODUCTS:
            self._kept.clear()
        self._kept.update(products)
