"""Booking what a finished session bought: into envelopes, onto the list, into the pantry."""

from collections.abc import Mapping
from functools import partial

import msgspec

from manciple.grocery.actions.budget import SPENDING_PREFIX, tell_crossings
from manciple.grocery.actions.lists import change
from manciple.grocery.actions.see_session import list_of, price_of
from manciple.grocery.actions.stock_pantry import ITEM_PREFIX, Thing, ensure_item, move_stock
from manciple.grocery.domain.aisles import department_of
from manciple.grocery.domain.budgets import EVERYTHING, Spending, month_of
from manciple.grocery.domain.list_edits import mark
from manciple.grocery.domain.list_totals import packages_of
from manciple.grocery.domain.lists import THOUSAND, ItemStatus, ListStatus
from manciple.grocery.domain.money import line_cents
from manciple.grocery.domain.pantry import MovementKind
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.sessions import ShoppingSession
from manciple.grocery.domain.tills import TillLine, ring_up
from manciple.grocery.stores.stores import Transaction
from manciple.kit.clock import Clock
from manciple.kit.ids import new_id


class Bought(msgspec.Struct, frozen=True, kw_only=True):
    """So much of one thing; `product` is None for words, `price_cents` where nobody knows."""

    name: str
    product: Product | None
    quantity_thousandths: int
    unit: str | None
    price_cents: int | None


def book(
    tx: Transaction, session: ShoppingSession, *, by: str, clock: Clock, stock_pantry: bool
) -> None:
    """Books what the session bought; a second time changes no envelope.

    `by` ends it; envelopes and pantry are those of whoever began it.
    """
    bought = _handed_over(tx, session) or _picked(tx, session, by=by)
    _spend(tx, session, bought, clock=clock)
    _check_off(tx, session, by=by)
    if stock_pantry:
        for one in bought:
            product_id = one.product.product_id if one.product is not None else None
            thing = Thing(product_id=product_id, text=one.name, unit=one.unit)
            item = ensure_item(tx, session.user_id, thing, item_id=new_id(ITEM_PREFIX, clock))
            move_stock(
                tx,
                item,
                kind=MovementKind.BOUGHT,
                amount_thousandths=one.quantity_thousandths,
                note=None,
            )


def _handed_over(tx: Transaction, session: ShoppingSession) -> list[Bought]:
    """What the shop's cart was given; nothing for a session that was never handed over."""
    quote = tx.sessions.newest_quote(session.session_id)
    if quote is None or quote.handed_over is None:
        return []
    products = tx.products.by_ids([line.product_id for line in quote.terms.lines])
    return [
        Bought(
            name=line.name,
            product=products[line.product_id],
            quantity_thousandths=line.packages * THOUSAND,
            unit=None,
            price_cents=line.price.cents if line.price is not None else None,
        )
        for line in quote.terms.lines
        if line.product_id in products
    ]


def _picked(tx: Transaction, session: ShoppingSession, *, by: str) -> list[Bought]:
    """What was checked off in the store, at the prices read there where they were."""
    found = list_of(tx, session, who=by)
    items = [item for item in found.items if item.status is ItemStatus.CHECKED]
    products = tx.products.by_ids([item.product_id for item in items if item.product_id])
    prices = tx.sessions.picked_prices(session.session_id)
    bought = []
    for item in items:
        product = products.get(item.product_id or "")
        packages = packages_of(item, product) if product is not None else None
        price = price_of(item, product, prices)
        bought.append(
            Bought(
                name=item.text,
                product=product,
                quantity_thousandths=packages or item.quantity_thousandths,
                unit=None if packages else item.unit,
                price_cents=price.cents if price is not None else None,
            )
        )
    return bought


def _check_off(tx: Transaction, session: ShoppingSession, *, by: str) -> None:
    """Checks off what the shop's cart was given, where the list can still be edited."""
    found = list_of(tx, session, who=by)
    quote = tx.sessions.newest_quote(session.session_id)
    if quote is None or quote.handed_over is None or found.status is not ListStatus.ACTIVE:
        return
    lines = quote.terms.lines
    given = {one for line in lines for one in (line.product_id, *line.instead_of)}
    left_out = {line.item_id for line in quote.terms.left_out}
    item_ids = [
        item.item_id
        for item in found.items
        if item.status is ItemStatus.PENDING
        and item.product_id in given
        and item.item_id not in left_out
    ]
    checked = mark(found, item_ids, ItemStatus.CHECKED, at=tx.now).list
    change(tx, found, by=by, kind="items_checked", edit=lambda _: checked)


def _spend(
    tx: Transaction, session: ShoppingSession, bought: list[Bought], *, clock: Clock
) -> None:
    """One entry for each department, and one for taxes and deposits together."""
    by_department: dict[str, int] = {}
    lines = []
    for one in bought:
        if one.price_cents is None:
            continue
        department = department_of(one.product) or EVERYTHING
        cents = line_cents(one.price_cents, one.quantity_thousandths)
        by_department[department] = by_department.get(department, 0) + cents
        if one.product is not None:
            lines.append(
                TillLine(
                    product=one.product,
                    price_cents=one.price_cents,
                    packages_thousandths=one.quantity_thousandths,
                )
            )
    till = ring_up(lines, tx.budgets.till_rule(session.user_id))
    added = till.tax_cents + till.deposit_cents
    if added:
        by_department[EVERYTHING] = by_department.get(EVERYTHING, 0) + added
    tx.budgets.spend(session.user_id, _spendings(tx, session, by_department, clock=clock))
    tell_crossings(tx, session.user_id, month_of(tx.now))


def _spendings(
    tx: Transaction, session: ShoppingSession, by_department: Mapping[str, int], *, clock: Clock
) -> list[Spending]:
    fresh_id = partial(new_id, SPENDING_PREFIX, clock)
    return [
        Spending(
            spending_id=fresh_id(),
            month=month_of(tx.now),
            category=department,
            cents=cents,
            note=None,
            source=f"session:{session.session_id}",
            at=tx.now,
        )
        for department, cents in by_department.items()
        if cents
    ]
