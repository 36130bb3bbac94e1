"""Carries out a plan that somebody said yes to: each step exactly once.

A step's change and the mark that it is done are one transaction. A plan that was interrupted goes
on where it stood, and one that is done only tells so again.
"""

import hmac
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from manciple.grocery.actions.budget import Budget
from manciple.grocery.actions.checkout import CheckedOut, Checkout, CheckoutStatus, Confirmation
from manciple.grocery.actions.fill_list import Filled, FillList, TouchedList
from manciple.grocery.actions.keep_lists import KeepLists
from manciple.grocery.actions.lists import SeenList
from manciple.grocery.actions.prefer import Prefer
from manciple.grocery.actions.see_session import SeenSession
from manciple.grocery.actions.shop import Shop
from manciple.grocery.actions.watch_prices import end_watch, keep_watch
from manciple.grocery.domain.alerts import Rules
from manciple.grocery.domain.list_edits import ItemEdit
from manciple.grocery.domain.list_filling import Added, WantedItem
from manciple.grocery.domain.lists import ItemStatus
from manciple.grocery.domain.money import cents
from manciple.grocery.domain.plans import Plan, Step, money, resolved
from manciple.grocery.domain.preferences import PreferenceEdit
from manciple.grocery.domain.sessions import SessionType, SessionVerb
from manciple.grocery.stores.plans import KeptPlan
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import Conflict, NotFound, Refused

T = TypeVar("T")


class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """A plan that is done. `told` says what became of each step that is done now.

    `was_done` is true where it was carried out before and nothing happened now. `hand_over` is a
    quote that waits for its own yes.
    """

    plan: Plan
    made: tuple[str, ...]
    told: tuple[str, ...]
    was_done: bool = False
    hand_over: Step | None = None
    links: tuple[str, ...] = ()


class ConfirmPlan:
    """Confirms plans; `owner` is always the signed-in person."""

    def __init__(self, stores: Stores, clock: Clock) -> None:
        self._stores = stores
        self._clock = clock

    async def by_token(self, owner: str, token: str) -> Carried:
        """The plan of a token, carried out.

        Raises:
            NotFound: the owner has no plan of that token.
            Refused: it is too old, or was dropped for another.
            Conflict: what it is about changed since.
        """
        return await self._carry(
            await self._stores.read(lambda tx: tx.plans.by_token(token, owner=owner))
        )

    async def by_id(self, owner: str, plan_id: str) -> Carried:
        """The plan that waits in a conversation, carried out.

        Raises:
            NotFound: the owner has no such plan.
            Refused: it is too old, or was dropped for another.
            Conflict: what it is about changed since.
        """
        return await self._carry(
            await self._stores.read(lambda tx: tx.plans.by_id(plan_id, owner=owner))
        )

    async def _carry(self, kept: KeptPlan) -> Carried:
        plan = kept.plan
        if not hmac.compare_digest(plan.hash(), kept.plan_hash):
            raise Conflict("The plan", found="not the one that was shown")
        if kept.state == "done":
            return Carried(plan=plan, made=kept.made, told=(), was_done=True)
        if kept.state == "dropped":
            raise Refused("That plan was dropped; ask again")
        if kept.expires_at <= self._clock.now():
            raise Refused("That plan is too old; ask again")
        made, told = list(kept.made), list[str]()
        last: Any = None
        for number in range(kept.steps_done, len(plan.steps)):
            last = await self._step(plan, number, made)
            told.append(_told(last))
        return Carried(
            plan=plan,
            made=tuple(made),
            told=tuple(one for one in told if one),
            hand_over=_hand_over(last),
            links=last.handed_over.links
            if isinstance(last, CheckedOut) and last.handed_over
            else (),
        )

    async def _step(self, plan: Plan, number: int, made: list[str]) -> Any:
        """What one step gave; it is marked in the transaction of its change."""
        step = plan.steps[number]
        marking = _Marking(self._stores, plan, number, made)
        wanted = resolved(step.input, made)
        given = await CARRIERS[step.procedure](marking, self._clock, plan.user_id, wanted)
        await marking.settle(given)
        made.append(_made(given))
        return given


class _Marking(Stores):
    """Stores whose first write also marks a step of a plan as done."""

    def __init__(self, stores: Stores, plan: Plan, number: int, made: list[str]) -> None:
        self._inner = stores
        self._plan = plan
        self._number = number
        self._made = made
        self._is_marked = False

    async def read(self, work: Callable[[Transaction], T]) -> T:
        return await self._inner.read(work)

    async def write(self, work: Callable[[Transaction], T], *, durable: bool = False) -> T:
        def both(tx: Transaction) -> T:
            given = work(tx)
            if not self._is_marked:
                self._mark(tx, given)
            return given

        given = await self._inner.write(both, durable=durable)
        self._is_marked = True
        return given

    async def settle(self, given: object) -> None:
        """Marks the step if nothing had to be written for it."""
        if not self._is_marked:
            await self._inner.write(lambda tx: self._mark(tx, given))

    def _mark(self, tx: Transaction, given: object) -> None:
        tx.plans.advance(self._plan, self._number, [*self._made, _made(given)])


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


def _made(given: object) -> str:
    """The id that later steps may refer to."""
    if isinstance(given, SeenList):
        return given.list.list_id
    if isinstance(given, Filled | TouchedList):
        return given.seen.list.list_id
    if isinstance(given, SeenSession):
        return given.session.session_id
    return given.session.session_id if isinstance(given, CheckedOut) else ""


def _told(given: object) -> str:
    """What became of a step, where that is more than that it was done."""
    if isinstance(given, str):
        return given
    if isinstance(given, Filled):
        refused = [one.problem for one in given.outcomes if one.status is Added.REFUSED]
        return " ".join(f"Not added: {problem}." for problem in refused)
    if isinstance(given, TouchedList) and given.missing:
        return f"{len(given.missing)} of them were gone already."
    return _checkout_told(given) if isinstance(given, CheckedOut) else ""


def _checkout_told(given: CheckedOut) -> str:
    terms = given.quote.terms
    total = money(terms.till.total_cents)
    left_out = f" {len(terms.left_out)} lines cannot be handed over." if terms.left_out else ""
    missing = terms.items_without_price
    unknown = f" {missing} prices are not known." if missing else ""
    if given.status is CheckoutStatus.HANDED_OVER:
        return (
            f"Handed over: open the links to fill the shop's cart; nothing is ordered until you "
            f"order there. Quoted total {total}."
        )
    return (
        f"Quote: {len(terms.lines)} products, {total} by the prices known here.{unknown}{left_out}"
        " Shall I hand it over to the shop's cart? You order and pay there."
    )


def _hand_over(given: object) -> Step | None:
    if not isinstance(given, CheckedOut) or given.status is CheckoutStatus.HANDED_OVER:
        return None
    quote = given.quote
    confirmation = {"quoteId": quote.quote_id, "termsHash": quote.terms.hash()}
    wanted = {"sessionId": given.session.session_id, "confirmation": confirmation}
    return Step(procedure="walmartGrocery.processCheckout", input=wanted)
