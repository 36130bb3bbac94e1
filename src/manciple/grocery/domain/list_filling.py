"""Adding to a list, many items at once; each gets its own outcome and none is lost silently."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial

import msgspec

from manciple.grocery.domain.lists import (
    MAX_ITEMS,
    MAX_NOTES_CHARS,
    MAX_QUANTITY_THOUSANDTHS,
    MAX_SUBSTITUTES,
    MAX_TEXT_CHARS,
    MAX_UNIT_CHARS,
    THOUSAND,
    GroceryList,
    ItemStatus,
    ListItem,
    clean_text,
)
from manciple.grocery.domain.products import Product

_FINEST = Decimal("0.001")


class Added(StrEnum):
    """What became of one item that somebody wanted on a list."""

    ADDED = "added"
    MERGED = "merged"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why an item was refused, for programs; `Outcome.problem` says it to people."""

    UNKNOWN_PRODUCT = "unknown_product"
    NOTHING_NAMED = "nothing_named"
    BAD_QUANTITY = "bad_quantity"
    TOO_MUCH = "too_much"
    TOO_LONG = "too_long"
    LIST_FULL = "list_full"


class WantedItem(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants on a list: a product by its id, or words.

    Where nothing is said of substitutes, those that are named are allowed, and what the person
    prefers decides where none is.
    """

    product_id: str | None = None
    text: str | None = None
    quantity: Decimal = Decimal(1)
    unit: str | None = None
    notes: str | None = None
    substitution_allowed: bool | None = None
    substitutes: tuple[str, ...] = ()

    def allows_substitutes(self, *, preferred: bool) -> bool:
        """Whether another product may be taken."""
        if self.substitution_allowed is not None:
            return self.substitution_allowed
        return bool(self.substitutes) or preferred


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one wanted item; `item` is the line as it is now."""

    status: Added
    item: ListItem | None = None
    reason: Reason | None = None
    problem: str | None = None


class Unfit(Exception):
    """One wanted item cannot be taken; it becomes an outcome."""

    def __init__(self, reason: Reason, problem: str) -> None:
        self.reason = reason
        self.problem = problem
        super().__init__(problem)


def fill(
    found: GroceryList,
    wanted: Sequence[WantedItem],
    *,
    products: Mapping[str, Product],
    prefers_substitutes: bool,
    new_id: Callable[[], str],
    at: datetime,
) -> tuple[GroceryList, tuple[Outcome, ...]]:
    """The list with what was wanted, and an outcome for each item in the order of `wanted`.

    `products` holds the ones that exist among those named. An item joins a pending line of the
    same product (or the same words) and unit; otherwise it becomes a new line at the end.

    Raises:
        Refused: the list is not active.
    """
    found.require_active()
    lines = _Lines(found.items)
    make = partial(
        _line, products=products, prefers_substitutes=prefers_substitutes, new_id=new_id, at=at
    )
    outcomes = tuple(_take(lines, one, make) for one in wanted)
    return msgspec.structs.replace(found, items=lines.in_order()), outcomes


def thousandths(quantity: Decimal) -> int:
    """A quantity as a whole number of thousandths.

    Raises:
        Unfit: it is not above zero, too large, or finer than thousandths.
    """
    if not quantity.is_finite() or quantity <= 0:
        raise Unfit(Reason.BAD_QUANTITY, "The quantity must be more than 0")
    limit = MAX_QUANTITY_THOUSANDTHS // THOUSAND
    if quantity > limit:
        raise Unfit(Reason.TOO_MUCH, f"The quantity must be at most {limit:,}")
    if quantity.quantize(_FINEST) != quantity:
        raise Unfit(Reason.BAD_QUANTITY, "The quantity must have at most three decimals")
    return int(quantity * THOUSAND)


def clean_unit(unit: str | None) -> str | None:
    """A unit as lines keep it: one line in lower case, None for packages.

    Raises:
        Unfit: it is too long.
    """
    return _fitting("unit", (unit or "").casefold(), MAX_UNIT_CHARS)


def clean_notes(notes: str | None) -> str | None:
    """Notes on one line, None where there are none.

    Raises:
        Unfit: they are too long.
    """
    return _fitting("notes", notes or "", MAX_NOTES_CHARS)


class _Lines:
    """The lines of a list while it is filled, with the pending ones by what they ask for."""

    def __init__(self, items: tuple[ListItem, ...]) -> None:
        self._by_id = {item.item_id: item for item in items}
        self._pending: dict[tuple[str, str, str | None], str] = {}
        for item in items:
            if item.status is ItemStatus.PENDING:
                self._pending.setdefault(_merge_key(item), item.item_id)
        self._next_position = max((item.position for item in items), default=-1) + 1

    def put(self, item: ListItem) -> Outcome:
        """Joins `item` to the line that asks for the same, or adds it at the end."""
        same = self._pending.get(_merge_key(item))
        if same is not None:
            merged = _join(self._by_id[same], item)
            self._by_id[same] = merged
            return Outcome(status=Added.MERGED, item=merged)
        if len(self._by_id) >= MAX_ITEMS:
            raise Unfit(Reason.LIST_FULL, f"The list is full: it holds {MAX_ITEMS} lines")
        item = msgspec.structs.replace(item, position=self._next_position)
        self._next_position += 1
        self._by_id[item.item_id] = item
        self._pending[_merge_key(item)] = item.item_id
        return Outcome(status=Added.ADDED, item=item)

    def in_order(self) -> tuple[ListItem, ...]:
        return tuple(self._by_id.values())


def _take(lines: _Lines, wanted: WantedItem, make: Callable[[WantedItem], ListItem]) -> Outcome:
    try:
        return lines.put(make(wanted))
    except Unfit as unfit:
        return Outcome(status=Added.REFUSED, reason=unfit.reason, problem=unfit.problem)


def _line(
    wanted: WantedItem,
    *,
    products: Mapping[str, Product],
    prefers_substitutes: bool,
    new_id: Callable[[], str],
    at: datetime,
) -> ListItem:
    unknown = next((one for one in wanted.substitutes if one not in products), None)
    if unknown is not None:
        raise Unfit(Reason.UNKNOWN_PRODUCT, f"There is no product {unknown[:80]!r} to take instead")
    if len(wanted.substitutes) > MAX_SUBSTITUTES:
        raise Unfit(Reason.TOO_LONG, f"Name at most {MAX_SUBSTITUTES} products to take instead")
    return ListItem(
        item_id=new_id(),
        product_id=wanted.product_id,
        text=_words(wanted, products),
        quantity_thousandths=thousandths(wanted.quantity),
        unit=clean_unit(wanted.unit),
        notes=clean_notes(wanted.notes),
        substitution_allowed=wanted.allows_substitutes(preferred=prefers_substitutes),
        substitutes=wanted.substitutes,
        position=0,
        added_at=at,
    )


def _words(wanted: WantedItem, products: Mapping[str, Product]) -> str:
    """What the line says: the person's words, or the product's name."""
    text = _fitting("text", wanted.text or "", MAX_TEXT_CHARS)
    if wanted.product_id is not None:
        product = products.get(wanted.product_id)
        if product is None:
            raise Unfit(Reason.UNKNOWN_PRODUCT, f"There is no product {wanted.product_id[:80]!r}")
        return text or clean_text(product.name)[:MAX_TEXT_CHARS] or product.product_id
    if text is None:
        raise Unfit(Reason.NOTHING_NAMED, "Name a product or write some words")
    return text


def _fitting(what: str, text: str, max_chars: int) -> str | None:
    clean = clean_text(text)
    if len(clean) > max_chars:
        raise Unfit(Reason.TOO_LONG, f"The {what} must have at most {max_chars} characters")
    return clean or None


def _merge_key(item: ListItem) -> tuple[str, str, str | None]:
    if item.product_id is not None:
        return ("product", item.product_id, item.unit)
    return ("text", item.text.casefold(), item.unit)


def _join(line: ListItem, more: ListItem) -> ListItem:
    """One line for both: quantities are added, differing notes stand side by side."""
    quantity = line.quantity_thousandths + more.quantity_thousandths
    if quantity > MAX_QUANTITY_THOUSANDTHS:
        limit = MAX_QUANTITY_THOUSANDTHS // THOUSAND
        raise Unfit(Reason.TOO_MUCH, f"Together they would be more than {limit:,}")
    notes = line.notes
    if more.notes is not None and more.notes != line.notes:
        notes = _fitting(
            "notes", "; ".join(filter(None, (line.notes, more.notes))), MAX_NOTES_CHARS
        )
    return msgspec.structs.replace(line, quantity_thousandths=quantity, notes=notes)
