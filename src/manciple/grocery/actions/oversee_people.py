"""Looking after those who can sign in: a lost password, and who is let in no more."""

import asyncio

from manciple.grocery.actions.audit import Deed, note
from manciple.grocery.actions.register import check_password, settled_email
from manciple.grocery.domain.people import Identity
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import NotFound, Refused
from manciple.platform.security.passwords import Passwords
from manciple.platform.security.permissions import Grant
from manciple.platform.security.revocations import Revocations
from manciple.platform.security.tokens import fingerprint
from manciple.platform.security.visits import Visit


class OverseePeople:
    """What the owner of the machine does about people; nobody does it to themselves."""

    def __init__(
        self, stores: Stores, clock: Clock, *, passwords: Passwords, revocations: Revocations
    ) -> None:
        self._stores = stores
        self._clock = clock
        self._passwords = passwords
        self._revocations = revocations

    async def set_password(self, email: str, password: str, *, by: Visit) -> Identity:
        """Keeps a new password for who lost theirs, and ends all their sessions.

        Raises:
            NotFound: nobody has this address.
            InvalidInput: the password does not fit.
        """
        known = await self._stores.read(lambda tx: _person(tx, email))
        check_password(password, about=(known.email, known.display_name))
        password_hash = await asyncio.to_thread(self._passwords.hash, password)

        def work(tx: Transaction) -> list[str]:
            tx.identities.set_password(known.user_id, password_hash)
            tx.identities.forgive(fingerprint(known.email or ""))
            note(tx, _deed(by, "user.setPassword", known.user_id))
            return tx.sign_ins.end_sessions(known.user_id, why="password set")

        self._tell(await self._stores.write(work))
        return known

    async def shut_out(self, email: str, *, by: Visit) -> Identity:
        """Lets somebody in no more: their sessions and tokens end, what is theirs stays.

        Raises:
            NotFound: nobody has this address.
            Refused: nobody else looks after the house.
        """

        def work(tx: Transaction) -> tuple[Identity, list[str]]:
            known = _person(tx, email)
            require_other_administrator(tx, known.user_id)
            tx.identities.set_disabled(known.user_id, is_disabled=True)
            note(tx, _deed(by, "user.disable", known.user_id))
            tokens = [token.token_id for token in tx.sign_ins.tokens(known.user_id)]
            tx.sign_ins.end(tokens, why="disabled")
            return known, tokens + tx.sign_ins.end_sessions(known.user_id, why="disabled")

        known, ended = await self._stores.write(work)
        self._tell(ended)
        return known

    async def let_in(self, email: str, *, by: Visit) -> Identity:
        """Lets somebody in again, with the password that they had.

        Raises:
            NotFound: nobody has this address.
        """

        def work(tx: Transaction) -> Identity:
            known = _person(tx, email)
            tx.identities.set_disabled(known.user_id, is_disabled=False)
            note(tx, _deed(by, "user.enable", known.user_id))
            return known

        return await self._stores.write(work)

    def _tell(self, ended: list[str]) -> None:
        self._revocations.add(ended, now_s=self._clock.now().timestamp())


def require_other_administrator(tx: Transaction, user_id: str) -> None:
    """Returns if the house has an administrator without this person.

    Raises:
        Refused: it has none.
    """
    administrators = [
        one.user_id
        for one in tx.identities.all()
        if Grant.ADMIN in one.grants and one.disabled_at is None
    ]
    if administrators == [user_id]:
        raise Refused("Nobody else looks after this house; register another administrator first")


def _person(tx: Transaction, email: str) -> Identity:
    known = tx.identities.by_email(settled_email(email))
    if known is None:
        raise NotFound("person", email)
    return known


def _deed(visit: Visit, action: str, object_id: str) -> Deed:
    actor = visit.principal.user_id or ""
    return Deed(actor=actor, address=visit.address, action=action, object_id=object_id)
