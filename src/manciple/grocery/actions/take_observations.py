"""Keeps what was seen of products, and tells those who watch them, in one transaction."""

from collections.abc import Iterable

import msgspec

from manciple.grocery.domain.alerts import Alert, Look, Memory, judge
from manciple.grocery.domain.events import PRICE_ALERT, alert_news
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.watches import Watch
from manciple.grocery.stores.stores import Transaction


def take_observations(tx: Transaction, seen: Iterable[Product]) -> dict[str, Product]:
    """The products as they are known now, by id.

    Every price enters the history with whoever stated it; what is another now is news.
    """
    by_id = {product.product_id: product for product in seen}
    tx.products.observe_many(by_id.values())
    known = tx.products.by_ids(by_id)
    tx.watches.remember(
        (watch, _judge(tx, watch, by_id[watch.product_id], name=known[watch.product_id].name))
        for watch in tx.watches.of_products(by_id)
    )
    return known


def _judge(tx: Transaction, watch: Watch, seen: Product, *, name: str) -> Memory:
    """What the watch remembers now; what it gives to tell is told."""
    price = seen.price
    look = Look(
        at=price.observed_at if price else seen.updated_at,
        cents=price.cents if price else None,
        in_stock=seen.in_stock,
    )
    memory, alerts = judge(watch.rules, watch.memory, look)
    for alert in alerts:
        _tell(tx, watch, msgspec.structs.replace(seen, name=name), alert)
    return memory


def _tell(tx: Transaction, watch: Watch, product: Product, alert: Alert) -> None:
    if tx.watches.tell(watch, product, alert):
        news = alert_news(product, alert, user_id=watch.user_id)
        tx.outbox.add(PRICE_ALERT, news, key=product.product_id, owner_id=watch.user_id)
