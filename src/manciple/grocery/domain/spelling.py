"""The catalog's own words: which are known, which brands, and what a misspelled word meant."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import groupby, takewhile

from rapidfuzz import process
from rapidfuzz.distance import OSA

from manciple.grocery.domain.brands import Brands, brand_lore, brand_words
from manciple.grocery.domain.claims import grocery_claims
from manciple.grocery.domain.flavors import flavor_words
from manciple.grocery.domain.kinds import grocery_kinds
from manciple.grocery.domain.wordings import wordings

# Letters a word must have before one, two and three wrong ones are forgiven.
_FORGIVES = ((10, 3), (8, 2), (4, 1))
# As many more are forgiven where the word still sounds alike ("hunny", "choclit").
_BY_SOUND = ((10, 0), (8, 1), (7, 2), (5, 1))
# Names that must hold a word before another form of it is read as that word.
_OFTEN = 2
# How much more common a completion must be before a known word is read as its beginning.
_RATHER = 5


# What names say of a package is nothing that one misspells ("xbox" is no box).
_PACKAGING = frozenset(
    {"bag", "bottle", "box", "can", "canister", "case", "count", "jar", "package", "packet", "tray"}
)
# Letters of a joined word before one of them may be wrong.
_LONG_ENOUGH = 6


class CatalogWords:
    """The words and brands of one catalog, counted over the names of its products."""

    def __init__(self, counts: Mapping[str, int], brands: Iterable[str]) -> None:
        self.counts = dict(counts)
        self.brands = Brands(brands)
        self.correct = lru_cache(maxsize=4096)(self._correct)

    @cached_property
    def known(self) -> frozenset[str]:
        """Every word that is never to be corrected."""
        lore = brand_lore()
        lists = wordings()
        usual = {word for word, count in self.counts.items() if count > 2 or len(word) < 5}  # noqa: PLR2004 - catalogs hold misspelled words, too
        return frozenset(usual) | grocery_kinds().vocabulary | grocery_claims().vocabulary | {
            *flavor_words(), *lists.synonyms.vocabulary, *lists.asks.vocabulary,
            *lists.turned_away.vocabulary, *lists.household.vocabulary,
            *(word for words in [*lore.means, *lore.aliases] for word in words),
            *self.brands.vocabulary, *_SMALL, *lists.fillers,
        }  # fmt: skip

    @cached_property
    def _targets(self) -> list[str]:
        """What a misspelled word may have meant: words of kinds and flavors, and usual ones."""
        kinds = grocery_kinds().vocabulary | flavor_words()
        usual = {word for word, count in self.counts.items() if count > 2 and len(word) > 2}  # noqa: PLR2004 - a rare word may itself be misspelled
        return sorted(word for word in (kinds | usual) - _PACKAGING if word.isalpha())

    def completions(self, start: str) -> list[str]:
        """The words that begin so, the most common first; the word itself is none."""
        words = self._sorted
        found = takewhile(lambda word: word.startswith(start), words[bisect_right(words, start) :])
        kinds, flavors = grocery_kinds(), flavor_words()

        def likelihood(word: str) -> tuple[bool, bool, int, str]:
            is_telling = word in kinds.vocabulary or word in flavors
            return not is_telling, kinds.named(word) is None, -self.counts[word], word

        return sorted(found, key=likelihood)

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(word for word in self.counts if word.isalpha())

    def is_beginning(self, word: str) -> bool:
        """Whether the word is rather the beginning of a longer one."""
        found = self.completions(word)
        return bool(found) and self.counts[found[0]] > _RATHER * self.counts.get(word, 0)

    def inflected(self, word: str) -> str | None:
        """The word itself, or the one it is a form of ("buttered": butter) where only that is said.

        None where it is a form of no word that the catalog often says.
        """
        forms = (word.removesuffix("ed"), word.removesuffix("d")) if word.endswith("ed") else ()
        root = next((form for form in forms if self.counts.get(form, 0) > _OFTEN), None)
        return word if root and word in self.counts else root

    def _correct(self, word: str) -> str | None:
        """The word that was meant; None where none is near enough."""
        allowed = _least(_FORGIVES, word)
        by_sound = allowed + _least(_BY_SOUND, word)
        if not allowed or not word.isalpha():
            return None
        seen = self.counts.get(word, 0)
        near = process.extract(
            word, self._targets, scorer=OSA.distance, score_cutoff=by_sound, limit=12
        )
        near = [hit for hit in near if hit[1] <= allowed or sounds_alike(word, hit[0])]
        best = max(near, key=lambda hit: self._likelihood(word, hit[0], hit[1]), default=None)
        if best is None or self.counts.get(best[0], 0) < seen * _RATHER or best[0] == word:
            return None
        return best[0]

    def correct_joined(self, first: str, second: str) -> str | None:
        """The kind that two pieces of one word mean, nearly ("lemon aide": lemonade)."""
        joined = first + second
        meant = self.correct(joined) if joined.isalpha() and len(joined) > _LONG_ENOUGH else None
        if meant is None or meant not in grocery_kinds().vocabulary:
            return None
        is_near = OSA.distance(joined, meant, score_cutoff=1) <= 1
        return meant if is_near else None

    def _likelihood(self, typed: str, meant: str, wrong: float) -> float:
        """Fewer wrong letters first; then the same sound, first letter, kinds, common words."""
        usual = min(self.counts.get(meant, 0), 200) / 400
        same_start = 0.5 if typed[0] == meant[0] else 0.0
        is_kind = 0.3 if meant in grocery_kinds().vocabulary else 0.0
        tail = 0.2 if typed[-1] == meant[-1] else 0.0
        sound = 0.7 if sounds_alike(typed, meant) else 0.0
        return -wrong + sound + same_start + is_kind + usual + tail

    def split(self, word: str, *, most: int = 3) -> tuple[str, ...] | None:
        """The fewest known words, at most `most`, that the one is made of ("peanutbutter")."""
        best: tuple[float, tuple[str, ...]] | None = None
        for parts in range(2, most + 1):
            for at in range(3, len(word) - 2):
                first = _known_form(word[:at], self.counts)
                rest = self._parts(word[at:], parts - 1) if first else None
                if first and rest:
                    score = min(self.counts.get(each, 0) for each in (first, *rest))
                    if best is None or score > best[0]:
                        best = (score, (first, *rest))
            if best is not None:
                return best[1]
        return None

    def split_nearly(self, word: str) -> tuple[str, str] | None:
        """The kind of two words that one joined word means, nearly ("peanutbuter")."""
        for at in range(3, len(word) - 3):
            first = _known_form(word[:at], self.counts)
            second = self.correct(word[at:]) if first else None
            if first and second and grocery_kinds().named(f"{first} {second}"):
                return first, second
        return None

    def _parts(self, word: str, most: int) -> tuple[str, ...] | None:
        whole = _known_form(word, self.counts)
        if most == 1:
            return (whole,) if whole else None
        return self.split(word, most=most)


# Words of queries that mean nothing by themselves.
_SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "for",
        "of",
        "to",
        "and",
        "or",
        "with",
        "without",
        "no",
        "not",
        "in",
        "on",
        "my",
        "at",
        "by",
        "from",
        "that",
        "is",
        "are",
        "any",
        "non",
        "free",
        "minus",
        "hold",
        "under",
        "over",
        "less",
        "than",
        "below",
        "above",
        "dollar",
        "cheap",
        "about",
    ]
)


_HEARD_ALIKE = str.maketrans("kqz", "ccs")
_HARDLY_HEARD = str.maketrans("", "", "aeiouyhw")


@lru_cache(maxsize=16384)
def _sound(word: str) -> str:
    """The consonants as they are heard, doubled ones once ("hunny" is "honey", "ck" is "k")."""
    alike = word.removesuffix("s").replace("ph", "f").replace("ng", "n").translate(_HEARD_ALIKE)
    return "".join(letter for letter, _ in groupby(alike)).translate(_HARDLY_HEARD)


def _least(steps: Sequence[tuple[int, int]], word: str) -> int:
    """What the longest step gives that the word is long enough for; else 0."""
    return next((given for size, given in steps if len(word) >= size), 0)


def sounds_alike(one: str, other: str) -> bool:
    """Whether two words have the same consonants as they are heard."""
    return _sound(one) == _sound(other)


def _known_form(word: str, counts: Mapping[str, int]) -> str | None:
    from_plural = word.removesuffix("s")
    kinds = grocery_kinds().vocabulary
    forms = (word, from_plural)
    return next((form for form in forms if counts.get(form, 0) > 1 or form in kinds), None)


def is_brand_of(words: tuple[str, ...], brand: str) -> bool:
    """Whether the product's name begins with the brand, give or take two words before it."""
    own = brand_words(brand)
    return bool(own) and any(words[at : at + len(own)] == own for at in range(3))
