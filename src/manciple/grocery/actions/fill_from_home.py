"""Filling a list from what is short at home and from the staples that are due; keeping staples."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

import msgspec

from manciple.grocery.actions.fill_list import ITEM_PREFIX
from manciple.grocery.actions.lists import SeenList, change
from manciple.grocery.actions.stock_pantry import Thing, named
from manciple.grocery.domain.list_filling import Outcome, Unfit, WantedItem, fill, thousandths
from manciple.grocery.domain.lists import THOUSAND, GroceryList, ItemStatus
from manciple.grocery.domain.pantry import PantryItem, shortage, thing_key
from manciple.grocery.domain.sharing import Access
from manciple.grocery.domain.staples import MAX_STAPLES, Staple, checked_interval, due_after
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import InvalidInput, Refused
from manciple.kit.ids import new_id

STAPLE_PREFIX = "staple"
# Somebody who shops weekly wants what falls due before the next time.
DEFAULT_AHEAD_DAYS = 3
MAX_AHEAD_DAYS = 60

Coming = Mapping[tuple[str, str | None], int]


class FilledFromHome(msgspec.Struct, frozen=True, kw_only=True):
    """What was put on the list, of it how many for the pantry's sake, and the list."""

    outcomes: tuple[Outcome, ...]
    from_pantry: int
    from_staples: int
    seen: SeenList


class FillFromHome:
    """What a person does with their staples; `owner` is always the signed-in person."""

    def __init__(self, stores: Stores, clock: Clock) -> None:
        self._stores = stores
        self._clock = clock

    async def staples(self, owner: str) -> Sequence[Staple]:
        """Every staple, the one due first first."""
        return await self._stores.read(lambda tx: tx.staples.all(owner))

    async def keep_staple(
        self,
        owner: str,
        thing: Thing,
        *,
        quantity: Decimal,
        every_days: int,
        due_at: datetime | None,
    ) -> Staple:
        """The staple as it is kept, in place of one of the same thing; due now unless stated.

        Raises:
            InvalidInput: the quantity, the unit or the interval does not fit.
            NotFound: there is no such product.
            Refused: there are too many staples.
        """
        try:
            amount = thousandths(quantity)
        except Unfit as unfit:
            raise InvalidInput.at("quantity", unfit.problem) from unfit
        checked_interval(every_days)
        staple_id = new_id(STAPLE_PREFIX, self._clock)

        def work(tx: Transaction) -> Staple:
            product_id, name, unit = named(tx, thing)
            if len(tx.staples.all(owner)) >= MAX_STAPLES:
                raise Refused(f"You have {MAX_STAPLES} staples; remove one first")
            tx.users.ensure(owner, display_name=owner)
            staple = Staple(
                staple_id=staple_id,
                product_id=product_id,
                name=name,
                quantity_thousandths=amount,
                unit=unit,
                every_days=every_days,
                due_at=due_at or tx.now,
                created_at=tx.now,
            )
            return tx.staples.keep(owner, staple)

        return await self._stores.write(work)

    async def remove_staple(self, owner: str, staple_id: str) -> None:
        """Returns when the staple is forgotten.

        Raises:
            NotFound: the owner has no such staple.
        """
        await self._stores.write(lambda tx: tx.staples.remove(owner, staple_id))

    async def fill(
        self,
        owner: str,
        list_id: str,
        *,
        with_pantry: bool = True,
        with_staples: bool = True,
        ahead_days: int = DEFAULT_AHEAD_DAYS,
    ) -> FilledFromHome:
        """The list with what is below its minimum at home and the staples due by then.

        What is already open on the list counts; doing it twice adds nothing the second time. A
        staple that was put on a list is due again one interval later.

        Raises:
            NotFound: the owner has no such list.
            Refused: the list is archived.
        """
        return await self._stores.write(
            lambda tx: _fill(
                tx,
                tx.lists.by_id(list_id, who=owner, needs=Access.WRITE),
                owner,
                due_by=tx.now + timedelta(days=ahead_days) if with_staples else None,
                with_pantry=with_pantry,
                new_item_id=partial(new_id, ITEM_PREFIX, self._clock),
            )
        )


def _fill(
    tx: Transaction,
    found: GroceryList,
    owner: str,
    *,
    due_by: datetime | None,
    with_pantry: bool,
    new_item_id: Callable[[], str],
) -> FilledFromHome:
    coming = dict(_coming(found))
    short = _short(tx, owner, coming) if with_pantry else []
    for item in short:
        _count(coming, item)
    due = [] if due_by is None else [one for one in tx.staples.all(owner) if one.due_at <= due_by]
    fresh = [one for one in due if coming.get(_key(one.product_id, one.name, one.unit), 0) == 0]
    wanted = [*short, *(_wanted(one, one.quantity_thousandths) for one in fresh)]
    products = tx.products.by_ids({one.product_id for one in wanted if one.product_id})
    filled, outcomes = fill(
        found,
        wanted,
        products=products,
        prefers_substitutes=tx.preferences.of(owner).substitution_allowed,
        new_id=new_item_id,
        at=tx.now,
    )
    seen = change(tx, found, by=owner, kind="filled_from_home", edit=lambda _: filled)
    taken = {
        one.staple_id
        for one, outcome in zip(fresh, outcomes[len(short) :], strict=True)
        if outcome.item is not None
    }
    tx.staples.set_due(
        {
            one.staple_id: due_after(one, max(tx.now, due_by or tx.now))
            for one in due
            if one.staple_id in taken or one not in fresh
        }
    )
    return FilledFromHome(
        outcomes=outcomes, from_pantry=len(short), from_staples=len(fresh), seen=seen
    )


def _short(tx: Transaction, owner: str, coming: Coming) -> list[WantedItem]:
    """What is below its minimum, with what is open on the list counted in."""
    items = [one for one in tx.pantry.all(owner) if one.minimum_thousandths]
    stocks = tx.pantry.stocks([one.item_id for one in items])
    missing = {
        one.item_id: shortage(
            one,
            stock_thousandths=stocks.get(one.item_id, 0),
            coming_thousandths=coming.get(_key(one.product_id, one.name, one.unit), 0),
        )
        for one in items
    }
    return [_wanted(one, missing[one.item_id]) for one in items if missing[one.item_id]]


def _wanted(one: Staple | PantryItem, quantity_thousandths: int) -> WantedItem:
    return WantedItem(
        product_id=one.product_id,
        text=one.name if one.product_id is None else None,
        quantity=Decimal(quantity_thousandths) / THOUSAND,
        unit=one.unit,
    )


def _coming(found: GroceryList) -> Coming:
    """How much of each thing is open on the list."""
    sums: dict[tuple[str, str | None], int] = {}
    for item in found.items:
        if item.status is ItemStatus.PENDING:
            key = _key(item.product_id, item.text, item.unit)
            sums[key] = sums.get(key, 0) + item.quantity_thousandths
    return sums


def _count(coming: dict[tuple[str, str | None], int], item: WantedItem) -> None:
    key = _key(item.product_id, item.text or "", item.unit)
    coming[key] = coming.get(key, 0) + int(item.quantity * THOUSAND)


def _key(product_id: str | None, name: str, unit: str | None) -> tuple[str, str | None]:
    return thing_key(product_id, name), unit
