"""The word that a misspelt word was probably meant to be."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_VOWELS = "aeiou"
# Shorter words have too many neighbors to be guessed.
_SHORTEST = 4
_LONGEST = 20


class Speller:
    """Corrects by one edit against words and how common they are."""

    def __init__(self, words: Mapping[str, int]) -> None:
        self._words = words
        self._cached = lru_cache(maxsize=4096)(self._correct)

    def knows(self, word: str) -> bool:
        """Whether `word`, or its singular, is one of the words."""
        return word in self._words or (word.endswith("s") and word[:-1] in self._words)

    def correct(self, word: str) -> str:
        """`word` itself if known or hopeless, else the likeliest word one edit away."""
        if not _SHORTEST <= len(word) <= _LONGEST or not word.isascii() or not word.isalpha():
            return word
        return self._cached(word)

    def _correct(self, word: str) -> str:
        if self.knows(word):
            return word
        best, best_weight = word, 0.0
        for candidate, ease in _edits(word):
            weight = ease * self._words.get(candidate, 0)
            if weight > best_weight:
                best, best_weight = candidate, weight
        return best


def _edits(word: str) -> Iterator[tuple[str, float]]:
    for at in range(len(word)):
        head, tail = word[:at], word[at:]
        first = 1.0 if at else 0.1  # people rarely miss the first letter
        yield head + tail[1:], (6.0 if at and tail[0] == word[at - 1] else 2.0) * first
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:], 6.0 * first
        for letter in _LETTERS:
            swapped = letter in _VOWELS and tail[0] in _VOWELS
            yield head + letter + tail[1:], (3.0 if swapped else 1.0) * first
            doubled = at and letter == word[at - 1]
            yield head + letter + tail, (6.0 if doubled else 2.0) * first
    for letter in _LETTERS:
        yield word + letter, 2.0
