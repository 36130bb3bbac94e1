"""Whose reading of a sentence counts, where the embedded one and a language model differ."""

from enum import StrEnum

import msgspec

from manciple.grocery.domain.language.frames import Band, Frame

# These change or spend: a model alone never brings them about.
GRAVE = frozenset({"list_delete", "checkout", "order_cancel"})
# In between, a second opinion is worth its seconds: above it is rarely right to differ.
SURE = 0.85


class Rule(StrEnum):
    """Why a reading was kept or replaced."""

    AGREED = "agreed"
    MODEL_IN_TOP_THREE = "model_in_top_three"
    NOT_IN_TOP_THREE = "not_in_top_three"
    EMBEDDED_SURE = "embedded_sure"
    GRAVE_NEEDS_BOTH = "grave_needs_both"
    NOT_ASKED = "not_asked"
    MODEL_FAILED = "model_failed"


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """The frame that counts, and by which rule."""

    frame: Frame
    rule: Rule


def is_worth_asking(frame: Frame) -> bool:
    """Whether a second opinion may change anything: the confidence is in the middle band."""
    return frame.band is Band.ASK or frame.confidence < SURE


def settle(embedded: Frame, model: Frame) -> Settled:
    """The reading that counts.

    The model replaces the embedded reading only where that was not sure and had the model's first
    intent among its own first three. Its confidence is then what the embedded one gave that
    intent, for a model's own means nothing.
    """
    if model.intents == embedded.intents:
        return Settled(frame=embedded, rule=Rule.AGREED)
    if embedded.confidence >= SURE and embedded.band is not Band.ASK:
        return Settled(frame=embedded, rule=Rule.EMBEDDED_SURE)
    if not GRAVE.isdisjoint(model.intents):
        return Settled(frame=embedded, rule=Rule.GRAVE_NEEDS_BOTH)
    chances = {one.intent: one.confidence for one in embedded.alternatives[:3]}
    if model.intents[0] not in chances:
        return Settled(frame=embedded, rule=Rule.NOT_IN_TOP_THREE)
    frame = msgspec.structs.replace(
        model,
        confidence=chances[model.intents[0]],
        alternatives=embedded.alternatives,
        needs_confirmation=True,
    )
    return Settled(frame=frame, rule=Rule.MODEL_IN_TOP_THREE)
