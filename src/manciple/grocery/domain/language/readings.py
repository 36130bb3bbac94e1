"""A sentence as the models see it: tokens, corrected words, known names."""

from collections.abc import Sequence
from dataclasses import dataclass

from manciple.grocery.domain.language.lexicon import Lexicon
from manciple.grocery.domain.language.measures import UNIT_WORDS
from manciple.grocery.domain.language.numbers import is_number
from manciple.grocery.domain.language.spelling import Speller
from manciple.grocery.domain.language.tokens import Token, tokenize

# A sentence of nonsense must not cost more than a long shopping list.
_MOST_CORRECTED = 12
_TIMES = """
    today tonight tomorrow yesterday morning afternoon evening night noon week weeks weekend
    month months year years day days monday tuesday wednesday thursday friday saturday sunday
    january february march april may june july august september october november december spring
    summer fall winter pm am recently lately ago asap christmas thanksgiving easter tomorrows
    todays tonights
"""
_TIME_WORDS = frozenset(_TIMES.split())
_SHORT_FORMS = {
    "u": "you", "r": "are", "ur": "your", "plz": "please", "pls": "please", "teh": "the",
    "thx": "thanks", "ty": "thanks", "wat": "what", "wut": "what", "whats": "what's", "n": "and",
    "abt": "about", "bc": "because", "rn": "now", "gimme": "give me", "lemme": "let me",
    "wanna": "want to", "gonna": "going to", "gotta": "got to", "tmrw": "tomorrow",
    "tmr": "tomorrow", "2day": "today", "2nite": "tonight", "tonite": "tonight", "ya": "yes",
    "yea": "yes", "k": "ok", "okay": "ok", "shld": "should", "cld": "could", "wld": "would",
    "hav": "have", "git": "get", "dat": "that", "dis": "this", "da": "the", "im": "i'm",
    "ad": "add", "qty": "quantity", "ive": "i've", "id": "i'd", "dont": "don't", "w": "with",
    "wo": "without", "ppl": "people", "veggies": "vegetables", "tho": "though", "til": "until",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """`words[i]` is what `tokens[i]` was meant to be, `tags[i]` the names it is part of."""

    text: str
    tokens: Sequence[Token]
    words: Sequence[str]
    tags: Sequence[dict[str, str]]
    classes: Sequence[str]

    def part(self, start: int, end: int) -> "Reading":
        """The tokens from `start` up to `end` alone."""
        first, last = self.tokens[start].start, self.tokens[end - 1].end
        cut = slice(start, end)
        return Reading(
            self.text[first:last],
            self.tokens[cut],
            self.words[cut],
            self.tags[cut],
            self.classes[cut],
        )


def read(text: str, lexicon: Lexicon, speller: Speller) -> Reading:
    """`text` as it was probably meant; offsets stay those of `text`."""
    tokens = tokenize(text)
    words = _corrected(tokens, lexicon, speller)
    tags = lexicon.tag(words)
    for word, tag in zip(words, tags, strict=True):
        if word.isalpha() and not tag and not speller.knows(word) and not lexicon.degree(word):
            tag["odd"] = ""
    return Reading(text, tokens, words, tags, classes_of(words, tags, lexicon))


def classes_of(words: Sequence[str], tags: Sequence[dict[str, str]], lexicon: Lexicon) -> list[str]:
    """For each word the class that stands for it in n-grams of kinds; "" keeps the word."""
    return [_class(word, tag, lexicon) for word, tag in zip(words, tags, strict=True)]


def _corrected(tokens: Sequence[Token], lexicon: Lexicon, speller: Speller) -> list[str]:
    words: list[str] = []
    unknown = 0
    for token in tokens:
        word = _SHORT_FORMS.get(token.word, token.word)
        word = word if word == "'s" else word.replace("'", "")
        if unknown < _MOST_CORRECTED and not speller.knows(word) and not lexicon.degree(word):
            unknown += 1
            word = speller.correct(word)
        words.append(word)
    return words


def _class(word: str, tags: dict[str, str], lexicon: Lexicon) -> str:
    tests = (
        ("B", "brand" in tags and "product" not in tags),
        ("D", "dietary" in tags),
        ("P", "product" in tags),
        ("P", word.endswith("%") and len(word) > 1),
        ("N", is_number(word)),
        ("U", word in UNIT_WORDS),
        ("T", word in _TIME_WORDS),
        ("A", "attribute" in tags),
        ("P", lexicon.degree(word) > 1),
    )
    return next((name for name, holds in tests if holds), "")
