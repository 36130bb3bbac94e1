"""Grocery lists: what is on them, and what may become of a list as a whole.

Values only. Every verb takes a list and returns the list as it should be; `list_changes.py`
tells what that changed, counts the version up and can undo it.
"""

import re
from datetime import datetime
from enum import StrEnum

import msgspec

from manciple.grocery.domain.sharing import Access
from manciple.kit.errors import InvalidInput, Problem, Refused

# A large household's month stays under 200 lines; 500 keeps a list one read and one write.
MAX_ITEMS = 500
# Deleted ones are not counted. A list a week, kept for nearly four years.
MAX_LISTS = 200
MAX_NAME_CHARS = 100
MAX_DESCRIPTION_CHARS = 1_000
MAX_TEXT_CHARS = 200
MAX_NOTES_CHARS = 500
# "fluid ounces" is 12.
MAX_UNIT_CHARS = 20
# A person thinks of two or three; the ranking of all that would do is another matter.
MAX_SUBSTITUTES = 10
# 9,999 of anything: a company's kitchen; more is a slip of the finger.
MAX_QUANTITY_THOUSANDTHS = 9_999_000
THOUSAND = 1_000

# What a person cannot see and a terminal may obey; line breaks and tabs become blanks.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_SPACE = re.compile(r"\s+")


class ListStatus(StrEnum):
    """Where a list is in its life; only an active one can be edited."""

    ACTIVE = "active"
    ARCHIVED = "archived"
    DELETED = "deleted"


class ItemStatus(StrEnum):
    """What became of one line."""

    PENDING = "pending"
    CHECKED = "checked"
    UNAVAILABLE = "unavailable"


class ListItem(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a list: a product of the shelf, or only words (`product_id` is None).

    `quantity_thousandths` counts thousandths of `unit`; where `unit` is None, of packages.
    `position` grows along the list and may have gaps. Where `substitution_allowed`,
    `substitutes` names the products to take instead, best first; empty leaves the choice open.
    """

    item_id: str
    product_id: str | None = None
    text: str
    quantity_thousandths: int
    unit: str | None = None
    notes: str | None = None
    status: ItemStatus = ItemStatus.PENDING
    substitution_allowed: bool = True
    substitutes: tuple[str, ...] = ()
    position: int
    added_at: datetime
    checked_at: datetime | None = None

    def marked(self, status: ItemStatus, at: datetime) -> "ListItem":
        """The line in this status; `checked_at` is when it was first checked off."""
        if status is self.status:
            return self
        checked_at = at if status is ItemStatus.CHECKED else None
        return msgspec.structs.replace(self, status=status, checked_at=checked_at)


class GroceryList(msgspec.Struct, frozen=True, kw_only=True):
    """A list of one person, its items in order. `version` counts its changes from 1.

    `user_id` made it; `household_id` shares it, if any does; `access` is what whoever asked for
    it may do with it.
    """

    list_id: str
    user_id: str
    household_id: str | None = None
    name: str
    description: str | None = None
    status: ListStatus = ListStatus.ACTIVE
    items: tuple[ListItem, ...] = ()
    version: int = 0
    access: Access = Access.OWN
    created_at: datetime
    updated_at: datetime

    def require_active(self) -> None:
        """Returns if the list can be edited.

        Raises:
            Refused: it is archived or deleted.
        """
        if self.status is not ListStatus.ACTIVE:
            raise Refused(f"The list is {self.status}; restore it before changing it")


def start(
    list_id: str, name: str, *, user_id: str, description: str | None, at: datetime
) -> GroceryList:
    """A new, empty list.

    Raises:
        InvalidInput: the name is empty, or a text is too long.
    """
    return GroceryList(
        list_id=list_id,
        user_id=user_id,
        name=checked_name(name),
        description=checked_text("description", description, MAX_DESCRIPTION_CHARS),
        created_at=at,
        updated_at=at,
    )


def describe(
    found: GroceryList, *, name: str | None = None, description: str | None = None
) -> GroceryList:
    """The list under another name or description; None leaves one, "" removes a description.

    Raises:
        InvalidInput: the name is empty, or a text is too long.
        Refused: the list is not active.
    """
    found.require_active()
    if name is not None:
        found = msgspec.structs.replace(found, name=checked_name(name))
    if description is not None:
        text = checked_text("description", description, MAX_DESCRIPTION_CHARS)
        found = msgspec.structs.replace(found, description=text)
    return found


def archive(found: GroceryList) -> GroceryList:
    """The list put away: kept, shown only when asked for, not to be edited.

    Raises:
        Refused: the list is deleted.
    """
    if found.status is ListStatus.DELETED:
        raise Refused("The list is deleted; restore it before archiving it")
    return msgspec.structs.replace(found, status=ListStatus.ARCHIVED)


def restore(found: GroceryList) -> GroceryList:
    """The list in use again, be it archived or deleted."""
    return msgspec.structs.replace(found, status=ListStatus.ACTIVE)


def delete(found: GroceryList) -> GroceryList:
    """The list out of sight; it can be restored."""
    return msgspec.structs.replace(found, status=ListStatus.DELETED)


def checked_name(name: str) -> str:
    """A list's name without needless blanks.

    Raises:
        InvalidInput: nothing is left, or it is too long.
    """
    clean = checked_text("name", name, MAX_NAME_CHARS)
    if clean is None:
        raise InvalidInput.at("name", "must not be empty")
    return clean


def checked_text(where: str, text: str | None, max_chars: int) -> str | None:
    """A text cleaned, None where nothing is left.

    Raises:
        InvalidInput: it is longer than `max_chars`.
    """
    clean = clean_text(text or "")
    if len(clean) > max_chars:
        raise InvalidInput(Problem((where,), f"must have at most {max_chars} characters"))
    return clean or None


def clean_text(text: str) -> str:
    """One line without control characters, and with single blanks."""
    return _SPACE.sub(" ", _CONTROL.sub("", text)).strip()
