"""News of products, written with the change that makes them."""

from collections.abc import Iterable, Mapping

from manciple.grocery.domain.events import PRICE_CHANGE, STOCK_CHANGE, price_news, stock_news
from manciple.grocery.domain.products import Price, Product
from manciple.platform.bus.outbox import Outbox


def tell_prices(outbox: Outbox, known: Mapping[str, Product], prices: Mapping[str, Price]) -> None:
    """Tells everybody which of the known products now cost another amount."""
    for product_id, after in prices.items():
        product = known[product_id]
        news = price_news(product, before=product.price, after=after)
        if news is not None:
            outbox.add(PRICE_CHANGE, news, key=product_id)


def tell_changes(outbox: Outbox, known: Mapping[str, Product], changed: Iterable[Product]) -> None:
    """Tells everybody what changed in price and stock; a new product is no news."""
    for after in changed:
        before = known.get(after.product_id)
        if before is None:
            continue
        price = price_news(after, before=before.price, after=after.price)
        if price is not None:
            outbox.add(PRICE_CHANGE, price, key=after.product_id)
        stock = stock_news(before, after)
        if stock is not None:
            outbox.add(STOCK_CHANGE, stock, key=after.product_id)
