"""Shopping sessions: start one over a list, pick things, watch the total, end it."""

from collections.abc import Iterable, Sequence
from functools import partial

from manciple.grocery.actions.close_session import book
from manciple.grocery.actions.lists import begin, change
from manciple.grocery.actions.see_session import SeenSession, list_of, seen_session
from manciple.grocery.domain.budgets import checked_cents
from manciple.grocery.domain.events import session_news
from manciple.grocery.domain.list_edits import Touched, mark
from manciple.grocery.domain.lists import GroceryList, ItemStatus, start
from manciple.grocery.domain.sessions import (
    SessionStatus,
    SessionType,
    SessionVerb,
    ShoppingSession,
    step,
)
from manciple.grocery.domain.sharing import Access
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import Refused
from manciple.kit.ids import new_id

SESSION_PREFIX = "session"
LIST_PREFIX = "list"


class Shop:
    """What a person does with their sessions; `owner` is always the signed-in person."""

    def __init__(self, stores: Stores, clock: Clock) -> None:
        self._stores = stores
        self._clock = clock

    async def start(
        self,
        owner: str,
        *,
        list_id: str | None,
        type: SessionType,  # noqa: A002 - the specification's word
        budget_cents: int | None = None,
    ) -> SeenSession:
        """A session over the list, or over a new one; a list's live session is found again.

        Raises:
            NotFound: the owner has no such list.
            InvalidInput: the budget does not fit.
            Refused: the list is archived, or has a live session of another type.
        """
        if budget_cents is not None:
            checked_cents("budget", budget_cents)
        session_id = new_id(SESSION_PREFIX, self._clock)
        new_list_id = new_id(LIST_PREFIX, self._clock)

        def work(tx: Transaction) -> SeenSession:
            found = (
                _new_list(tx, owner, new_list_id)
                if list_id is None
                else tx.lists.by_id(list_id, who=owner, needs=Access.WRITE)
            )
            found.require_active()
            live = tx.sessions.live_of_list(found.list_id)
            if live is not None and live.type is not type:
                raise Refused(f"The list has a live {live.type} session; end that one first")
            if live is not None:
                return seen_session(tx, live, who=owner)
            session = ShoppingSession(
                session_id=session_id,
                user_id=owner,
                list_id=found.list_id,
                household_id=found.household_id,
                type=type,
                budget_cents=budget_cents,
                started_at=tx.now,
                updated_at=tx.now,
            )
            tx.sessions.add(session)
            tell(tx, session, "session.started")
            return seen_session(tx, session, who=owner)

        return await self._stores.write(work)

    async def see(self, owner: str, session_id: str) -> SeenSession:
        """One session with the prices of this moment.

        Raises:
            NotFound: the owner has no such session.
        """
        return await self._stores.read(
            lambda tx: seen_session(tx, tx.sessions.by_id(session_id, who=owner), who=owner)
        )

    async def page(
        self, owner: str, *, statuses: Iterable[SessionStatus], after: str | None, limit: int
    ) -> Sequence[ShoppingSession]:
        """Up to `limit` sessions, newest first, begun before the session `after`."""
        wanted = tuple(statuses)
        return await self._stores.read(
            lambda tx: tx.sessions.page(owner, statuses=wanted, after=after, limit=limit)
        )

    async def step(
        self, owner: str, session_id: str, verb: SessionVerb, *, stock_pantry: bool = False
    ) -> SeenSession:
        """The session after the verb; completing it books what was spent, once.

        With `stock_pantry`, what was bought also goes into the pantry.

        Raises:
            NotFound: the owner has no such session.
            Refused: that cannot be done to it now.
        """

        def work(tx: Transaction) -> SeenSession:
            found = tx.sessions.by_id(session_id, who=owner, needs=Access.WRITE)
            session = move(tx, found, verb)
            if verb is SessionVerb.COMPLETE:
                book(tx, session, by=owner, clock=self._clock, stock_pantry=stock_pantry)
            return seen_session(tx, session, who=owner)

        return await self._stores.write(work)

    async def pick(
        self,
        owner: str,
        session_id: str,
        *,
        item_ids: Sequence[str],
        price_cents: int | None = None,
    ) -> SeenSession:
        """The session with these lines in the cart, at the price on the shelf if it was read.

        Raises:
            NotFound: the owner has no such session.
            InvalidInput: the price does not fit.
            Refused: the session is not active.
        """
        if price_cents is not None:
            checked_cents("price", price_cents)
        return await self._mark(
            owner, session_id, item_ids=item_ids, status=ItemStatus.CHECKED, price_cents=price_cents
        )

    async def put_back(
        self, owner: str, session_id: str, *, item_ids: Sequence[str]
    ) -> SeenSession:
        """The session with these lines still to get.

        Raises:
            NotFound: the owner has no such session.
            Refused: the session is not active.
        """
        return await self._mark(owner, session_id, item_ids=item_ids, status=ItemStatus.PENDING)

    async def not_there(
        self, owner: str, session_id: str, *, item_ids: Sequence[str]
    ) -> SeenSession:
        """The session with these lines sold out.

        Raises:
            NotFound: the owner has no such session.
            Refused: the session is not active.
        """
        return await self._mark(owner, session_id, item_ids=item_ids, status=ItemStatus.UNAVAILABLE)

    async def _mark(
        self,
        owner: str,
        session_id: str,
        *,
        item_ids: Sequence[str],
        status: ItemStatus,
        price_cents: int | None = None,
    ) -> SeenSession:
        def work(tx: Transaction) -> SeenSession:
            session = tx.sessions.by_id(session_id, who=owner, needs=Access.WRITE)
            session.require_picking()
            found = list_of(tx, session, who=owner)
            touched: Touched = partial(mark, item_ids=item_ids, status=status, at=tx.now)(found)
            change(tx, found, by=owner, kind=f"items_{status}", edit=lambda _: touched.list)
            if status is ItemStatus.CHECKED:
                tx.sessions.pick(session_id, touched.done, price_cents=price_cents)
            else:
                tx.sessions.put_back(session_id, touched.done)
            return seen_session(tx, session, who=owner)

        return await self._stores.write(work)


def move(tx: Transaction, session: ShoppingSession, verb: SessionVerb) -> ShoppingSession:
    """The session after the verb, kept and told.

    Raises:
        Refused: that cannot be done to it now.
    """
    after = step(session, verb, at=tx.now)
    tx.sessions.save(after)
    tell(tx, after, f"session.{after.status}")
    return after


def tell(tx: Transaction, session: ShoppingSession, topic: str) -> None:
    """News of a session, for whoever began it and for the household that shares its list."""
    tx.outbox.add(
        topic,
        session_news(session),
        key=session.session_id,
        household_id=session.household_id,
        owner_id=session.user_id,
    )


def _new_list(tx: Transaction, owner: str, list_id: str) -> GroceryList:
    name = f"Shopping {tx.now.date().isoformat()}"
    return begin(tx, start(list_id, name, user_id=owner, description=None, at=tx.now)).list
