"""Keeping and checking the audit trail: who did what to which object, from where."""

from collections.abc import Sequence

import msgspec

from manciple.grocery.domain.people import AuditRow
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.platform.security.audit_chain import START, Entry, first_broken, sealed

_LONGEST = 100


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """Something that somebody did; texts without secrets."""

    actor: str
    address: str
    action: str
    object_id: str = ""
    outcome: str = "done"
    details: str = ""


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What a look at the whole trail found; `first_broken` is None if every link holds."""

    entries: int
    newest_hash: str
    first_broken: int | None


def note(tx: Transaction, deed: Deed) -> None:
    """Adds a deed to the trail, in the transaction of the deed itself."""
    seq, previous = tx.audit.newest() or (0, START)
    entry = sealed(
        Entry(
            seq=seq + 1,
            at=tx.audit.now_text,
            actor=deed.actor[:64],
            address=deed.address[:64],
            action=deed.action[:60],
            object_id=deed.object_id[:_LONGEST],
            outcome=deed.outcome[:40],
            details=deed.details[:500],
            previous=previous,
        )
    )
    tx.audit.add(AuditRow(**msgspec.structs.asdict(entry)))


class AuditTrail:
    """The trail for those who may read it."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def note(self, deed: Deed) -> None:
        """Adds a deed that is done."""
        await self._stores.write(lambda tx: note(tx, deed))

    async def page(
        self, *, before: int | None, limit: int, actor: str | None = None
    ) -> Sequence[AuditRow]:
        """Up to `limit` entries, newest first; of one person, if `actor` names one."""
        return await self._stores.read(
            lambda tx: tx.audit.page(before=before, limit=limit, actor=actor)
        )

    async def verify(self) -> Verified:
        """Looks at every link of the chain."""

        def work(tx: Transaction) -> Verified:
            entries = (Entry(**msgspec.structs.asdict(row)) for row in tx.audit.all())
            broken = first_broken(entries)
            newest = tx.audit.newest()
            return Verified(
                entries=tx.audit.count(),
                newest_hash=START if newest is None else newest[1],
                first_broken=broken,
            )

        return await self._stores.read(work)
