"""What kind of thing the words of a name tell, helped by its brand and its shelf."""

from collections.abc import Sequence

import msgspec

from manciple.grocery.domain.brands import brand_lore, place_of_brand, without_brand
from manciple.grocery.domain.flavors import flavor_words
from manciple.grocery.domain.kind_candidates import (
    Candidate,
    brand_candidates,
    is_flavoring,
    named_candidates,
)
from manciple.grocery.domain.kinds import grocery_kinds
from manciple.grocery.domain.shelf_kinds import categories, expected_on, fits_shelf


class ToldKind(msgspec.Struct, frozen=True):
    """The kind that a name tells, in which of its segments, and what else the product is.

    `pure` tells that the name says it, not the brand or the shelf; `mentions` are all kinds named.
    """

    kind: str
    pure: bool
    segment: int
    too: tuple[str, ...]
    mentions: tuple[str, ...]


def told_kind(
    segments: Sequence[list[str]], brand: tuple[str, ...], category: str | None
) -> ToldKind:
    """What kind the segments of a name (words by their stems) tell; the brand in them is none."""
    expected = expected_on(category)
    words = [word for part in segments for word in part]
    bare = [without_brand(part, brand) for part in segments]
    candidates = named_candidates(segments, brand, expected)
    if not candidates and brand:
        # "Malt-O-Meal" is no meal.
        within = named_candidates(segments, (), expected)
        candidates = [c for c in within if c.fits or not grocery_kinds().has(c.kind, "generic")]
    if brand and place_of_brand(segments[0], brand) is not None:
        candidates.extend(brand_candidates(brand, expected))
    named, pure, at = _settled(_chosen(candidates), words, category)
    too = _too(candidates, named)
    mentions = tuple(match.kind for part in bare for match in grocery_kinds().find(part))
    kind = _refined(named, bare[at] if at < len(bare) else [], words, category)
    if kind == "meal" and len(grocery_kinds().by_name[named].words) > 1:
        too.append(named)
    kind = _served(kind, too if "frozen dairy dessert" not in mentions else _FROZEN)
    if kind in _FROZEN:
        too = [each for each in too if not _is_sweet(each)]
    return ToldKind(kind, pure, at, tuple(each for each in too if each != kind), mentions)


def _chosen(candidates: Sequence[Candidate]) -> Candidate | None:
    """The likeliest; of a taste that the shelf does not hold, what it holds and is named."""
    kinds = grocery_kinds()
    best = max(candidates, key=_score, default=None)
    if best is None or best.fits:
        return best
    own = set(kinds.by_name[best.kind].words)
    fitting = [each for each in candidates if each.fits and each.score >= _ASIDE_ONLY]
    if kinds.has(best.kind, "plain"):
        others = [each for each in fitting if own.isdisjoint(kinds.by_name[each.kind].words)]
    elif own <= flavor_words():
        # "Yogurt Cookie Dough" is yogurt, but a brownie may call itself a bar in the end.
        others = [each for each in fitting if each.segment <= best.segment and _is_thing(each)]
    else:
        return best
    return max(others, key=_score, default=best)


def _is_thing(candidate: Candidate) -> bool:
    """Whether the kind is no taste itself, and not only said to go with the thing."""
    kinds = grocery_kinds()
    is_taste = flavor_words().issuperset(kinds.by_name[candidate.kind].words)
    return not is_taste and not candidate.is_aside and not kinds.has(candidate.kind, "plain")


def _score(candidate: Candidate) -> float:
    return candidate.score


def _settled(
    chosen: Candidate | None, words: list[str], category: str | None
) -> tuple[str, bool, int]:
    kinds = grocery_kinds()
    meant, on_shelf = brand_lore().meant(words), expected_on(category)
    if chosen is not None and chosen.score < _ASIDE_ONLY and categories().get(category or ""):
        chosen = None
    if chosen is not None and not kinds.has(chosen.kind, "generic"):
        weak = meant is not None and (
            kinds.has(chosen.kind, "plain")
            or (
                not kinds.has(chosen.kind, "strong")
                and fits_shelf(meant[0], on_shelf) > fits_shelf(chosen.kind, on_shelf)
            )
        )
        if not weak or chosen.score > _SURE:
            return chosen.kind, True, chosen.segment
    if meant is not None and meant[0] in kinds.by_name:
        return meant[0], False, 0
    if chosen is not None:
        return chosen.kind, True, chosen.segment
    expected = categories().get(category or "", ())
    return (expected[0] if expected else "snack"), False, 0


# What only stands aside ("… in vinegar") scores below this, and the shelf tells more.
_ASIDE_ONLY = 1.0
# A plain kind (an ingredient) that scores less than this gives way to what the brand means.
_SURE = 3.0


def _refined(kind: str, part: Sequence[str], words: Sequence[str], category: str | None) -> str:
    """A narrower kind that the same words or the brand tell ("Sliced Gouda … Cheese")."""
    kinds = grocery_kinds()
    part = [word for word in part if word != "100%"]  # "Apple 100% Juice" is apple juice
    told = [match.kind for match in kinds.find(part) if not is_flavoring(part, match)]
    meant = brand_lore().meant(words)
    if meant is not None and meant[0] in kinds.by_name:
        told.append(meant[0])
    for each in told:
        if each != kind and kind in kinds.chain(each) and not kinds.has(kind, "generic"):
            return each
    is_dish = expected_on(category) >= {"meal", "burrito"}
    is_part = kinds.has(kind, "plain") and "meat" in kinds.chain(kind)
    if is_dish and (is_part or kind == "cheese"):
        return "meal"
    return kind


def _is_sweet(kind: str) -> bool:
    return not _SWEETS.isdisjoint(grocery_kinds().chain(kind))


def _served(kind: str, too: Sequence[str]) -> str:
    """A meal where the name says so and its kind alone would be an ingredient.

    What is ice cream by name and shelf stays it, whatever candy it tastes of.
    """
    kinds = grocery_kinds()
    if "ice cream" in too and _is_sweet(kind):
        return "ice cream"
    meals = [each for each in too if "meal" in kinds.chain(each)]
    return meals[0] if meals and kinds.has(kind, "plain") else kind


# What ice cream is made to taste of.
_SWEETS = frozenset(
    {"candy", "candy bar", "chocolate", "cookie", "brownie", "donut", "cake", "pie", "pastry"}
)
# "Frozen dairy dessert" is what the law calls it: whatever it tastes of, it is that.
_FROZEN = ("ice cream",)


def _too(candidates: list[Candidate], kind: str) -> list[str]:
    kinds = grocery_kinds()
    return list(
        dict.fromkeys(
            each.kind
            for each in candidates
            if each.kind != kind and (kinds.has(each.kind, "generic") or each.score > _TOO)
        )
    )


# As sure as the kind itself usually is: the product is that as well ("ravioli frozen meal").
_TOO = 3.9
