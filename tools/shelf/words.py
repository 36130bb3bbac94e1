"""Which of many short texts are nearest to one: cosine over words, rare words counting more."""

import html
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

_WORD = re.compile(r"[a-z]+")
# Words of grammar, of packages and of praise: they tell nothing of what is inside.
_EMPTY = frozenset(
    re.findall(
        r"[a-z]+",
        "a an and or of with in the for from by oz ounce fl lb lbs ct count pack pk bag box can jar"
        " cup tub bottle pouch g gram ml each size family value great made no net wt",
    )
)


def words(text: str, *, without: str = "") -> frozenset[str]:
    """The telling words of a name, in the singular, without those of a brand."""
    dropped = {_singular(word) for word in _WORD.findall(without.lower())}
    found = _WORD.findall(html.unescape(text).lower().replace("'s", ""))
    return frozenset(_singular(word) for word in found if word not in _EMPTY) - dropped


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):  # noqa: PLR2004 - "pies" keeps its stem
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):  # noqa: PLR2004 - "gas"
        return word[:-1]
    return word


class Nearest:
    """Finds the nearest of the texts it was made with."""

    def __init__(self, texts: Sequence[frozenset[str]]) -> None:
        self._having: defaultdict[str, list[int]] = defaultdict(list)
        for number, text in enumerate(texts):
            for word in text:
                self._having[word].append(number)
        total = max(len(texts), 1)
        self._weight = {
            word: math.log(1 + total / len(having)) ** 2 for word, having in self._having.items()
        }
        # A word that no text has still makes the asked one longer.
        self._unknown = math.log(1 + total) ** 2
        self._length = [math.sqrt(sum(self._weight[word] for word in text)) for text in texts]

    def to(self, text: Iterable[str], *, most: int) -> list[tuple[float, int]]:
        """Up to `most` pairs of likeness (0 to 1) and number of a text, nearest first."""
        wanted = list(text)
        length = math.sqrt(sum(self._weight.get(word, self._unknown) for word in wanted))
        shared: defaultdict[int, float] = defaultdict(float)
        for word in wanted:
            for number in self._having.get(word, ()):
                shared[number] += self._weight[word]
        scored = [
            (weight / (length * self._length[number]), number) for number, weight in shared.items()
        ]
        return sorted(scored, key=lambda pair: (-pair[0], pair[1]))[:most]
