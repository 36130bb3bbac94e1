"""What kind of thing the words of a name tell, helped by its brand and its shelf."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import msgspec

from manciple.grocery.domain.brands import brand_lore
from manciple.grocery.domain.flavors import flavor_words
from manciple.grocery.domain.kinds import Match, grocery_kinds

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


class _Candidate(msgspec.Struct, frozen=True):
    kind: str
    score: float
    segment: int
    fits: bool
    is_aside: bool = False


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
    expected = _expected(category)
    words = [word for part in segments for word in part]
    bare = [without_brand(part, brand) for part in segments]
    candidates = _candidates(segments, brand, expected)
    if not candidates and brand:
        # "Malt-O-Meal" is no meal.
        within = _candidates(segments, (), expected)
        candidates = [c for c in within if c.fits or not grocery_kinds().has(c.kind, "generic")]
    if brand and _place_of(segments[0], brand) is not None:
        candidates.extend(_of_brand(brand, expected))
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


def without_brand(part: list[str], brand: tuple[str, ...]) -> list[str]:
    """The words without the brand, where it stands among them in one piece."""
    at = _place_of(part, brand) if brand else None
    return part if at is None else [*part[:at], *part[at + len(brand) :]]


def _place_of(part: Sequence[str], phrase: tuple[str, ...]) -> int | None:
    size = len(phrase)
    places = range(len(part) - size + 1)
    return next((at for at in places if tuple(part[at : at + size]) == phrase), None)


def _chosen(candidates: Sequence[_Candidate]) -> _Candidate | None:
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


def _is_thing(candidate: _Candidate) -> bool:
    """Whether the kind is no taste itself, and not only said to go with the thing."""
    kinds = grocery_kinds()
    is_taste = flavor_words().issuperset(kinds.by_name[candidate.kind].words)
    return not is_taste and not candidate.is_aside and not kinds.has(candidate.kind, "plain")


def _score(candidate: _Candidate) -> float:
    return candidate.score


def _settled(
    chosen: _Candidate | None, words: list[str], category: str | None
) -> tuple[str, bool, int]:
    kinds = grocery_kinds()
    meant = brand_lore().meant(words)
    if chosen is not None and chosen.score < _ASIDE_ONLY and categories().get(category or ""):
        chosen = None
    if chosen is not None and not kinds.has(chosen.kind, "generic"):
        weak = meant is not None and (
            kinds.has(chosen.kind, "plain")
            or (
                not kinds.has(chosen.kind, "strong")
                and _fits(meant[0], _expected(category)) > _fits(chosen.kind, _expected(category))
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


def _candidates(
    segments: Sequence[Sequence[str]], brand: tuple[str, ...], expected: frozenset[str]
) -> list[_Candidate]:
    kinds = grocery_kinds()
    found = []
    for number, part in enumerate(segments):
        cut = _aside(part, at_start=bool(number))
        matches = [m for m in kinds.find(part) if not _is_inside(part, brand, m)]
        inside = [m for m in matches if not _is_flavoring(part, m)]
        before = [m for m in inside if m.start < cut]
        for match in inside:
            score = _strength(match.kind) + _fits(match.kind, expected)
            score += 0.9 if before and match is before[-1] else 0.0
            score += 0.25 if match.end == len(part) else 0.0
            score += 0.2 * (match.end - match.start - 1)
            score -= 1.6 if match.start >= cut else 0.0
            score -= 0.35 * min(number, 4)
            # Pears "in juice" are no juice, whatever the shelf.
            lies_in = match.start >= cut and part[cut] == "in"
            fits = _fits(match.kind, expected) > 0 and not lies_in
            is_aside = match.start >= cut
            found.append(_Candidate(match.kind, score, number, fits, is_aside))
    return found


def _aside(part: Sequence[str], *, at_start: bool) -> int:
    """Where the words begin that only describe ("… in oil"), but not "fruit on the bottom"."""
    for at, word in enumerate(part):
        is_place = word == "on" and tuple(part[at + 1 : at + 3]) == ("the", "bottom")
        if word in _ASIDE and (at or at_start) and not is_place:
            return at
    return len(part)


# Brands that are called after a thing that they mostly do not sell.
_MISLEADING = frozenset({"kodiak", "kashi", "farm", "kitchen", "ranch"})


def _of_brand(brand: tuple[str, ...], expected: frozenset[str]) -> list[_Candidate]:
    """The kind that stands in the brand itself ("Rebel Ice Cream"), where the shelf agrees."""
    if _MISLEADING & set(brand):
        return []
    return [
        _Candidate(match.kind, _strength(match.kind) + 2.5, 0, fits=True)
        for match in grocery_kinds().find(brand)
        if match.end == len(brand) and _fits(match.kind, expected)
    ]


def _refined(kind: str, part: Sequence[str], words: Sequence[str], category: str | None) -> str:
    """A narrower kind that the same words or the brand tell ("Sliced Gouda … Cheese")."""
    kinds = grocery_kinds()
    part = [word for word in part if word != "100%"]  # "Apple 100% Juice" is apple juice
    told = [match.kind for match in kinds.find(part) if not _is_flavoring(part, match)]
    meant = brand_lore().meant(words)
    if meant is not None and meant[0] in kinds.by_name:
        told.append(meant[0])
    for each in told:
        if each != kind and kind in kinds.chain(each) and not kinds.has(kind, "generic"):
            return each
    is_dish = _expected(category) >= {"meal", "burrito"}
    is_part = kinds.has(kind, "plain") and "meat" in kinds.chain(kind)
    if is_dish and (is_part or kind == "cheese"):
        return "meal"
    return kind


def _is_inside(part: Sequence[str], brand: tuple[str, ...], match: Match) -> bool:
    """Whether the kind is only a part of the brand ("Kodiak Cakes"), not "Pure Protein Bars"."""
    at = _place_of(part, brand) if brand else None
    return at is not None and at <= match.start and match.end <= at + len(brand)


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


def _strength(kind: str) -> float:
    kinds = grocery_kinds()
    if kinds.has(kind, "generic"):
        return 0.6
    if kinds.has(kind, "strong"):
        return 2.6
    return 1.2 if kinds.has(kind, "plain") else 1.9


def _fits(kind: str, expected: frozenset[str]) -> float:
    return 1.1 if any(each in expected for each in grocery_kinds().chain(kind)) else 0.0


def _is_flavoring(part: Sequence[str], match: Match) -> bool:
    after = part[match.end] if match.end < len(part) else ""
    before = part[match.start - 1] if match.start else ""
    # "Cookies & cream" is a taste, and so is "espresso & cream".
    is_taste = tuple(part[match.end : match.end + 2]) == ("and", "cream") or (
        match.kind == "cream" and before == "and"
    )
    return after in _FLAVORING or before in _ABSENT or is_taste


_ABSENT = frozenset(
    {"no", "non", "without", "zero", "0", "less", "low", "reduced", "lower", "added"}
)


def _too(candidates: list[_Candidate], kind: str) -> list[str]:
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


def _expected(category: str | None) -> frozenset[str]:
    return frozenset(categories().get(category or "", ()))


@cache
def categories() -> Mapping[str, Sequence[str]]:
    """The kinds that each category of the shelf leads one to expect."""
    path = files("manciple.grocery.domain.vocabulary") / "categories.toml"
    expects: dict[str, list[str]] = tomllib.loads(path.read_text(encoding="utf-8"))["expects"]
    shelves = files("manciple.grocery.domain.vocabulary") / "shelves.toml"
    titles: dict[str, str] = tomllib.loads(shelves.read_text(encoding="utf-8"))["keys"]
    return expects | {title: expects[key] for title, key in titles.items() if key in expects}
