"""Plans, kept from the sentence to its yes; and what of them is carried out already."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from manciple.grocery.domain.plans import PLAN_LIFE_S, Plan
from manciple.grocery.stores.schema_agent import agent_plans
from manciple.kit.errors import Conflict, NotFound

_p = agent_plans.c


class KeptPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A plan as it stands; `made` is what its first steps made, in their order."""

    plan: Plan
    plan_hash: str
    made: tuple[str, ...]
    steps_done: int
    state: str
    expires_at: datetime


class Plans:
    """The plans inside one transaction; `owner` is always the signed-in person."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(self, plan: Plan, *, token: str) -> datetime:
        """Keeps a plan that `token` confirms, and drops the one that waited; when it expires."""
        self.drop_open(plan.user_id)
        expires_at = self._now + timedelta(seconds=PLAN_LIFE_S)
        self._connection.execute(
            insert(agent_plans),
            {
                "id": plan.plan_id,
                "user_id": plan.user_id,
                "token_hash": _hash(token),
                "plan_hash": plan.hash(),
                "plan": msgspec.json.encode(plan).decode(),
                "created_at": self._now,
                "expires_at": expires_at,
            },
        )
        return expires_at

    def by_token(self, token: str, *, owner: str) -> KeptPlan:
        """The plan that a token confirms.

        Raises:
            NotFound: no plan of the owner has it.
        """
        return self._one(_p.token_hash == _hash(token), owner, told="of that token")

    def by_id(self, plan_id: str, *, owner: str) -> KeptPlan:
        """One plan.

        Raises:
            NotFound: the owner has none of that id.
        """
        return self._one(_p.id == plan_id, owner, told=plan_id)

    def advance(self, plan: Plan, step: int, made: Sequence[str]) -> None:
        """Marks the step as carried out; the plan is done with its last.

        Raises:
            Conflict: somebody else carried it out meanwhile.
        """
        is_last = step + 1 == len(plan.steps)
        done = self._connection.execute(
            update(agent_plans)
            .where(_p.id == plan.plan_id, _p.steps_done == step, _p.state == "open")
            .values(
                steps_done=step + 1,
                made=msgspec.json.encode(list(made)).decode(),
                state="done" if is_last else "open",
            )
        )
        if done.rowcount != 1:
            raise Conflict("The plan", found="already carried out")

    def drop_open(self, owner: str) -> int:
        """Drops the plans that wait for a yes; how many there were."""
        statement = (
            update(agent_plans)
            .where(_p.user_id == owner, _p.state == "open", _p.steps_done == 0)
            .values(state="dropped")
        )
        return self._connection.execute(statement).rowcount

    def forget(self, *, before: datetime) -> int:
        """Deletes plans from before an instant; how many there were."""
        statement = delete(agent_plans).where(_p.created_at < before)
        return self._connection.execute(statement).rowcount

    def erase(self, owner: str) -> int:
        """Deletes all plans of a person; how many there were."""
        statement = delete(agent_plans).where(_p.user_id == owner)
        return self._connection.execute(statement).rowcount

    def _one(self, which: ColumnElement[bool], owner: str, *, told: str) -> KeptPlan:
        row = self._connection.execute(
            select(_p.plan, _p.plan_hash, _p.made, _p.steps_done, _p.state, _p.expires_at).where(
                which, _p.user_id == owner
            )
        ).one_or_none()
        if row is None:
            raise NotFound("plan", told)
        body, plan_hash, made, steps_done, state, expires_at = row
        return KeptPlan(
            plan=msgspec.json.decode(body, type=Plan),
            plan_hash=plan_hash,
            made=msgspec.json.decode(made, type=tuple[str, ...]),
            steps_done=steps_done,
            state=state,
            expires_at=expires_at,
        )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
