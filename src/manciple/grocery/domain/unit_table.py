"""Units and sizes as data: UN/CEFACT Recommendation 20 codes with exact factors."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

import msgspec


class Dimension(StrEnum):
    """What a unit measures; amounts of different dimensions never compare."""

    MASS = "mass"
    VOLUME = "volume"
    COUNT = "count"


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """How much one package holds: `pack` pieces of `amount_thousandths / 1000` `unit` each.

    "12 ct 8 fl oz" is 12 × 8000 `OZA`. `unit` is a Rec 20 code from `UNITS`. `pieces` says how many
    things are inside where the amount is that of all together ("6 ct, 11.6 oz" is 1 × 11600 `ONZ`
    in 6 pieces). `most_thousandths` is the upper end where the shop states a range ("3–9 lb").
    """

    pack: int = 1
    amount_thousandths: int
    unit: str
    pieces: int | None = None
    most_thousandths: int | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: `factor` of it in grams, milliliters or pieces, exactly.

    `words` are the ways shops write it, in lower case without dots.
    """

    code: str
    symbol: str
    dimension: Dimension
    factor: Fraction
    words: tuple[str, ...]


# Definitions of the international yard-and-pound agreement (1959) and of 27 CFR / NIST Handbook 44:
# one pound is 0.45359237 kg and one US gallon is 231 cubic inches, both exactly.
_POUND_G = Fraction("453.59237")
_GALLON_ML = Fraction("3785.411784")

_ROWS = (
    Unit("MGM", "mg", Dimension.MASS, Fraction(1, 1000), ("mg",)),
    Unit("GRM", "g", Dimension.MASS, Fraction(1), ("g", "gr", "gm", "gram", "grams")),
    Unit("KGM", "kg", Dimension.MASS, Fraction(1000), ("kg", "kilo", "kilos", "kilogram")),
    Unit("ONZ", "oz", Dimension.MASS, _POUND_G / 16, ("oz", "ozs", "ounce", "ounces", "onz")),
    Unit("LBR", "lb", Dimension.MASS, _POUND_G, ("lb", "lbs", "pound", "pounds")),
    Unit("MLT", "ml", Dimension.VOLUME, Fraction(1), ("ml", "milliliter", "milliliters")),
    Unit("CLT", "cl", Dimension.VOLUME, Fraction(10), ("cl",)),
    Unit("LTR", "l", Dimension.VOLUME, Fraction(1000), ("l", "lt", "ltr", "liter", "liters")),
    Unit("G25", "tsp", Dimension.VOLUME, _GALLON_ML / 768, ("tsp", "teaspoon", "teaspoons")),
    Unit("G24", "tbsp", Dimension.VOLUME, _GALLON_ML / 256, ("tbsp", "tablespoon", "tablespoons")),
    Unit(
        "OZA",
        "fl oz",
        Dimension.VOLUME,
        _GALLON_ML / 128,
        ("fl oz", "floz", "fluid ounce", "fluid ounces", "fl ounce", "fl ounces", "fz"),
    ),
    Unit("G21", "cup", Dimension.VOLUME, _GALLON_ML / 16, ("cup", "cups")),
    Unit("PTL", "pt", Dimension.VOLUME, _GALLON_ML / 8, ("pt", "pts", "pint", "pints")),
    Unit("QTL", "qt", Dimension.VOLUME, _GALLON_ML / 4, ("qt", "qts", "quart", "quarts")),
    Unit("GLL", "gal", Dimension.VOLUME, _GALLON_ML, ("ga", "gal", "gallon", "gallons")),
    Unit("C62", "count", Dimension.COUNT, Fraction(1), ("ct", "count", "cnt", "pc", "pcs")),
    Unit("EA", "each", Dimension.COUNT, Fraction(1), ("ea", "each")),
    Unit("PR", "pair", Dimension.COUNT, Fraction(2), ("pair", "pairs")),
    Unit("DZN", "dozen", Dimension.COUNT, Fraction(12), ("doz", "dozen", "dz")),
)

UNITS: Mapping[str, Unit] = MappingProxyType({unit.code: unit for unit in _ROWS})
WORDS: Mapping[str, Unit] = MappingProxyType({word: unit for unit in _ROWS for word in unit.words})
