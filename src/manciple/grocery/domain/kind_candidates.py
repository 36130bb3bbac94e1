"""The kinds that a name or its brand says, each with how likely it is what the thing is.

This only weighs them; which of them the thing is, `name_kinds.py` decides.
"""

from collections.abc import Sequence

import msgspec

from manciple.grocery.domain.brands import place_of_brand
from manciple.grocery.domain.kinds import Match, grocery_kinds
from manciple.grocery.domain.shelf_kinds import fits_shelf

# What stands behind one of these only describes the thing before it ("beans in tomato sauce").
_ASIDE = frozenset({"with", "w", "in", "made", "for", "from", "featuring", "on", "topped", "per"})
# A kind before one of these is how something tastes or what is in it, not what it is.
_FLAVORING = frozenset(
    [
        "flavored",
        "flavor",
        "style",
        "covered",
        "filled",
        "stuffed",
        "dipped",
        "free",
        "crusted",
        "wrapped",
        "coated",
        "glazed",
        "blend",
        "topped",
        "infused",
        "artificially",
        "naturally",
        "tastin",
    ]
)
_ABSENT = frozenset(
    {"no", "non", "without", "zero", "0", "less", "low", "reduced", "lower", "added"}
)
# Brands that are called after a thing that they mostly do not sell.
_MISLEADING = frozenset({"kodiak", "kashi", "farm", "kitchen", "ranch"})


class Candidate(msgspec.Struct, frozen=True):
    """A kind that the words of one segment name; the higher its score, the likelier it is that.

    `fits` tells that the shelf holds such, `is_aside` that it is only said to go with the thing.
    """

    kind: str
    score: float
    segment: int
    fits: bool
    is_aside: bool = False


def named_candidates(
    segments: Sequence[Sequence[str]], brand: tuple[str, ...], expected: frozenset[str]
) -> list[Candidate]:
    """Every kind named in the segments outside the brand; the last and longest ones weigh most."""
    kinds = grocery_kinds()
    found = []
    for number, part in enumerate(segments):
        cut = _aside(part, at_start=bool(number))
        matches = [m for m in kinds.find(part) if not _is_inside(part, brand, m)]
        inside = [m for m in matches if not is_flavoring(part, m)]
        before = [m for m in inside if m.start < cut]
        for match in inside:
            score = _strength(match.kind) + fits_shelf(match.kind, expected)
            score += 0.9 if before and match is before[-1] else 0.0
            score += 0.25 if match.end == len(part) else 0.0
            score += 0.2 * (match.end - match.start - 1)
            score -= 1.6 if match.start >= cut else 0.0
            score -= 0.35 * min(number, 4)
            # Pears "in juice" are no juice, whatever the shelf.
            lies_in = match.start >= cut and part[cut] == "in"
            fits = fits_shelf(match.kind, expected) > 0 and not lies_in
            is_aside = match.start >= cut
            found.append(Candidate(match.kind, score, number, fits, is_aside))
    return found


def brand_candidates(brand: tuple[str, ...], expected: frozenset[str]) -> list[Candidate]:
    """The kind that stands in the brand itself ("Rebel Ice Cream"), where the shelf agrees."""
    if _MISLEADING & set(brand):
        return []
    return [
        Candidate(match.kind, _strength(match.kind) + 2.5, 0, fits=True)
        for match in grocery_kinds().find(brand)
        if match.end == len(brand) and fits_shelf(match.kind, expected)
    ]


def is_flavoring(part: Sequence[str], match: Match) -> bool:
    """Whether the kind is a taste, or absent, by the words around it ("cheese flavored")."""
    after = part[match.end] if match.end < len(part) else ""
    before = part[match.start - 1] if match.start else ""
    # "Cookies & cream" is a taste, and so is "espresso & cream".
    is_taste = tuple(part[match.end : match.end + 2]) == ("and", "cream") or (
        match.kind == "cream" and before == "and"
    )
    return after in _FLAVORING or before in _ABSENT or is_taste


def _aside(part: Sequence[str], *, at_start: bool) -> int:
    """Where the words begin that only describe ("… in oil"), but not "fruit on the bottom"."""
    for at, word in enumerate(part):
        is_place = word == "on" and tuple(part[at + 1 : at + 3]) == ("the", "bottom")
        if word in _ASIDE and (at or at_start) and not is_place:
            return at
    return len(part)


def _is_inside(part: Sequence[str], brand: tuple[str, ...], match: Match) -> bool:
    """Whether the kind is only a part of the brand ("Kodiak Cakes"), not "Pure Protein Bars"."""
    at = place_of_brand(part, brand) if brand else None
    return at is not None and at <= match.start and match.end <= at + len(brand)


def _strength(kind: str) -> float:
    kinds = grocery_kinds()
    if kinds.has(kind, "generic"):
        return 0.6
    if kinds.has(kind, "strong"):
        return 2.6
    return 1.2 if kinds.has(kind, "plain") else 1.9
