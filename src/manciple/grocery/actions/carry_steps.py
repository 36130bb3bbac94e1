"""What the steps of a plan do: one action for each procedure that a plan may name."""

from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import Any

from manciple.grocery.actions.budget import Budget
from manciple.grocery.actions.checkout import CheckedOut, Checkout, Confirmation
from manciple.grocery.actions.fill_list import Filled, FillList, TouchedList
from manciple.grocery.actions.keep_lists import KeepLists
from manciple.grocery.actions.lists import SeenList
from manciple.grocery.actions.prefer import Prefer
from manciple.grocery.actions.see_session import SeenSession
from manciple.grocery.actions.shop import Shop
from manciple.grocery.actions.watch_prices import end_watch, keep_watch
from manciple.grocery.domain.alerts import Rules
from manciple.grocery.domain.list_edits import ItemEdit
from manciple.grocery.domain.list_filling import WantedItem
from manciple.grocery.domain.lists import ItemStatus
from manciple.grocery.domain.money import cents
from manciple.grocery.domain.plans import money
from manciple.grocery.domain.preferences import PreferenceEdit
from manciple.grocery.domain.sessions import SessionType, SessionVerb
from manciple.grocery.stores.stores import Stores
from manciple.kit.clock import Clock
from manciple.kit.errors import NotFound

Carrier = Callable[[Stores, Clock, str, Mapping[str, Any]], Awaitable[Any]]


async def _create_list(
    stores: Stores, clock: Clock, owner: str, wanted: Mapping[str, Any]
) -> SeenList:
    return await KeepLists(stores, clock).create(owner, name=wanted["name"])


async def _delete_list(
    stores: Stores, clock: Clock, owner: str, wanted: Mapping[str, Any]
) -> SeenList:
    return await KeepLists(stores, clock).delete(owner, wanted["listId"], version=None)


async def _add_to_list(
    stores: Stores, clock: Clock, owner: str, wanted: Mapping[str, Any]
) -> Filled:
    items = [
        WantedItem(
            product_id=item.get("productId"),
            text=item.get("text"),
            quantity=Decimal(str(item.get("quantity", 1))),
            unit=item.get("unit"),
            notes=item.get("notes"),
        )
        for item in wanted["items"]
    ]
    return await FillList(stores, clock).add(owner, wanted["listId"], wanted=items)


async def _remove_items(
    stores: Stores, clock: Clock, owner: str, wanted: Mapping[str, Any]
) -> TouchedList:
    return await FillList(stores, clock).remove(owner, wanted["listId"], item_ids=wanted["itemIds"])


async def _check_items(
    stores: Stores, clock: Clock, owner: str, wanted: Mapping[str, Any]
) -> TouchedList:
    return await FillList(stores, clock).mark(
        owner, wanted["listId"], item_ids=wanted["itemIds"], status=ItemStatus.CHECKED
    )


async def _update_item(
    stores: Stores, clock: Clock, owner: str, wanted: Mapping[str, Any]
) -> SeenList:
    quantity = wanted.get("quantity")
    edit = ItemEdit(
        quantity=None if quantity is None else Decimal(str(quantity)), unit=wanted.get("unit")
    )
    return await FillList(stores, clock).edit(
        owner, wanted["listId"], item_id=wanted["itemId"], edit=edit
    )


async def _start_session(
    stores: Stores, clock: Clock, owner: str, wanted: Mapping[str, Any]
) -> SeenSession:
    return await Shop(stores, clock).start(
        owner, list_id=wanted.get("listId"), type=SessionType(wanted["type"])
    )


async def _change_session(
    stores: Stores, clock: Clock, owner: str, wanted: Mapping[str, Any]
) -> SeenSession:
    verb = SessionVerb(wanted["action"])
    return await Shop(stores, clock).step(owner, wanted["sessionId"], verb)


async def _check_out(
    stores: Stores, clock: Clock, owner: str, wanted: Mapping[str, Any]
) -> CheckedOut:
    said = wanted.get("confirmation")
    confirmation = said and Confirmation(quote_id=said["quoteId"], terms_hash=said["termsHash"])
    return await Checkout(stores, clock).process(
        owner, wanted["sessionId"], confirmation=confirmation or None
    )


async def _prefer(stores: Stores, clock: Clock, owner: str, wanted: Mapping[str, Any]) -> str:
    del clock
    edit = PreferenceEdit(
        preferred_brands=_names(wanted, "preferredBrands"),
        avoided_brands=_names(wanted, "avoidedBrands"),
        dietary=_names(wanted, "dietary"),
        allergens=_names(wanted, "allergens"),
        substitution_allowed=wanted.get("substitutionAllowed"),
    )
    await Prefer(stores).change(owner, edit)
    return "I will keep that in mind."


def _names(wanted: Mapping[str, Any], field: str) -> tuple[str, ...] | None:
    return tuple(wanted[field]) if field in wanted else None


async def _set_budget(stores: Stores, clock: Clock, owner: str, wanted: Mapping[str, Any]) -> str:
    limit = cents(wanted["limit"])
    await Budget(stores, clock).set_envelope(owner, category=None, month=None, limit_cents=limit)
    return f"Your budget is {money(limit)} a month from now on."


async def _watch(stores: Stores, clock: Clock, owner: str, wanted: Mapping[str, Any]) -> str:
    del clock
    below = wanted.get("below")
    rules = Rules(
        below_cents=None if below is None else cents(below),
        drop_percent=wanted.get("dropPercent"),
        back_in_stock=bool(wanted.get("backInStock", False)),
    )
    await keep_watch(stores, owner, wanted["productId"], rules=rules)
    return "I watch it."


async def _unwatch(stores: Stores, clock: Clock, owner: str, wanted: Mapping[str, Any]) -> str:
    del clock
    try:
        await end_watch(stores, owner, wanted["productId"])
    except NotFound:
        return "It was not watched."
    return "It is watched no longer."


async def _undo(stores: Stores, clock: Clock, owner: str, wanted: Mapping[str, Any]) -> SeenList:
    return (await KeepLists(stores, clock).undo(owner, wanted["listId"], version=None)).seen


# Every procedure that a plan may name; nothing else can be carried out.
CARRIERS: dict[str, Carrier] = {
    "walmartGrocery.createList": _create_list,
    "walmartGrocery.deleteList": _delete_list,
    "walmartGrocery.addToList": _add_to_list,
    "walmartGrocery.removeItems": _remove_items,
    "walmartGrocery.checkItems": _check_items,
    "walmartGrocery.updateItem": _update_item,
    "walmartGrocery.startShoppingSession": _start_session,
    "walmartGrocery.changeShoppingSession": _change_session,
    "walmartGrocery.processCheckout": _check_out,
    "walmartGrocery.undoListChange": _undo,
    "walmartPrice.watch": _watch,
    "walmartPrice.unwatch": _unwatch,
    "preferences.update": _prefer,
    "budgets.setEnvelope": _set_budget,
}
