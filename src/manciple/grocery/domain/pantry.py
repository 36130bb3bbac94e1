"""The pantry: what is at home, kept as a ledger. Stock is the sum of all movements.

Nothing is ever overwritten: an undo is a movement of its own that takes another back.
"""

from datetime import datetime
from enum import StrEnum
from math import ceil

import msgspec

from manciple.grocery.domain.lists import THOUSAND
from manciple.kit.errors import Refused

MAX_PANTRY_ITEMS = 2_000


class MovementKind(StrEnum):
    """Why stock changed. `COUNTED`: somebody looked, and this is the difference."""

    BOUGHT = "bought"
    USED = "used"
    WASTED = "wasted"
    COUNTED = "counted"
    UNDONE = "undone"


class PantryItem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is kept at home, in one unit (None: packages).

    Below `minimum_thousandths` it should be bought again; None: nobody said how much is enough.
    """

    item_id: str
    product_id: str | None
    name: str
    unit: str | None
    minimum_thousandths: int | None
    created_at: datetime


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """One change of stock; `undoes` is the movement that it takes back."""

    movement_id: int
    change_thousandths: int
    kind: MovementKind
    note: str | None
    undoes: int | None
    at: datetime


def change_for(kind: MovementKind, amount_thousandths: int, *, stock_thousandths: int) -> int:
    """By how much stock changes; 0 where a count finds what the ledger says.

    `amount_thousandths` is above zero, and of a count zero or more.

    Raises:
        Refused: more would be taken out than is there.
    """
    if kind is MovementKind.BOUGHT:
        return amount_thousandths
    if kind is MovementKind.COUNTED:
        return amount_thousandths - stock_thousandths
    if amount_thousandths > stock_thousandths:
        there = f"{stock_thousandths / THOUSAND:g}"
        raise Refused(f"Only {there} of it is there; count it if that is wrong")
    return -amount_thousandths


def change_to_undo(movement: Movement, *, stock_thousandths: int) -> int:
    """By how much stock changes when this movement is taken back.

    Raises:
        Refused: it is an undo itself, or what it brought is used up already.
    """
    if movement.kind is MovementKind.UNDONE:
        raise Refused("An undo cannot be undone")
    if stock_thousandths < movement.change_thousandths:
        raise Refused("What that movement brought is used up already")
    return -movement.change_thousandths


def shortage(item: PantryItem, *, stock_thousandths: int, coming_thousandths: int) -> int:
    """How much to buy so that the minimum is met with what is already on the list.

    Packages are bought whole.
    """
    missing = (item.minimum_thousandths or 0) - stock_thousandths - coming_thousandths
    if missing <= 0:
        return 0
    return missing if item.unit is not None else ceil(missing / THOUSAND) * THOUSAND


def thing_key(product_id: str | None, name: str) -> str:
    """What makes two things one: the product, or the same words in whatever case."""
    return f"product:{product_id}" if product_id is not None else f"text:{name.casefold()}"
