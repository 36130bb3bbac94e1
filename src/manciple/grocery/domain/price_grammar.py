"""Reads a price as shops print it into a typed result; never guesses what is not there.

General libraries read "3 for $5" as 3, "98.0 ¢/oz" as 98 and "was $4.48 now $3.24" as 4.48.
"""

import re
from enum import StrEnum
from fractions import Fraction

import msgspec

from manciple.grocery.domain.unit_table import WORDS
from manciple.grocery.domain.units import UnitPrice, half_up


class Reading(StrEnum):
    """What kind of statement a printed price is."""

    EACH = "each"
    MULTIPLE = "multiple"
    RANGE = "range"
    BY_WEIGHT = "by_weight"
    UNIT = "unit"


class ReadPrice(msgspec.Struct, frozen=True, kw_only=True):
    """A price as it was printed.

    `cents` is what one pays for `quantity` pieces ("2 for $5": 500 for 2); of a range, the low end
    with the high end, where it is printed, in `most_cents`; None where only a unit price was
    printed. `was_cents` is the struck-out price. `is_estimate` marks average and by-weight prices
    that the scale will settle.
    """

    reading: Reading
    cents: int | None = None
    quantity: int = 1
    most_cents: int | None = None
    was_cents: int | None = None
    unit_price: UnitPrice | None = None
    is_estimate: bool = False
    currency: str = "USD"

    @property
    def each_cents(self) -> int | None:
        """The price of one piece, rounded once, half up."""
        return None if self.cents is None else half_up(Fraction(self.cents, self.quantity))


# What goes on behind the digits ("$3,98", "$1.299,00") is another country's writing: not read.
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?!\d|[.,]\d)"
_MONEY = (
    rf"(?:\$\s*(?P<usd>{_DIGITS})(?!\s*(?:¢|cents?\b))"
    rf"|(?<![\d.,])(?P<cent>{_DIGITS})\s*(?:¢|cents?\b))"
)


def _money(name: str) -> str:
    return _MONEY.replace("<usd>", f"<{name}_usd>").replace("<cent>", f"<{name}_cent>")


_UNIT_WORDS = "|".join(re.escape(word) for word in sorted(WORDS, key=len, reverse=True))
_UNIT = re.compile(
    rf"{_money('a')}\s*(?:/|per\s+|an?\s+)\s*(?P<per>\d+)?\s*(?P<unit>{_UNIT_WORDS})\b\.?"
)
_FOR = re.compile(
    rf"(?P<n>\d{{1,3}})\s*(?:for|/)\s*{_money('a')}|{_money('b')}\s*for\s*(?P<m>\d{{1,3}})\b"
)
_WAS = re.compile(
    rf"\b(?:was|reg(?:ular)?\.?(?: price)?|list|msrp|orig(?:inally|\.)?)\s*:?\s*{_money('a')}"
)
_NOW = re.compile(rf"\b(?:now|sale|current price|price)\s*:?\s*{_money('a')}")
_RANGE = re.compile(rf"{_money('a')}\s*(?:-|–|—|to)\s*{_money('b')}")
_FROM = re.compile(rf"\b(?:from|starting at|as low as)\s*:?\s*{_money('a')}")
_REDUCED = re.compile(
    rf"\b(?:reduced|marked down|down)\s+from\s+{_money('a')}\s*(?:to|now)\s*{_money('b')}"
)
_SAVED = re.compile(rf"\b(?:you\s+)?saved?\s*:?\s*{_money('a')}|{_money('b')}\s+off\b")
_EACH = re.compile(rf"{_money('a')}\s+(?:each|ea)\b")
_ONE = re.compile(_money("a"))
# A dollar of another country, or no dollar at all.
_FOREIGN = re.compile(r"\b(?:ca|c|au|a|nz|mx|hk|sg|nt|r)\$|[€£¥₹]|\b(?:cad|aud|mxn|eur|gbp)\b")
_FLUID = re.compile(r"\bfl\.\s*")
_ESTIMATE = re.compile(r"\b(?:avg|average|est|estimated|approx|about)\b|~")
_WEIGHED = frozenset({"LBR", "KGM", "ONZ", "GRM"})


def read_price(text: str) -> ReadPrice | None:
    """The price that a printed text states; None where it states none."""
    said = " ".join(_FLUID.sub("fl ", text.lower()).split())
    if _FOREIGN.search(said):
        return None
    said = _SAVED.sub(" ", said)
    reduced = _REDUCED.search(said)
    if reduced:
        now, before = _cents(reduced, "b"), _cents(reduced, "a")
        return ReadPrice(reading=Reading.EACH, cents=now, was_cents=before)
    is_estimate = bool(_ESTIMATE.search(said))
    unit_price, rest = _unit_price(said)
    was, rest = _taken(_WAS, rest)
    several = _FOR.search(rest)
    if several and _EACH.search(_without(several, rest)):
        # "2 for $5 or $2.99 each" names the price of one.
        rest, several = _without(several, rest), None
    read = (_multiple(several) if several else None) or _range(rest)
    if read is None:
        return _single(rest, was, unit_price, is_estimate=is_estimate)
    return msgspec.structs.replace(
        read, was_cents=was, unit_price=unit_price, is_estimate=is_estimate
    )


def _multiple(match: re.Match[str]) -> ReadPrice | None:
    pieces = int(match["n"] or match["m"])
    cents = _cents(match, "a" if match["n"] else "b")
    if not pieces:
        return None
    return ReadPrice(reading=Reading.MULTIPLE, cents=cents, quantity=pieces)


def _range(text: str) -> ReadPrice | None:
    between = _RANGE.search(text)
    if between:
        low, high = sorted((_cents(between, "a"), _cents(between, "b")))
        return ReadPrice(reading=Reading.RANGE, cents=low, most_cents=high)
    least, _ = _taken(_FROM, text)
    return None if least is None else ReadPrice(reading=Reading.RANGE, cents=least)


def _single(
    rest: str, was: int | None, unit_price: UnitPrice | None, *, is_estimate: bool
) -> ReadPrice | None:
    now, _ = _taken(_NOW, rest)
    if now is None:
        now, _ = _taken(_ONE, rest)
    if now is None and unit_price is None:
        return None
    reading = Reading.EACH
    if now is None:
        is_weighed = unit_price is not None and unit_price.unit in _WEIGHED
        reading = Reading.BY_WEIGHT if is_weighed and is_estimate else Reading.UNIT
    elif is_estimate and unit_price is not None and unit_price.unit in _WEIGHED:
        reading = Reading.BY_WEIGHT
    return ReadPrice(
        reading=reading,
        cents=now,
        was_cents=was,
        unit_price=unit_price,
        is_estimate=is_estimate,
    )


def _unit_price(said: str) -> tuple[UnitPrice | None, str]:
    """The unit price, if any, and the text without it; "$1.98 ea" is a price, not one of those."""
    match = _UNIT.search(said)
    if match is None:
        return None, said
    per = int(match["per"] or 1) or 1
    exact = _exact(match, "a") * 1000
    found = UnitPrice(cents_thousandths=half_up(exact), per=per, unit=WORDS[match["unit"]].code)
    return found, _without(match, said)


def _taken(pattern: re.Pattern[str], text: str) -> tuple[int | None, str]:
    match = pattern.search(text)
    if match is None:
        return None, text
    return _cents(match, "a"), _without(match, text)


def _without(match: re.Match[str], text: str) -> str:
    return text[: match.start()] + " " + text[match.end() :]


def _cents(match: re.Match[str], name: str) -> int:
    return half_up(_exact(match, name))


def _exact(match: re.Match[str], name: str) -> Fraction:
    usd, cent = match[f"{name}_usd"], match[f"{name}_cent"]
    if usd is not None:
        return Fraction(usd.replace(",", "")) * 100
    return Fraction(cent.replace(",", ""))
