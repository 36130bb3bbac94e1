"""Whether a name holds what a query turns away, and how far it states that it does not."""

from collections.abc import Sequence

from manciple.grocery.domain.claims import grocery_claims
from manciple.grocery.domain.product_names import ParsedName
from manciple.grocery.domain.wordings import Unwanted, Words, holds, holds_any, place_of


def absence(unwanted: Sequence[Unwanted], name: ParsedName) -> float | None:
    """How far the name states that the unwanted is absent; None where it holds it."""
    stated = 1.0
    for each in unwanted:
        if _is_in(each, name):
            return None
        claimed = each.claim is not None and grocery_claims().answers(name.claims, each.claim)
        said = claimed or holds_any(name.words, each.says)
        if each.claim is not None and not each.breaks and not claimed:
            return None
        stated *= 1.0 if said else 0.25
    return stated


def _is_in(unwanted: Unwanted, name: ParsedName) -> bool:
    words = _blanked(name.words, unwanted)
    if holds_any(words, unwanted.breaks):
        return True
    return holds_any(words, unwanted.doubtful) and not holds_any(words, unwanted.others)


def _blanked(words: Words, unwanted: Unwanted) -> Words:
    """The words without the phrases that only seem to hold the unwanted."""
    if not holds_any(words, unwanted.spares):
        return words
    found = [phrase for phrase in unwanted.spares if holds(words, phrase)]
    if any(_clears_all(phrase, unwanted) for phrase in found):
        return ()
    for phrase in sorted(found, key=_longest_first):
        at = place_of(words, phrase)
        if at is not None:
            words = (*words[:at], *words[at + len(phrase) :])
    return words


def _longest_first(phrase: Words) -> tuple[int, Words]:
    return -len(phrase), phrase


def _clears_all(phrase: Words, unwanted: Unwanted) -> bool:
    """Whether the phrase speaks of the whole product ("vegan"), not of a part ("beef bacon")."""
    if len(phrase) == 1:
        return phrase in unwanted.says or phrase[0].endswith("less")
    return phrase[-1] == "free" or phrase[0] in {"no", "non", "without"}
