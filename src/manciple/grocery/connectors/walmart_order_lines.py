"""The items of one order on the shop's pages, in each of the ways that a page groups them. Pure.

An item that cannot be read is a problem of its order and never left out: a sum without it would
be wrong.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
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
from manciple.grocery.connectors.order_money import first_cents
from manciple.grocery.domain.orders import OrderLine, is_replaced
from manciple.kit.errors import InvalidInput, Problem

_CANCELED = re.compile(
    r"cancell?ed|cancell?ation|cancelad[oa]|unavailable|not available|out[ _]of[ _]stock",
    re.IGNORECASE,
)
# "1 item canceled" is said of a group whose other items were delivered.
_IN_PART = re.compile(r"partial|\bsome\b|\bitems?\b", re.IGNORECASE)
_REFUNDED = re.compile(r"^refund", re.IGNORECASE)
_QUANTITIES = ("quantity", "quantityString", "orderedQuantity", "quantityOrdered", "qty")
_LINE_PRICES = ("priceInfo.linePrice", "linePrice", "priceInfo.totalPrice", "totalPrice")
_ITEM_PRICES = ("priceInfo.itemPrice", "itemPrice", "priceInfo.unitPrice")
_WEIGHT = re.compile(r"^\s*-?[\d.,]+\s*(?:lbs?|oz|kg|g)\b", re.IGNORECASE)
_LEADING = re.compile(r"^\s*(?:qty:?\s*)?(-?\d+(?:\.\d+)?)(?![\d.,])", re.IGNORECASE)


def lines_of(groups: list[Any], *, is_whole: bool) -> tuple[OrderLine, ...]:
    """Every line of an order's groups; where the page shows orders whole, each group has some.

    Raises:
        InvalidInput: items that cannot be read, with the shape of each.
    """
    lines: list[OrderLine] = []
    problems: list[Problem] = []
    for place, group in enumerate(groups):
        found = list(_items(group))
        count = number(group, "itemCount")
        if not found and (is_whole if count is None else count > 0):
            problems.append(Problem((f"group {place}",), f"no items in {shape(group)}"))
        if status_of(group) is None and _says_something(at(group, "status")):
            told = f"a status of unknown shape, {shape(at(group, 'status'))}"
            problems.append(Problem((f"group {place}",), told))
        problems += (Problem((f"group {place}",), told) for told in _hidden(group))
        for position, (item, kind) in enumerate(found):
            line = _line(item, group=group, kind=kind)
            if line is None:
                where = (f"group {place}", f"item {position}")
                problems.append(Problem(where, f"no name or quantity in {shape(item)}"))
            else:
                lines.append(line)
    if problems:
        raise InvalidInput(*problems)
    return tuple(lines)


def _hidden(group: Any) -> Iterator[str]:
    """What is wrong with categories that show items in a way that nobody knows."""
    for part in (group, *items(group, "subGroups")):
        for category in items(part, "categories"):
            if not items(category, "items") and _named(category):
                yield f"no items in a category, {shape(category)}"


def _says_something(status: Any) -> bool:
    """Whether there is more than empty fields: it might say that the group was canceled."""
    return any(status.values()) if isinstance(status, Mapping) else bool(status)


def status_of(group: Any) -> str | None:
    """What the page says of a group."""
    parts = items(group, "status.message.parts")
    told = " ".join(part for part in (text(part, "text") for part in parts) if part)
    paths = ("status.message.text", "status.message", "status.statusType", "status", "statusText")
    return told or next((found for path in paths if (found := text(group, path))), None)


def _items(group: Any) -> list[tuple[Any, str | None]]:
    """The items of a group with the kind of the category that holds them.

    A group repeats its items in several renderings, of which each may show only some. What the
    categories show stands with their kinds, and of the others what is not among it.
    """
    parts = [part for part in items(group, "subGroups") if isinstance(part, Mapping)]
    found = [entry for part in [group, *parts] for entry in _categorized(part)]
    plain, below = items(group, "items"), [item for part in parts for item in items(part, "items")]
    for rendering in (plain, below):
        known = Counter(_good(item) for item, _ in found)
        for item in rendering:
            if known[_good(item)]:
                known[_good(item)] -= 1
            else:
                found.append((item, None))
    return found or [(item, None) for item in _named(group)]


def _good(item: Any) -> str | None:
    return identifier(_product(item), "usItemId") or identifier(item, "usItemId") or _name(item)


def _named(part: Any) -> list[Any]:
    """What looks like an item wherever it stands."""
    return [item for item in holders(part, "quantity") if _name(item) is not None]


def _categorized(part: Any) -> Iterator[tuple[Any, str | None]]:
    for category in items(part, "categories"):
        kind = text(category, "type") or text(category, "name")
        yield from ((item, kind) for item in items(category, "items"))


def _line(item: Any, *, group: Any, kind: str | None) -> OrderLine | None:
    name, quantity = _name(item), _quantity(item)
    if name is None or quantity is None:
        return None
    product = _product(item)
    told = status_of(group)
    total = first_cents(item, *_LINE_PRICES)
    is_refund = quantity < 0 or (total or 0) < 0 or bool(kind and _REFUNDED.search(kind))
    each = first_cents(item, *_ITEM_PRICES)
    line = OrderLine(
        name=name,
        product_id=identifier(product, "usItemId") or identifier(item, "usItemId"),
        quantity_thousandths=int((abs(quantity) * 1000).to_integral_value()),
        total_cents=None if total is None else (-abs(total) if is_refund else total),
        unit_price_cents=None if each is None else abs(each),
        is_weighed=_is_weighed(item) or quantity != quantity.to_integral_value(),
        is_canceled=_is_canceled(item, group, kind) or quantity == 0,
        is_refund=is_refund,
        image_url=text(product, "imageInfo.thumbnailUrl"),
    )
    return msgspec.structs.replace(
        line,
        seller=_seller(group),
        status=kind if is_replaced(kind) else told,
        fulfillment=text(group, "fulfillmentType"),
    )


def _product(item: Any) -> Any:
    return at(item, "productInfo") or at(item, "product") or item


def _name(item: Any) -> str | None:
    product = _product(item)
    return text(product, "name") or text(item, "name") or text(product, "productName")


def _quantity(item: Any) -> Decimal | None:
    """How many or how much; a text may carry a unit behind the number."""
    for key in _QUANTITIES:
        value = number(item, key)
        if value is None:
            value = number(item, f"{key}.value")
        if value is not None:
            return value
        found = _LEADING.match(text(item, key) or "")
        if found is not None:
            return Decimal(found[1])
    return None


def _is_weighed(item: Any) -> bool:
    for codes in ("priceInfo.priceDisplayCodes", "priceInfo"):
        if boolean(item, f"{codes}.finalCostByWeight"):
            return True
    return any(_WEIGHT.match(text(item, key) or "") for key in _QUANTITIES)


def _is_canceled(item: Any, group: Any, kind: str | None) -> bool:
    if boolean(item, "isCanceled") or boolean(item, "isCancelled"):
        return True
    told = status_of(group)
    of_group = bool(told and _CANCELED.search(told) and not _IN_PART.search(told))
    own = [status_of(item), kind]
    of_type = bool(_CANCELED.search(text(group, "status.statusType") or ""))
    return of_group or of_type or any(said and _CANCELED.search(said) for said in own)


def _seller(group: Any) -> str | None:
    names = ("seller.sellerDisplayName", "seller.displayName", "seller.name", "sellerName")
    return next((found for name in names if (found := text(group, name))), None)
