"""What clients send about grocery lists."""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta

from manciple.api.ids import Cursor, ItemId, ListId, OwnId, ProductId
from manciple.api.numbered import Revision
from manciple.grocery.domain.lists import MAX_ITEMS, ItemStatus
from manciple.platform.rpc.procedure import Wire

ItemIds = Annotated[
    list[str],
    Meta(max_length=MAX_ITEMS, description="The `id` of each line, as `getList` gives it."),
]
Version = Annotated[
    Revision | None,
    Meta(description="The version you last saw; a list at another one answers CONFLICT."),
]


class CreateListInput(Wire, frozen=True, kw_only=True):
    """What the new list is called."""

    name: str
    description: str | None = None
    user_id: OwnId | None = None


class ListItemInput(Wire, frozen=True, kw_only=True):
    """A product by its id, or words in `text`."""

    product_id: ProductId | None = None
    text: Annotated[
        str | None, Meta(description="Your own words; null stands for the product's name.")
    ] = None
    quantity: Annotated[
        Decimal, Meta(description="In `unit`: above 0, with at most three decimals.")
    ] = Decimal(1)
    unit: Annotated[
        str | None,
        Meta(description="What `quantity` counts, such as `lb`; null stands for packages."),
    ] = None
    notes: str | None = None
    substitution_allowed: Annotated[
        bool | None,
        Meta(
            description="Whether another product may be taken where this one is gone; null allows "
            "those in `substitutes`, or where there are none what your preferences say."
        ),
    ] = None
    substitutes: Annotated[
        tuple[str, ...],
        Meta(description="The `productId` of each to take then, best first; empty leaves it open."),
    ] = ()


class AddToListInput(Wire, frozen=True, kw_only=True):
    """What to add; everything in one call is added in one transaction."""

    list_id: ListId
    items: Annotated[list[ListItemInput], Meta(max_length=MAX_ITEMS)]
    version: Version = None


class ListInput(Wire, frozen=True, kw_only=True):
    """Which list."""

    list_id: ListId


class VersionedListInput(ListInput, frozen=True, kw_only=True):
    """Which list, as the caller last saw it."""

    version: Version = None


class ListsInput(Wire, frozen=True, kw_only=True):
    """Which lists: the active ones, the archived ones, or both."""

    status: Literal["active", "archived", "all"] = "active"
    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Cursor | None = None
    user_id: OwnId | None = None


class UpdateListInput(VersionedListInput, frozen=True, kw_only=True):
    """A new name or description; what is left out stays, and "" removes a description."""

    name: str | None = None
    description: str | None = None


class DuplicateListInput(ListInput, frozen=True, kw_only=True):
    """Which list to copy, and what to call the copy."""

    name: str | None = None


class ShareListInput(ListInput, frozen=True, kw_only=True):
    """Which list, and the household that shall share it."""

    household_id: str


class UpdateItemInput(VersionedListInput, frozen=True, kw_only=True):
    """What to change of a line; what is left out stays, and "" empties `unit` or `notes`."""

    item_id: ItemId
    quantity: Decimal | None = None
    unit: str | None = None
    notes: str | None = None
    text: str | None = None
    status: ItemStatus | None = None
    substitution_allowed: bool | None = None
    substitutes: tuple[str, ...] | None = None


class ItemsInput(VersionedListInput, frozen=True, kw_only=True):
    """Which lines of which list."""

    item_ids: ItemIds
