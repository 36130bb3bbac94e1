"""Amounts of mass, volume and count: exact totals, unit prices, the grammar of printed sizes."""

from enum import StrEnum
from fractions import Fraction

import msgspec

from manciple.grocery.domain.size_grammar import parse_size
from manciple.grocery.domain.unit_table import UNITS, WORDS, Dimension, Size, Unit
from manciple.kit.errors import InvalidInput

__all__ = [
    "UNITS",
    "WORDS",
    "Dimension",
    "Locale",
    "Size",
    "Total",
    "Unit",
    "UnitPrice",
    "parse_size",
    "size_text",
    "total",
    "unit_price",
]


class Locale(StrEnum):
    """Whose bases a unit price is shown on."""

    US = "en-US"
    METRIC = "metric"


class Total(msgspec.Struct, frozen=True, kw_only=True):
    """All that one package holds, in grams, milliliters or pieces, exactly."""

    amount: Fraction
    dimension: Dimension

    def ratio(self, other: "Total") -> Fraction:
        """How many times `other` fits into this.

        Raises:
            InvalidInput: the dimensions differ, or the other is nothing.
        """
        if self.dimension is not other.dimension:
            raise InvalidInput.at("size", f"{self.dimension} and {other.dimension} do not compare")
        if not other.amount:
            raise InvalidInput.at("size", "nothing has no ratio")
        return self.amount / other.amount


class UnitPrice(msgspec.Struct, frozen=True, kw_only=True):
    """A price for one base amount: `per` (100, say) of the unit with Rec 20 code `unit`.

    `cents_thousandths` is in thousandths of a cent, since a unit price below one cent is usual.
    """

    cents_thousandths: int
    per: int
    unit: str

    @property
    def text(self) -> str:
        """As shelf labels print it: `22.3 ¢/oz`, `$3.56/lb`, `$0.45/100 g`."""
        base = UNITS[self.unit].symbol if self.per == 1 else f"{self.per} {UNITS[self.unit].symbol}"
        if self.cents_thousandths < 100_000:  # noqa: PLR2004 - one dollar
            tenths = half_up(Fraction(self.cents_thousandths, 100))
            return f"{tenths // 10}.{tenths % 10} ¢/{base}"
        cents = half_up(Fraction(self.cents_thousandths, 1000))
        return f"${cents // 100}.{cents % 100:02d}/{base}"


_BASES = {
    (Locale.US, Dimension.MASS): (1, "ONZ"),
    (Locale.US, Dimension.VOLUME): (1, "OZA"),
    (Locale.METRIC, Dimension.MASS): (100, "GRM"),
    (Locale.METRIC, Dimension.VOLUME): (100, "MLT"),
}


def half_up(value: Fraction) -> int:
    """The nearest integer; halves go away from zero, as shops and tax rules round."""
    magnitude = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return magnitude if value >= 0 else -magnitude


def total(size: Size) -> Total:
    """All that the package holds; of a stated range, the middle.

    Raises:
        InvalidInput: the unit is not in `UNITS`.
    """
    unit = _unit(size.unit)
    thousandths = Fraction(size.amount_thousandths)
    if size.most_thousandths is not None:
        thousandths = (thousandths + size.most_thousandths) / 2
    return Total(amount=thousandths / 1000 * unit.factor * size.pack, dimension=unit.dimension)


def unit_price(price_cents: int, size: Size, locale: Locale = Locale.US) -> UnitPrice | None:
    """The price for one ounce, fluid ounce, count, or 100 g or ml; None for an empty package.

    Exact until the one rounding at the end (half up).
    """
    whole = total(size)
    per, code = _BASES.get((locale, whole.dimension), (1, "C62"))
    if whole.amount <= 0:
        return None
    exact = Fraction(price_cents) * per * UNITS[code].factor / whole.amount
    return UnitPrice(cents_thousandths=half_up(exact * 1000), per=per, unit=code)


def size_text(size: Size) -> str:
    """The size as one reads it aloud: `12 × 8 fl oz`, `11.6 oz in 6 pieces`."""
    amount = _decimal(size.amount_thousandths)
    if size.most_thousandths is not None:
        amount = f"{amount}–{_decimal(size.most_thousandths)}"
    text = f"{amount} {_unit(size.unit).symbol}"
    if size.pack > 1:
        text = f"{size.pack} × {text}"
    return f"{text} in {size.pieces} pieces" if size.pieces else text


def _unit(code: str) -> Unit:
    if code not in UNITS:
        raise InvalidInput.at("unit", f"{code!r} is no unit that we know")
    return UNITS[code]


def _decimal(thousandths: int) -> str:
    whole, rest = divmod(thousandths, 1000)
    return f"{whole}.{rest:03d}".rstrip("0") if rest else str(whole)
