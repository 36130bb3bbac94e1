"""Grocery lists on the wire, as clients are shown them."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

import msgspec

from manciple.api.amounts import Quantity
from manciple.api.shapes_products import PriceShape, price_shape
from manciple.grocery.actions.fill_list import Filled
from manciple.grocery.actions.lists import SeenList
from manciple.grocery.domain.list_filling import Added, Outcome, Reason
from manciple.grocery.domain.list_totals import LinePrice, Unpriced
from manciple.grocery.domain.lists import ItemStatus, ListItem, ListStatus
from manciple.grocery.domain.money import dollars
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.sharing import Access
from manciple.platform.rpc.procedure import Wire


class ListLine(Wire, frozen=True, kw_only=True):
    """One line of a list: a product, or only words (`productId` is null).

    `price` is of one package and `estimatedPrice` of the whole line; where that is null,
    `priceMissing` says why. `quantity` counts `unit`s, and packages where that is null.
    """

    id: str
    product_id: str | None
    name: str
    quantity: Quantity
    unit: str | None
    notes: str | None
    status: ItemStatus
    substitution_allowed: bool
    substitutes: tuple[str, ...]
    packages: Quantity | None
    price: Decimal | None
    stated: PriceShape | None
    estimated_price: Decimal | None
    price_missing: Unpriced | None
    in_stock: bool | None
    image_url: str | None
    added_at: datetime
    checked_at: datetime | None


class ListSummary(Wire, frozen=True, kw_only=True):
    """A list without its lines. Totals are by the prices known now, without tax.

    `userId` made it, and `householdId` shares it, if any does; `access` is what you may do with
    it. `estimatedTotal` counts every line but the unavailable ones, `remainingTotal` those not
    checked off yet; `itemsWithoutPrice` are in neither, since nobody knows their price.
    """

    id: str
    user_id: str
    household_id: str | None
    access: Literal["read", "write", "own"]
    name: str
    description: str | None
    status: ListStatus
    version: int
    item_count: int
    checked_count: int
    estimated_total: Decimal
    remaining_total: Decimal
    items_without_price: int
    currency: str
    created_at: datetime
    updated_at: datetime


class GroceryListShape(ListSummary, frozen=True, kw_only=True):
    """A list with its lines, in order."""

    items: tuple[ListLine, ...]


class ListAnswer(Wire, frozen=True, kw_only=True):
    """A list as it is after the call."""

    success: bool
    list: GroceryListShape


class ListsAnswer(Wire, frozen=True, kw_only=True):
    """Some lists, newest first; `nextCursor` asks for more, and is null at the end."""

    success: bool
    lists: tuple[ListSummary, ...]
    count: int
    next_cursor: str | None


class AddOutcome(Wire, frozen=True, kw_only=True):
    """What became of one item; `reason` (for programs) and `problem` (for people) where refused.

    `quantity` is what the line holds now, with what it joined.
    """

    status: Added
    product_id: str | None
    item_id: str | None
    name: str | None
    quantity: Quantity | None
    reason: Reason | None
    problem: str | None


class AddAnswer(Wire, frozen=True, kw_only=True):
    """An outcome for each item in the order they were sent; `success` if none was refused."""

    success: bool
    results: tuple[AddOutcome, ...]
    added: int
    merged: int
    refused: int
    list: GroceryListShape


class TouchAnswer(Wire, frozen=True, kw_only=True):
    """The list after an edit of many lines; `missing` are the ids that no line has."""

    success: bool
    done: tuple[str, ...]
    missing: tuple[str, ...]
    list: GroceryListShape


class UndoAnswer(Wire, frozen=True, kw_only=True):
    """The list after an undo; `undone` names the change that was taken back."""

    success: bool
    undone: str
    list: GroceryListShape


class UnsharedAnswer(Wire, frozen=True, kw_only=True):
    """A list that is shared with nobody; who did not make it, sees it no more."""

    success: bool


_ACCESS: Mapping[Access, Literal["read", "write", "own"]] = MappingProxyType(
    {Access.READ: "read", Access.WRITE: "write", Access.OWN: "own"}
)


def list_answer(seen: SeenList) -> ListAnswer:
    """A list that a call ended with."""
    return ListAnswer(success=True, list=list_shape(seen))


def add_answer(filled: Filled) -> AddAnswer:
    """What became of a bulk add."""
    count = {status: sum(one.status is status for one in filled.outcomes) for status in Added}
    return AddAnswer(
        success=count[Added.REFUSED] == 0,
        results=tuple(outcome_shape(one) for one in filled.outcomes),
        added=count[Added.ADDED],
        merged=count[Added.MERGED],
        refused=count[Added.REFUSED],
        list=list_shape(filled.seen),
    )


def list_shape(seen: SeenList) -> GroceryListShape:
    """A list with its lines."""
    lines = {line.item_id: line for line in seen.estimate.lines}
    items = tuple(_line(item, lines.get(item.item_id), seen.products) for item in seen.list.items)
    return GroceryListShape(**msgspec.structs.asdict(list_summary(seen)), items=items)


def list_summary(seen: SeenList) -> ListSummary:
    """A list without its lines."""
    found = seen.list
    return ListSummary(
        id=found.list_id,
        user_id=found.user_id,
        household_id=found.household_id,
        access=_ACCESS[found.access],
        name=found.name,
        description=found.description,
        status=found.status,
        version=found.version,
        item_count=len(found.items),
        checked_count=sum(item.status is ItemStatus.CHECKED for item in found.items),
        estimated_total=dollars(seen.estimate.total_cents),
        remaining_total=dollars(seen.estimate.pending_cents),
        items_without_price=seen.estimate.items_without_price,
        currency=seen.estimate.currency,
        created_at=found.created_at,
        updated_at=found.updated_at,
    )


def _line(item: ListItem, priced: LinePrice | None, products: Mapping[str, Product]) -> ListLine:
    product = products.get(item.product_id) if item.product_id is not None else None
    price = product.price if product is not None else None
    return ListLine(
        id=item.item_id,
        product_id=item.product_id,
        name=item.text,
        quantity=quantity_of(item.quantity_thousandths),
        unit=item.unit,
        notes=item.notes,
        status=item.status,
        substitution_allowed=item.substitution_allowed,
        substitutes=item.substitutes,
        packages=_optional_quantity(priced.packages_thousandths if priced else None),
        price=dollars(price.cents) if price else None,
        stated=price_shape(price) if price else None,
        estimated_price=dollars(priced.cents) if priced and priced.cents is not None else None,
        price_missing=priced.unpriced if priced else None,
        in_stock=product.in_stock if product else None,
        image_url=product.image_url if product else None,
        added_at=item.added_at,
        checked_at=item.checked_at,
    )


def outcome_shape(outcome: Outcome) -> AddOutcome:
    """What became of one item."""
    item = outcome.item
    return AddOutcome(
        status=outcome.status,
        product_id=item.product_id if item else None,
        item_id=item.item_id if item else None,
        name=item.text if item else None,
        quantity=quantity_of(item.quantity_thousandths) if item else None,
        reason=outcome.reason,
        problem=outcome.problem,
    )


def quantity_of(thousandths: int) -> Decimal:
    """Thousandths as a number without needless zeros: 1500 is 1.5, 1000 is 1."""
    whole, rest = divmod(thousandths, 1000)
    return Decimal(thousandths).scaleb(-3).normalize() if rest else Decimal(whole)


def _optional_quantity(thousandths: int | None) -> Decimal | None:
    return None if thousandths is None else quantity_of(thousandths)
