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
        "seasoned",
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
        "battered",
        "breaded",
        "artificially",
        "naturally",
        "fed",
        "smoked",
        "cured",
        "roasted",
        "tastin",
        "inspired",
        "recipe",
        "crunch",
        "supreme",
        "lover",
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
    candidates = list(_candidates(bare, _expected(category)))
    if not candidates and own:
        candidates = list(_candidates(segments, _expected(category)))
    chosen = max(candidates, key=lambda each: each.score, default=None)
    kind, pure, at = _settled(chosen, words, category)
    mentions = [match.kind for part in bare for match in grocery_kinds().find(part)]
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
        kinds_too=tuple(_too(candidates, kind)),
    )


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
    if chosen is not None and not kinds.has(chosen.kind, "generic"):
        weak = kinds.has(chosen.kind, "plain") and meant is not None
        if not weak or chosen.score > _SURE:
            return chosen.kind, True, chosen.segment
    if meant is not None and meant[0] in kinds.by_name:
        return meant[0], False, 0
    if chosen is not None:
        return chosen.kind, True, chosen.segment
    expected = categories().get(category or "", ())
    return (expected[0] if expected else "snack"), False, 0


# A plain kind (an ingredient) that scores less than this gives way to what the brand means.
_SURE = 3.0


def _candidates(segments: Sequence[Sequence[str]], expected: frozenset[str]) -> list[_Candidate]:
    kinds = grocery_kinds()
    found = []
    for number, part in enumerate(segments):
        cut = next((at for at, w in enumerate(part) if w in _ASIDE and at), len(part))
        matches = kinds.find(part)
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
    return after in _FLAVORING or before in {"no", "non", "without"}


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
    return expects


@cache
def flavor_words() -> frozenset[str]:
    """Words that name how a thing tastes or what gives it its taste."""
    path = files("manciple.grocery.domain.vocabulary") / "flavors.toml"
    table: dict[str, list[str]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return frozenset(word for group in table.values() for each in group for word in tokens(each))
