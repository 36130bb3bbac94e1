"""Carries out a plan that somebody said yes to: each step exactly once.

A step's change and the mark that it is done are one transaction. A plan that was interrupted goes
on where it stood, and one that is done only tells so again.
"""

import hmac
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from manciple.grocery.actions.carry_steps import CARRIERS
from manciple.grocery.actions.checkout import CheckedOut, CheckoutStatus
from manciple.grocery.actions.fill_list import Filled, TouchedList
from manciple.grocery.actions.lists import SeenList
from manciple.grocery.actions.see_session import SeenSession
from manciple.grocery.domain.list_filling import Added
from manciple.grocery.domain.plans import Plan, Step, money, resolved
from manciple.grocery.stores.plans import KeptPlan
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import Conflict, Refused

T = TypeVar("T")


class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """A plan that is done. `told` says what became of each step that is done now.

    `was_done` is true where it was carried out before and nothing happened now. `hand_over` is a
    quote that waits for its own yes.
    """

    plan: Plan
    made: tuple[str, ...]
    told: tuple[str, ...]
    was_done: bool = False
    hand_over: Step | None = None
    links: tuple[str, ...] = ()


class ConfirmPlan:
    """Confirms plans; `owner` is always the signed-in person."""

    def __init__(self, stores: Stores, clock: Clock) -> None:
        self._stores = stores
        self._clock = clock

    async def by_token(self, owner: str, token: str) -> Carried:
        """The plan of a token, carried out.

        Raises:
            NotFound: the owner has no plan of that token.
            Refused: it is too old, or was dropped for another.
            Conflict: what it is about changed since.
        """
        return await self._carry(
            await self._stores.read(lambda tx: tx.plans.by_token(token, owner=owner))
        )

    async def by_id(self, owner: str, plan_id: str) -> Carried:
        """The plan that waits in a conversation, carried out.

        Raises:
            NotFound: the owner has no such plan.
            Refused: it is too old, or was dropped for another.
            Conflict: what it is about changed since.
        """
        return await self._carry(
            await self._stores.read(lambda tx: tx.plans.by_id(plan_id, owner=owner))
        )

    async def _carry(self, kept: KeptPlan) -> Carried:
        plan = kept.plan
        if not hmac.compare_digest(plan.hash(), kept.plan_hash):
            raise Conflict("The plan", found="not the one that was shown")
        if kept.state == "done":
            return Carried(plan=plan, made=kept.made, told=(), was_done=True)
        if kept.state == "dropped":
            raise Refused("That plan was dropped; ask again")
        if kept.expires_at <= self._clock.now():
            raise Refused("That plan is too old; ask again")
        made, told = list(kept.made), list[str]()
        last: Any = None
        for number in range(kept.steps_done, len(plan.steps)):
            last = await self._step(plan, number, made)
            told.append(_told(last))
        return Carried(
            plan=plan,
            made=tuple(made),
            told=tuple(one for one in told if one),
            hand_over=_hand_over(last),
            links=last.handed_over.links
            if isinstance(last, CheckedOut) and last.handed_over
            else (),
        )

    async def _step(self, plan: Plan, number: int, made: list[str]) -> Any:
        """What one step gave; it is marked in the transaction of its change."""
        step = plan.steps[number]
        marking = _Marking(self._stores, plan, number, made)
        wanted = resolved(step.input, made)
        given = await CARRIERS[step.procedure](marking, self._clock, plan.user_id, wanted)
        await marking.settle(given)
        made.append(_made(given))
        return given


class _Marking(Stores):
    """Stores whose first write also marks a step of a plan as done."""

    def __init__(self, stores: Stores, plan: Plan, number: int, made: list[str]) -> None:
        self._inner = stores
        self._plan = plan
        self._number = number
        self._made = made
        self._is_marked = False

    async def read(self, work: Callable[[Transaction], T]) -> T:
        return await self._inner.read(work)

    async def write(self, work: Callable[[Transaction], T], *, durable: bool = False) -> T:
        def both(tx: Transaction) -> T:
            given = work(tx)
            if not self._is_marked:
                self._mark(tx, given)
            return given

        given = await self._inner.write(both, durable=durable)
        self._is_marked = True
        return given

    async def settle(self, given: object) -> None:
        """Marks the step if nothing had to be written for it."""
        if not self._is_marked:
            await self._inner.write(lambda tx: self._mark(tx, given))

    def _mark(self, tx: Transaction, given: object) -> None:
        tx.plans.advance(self._plan, self._number, [*self._made, _made(given)])


def _made(given: object) -> str:
    """The id that later steps may refer to."""
    if isinstance(given, SeenList):
        return given.list.list_id
    if isinstance(given, Filled | TouchedList):
        return given.seen.list.list_id
    if isinstance(given, SeenSession):
        return given.session.session_id
    return given.session.session_id if isinstance(given, CheckedOut) else ""


def _told(given: object) -> str:
    """What became of a step, where that is more than that it was done."""
    if isinstance(given, str):
        return given
    if isinstance(given, Filled):
        refused = [one.problem for one in given.outcomes if one.status is Added.REFUSED]
        return " ".join(f"Not added: {problem}." for problem in refused)
    if isinstance(given, TouchedList) and given.missing:
        return f"{len(given.missing)} of them were gone already."
    return _checkout_told(given) if isinstance(given, CheckedOut) else ""


def _checkout_told(given: CheckedOut) -> str:
    terms = given.quote.terms
    total = money(terms.till.total_cents)
    left_out = f" {len(terms.left_out)} lines cannot be handed over." if terms.left_out else ""
    missing = terms.items_without_price
    unknown = f" {missing} prices are not known." if missing else ""
    if given.status is CheckoutStatus.HANDED_OVER:
        return (
            f"Handed over: open the links to fill the shop's cart; nothing is ordered until you "
            f"order there. Quoted total {total}."
        )
    return (
        f"Quote: {len(terms.lines)} products, {total} by the prices known here.{unknown}{left_out}"
        " Shall I hand it over to the shop's cart? You order and pay there."
    )


def _hand_over(given: object) -> Step | None:
    if not isinstance(given, CheckedOut) or given.status is CheckoutStatus.HANDED_OVER:
        return None
    quote = given.quote
    confirmation = {"quoteId": quote.quote_id, "termsHash": quote.terms.hash()}
    wanted = {"sessionId": given.session.session_id, "confirmation": confirmation}
    return Step(procedure="walmartGrocery.processCheckout", input=wanted)
