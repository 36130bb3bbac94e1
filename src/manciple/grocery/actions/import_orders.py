"""Takes orders in: each whole or not at all, each once, and what they teach about products."""

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from manciple.grocery.domain.orders import Order, OrderFile, RefusedOrder, disagreement
from manciple.grocery.domain.products import Price, Product
from manciple.grocery.domain.purchases import bought, products_told_apart
from manciple.grocery.stores.digests import content_digest
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.errors import Conflict, InvalidInput, Upstream

OnOrder = Callable[[int], None]
"""Hears how many orders are done."""

_PAGE = 50


class OrderReader(Protocol):
    """Reads a page or an export; its name tells the format by its ending."""

    def __call__(self, body: bytes, *, name: str) -> OrderFile:
        """The orders.

        Raises:
            InvalidInput, Upstream: it cannot be read.
        """
        ...


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did.

    Orders, products and lines are those of all orders that are kept now; `added`, `changed` and
    `unchanged` say what this import had to write. `remarks` are receipts that do not add up.
    """

    orders: int = 0
    products: int = 0
    lines: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    new_products: int = 0
    refused: tuple[RefusedOrder, ...] = ()
    remarks: tuple[RefusedOrder, ...] = ()


class _Done(msgspec.Struct, frozen=True, kw_only=True):
    added: int
    changed: int
    new_products: int


class ImportOrders:
    """Imports orders for one person at a time; `read` knows the formats."""

    def __init__(self, stores: Stores, read: OrderReader) -> None:
        self._stores = stores
        self._read = read

    async def take_file(self, owner: str, body: bytes, *, name: str) -> Imported:
        """As `take`, of one file that the caller sent.

        Raises:
            InvalidInput: the file as a whole cannot be read.
        """
        try:
            read = self._read(body, name=name)
        except Upstream as error:
            # No shop was asked: what is wrong is what was sent.
            raise InvalidInput.at("content", error.problem) from error
        return await self.take(owner, [read])

    async def take(
        self, owner: str, files: Sequence[OrderFile], *, on_order: OnOrder = lambda _: None
    ) -> Imported:
        """What was taken; every order is one transaction, so a broken one takes no other along."""
        orders = _each_once(files)
        done: list[_Done] = []
        kept: list[Order] = []
        refused = [one for file in files for one in file.refused]
        for number, order in enumerate(orders, start=1):
            try:
                done.append(await self._stores.write(lambda tx, one=order: _take(tx, owner, one)))  # type: ignore[misc]  # a default binds the loop's value
                kept.append(order)
            except Conflict as error:
                refused.append(RefusedOrder(order_id=order.order_id, problems=(str(error),)))
            on_order(number)
        added, changed = sum(one.added for one in done), sum(one.changed for one in done)
        return Imported(
            orders=len(kept),
            products=products_told_apart(tuple(kept)),
            lines=sum(len(order.lines) for order in kept),
            added=added,
            changed=changed,
            unchanged=len(kept) - added - changed,
            new_products=sum(one.new_products for one in done),
            refused=tuple(refused),
            remarks=tuple(
                RefusedOrder(order_id=order.order_id, problems=(said,))
                for order in kept
                if (said := disagreement(order)) is not None
            ),
        )

    async def of(self, owner: str, *, after: str | None = None, limit: int = _PAGE) -> list[Order]:
        """Up to `limit` orders, newest first, from behind the order `after`.

        Raises:
            NotFound: there is no order `after`.
        """

        def work(tx: Transaction) -> list[Order]:
            if after is None:
                return list(tx.orders.of(owner, limit=limit))
            return list(tx.orders.behind(owner, tx.orders.by_id(owner, after), limit=limit))

        return await self._stores.read(work)

    async def one(self, owner: str, order_id: str) -> Order:
        """One order.

        Raises:
            NotFound: there is none of that number.
        """
        return await self._stores.read(lambda tx: tx.orders.by_id(owner, order_id))

    async def digest(self) -> str:
        """A hash over all orders, products and prices; the same only if nothing differs."""
        return await self._stores.read(lambda tx: content_digest(tx.connection))


def _each_once(files: Sequence[OrderFile]) -> list[Order]:
    """Each order by its fullest rendering: of several files one may be a list without prices."""
    best: dict[str, Order] = {}
    for order in (order for file in files for order in file.orders):
        known = best.get(order.order_id)
        if known is None or known.is_partial or not order.is_partial:
            best[order.order_id] = order
    return list(best.values())


def _take(tx: Transaction, owner: str, order: Order) -> _Done:
    """Writes the order and what it teaches; an order that is known already writes nothing."""
    tx.users.ensure(owner, display_name=owner)
    saved = tx.orders.save_many(owner, [order])
    if saved.unchanged:
        return _Done(added=0, changed=0, new_products=0)
    taught = bought(order, tx.now)
    sold = tx.products.by_ids(taught.products)
    gone = tx.products.removed(taught.products)
    new = [
        _priced(product, taught.prices.get(id_))
        for id_, product in taught.products.items()
        if id_ not in sold and id_ not in gone
    ]
    tx.products.upsert_many(new)
    tx.products.set_prices(
        {id_: price for id_, price in taught.prices.items() if id_ in sold},
        sizes={id_: product.size for id_, product in taught.products.items()},
    )
    return _Done(added=saved.added, changed=saved.changed, new_products=len(new))


def _priced(product: Product, price: Price | None) -> Product:
    if price is None:
        return product
    return msgspec.structs.replace(product, price=price, price_missing=None)
