"""Reads the size of a package out of a product's name, as shops print it.

A count beside an amount is ambiguous: "6 ct, 11.6 oz" is one box of 11.6 oz, and "12 ct, 8 fl oz"
is twelve of 8 fl oz. Where the words do not settle it ("pack of 4", "12 - 8 oz", "4 cups, 4 oz
each"), the reading wins whose single piece is nearer, by ratio, to what one piece of such a thing
usually weighs (`piece_weights.py`): of n pieces and an amount m, that is m / √n against the usual.
"""

import html
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from manciple.grocery.domain.piece_weights import usual_piece_oz
from manciple.grocery.domain.unit_table import UNITS, WORDS, Dimension, Size, Unit

_NUMBER = r"(?:\d+\s+\d+/\d+|\d+/\d+|\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|\.\d+)"
_BEFORE = r"(?<![\d.$%])(?<!\d/)(?<![a-wyz])"
# In a product's name a cup is a container ("12 Cups"), never the measure.
_MEASURES = "|".join(
    re.escape(word)
    for word in sorted(WORDS, key=len, reverse=True)
    if WORDS[word].dimension is not Dimension.COUNT and not word.startswith("cup")
)
_AMOUNT = re.compile(
    rf"{_BEFORE}(?:(?P<low>{_NUMBER})\s*(?P<sign>-+|–|—|to|x|×)\s*)?(?P<number>{_NUMBER})[\s-]*"
    rf"(?P<unit>{_MEASURES})(?![a-z0-9%])"
)
_WORDED = re.compile(r"\b(?P<half>half[\s-]+)?(?P<unit>gallon|pint|quart|pound|liter)s?\b")
_DOZEN = re.compile(r"\b(?:(?P<n>\d{1,2}|one|two|half|a)[\s-]+)?dozen\b")
# What follows an amount that is no size: nutrients, shares, promises.
_NO_SIZE = re.compile(
    r"\s*(?:of\s+|per\s+)?(?:\w+\s+)?(?:protein|fiber|sugars?|carbs?|fat|calories?|grains?|omega"
    r"|dha|sodium|cholesterol|caffeine)\b|\s*(?:less|of|per)\b|\s*net\s+carb"
)
_ADJECTIVE = (
    r"(?:(?:frozen|mini|snack|toaster|full size|individual|single|pie|cake|large|small|dinner|tea"
    r"|coffee|breakfast|jumbo|sandwich|cheese|k|resealable|serving|fresh|individual snack|cereal"
    r"|candy)[\s-]+)?"
)
_NOUN = (
    r"count|cnt|ct|pieces?|pcs?|packs?|pks?|packets?|pouch(?:es)?|cups?|bars?|bags?|box(?:es)?"
    r"|cans?|bottles?|rolls?|slices|sticks|links|patties|waffles|pancakes|muffins|buns|bagels"
    r"|biscuits|cookies|sandwich(?:es)?|pastries|pods|cartons|jars|tubs|kits?|eggs|ea|each|sheets"
    r"|loaves|tortillas|wraps|cakes|do(?:ugh)?nuts|servings|bowls|trays?|tubes|pops|cones|singles"
    r"|crusts|shells|envelopes|sachets|pizzas|burritos|bags|knots|franks|sausages|croissants"
)
_COUNT = re.compile(rf"{_BEFORE}(?<!-)(?P<n>\d{{1,3}})[\s-]*{_ADJECTIVE}(?:{_NOUN})(?![a-z])")
_PACK_OF = re.compile(
    r"\b(?:pack|case|box|set|pk|cans?|bottles|carton)\s+of\s+(?P<n>\d{1,3})\b"
    r"|\((?P<m>\d{1,3})[\s-]*(?:pack|pk|cups?|cans|bottles|bowls)\)"
)
_EACH = re.compile(
    r"\s*,?\s*(?:each|ea|(?:\w+\s+)?(?:bowls|pouches|bottles|cans|cups|packs|boxes|bags|servings"
    r"|cartons|packets|sticks))(?![a-z])"
)
_SPELLED = {"a": 1, "one": 1, "two": 2}
# A greater count is an item number or a slogan; the catalog's greatest true one is 400.
_MOST_PIECES = 500
# Two printed amounts closer than this are one amount in two units ("3.2 oz (91 g)").
_SAME = Fraction(1, 25)


@dataclass(frozen=True, slots=True)
class _Amount:
    """One printed amount; `times` where the print multiplies it ("12 - 8 oz")."""

    low: Fraction
    unit: Unit
    start: int
    end: int
    high: Fraction | None = None
    times: int = 1

    @property
    def base(self) -> Fraction:
        middle = self.low if self.high is None else (self.low + self.high) / 2
        return middle * self.unit.factor


def parse_size(text: str) -> Size | None:
    """The size that a product's name states; None where it states none."""
    name = _plain(text)
    amounts = _joined(list(_amounts(name)), name)
    count = _count(name)
    pack_of = _pack_of(name)
    if not amounts:
        return _counted(count if count > 1 else pack_of)
    piece = _piece_of_whole(amounts, count)
    if piece is not None:
        return _sized(piece, pack=count)
    amount = amounts[0]
    if len(amounts) > 1:
        amount = max(amounts, key=lambda each: _weight(each, amounts))
    stated = amount.times if amount.times > 1 else pack_of
    if stated > 1 or count <= 1:
        return _sized(amount, pack=stated)
    if _EACH.match(name, amount.end) or _is_each(amount, count, name):
        return _sized(amount, pack=count)
    return _sized(amount, pieces=count)


def _piece_of_whole(amounts: Sequence[_Amount], count: int) -> _Amount | None:
    """The piece, where a name states both it and the whole ("28 oz (8 pk 3.5 oz)")."""
    for piece in amounts:
        if count > 1 and any(_near(piece.base * count, whole.base) for whole in amounts):
            return piece
    return None


def _plain(text: str) -> str:
    """Lower case, no dots after units, no signs; `0z` and `z` as shops' short names mean `oz`."""
    name = html.unescape(text).lower().translate(str.maketrans("’`", "''", "®™©*"))
    name = re.sub(r"(?<=\d)0?z\b|(?<=\d )0z\b", " oz", name)
    name = re.sub(r"\bfl(?:uid|\.)?\s*(?=oz|ounce)", "fl ", name)
    name = re.sub(r"(?<=[a-z])\.(?!\d)|(?<=\d)\.(?=\s|$)", "", name)
    return re.sub(r"\s+", " ", name)


def _amounts(name: str) -> Iterator[_Amount]:
    for match in _AMOUNT.finditer(name):
        is_metric_mass = match["unit"][0] in "mg" and match["unit"] != "ml"
        if not (is_metric_mass and _NO_SIZE.match(name, match.end())):
            yield from _read(match, name)
    for match in _WORDED.finditer(name):
        before = name[: match.start()].rstrip(" -")
        if match["half"] or not before or not before[-1].isdigit():
            share = Fraction(1, 2) if match["half"] else Fraction(1)
            if match["half"] or match["unit"] in ("gallon", "pint", "quart"):
                yield _Amount(share, WORDS[match["unit"]], match.start(), match.end())
    for match in _DOZEN.finditer(name):
        yield _Amount(_dozens(match["n"]), UNITS["DZN"], match.start(), match.end())


def _read(match: re.Match[str], name: str) -> Iterator[_Amount]:
    """One amount, a range ("3-9 lb") or a multiple ("12 - 8 fl oz bottles")."""
    unit, number = WORDS[match["unit"]], _fraction(match["number"])
    span = (match.start(), match.end())
    if match["low"] is None:
        if number > 0:
            yield _Amount(number, unit, *span)
        return
    low = _fraction(match["low"])
    is_whole = low.denominator == 1 and 0 < low <= _MOST_PIECES
    is_fluid = unit.dimension is Dimension.VOLUME and match["sign"] != "to"
    is_times = match["sign"] in ("x", "×") or low >= number or is_fluid
    if is_whole and (is_times or _EACH.match(name, span[1])):
        yield _Amount(number, unit, *span, times=int(low))
    elif 0 < low < number:
        yield _Amount(low, unit, *span, high=number)
    elif number > 0:
        yield _Amount(number, unit, *span)


def _joined(amounts: Sequence[_Amount], name: str) -> list[_Amount]:
    """Amounts in order, those such as "2 lb 1 oz" made one, milligrams left out beside others."""
    ordered: list[_Amount] = []
    for amount in sorted(amounts, key=lambda each: each.start):
        last = ordered[-1] if ordered else None
        if (
            last
            and last.unit.dimension is amount.unit.dimension
            and last.unit.factor > amount.unit.factor
            and not name[last.end : amount.start].strip(" ,")
            and amount.base < last.unit.factor
        ):
            sum_base = last.base + amount.base
            low = sum_base / amount.unit.factor
            ordered[-1] = _Amount(low, amount.unit, last.start, amount.end)
        else:
            ordered.append(amount)
    heavy = [each for each in ordered if each.unit.code != "MGM"]
    return heavy or ordered


def _weight(amount: _Amount, amounts: Sequence[_Amount]) -> tuple[bool, bool, Fraction, int]:
    """What makes one of several amounts the size: a multiple, then the dimension of most, size."""
    is_first_kind = amount.unit.dimension is amounts[0].unit.dimension
    same = [each for each in amounts if _near(each.base, amount.base)]
    largest = max(each.base for each in same)
    return amount.times > 1, is_first_kind, largest, -amount.start


def _count(name: str) -> int:
    """The largest stated count of pieces; 1 where there is none."""
    inner = re.compile(r"\s+per\b")
    found = [m["n"] for m in _COUNT.finditer(name) if not inner.match(name, m.end())]
    return max((int(n) for n in found if int(n) <= _MOST_PIECES), default=1) or 1


def _pack_of(name: str) -> int:
    found = [int(match["n"] or match["m"]) for match in _PACK_OF.finditer(name)]
    return max((n for n in found if 0 < n <= _MOST_PIECES), default=1)


def _is_each(amount: _Amount, count: int, name: str) -> bool:
    """Whether the amount is that of one piece: m / √n lies under the usual piece."""
    unit_g_or_ml = UNITS["ONZ" if amount.unit.dimension is Dimension.MASS else "OZA"].factor
    ounces = float(amount.base / unit_g_or_ml)
    return ounces < usual_piece_oz(name) * math.sqrt(count)


def _near(one: Fraction, other: Fraction) -> bool:
    return abs(one - other) <= _SAME * max(one, other)


def _sized(amount: _Amount, *, pack: int = 1, pieces: int | None = None) -> Size:
    high = None if amount.high is None else round(amount.high * 1000)
    return Size(
        pack=pack,
        amount_thousandths=round(amount.low * 1000),
        unit=amount.unit.code,
        pieces=pieces,
        most_thousandths=high,
    )


def _counted(count: int) -> Size | None:
    return Size(amount_thousandths=count * 1000, unit="C62") if count > 1 else None


def _dozens(word: str | None) -> Fraction:
    if word == "half":
        return Fraction(1, 2)
    return Fraction(_SPELLED.get(word or "a") or int(word or 1))


def _fraction(text: str) -> Fraction:
    """A printed number, `2 1/4` and `1,000` too; zero where it divides by zero."""
    parts = text.replace(",", "").split()
    if any(part.endswith("/0") for part in parts):
        return Fraction(0)
    return sum((Fraction(part) for part in parts), Fraction(0))
