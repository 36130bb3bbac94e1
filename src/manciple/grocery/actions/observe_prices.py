"""Prices that were seen: the newest, the history, its figures, comparisons; and telling one."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from manciple.grocery.actions.take_observations import take_observations
from manciple.grocery.domain.budgets import checked_cents
from manciple.grocery.domain.labels import label_price
from manciple.grocery.domain.lists import MAX_TEXT_CHARS, clean_text
from manciple.grocery.domain.price_days import PriceDay
from manciple.grocery.domain.price_statistics import PriceStatistics, statistics
from manciple.grocery.domain.products import Price, Product
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.errors import InvalidInput

# Clocks of phones are off by minutes; tomorrow's price is no observation.
MAX_AHEAD = timedelta(minutes=10)
MAX_OBSERVATIONS = 1_000


class PriceHistory(msgspec.Struct, frozen=True, kw_only=True):
    """A product with what was seen of its price, newest first, and the figures.

    `prices` are single looks of late; `days` are all looks, these among them, by the day.
    """

    product: Product
    prices: tuple[Price, ...]
    days: tuple[PriceDay, ...]
    figures: PriceStatistics | None


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """The product after an observation, and whether its current price is another now."""

    product: Product
    is_new_price: bool


class ObservePrices:
    """Reads and writes what prices were seen."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def current(self, product_ids: Sequence[str]) -> Mapping[str, Product]:
        """The products that exist among these, each with its newest price."""
        return await self._stores.read(lambda tx: tx.products.by_ids(product_ids))

    async def history(self, product_id: str, *, days: int | None, limit: int) -> PriceHistory:
        """What was seen of one product in the last `days`, newest first, up to `limit` looks.

        Raises:
            NotFound: there is no such product.
        """

        def work(tx: Transaction) -> PriceHistory:
            product = tx.products.by_id(product_id)
            since = None if days is None else tx.now - timedelta(days=days)
            prices = tuple(tx.prices.of(product_id, since=since, limit=limit))
            found = tuple(tx.prices.days(product_id, since=since))
            return PriceHistory(
                product=product, prices=prices, days=found, figures=statistics(found)
            )

        return await self._stores.read(work)

    async def record(
        self, product_id: str, *, cents: int, store: str | None, observed_at: datetime | None
    ) -> Recorded:
        """The product after somebody saw a price; an older observation only enters the history.

        A price that differs is news in the same transaction.

        Raises:
            NotFound: there is no such product.
            InvalidInput: the amount cannot be meant, or the instant is to come.
        """
        checked_cents("price", cents, least=1)
        where = clean_text(store or "")[:MAX_TEXT_CHARS] or None

        def work(tx: Transaction) -> Recorded:
            at = observed_at or tx.now
            if at > tx.now + MAX_AHEAD:
                raise InvalidInput.at("observedAt", "is still to come")
            price = label_price(cents, at=at, store=where)
            before = tx.products.by_id(product_id)
            # A label's size was not asked for, and the known one was not read there.
            seen = msgspec.structs.replace(before, price=price, size=None, in_stock=None)
            after = take_observations(tx, [seen])[product_id]
            return Recorded(product=after, is_new_price=after.price != before.price)

        return await self._stores.write(work)
