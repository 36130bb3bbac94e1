"""How names go on after some words: what a word that is being typed may become."""

from collections import Counter
from collections.abc import Sequence

from manciple.grocery.domain.wordings import Words


def continuations(names: Sequence[Words], before: Sequence[str], start: str) -> list[str]:
    """The words that begin so and follow the words before in the names, the most usual first.

    Where no name goes on so, those that stand anywhere in them.
    """
    phrase = tuple(before)
    size = len(phrase)
    following = Counter(
        words[at + size]
        for words in names
        for at in range(len(words) - size)
        if words[at : at + size] == phrase and words[at + size].startswith(start)
    )
    beside = Counter(word for words in names for word in words if word.startswith(start))
    for word in phrase:
        del beside[word]
    found = following or beside
    return sorted(found, key=lambda word: (-found[word], word))
