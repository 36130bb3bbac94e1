"""What a product's name says it is: its kind, claims, flavors, form, and the words it is made of.

The name decides; brand and category are weak evidence, since catalogs often have them wrong.
"""

import re

import msgspec

from manciple.grocery.domain.brands import brand_words, without_brand
from manciple.grocery.domain.claims import grocery_claims
from manciple.grocery.domain.flavors import flavor_words
from manciple.grocery.domain.name_kinds import told_kind
from manciple.grocery.domain.size_grammar import parse_size
from manciple.grocery.domain.unit_table import Size
from manciple.grocery.domain.words import plain, tokens

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
    bare = {word for part in segments for word in without_brand(part, own)}
    told = told_kind(segments, own, category)
    return ParsedName(
        kind=told.kind,
        pure=told.pure,
        mentions=tuple(dict.fromkeys([told.kind, *told.mentions])),
        words=tuple(words),
        head_words=tuple(segments[told.segment]) if told.segment < len(segments) else (),
        brand=own,
        flavors=tuple(sorted(bare & flavor_words())),
        forms=tuple(sorted(set(words) & FORMS)),
        claims=grocery_claims().stated(words),
        size=size or parse_size(name),
        kinds_too=told.too,
    )
