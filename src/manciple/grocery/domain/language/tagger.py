"""Entities found by a conditional random field, as spans of tokens."""

from collections.abc import Sequence
from typing import NamedTuple

import pycrfsuite


class Span(NamedTuple):
    """Tokens from `start` up to `end` with a label such as "product", "dietary!", "quantity~"."""

    label: str
    start: int
    end: int


class Tagger:
    """The entity model; its answers are BIO labels, one a token."""

    def __init__(self, model: bytes) -> None:
        self._model = model  # the library reads it in place, so it must live as long
        self._crf = pycrfsuite.Tagger()
        self._crf.open_inmemory(model)

    def spans(self, rows: Sequence[Sequence[str]]) -> list[Span]:
        """The entities of a sentence by the features of its tokens."""
        return spans_of(self._crf.tag(rows)) if rows else []


def spans_of(labels: Sequence[str]) -> list[Span]:
    """The spans that BIO labels say; an I without its B begins one."""
    spans: list[Span] = []
    for at, label in enumerate(labels):
        mark, _, kind = label.partition("-")
        if mark == "O":
            continue
        goes_on = mark == "I" and spans and spans[-1].end == at and spans[-1].label == kind
        if goes_on:
            spans[-1] = spans[-1]._replace(end=at + 1)
        else:
            spans.append(Span(kind, at, at + 1))
    return spans
