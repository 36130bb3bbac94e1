"""What people really use, and how much of it still counts: old uses weigh less and less. Pure.

A weight is the logarithm of all uses, each counted more the later it was. So weights never have to
be made anew as time goes by, whatever was noted when: the greater one is always used more.
"""

import math
from datetime import UTC, datetime
from enum import StrEnum

# A week of another habit outweighs the one before; what was used every day stays for weeks.
HALF_LIFE_S = 3 * 24 * 3600.0
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class UseKind(StrEnum):
    """What was used: the key is a search as JSON, or the id of a product."""

    SEARCH = "search"
    PRODUCT = "product"


def weight(uses: float, at: datetime) -> float:
    """The weight of so many uses (more than 0) at an instant."""
    return math.log2(uses) + (at - _EPOCH).total_seconds() / HALF_LIFE_S


def together(one: float, other: float) -> float:
    """The weight of what two weights stand for; either may be -inf, for nothing."""
    high, low = max(one, other), min(one, other)
    return high if low == -math.inf else high + math.log2(1.0 + 2.0 ** (low - high))


def uses_now(weight_: float, now: datetime) -> float:
    """How many uses of this very moment a weight is worth."""
    return float(2.0 ** (weight_ - (now - _EPOCH).total_seconds() / HALF_LIFE_S))
