"""One statement of a price on a page, and whether several of them agree.

A statement is a read price, nothing, or the reason why there is no certain price in it. Words that
nobody foresaw make a price unclear: "$10.00/mo", "up to $10.00", "$1.96 + $0.10 deposit" and
"$1.96 $2.96" all hold an amount that is not the price of one piece.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from manciple.grocery.connectors.loose_json import at, text
from manciple.grocery.domain.price_grammar import Reading, ReadPrice, read_price
from manciple.grocery.domain.unit_table import UNITS, WORDS, Dimension
from manciple.grocery.domain.units import half_up

Stated = ReadPrice | str | None

ONLY_BY_UNIT = "the page shows only a price for a weight or another unit"
ONLY_IN_CART = "the page shows the price only in the cart"
_TEXTS = ("priceString", "displayValue", "priceDisplay", "value")
_NUMBERS = ("price", "amount", "value")
# Nothing on a shelf costs more; larger numbers are ids or noise.
_MOST_DOLLARS = 1_000_000
# Dollars with a finer part than this beyond their cents are no price; less is a float's tail.
_NOISE = Fraction(1, 1000)
_IN_CART = re.compile(r"\b(?:cart|checkout)\b", re.IGNORECASE)
_WAS = re.compile(r"^\s*(?:was|antes|list|reg(?:ular)?\.?)\s*:?\s*", re.IGNORECASE)
# A price without its sign, as fields of data hold it: "3.24", "1,299.00", "3.24 USD".
_BARE = re.compile(r"(?:USD\s*)?((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?:\s*USD)?")
_AMOUNT = re.compile(
    r"(?:us)?\$\s*[\d.,]*\d(?!\s*(?:¢|cents?\b))|[\d.,]*\d\s*(?:¢|cents?\b)", re.IGNORECASE
)
# Cents in small print, whose point got lost: "$3 24".
_TORN = re.compile(r"\$\s*[\d,]+\s+\d\d(?![\d.,]|\s*(?:%|¢|cents?\b|for\b))", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+|[+%]")
_LEAST = re.compile(r"\b(?:from|starting|as low as|options|desde)\b", re.IGNORECASE)
_SAVED = frozenset({"save", "saved", "off"})
_KNOWN = re.compile(
    r"saved?|off|now|current|price|is|the|sale|only|was|reg|regular|list|msrp|orig|originally"
    r"|reduced|marked|down|from|to|for|each|ea|of|an?|per|you|starting|at|as|low|rollback"
    r"|clearance|special|usd?|more|options|est|estimated|avg|average|approx|about|unit|final"
    r"|cost|by|weight|or|ahora|precio|actual"
)


def agreed(statements: Iterable[Stated]) -> Stated:
    """What several statements of one price say together; the first decides what kind it is.

    A doubt in any of them is a doubt; prices of one piece that differ are none.
    """
    told = [one for one in statements if one is not None]
    doubt = next((one for one in told if isinstance(one, str)), None)
    prices = [one for one in told if isinstance(one, ReadPrice)]
    ranged = next((one for one in prices if one.reading is Reading.RANGE), None)
    if doubt or ranged or not prices:
        return doubt or ranged
    first = prices[0]
    if first.each_cents is None:
        return first
    if any(_is_that_by_unit(one, first.each_cents) for one in prices):
        # "$7.98" beside "$7.98/lb": the scale makes the price.
        return ONLY_BY_UNIT
    # "$5.00" beside "$5.00 for 2" is what both cost.
    first = next((one for one in prices if one.quantity > 1 and one.cents == first.cents), first)
    may_be = {first.each_cents, first.cents}
    other = next(
        (one for one in prices if one.cents and not may_be & {one.cents, one.each_cents}), None
    )
    if other is not None:
        return f"the page states several prices: {first.cents} and {other.cents} cents"
    return first


def _is_that_by_unit(read: ReadPrice, cents: int) -> bool:
    """Whether a statement is nothing but that amount for a weight or a volume."""
    by = read.unit_price if read.cents is None else None
    is_measure = by is not None and UNITS[by.unit].dimension is not Dimension.COUNT
    return bool(by and is_measure and by.cents_thousandths == cents * 1000)


def in_cart(tile: Any) -> Iterator[Stated]:
    """Whether the shop keeps the price for the cart; the amount it prints is then another one."""
    info = at(tile, "priceInfo")
    texts = ("submapType", "priceDisplayCondition", "priceDisplayCodes.priceDisplayCondition")
    if any(_IN_CART.search(text(info, name) or "") for name in texts):
        yield ONLY_IN_CART


def clear(shown: Any) -> Stated:
    """A number or a printed text as a price; else why it is none."""
    read = read_shown(shown)
    if not isinstance(shown, str) or _BARE.fullmatch(shown.strip()):
        return read if read or not _is_finer(shown) else "the page states a price finer than a cent"
    if _IN_CART.search(shown):
        return ONLY_IN_CART
    if read is None:
        is_told = any(char in "123456789" for char in shown)
        return f"the page's price cannot be read: {shown[:60]!r}" if is_told else None
    strange = strange_words(shown) or _TORN.search(shown) or _too_many(shown, read)
    return f"the page qualifies its price: {shown[:60]!r}" if strange else read


def says_a_price(shown: str) -> bool:
    """Whether a text carries an amount, or says where else to look for it."""
    return any(map(str.isdigit, shown)) or bool(_IN_CART.search(shown))


def strange_words(printed: str) -> str:
    """The words around a price that are not known to leave it as it is; empty for none."""
    around = _WORD.findall(_AMOUNT.sub(" ", printed).lower())
    return " ".join(word for word in around if not (_KNOWN.fullmatch(word) or word in WORDS))


def is_unit(printed: str) -> bool:
    """Whether a text is nothing but a unit: "/lb", "per oz"."""
    words = _WORD.findall(printed.lower())
    return bool(words) and words[-1] in WORDS and not _KNOWN.fullmatch(words[-1])


def is_least(printed: str) -> bool:
    """Whether a text says that the amount beside it is the lowest of several: "From"."""
    return bool(_LEAST.search(printed))


def _too_many(printed: str, read: ReadPrice) -> bool:
    """Whether more amounts are printed than were read."""
    told = 1 + sum(part is not None for part in (read.was_cents, read.unit_price))
    words = set(_WORD.findall(printed.lower()))
    # "Save $1", and "2 for $5 or $2.99 each".
    told += bool(_SAVED & words) + ({"for", "or", "each"} <= words)
    return read.reading is not Reading.RANGE and len(_AMOUNT.findall(printed)) > told


def printed_of(shown: Any) -> str | None:
    """The text of a price, which may stand in an object."""
    if isinstance(shown, Mapping):
        return next((found for key in _TEXTS if (found := text(shown, key))), None)
    return shown.strip() or None if isinstance(shown, str) else None


def is_strange(shown: Any) -> bool:
    """Whether a price stands in an object, and under none of the names that such have."""
    return (
        isinstance(shown, Mapping) and any(shown.values()) and not {*_TEXTS, *_NUMBERS} & {*shown}
    )


def number_of(shown: Any) -> Any:
    """The number of a price that stands in an object, or is one."""
    if isinstance(shown, Mapping):
        return next((shown[key] for key in _NUMBERS if shown.get(key)), None)
    return shown


def read_shown(shown: Any) -> ReadPrice | None:
    """A price as a number, a printed text, or an object with either; None for nothing and for 0.

    Pages print 0 for "unknown". A range and a price by unit are read as what they are.
    """
    if isinstance(shown, Mapping):
        return read_shown(number_of(shown)) or read_shown(printed_of(shown))
    if isinstance(shown, str):
        bare = _BARE.fullmatch(shown.strip())
        read = _bare(Decimal(bare[1].replace(",", ""))) if bare else read_price(shown)
        return read if read and (read.cents or read.unit_price) else None
    if isinstance(shown, int | Decimal) and not isinstance(shown, bool):
        return _bare(Decimal(shown))
    return None


def before(shown: Any) -> ReadPrice | None:
    """A former price, also where its field repeats the word: "was $4.48"; a range is none."""
    read = read_shown(_WAS.sub("", shown) if isinstance(shown, str) else shown)
    return None if read and read.reading is Reading.RANGE else read


def _is_finer(shown: Any) -> bool:
    bare = _BARE.fullmatch(str(shown).strip())
    return bool(bare and Decimal(bare[1].replace(",", "")) > 0)


def _bare(dollars: Decimal) -> ReadPrice | None:
    if not dollars.is_finite() or not 0 < dollars < _MOST_DOLLARS:
        return None
    exact = Fraction(dollars) * 100
    cents = half_up(exact)
    return ReadPrice(reading=Reading.EACH, cents=cents) if abs(exact - cents) <= _NOISE else None
