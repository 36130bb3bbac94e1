"""Budgets: envelopes, what was spent, and what the till adds."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, delete, select

from manciple.grocery.domain.budgets import Envelope, Spending
from manciple.grocery.domain.tills import TillRule
from manciple.grocery.stores.schema_notices import budget_crossings
from manciple.grocery.stores.schema_shopping import budget_envelopes, budget_spendings, till_rules
from manciple.kit.errors import NotFound
from manciple.platform.db.upsert import insert_or

_e = budget_envelopes.c
_b = budget_spendings.c
_t = till_rules.c
_x = budget_crossings.c


class Budgets:
    """The budgets inside one transaction; everything asks for the owner."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def envelopes(self, owner: str) -> Sequence[Envelope]:
        """Every envelope that the owner ever set."""
        rows = self._connection.execute(
            select(_e.category, _e.from_month, _e.limit_cents).where(_e.user_id == owner)
        )
        return [
            Envelope(category=category, from_month=month, limit_cents=limit)
            for category, month, limit in rows
        ]

    def set_envelope(self, owner: str, envelope: Envelope) -> None:
        """Keeps an envelope in place of one of the same category and first month."""
        statement = insert_or(self._connection, budget_envelopes).values(
            user_id=owner,
            category=envelope.category,
            from_month=envelope.from_month,
            limit_cents=envelope.limit_cents,
            updated_at=self._now,
        )
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["user_id", "category", "from_month"],
                set_={"limit_cents": envelope.limit_cents, "updated_at": self._now},
            )
        )

    def spendings(self, owner: str, month: str) -> Sequence[Spending]:
        """What was spent in a month, oldest first."""
        rows = self._connection.execute(
            select(_b.id, _b.month, _b.category, _b.cents, _b.note, _b.source, _b.at)
            .where(_b.user_id == owner, _b.month == month)
            .order_by(_b.at, _b.id)
        )
        return [
            Spending(
                spending_id=id_,
                month=in_month,
                category=category,
                cents=cents,
                note=note,
                source=source,
                at=at,
            )
            for id_, in_month, category, cents, note, source, at in rows
        ]

    def spend(self, owner: str, spendings: Iterable[Spending]) -> None:
        """Keeps what was spent; the same source and category a second time changes nothing."""
        rows = [
            {
                "id": one.spending_id,
                "user_id": owner,
                "month": one.month,
                "category": one.category,
                "cents": one.cents,
                "note": one.note,
                "source": one.source,
                "at": one.at,
            }
            for one in spendings
        ]
        if rows:
            statement = insert_or(self._connection, budget_spendings)
            self._connection.execute(
                statement.on_conflict_do_nothing(index_elements=["user_id", "source", "category"]),
                rows,
            )

    def forget_spending(self, owner: str, spending_id: str) -> str:
        """Takes an entry out; the month that it was in.

        Raises:
            NotFound: the owner has none of that id.
        """
        gone = delete(budget_spendings).where(_b.id == spending_id, _b.user_id == owner)
        month = self._connection.execute(gone.returning(_b.month)).scalar_one_or_none()
        if month is None:
            raise NotFound("spending", spending_id)
        return str(month)

    def told_crossings(self, owner: str, month: str) -> Sequence[str]:
        """The categories of a month whose crossing was told."""
        statement = select(_x.category).where(_x.user_id == owner, _x.month == month)
        return list(self._connection.execute(statement).scalars())

    def note_crossings(
        self, owner: str, month: str, *, told: Iterable[str], rested: Iterable[str]
    ) -> None:
        """Keeps which crossings were told, and forgets those that may be told again."""
        rows = [
            {"user_id": owner, "month": month, "category": name, "told_at": self._now}
            for name in told
        ]
        if rows:
            statement = insert_or(self._connection, budget_crossings)
            self._connection.execute(statement.on_conflict_do_nothing(), rows)
        gone = delete(budget_crossings).where(_x.user_id == owner, _x.month == month)
        if forgotten := list(rested):
            self._connection.execute(gone.where(_x.category.in_(forgotten)))

    def till_rule(self, owner: str) -> TillRule:
        """What the till adds for this person; nothing, where nothing was stated."""
        row = self._connection.execute(
            select(
                _t.tax_basis_points, _t.taxed_categories, _t.deposit_cents, _t.deposit_categories
            ).where(_t.user_id == owner)
        ).one_or_none()
        if row is None:
            return TillRule()
        tax, taxed, deposit, with_deposit = row
        return TillRule(
            tax_basis_points=tax,
            taxed_categories=_names(taxed),
            deposit_cents=deposit,
            deposit_categories=_names(with_deposit),
        )

    def set_till_rule(self, owner: str, rule: TillRule) -> None:
        """Keeps what the till adds for this person."""
        values = {
            "tax_basis_points": rule.tax_basis_points,
            "taxed_categories": msgspec.json.encode(rule.taxed_categories).decode(),
            "deposit_cents": rule.deposit_cents,
            "deposit_categories": msgspec.json.encode(rule.deposit_categories).decode(),
            "updated_at": self._now,
        }
        statement = insert_or(self._connection, till_rules).values(user_id=owner, **values)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["user_id"], set_=values)
        )


def _names(text: str) -> tuple[str, ...]:
    return tuple(msgspec.json.decode(text, type=list[str]))
