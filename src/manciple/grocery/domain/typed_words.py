"""Words as they were typed: misspelled, glued, torn apart, unfinished; and what they mean here."""

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from manciple.grocery.domain.brands import brand_lore
from manciple.grocery.domain.flavors import flavor_words
from manciple.grocery.domain.kinds import grocery_kinds
from manciple.grocery.domain.spelling import CatalogWords, sounds_alike
from manciple.grocery.domain.wordings import Words, wordings


def prefixes(words: Sequence[str], catalog: CatalogWords) -> Words:
    """What the last word may become while it is being typed."""
    if not words or not words[-1].isalpha() or len(words[-1]) == 1:
        return ()
    last = words[-1]
    if last in catalog.known and (len(words) > 1 or not catalog.is_beginning(last)):
        return ()
    if len(words) == 1 and last in catalog.known and not _may_begin(last):
        return ()
    if len(words) > 1 and catalog.correct_joined(words[-2], last):
        return ()
    completions = catalog.completions(last)
    # "piza" is rather a pizza than the beginning of a brand that nobody names.
    if not any(map(_is_telling, completions)) and _is_telling(catalog.correct(last) or ""):
        return ()
    if len(last) == 2:  # noqa: PLR2004 - so little begins only what is a thing or a taste by itself
        completions = [word for word in completions if _is_telling(word)]
    return tuple(completions[:12])


def _is_telling(word: str) -> bool:
    return word in grocery_kinds().vocabulary or word in flavor_words()


def _may_begin(word: str) -> bool:
    """Whether a known word may still be the beginning of another: it names no kind by itself."""
    kind = grocery_kinds().named(word)
    return (
        kind is None and (word,) not in brand_lore().means and wordings().asks.get([word]) is None
    )


def spelled(
    words: Sequence[str], catalog: CatalogWords, *, keep_last: bool
) -> tuple[list[str], list[str]]:
    """The words as the catalog spells them, and those that it does not know.

    With `keep_last`, the last word is still being typed and left as it is.
    """
    whole_words = joined(words, catalog)
    out: list[str] = []
    unknown: list[str] = []
    for number, word in enumerate(whole_words):
        if (
            word in catalog.known
            or not word.isalpha()
            or (keep_last and number == len(whole_words) - 1)
        ):
            out.append(word)
            continue
        if form := catalog.inflected(word):
            out.append(form)
            continue
        halves = catalog.split(word)
        meant = catalog.correct(word)
        is_name = halves is not None and grocery_kinds().named(" ".join(halves)) is not None
        if halves and (is_name or not _is_rather_one(word, meant)):
            out.extend(halves)
        elif out and (whole := catalog.correct_joined(out[-1], word)):
            out[-1] = whole
        elif meant:
            out.append(meant)
        elif pair := catalog.split_nearly(word):
            out.extend(pair)
        else:
            out.append(word)
            unknown.append(word)
    return out, unknown


def _is_rather_one(word: str, meant: str | None) -> bool:
    """Whether a word that may be two is one, misspelled: a short one, or nearly a kind."""
    if meant is None:
        return False
    short = len(word) <= 7  # noqa: PLR2004 - short words rarely are two
    near = sounds_alike(word, meant) or OSA.distance(word, meant, score_cutoff=1) <= 1
    return short or (near and _is_telling(meant))


def joined(words: Sequence[str], catalog: CatalogWords) -> list[str]:
    """Two words as one where only the one is known as such ("pop corn", "straw berry")."""
    out: list[str] = []
    at = 0
    while at < len(words):
        pair = "".join(words[at : at + 2])
        apart = min(catalog.counts.get(word, 0) for word in words[at : at + 2])
        is_phrase = grocery_kinds().named(" ".join(words[at : at + 2])) is not None
        together = catalog.counts.get(pair, 0)
        is_kind = grocery_kinds().named(pair) is not None and " " not in pair
        if (
            at + 1 < len(words)
            and together > 1
            and not is_phrase
            and (is_kind or together * 2 > apart)
            and pair.isalpha()
        ):
            out.append(pair)
            at += 2
        else:
            out.append(words[at])
            at += 1
    return out
