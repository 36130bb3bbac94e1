"""What a query turns away ("without nuts") and what it asks to be stated ("gluten free")."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from manciple.grocery.domain.claims import grocery_claims
from manciple.grocery.domain.kinds import grocery_kinds
from manciple.grocery.domain.wordings import Unwanted, wordings

_REFUSING = frozenset(
    {"without", "no", "not", "minus", "non", "w o", "except", "isnt", "arent", "doesnt", "dont"}
)
# What may stand between a refusal and what it refuses ("does not have too much sugar").
_BETWEEN = frozenset(
    {
        "any",
        "added",
        "a",
        "the",
        "too",
        "very",
        "much",
        "many",
        "have",
        "has",
        "contain",
        "lot",
        "of",
    }
)
_MUCH = frozenset({"too", "much", "many", "lot", "very"})
# Not much of it is asked for then, and not none.
_LITTLE_OF = {"sugar": "low_sugar"}
# "no" before these is part of the product, not a refusal.
_NO_PART = frozenset({"bake", "stir", "yolk", "boil", "knead"})


@dataclass(slots=True)
class Reading:
    """A query while it is being read: its words, and what has been taken out of them."""

    words: list[str]
    hard: set[str] = field(default_factory=set)
    soft: set[str] = field(default_factory=set)
    unwanted: list[Unwanted] = field(default_factory=list)
    claimed: set[str] = field(default_factory=set)


def take_refusals(reading: Reading, kept_whole: Sequence[range]) -> None:
    """Takes what is turned away out of the words; a name kept whole refuses nothing."""
    words = reading.words
    claims = grocery_claims()
    kept: list[str] = []
    at = 0
    while at < len(words):
        is_named = any(at in each for each in kept_whole)
        refuses = words[at] in _REFUSING and at + 1 < len(words) and not is_named
        if not refuses or words[at + 1] in _NO_PART or (claims.asked(words[at : at + 4])[:1] and (
            claims.asked(words[at : at + 4])[0].start == 0
        )):  # fmt: skip
            kept.append(words[at])
            at += 1
            continue
        at = _refuse(reading, words, at + 1)
    reading.words = _free_of(reading, kept)


def _refuse(reading: Reading, words: Sequence[str], at: int) -> int:
    """Notes what is turned away from word `at` on; the place behind it."""
    lists = wordings()
    start = at
    while at < len(words) and words[at] in _BETWEEN:
        at += 1
    softly = not _MUCH.isdisjoint(words[start:at])
    for length in (4, 3, 2, 1):
        name = lists.turned_away.get(words[at : at + length])
        if name is not None:
            if softly and name in _LITTLE_OF:
                reading.soft.add(_LITTLE_OF[name])
            else:
                reading.unwanted.append(lists.unwanted[name])
            at += length
            break
    else:
        if at < len(words):
            reading.unwanted.append(_plainly(words[at]))
            at += 1
    if at + 1 < len(words) and words[at] in {"or", "and"}:
        name = lists.turned_away.get(words[at + 1 : at + 2])
        if name is not None:
            reading.unwanted.append(lists.unwanted[name])
            at += 2
    return at


def _plainly(word: str) -> Unwanted:
    spares = frozenset({(word, "free"), ("no", word), ("without", word)})
    return Unwanted(word, frozenset({(word,)}), spares, spares, None)


def _free_of(reading: Reading, words: list[str]) -> list[str]:
    """The words without "… free" that is no claim ("onion free"), which is noted as unwanted."""
    lists = wordings()
    out: list[str] = []
    for word in words:
        name = lists.turned_away.get(out[-1:]) if word == "free" and out else None
        asked = grocery_claims().asked([*out[-1:], "free"]) if name else []
        if name and not asked:
            out.pop()
            reading.unwanted.append(lists.unwanted[name])
        else:
            out.append(word)
    return out


def take_claims(reading: Reading) -> None:
    """Takes the claims that are asked for out of the words."""
    words = reading.words
    kinds = [m for m in grocery_kinds().find(words) if m.end - m.start > 1]
    gone: set[int] = set()
    for asked in grocery_claims().asked(words):
        around = [m for m in kinds if m.start <= asked.start and asked.end <= m.end]
        if not any(grocery_kinds().has(m.kind, "diet") for m in around):
            (reading.hard if asked.is_hard else reading.soft).add(asked.claim)
            reading.claimed.update(words[asked.start : asked.end])
        if not around:
            # "Keto friendly" asks for what "keto" does.
            is_friendly = words[asked.end : asked.end + 1] == ["friendly"]
            gone |= set(range(asked.start, asked.end + is_friendly))
    reading.words = [word for at, word in enumerate(words) if at not in gone]
