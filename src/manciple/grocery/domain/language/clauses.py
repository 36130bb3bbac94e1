"""One utterance cut into clauses that each want something else."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from manciple.grocery.domain.language.features import boundary_features
from manciple.grocery.domain.language.linear import LinearModel
from manciple.grocery.domain.language.readings import Reading

_JOINERS = frozenset(
    {"and", "then", "also", "plus", "but", "so", "if", "now", "while", "after", *",;.?!&"}
)
# Cutting costs two more looks at the sentence; nobody asks for more than three things at once.
_MOST_CLAUSES = 3
# Speech that was written down has no punctuation: "got any kale put two on my list".
_OPENERS = frozenset(
    {"add", "put", "remove", "drop", "take", "delete", "show", "what", "whats", "how"}
)
_LIKELY_BOUNDARY = 0.35
_SURE_PART = 0.6
# How likely a boundary and the less clear of its sides must be together. What is clear as a whole
# needs more: in "we're off to the shop, put plums on it" the first half is no wish.
_CLEAR_WHOLE = 0.9
_SURE_CUT, _SURE_CUT_OF_CLEAR = 0.4, 0.55
_ALONE = frozenset({"out_of_scope", "affirm", "deny", "cancel", "help", "smalltalk"})
_SHORTEST = 2


class Judged(NamedTuple):
    """A clause from token `start` up to `end`, its likeliest intent and how likely."""

    start: int
    end: int
    intent: str
    confidence: float


Judge = Callable[[int, int], tuple[str, float]]


def split(reading: Reading, boundaries: LinearModel, judge: Judge) -> list[Judged]:
    """The clauses in order; a cut stands only where both sides clearly want different things."""
    count = len(reading.tokens)
    whole = Judged(0, count, *judge(0, count))
    clauses = [whole]
    for place, chance in sorted(_places(reading, boundaries)[: _MOST_CLAUSES - 1]):
        last = clauses[-1]
        left = Judged(last.start, place, *judge(last.start, place))
        right = Judged(place, last.end, *judge(place, last.end))
        if left.intent != right.intent and _ALONE.isdisjoint((left.intent, right.intent)):
            sides = min(left.confidence, right.confidence)
            needed = _SURE_CUT_OF_CLEAR if last.confidence >= _CLEAR_WHOLE else _SURE_CUT
            if sides >= _SURE_PART and chance * sides >= needed:
                clauses[-1:] = [left, right]
    return clauses


def _places(reading: Reading, boundaries: LinearModel) -> Sequence[tuple[int, float]]:
    """Where another clause may begin, and how likely; the likeliest first."""
    likely = []
    for at in range(1, min(len(reading.tokens), 60) - _SHORTEST + 1):
        joined = not _JOINERS.isdisjoint((reading.words[at], reading.words[at - 1]))
        if not joined and reading.words[at] not in _OPENERS:
            continue
        features = boundary_features(reading, at, buckets=boundaries.buckets)
        chance = float(boundaries.probabilities(features)[1])
        if chance > _LIKELY_BOUNDARY:
            likely.append((chance, at))
    return [(at, chance) for chance, at in sorted(likely, reverse=True)]
