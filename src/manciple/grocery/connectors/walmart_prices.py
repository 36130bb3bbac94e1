"""What a tile of the shop's pages says about its price, in each of the layouts.

An empty price, or a price of 0, is unknown and never free; a range of options is no price.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec

from manciple.grocery.connectors.loose_json import at, boolean, items, text
from manciple.grocery.domain.price_grammar import Reading, ReadPrice, read_price
from manciple.grocery.domain.units import UnitPrice, half_up

NO_PRICE = "the page shows no price"
ONLY_A_RANGE = "the page shows only a range of options"
ONLY_BY_UNIT = "the page shows only a price for a weight or another unit"
_FLAT = frozenset(
    {"linePrice", "linePriceDisplay", "itemPrice", "unitPrice", "wasPrice", "priceRangeString"}
)
_LINE = ("linePrice", "linePriceDisplay", "itemPrice")
_TEXTS = ("priceString", "displayValue", "priceDisplay", "value")
_NUMBERS = ("price", "amount", "value")
_KNOWN_LINES = frozenset(
    {"CURRENT_PRICE", "WAS_PRICE", "UNIT_PRICE", "OPTIONS_RANGE", "LIST_PRICE", "MEMBER_PRICE"}
)
# Nothing on a shelf costs more; larger numbers are ids or noise.
_MOST_DOLLARS = 1_000_000
_OURS = frozenset({"USD", "US$", "$"})
_ABOUT = re.compile(r"\b(?:avg|average|est|estimated|approx)\b", re.IGNORECASE)
_WAS = re.compile(r"^\s*(?:was|list|reg(?:ular)?\.?)\s*:?\s*", re.IGNORECASE)
# A price without its sign, as fields of data hold it: "3.24", "1,299.00", "3.24 USD".
_BARE = re.compile(r"(?:USD\s*)?((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?:\s*USD)?")


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
    lines = {
        text(line, "lineType"): {text(value, "key"): value for value in items(line, "values")}
        for line in items(tile, "priceInfo.priceDetails.priceLines")
    }
    ranged = lines.get("OPTIONS_RANGE", {})
    return _priced(
        tile,
        current=_read(_line_value(lines, "CURRENT_PRICE", "PRICE")),
        was=_before(_line_value(lines, "WAS_PRICE", "PRICE"))
        or _before(_line_value(lines, "LIST_PRICE", "PRICE")),
        ends=(_read(at(ranged, "LOW_PRICE.value")), _read(at(ranged, "HIGH_PRICE.value"))),
        unit_price=_line_value(lines, "UNIT_PRICE", "UNIT_PRICE"),
    )


def flat_of(tile: Any) -> ShownPrice:
    """The layouts with `linePrice` and its neighbors as texts, and a plain `price` beside them."""
    info = at(tile, "priceInfo")
    said = next((found for name in _LINE if (found := text(info, name))), None)
    options = _read(text(info, "priceRangeString"))
    most = ReadPrice(reading=Reading.EACH, cents=options.most_cents) if options else None
    return _priced(
        tile,
        current=_read(said) or _read(at(tile, "price")),
        was=_before(at(info, "wasPrice")),
        ends=(options or _read(at(info, "minPrice")), most),
        unit_price=at(info, "unitPrice"),
    )


def product_of(product: Any) -> ShownPrice:
    """A product's own page, where each price is an object with a `price`."""
    info = at(product, "priceInfo")
    low, high = at(info, "priceRange.minPrice"), at(info, "priceRange.maxPrice")
    return _priced(
        product,
        current=_read(at(info, "currentPrice")),
        was=_before(at(info, "wasPrice")) or _before(at(info, "listPrice")),
        ends=(_read(low), _read(high)),
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


def _line_value(lines: Mapping[str | None, Any], line: str, key: str) -> Any:
    """The value of a line: under its key, or the only one that it has."""
    values = lines.get(line) or {}
    only = next(iter(values.values())) if len(values) == 1 else None
    return at(values.get(key) or only, "value")


def _priced(
    tile: Any,
    *,
    current: ReadPrice | None,
    was: ReadPrice | None,
    ends: tuple[ReadPrice | None, ReadPrice | None],
    unit_price: Any,
) -> ShownPrice:
    if current and current.reading is Reading.RANGE:
        high = ReadPrice(reading=Reading.EACH, cents=current.most_cents)
        current, ends = None, (current, high)
    lowest, highest = (end.cents if end else None for end in ends)
    printed = _printed(unit_price)
    read = read_price(printed) if printed else None
    cents, missing = _current(tile, current, lowest)
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
        unit_price=(read.unit_price if read else None) or (current.unit_price if current else None),
        is_estimate=_is_estimate(tile) or bool(current and current.is_estimate),
    )


def _current(
    tile: Any, current: ReadPrice | None, lowest: int | None
) -> tuple[int | None, str | None]:
    """The price of one piece in cents, or None and why."""
    currency = _currency(tile)
    if currency is not None and currency not in _OURS:
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
    return bool(condition and _ABOUT.search(condition))


def _printed(shown: Any) -> str | None:
    """The text of a price, which may stand in an object."""
    if isinstance(shown, Mapping):
        return next((found for key in _TEXTS if (found := text(shown, key))), None)
    return shown.strip() or None if isinstance(shown, str) else None


def _read(shown: Any) -> ReadPrice | None:
    """A price as a number, a printed text, or an object with either; None for nothing and for 0.

    Pages print 0 for "unknown". A range and a price by unit are read as what they are.
    """
    if isinstance(shown, Mapping):
        found = next((read for key in _NUMBERS if (read := _read(shown.get(key)))), None)
        return found or _read(_printed(shown))
    if isinstance(shown, str):
        bare = _BARE.fullmatch(shown.strip())
        read = _bare(Decimal(bare[1].replace(",", ""))) if bare else read_price(shown)
        return read if read and (read.cents or read.unit_price) else None
    if isinstance(shown, int | Decimal) and not isinstance(shown, bool):
        return _bare(Decimal(shown))
    return None


def _before(shown: Any) -> ReadPrice | None:
    """A former price, also where its field repeats the word: "was $4.48"."""
    return _read(_WAS.sub("", shown) if isinstance(shown, str) else shown)


def _bare(dollars: Decimal) -> ReadPrice | None:
    if not dollars.is_finite() or not 0 < dollars < _MOST_DOLLARS:
        return None
    return ReadPrice(reading=Reading.EACH, cents=half_up(Fraction(dollars) * 100))
