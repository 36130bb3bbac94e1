"""Quotes, confirmations and hand-offs on the wire."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from msgspec import Meta

from manciple.api.amounts import Quantity, optional_dollars
from manciple.api.shapes_products import PriceShape, price_shape
from manciple.api.shapes_sessions import (
    SessionInput,
    SessionShape,
    Till,
    session_shape,
    till_shape,
)
from manciple.grocery.actions.checkout import CheckedOut, CheckoutStatus
from manciple.grocery.domain.checkout import LeftOut, QuoteLine, Terms
from manciple.grocery.domain.money import dollars
from manciple.platform.rpc.procedure import Wire

_MESSAGES = {
    CheckoutStatus.NEEDS_CONFIRMATION: "Read the quote, then confirm it by its id and terms hash.",
    CheckoutStatus.QUOTE_EXPIRED: "The quote has expired; here is a new one to confirm.",
    CheckoutStatus.QUOTE_CHANGED: "The basket or its prices changed; here is a new quote.",
    CheckoutStatus.HANDED_OVER: (
        "Nothing is ordered yet: open the links to fill the shop's cart, and order there."
    ),
}


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


class ConfirmationInput(Wire, frozen=True, kw_only=True):
    """That you read the quote: its `id` and its `termsHash`."""

    quote_id: str
    terms_hash: str


class CheckoutInput(SessionInput, frozen=True, kw_only=True):
    """Which session, and whether its quote was read."""

    confirmation: Annotated[
        ConfirmationInput | None,
        Meta(description="That a quote was read and may be handed over; null asks for one."),
    ] = None
    tolerance_percent: Annotated[
        Decimal | None,
        Meta(
            description="By how many percent (0 to 100) the total may rise until a quote is "
            "confirmed, as its terms keep it; null stands for 2."
        ),
    ] = None


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
                was=optional_dollars(one.was_cents),
                now=optional_dollars(one.now_cents),
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
        till=till_shape(terms.till),
    )


def _quote_line(line: QuoteLine) -> QuoteLineShape:
    price = line.price
    return QuoteLineShape(
        product_id=line.product_id,
        name=line.name,
        packages=line.packages,
        price=dollars(price.cents) if price else None,
        stated=price_shape(price) if price else None,
        line_total=optional_dollars(line.line_cents),
        in_stock=line.in_stock,
        is_rounded_up=line.is_rounded_up,
        instead_of=line.instead_of,
    )


def _left_out(terms: Terms) -> tuple[LeftOutShape, ...]:
    return tuple(
        LeftOutShape(item_id=one.item_id, name=one.name, reason=one.reason)
        for one in terms.left_out
    )
