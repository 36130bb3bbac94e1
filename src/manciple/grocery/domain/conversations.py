"""The little that is remembered of a conversation, so that "make that three" means something."""

import re
from collections.abc import Sequence

import msgspec

from manciple.grocery.domain.language.cues import CUE_WORDS
from manciple.grocery.domain.language.measures import UNIT_WORDS
from manciple.grocery.domain.language.numbers import is_number
from manciple.grocery.domain.plans import Option, Question, Topic

# People come back from the pantry after ten minutes, not after a day.
CONVERSATION_LIFE_S = 45 * 60
MAX_RESULTS = 10
MAX_ANSWER_CHARS = 600


class Conversation(msgspec.Struct, frozen=True, kw_only=True):
    """What was said last: a plan that waits for a yes, or a question and its sentence.

    `chosen` maps phrases of the waiting sentence to the products chosen for them, `before` is
    what the talk was about when that sentence was said.
    """

    topic: Topic = Topic()
    before: Topic = Topic()
    last_answer: str | None = None
    sentence: str | None = None
    plan_id: str | None = None
    question: Question | None = None
    chosen: dict[str, str] = {}
    phrases: tuple[str, ...] = ()

    @property
    def is_waiting(self) -> bool:
        """Whether a yes, a no or a choice would mean something."""
        return self.plan_id is not None or self.question is not None


_YES = re.compile(
    r"(?:oh )?(?:yes|yep|yeah|yup|ya|sure|ok|okay|alright|correct|exactly|absolutely|definitely"
    r"|do it|do that|go ahead|please do|sounds good|confirm(?:ed)?|that'?s right|right|y)"
    r"(?:[\s,.!]+(?:please|thanks|thank you|do it|do that|go ahead|place it|order it"
    r"|add (?:it|them)|that'?s (?:right|fine|correct)|sure|yes|sounds good|confirm"
    r"|delete (?:it|them|all|everything)|clear it|hand it over))*[\s.!]*",
    re.IGNORECASE,
)
_NO = re.compile(
    r"(?:no|nope|nah|n|don'?t|do not|never ?mind|forget (?:it|that)|cancel(?: that| it)?|stop)"
    r"(?:[\s,.!]+(?:thanks|thank you|don'?t|do not|please|cancel(?: that| it)?|never ?mind"
    r"|forget it|stop|leave it))*[\s.!]*",
    re.IGNORECASE,
)
_MEANT = re.compile(
    r"(?:(?:no|nope|sorry|wait|actually|not that(?: one)?)[\s,.!]+)*"
    r"(?:(?:i|we)\s+(?:meant|mean|wanted)|i\s+said|make\s+(?:it|that)\s+the"
    r"|not\s+that(?:\s+one)?[\s,.]+(?:the|i\s+meant)|no[\s,]+(?:the|i\s+want))"
    r"\s+(?P<what>\S.*?)[\s.!]*",
    re.IGNORECASE,
)
_INSTEAD = re.compile(r"no[\s,]+(?P<what>\S.*?)\s+instead[\s.!]*", re.IGNORECASE)
_ORDINALS = (
    ("first", "1st", "one", "1", "number one"),
    ("second", "2nd", "two", "2", "number two"),
    ("third", "3rd", "three", "3", "number three"),
    ("fourth", "4th", "four", "4", "number four"),
    ("fifth", "5th", "five", "5", "number five"),
)
_PICK = re.compile(
    r"(?:the |number |option |no\.? |#|i(?:'ll| will) (?:take|have) |(?:give me|add) )*"
    r"(?P<which>[a-z0-9]+)(?: one| please| option)*[\s.!]*",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[a-z0-9%]+")
_CHEAP = re.compile(r"\b(?:cheap(?:er|est)|(?:least|less) expensive|lowest)\b", re.IGNORECASE)
_DEAR = re.compile(r"\b(?:most expensive|dearest|pricier|priciest)\b", re.IGNORECASE)
_ONE = re.compile(
    r"\b(?:the|that|this)\s+(?:[\w-]+\s+)?(?:one|option)\b|\blast one\b", re.IGNORECASE
)

_POINTING = frozenset({"it", "that", "this", "those", "these", "them", "one", "ones", "both"})
# Said around what is meant; with the words that tell what is wanted, the rest may name a thing.
_SAID_AROUND = """
    a an the please pls thanks thank ok okay yes yeah yep sure no actually sorry oops wait just too
    well hmm um uh oh hey hi maybe instead double triple halve twice item items thing things so
    product option number result other top bottom previous first second third fourth fifth last
    next cross check tick off throw toss stick grab set bump go lets let am be im ill id me your
    his her their our another extra really larger smaller bigger large small big whatever whichever
    said meant mean rather back away s t
"""
_TALK = frozenset(_SAID_AROUND.split())

# A reply is short; patterns are tried on nothing longer, so that they take no time.
_MAX_REPLY_CHARS = 160


def _is_short(sentence: str) -> bool:
    return len(sentence) <= _MAX_REPLY_CHARS


def says_yes(sentence: str) -> bool:
    """Whether the whole sentence is a yes."""
    return _is_short(sentence) and _YES.fullmatch(sentence.strip()) is not None


def says_no(sentence: str) -> bool:
    """Whether the whole sentence is a no."""
    return _is_short(sentence) and _NO.fullmatch(sentence.strip()) is not None


def meant_instead(sentence: str) -> str | None:
    """What a correction says was meant: "oat milk" of "no, I meant oat milk"."""
    if not _is_short(sentence):
        return None
    text = " ".join(sentence.split())
    found = _MEANT.fullmatch(text) or _INSTEAD.fullmatch(text)
    return found["what"].strip(" .!,") if found else None


def picked(sentence: str, options: Sequence[Option]) -> Option | None:
    """The option that a reply names by number, by price or by words that only it has."""
    if not options or not _is_short(sentence):
        return None
    by_price = _by_price(sentence, options)
    if by_price is not None:
        return by_price
    found = _PICK.fullmatch(" ".join(sentence.split()))
    if found:
        which = found["which"].lower()
        if which == "last":
            return options[-1]
        for option, names in zip(options, _ORDINALS, strict=False):
            if which in names:
                return option
    return _by_words(sentence, options)


def refers(sentence: str) -> bool:
    """Whether a sentence speaks of "the cheaper one", "the second one", "that one"."""
    return bool(_ONE.search(sentence) or (_CHEAP.search(sentence) and "one" in sentence.lower()))


def own_words(sentence: str) -> str:
    """The words of a sentence that could name a thing: "rye" of "cross off the rye"."""
    words = _WORDS.findall(sentence.lower().replace("'", ""))
    return " ".join(word for word in words if not _says_nothing(word))


def _says_nothing(word: str) -> bool:
    return word in CUE_WORDS or word in _TALK or word in UNIT_WORDS or is_number(word)


def points_back(sentence: str) -> bool:
    """Whether a sentence is about what was spoken of: it says "it", or names nothing itself."""
    said = set(_WORDS.findall(sentence.lower().replace("'s", "")))
    return not _POINTING.isdisjoint(said) or not own_words(sentence)


def ordinal_in(sentence: str) -> int | None:
    """The place that a sentence names: 1 for "add the second one to my list"."""
    words = _WORDS.findall(sentence.lower())
    for place, names in enumerate(_ORDINALS):
        if names[0] in words or names[1] in words:
            return place
    return None


def points_among(sentence: str) -> bool:
    """Whether a sentence tells several things apart: by place, or by price."""
    has_price = bool(_CHEAP.search(sentence) or _DEAR.search(sentence))
    return has_price or ordinal_in(sentence) is not None


def pointed_at(sentence: str, options: Sequence[Option]) -> Option | None:
    """The option that "add the cheaper one" points at; without any mark, the first."""
    if not options:
        return None
    by_price = _by_price(sentence, options)
    if by_price is not None:
        return by_price
    place = ordinal_in(sentence)
    if place is not None:
        return options[place] if place < len(options) else None
    return _by_words(sentence, options) or options[0]


def _by_price(sentence: str, options: Sequence[Option]) -> Option | None:
    priced = [(option.price.cents, option) for option in options if option.price is not None]
    if not priced:
        return None
    if _CHEAP.search(sentence):
        return min(priced, key=lambda each: each[0])[1]
    if _DEAR.search(sentence):
        return max(priced, key=lambda each: each[0])[1]
    return None


_EMPTY_WORDS = frozenset({"the", "one", "a", "an", "that", "this", "add", "my", "list", "to", "i"})


def _by_words(sentence: str, options: Sequence[Option]) -> Option | None:
    """The only option whose label has most of the words that tell the options apart."""
    said = set(_WORDS.findall(sentence.lower())) - _EMPTY_WORDS
    labels = [set(_WORDS.findall(option.label.lower())) for option in options]
    shared = set.intersection(*labels) if len(labels) > 1 else set()
    telling = said - shared
    if not telling:
        return None
    hits = [len(telling & label) for label in labels]
    best = max(hits)
    if best * 2 <= len(telling) or hits.count(best) != 1:
        return None
    return options[hits.index(best)]
