"""What a tile of the shop's pages says about its price, in each of the layouts.

An empty price, or a price of 0, is unknown and never free; a range of options is no price.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec

from manciple.grocery.connectors.loose_json import at, boolean, items, number, text
from manciple.grocery.domain.price_grammar import read_price
from manciple.grocery.domain.units import UnitPrice, half_up

NO_PRICE = "the page shows no price"
ONLY_A_RANGE = "the page shows only a range of options"


class ShownPrice(msgspec.Struct, frozen=True, kw_only=True):
    """A price as it stands on a page; `missing` says why where `cents` is None.

    `unit_price` is what the page's own text (`13.7 ¢/count`) reads as. `is_estimate` marks goods
    whose final price depends on their weight.
    """

    cents: int | None = None
    missing: str | None = None
    was_cents: int | None = None
    lowest_cents: int | None = None
    highest_cents: int | None = None
    unit_price_text: str | None = None
    unit_price: UnitPrice | None = None
    is_estimate: bool = False


def lines_of(tile: Any) -> ShownPrice:
    """The layout with `priceDetails.priceLines`, each line of a type and with keyed values."""
    by_type = {
        text(line, "lineType"): {text(value, "key"): value for value in items(line, "values")}
        for line in items(tile, "priceInfo.priceDetails.priceLines")
    }
    return _priced(
        current=_value(by_type, "CURRENT_PRICE", "PRICE"),
        was=_value(by_type, "WAS_PRICE", "PRICE"),
        lowest=_value(by_type, "OPTIONS_RANGE", "LOW_PRICE"),
        highest=_value(by_type, "OPTIONS_RANGE", "HIGH_PRICE"),
        unit_price=text(by_type, "UNIT_PRICE.UNIT_PRICE.value"),
        is_estimate=boolean(tile, "priceInfo.finalCostByWeight") is True,
    )


def flat_of(tile: Any) -> ShownPrice:
    """The layouts with `linePrice` and its neighbors as texts, and a plain `price` beside them."""
    info = at(tile, "priceInfo")
    lowest, highest = _range(text(info, "priceRangeString"))
    return _priced(
        current=_stated(text(info, "linePrice")) or _cents(number(tile, "price")),
        was=_stated(text(info, "wasPrice")),
        lowest=lowest or _cents(number(info, "minPrice")),
        highest=highest,
        unit_price=text(info, "unitPrice"),
        is_estimate=boolean(info, "finalCostByWeight") is True,
    )


def product_of(product: Any) -> ShownPrice:
    """A product's own page, where each price is an object with a `price`."""
    info = at(product, "priceInfo")
    return _priced(
        current=_cents(number(info, "currentPrice.price"))
        or _stated(text(info, "currentPrice.priceString")),
        was=_cents(number(info, "wasPrice.price")),
        lowest=_cents(number(info, "priceRange.minPrice")),
        highest=_cents(number(info, "priceRange.maxPrice")),
        unit_price=text(info, "unitPrice.priceString"),
        is_estimate=boolean(info, "finalCostByWeight") is True,
    )


def reader_of(tile: Any) -> tuple[str, Callable[[Any], ShownPrice]] | None:
    """The layout's name and its price reader, told by shape; None for a shape never seen."""
    if at(tile, "priceInfo.priceDetails") is not None:
        return "price-lines", lines_of
    info = at(tile, "priceInfo")
    if not isinstance(info, dict):
        return None
    if "currentPrice" in info:
        return "product", product_of
    if "linePrice" in info:
        status = "status" if at(tile, "availabilityStatusV2") is not None else "display-status"
        return f"flat-{status}", flat_of
    return None


def _value(by_type: Mapping[str | None, Any], line: str, key: str) -> int | None:
    """The cents of one keyed value, which is a bare number or a printed price."""
    path = f"{line}.{key}.value"
    return _cents(number(by_type, path)) or _stated(text(by_type, path))


def _priced(
    *,
    current: int | None,
    was: int | None,
    lowest: int | None,
    highest: int | None,
    unit_price: str | None,
    is_estimate: bool,
) -> ShownPrice:
    missing = None if current else (ONLY_A_RANGE if lowest else NO_PRICE)
    read = read_price(unit_price) if unit_price else None
    return ShownPrice(
        cents=current,
        missing=missing,
        was_cents=was,
        lowest_cents=lowest,
        highest_cents=highest,
        unit_price_text=unit_price,
        unit_price=read.unit_price if read else None,
        is_estimate=is_estimate,
    )


def _stated(printed: str | None) -> int | None:
    """The cents that a printed price states ("Now $349.99"); None for nothing or for free."""
    read = read_price(printed) if printed else None
    return read.cents or None if read else None


def _range(printed: str | None) -> tuple[int | None, int | None]:
    """Both ends of "Options from $1.00 – $5.99"; only the low one of "Options from $1.00"."""
    read = read_price(printed) if printed else None
    return (read.cents or None, read.most_cents or None) if read else (None, None)


def _cents(dollars: Decimal | None) -> int | None:
    """Dollars as cents; None for nothing and for 0, which pages print for "unknown"."""
    if dollars is None or dollars <= 0:
        return None
    return half_up(Fraction(dollars) * 100)
