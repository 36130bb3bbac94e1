"""What a person may ask of their own data: to have it all, and to have it all erased."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from manciple.grocery.actions.audit import Deed, note
from manciple.grocery.actions.keep_sign_ins import KeepSignIns
from manciple.grocery.actions.oversee_people import require_other_administrator
from manciple.grocery.actions.share_lists import take_back, tell_of_member
from manciple.grocery.actions.sign_in import SignPeopleIn
from manciple.grocery.domain.sharing import Role
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.errors import Refused
from manciple.platform.jobs.desk import Desk
from manciple.platform.security.visits import Visit


class HandedOut(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is kept of a person, by the tables in which it is."""

    at: datetime
    kept: Mapping[str, Sequence[Mapping[str, Any]]]


class TakeLeave:
    """What people do with all that is theirs."""

    def __init__(self, stores: Stores, sign_in: SignPeopleIn, sign_ins: KeepSignIns) -> None:
        self._stores = stores
        self._sign_in = sign_in
        self._sign_ins = sign_ins

    async def hand_out(self, user_id: str) -> HandedOut:
        """Everything of a person, but hashes of secrets."""
        return await self._stores.read(
            lambda tx: HandedOut(at=tx.now, kept=tx.belongings.of(user_id))
        )

    async def erase(self, user_id: str, password: str, *, visit: Visit) -> None:
        """Returns when nothing of a person is left but their id on the audit trail.

        Raises:
            NotSignedIn: the password is wrong.
            TooMany: after too many wrong ones.
            NotFound: the user has no password, as the one of an open house.
            Refused: nobody else could look after the house, or after a household.
        """
        await self._sign_in.confirm(user_id, password, visit=visit, action="auth.deleteAccount")

        def work(tx: Transaction) -> list[str]:
            require_other_administrator(tx, user_id)
            for household in tx.households.of_user(user_id):
                _leave(tx, household.household_id, user_id)
            deed = Deed(
                actor=user_id,
                address=visit.address,
                action="auth.deleteAccount",
                object_id=user_id,
            )
            note(tx, deed)
            ended = tx.sign_ins.end_sessions(user_id, why="erased")
            tx.belongings.erase(user_id)
            Desk(tx.connection, tx.now, tenant=user_id).forget_mine()
            return ended

        self._sign_ins.tell(await self._stores.write(work, durable=True))


def _leave(tx: Transaction, household_id: str, user_id: str) -> None:
    """Leaves a household; one in which nobody else lives ends."""
    if len(tx.households.members(household_id)) == 1:
        take_back(tx, user_id, household_id=household_id)
        tx.households.end(household_id)
        return
    is_owner = tx.households.role(household_id, user_id) == Role.OWNER
    if is_owner and tx.households.owners(household_id) == 1:
        raise Refused("You alone own a household in which others live; make one of them its owner")
    take_back(tx, user_id, household_id=household_id)
    tx.households.dismiss(household_id, user_id)
    tell_of_member(tx, household_id, user_id, None)
