"""Spans turned into entities: values, flags, and which belong to one item."""

import re
from collections.abc import Sequence
from itertools import pairwise

from manciple.grocery.domain.language.frames import Entity
from manciple.grocery.domain.language.measures import unit_of
from manciple.grocery.domain.language.numbers import value_of
from manciple.grocery.domain.language.readings import Reading
from manciple.grocery.domain.language.tagger import Span

_ITEM_PARTS = frozenset({"product", "brand", "quantity", "unit", "size", "dietary", "reference"})
_NAMED = frozenset({"product", "reference"})
_WITH_NAME = frozenset({*_NAMED, "brand"})
_AMOUNTS = frozenset({"quantity", "unit", "size"})
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
    """For each entity the number of its item, or None where it is part of none."""
    numbers: dict[Entity, int] = {}
    parts = [draft for draft in drafts if draft.type in _ITEM_PARTS]
    item: list[Entity] = []
    current = 0
    for at, part in enumerate(parts):
        if item and _begins_item(text, item, parts[at:]):
            current, item = current + 1, []
        item.append(part)
        numbers[part] = current
    return [numbers.get(draft) for draft in drafts]


def _begins_item(text: str, item: Sequence[Entity], rest: Sequence[Entity]) -> bool:
    """Whether another item begins with the first of `rest`, which follows on what is in `item`."""
    part, seen = rest[0], {one.type for one in item}
    if part.seg != item[-1].seg or (part.type in seen and part.type != "dietary"):
        return True
    if part.type in _NAMED and seen & _NAMED:
        return True
    if not seen & _WITH_NAME:
        return False
    between = text[item[-1].end : part.start]
    if not _JOINER.search(between):
        return _is_amount(part) and bool(seen & _NAMED) and _precedes(text, item, rest)
    if part.type in _WITH_NAME or _leads(text, rest):
        return True
    return "," in between and "quantity" in seen


def _leads(text: str, rest: Sequence[Entity]) -> bool:
    """Whether a name follows with nothing that joins in between: "two dozen" of "eggs"."""
    for part, after in pairwise(rest):
        if after.seg != part.seg or _JOINER.search(text[part.end : after.start]):
            return False
        if after.type in _WITH_NAME:
            return True
    return False


def _precedes(text: str, item: Sequence[Entity], rest: Sequence[Entity]) -> bool:
    """Whether an amount between two names is the second's, as in "milk 2 onions bread".

    Who writes amounts behind the names does so behind the last one too: "milk 2 onions 3".
    """
    if not _leads(text, rest):
        return False
    last = [part for part in rest if part.seg == rest[0].seg][-1]
    return _is_amount(item[0]) or not _is_amount(last)


def _is_amount(part: Entity) -> bool:
    return part.type in _AMOUNTS
