"""Which spans of a sentence are one item."""

import re

import pytest

from manciple.grocery.domain.language.grouping import entities_of
from manciple.grocery.domain.language.lexicon import Lexicon, Names
from manciple.grocery.domain.language.readings import read
from manciple.grocery.domain.language.spelling import Speller
from manciple.grocery.domain.language.tagger import Span

LABELS = {"P": "product", "B": "brand", "Q": "quantity", "U": "unit", "S": "size", "D": "dietary"}


def items_of(marked: str) -> list[str]:
    """The items of a text with marks such as "Q:2 P:rye_bread", each as its words."""
    words = marked.split()
    spans = [Span(LABELS[word[0]], at, at + 1) for at, word in enumerate(words) if word[1:2] == ":"]
    text = " ".join(re.sub("^[A-Z]:", "", word) for word in words)
    reading = read(text, Lexicon(Names(phrases={}, product_words={}, words={})), Speller({}))
    found = entities_of(reading, spans, [0] * len(reading.tokens))
    items: dict[int | None, list[str]] = {}
    for entity in found:
        items.setdefault(entity.item, []).append(entity.text)
    return [" ".join(item) for item in items.values()]


@pytest.mark.parametrize(
    ("marked", "items"),
    [
        ("P:milk , Q:dozen P:eggs and Q:a U:loaf of P:bread", "milk/dozen eggs/a loaf bread"),
        ("P:flour and Q:2 U:sticks of P:butter", "flour/2 sticks butter"),
        ("P:olives , Q:a U:bag of B:Tostitos", "olives/a bag Tostitos"),
        ("P:milk , S:large P:yogurt", "milk/large yogurt"),
        ("P:milk , D:organic P:eggs", "milk/organic eggs"),
        (
            "B:Barilla S:big P:spaghetti and Q:2 B:Ragu P:sauce",
            "Barilla big spaghetti/2 Ragu sauce",
        ),
        ("P:milk Q:2 P:onions P:bread", "milk/2 onions/bread"),
    ],
)
def test_an_amount_before_a_name_belongs_to_that_name(marked: str, items: str) -> None:
    assert items_of(marked) == items.split("/")


@pytest.mark.parametrize(
    ("marked", "items"),
    [
        ("P:milk Q:2 P:onions Q:3", "milk 2/onions 3"),
        ("P:milk , Q:2 , P:onions , Q:3", "milk 2/onions 3"),
        ("P:milk Q:2 and Q:3 P:onions", "milk 2/3 onions"),
        ("P:limes , Q:1 U:bag", "limes 1 bag"),
        ("P:broth , D:organic", "broth organic"),
    ],
)
def test_an_amount_behind_a_name_belongs_to_what_it_follows(marked: str, items: str) -> None:
    assert items_of(marked) == items.split("/")
