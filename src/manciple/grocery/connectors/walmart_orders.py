"""Saved order pages of walmart.com: details with prices, and lists without.

Pure. A detail page holds `order`, a list page `purchaseHistory.orders`; both come as HTML, as the
page's data, or as the shop's own response.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

from manciple.grocery.connectors.loose_json import (
    at,
    boolean,
    holders,
    identifier,
    items,
    number,
    shape,
    text,
)
from manciple.grocery.connectors.order_money import amount_cents, totals_of
from manciple.grocery.connectors.walmart_pages import page_data
from manciple.grocery.domain.orders import Order, OrderLine, Payment
from manciple.kit.errors import Upstream

SOURCE = "walmart-orders-page"
_TITLED = re.compile(r"^([A-Z][a-z]{2,8} \d{1,2}, \d{4})\b")
_CANCELED = re.compile(r"cancel|unavailable|not available|out of stock", re.IGNORECASE)


class OrderPage(msgspec.Struct, frozen=True, kw_only=True):
    """The orders of one page, each once, and the cursor of the next page if there is one."""

    orders: tuple[Order, ...]
    next_cursor: str | None = None


def read_order_page(body: bytes) -> OrderPage:
    """The orders of a saved page.

    Raises:
        Upstream: it is no page of orders, or one of an unknown shape.
    """
    data = page_data(body, source=SOURCE)
    history = next(holders(data, "purchaseHistory"), None)
    if history is not None:
        return _list_page(history["purchaseHistory"])
    found = [holder["order"] for holder in holders(data, "order") if _is_order(holder["order"])]
    if not found and _is_order(data):
        found = [data]
    if not found:
        raise Upstream(SOURCE, f"no orders: the page's data is {shape(data)}")
    return OrderPage(orders=_once(_order(node) for node in found))


def _is_order(node: Any) -> bool:
    return identifier(node, "id") is not None and bool(_groups(node))


def _list_page(history: Any) -> OrderPage:
    nodes = [node for node in items(history, "orders") if identifier(node, "id") is not None]
    if not nodes and items(history, "orders"):
        raise Upstream(SOURCE, f"orders of an unknown shape: {shape(items(history, 'orders')[0])}")
    cursor = text(history, "pageInfo.nextPageCursor")
    return OrderPage(orders=_once(_order(node) for node in nodes), next_cursor=cursor)


def _once(orders: Iterator[Order]) -> tuple[Order, ...]:
    """Every order once: pages repeat orders, and the rendering with the most lines stands."""
    by_id: dict[str, Order] = {}
    for order in orders:
        known = by_id.get(order.order_id)
        if known is None or len(order.lines) > len(known.lines):
            by_id[order.order_id] = order
    return tuple(by_id.values())


def _order(node: Any) -> Order:
    groups = _groups(node)
    lines = tuple(line for group in groups for line in _lines(group))
    in_store = boolean(node, "isInStore") or text(node, "type") == "IN_STORE"
    return Order(
        order_id=identifier(node, "id") or "",
        ordered_at=_instant(node),
        kind="in_store" if in_store else "online",
        status=_status(groups[0]) if groups else None,
        store=_store(groups),
        lines=lines,
        totals=totals_of(at(node, "priceDetails")),
        payments=tuple(_payment(paid) for paid in items(node, "paymentMethods")),
        is_partial=not any(line.total_cents is not None for line in lines),
        source=SOURCE,
    )


def _groups(node: Any) -> list[Any]:
    """The groups of an order: `groups_` with any number behind it, or plain `groups`."""
    numbered = [key for key in node if key.startswith("groups_")] if isinstance(node, dict) else []
    for key in [*sorted(numbered, reverse=True), "groups"]:
        if isinstance(node, dict) and isinstance(node.get(key), list):
            return list(node[key])
    return []


def _lines(group: Any) -> Iterator[OrderLine]:
    status = _status(group)
    seller = text(group, "seller.sellerDisplayName") or text(group, "seller.name")
    for item, kind in _items(group):
        is_canceled = any(said and _CANCELED.search(said) for said in (status, kind))
        line = _line(item, is_canceled=is_canceled)
        if line is not None:
            yield msgspec.structs.replace(
                line, seller=seller, status=status, fulfillment=text(group, "fulfillmentType")
            )


def _items(group: Any) -> Iterator[tuple[Any, str | None]]:
    """The items of a group with the kind of the category that holds them.

    A group repeats its items in several renderings; the first that has any stands.
    """
    if items(group, "items"):
        yield from ((item, None) for item in items(group, "items"))
        return
    for part in [group, *items(group, "subGroups")]:
        categories = items(part, "categories")
        for category in categories:
            kind = text(category, "type")
            yield from ((item, kind) for item in items(category, "items"))
        if part is not group and not categories:
            yield from ((item, None) for item in items(part, "items"))


def _line(item: Any, *, is_canceled: bool) -> OrderLine | None:
    product = at(item, "productInfo") or at(item, "product") or item
    name = text(product, "name")
    quantity = number(item, "quantity")
    if name is None or quantity is None or quantity < 0:
        return None
    weighed = boolean(item, "priceInfo.priceDisplayCodes.finalCostByWeight") is True
    return OrderLine(
        name=name,
        product_id=identifier(product, "usItemId"),
        quantity_thousandths=int((quantity * 1000).to_integral_value()),
        total_cents=amount_cents(at(item, "priceInfo.linePrice")),
        unit_price_cents=amount_cents(at(item, "priceInfo.itemPrice")),
        is_weighed=weighed or quantity != quantity.to_integral_value(),
        is_canceled=is_canceled or quantity == Decimal(0),
        image_url=text(product, "imageInfo.thumbnailUrl"),
    )


def _status(group: Any) -> str | None:
    parts = items(group, "status.message.parts")
    said = " ".join(part for part in (text(part, "text") for part in parts) if part)
    return said or text(group, "status.statusType")


def _store(groups: list[Any]) -> str | None:
    return next((name for name in (text(group, "store.name") for group in groups) if name), None)


def _payment(paid: Any) -> Payment:
    amounts = (amount_cents(shown) for shown in items(paid, "displayValues"))
    method = " ".join(word for word in (text(paid, "cardType"), text(paid, "description")) if word)
    return Payment(
        method=method or text(paid, "paymentType") or "unknown",
        cents=next((cents for cents in amounts if cents is not None), None),
    )


def _instant(node: Any) -> datetime | None:
    """When it was ordered, in UTC; a page that only has a title knows the day (midnight UTC)."""
    stated = text(node, "orderDate")
    try:
        if stated is not None:
            instant = datetime.fromisoformat(stated)
            return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
        titled = _TITLED.match(text(node, "title") or "")
        if titled is None:
            return None
        return datetime.strptime(titled[1], "%B %d, %Y").replace(tzinfo=UTC)
    except ValueError:
        return None
