"""Shopping sessions and checkout on the wire."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta

from manciple.api.amounts import Quantity
from manciple.api.shapes_lists import ItemIds, quantity_of
from manciple.api.shapes_products import PriceShape, price_shape
from manciple.grocery.actions.checkout import CheckedOut, CheckoutStatus
from manciple.grocery.actions.see_session import SeenSession, SessionLine
from manciple.grocery.domain.checkout import LeftOut, QuoteLine, Terms
from manciple.grocery.domain.lists import ItemStatus
from manciple.grocery.domain.money import dollars
from manciple.grocery.domain.sessions import (
    SessionStatus,
    SessionType,
    SessionVerb,
    ShoppingSession,
    allowed,
)
from manciple.grocery.domain.tills import TillTotal
from manciple.platform.rpc.procedure import Wire

_MESSAGES = {
    CheckoutStatus.NEEDS_CONFIRMATION: "Read the quote, then confirm it by its id and terms hash.",
    CheckoutStatus.QUOTE_EXPIRED: "The quote has expired; here is a new one to confirm.",
    CheckoutStatus.QUOTE_CHANGED: "The basket or its prices changed; here is a new quote.",
    CheckoutStatus.HANDED_OVER: (
        "Nothing is ordered yet: open the links to fill the shop's cart, and order there."
    ),
}


class SessionShape(Wire, frozen=True, kw_only=True):
    """A shopping session; `actions` is what can be done to it now."""

    id: str
    user_id: str
    list_id: str | None
    type: SessionType
    status: SessionStatus
    budget: Decimal | None
    actions: tuple[SessionVerb, ...]
    version: int
    started_at: datetime
    updated_at: datetime
    ended_at: datetime | None


class Till(Wire, frozen=True, kw_only=True):
    """Sums in dollars; `low` and `high` differ from the total where weight decides."""

    subtotal: Decimal
    deposit: Decimal
    tax: Decimal
    total: Decimal
    low: Decimal
    high: Decimal


class SessionLineShape(Wire, frozen=True, kw_only=True):
    """One line; `seenPrice` is what the shelf label said for one package.

    `stated` is the price of one package that `estimatedPrice` is made of.
    """

    item_id: str
    product_id: str | None
    name: str
    quantity: Quantity
    unit: str | None
    notes: str | None
    status: ItemStatus
    department: str | None
    seen_price: Decimal | None
    estimated_price: Decimal | None
    stated: PriceShape | None


class SessionAnswer(Wire, frozen=True, kw_only=True):
    """A session with its lines: in a store in the order of the walk, else in the list's.

    `picked` is what is in the cart so far, `everything` the whole list; neither counts the
    `linesWithoutPrice`. `budgetLeft` is what of the session's own limit is left after the picks.
    """

    success: bool
    session: SessionShape
    list_name: str
    lines: tuple[SessionLineShape, ...]
    picked: Till
    everything: Till
    lines_without_price: int
    budget_left: Decimal | None
    warnings: tuple[str, ...]


class SessionsAnswer(Wire, frozen=True, kw_only=True):
    """Some sessions, newest first; `nextCursor` asks for more, and is null at the end."""

    success: bool
    sessions: tuple[SessionShape, ...]
    next_cursor: str | None


class QuoteLineShape(Wire, frozen=True, kw_only=True):
    """So many packages of one product; `stated` says who said the price of one, and when.

    `insteadOf` are products that cannot be had, for which your list names this one.
    """

    product_id: str
    name: str
    packages: int
    price: Decimal | None
    stated: PriceShape | None
    line_total: Decimal | None
    in_stock: bool | None
    is_rounded_up: bool
    instead_of: tuple[str, ...]


class LeftOutShape(Wire, frozen=True, kw_only=True):
    """A line that the shop's cart cannot take, and why."""

    item_id: str
    name: str
    reason: LeftOut


class QuoteShape(Wire, frozen=True, kw_only=True):
    """What would be handed over; a confirmation names `id` and `termsHash` before `expiresAt`.

    If the total rises by more than `tolerancePercent` until then, the confirmation is refused.
    """

    id: str
    terms_hash: str
    expires_at: datetime
    tolerance_percent: Quantity
    currency: str
    lines: tuple[QuoteLineShape, ...]
    left_out: tuple[LeftOutShape, ...]
    items_without_price: int
    till: Till


class ChangeShape(Wire, frozen=True, kw_only=True):
    """How a line differs from the quote; `now` is null where it cannot be had or priced.

    `wasStated` and `nowStated` are the prices of one package that the sums are made of.
    """

    product_id: str
    name: str
    was: Decimal | None
    now: Decimal | None
    was_stated: PriceShape | None
    now_stated: PriceShape | None


class CheckoutAnswer(Wire, frozen=True, kw_only=True):
    """Where the checkout stands. No order is ever placed here: `orderPlaced` is always false.

    `success` is false where a confirmation was refused; `changes` then says what differs, and
    `quote` is a new one.
    """

    success: bool
    status: CheckoutStatus
    message: str
    order_placed: bool
    session: SessionShape
    quote: QuoteShape
    changes: tuple[ChangeShape, ...]
    cart_links: tuple[str, ...]
    not_handed_over: tuple[LeftOutShape, ...]
    handed_over_total: Decimal | None


class StartSessionInput(Wire, frozen=True, kw_only=True):
    """Without a list, a new one is begun. `userId` may be left out; it must be your own."""

    type: SessionType
    list_id: str | None = None
    budget: Decimal | None = None
    user_id: str | None = None


class SessionInput(Wire, frozen=True, kw_only=True):
    """Which session."""

    session_id: str


class SessionsInput(Wire, frozen=True, kw_only=True):
    """Which sessions: those going on, or all."""

    status: Literal["live", "all"] = "live"
    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: str | None = None


class ChangeSessionInput(SessionInput, frozen=True, kw_only=True):
    """What to do; with `stockPantry`, completing also puts what was bought into the pantry."""

    action: Literal["pause", "resume", "reopen", "complete", "abandon"]
    stock_pantry: bool = False


class SessionItemsInput(SessionInput, frozen=True, kw_only=True):
    """Which lines of the session's list."""

    item_ids: ItemIds


class PickInput(SessionItemsInput, frozen=True, kw_only=True):
    """Which lines, and what the shelf label says for one package."""

    price: Decimal | None = None


class ConfirmationInput(Wire, frozen=True, kw_only=True):
    """That you read the quote: its `id` and its `termsHash`."""

    quote_id: str
    terms_hash: str


class CheckoutInput(SessionInput, frozen=True, kw_only=True):
    """Without a confirmation, asks for a quote; `tolerancePercent` (2) is kept in its terms."""

    confirmation: ConfirmationInput | None = None
    tolerance_percent: Decimal | None = None


def session_shape(session: ShoppingSession) -> SessionShape:
    """A session without its lines."""
    return SessionShape(
        id=session.session_id,
        user_id=session.user_id,
        list_id=session.list_id,
        type=session.type,
        status=session.status,
        budget=_dollars(session.budget_cents),
        actions=allowed(session),
        version=session.version,
        started_at=session.started_at,
        updated_at=session.updated_at,
        ended_at=session.ended_at,
    )


def session_answer(seen: SeenSession) -> SessionAnswer:
    """A session that a call ended with."""
    budget = seen.session.budget_cents
    return SessionAnswer(
        success=True,
        session=session_shape(seen.session),
        list_name=seen.list_name,
        lines=tuple(_line(line) for line in seen.lines),
        picked=_till(seen.picked),
        everything=_till(seen.everything),
        lines_without_price=seen.lines_without_price,
        budget_left=None if budget is None else dollars(budget - seen.picked.total_cents),
        warnings=seen.warnings,
    )


def checkout_answer(found: CheckedOut) -> CheckoutAnswer:
    """Where a checkout stands."""
    refused = {CheckoutStatus.QUOTE_CHANGED, CheckoutStatus.QUOTE_EXPIRED}
    handed = found.handed_over
    terms = found.quote.terms
    return CheckoutAnswer(
        success=found.status not in refused,
        status=found.status,
        message=_MESSAGES[found.status],
        order_placed=False,
        session=session_shape(found.session),
        quote=_quote(found.quote.quote_id, found.quote.terms_hash, terms),
        changes=tuple(
            ChangeShape(
                product_id=one.product_id,
                name=one.name,
                was=_dollars(one.was_cents),
                now=_dollars(one.now_cents),
                was_stated=price_shape(one.was) if one.was else None,
                now_stated=price_shape(one.now) if one.now else None,
            )
            for one in found.moves
        ),
        cart_links=handed.links if handed else (),
        not_handed_over=_left_out(terms) if handed else (),
        handed_over_total=dollars(handed.total_cents) if handed else None,
    )


def _quote(quote_id: str, terms_hash: str, terms: Terms) -> QuoteShape:
    return QuoteShape(
        id=quote_id,
        terms_hash=terms_hash,
        expires_at=terms.expires_at,
        tolerance_percent=Decimal(terms.tolerance_basis_points).scaleb(-2),
        currency=terms.currency,
        lines=tuple(_quote_line(line) for line in terms.lines),
        left_out=_left_out(terms),
        items_without_price=terms.items_without_price,
        till=_till(terms.till),
    )


def _quote_line(line: QuoteLine) -> QuoteLineShape:
    price = line.price
    return QuoteLineShape(
        product_id=line.product_id,
        name=line.name,
        packages=line.packages,
        price=dollars(price.cents) if price else None,
        stated=price_shape(price) if price else None,
        line_total=_dollars(line.line_cents),
        in_stock=line.in_stock,
        is_rounded_up=line.is_rounded_up,
        instead_of=line.instead_of,
    )


def _left_out(terms: Terms) -> tuple[LeftOutShape, ...]:
    return tuple(
        LeftOutShape(item_id=one.item_id, name=one.name, reason=one.reason)
        for one in terms.left_out
    )


def _line(line: SessionLine) -> SessionLineShape:
    return SessionLineShape(
        item_id=line.item.item_id,
        product_id=line.item.product_id,
        name=line.item.text,
        quantity=quantity_of(line.item.quantity_thousandths),
        unit=line.item.unit,
        notes=line.item.notes,
        status=line.item.status,
        department=line.department,
        seen_price=dollars(line.seen.cents) if line.seen else None,
        estimated_price=_dollars(line.line_cents),
        stated=price_shape(line.price) if line.price else None,
    )


def _till(total: TillTotal) -> Till:
    return Till(
        subtotal=dollars(total.subtotal_cents),
        deposit=dollars(total.deposit_cents),
        tax=dollars(total.tax_cents),
        total=dollars(total.total_cents),
        low=dollars(total.low_cents),
        high=dollars(total.high_cents),
    )


def _dollars(cents: int | None) -> Decimal | None:
    return None if cents is None else dollars(cents)
