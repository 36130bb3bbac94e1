"""What an utterance was understood to mean."""

from enum import StrEnum

import msgspec


class Band(StrEnum):
    """What a caller may do with a frame."""

    ACCEPT = "accept"
    ASK = "ask"
    OUT_OF_SCOPE = "out_of_scope"


class Entity(msgspec.Struct, frozen=True, kw_only=True):
    """A span of the text that names something; `text` is `utterance[start:end]` exactly.

    `seg` is the index of the intent it belongs to. Entities with one `item` describe one thing.
    `value` is a number (quantities, prices in dollars) or a canonical unit. `negated` things must
    not be there; `role` "old" is the value that gets replaced.
    """

    type: str
    text: str
    start: int
    end: int
    seg: int = 0
    item: int | None = None
    value: float | str | None = None
    negated: bool = False
    role: str | None = None


class Alternative(msgspec.Struct, frozen=True):
    """An intent with the probability that it is the first one meant."""

    intent: str
    confidence: float


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """The intents of an utterance in order of mention, and what they are about.

    `confidence` is the calibrated probability that the first intent is right.
    """

    text: str
    intents: tuple[str, ...]
    entities: tuple[Entity, ...] = ()
    confidence: float
    alternatives: tuple[Alternative, ...] = ()
    band: Band
    needs_confirmation: bool = False
    source: str = "embedded"


class ConversationState(msgspec.Struct, frozen=True, kw_only=True):
    """The little that a follow-up needs to know of what went before.

    `last_message` is what the assistant said last; `pending` the intent that waits for a yes.
    """

    last_message: str | None = None
    pending: str | None = None
