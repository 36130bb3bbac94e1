"""Spans turned into entities: values, flags, and which belong to one item."""

import re
from collections.abc import Sequence

from manciple.grocery.domain.language.frames import Entity
from manciple.grocery.domain.language.measures import unit_of
from manciple.grocery.domain.language.numbers import value_of
from manciple.grocery.domain.language.readings import Reading
from manciple.grocery.domain.language.tagger import Span

_ITEM_PARTS = frozenset({"product", "brand", "quantity", "unit", "size", "dietary", "reference"})
_NAMED = frozenset({"product", "reference"})
_PRICES = frozenset({"price", "price_max", "price_min"})
_JOINER = re.compile(
    r"[,;&\n]|\b(?:and|or|plus|vs|versus|to|with|for|than|but|not)\b", re.IGNORECASE
)
_CENTS = re.compile(r"\bcents?\b|¢", re.IGNORECASE)


def entities_of(reading: Reading, spans: Sequence[Span], segs: Sequence[int]) -> tuple[Entity, ...]:
    """The entities of `spans`; `segs[i]` is the clause of token `i`."""
    drafts = [_entity(reading, span, segs[span.start]) for span in spans]
    items = _items(reading.text, drafts)
    return tuple(
        Entity(
            type=draft.type,
            text=draft.text,
            start=draft.start,
            end=draft.end,
            seg=draft.seg,
            item=item,
            value=draft.value,
            negated=draft.negated,
            role=draft.role,
        )
        for draft, item in zip(drafts, items, strict=True)
    )


def _entity(reading: Reading, span: Span, seg: int) -> Entity:
    kind = span.label.rstrip("!~")
    start, end = reading.tokens[span.start].start, reading.tokens[span.end - 1].end
    text = reading.text[start:end]
    return Entity(
        type=kind,
        text=text,
        start=start,
        end=end,
        seg=seg,
        value=_value(kind, text, " ".join(reading.words[span.start : span.end])),
        negated=span.label.endswith("!"),
        role="old" if span.label.endswith("~") else None,
    )


def _value(kind: str, text: str, words: str) -> float | str | None:
    if kind == "unit":
        return unit_of(words)
    if kind == "quantity":
        return value_of(words)
    if kind in _PRICES:
        amount = value_of(text) if any(char.isdigit() for char in text) else value_of(words)
        return amount / 100 if amount is not None and _CENTS.search(text) else amount
    return None


def _items(text: str, drafts: Sequence[Entity]) -> list[int | None]:
    numbers: list[int | None] = []
    current, seen, seg, end = 0, set[str](), 0, 0
    for draft in drafts:
        if draft.type not in _ITEM_PARTS:
            numbers.append(None)
            continue
        if seen and _begins_item(draft, seen, text[end : draft.start], new_clause=draft.seg != seg):
            current, seen = current + 1, set()
        numbers.append(current)
        seen.add(draft.type)
        seg, end = draft.seg, draft.end
    return numbers


def _begins_item(draft: Entity, seen: set[str], between: str, *, new_clause: bool) -> bool:
    named = bool(seen & _NAMED) or "brand" in seen
    if new_clause or (draft.type in seen and draft.type != "dietary"):
        return True
    if draft.type in _NAMED and seen & _NAMED:
        return True
    joined = _JOINER.search(between)
    return bool(
        named and joined and draft.type in ("product", "brand", "reference", "dietary")
    ) or bool(named and joined and "," in between and "quantity" in seen)
