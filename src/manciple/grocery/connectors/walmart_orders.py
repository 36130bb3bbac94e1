"""Saved order pages of walmart.com: details with prices, and lists without.

Pure. A detail page holds `order`, a list page `purchaseHistory.orders`; both come as HTML, as the
page's data, or as the shop's own response. Pages of another build are told by their orders.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from manciple.grocery.connectors.loose_json import (
    at,
    boolean,
    holders,
    identifier,
    items,
    shape,
    text,
)
from manciple.grocery.connectors.order_dates import read_instant
from manciple.grocery.connectors.order_money import amount_cents, foreign_currency, totals_of
from manciple.grocery.connectors.walmart_order_lines import lines_of, status_of
from manciple.grocery.connectors.walmart_pages import page_data
from manciple.grocery.domain.orders import Order, Payment, RefusedOrder, settled
from manciple.kit.errors import InvalidInput, Upstream

SOURCE = "walmart-orders-page"
_TITLED = re.compile(r"^([A-Z][a-z]{2,8} \d{1,2}, \d{4})\b")
_DATES = ("orderDate", "orderedAt", "orderPlacedDate", "placedDate", "purchaseDate", "createdDate")
_IN_STORE = frozenset({"IN_STORE", "INSTORE", "STORE"})


class OrderPage(msgspec.Struct, frozen=True, kw_only=True):
    """The orders of one page, each once, and the cursor of the next page if there is one.

    `refused` are orders of which a part cannot be read.
    """

    orders: tuple[Order, ...]
    refused: tuple[RefusedOrder, ...] = ()
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
    named = [holder["order"] for holder in holders(data, "order")]
    found = [node for node in named if _is_order(node)] or list(_loose(data))
    if not found:
        strange = next((node for node in named if node), data)
        raise Upstream(SOURCE, f"no orders: the page's data is {shape(strange)}")
    return _page(found, is_whole=True)


def _is_order(node: Any) -> bool:
    return _number(node) is not None and bool(_groups(node))


def _loose(data: Any) -> Iterable[Any]:
    """Orders wherever they stand, told by their number and their groups."""
    if _is_order(data):
        yield data
        return
    children = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    for child in children:
        yield from _loose(child)


def _list_page(history: Any) -> OrderPage:
    listed = at(history, "orders")
    if not isinstance(listed, list):
        raise Upstream(SOURCE, f"orders of an unknown shape: {shape(history)}")
    return _page(listed, is_whole=False, cursor=text(history, "pageInfo.nextPageCursor"))


def _page(nodes: list[Any], *, is_whole: bool, cursor: str | None = None) -> OrderPage:
    """Every order once: pages repeat orders, and the rendering with the most lines stands."""
    by_id: dict[str, Order] = {}
    refused: dict[str, RefusedOrder] = {}
    for place, node in enumerate(nodes):
        try:
            order = _order(node, is_whole=is_whole)
        except InvalidInput as error:
            number = _number(node) or f"entry {place}"
            problems = tuple(str(problem) for problem in error.problems)
            refused[number] = RefusedOrder(order_id=number, problems=problems)
            continue
        known = by_id.get(order.order_id)
        if known is None or len(order.lines) > len(known.lines):
            by_id[order.order_id] = order
    if not by_id and refused:
        first = next(iter(refused.values()))
        raise Upstream(SOURCE, f"order {first.order_id}: {'; '.join(first.problems)}")
    whole = tuple(order for id_, order in by_id.items() if id_ not in refused)
    return OrderPage(orders=whole, refused=tuple(refused.values()), next_cursor=cursor)


def _number(node: Any) -> str | None:
    """The shop's number of the order; what is shown to people is the same with dashes."""
    found = identifier(node, "id") or identifier(node, "orderId")
    shown = identifier(node, "displayId")
    return found or (shown.replace("-", "") if shown else None)


def _order(node: Any, *, is_whole: bool) -> Order:
    groups, order_id = _groups(node), _number(node)
    if order_id is None:
        raise InvalidInput.at("order", f"no number in {shape(node)}")
    currency = foreign_currency(node)
    if currency is not None:
        raise InvalidInput.at("currency", f"{currency!r}, not US dollars")
    totals = totals_of(node)
    lines = settled(lines_of(groups, is_whole=is_whole), totals)
    in_store = boolean(node, "isInStore") or (text(node, "type") or "").upper() in _IN_STORE
    return Order(
        order_id=order_id,
        ordered_at=_instant(node),
        kind="in_store" if in_store else "online",
        status=status_of(groups[0]) if groups else None,
        store=_store(groups),
        lines=lines,
        totals=totals,
        payments=tuple(_payment(paid) for paid in items(node, "paymentMethods")),
        is_partial=not any(line.total_cents is not None for line in lines),
        source=SOURCE,
    )


def _groups(node: Any) -> list[Any]:
    """The groups of an order: `groups_` with any number behind it, or plain `groups`."""
    if not isinstance(node, dict):
        return []
    numbered = [key for key in node if key.lower().startswith("groups_")]
    for key in [*sorted(numbered, reverse=True), "groups", "orderGroups"]:
        found = [group for group in items(node, key) if isinstance(group, dict)]
        if found:
            return found
    return []


def _store(groups: list[Any]) -> str | None:
    paths = ("store.name", "store.displayName", "storeName")
    found = (text(group, path) for group in groups for path in paths)
    return next((name for name in found if name), None)


def _payment(paid: Any) -> Payment:
    shown = [*items(paid, "displayValues"), at(paid, "amount"), at(paid, "displayValue")]
    amounts = (amount_cents(one) for one in shown)
    method = " ".join(word for word in (text(paid, "cardType"), text(paid, "description")) if word)
    return Payment(
        method=method or text(paid, "paymentType") or "unknown",
        cents=next((cents for cents in amounts if cents is not None), None),
    )


def _instant(node: Any) -> datetime | None:
    """When it was ordered, in UTC; a page that only has a title knows the day (midnight UTC)."""
    titled = _TITLED.match(text(node, "title") or "")
    for stated in (*(_stated(node, name) for name in _DATES), titled[1] if titled else ""):
        try:
            found = read_instant(stated)
        except InvalidInput:
            continue
        if found is not None:
            return found
    return None


def _stated(node: Any, name: str) -> str:
    value = at(node, name)
    return str(value) if isinstance(value, int | Decimal) else text(node, name) or ""
