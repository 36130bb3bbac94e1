"""What a shopper's words mean: brand, kind, words that describe it, size, claims, the unwanted."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from manciple.grocery.domain.brands import brand_lore
from manciple.grocery.domain.flavors import flavor_words
from manciple.grocery.domain.kinds import Match, grocery_kinds
from manciple.grocery.domain.price_wishes import take_price
from manciple.grocery.domain.product_names import SIZE_WORDS
from manciple.grocery.domain.refusals import Reading, take_claims, take_refusals
from manciple.grocery.domain.size_grammar import parse_size
from manciple.grocery.domain.spelling import CatalogWords
from manciple.grocery.domain.typed_words import joined, prefixes, spelled
from manciple.grocery.domain.unit_table import Size
from manciple.grocery.domain.wordings import Occasion, Unwanted, Words, wordings
from manciple.grocery.domain.words import plain, tokens

_MEASURES = frozenset({"pint", "gallon", "quart", "liter", "pound", "dozen", "half", "oz", "ounce"})
_HALVES = re.compile(r"\bhalf\s+and\s+half\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A query, understood.

    `kind` is what is wanted (None: only words tell), `modifiers` the words that describe it,
    `prefixes` the words that the last, unfinished word may become, commonest first. `corrected`
    is the query as it was read where that differs from what was typed.
    """

    text: str
    words: Words = ()
    typed: Words = ()
    kind: str | None = None
    kind_words: Words = ()
    brand: Words = ()
    brand_kind: str | None = None
    modifiers: Words = ()
    hard: frozenset[str] = frozenset()
    soft: frozenset[str] = frozenset()
    unwanted: tuple[Unwanted, ...] = ()
    size: Size | None = None
    min_price_cents: int | None = None
    max_price_cents: int | None = None
    occasion: Occasion | None = None
    prefixes: Words = ()
    is_household: bool = False
    unknown: Words = ()
    corrected: str | None = None


def understand(text: str, catalog: CatalogWords) -> Understood:
    """What the query asks of this catalog."""
    lowered = plain(text if text.isascii() else _drawn(text))
    lowered, price = take_price(lowered)
    size = parse_size(_HALVES.sub(" ", lowered))
    typed = joined(_unmeasured(lowered) if size else tokens(lowered), catalog)
    if _is_household(typed):
        return Understood(text=text, words=tuple(typed), is_household=True)
    lists = wordings()
    settled = _settled(typed, catalog)
    unfinished = prefixes(settled, catalog)
    words, unknown = spelled(settled, catalog, keep_last=bool(unfinished))
    corrected = " ".join(words) if words != settled and not unfinished else None
    if words != settled:
        words = _settled(words, catalog)
    if _is_household(words):
        return Understood(text=text, words=tuple(words), is_household=True)
    reading = Reading(words)
    take_refusals(reading, [range(m.start, m.end) for m in catalog.brands.find(words)])
    refused = set(words).difference(reading.words)
    take_claims(reading)
    whole = lists.asks.get(typed)
    occasion = lists.occasions[whole] if whole and len(typed) > 1 else None
    occasion = occasion or _occasion(reading.words, beside=_unsaid(reading.words, catalog))
    brand, brand_kind, rest = _brand(reading.words, catalog)
    matches = grocery_kinds().find(rest)
    head = _head(rest, matches)
    if occasion is not None:
        head, rest, unfinished = None, [], ()
    if head is not None and brand and list(grocery_kinds().under(head.kind)) == [head.kind]:
        # A brand's "snacks" are whatever it sells.
        head = None if grocery_kinds().has(head.kind, "generic") else head
    modifiers = [word for word in _modifiers(rest, head) if word not in reading.claimed]
    return Understood(
        text=text,
        words=tuple(words),
        typed=tuple(
            word
            for word in dict.fromkeys((*typed, *words))
            if word not in lists.fillers and word not in refused and word.isalpha()
        ),
        kind=head.kind if head else None,
        kind_words=tuple(rest[head.start : head.end]) if head else (),
        brand=brand,
        brand_kind=brand_kind,
        modifiers=tuple(word for word in modifiers if not unfinished or word != rest[-1]),
        hard=frozenset(reading.hard),
        soft=frozenset(reading.soft),
        unwanted=tuple(reading.unwanted),
        size=size,
        min_price_cents=price.least_cents,
        max_price_cents=price.most_cents,
        occasion=occasion,
        prefixes=unfinished,
        unknown=tuple(unknown),
        corrected=corrected,
    )


def _drawn(text: str) -> str:
    """The text with each food that is drawn (an emoji) as its word; other drawings fall away."""
    return "".join(_depicted(char) if unicodedata.category(char) == "So" else char for char in text)


def _depicted(char: str) -> str:
    words = tokens(unicodedata.name(char, ""))
    matches = grocery_kinds().find(words)
    return " ".join(("", *words[matches[-1].start : matches[-1].end], "")) if matches else " "


def _unmeasured(lowered: str) -> list[str]:
    """The words without those of the size; the halves of half and half are none."""
    parts = [tokens(part) for part in _HALVES.split(SIZE_WORDS.sub(" ", lowered))]
    words = [[word for word in part if word not in _MEASURES] for part in parts]
    return [word for part in words[:-1] for word in (*part, "half", "and", "half")] + words[-1]


def _settled(words: list[str], catalog: CatalogWords) -> list[str]:
    """The words as shops print them: brands first, then what people call things."""
    words = brand_lore().unalias(words)
    kept = [range(m.start, m.end) for m in grocery_kinds().find(words)]
    kept.extend(range(m.start, m.end) for m in catalog.brands.find(words))
    kept = [each for each in kept if len(each) > 1]
    kept.extend(
        range(at, at + length)
        for length in range(2, 5)
        for at in range(len(words) - length + 1)
        if tuple(words[at : at + length]) in brand_lore().means
    )
    out: list[str] = []
    for word in wordings().synonyms.replace(words, kept):
        if not out or word != out[-1]:
            out.append(word)
    return out


def _is_household(words: Sequence[str]) -> bool:
    """Whether the words name something that is no food and nothing longer that is."""
    lists = wordings()
    found = lists.household.first(words)
    if found is None or lists.food_after_all.first(words) is not None:
        return False
    _, start, end = found
    kinds = grocery_kinds()
    for match in kinds.find(list(words)):
        covers = match.start <= start and match.end >= end and match.end - match.start > end - start
        if covers or (match.start >= end and not kinds.has(match.kind, "generic")):
            return False
    return end == len(words) or end - start > 1 or len(words) <= end - start + 1


def _unsaid(words: Sequence[str], catalog: CatalogWords) -> frozenset[str]:
    """The words that no name says ("toddler"): beside an occasion they describe nothing."""
    telling = grocery_kinds().vocabulary | flavor_words() | catalog.brands.vocabulary
    return frozenset(word for word in words if not catalog.counts.get(word)) - telling


def _occasion(words: Sequence[str], *, beside: frozenset[str]) -> Occasion | None:
    lists = wordings()
    whole = lists.asks.get(words)
    kinds = grocery_kinds()
    if whole is not None:
        named = kinds.named(" ".join(words))
        if len(words) > 1 or named is None or kinds.has(named, "generic"):
            return lists.occasions[whole]
        return None
    found = lists.asks.first(words)
    if found is not None and _reaches_beyond(words, found[1], found[2]):
        return None
    if found is None or found[2] - found[1] < 2:  # noqa: PLR2004 - one word of several says too little
        single = found is not None and all(
            word in wordings().fillers | beside
            or word in {"best", "easy", "quick", "party", "night", "day", "meal", "kid"}
            or (lists.asks.get([word]) is not None and kinds.named(word) is None)
            for at, word in enumerate(words)
            if at != found[1]
        )
        return lists.occasions[found[0]] if single and found else None
    rest = [word for at, word in enumerate(words) if not found[1] <= at < found[2]]
    left = [m for m in kinds.find(rest) if not kinds.has(m.kind, "generic")]
    return None if left else lists.occasions[found[0]]


def _reaches_beyond(words: Sequence[str], start: int, end: int) -> bool:
    """Whether what is named from `start` to `end` is but a part of a kind's longer name."""
    kinds = grocery_kinds()
    return any(
        match.start < end and start < match.end and not start <= match.start < match.end <= end
        for match in kinds.find(words)
        if not kinds.has(match.kind, "generic")
    )


def _brand(words: list[str], catalog: CatalogWords) -> tuple[Words, str | None, list[str]]:
    """The brand named, the kind it implies, and the words without it."""
    lore = brand_lore()
    for match in catalog.brands.find(words):
        own = tuple(words[match.start : match.end])
        if not _is_brand_here(own, words):
            continue
        rest = [*words[: match.start], *words[match.end :]]
        meant = lore.meant(own)
        return own, meant[0] if meant else None, rest
    return (), None, list(words)


def _is_brand_here(own: Words, words: Sequence[str]) -> bool:
    """Whether the words mean the brand and not a thing that is called so, too."""
    if len(own) > 1:
        named = grocery_kinds().named(" ".join(own))
        return named is None or own in brand_lore().means
    if own in brand_lore().means:
        return True
    if own[0] in wordings().fillers or own[0].isdigit() or len(own[0]) < 3:  # noqa: PLR2004 - initials
        return len(words) == 1
    return own[0] not in grocery_kinds().vocabulary and own[0] not in wordings().everyday


def _head(words: Sequence[str], matches: Sequence[Match]) -> Match | None:
    """The kind that the words ask for: the last one named, before "with" and the like."""
    kinds = grocery_kinds()
    cut = next(
        (at for at, word in enumerate(words) if word in {"with", "in", "for"} and at), len(words)
    )
    usable = [m for m in matches if m.start < cut and not _is_manner(words, m)] or list(matches)
    telling = [m for m in usable if not kinds.has(m.kind, "generic")]
    if telling:
        last = telling[-1]
        strong = [m for m in telling if kinds.has(m.kind, "strong") and not _is_flavor(words, m)]
        if strong and (_is_flavor(words, last) or not kinds.has(last.kind, "strong")):
            return _parted(words, strong[-1], last) or strong[-1]
        solid = [m for m in telling if not kinds.has(m.kind, "plain")]
        return solid[-1] if solid and kinds.has(last.kind, "plain") else last
    return usable[-1] if usable else None


def _is_manner(words: Sequence[str], match: Match) -> bool:
    """Whether the kind only tells how: "burrito size", "chicken flavored"."""
    return match.end < len(words) and words[match.end] in {"size", "style", "flavor", "flavored"}


def _parted(words: Sequence[str], first: Match, last: Match) -> Match | None:
    """The kind whose name other words part: the oatmeal cookie of "oatmeal raisin cookies"."""
    name = " ".join((*words[first.start : first.end], *words[last.start : last.end]))
    kind = grocery_kinds().named(name) if first.end < last.start else None
    return Match(kind, last.start, last.end) if kind else None


def _is_flavor(words: Sequence[str], match: Match) -> bool:
    return all(word in flavor_words() for word in words[match.start : match.end])


def _modifiers(words: Sequence[str], head: Match | None) -> list[str]:
    inside = range(head.start, head.end) if head else range(0)
    fillers = wordings().fillers
    return [
        word
        for at, word in enumerate(words)
        if at not in inside and (word not in fillers or tuple(words[at + 1 : at + 2]) == ("size",))
    ]
