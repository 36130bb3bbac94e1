"""Signing in by a password, changing it, and what a wrong one costs."""

import asyncio
from datetime import timedelta

from manciple.grocery.actions.audit import Deed, note
from manciple.grocery.actions.keep_sign_ins import Entrance, KeepSignIns
from manciple.grocery.actions.register import check_password, settled_email
from manciple.grocery.domain.people import Identity
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.errors import InvalidInput, NotSignedIn, TooMany
from manciple.platform.security import lockout
from manciple.platform.security.addresses import limit_key
from manciple.platform.security.passwords import Passwords, Verdict
from manciple.platform.security.tokens import fingerprint
from manciple.platform.security.visits import Visit

_WRONG = "The e-mail address or the password is wrong"
_WRONG_PASSWORD = "The password is wrong"  # noqa: S105 - what is said of one


class SignPeopleIn:
    """Whatever takes a password."""

    def __init__(
        self,
        stores: Stores,
        sign_ins: KeepSignIns,
        *,
        passwords: Passwords,
        hashing: asyncio.Semaphore,
    ) -> None:
        self._stores = stores
        self._sign_ins = sign_ins
        self._passwords = passwords
        self._hashing = hashing

    async def sign_in(
        self, email: str, password: str, *, visit: Visit, as_browser: bool = False
    ) -> Entrance:
        """A new session for whoever knows the password.

        Raises:
            NotSignedIn: address or password is wrong; which, is not said.
            TooMany: after too many wrong ones.
        """
        email = settled_email(email)
        found, keys = await self._stores.write(lambda tx: self._count_try(tx, email, visit))
        verdict = await self._verified(password, found)
        deed = Deed(
            actor=found.user_id if found else "",
            address=visit.address,
            action="auth.signIn",
            outcome="wrong password" if found else "unknown address",
        )

        def work(tx: Transaction) -> Entrance | None:
            if found is None or not verdict.is_right or not _is_as_found(tx, found):
                note(tx, deed)
                return None
            tx.identities.forgive(*keys)
            if verdict.upgraded is not None:
                tx.identities.set_password(found.user_id, verdict.upgraded)
            return self._sign_ins.begin(tx, found, visit, as_browser=as_browser)

        entrance = await self._stores.write(work)
        if entrance is None:
            raise NotSignedIn(_WRONG)
        return entrance

    async def confirm(self, user_id: str, password: str, *, visit: Visit, action: str) -> Identity:
        """The person, who said their password once more for an `action`.

        Raises:
            NotSignedIn: it is wrong.
            TooMany: after too many wrong ones.
            NotFound: the user has no password, as the one of an open house.
        """
        known = await self._stores.read(lambda tx: tx.identities.by_id(user_id))
        found, keys = await self._stores.write(lambda tx: self._count_try(tx, known.email, visit))
        verdict = await self._verified(password, found)

        def work(tx: Transaction) -> bool:
            is_right = verdict.is_right and _is_as_found(tx, known)
            if is_right:
                tx.identities.forgive(*keys)
            else:
                note(tx, _deed(visit, user_id, action, outcome="wrong password"))
            return is_right

        if not await self._stores.write(work):
            raise NotSignedIn(_WRONG_PASSWORD)
        return known

    async def change_password(self, user_id: str, old: str, new: str, *, visit: Visit) -> None:
        """Keeps a new password, and ends every session but this one.

        Raises:
            NotSignedIn: the old one is wrong.
            TooMany: after too many wrong ones.
            InvalidInput: the new one does not fit.
            NotFound: the user has no password, as the one of an open house.
        """
        known = await self.confirm(user_id, old, visit=visit, action="auth.changePassword")
        check_password(new, about=(known.email, known.display_name), where="newPassword")
        if new == old:
            raise InvalidInput.at("newPassword", "must differ from the old one")
        async with self._hashing:
            new_hash = await asyncio.to_thread(self._passwords.hash, new)

        def work(tx: Transaction) -> list[str]:
            if not _is_as_found(tx, known):
                raise NotSignedIn(_WRONG_PASSWORD)
            tx.identities.set_password(user_id, new_hash)
            note(tx, _deed(visit, user_id, "auth.changePassword"))
            return tx.sign_ins.end_sessions(user_id, why="password changed", but=visit.session_id)

        self._sign_ins.tell(await self._stores.write(work))

    def _count_try(
        self, tx: Transaction, email: str, visit: Visit
    ) -> tuple[Identity | None, tuple[str, str]]:
        """Counts a try before it is looked at, so that many at once do not slip through.

        Raises:
            TooMany: it is too early for another one.
        """
        keys = (fingerprint(f"{email}\n{limit_key(visit.address)}"), fingerprint(email))
        since = tx.now - timedelta(seconds=lockout.FORGET_AFTER_S)
        for key, free in zip(
            keys, (lockout.FREE_TRIES, lockout.FREE_TRIES_OF_ACCOUNT), strict=True
        ):
            failures, last_at = tx.identities.failures(key, since=since)
            wait_s = lockout.wait_s(failures, free=free)
            left_s = wait_s - (tx.now - last_at).total_seconds() if last_at else 0.0
            if left_s > 0:
                raise TooMany(wait_s=left_s)
        for key in keys:
            tx.identities.count_failure(key, since=since)
        return tx.identities.by_email(email), keys

    async def _verified(self, password: str, found: Identity | None) -> Verdict:
        known = None if found is None or found.disabled_at is not None else found.password_hash
        async with self._hashing:
            return await asyncio.to_thread(self._passwords.verify, password, known)


def _is_as_found(tx: Transaction, found: Identity) -> bool:
    """Whether somebody may still come in by the password that was looked at.

    Looking at it takes a while, longer where many wait, and they may change it meanwhile or be
    shut out.
    """
    now_is = tx.identities.by_email(found.email)
    if now_is is None or now_is.disabled_at is not None:
        return False
    return now_is.password_hash == found.password_hash


def _deed(visit: Visit, user_id: str, action: str, *, outcome: str = "done") -> Deed:
    return Deed(
        actor=user_id, address=visit.address, action=action, object_id=user_id, outcome=outcome
    )
