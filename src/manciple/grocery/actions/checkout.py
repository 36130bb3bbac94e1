"""Checkout: a quote, its confirmation, and the hand-off to the shop's cart. Orders nothing.

Each call is one transaction: after a crash the same call goes on from what was kept, and a
confirmation that was kept gives its links again.
"""

from datetime import timedelta
from enum import StrEnum

import msgspec

from manciple.grocery.actions.see_session import list_of
from manciple.grocery.actions.shop import move
from manciple.grocery.domain.checkout import (
    QUOTE_LIFE_S,
    TOLERANCE_BASIS_POINTS,
    HandedOver,
    PriceMove,
    Terms,
    hand_over,
    is_within_tolerance,
    moves,
    quote,
)
from manciple.grocery.domain.sessions import SessionStatus, SessionVerb, ShoppingSession
from manciple.grocery.domain.sharing import Access
from manciple.grocery.domain.tills import BASIS_POINTS
from manciple.grocery.stores.sessions import Quote
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import Conflict, InvalidInput, Refused
from manciple.kit.ids import new_id

QUOTE_PREFIX = "quote"


class CheckoutStatus(StrEnum):
    """How far the checkout is."""

    NEEDS_CONFIRMATION = "needs_confirmation"
    QUOTE_EXPIRED = "quote_expired"
    QUOTE_CHANGED = "quote_changed"
    HANDED_OVER = "handed_over"


class Confirmation(msgspec.Struct, frozen=True, kw_only=True):
    """That the shopper read a quote: its id, and the hash of its terms."""

    quote_id: str
    terms_hash: str


class CheckedOut(msgspec.Struct, frozen=True, kw_only=True):
    """Where the checkout stands. `quote` is the one to confirm next, or the confirmed one.

    `moves` says what differs from the quote that was confirmed in vain.
    """

    status: CheckoutStatus
    session: ShoppingSession
    quote: Quote
    handed_over: HandedOver | None = None
    moves: tuple[PriceMove, ...] = ()


class Checkout:
    """What a person does to hand a basket over; `owner` is always the signed-in person."""

    def __init__(self, stores: Stores, clock: Clock) -> None:
        self._stores = stores
        self._clock = clock

    async def process(
        self,
        owner: str,
        session_id: str,
        *,
        confirmation: Confirmation | None = None,
        tolerance_basis_points: int = TOLERANCE_BASIS_POINTS,
    ) -> CheckedOut:
        """A quote to confirm, or, with its confirmation, the shop's cart links.

        Raises:
            NotFound: the owner has no such session.
            InvalidInput: the tolerance is no share.
            Conflict: the confirmation names other terms than the last quote's.
            Refused: the session cannot be checked out now, or nothing can be handed over.
        """
        if not 0 <= tolerance_basis_points <= BASIS_POINTS:
            raise InvalidInput.at("tolerancePercent", "must be from 0 to 100")
        quote_id = new_id(QUOTE_PREFIX, self._clock)

        def work(tx: Transaction) -> CheckedOut:
            session = tx.sessions.by_id(session_id, who=owner, needs=Access.WRITE)
            last = tx.sessions.newest_quote(session_id)
            if last is not None and last.handed_over is not None:
                return _again(session, last, confirmation)
            if confirmation is None:
                now = _terms(tx, session, who=owner, tolerance=tolerance_basis_points)
                return _preview(tx, session, now=now, last=last, quote_id=quote_id)
            _require_same(last, confirmation)
            return _confirm(tx, session, who=owner, last=last, quote_id=quote_id)

        return await self._stores.write(work, durable=True)


def _again(
    session: ShoppingSession, confirmed: Quote, confirmation: Confirmation | None
) -> CheckedOut:
    """What was handed over before, given again."""
    if confirmation is not None:
        _require_same(confirmed, confirmation)
    return CheckedOut(
        status=CheckoutStatus.HANDED_OVER,
        session=session,
        quote=confirmed,
        handed_over=confirmed.handed_over,
    )


def _preview(
    tx: Transaction, session: ShoppingSession, *, now: Terms, last: Quote | None, quote_id: str
) -> CheckedOut:
    """The quote to confirm: the last one while it says the same and lives, else a new one."""
    if not now.lines:
        raise Refused("Nothing on the list can be handed over to the shop")
    if session.status is not SessionStatus.REVIEWING:
        session = move(tx, session, SessionVerb.REVIEW)
    fresh = last if last is not None and _still_says(last.terms, now) else None
    return CheckedOut(
        status=CheckoutStatus.NEEDS_CONFIRMATION,
        session=session,
        quote=fresh or tx.sessions.add_quote(quote_id, now),
    )


def _confirm(
    tx: Transaction, session: ShoppingSession, *, who: str, last: Quote | None, quote_id: str
) -> CheckedOut:
    if last is None or session.status is not SessionStatus.REVIEWING:
        raise Refused(f"There is no quote to confirm: the session is {session.status}")
    now = _terms(tx, session, who=who, tolerance=last.terms.tolerance_basis_points)
    if last.terms.expires_at <= tx.now or not is_within_tolerance(last.terms, now):
        is_expired = last.terms.expires_at <= tx.now
        if not now.lines:
            raise Refused("Nothing on the list can be handed over to the shop any more")
        return CheckedOut(
            status=CheckoutStatus.QUOTE_EXPIRED if is_expired else CheckoutStatus.QUOTE_CHANGED,
            session=session,
            quote=tx.sessions.add_quote(quote_id, now),
            moves=moves(last.terms, now),
        )
    handed = hand_over(last.terms, now)
    tx.sessions.confirm_quote(last.quote_id, handed)
    return CheckedOut(
        status=CheckoutStatus.HANDED_OVER,
        session=move(tx, session, SessionVerb.HAND_OVER),
        quote=msgspec.structs.replace(last, handed_over=handed),
        handed_over=handed,
        moves=handed.moves,
    )


def _terms(tx: Transaction, session: ShoppingSession, *, who: str, tolerance: int) -> Terms:
    """What could be handed over now, by the prices and stocks of this moment."""
    found = list_of(tx, session, who=who)
    named = {item.product_id for item in found.items if item.product_id is not None}
    named.update(one for item in found.items for one in item.substitutes)
    return quote(
        found.items,
        tx.products.by_ids(named),
        session_id=session.session_id,
        list_version=found.version,
        rule=tx.budgets.till_rule(session.user_id),
        tolerance_basis_points=tolerance,
        expires_at=tx.now + timedelta(seconds=QUOTE_LIFE_S),
    )


def _still_says(earlier: Terms, now: Terms) -> bool:
    """Whether the earlier terms live and differ in nothing but their end."""
    same = msgspec.structs.replace(
        now, expires_at=earlier.expires_at, list_version=earlier.list_version
    )
    lived = now.expires_at - timedelta(seconds=QUOTE_LIFE_S)
    return earlier == same and earlier.expires_at > lived


def _require_same(last: Quote | None, confirmation: Confirmation) -> None:
    if last is None:
        raise Refused("There is no quote to confirm; ask for one first")
    if (last.quote_id, last.terms_hash) != (confirmation.quote_id, confirmation.terms_hash):
        raise Conflict("The quote", found=f"the last one is {last.quote_id}")
