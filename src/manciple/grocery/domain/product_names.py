"""What a product's name says it is: its kind, claims, flavors, form, and the words it is made of.

The name decides; brand and category are weak evidence, since catalogs often have them wrong.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import msgspec

from manciple.grocery.domain.brands import brand_lore, brand_words
from manciple.grocery.domain.claims import grocery_claims
from manciple.grocery.domain.kinds import Match, grocery_kinds
from manciple.grocery.domain.size_grammar import parse_size
from manciple.grocery.domain.unit_table import Size
from manciple.grocery.domain.words import plain, tokens

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
FORMS = frozenset(
    [
        "frozen",
        "canned",
        "shredded",
        "sliced",
        "grated",
        "crumbled",
        "diced",
        "chopped",
        "crushed",
        "whole",
        "minced",
        "cubed",
        "block",
        "powdered",
        "instant",
        "condensed",
        "microwave",
        "microwavable",
        "refrigerated",
        "fresh",
        "dried",
        "freeze",
        "ready",
        "mini",
        "spread",
        "stick",
        "slice",
        "shred",
        "crumble",
        "string",
        "concentrate",
        "mix",
        "pod",
        "ground",
        "cooked",
        "raw",
        "breaded",
        "boneless",
        "uncooked",
        "unbaked",
        "squeeze",
        "pouch",
        "cup",
        "kettle",
        "wavy",
        "rippled",
        "crunchy",
        "creamy",
        "chunky",
        "smooth",
        "whipped",
        "spray",
        "liquid",
    ]
)
SIZE_WORDS = re.compile(
    r"\(?\b[\d./]+\s*-?\s*(?:fl\.?\s*oz|oz|ounces?|ct|count|cnt|lbs?|pounds?|pk|packs?|packets?|g|gal"
    r"|gallons?|qt|quarts?|pt|pints?|ml|l|liters?|ea|each|pieces?|pc|in|inch|cans?|bottles?|pouches"
    r"|bars|bags|cups|slices|sticks|boxes|rolls)\b\.?\)?",
    re.IGNORECASE,
)
_SEGMENT = re.compile(r"\s+[-–—|:]+\s+|[,;|()]|: |\s-\s|\. ")


class ParsedName(msgspec.Struct, frozen=True, kw_only=True):
    """A product's name, understood.

    `kind` is what it is (a name in the tree of kinds), `mentions` every kind that the name speaks
    of; `flavors` are the words of the vocabulary of flavors in it; `words` all its words by their
    stems, `head_words` those of the part that tells the kind; `pure` tells that the name says it,
    not the brand or the shelf.
    """

    kind: str
    pure: bool
    mentions: tuple[str, ...]
    words: tuple[str, ...]
    head_words: tuple[str, ...]
    brand: tuple[str, ...]
    flavors: tuple[str, ...]
    forms: tuple[str, ...]
    claims: frozenset[str]
    size: Size | None
    kinds_too: tuple[str, ...] = ()


class _Candidate(msgspec.Struct, frozen=True):
    kind: str
    score: float
    segment: int


def parse_name(
    name: str,
    *,
    brand: str | None = None,
    category: str | None = None,
    size: Size | None = None,
) -> ParsedName:
    """What the name says, helped by the brand and the category where they are known.

    `size` is taken as it is where the caller knows it, and read out of the name otherwise.
    """
    segments = [tokens(part) for part in _SEGMENT.split(SIZE_WORDS.sub(" ", plain(name)))]
    segments = [part for part in segments if part] or [tokens(name)]
    words = [word for part in segments for word in part]
    own = brand_words(brand or "")
    bare = [_without(part, own) for part in segments] if own else segments
    candidates = list(_candidates(segments, own, _expected(category)))
    if not candidates and own:
        candidates = list(_candidates(segments, (), _expected(category)))
    if own and _place_of(segments[0], own) is not None:
        candidates.extend(_of_brand(own, _expected(category)))
    chosen = max(candidates, key=lambda each: each.score, default=None)
    kind, pure, at = _settled(chosen, words, category)
    kinds_too = tuple(_too(candidates, kind))
    mentions = [match.kind for part in bare for match in grocery_kinds().find(part)]
    kind = _refined(kind, bare[at] if at < len(bare) else [], words, category)
    kind = _served(kind, kinds_too if "frozen dairy dessert" not in mentions else _FROZEN)
    if kind in _FROZEN:
        kinds_too = tuple(each for each in kinds_too if not _is_sweet(each))
    return ParsedName(
        kind=kind,
        pure=pure,
        mentions=tuple(dict.fromkeys([kind, *mentions])),
        words=tuple(words),
        head_words=tuple(segments[at]) if at < len(segments) else (),
        brand=own,
        flavors=tuple(sorted({w for part in bare for w in part if w in flavor_words()})),
        forms=tuple(sorted(set(words) & FORMS)),
        claims=grocery_claims().stated(words),
        size=size or parse_size(name),
        kinds_too=kinds_too,
    )


def _place_of(part: Sequence[str], phrase: tuple[str, ...]) -> int | None:
    size = len(phrase)
    places = range(len(part) - size + 1)
    return next((at for at in places if tuple(part[at : at + size]) == phrase), None)


def _without(part: list[str], brand: tuple[str, ...]) -> list[str]:
    for start in range(len(part) - len(brand) + 1):
        if tuple(part[start : start + len(brand)]) == brand:
            return [*part[:start], *part[start + len(brand) :]]
    return part


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
        cut = next((at for at, w in enumerate(part) if w in _ASIDE and (at or number)), len(part))
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
            found.append(_Candidate(match.kind, score, number))
    return found


# Brands that are called after a thing that they mostly do not sell.
_MISLEADING = frozenset({"kodiak", "kashi", "farm", "kitchen", "ranch"})


def _of_brand(brand: tuple[str, ...], expected: frozenset[str]) -> list[_Candidate]:
    """The kind that stands in the brand itself ("Rebel Ice Cream"), where the shelf agrees."""
    if _MISLEADING & set(brand):
        return []
    return [
        _Candidate(match.kind, _strength(match.kind) + 2.5, 0)
        for match in grocery_kinds().find(brand)
        if match.end == len(brand) and _fits(match.kind, expected)
    ]


def _refined(kind: str, part: Sequence[str], words: Sequence[str], category: str | None) -> str:
    """A narrower kind that the same words or the brand tell ("Sliced Gouda … Cheese")."""
    kinds = grocery_kinds()
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
    for start in range(len(part) - len(brand) + 1) if brand else ():
        if tuple(part[start : start + len(brand)]) == brand:
            return start <= match.start and match.end <= start + len(brand)
    return False


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
    return after in _FLAVORING or before in _ABSENT


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


@cache
def flavor_words() -> frozenset[str]:
    """Words that name how a thing tastes or what gives it its taste."""
    path = files("manciple.grocery.domain.vocabulary") / "flavors.toml"
    table: dict[str, list[str]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return frozenset(word for group in table.values() for each in group for word in tokens(each))
