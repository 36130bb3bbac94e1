"""A shopping session as people see it: lines in order, what is picked, what it all costs."""

from collections.abc import Iterable, Mapping

import msgspec

from manciple.grocery.actions.budget import planned_of, report
from manciple.grocery.actions.lists import SeenList, see
from manciple.grocery.domain.aisles import department_of, walk_key
from manciple.grocery.domain.budgets import month_of
from manciple.grocery.domain.list_totals import packages_of
from manciple.grocery.domain.lists import GroceryList, ItemStatus, ListItem
from manciple.grocery.domain.money import line_cents
from manciple.grocery.domain.products import Price, Product
from manciple.grocery.domain.sessions import SessionType, ShoppingSession
from manciple.grocery.domain.tills import TillLine, TillTotal, ring_up
from manciple.grocery.stores.stores import Transaction


class SessionLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line in the order of the walk.

    `seen` is what the shelf label said for one package, `price` what the line is reckoned by.
    """

    item: ListItem
    department: str | None
    seen: Price | None
    price: Price | None
    line_cents: int | None


class SeenSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session with its list: what is picked costs so much, and all of it would cost so much.

    `lines_without_price` are in neither sum. `warnings` are about the session's own limit and
    about the month's envelopes with everything on the list.
    """

    session: ShoppingSession
    list_name: str
    lines: tuple[SessionLine, ...]
    picked: TillTotal
    everything: TillTotal
    lines_without_price: int
    warnings: tuple[str, ...]


def list_of(tx: Transaction, session: ShoppingSession, *, who: str) -> GroceryList:
    """The session's list, be it deleted since.

    Raises:
        NotFound: there is no such list for this person any more.
    """
    return tx.lists.by_id(session.list_id or "", who=who, deleted_too=True)


def seen_session(tx: Transaction, session: ShoppingSession, *, who: str) -> SeenSession:
    """The session as this person sees it; its budget is told only to whoever pays from it."""
    seen = see(tx, list_of(tx, session, who=who))
    prices = tx.sessions.picked_prices(session.session_id)
    rule = tx.budgets.till_rule(session.user_id)
    lines = _lines(tx, session, seen, prices)
    picked = ring_up(_till_lines(seen, prices, only=ItemStatus.CHECKED), rule)
    everything = ring_up(_till_lines(seen, prices, only=None), rule)
    return SeenSession(
        session=session,
        list_name=seen.list.name,
        lines=lines,
        picked=picked,
        everything=everything,
        lines_without_price=sum(
            line.line_cents is None
            for line in lines
            if line.item.status is not ItemStatus.UNAVAILABLE
        ),
        warnings=(
            *_own_warnings(session, picked=picked, everything=everything),
            *(_month_warnings(tx, session, seen) if who == session.user_id else ()),
        ),
    )


def price_of(item: ListItem, product: Product | None, prices: Mapping[str, Price]) -> Price | None:
    """What one package costs: as read on the shelf, else as known."""
    return prices.get(item.item_id) or (product.price if product is not None else None)


def _lines(
    tx: Transaction, session: ShoppingSession, seen: SeenList, prices: Mapping[str, Price]
) -> tuple[SessionLine, ...]:
    lines = [_line(item, seen.products, prices) for item in seen.list.items]
    if session.type is SessionType.IN_STORE:
        order = tx.preferences.of(session.user_id).aisle_order
        lines.sort(
            key=lambda line: walk_key(
                seen.products.get(line.item.product_id or ""), own_order=order
            )
        )
    return tuple(lines)


def _line(
    item: ListItem, products: Mapping[str, Product], prices: Mapping[str, Price]
) -> SessionLine:
    product = products.get(item.product_id or "")
    price = price_of(item, product, prices)
    packages = item.quantity_thousandths if product is None else packages_of(item, product)
    is_known = price is not None and packages is not None
    return SessionLine(
        item=item,
        department=department_of(product),
        seen=prices.get(item.item_id),
        price=price if is_known else None,
        line_cents=line_cents(price.cents, packages) if price and packages is not None else None,
    )


def _till_lines(
    seen: SeenList, prices: Mapping[str, Price], *, only: ItemStatus | None
) -> Iterable[TillLine]:
    for item in seen.list.items:
        if item.status is ItemStatus.UNAVAILABLE or only not in (None, item.status):
            continue
        product = seen.products.get(item.product_id or "")
        if product is None:
            continue
        price, packages = price_of(item, product, prices), packages_of(item, product)
        if price is not None and packages is not None:
            yield TillLine(product=product, price_cents=price.cents, packages_thousandths=packages)


def _own_warnings(
    session: ShoppingSession, *, picked: TillTotal, everything: TillTotal
) -> tuple[str, ...]:
    limit = session.budget_cents
    if limit is not None and picked.total_cents > limit:
        return ("What is picked is over the limit of this trip",)
    if limit is not None and everything.total_cents > limit:
        return ("With everything on the list this trip goes over its limit",)
    return ()


def _month_warnings(tx: Transaction, session: ShoppingSession, seen: SeenList) -> tuple[str, ...]:
    month = report(tx, session.user_id, month=month_of(tx.now), planned=planned_of(seen))
    return tuple(month.warnings)
