"""Shopping sessions on the wire."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta

from manciple.api.amounts import Quantity, optional_dollars
from manciple.api.ids import Cursor, OwnId, SessionId
from manciple.api.list_inputs import ItemIds
from manciple.api.shapes_lists import quantity_of
from manciple.api.shapes_products import PriceShape, price_shape
from manciple.grocery.actions.see_session import SeenSession, SessionLine
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


class StartSessionInput(Wire, frozen=True, kw_only=True):
    """How to shop, and by which list."""

    type: SessionType
    list_id: Annotated[
        str | None, Meta(description="A list's `id`, as `getLists` gives it; null: a new list.")
    ] = None
    budget: Annotated[
        Decimal | None, Meta(description="The session's own limit, in dollars; null: none.")
    ] = None
    user_id: OwnId | None = None


class SessionInput(Wire, frozen=True, kw_only=True):
    """Which session."""

    session_id: SessionId


class SessionsInput(Wire, frozen=True, kw_only=True):
    """Which sessions: those going on, or all."""

    status: Literal["live", "all"] = "live"
    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Cursor | None = None


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


def session_shape(session: ShoppingSession) -> SessionShape:
    """A session without its lines."""
    return SessionShape(
        id=session.session_id,
        user_id=session.user_id,
        list_id=session.list_id,
        type=session.type,
        status=session.status,
        budget=optional_dollars(session.budget_cents),
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
        picked=till_shape(seen.picked),
        everything=till_shape(seen.everything),
        lines_without_price=seen.lines_without_price,
        budget_left=None if budget is None else dollars(budget - seen.picked.total_cents),
        warnings=seen.warnings,
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
        estimated_price=optional_dollars(line.line_cents),
        stated=price_shape(line.price) if line.price else None,
    )


def till_shape(total: TillTotal) -> Till:
    """What the till asks for, as it is shown."""
    return Till(
        subtotal=dollars(total.subtotal_cents),
        deposit=dollars(total.deposit_cents),
        tax=dollars(total.tax_cents),
        total=dollars(total.total_cents),
        low=dollars(total.low_cents),
        high=dollars(total.high_cents),
    )
