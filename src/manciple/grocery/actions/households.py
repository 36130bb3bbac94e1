"""Living together: make a household, invite, join, leave; who may do so is decided here."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from manciple.grocery.actions.audit import Deed, note
from manciple.grocery.actions.share_lists import take_back, tell_of_member
from manciple.grocery.domain.people import Household, Member, OpenInvitation
from manciple.grocery.domain.sharing import Role
from manciple.grocery.stores.households import Invitation, invitation_id
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import InvalidInput, NotAllowed, NotFound, Refused
from manciple.kit.ids import new_id
from manciple.platform.security.tokens import INVITATION_PREFIX, fingerprint, new_secret
from manciple.platform.security.visits import Visit

_INVITED_FOR = timedelta(days=7)
_MAX_NAME = 80
_MAX_HOUSEHOLDS = 20
# More wait for nobody who is expected.
_MAX_INVITATIONS = 50


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation as it is shown, once."""

    code: str
    invitation_id: str
    role: str
    expires_at: datetime


class LiveTogether:
    """What people do with households. A household that is not theirs is not there for them."""

    def __init__(self, stores: Stores, clock: Clock) -> None:
        self._stores = stores
        self._clock = clock

    async def mine(self, user_id: str) -> Sequence[Household]:
        """The households of a person, oldest first."""
        return await self._stores.read(lambda tx: tx.households.of_user(user_id))

    async def create(self, user_id: str, name: str, *, visit: Visit) -> Household:
        """A new household with its owner.

        Raises:
            InvalidInput: the name does not fit.
            Refused: the person has too many.
        """
        name = name.strip()
        if not name or len(name) > _MAX_NAME or not name.isprintable():
            raise InvalidInput.at("name", f"must have 1 to {_MAX_NAME} characters")
        household_id = new_id("household", self._clock)

        def work(tx: Transaction) -> Household:
            _require_room(tx, user_id)
            tx.users.add_household(household_id, name, owner_id=user_id)
            tell_of_member(tx, household_id, user_id, Role.OWNER)
            note(tx, _deed(visit, user_id, "households.create", household_id))
            return Household(household_id=household_id, name=name, role="owner")

        return await self._stores.write(work)

    async def members(self, user_id: str, household_id: str) -> Sequence[Member]:
        """Everybody in a household of this person.

        Raises:
            NotFound: the person is in no such household.
        """

        def work(tx: Transaction) -> Sequence[Member]:
            _role(tx, household_id, user_id)
            return tx.households.members(household_id)

        return await self._stores.read(work)

    async def invite(self, user_id: str, household_id: str, *, role: str, visit: Visit) -> Invited:
        """A code that lets one person join within a week.

        Raises:
            NotFound: the person is in no such household.
            NotAllowed: the person does not own it.
            Refused: too many invitations of the household are open.
        """
        code = new_secret(INVITATION_PREFIX)
        code_hash = fingerprint(code)

        def work(tx: Transaction) -> Invited:
            _require_owner(tx, household_id, user_id)
            tx.households.forget_spent(household_id)
            if len(tx.households.open_invitations(household_id)) >= _MAX_INVITATIONS:
                problem = f"{_MAX_INVITATIONS} invitations are open; withdraw one, or wait a week"
                raise Refused(problem)
            expires_at = tx.now + _INVITED_FOR
            invitation = Invitation(household_id=household_id, role=role, expires_at=expires_at)
            tx.households.invite(invitation, code_hash=code_hash, by=user_id)
            note(tx, _deed(visit, user_id, "households.invite", household_id))
            return Invited(
                code=code,
                invitation_id=invitation_id(code_hash),
                role=role,
                expires_at=expires_at,
            )

        return await self._stores.write(work)

    async def invitations(self, user_id: str, household_id: str) -> Sequence[OpenInvitation]:
        """The open invitations of a household, oldest first, without their codes.

        Raises:
            NotFound: the person is in no such household.
            NotAllowed: the person does not own it.
        """

        def work(tx: Transaction) -> Sequence[OpenInvitation]:
            _require_owner(tx, household_id, user_id)
            return tx.households.open_invitations(household_id)

        return await self._stores.read(work)

    async def withdraw(
        self, user_id: str, household_id: str, *, which: str, visit: Visit
    ) -> Sequence[OpenInvitation]:
        """The open invitations of a household without the one that was withdrawn.

        Raises:
            NotFound: the person is in no such household, or it has no such open invitation.
            NotAllowed: the person does not own it.
        """

        def work(tx: Transaction) -> Sequence[OpenInvitation]:
            _require_owner(tx, household_id, user_id)
            if not tx.households.withdraw(household_id, which):
                raise NotFound("invitation", which)
            note(tx, _deed(visit, user_id, "households.withdraw", household_id))
            return tx.households.open_invitations(household_id)

        return await self._stores.write(work)

    async def join(self, user_id: str, code: str, *, visit: Visit) -> Sequence[Household]:
        """The households of a person who took an invitation.

        Raises:
            NotFound: there is no such invitation, it was used or is too old, or who made it may
                invite no more.
            Conflict: the person is in already.
            Refused: the person is in too many households.
        """

        def work(tx: Transaction) -> Sequence[Household]:
            found = tx.households.take_invitation(fingerprint(code))
            if found is None:
                raise NotFound("invitation", code[:12])
            _require_room(tx, user_id)
            tx.households.admit(found.household_id, user_id, found.role)
            tell_of_member(tx, found.household_id, user_id, found.role)
            note(tx, _deed(visit, user_id, "households.join", found.household_id))
            return tx.households.of_user(user_id)

        return await self._stores.write(work)

    async def set_role(
        self, user_id: str, household_id: str, *, whose: str, role: str, visit: Visit
    ) -> Sequence[Member]:
        """The members, one of them with another role.

        Raises:
            NotFound: the person is in no such household, or nobody of that id is.
            NotAllowed: the person does not own it.
            Refused: the last owner would own it no more.
        """

        def work(tx: Transaction) -> Sequence[Member]:
            _require_owner(tx, household_id, user_id)
            before = _role(tx, household_id, whose)
            if before == Role.OWNER and role != Role.OWNER:
                _require_other_owner(tx, household_id)
            tx.households.set_role(household_id, whose, role)
            tell_of_member(tx, household_id, whose, role)
            note(tx, _deed(visit, user_id, "households.setRole", household_id))
            return tx.households.members(household_id)

        return await self._stores.write(work)

    async def remove(
        self, user_id: str, household_id: str, *, whose: str, visit: Visit
    ) -> Sequence[Household]:
        """The households of a person who left one, or showed somebody out.

        Raises:
            NotFound: the person is in no such household, or nobody of that id is.
            NotAllowed: the person shows another one out and does not own it.
            Refused: the last owner would leave.
        """

        def work(tx: Transaction) -> Sequence[Household]:
            if whose != user_id:
                _require_owner(tx, household_id, user_id)
            if _role(tx, household_id, whose) == Role.OWNER:
                _require_other_owner(tx, household_id)
            take_back(tx, whose, household_id=household_id)
            tx.households.dismiss(household_id, whose)
            tell_of_member(tx, household_id, whose, None)
            note(tx, _deed(visit, user_id, "households.remove", household_id))
            return tx.households.of_user(user_id)

        return await self._stores.write(work)


def _role(tx: Transaction, household_id: str, user_id: str) -> str:
    role = tx.households.role(household_id, user_id)
    if role is None:
        raise NotFound("household", household_id)
    return role


def _require_owner(tx: Transaction, household_id: str, user_id: str) -> None:
    if _role(tx, household_id, user_id) != Role.OWNER:
        raise NotAllowed("to own the household")


def _require_room(tx: Transaction, user_id: str) -> None:
    if len(tx.households.of_user(user_id)) >= _MAX_HOUSEHOLDS:
        raise Refused(f"You are in {_MAX_HOUSEHOLDS} households; leave one first")


def _require_other_owner(tx: Transaction, household_id: str) -> None:
    if tx.households.owners(household_id) < 2:  # noqa: PLR2004 - one more than the one who goes
        raise Refused("A household keeps at least one owner")


def _deed(visit: Visit, actor: str, action: str, household_id: str) -> Deed:
    return Deed(actor=actor, address=visit.address, action=action, object_id=household_id)
