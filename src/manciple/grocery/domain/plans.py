"""Plans: what a sentence would have done, before anybody said yes to it."""

import hashlib
from typing import Any

import msgspec

from manciple.grocery.domain.products import Price

# Half an hour, as a quote: the prices in the preview are still the ones that count.
PLAN_LIFE_S = 30 * 60
MADE = "@"
"""Before a number: what the step of that number made; "@0" is the list that the first step made."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One procedure to call, with its input as it is on the wire."""

    procedure: str
    input: dict[str, Any]


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that may have been meant; `product_id` is None for something else than that.

    `price` is of one package.
    """

    label: str
    product_id: str | None = None
    value: str | None = None
    price: Price | None = None


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What must be known first. `about` is the phrase that is not clear."""

    text: str
    about: str
    options: tuple[Option, ...] = ()


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a preview; `cents` is None where no price is known, `why` says whence.

    `price` is the one of a package that `cents` is made of. `is_priced` is false of lines that are
    about no price at all.
    """

    text: str
    phrase: str = ""
    product_id: str | None = None
    quantity: str | None = None
    cents: int | None = None
    price: Price | None = None
    is_priced: bool = True
    why: str | None = None
    alternatives: tuple[Option, ...] = ()


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    """What the talk is about after a sentence: a list, a thing on it, products that were shown.

    `query` is what was searched for to show them.
    """

    list_id: str | None = None
    text: str | None = None
    product_id: str | None = None
    products: tuple[str, ...] = ()
    query: str | None = None


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What one intent comes to: an answer at once, steps to confirm, or a question.

    `called` are procedures that only read and were asked already.
    """

    answer: str
    steps: tuple[Step, ...] = ()
    called: tuple[Step, ...] = ()
    lines: tuple[Line, ...] = ()
    question: Question | None = None
    topic: Topic = Topic()


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one sentence would change, in order, and what it would cost."""

    plan_id: str
    user_id: str
    sentence: str
    intents: tuple[str, ...]
    steps: tuple[Step, ...]
    lines: tuple[Line, ...]
    answer: str

    @property
    def total_cents(self) -> int:
        """What the lines with a known price come to."""
        return sum(line.cents or 0 for line in self.lines)

    @property
    def unknown_prices(self) -> int:
        """How many lines have a price that nobody knows."""
        return sum(line.is_priced and line.cents is None for line in self.lines)

    def hash(self) -> str:
        """A fingerprint of what would be done and for whom: 64 hexadecimal digits."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()


def resolved(value: Any, made: list[str]) -> Any:
    """The input with "@n" replaced by what step n made."""
    if isinstance(value, dict):
        return {key: resolved(each, made) for key, each in value.items()}
    if isinstance(value, str) and value.startswith(MADE) and value[1:].isdecimal():
        return made[int(value[1:])]
    return value


def money(cents: int) -> str:
    """An amount as people read it: $3.48."""
    sign = "-" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"
