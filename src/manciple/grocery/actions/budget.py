"""Envelopes of money: set, watched, filled by what was spent."""

from collections.abc import Sequence

import msgspec

from manciple.grocery.actions.lists import SeenList, see
from manciple.grocery.domain.aisles import department_of
from manciple.grocery.domain.budgets import (
    EVERYTHING,
    Envelope,
    EnvelopeState,
    Spending,
    category_key,
    checked_cents,
    checked_month,
    crossed_now,
    crossings,
    month_of,
    states,
)
from manciple.grocery.domain.events import BUDGET_CROSSED, budget_news
from manciple.grocery.domain.lists import MAX_TEXT_CHARS, ItemStatus, clean_text
from manciple.grocery.domain.preferences import clean_names
from manciple.grocery.domain.tills import BASIS_POINTS, TillRule
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import InvalidInput
from manciple.kit.ids import new_id

SPENDING_PREFIX = "spending"


class BudgetReport(msgspec.Struct, frozen=True, kw_only=True):
    """Every envelope of a month, what was spent in it, and what to be warned of."""

    month: str
    envelopes: tuple[EnvelopeState, ...]
    spendings: tuple[Spending, ...]
    warnings: tuple[str, ...]


class Budget:
    """What a person does with their budgets; `owner` is always the signed-in person."""

    def __init__(self, stores: Stores, clock: Clock) -> None:
        self._stores = stores
        self._clock = clock

    async def report(
        self, owner: str, *, month: str | None = None, list_id: str | None = None
    ) -> BudgetReport:
        """The envelopes of a month (this one); the open lines of a list count as planned.

        Raises:
            InvalidInput: the month is none.
            NotFound: the owner has no such list.
        """
        wanted = None if month is None else checked_month(month)

        def work(tx: Transaction) -> BudgetReport:
            planned: Sequence[tuple[str, int]] = ()
            if list_id is not None:
                planned = planned_of(see(tx, tx.lists.by_id(list_id, who=owner)))
            return report(tx, owner, month=wanted or month_of(tx.now), planned=planned)

        return await self._stores.read(work)

    async def set_envelope(
        self, owner: str, *, category: str | None, month: str | None, limit_cents: int | None
    ) -> BudgetReport:
        """The month's envelopes with this one set from that month on; None takes the limit away.

        Raises:
            InvalidInput: the category, the month or the limit does not fit.
        """
        key = category_key(category)
        first = None if month is None else checked_month(month)
        limit = None if limit_cents is None else checked_cents("limit", limit_cents)

        def work(tx: Transaction) -> BudgetReport:
            tx.users.ensure(owner, display_name=owner)
            from_month = first or month_of(tx.now)
            # "drinks" and "Drinks" are one envelope, under the name that it was first given.
            names = (one.category for one in tx.budgets.envelopes(owner))
            name = next((one for one in names if one.casefold() == key.casefold()), key)
            tx.budgets.set_envelope(
                owner, Envelope(category=name, from_month=from_month, limit_cents=limit)
            )
            tell_crossings(tx, owner, from_month)
            return report(tx, owner, month=from_month)

        return await self._stores.write(work)

    async def spend(
        self, owner: str, *, cents: int, category: str | None, month: str | None, note: str | None
    ) -> BudgetReport:
        """The month's envelopes with this spending, which no session knows of.

        Raises:
            InvalidInput: the amount, the category or the month does not fit.
        """
        checked_cents("amount", abs(cents), least=1)
        key = category_key(category)
        wanted = None if month is None else checked_month(month)
        spending_id = new_id(SPENDING_PREFIX, self._clock)

        def work(tx: Transaction) -> BudgetReport:
            tx.users.ensure(owner, display_name=owner)
            in_month = wanted or month_of(tx.now)
            spending = Spending(
                spending_id=spending_id,
                month=in_month,
                category=key,
                cents=cents,
                note=clean_text(note or "")[:MAX_TEXT_CHARS] or None,
                source=f"manual:{spending_id}",
                at=tx.now,
            )
            tx.budgets.spend(owner, [spending])
            tell_crossings(tx, owner, in_month)
            return report(tx, owner, month=in_month)

        return await self._stores.write(work)

    async def forget_spending(self, owner: str, spending_id: str) -> None:
        """Returns when the entry is out of its envelope.

        Raises:
            NotFound: the owner has no such entry.
        """

        def work(tx: Transaction) -> None:
            month = tx.budgets.forget_spending(owner, spending_id)
            tell_crossings(tx, owner, month)

        await self._stores.write(work)

    async def till_rule(self, owner: str) -> TillRule:
        """What the till adds for this person."""
        return await self._stores.read(lambda tx: tx.budgets.till_rule(owner))

    async def set_till_rule(self, owner: str, rule: TillRule) -> TillRule:
        """The rule as it is kept.

        Raises:
            InvalidInput: the tax is no share, the deposit is absurd, or a name does not fit.
        """
        if not 0 <= rule.tax_basis_points <= BASIS_POINTS:
            raise InvalidInput.at("taxPercent", "must be from 0 to 100")
        checked_cents("deposit", rule.deposit_cents)
        clean = msgspec.structs.replace(
            rule,
            taxed_categories=clean_names("taxedCategories", rule.taxed_categories),
            deposit_categories=clean_names("depositCategories", rule.deposit_categories),
        )

        def work(tx: Transaction) -> TillRule:
            tx.users.ensure(owner, display_name=owner)
            tx.budgets.set_till_rule(owner, clean)
            return clean

        return await self._stores.write(work)


def report(
    tx: Transaction, owner: str, *, month: str, planned: Sequence[tuple[str, int]] = ()
) -> BudgetReport:
    """Every envelope of a month with what is planned counted in."""
    spendings = tx.budgets.spendings(owner, month)
    found = states(tx.budgets.envelopes(owner), spendings, month=month, planned=planned)
    return BudgetReport(
        month=month, envelopes=found, spendings=tuple(spendings), warnings=crossings(found)
    )


def tell_crossings(tx: Transaction, owner: str, month: str) -> None:
    """Tells of envelopes that were crossed just now, each once."""
    found = states(tx.budgets.envelopes(owner), tx.budgets.spendings(owner, month), month=month)
    fresh, rested = crossed_now(found, tx.budgets.told_crossings(owner, month))
    for one in fresh:
        news = budget_news(owner, month, one)
        tx.outbox.add(BUDGET_CROSSED, news, key=f"{month}:{one.category}"[:100], owner_id=owner)
    tx.budgets.note_crossings(owner, month, told=[one.category for one in fresh], rested=rested)


def planned_of(seen: SeenList) -> list[tuple[str, int]]:
    """What the open lines of a list cost, each in its department."""
    cents = {line.item_id: line.cents for line in seen.estimate.lines}
    return [
        (department_of(seen.products.get(item.product_id or "")) or EVERYTHING, known)
        for item in seen.list.items
        if item.status is ItemStatus.PENDING and (known := cents.get(item.item_id)) is not None
    ]
