"""Items out of JSON exports: flat lists, orders with items, and orders under their numbers."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from manciple.grocery.connectors.loose_json import shape
from manciple.grocery.connectors.order_words import NAMES, NAMES_TOO, Row, names_an_item, normal
from manciple.kit.errors import InvalidInput

_ITEM_LISTS = ("items", "lineItems", "products", "lines")
# Where an order keeps its items in several parcels.
_PACKED = ("shipments", "groups", "packages", "deliveries")
# Where an item keeps what is told of the good itself.
_GOODS = ("product", "productInfo", "item")
_ORDER_LISTS = ("orders", "items", "data", "results", "result")
# Of an item that stands inside an order, what would read as the whole order's.
_OF_THE_ITEM = {"total": "linetotal", "subtotal": "linetotal", "amount": "linetotal"}
_OF_THE_ORDER = frozenset({"tax", "tip", "discount", "savings", "ordertotal"})


def json_rows(content: str) -> Iterator[tuple[int, Row]]:
    """The items of an export as rows, each with the place of its entry.

    Raises:
        InvalidInput: no JSON, or nothing in it that has the name of a good.
    """
    value = _decoded(content)
    if isinstance(value, dict):
        value = _listed(value, _ORDER_LISTS) or [value]
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        raise InvalidInput.at("file", "expected a list of items or of orders")
    for number, entry in enumerate(value, start=1):
        if not isinstance(entry, dict):
            raise InvalidInput.at("file", f"entry {number} is no object")
        rows = list(_flat(entry))
        if not any(map(names_an_item, rows)):
            raise InvalidInput.at("file", f"entry {number} names no items: it is {shape(entry)}")
        yield from ((number, row) for row in rows)


def _decoded(content: str) -> Any:
    try:
        return json.loads(content, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        try:
            # An object a line.
            lines = (line for line in content.splitlines() if line.strip())
            return [json.loads(line, parse_float=str, parse_int=str) for line in lines]
        except (ValueError, RecursionError):
            raise InvalidInput.at("file", "not JSON") from error


def _listed(value: dict[str, Any], names: Sequence[str]) -> list[Any] | None:
    """The list under one of the names, else the longest list of objects; None for none.

    An object that is itself an order, with its number, is not looked into.
    """
    if any(normal(key) in _ORDER_KEYS for key in value):
        return None
    inner = next((value[name] for name in _ORDER_LISTS if isinstance(value.get(name), dict)), None)
    if inner is not None:
        return _listed(inner, names)
    if value and all(isinstance(held, dict) and _lists(held) for held in value.values()):
        # Orders under their own numbers.
        return [{"orderid": key, **held} for key, held in value.items()]
    lists = {key: held for key, held in value.items() if isinstance(held, list)}
    named = next((lists[name] for name in names if lists.get(name)), None)
    return named or max(lists.values(), key=len, default=None)


_ORDER_KEYS = frozenset({"ordernumber", "orderid"})


def _flat(entry: dict[str, Any]) -> Iterator[Row]:
    """An item as it is; an order with a list of items as one row an item."""
    own = {normal(key): cell_text(value) for key, value in entry.items() if _is_plain(value)}
    entry = _unpacked(entry)
    named = [entry[name] for name in _ITEM_LISTS if isinstance(entry.get(name), list)]
    lists = named[:1] or [value for value in entry.values() if isinstance(value, list)]
    nested = [item for value in lists for item in value if isinstance(item, dict)]
    if not nested:
        yield own
        return
    for name in (*NAMES, *NAMES_TOO):
        own.pop(name, None)
    if "id" in own and not _ORDER_KEYS.intersection(own):
        own["orderid"] = own["id"]
    for item in nested:
        yield own | _item_of(item)


def _lists(entry: dict[str, Any]) -> bool:
    return any(isinstance(entry.get(name), list) for name in (*_ITEM_LISTS, *_PACKED))


def _unpacked(entry: dict[str, Any]) -> dict[str, Any]:
    """An order whose items stand in its shipments as one whose items stand in it."""
    packs = next((entry[name] for name in _PACKED if isinstance(entry.get(name), list)), None)
    if packs is None or any(isinstance(entry.get(name), list) for name in _ITEM_LISTS):
        return entry
    names = [(pack, name) for pack in packs if isinstance(pack, dict) for name in _ITEM_LISTS]
    return entry | {"items": [item for pack, name in names for item in pack.get(name) or []]}


def _item_of(item: dict[str, Any]) -> dict[str, str]:
    good: dict[str, Any] = next(
        (item[key] for key in _GOODS if isinstance(item.get(key), dict)), {}
    )
    both = (good | item).items()
    plain = {normal(key): cell_text(value) for key, value in both if _is_plain(value)}
    return {
        _OF_THE_ITEM.get(key, key): cell for key, cell in plain.items() if key not in _OF_THE_ORDER
    }


def _is_plain(value: Any) -> bool:
    return not isinstance(_simple(value), dict | list)


def _simple(value: Any) -> Any:
    """The amount of an object that holds just one, as `{"value": 3.98, "currency": "USD"}`."""
    if not isinstance(value, dict):
        return value
    amount = next((value[key] for key in ("value", "displayValue", "amount") if key in value), None)
    if amount is None or isinstance(amount, dict | list):
        return value
    currency = str(value.get("currency") or value.get("currencyCode") or "USD")
    return amount if currency in {"USD", "$"} else f"{currency} {amount}"


def cell_text(value: Any) -> str:
    """A cell as text: of a date its ISO writing, of nothing an empty text."""
    value = _simple(value)
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value).strip()
