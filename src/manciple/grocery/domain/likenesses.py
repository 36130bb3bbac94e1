"""How alike two products were found to be, and which of the likest may be shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from manciple.grocery.domain.products import Product


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which the substitute is not the source, and what it leaves of the score."""

    what: str
    left: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """A score from 0 to 1 and the differences that it is the product of."""

    score: float
    differences: tuple[Difference, ...]

    @property
    def worst(self) -> float:
        """What the weightiest difference alone leaves."""
        return min((difference.left for difference in self.differences), default=1.0)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One possible substitute, how alike it is, and its score for one household."""

    product: Product
    likeness: Likeness
    score: float


# Scores from here on were graded acceptable in more than four cases of five.
GOOD_ENOUGH = 0.4
# Where few are that good, what differs in many small ways will still do, if in none by much.
_MANY_SMALL, _NONE_BIG, _FEW = 0.25, 0.45, 5
# The least score that `acceptable` looks at.
LEAST = _MANY_SMALL


def acceptable(ranked: Sequence[Proposal]) -> list[Proposal]:
    """The proposals that somebody may be shown unasked, from those of any score, best first."""
    good = [each for each in ranked if each.score >= GOOD_ENOUGH]
    if len(good) >= _FEW:
        return good
    fair = [
        each
        for each in ranked
        if _MANY_SMALL <= each.score < GOOD_ENOUGH and each.likeness.worst >= _NONE_BIG
    ]
    return [*good, *fair[: _FEW - len(good)]]
