"""Keeping and checking the audit trail: who did what to which object, from where."""

from collections.abc import Sequence

import msgspec

from manciple.grocery.domain.people import AuditRow
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.errors import Refused
from manciple.platform.security.audit_chain import START, Entry, first_broken, sealed
from manciple.platform.security.checkpoints import Checkpoints

_LONGEST = 100


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """Something that somebody did; texts without secrets."""

    actor: str
    address: str
    action: str
    object_id: str = ""
    outcome: str = "done"
    details: str = ""


class Verified(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a look at the whole trail found.

    `first_broken` is the first entry that does not follow from the one before; `checkpoint` the
    entry that was noted outside of the database, and `problem` says what does not fit it.
    """

    entries: int
    newest_hash: str
    first_broken: int | None
    checkpoint: int | None
    problem: str | None

    @property
    def is_whole(self) -> bool:
        """Whether nothing was changed, removed, put in, or cut off."""
        return self.first_broken is None and self.problem is None


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

    def __init__(self, stores: Stores, checkpoints: Checkpoints) -> None:
        self._stores = stores
        self._checkpoints = checkpoints

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
            checkpoint, problem = self._compared(tx)
            return Verified(
                entries=tx.audit.count(),
                newest_hash=START if newest is None else newest[1],
                first_broken=broken,
                checkpoint=checkpoint,
                problem=problem,
            )

        return await self._stores.read(work)

    async def keep_checkpoint(self) -> str | None:
        """Notes the newest entry outside of the database; what keeps it from that, if anything.

        Of a new house that there is none yet: from then on a missing note was taken away.

        A trail that does not fit the note before is not noted: the note is the evidence.
        """

        def work(tx: Transaction) -> str | None:
            noted, problem = self._compared(tx)
            newest = tx.audit.newest() or (0, START)
            if problem is None and newest[0] != noted:
                self._checkpoints.keep(*newest)
            return problem

        return await self._stores.read(work)

    async def accept(self, deed: Deed) -> Verified:
        """Takes the trail as it stands, after a restored backup say; that is itself an entry.

        Raises:
            Refused: its own links do not hold.
        """
        if (await self.verify()).first_broken is not None:
            raise Refused("The links of the trail do not hold; there is nothing to accept")
        await self.note(deed)

        def work(tx: Transaction) -> None:
            if (newest := tx.audit.newest()) is not None:
                self._checkpoints.keep(*newest)

        await self._stores.read(work)
        return await self.verify()

    def _compared(self, tx: Transaction) -> tuple[int | None, str | None]:
        """The entry that was noted, and what does not fit it."""
        try:
            noted = self._checkpoints.kept()
        except ValueError as error:
            return None, str(error)
        if noted is None:
            is_new = tx.audit.newest() is None and tx.identities.is_empty()
            return None, None if is_new else "the note of the newest entry is missing"
        found = tx.audit.hash_of(noted.seq) if noted.seq else START
        if found is None:
            newest = tx.audit.newest()
            last = newest[0] if newest is not None else 0
            return noted.seq, f"entry {noted.seq} was there, and the trail ends with {last} now"
        if found != noted.hash:
            return noted.seq, f"entry {noted.seq} is another one than was noted"
        return noted.seq, None
