"""Units of mass, volume and count, by their UN/CEFACT Recommendation 20 codes."""

from enum import StrEnum

import msgspec


class Dimension(StrEnum):
    """What a unit measures; amounts of different dimensions never compare."""

    MASS = "mass"
    VOLUME = "volume"
    COUNT = "count"


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """How much one package holds: `pack` pieces of `amount_thousandths / 1000` `unit` each.

    "12 ct 8 fl oz" is 12 × 8000 `OZA`. `unit` is a Rec 20 code from `UNITS`.
    """

    pack: int = 1
    amount_thousandths: int
    unit: str
