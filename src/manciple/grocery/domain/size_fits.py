"""How well a package's size fits the size that a query asks for."""

from functools import lru_cache

import msgspec

from manciple.grocery.domain.unit_table import Dimension, Size
from manciple.grocery.domain.units import Total, total


# A shelf knows a few hundred sizes, and reckoning with exact fractions is slow.
@lru_cache(maxsize=16_384)
def size_fit(wanted: Size, found: Size | None) -> float:
    """1 for the very size, less the further away; 0.6 where the name states none."""
    if found is None:
        return 0.6
    asked, has = total(wanted), total(found)
    if asked.dimension is not has.dimension:
        return _size_fit_across(asked, has, found)
    if not asked.amount or not has.amount:
        return 0.6
    one = total(msgspec.structs.replace(found, pack=1))
    ratio = min(float(asked.amount / has.amount), float(has.amount / asked.amount))
    each = (
        min(float(asked.amount / one.amount), float(one.amount / asked.amount)) if one.amount else 0
    )
    if ratio > _SAME_SIZE:
        return 1.0
    return 0.9 if each > _SAME_SIZE and wanted.pack == 1 else 0.62 + 0.18 * ratio


def _size_fit_across(asked: Total, has: Total, found: Size) -> float:
    """The fit of sizes of different dimensions: counts of packs, and ounces of either sort."""
    if asked.dimension is Dimension.COUNT:
        pieces = {found.pieces, found.pack if found.pack > 1 else None}
        return 1.0 if int(asked.amount) in pieces else 0.7
    asked_g, has_g = _OZ_LIKE.get(asked.dimension), _OZ_LIKE.get(has.dimension)
    if asked_g is None or has_g is None or not has.amount:
        return 0.6
    ratio = float(asked.amount) / asked_g / (float(has.amount) / has_g)
    return 0.97 if _SAME_SIZE < ratio < 1 / _SAME_SIZE else 0.65


_SAME_SIZE = 0.97
# Shops print "oz" for fluid ounces, too: grams and milliliters of one.
_OZ_LIKE = {Dimension.MASS: 28.3495, Dimension.VOLUME: 29.5735}
