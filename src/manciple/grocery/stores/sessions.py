"""Shopping sessions, what was picked in them, and their quotes.

Who may do what with a session is who may do it with its list; everything here asks who wants it,
or for a session that was read so.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from manciple.grocery.domain.checkout import HandedOver, Terms
from manciple.grocery.domain.labels import label_price
from manciple.grocery.domain.products import Price
from manciple.grocery.domain.sessions import ENDED, SessionStatus, SessionType, ShoppingSession
from manciple.grocery.domain.sharing import Access, access_to, require
from manciple.grocery.stores.lists import visible_to
from manciple.grocery.stores.schema import household_members
from manciple.grocery.stores.schema_lists import grocery_lists, shopping_sessions
from manciple.grocery.stores.schema_shopping import checkout_quotes, session_picks
from manciple.kit.errors import Conflict
from manciple.platform.db.upsert import insert_or

_s = shopping_sessions.c
_p = session_picks.c
_q = checkout_quotes.c
_l = grocery_lists.c
_m = household_members.c

_SESSIONS = select(
    _s.id,
    _s.user_id,
    _l.household_id,
    _s.list_id,
    _s.type,
    _s.status,
    _s.budget_cents,
    _s.version,
    _s.started_at,
    _s.updated_at,
    _s.ended_at,
).outerjoin(grocery_lists, _l.id == _s.list_id)


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """A quote as it was made; `handed_over` is set once it was confirmed."""

    quote_id: str
    terms: Terms
    terms_hash: str
    handed_over: HandedOver | None


class Sessions:
    """The sessions inside one transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def by_id(self, session_id: str, *, who: str, needs: Access = Access.READ) -> ShoppingSession:
        """One session that `who` may do that with.

        Raises:
            NotFound: it is not there for them.
            NotAllowed: they may do less with it.
        """
        require(self.access(session_id, who=who), needs, what="shopping session", id=session_id)
        return _session_of(self._connection.execute(_SESSIONS.where(_s.id == session_id)).one())

    def access(self, session_id: str, *, who: str) -> Access | None:
        """What somebody may do with a session; None: it is not there for them."""
        row = self._connection.execute(
            select(func.coalesce(_l.user_id, _s.user_id) == who, _m.role)
            .select_from(shopping_sessions)
            .outerjoin(grocery_lists, _l.id == _s.list_id)
            .outerjoin(
                household_members, (_m.household_id == _l.household_id) & (_m.user_id == who)
            )
            .where(_s.id == session_id)
        ).one_or_none()
        return None if row is None else access_to(is_maker=row[0], role=row[1])

    def live_of_list(self, list_id: str) -> ShoppingSession | None:
        """The session of that list which has neither ended nor been handed over."""
        gone = (*ENDED, SessionStatus.HANDED_OVER)
        row = self._connection.execute(
            _SESSIONS.where(
                _s.list_id == list_id,
                _s.status.not_in([status.value for status in gone]),
            )
        ).first()
        return None if row is None else _session_of(row)

    def page(
        self, who: str, *, statuses: Iterable[SessionStatus], after: str | None, limit: int
    ) -> Sequence[ShoppingSession]:
        """Up to `limit` sessions that somebody may see, newest first, begun before `after`."""
        theirs = or_(visible_to(who), and_(_s.list_id.is_(None), _s.user_id == who))
        found = (
            _SESSIONS.where(theirs, _s.status.in_([status.value for status in statuses]))
            .order_by(_s.id.desc())
            .limit(limit)
        )
        if after is not None:
            found = found.where(_s.id < after)
        return [_session_of(row) for row in self._connection.execute(found)]

    def add(self, session: ShoppingSession) -> None:
        """Keeps a new session."""
        self._connection.execute(insert(shopping_sessions), _row_of(session))

    def save(self, session: ShoppingSession) -> None:
        """Keeps the next version of a session.

        Raises:
            Conflict: it changed since it was read.
        """
        done = self._connection.execute(
            update(shopping_sessions)
            .where(_s.id == session.session_id, _s.version == session.version - 1)
            .values(**_row_of(session))
        )
        if done.rowcount != 1:
            raise Conflict("The session", found=f"not version {session.version - 1}")

    def picked_prices(self, session_id: str) -> Mapping[str, Price]:
        """The prices that the shopper saw for one package, by line."""
        rows = self._connection.execute(
            select(_p.item_id, _p.price_cents, _p.picked_at).where(
                _p.session_id == session_id, _p.price_cents.is_not(None)
            )
        )
        return {str(item_id): label_price(cents, at=at) for item_id, cents, at in rows}

    def pick(self, session_id: str, item_ids: Iterable[str], *, price_cents: int | None) -> None:
        """Keeps that these lines were picked."""
        rows = [
            {
                "session_id": session_id,
                "item_id": item_id,
                "price_cents": price_cents,
                "picked_at": self._now,
            }
            for item_id in item_ids
        ]
        if not rows:
            return
        statement = insert_or(self._connection, session_picks)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["session_id", "item_id"],
                set_={
                    "price_cents": statement.excluded.price_cents,
                    "picked_at": statement.excluded.picked_at,
                },
            ),
            rows,
        )

    def put_back(self, session_id: str, item_ids: Iterable[str]) -> None:
        """Forgets that these lines were picked."""
        self._connection.execute(
            delete(session_picks).where(_p.session_id == session_id, _p.item_id.in_(list(item_ids)))
        )

    def add_quote(self, quote_id: str, terms: Terms) -> Quote:
        """Keeps a quote in place of those of the same session that nobody confirmed."""
        terms_hash = terms.hash()
        self._connection.execute(
            delete(checkout_quotes).where(
                _q.session_id == terms.session_id, _q.confirmed_at.is_(None)
            )
        )
        self._connection.execute(
            insert(checkout_quotes),
            {
                "id": quote_id,
                "session_id": terms.session_id,
                "terms": msgspec.json.encode(terms).decode(),
                "terms_hash": terms_hash,
                "created_at": self._now,
                "expires_at": terms.expires_at,
            },
        )
        return Quote(quote_id=quote_id, terms=terms, terms_hash=terms_hash, handed_over=None)

    def newest_quote(self, session_id: str) -> Quote | None:
        """The confirmed quote of a session if there is one, else the one that waits."""
        row = self._connection.execute(
            select(_q.id, _q.terms, _q.terms_hash, _q.handed_over)
            .where(_q.session_id == session_id)
            .order_by(_q.confirmed_at.is_not(None).desc())
            .limit(1)
        ).one_or_none()
        return None if row is None else _quote_of(row)

    def confirm_quote(self, quote_id: str, handed_over: HandedOver) -> None:
        """Keeps what a confirmed quote was turned into."""
        self._connection.execute(
            update(checkout_quotes)
            .where(_q.id == quote_id)
            .values(handed_over=msgspec.json.encode(handed_over).decode(), confirmed_at=self._now)
        )


def _session_of(row: Any) -> ShoppingSession:
    session_id, user_id, household_id, list_id, kind, status, *rest = row
    budget, version, started, updated, ended = rest
    return ShoppingSession(
        session_id=session_id,
        user_id=user_id,
        household_id=household_id,
        list_id=list_id,
        type=SessionType(kind),
        status=SessionStatus(status),
        budget_cents=budget,
        version=version,
        started_at=started,
        updated_at=updated,
        ended_at=ended,
    )


def _row_of(session: ShoppingSession) -> dict[str, Any]:
    return {
        "id": session.session_id,
        "user_id": session.user_id,
        "list_id": session.list_id,
        "type": session.type.value,
        "status": session.status.value,
        "budget_cents": session.budget_cents,
        "version": session.version,
        "started_at": session.started_at,
        "updated_at": session.updated_at,
        "ended_at": session.ended_at,
    }


def _quote_of(row: Any) -> Quote:
    quote_id, terms, terms_hash, handed_over = row
    return Quote(
        quote_id=quote_id,
        terms=msgspec.json.decode(terms, type=Terms),
        terms_hash=terms_hash,
        handed_over=None
        if handed_over is None
        else msgspec.json.decode(handed_over, type=HandedOver),
    )
