"""What a tile of the shop's pages says about its price, in each of the layouts.

An empty price, or a price of 0, is unknown and never free; a range of options is no price.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import msgspec

from manciple.grocery.connectors.loose_json import at, boolean, items, shape, text
from manciple.grocery.connectors.shown_statements import (
    ONLY_BY_UNIT,
    Stated,
    agreed,
    before,
    clear,
    in_cart,
    is_least,
    is_strange,
    is_unit,
    number_of,
    printed_of,
    read_shown,
    says_a_price,
    strange_words,
)
from manciple.grocery.domain.price_grammar import Reading, ReadPrice, read_price
from manciple.grocery.domain.units import UnitPrice, half_up

NO_PRICE = "the page shows no price"
ONLY_A_RANGE = "the page shows only a range of options"
_FLAT = frozenset(
    {"linePrice", "linePriceDisplay", "itemPrice", "unitPrice", "wasPrice", "priceRangeString"}
)
_ENDS = frozenset({"LOW_PRICE", "HIGH_PRICE"})
_LINE = ("linePrice", "linePriceDisplay")
_KNOWN_LINES = frozenset(
    {
        "CURRENT_PRICE",
        "WAS_PRICE",
        "UNIT_PRICE",
        "OPTIONS_RANGE",
        "LIST_PRICE",
        "MEMBER_PRICE",
        "SUBSCRIPTION_PRICE",
    }
)
_OURS = frozenset({"USD", "US$", "$"})
_ABOUT = re.compile(r"\b(?:avg|average|est|estimated|approx)\b|by[ _]weight", re.IGNORECASE)


class ShownPrice(msgspec.Struct, frozen=True, kw_only=True):
    """A price as it stands on a page; `missing` says why where `cents` is None.

    `cents` is for one piece; where the page asks for several at once ("2 for $5"), `pieces` and
    `pieces_cents` say so. `unit_price` is what the page's own text (`13.7 ¢/count`) reads as.
    `is_estimate` marks goods whose final price depends on their weight.
    """

    cents: int | None = None
    missing: str | None = None
    pieces: int = 1
    pieces_cents: int | None = None
    was_cents: int | None = None
    lowest_cents: int | None = None
    highest_cents: int | None = None
    unit_price_text: str | None = None
    unit_price: UnitPrice | None = None
    is_estimate: bool = False


def lines_of(tile: Any) -> ShownPrice:
    """The layout with `priceDetails.priceLines`, each line of a type and with keyed values."""
    printed = items(tile, "priceInfo.priceDetails.priceLines")
    lines = {
        text(line, "lineType"): {text(value, "key"): value for value in items(line, "values")}
        for line in printed
    }
    ranged = lines.get("OPTIONS_RANGE", {})
    current = agreed([*in_cart(tile), *_current_of(printed)])
    if isinstance(current, ReadPrice):
        # The fields of the older layouts are empty on real pages of this one; they tell no price.
        beside = (at(tile, "priceInfo.linePrice"), at(tile, "price"))
        current = agreed([current, *map(clear, beside)])
    return _priced(
        tile,
        current=current,
        was=before(_line_value(lines, "WAS_PRICE", "PRICE"))
        or before(_line_value(lines, "LIST_PRICE", "PRICE")),
        ends=(
            read_shown(at(ranged, "LOW_PRICE.value")),
            read_shown(at(ranged, "HIGH_PRICE.value")),
        ),
        unit_price=_line_value(lines, "UNIT_PRICE", "UNIT_PRICE"),
    )


def flat_of(tile: Any) -> ShownPrice:
    """The layouts with `linePrice` and its neighbors as texts, and a plain `price` beside them."""
    info = at(tile, "priceInfo")
    lines: list[Stated] = [told for told in _printed_lines(info) if told is not None]
    former = text(info, "wasPrice")
    item = text(info, "itemPrice")
    if not lines and item is not None and item != former:
        lines = [clear(item)]
    options = read_shown(text(info, "priceRangeString"))
    # Beside nothing but a range the plain number is its low end.
    plain = None if options and not lines else clear(at(tile, "price"))
    most = ReadPrice(reading=Reading.EACH, cents=options.most_cents) if options else None
    return _priced(
        tile,
        current=agreed([*in_cart(tile), *lines, plain]),
        was=before(at(info, "wasPrice")),
        ends=(options or read_shown(at(info, "minPrice")), most),
        unit_price=at(info, "unitPrice"),
    )


def _printed_lines(info: Any) -> Iterator[Stated]:
    for name in _LINE:
        shown = at(info, name)
        if not isinstance(shown, str):
            yield from _of_object(shown)
        elif says_a_price(shown):
            yield clear(shown)


def product_of(product: Any) -> ShownPrice:
    """A product's own page, where each price is an object with a `price`."""
    info = at(product, "priceInfo")
    low, high = at(info, "priceRange.minPrice"), at(info, "priceRange.maxPrice")
    return _priced(
        product,
        current=agreed([*in_cart(product), *_of_object(at(info, "currentPrice"))]),
        was=before(at(info, "wasPrice")) or before(at(info, "listPrice")),
        ends=(read_shown(low), read_shown(high)),
        unit_price=at(info, "unitPrice"),
    )


def reader_of(tile: Any) -> tuple[str, Callable[[Any], ShownPrice]] | None:
    """The layout's name and its price reader, told by shape; None for a shape never seen.

    A `priceInfo` that is empty is a price that is not told, in any layout.
    """
    info = at(tile, "priceInfo")
    if "priceInfo" not in tile or not (info is None or isinstance(info, dict)):
        return None
    lines = items(info, "priceDetails.priceLines")
    if lines:
        is_known = any(text(line, "lineType") in _KNOWN_LINES for line in lines)
        return ("price-lines", lines_of) if is_known else None
    if info and "currentPrice" in info:
        return "product", product_of
    if not info or _FLAT.intersection(info):
        status = "status" if at(tile, "availabilityStatusV2") is not None else "display-status"
        return f"flat-{status}", flat_of
    return ("price-lines", lines_of) if "priceDetails" in info else None


def _current_of(lines: Sequence[Any]) -> Iterator[Stated]:
    """What the lines of the current price say: their amounts, and what qualifies them."""
    for line in lines:
        if text(line, "lineType") != "CURRENT_PRICE":
            continue
        values = items(line, "values")
        if all(at(value, "value") is None for value in values):
            yield _unknown(values[0] if values else line)
        for value in values:
            shown = at(value, "value")
            if text(value, "key") in _ENDS:
                yield ONLY_A_RANGE
            elif isinstance(shown, str) and not says_a_price(shown):
                yield _qualified(shown)
            else:
                yield clear(shown)


def _qualified(words: str) -> Stated:
    if is_unit(words):
        return ONLY_BY_UNIT
    if is_least(words):
        return ONLY_A_RANGE
    strange = strange_words(words)
    return f"the page qualifies its price: {strange[:60]!r}" if strange else None


def _of_object(shown: Any) -> Iterator[Stated]:
    """The text of a price and the number beside it, which should say the same."""
    yield _unknown(shown) if is_strange(shown) else clear(printed_of(shown))
    yield clear(number_of(shown))


def _unknown(shown: Any) -> str:
    return f"the page's price is of an unknown shape: {shape(shown)}"


def _line_value(lines: Mapping[str | None, Any], line: str, key: str) -> Any:
    """The value of a line: under its key, or the only one that it has."""
    values = lines.get(line) or {}
    only = next(iter(values.values())) if len(values) == 1 else None
    return at(values.get(key) or only, "value")


def _priced(
    tile: Any,
    *,
    current: Stated,
    was: ReadPrice | None,
    ends: tuple[ReadPrice | None, ReadPrice | None],
    unit_price: Any,
) -> ShownPrice:
    unsaid, current = (current, None) if isinstance(current, str) else (None, current)
    if current and current.reading is Reading.RANGE:
        high = ReadPrice(reading=Reading.EACH, cents=current.most_cents)
        current, ends = None, (current, high)
    lowest, highest = (end.cents if end else None for end in ends)
    printed = printed_of(unit_price)
    # Of several amounts none is the unit price.
    read = read_price(printed) if printed and not is_least(printed) else None
    by = read.unit_price if read and read.cents is None else None
    cents, missing = (None, unsaid) if unsaid else _current(tile, current, lowest)
    is_several = cents is not None and current is not None and current.quantity > 1
    before = was.each_cents if was else (current.was_cents if current else None)
    return ShownPrice(
        cents=cents,
        missing=missing,
        pieces=current.quantity if is_several and current else 1,
        pieces_cents=current.cents if is_several and current else None,
        was_cents=before,
        lowest_cents=lowest,
        highest_cents=highest,
        unit_price_text=printed,
        unit_price=by or (current.unit_price if current else None),
        is_estimate=_is_estimate(tile) or bool(current and current.is_estimate),
    )


def _current(
    tile: Any, current: ReadPrice | None, lowest: int | None
) -> tuple[int | None, str | None]:
    """The price of one piece in cents, or None and why."""
    currency = _currency(tile)
    if currency is not None and currency.upper() not in _OURS:
        return None, f"the page states the price in {currency}, not in US dollars"
    if current is not None and current.each_cents:
        return current.each_cents, None
    each = current.unit_price if current else None
    if each is not None and each.unit == "EA" and each.per == 1 and each.cents_thousandths:
        return half_up(Fraction(each.cents_thousandths, 1000)), None
    if each is not None:
        return None, ONLY_BY_UNIT
    return None, ONLY_A_RANGE if lowest else NO_PRICE


def _currency(tile: Any) -> str | None:
    paths = ("priceDetails.currency", "currentPrice.currencyUnit", "currency", "currencyCode")
    return next((found for path in paths if (found := text(tile, f"priceInfo.{path}"))), None)


def _is_estimate(tile: Any) -> bool:
    info = at(tile, "priceInfo")
    if boolean(info, "finalCostByWeight") or boolean(info, "priceDisplayCodes.finalCostByWeight"):
        return True
    condition = text(info, "priceDisplayCondition") or text(info, "priceDisplayCodes.subtext")
    lines = items(info, "priceDetails.priceLines")
    texts = (text(value, "value") for line in lines for value in items(line, "values"))
    kinds = (text(line, "lineType") for line in lines)
    return any(said and _ABOUT.search(said) for said in (condition, *kinds, *texts))
