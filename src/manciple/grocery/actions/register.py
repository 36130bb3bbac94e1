"""Taking people in: the first one, who owns the house, and those who were invited."""

import asyncio
import hmac
import re
import unicodedata

import msgspec

from manciple.grocery.actions.audit import Deed, note
from manciple.grocery.actions.share_lists import tell_of_member
from manciple.grocery.domain.people import LOCAL_ID, Identity
from manciple.grocery.stores.households import Invitation
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import Conflict, InvalidInput, NotAllowed
from manciple.kit.ids import new_id
from manciple.platform.security.passwords import Passwords, problem_with
from manciple.platform.security.permissions import Grant
from manciple.platform.security.tokens import fingerprint
from manciple.platform.security.visits import Visit

OWNER_GRANTS = (Grant.READ.value, Grant.WRITE.value, Grant.ADMIN.value)
MEMBER_GRANTS = (Grant.READ.value, Grant.WRITE.value)
_EMAIL = re.compile(r"[^@\s<>\"',;]{1,64}@[^@\s<>\"',;]{1,180}\.[^@\s<>\"',;.]{2,63}")
_MAX_NAME = 80


class NewPerson(msgspec.Struct, frozen=True, kw_only=True):
    """Who wants to be registered."""

    email: str
    password: str
    display_name: str


def settled_email(email: str) -> str:
    """An e-mail address as it is kept: without spaces around it, in lower case.

    Letters that keyboards compose or widen differently are the same, as in passwords.
    """
    return unicodedata.normalize("NFKC", email).strip().lower()


def checked(person: NewPerson) -> NewPerson:
    """The person with address and name as they are kept.

    Raises:
        InvalidInput: something does not fit.
    """
    email, name = settled_email(person.email), person.display_name.strip()
    if not _EMAIL.fullmatch(email) or not email.isprintable():
        raise InvalidInput.at("email", "must be an e-mail address")
    if not name or len(name) > _MAX_NAME or not name.isprintable():
        raise InvalidInput.at("displayName", f"must be a name of at most {_MAX_NAME} characters")
    check_password(person.password, about=(email, name))
    return NewPerson(email=email, password=person.password, display_name=name)


def check_password(password: str, *, about: tuple[str, ...], where: str = "password") -> None:
    """Returns if a new password may be taken.

    Raises:
        InvalidInput: it is too short, too long, or easily guessed.
    """
    problem = problem_with(password, about=about)
    if problem is not None:
        raise InvalidInput.at(where, problem)


class Register:
    """Registers people. `setup_code` is what the terminal told the owner of a new house."""

    def __init__(
        self,
        stores: Stores,
        clock: Clock,
        passwords: Passwords,
        *,
        hashing: asyncio.Semaphore,
        policy: str,
        setup_code: str,
    ) -> None:
        self._stores = stores
        self._clock = clock
        self._passwords = passwords
        self._hashing = hashing
        self._policy = policy
        self._setup_code = setup_code

    async def known(self, user_id: str) -> Identity:
        """Somebody who is registered.

        Raises:
            NotFound: nobody of that id is.
        """
        return await self._stores.read(lambda tx: tx.identities.by_id(user_id))

    async def set_up(self, code: str, person: NewPerson, visit: Visit) -> Identity:
        """The first person, who may do everything and takes over what the open house kept.

        Raises:
            NotAllowed: the code is wrong, or somebody was set up before.
            InvalidInput: something does not fit.
        """
        if not hmac.compare_digest(code.encode(), self._setup_code.encode()):
            deed = Deed(actor="", address=visit.address, action="auth.setup", outcome="wrong code")
            await self._stores.write(lambda tx: note(tx, deed))
            raise NotAllowed("the setup code that the terminal showed")
        return await self.add(person, grants=OWNER_GRANTS, only_first=True, by=visit)

    async def register(
        self, person: NewPerson, *, invitation: str | None, visit: Visit
    ) -> Identity:
        """A new person, in the household that the invitation is for.

        Raises:
            NotAllowed: there is no such invitation, and without one nobody is taken; or the house
                has no owner yet.
            Conflict: the address is somebody's already.
            InvalidInput: something does not fit.
        """
        if self._policy == "closed" or (self._policy == "invited" and invitation is None):
            raise NotAllowed("an invitation")
        return await self.add(person, grants=MEMBER_GRANTS, invitation=invitation, by=visit)

    async def add(
        self,
        person: NewPerson,
        *,
        grants: tuple[str, ...],
        by: Visit,
        invitation: str | None = None,
        only_first: bool = False,
    ) -> Identity:
        """The person, kept. The first of all takes the local user's id.

        Raises:
            NotAllowed: the invitation is none, somebody was set up before, or nobody was and the
                person would own nothing.
            Conflict: the address is somebody's already.
            InvalidInput: something does not fit.
        """
        person = checked(person)
        async with self._hashing:
            password_hash = await asyncio.to_thread(self._passwords.hash, person.password)
        user_id = new_id("user", self._clock)

        def work(tx: Transaction) -> Identity:
            is_first = tx.identities.is_empty()
            if only_first and not is_first:
                raise NotAllowed("a house without people")
            if is_first and Grant.ADMIN not in grants:
                raise NotAllowed("a house that has an owner; the owner is set up first")
            invited = None if invitation is None else _taken(tx, invitation)
            # Only now: whoever has no invitation learns nothing of who is registered.
            if tx.identities.by_email(person.email) is not None:
                raise Conflict("The address", found="somebody is registered with it")
            identity = Identity(
                user_id=LOCAL_ID if is_first else user_id,
                email=person.email,
                display_name=person.display_name,
                password_hash=password_hash,
                grants=grants,
                created_at=tx.now,
                disabled_at=None,
            )
            tx.identities.add(identity)
            if invited is not None:
                _join(tx, invited, identity.user_id)
            deed = Deed(
                actor=by.principal.user_id or identity.user_id,
                address=by.address,
                action="auth.register",
                object_id=identity.user_id,
            )
            note(tx, deed)
            return identity

        return await self._stores.write(work)


def _taken(tx: Transaction, invitation: str) -> Invitation:
    """The invitation, used up unless the transaction fails."""
    found = tx.households.take_invitation(fingerprint(invitation))
    if found is None:
        raise NotAllowed("an invitation that is not used and not too old")
    return found


def _join(tx: Transaction, found: Invitation, user_id: str) -> None:
    tx.households.admit(found.household_id, user_id, found.role)
    tell_of_member(tx, found.household_id, user_id, found.role)
