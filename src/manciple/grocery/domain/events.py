"""News as subscribers hear it: what an event carries, in the words of the wire.

The outbox keeps these as they go out, so they are the one place beside `api` that knows
camelCase and dollars. No field may be called `type`, `id`, `timestamp` or `data`: those belong to
the envelope.
"""

from datetime import datetime
from decimal import Decimal

import msgspec

from manciple.grocery.domain.alerts import Alert, AlertKind
from manciple.grocery.domain.budgets import EnvelopeState
from manciple.grocery.domain.list_changes import ListEvent
from manciple.grocery.domain.money import dollars
from manciple.grocery.domain.products import Price, Product
from manciple.grocery.domain.sessions import ShoppingSession

PRICE_CHANGE = "product.price_change"
STOCK_CHANGE = "product.stock_change"
PRICE_ALERT = "product.price_alert"
MEMBER_CHANGE = "household.changed"
WEBHOOK_DISABLED = "webhook.disabled"
BUDGET_CROSSED = "budget.crossed"


class ListNews(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Something happened to a list, or to the line `item_id` of it."""

    list_id: str
    user_id: str
    changed_by: str
    version: int
    item_id: str | None = None
    product_id: str | None = None
    name: str | None = None
    quantity: msgspec.Raw | None = None
    unit: str | None = None
    status: str | None = None


class ShareNews(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A household shares a list of this person, or shares it no more."""

    list_id: str
    user_id: str
    household_id: str
    is_shared: bool


class MemberNews(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Somebody is in a household as `role` says; None: no more."""

    household_id: str
    member_id: str
    role: str | None


class SessionNews(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A shopping session began or went on to another status."""

    session_id: str
    user_id: str
    list_id: str | None
    session_type: str
    status: str
    version: int


class PriceNews(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A product's current price is another; None: none is known (any more)."""

    product_id: str
    name: str
    old_price: msgspec.Raw | None
    new_price: msgspec.Raw | None
    currency: str | None
    source: str | None
    store: str | None
    confidence: float | None
    observed_at: datetime | None


class StockNews(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A product can be had again, or no longer; None: nobody knows."""

    product_id: str
    name: str
    was_in_stock: bool | None
    in_stock: bool | None


class AlertNews(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Something that a person watched for; `before` is the threshold or the higher price."""

    user_id: str
    product_id: str
    name: str
    alert: AlertKind
    price: msgspec.Raw | None
    before: msgspec.Raw | None
    currency: str | None
    source: str | None
    store: str | None
    confidence: float | None
    observed_at: datetime


def alert_news(product: Product, alert: Alert, *, user_id: str) -> AlertNews:
    """What the person hears of an alert."""
    price = product.price if alert.cents is not None else None
    before = alert.before_cents
    return AlertNews(
        user_id=user_id,
        product_id=product.product_id,
        name=product.name,
        alert=alert.kind,
        price=_money(price),
        before=None if before is None else _number(str(dollars(before))),
        currency=price.currency if price else None,
        source=price.source if price else None,
        store=price.store if price else None,
        confidence=price.confidence if price else None,
        observed_at=alert.at,
    )


class BudgetNews(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """More was spent in a month than an envelope holds; `category` is empty for everything."""

    user_id: str
    month: str
    category: str
    limit: msgspec.Raw
    spent: msgspec.Raw


class WebhookNews(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Nothing is sent to a webhook any more, for the reason given."""

    webhook_id: str
    user_id: str
    url: str
    reason: str


class JobNews(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Work kept for later is in another state."""

    job_id: str
    kind: str
    status: str


def list_news(event: ListEvent) -> ListNews:
    """What subscribers hear of an event of a list."""
    item = event.item
    if item is None:
        return ListNews(
            list_id=event.list_id,
            user_id=event.user_id,
            changed_by=event.changed_by,
            version=event.version,
        )
    return ListNews(
        list_id=event.list_id,
        user_id=event.user_id,
        changed_by=event.changed_by,
        version=event.version,
        item_id=item.item_id,
        product_id=item.product_id,
        name=item.text,
        quantity=_number(str(Decimal(item.quantity_thousandths).scaleb(-3))),
        unit=item.unit,
        status=item.status,
    )


def budget_news(user_id: str, month: str, crossed: EnvelopeState) -> BudgetNews:
    """What the person hears of an envelope."""
    return BudgetNews(
        user_id=user_id,
        month=month,
        category=crossed.category,
        limit=_number(str(dollars(crossed.limit_cents))),
        spent=_number(str(dollars(crossed.spent_cents))),
    )


def session_news(session: ShoppingSession) -> SessionNews:
    """What subscribers hear of a session."""
    return SessionNews(
        session_id=session.session_id,
        user_id=session.user_id,
        list_id=session.list_id,
        session_type=session.type,
        status=session.status,
        version=session.version,
    )


def price_news(product: Product, *, before: Price | None, after: Price | None) -> PriceNews | None:
    """What subscribers hear of a price; None where the amount is the same."""
    if _amount(before) == _amount(after):
        return None
    return PriceNews(
        product_id=product.product_id,
        name=product.name,
        old_price=_money(before),
        new_price=_money(after),
        currency=after.currency if after is not None else None,
        source=after.source if after is not None else None,
        store=after.store if after is not None else None,
        confidence=after.confidence if after is not None else None,
        observed_at=after.observed_at if after is not None else None,
    )


def stock_news(before: Product, after: Product) -> StockNews | None:
    """What subscribers hear of a stock; None where it is the same."""
    if before.in_stock is after.in_stock:
        return None
    return StockNews(
        product_id=after.product_id,
        name=after.name,
        was_in_stock=before.in_stock,
        in_stock=after.in_stock,
    )


def _amount(price: Price | None) -> tuple[int, str] | None:
    return None if price is None else (price.cents, price.currency)


def _money(price: Price | None) -> msgspec.Raw | None:
    return None if price is None else _number(str(dollars(price.cents)))


def _number(text: str) -> msgspec.Raw:
    """A JSON number with exactly these digits, without needless zeros."""
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return msgspec.Raw(text.encode())
