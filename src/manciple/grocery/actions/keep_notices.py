"""Where and when somebody wants to be told: targets, kinds, quiet hours, and a test."""

from collections.abc import Sequence

import msgspec

from manciple.grocery.actions.ports import Messenger
from manciple.grocery.domain.notices import (
    MAX_NAME_CHARS,
    MAX_TARGETS,
    READER,
    NoticeKind,
    QuietHours,
    Target,
    checked_hours,
    masked,
)
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import InvalidInput, MancipleError, Refused
from manciple.kit.ids import new_id
from manciple.platform.security.vault import Vault

TARGET_PREFIX = "target"
_LOST = "unreadable://"
_TEST_TITLE, _TEST_BODY = "A test from manciple", "What you asked to be told arrives here."


class Notified(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a test arrived, as far as the service says."""

    is_sent: bool
    problem: str | None


class KeepNotices:
    """What a person does about being told; `owner` is always the signed-in person."""

    def __init__(self, stores: Stores, clock: Clock, messenger: Messenger, *, vault: Vault) -> None:
        self._stores = stores
        self._vault = vault
        self._clock = clock
        self._messenger = messenger

    async def add(
        self, owner: str, *, url: str, name: str | None, kinds: Sequence[NoticeKind] | None
    ) -> Target:
        """The new target; without `kinds` it is told everything.

        Raises:
            InvalidInput: the address or the name does not fit.
            Refused: the owner has as many as one may have, or Apprise is not installed.
        """
        await self._messenger.examine(url)
        target = Target(
            target_id=new_id(TARGET_PREFIX, self._clock),
            user_id=owner,
            name=_checked_name(name or masked(url).removesuffix("://…")),
            url=url,
            kinds=tuple(NoticeKind) if kinds is None else tuple(dict.fromkeys(kinds)),
            last_told_at=None,
            last_problem=None,
            created_at=self._clock.now(),
        )

        sealed = self._vault.sealed(url, of=target.target_id)

        def work(tx: Transaction) -> Target:
            tx.users.ensure(owner, display_name=owner)
            if tx.notices.count(owner) >= MAX_TARGETS:
                raise Refused(f"You have {MAX_TARGETS} targets; remove one first")
            if tx.notices.is_empty():
                # Nobody read the news until now; they begin with what comes next.
                tx.notices.set_position(READER, tx.outbox.newest_id())
            tx.notices.add(msgspec.structs.replace(target, url=sealed))
            return target

        return await self._stores.write(work)

    async def all(self, owner: str) -> tuple[Sequence[Target], QuietHours]:
        """A person's targets, oldest first, and the quiet hours."""
        targets, hours = await self._stores.read(
            lambda tx: (tx.notices.of_user(owner), tx.notices.hours(owner))
        )
        return [self._opened(target) for target in targets], hours

    async def update(
        self,
        owner: str,
        target_id: str,
        *,
        name: str | None,
        kinds: Sequence[NoticeKind] | None,
    ) -> Target:
        """The target as it is now.

        Raises:
            NotFound: the owner has none of that id.
            InvalidInput: the name does not fit.
        """

        def work(tx: Transaction) -> Target:
            found = tx.notices.by_id(target_id, owner=owner)
            changed = msgspec.structs.replace(
                found,
                name=found.name if name is None else _checked_name(name),
                kinds=found.kinds if kinds is None else tuple(dict.fromkeys(kinds)),
            )
            tx.notices.change(changed)
            return changed

        return self._opened(await self._stores.write(work))

    async def remove(self, owner: str, target_id: str) -> None:
        """Tells nothing there any more.

        Raises:
            NotFound: the owner has none of that id.
        """
        await self._stores.write(lambda tx: tx.notices.remove(target_id, owner=owner))

    async def set_hours(self, owner: str, hours: QuietHours) -> QuietHours:
        """The quiet hours as they are kept.

        Raises:
            InvalidInput: there is no such zone.
        """
        checked = checked_hours(hours)

        def work(tx: Transaction) -> QuietHours:
            tx.users.ensure(owner, display_name=owner)
            tx.notices.set_hours(owner, checked)
            return checked

        return await self._stores.write(work)

    async def test(self, owner: str, target_id: str) -> Notified:
        """Whether the target takes a message sent now, quiet hours or not.

        Raises:
            NotFound: the owner has none of that id.
        """
        target = await self._stores.read(lambda tx: tx.notices.by_id(target_id, owner=owner))
        problem: str | None = None
        try:
            url = self._vault.opened(target.url, of=target_id)
            await self._messenger.send(url, title=_TEST_TITLE, body=_TEST_BODY)
        except MancipleError as error:
            problem = str(error)

        def work(tx: Transaction) -> None:
            found = tx.notices.by_id(target_id, owner=owner)
            told_at = tx.now if problem is None else found.last_told_at
            changed = msgspec.structs.replace(found, last_told_at=told_at, last_problem=problem)
            tx.notices.change(changed)

        await self._stores.write(work)
        return Notified(is_sent=problem is None, problem=problem)

    def _opened(self, target: Target) -> Target:
        """The target with its address, or with none where the house lost the key."""
        try:
            url = self._vault.opened(target.url, of=target.target_id)
        except Refused:
            url = _LOST
        return msgspec.structs.replace(target, url=url)


def _checked_name(name: str) -> str:
    clean = " ".join(name.split())
    if not 1 <= len(clean) <= MAX_NAME_CHARS:
        raise InvalidInput.at("name", f"must have 1 to {MAX_NAME_CHARS} characters")
    return clean
