"""What is done once in a house, however many processes it has.

Health is told, old news go, and the audit trail is noted and looked after.
"""

from datetime import datetime, timedelta
from functools import partial

import msgspec
import structlog

from manciple.api.shapes_events import HealthChanged
from manciple.grocery.actions.audit import AuditTrail
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.services.health import HouseWatch
from manciple.services.settings_of_house import EventSettings, SecuritySettings

# The specification's interval of health checks.
HEALTH_EVERY_S = 30.0
# Small enough that nobody waits for the database meanwhile.
_FORGOTTEN_AT_ONCE = 2000
_REST_S = 0.05
# What was done in this time before a break-in is not yet vouched for outside of the database.
CHECKPOINT_EVERY_S = 2.0
# Sessions live for days; ten seconds more are none, and nobody waits for it.
OVERDUE_EVERY_S = 10.0
# Beyond the life of the last token that a revoked session gave; clocks may be turned meanwhile.
_KEEP_ACCESS_CHANGES = timedelta(days=1)

_log = structlog.get_logger(__name__)


class TellHealth:
    """Tells how the house is, whenever it or one of its parts is in another state."""

    def __init__(self, stores: Stores, watch: HouseWatch) -> None:
        self._stores = stores
        self._watch = watch
        self._told: HealthChanged | None = None

    async def turn(self) -> None:
        """Looks once.

        Raises:
            Unavailable: the database cannot take the news; the next turn tells it.
        """
        report = msgspec.to_builtins(await self._watch.health())
        parts = {name: part["status"] for name, part in report["services"].items()}
        found = HealthChanged(status=report["status"], services=parts)
        if found != self._told:
            await self._stores.write(partial(_add_health, found=found))
            self._told = found


class ForgetNews:
    """Deletes news that are older than the house keeps, a little at a time."""

    def __init__(self, stores: Stores, clock: Clock, settings: EventSettings) -> None:
        self._stores = stores
        self._clock = clock
        self._keep = timedelta(days=settings.keep_days)

    async def turn(self) -> None:
        """Deletes what is too old by now.

        Raises:
            Unavailable: the database is busy; the next turn goes on.
        """
        while await forget_some(self._stores, self._clock.now() - self._keep):
            await self._clock.sleep(_REST_S)


class EndTheOverdue:
    """Ends sessions and tokens that ran out, so that every process closes what they opened."""

    def __init__(self, stores: Stores, settings: SecuritySettings) -> None:
        self._stores = stores
        self._idle_s = float(settings.idle_s)

    async def turn(self) -> None:
        """Looks once.

        Raises:
            Unavailable: the database is busy; the next turn does it.
        """
        found = await self._stores.read(lambda tx: tx.sign_ins.overdue(idle_s=self._idle_s))
        if found:
            await self._stores.write(lambda tx: tx.sign_ins.end(found, why="ran out"))


class ForgetTheOutdated:
    """Deletes what was revoked so long ago that no token can name it, and what old calls left.

    Where somebody was signed in stays on the audit trail.
    """

    def __init__(self, stores: Stores, clock: Clock, settings: SecuritySettings) -> None:
        self._stores = stores
        self._clock = clock
        self._keep = _KEEP_ACCESS_CHANGES + timedelta(seconds=settings.access_token_s)

    async def turn(self) -> None:
        """Deletes what is too old by now.

        Raises:
            Unavailable: the database is busy; the next turn does it.
        """
        before, now_s = self._clock.now() - self._keep, self._clock.monotonic()

        def work(tx: Transaction) -> None:
            tx.access_changes.forget(before=before)
            tx.sign_ins.forget(before=before)
            tx.idempotency.forget_before(before)
            tx.rate_counts.forget(now_s=now_s)

        await self._stores.write(work)


class NoteAudit:
    """Notes the newest audit entry outside of the database; says once what keeps it from that."""

    def __init__(self, audit: AuditTrail) -> None:
        self._audit = audit
        self._told: str | None = None

    async def turn(self) -> None:
        """Compares and notes once.

        Raises:
            Unavailable: the database cannot be read; the next turn does it.
        """
        try:
            problem = await self._audit.keep_checkpoint()
        except OSError as error:
            problem = str(error)
        if problem is not None and problem != self._told:
            _log.error("security.audit.broken", problem=problem)
        self._told = problem


async def forget_some(stores: Stores, before: datetime) -> int:
    """How many of the news from before an instant were deleted; asked until it is none."""
    return await stores.write(lambda tx: tx.outbox.forget(before=before, most=_FORGOTTEN_AT_ONCE))


def _add_health(tx: Transaction, found: HealthChanged) -> None:
    tx.outbox.add("system.health", found, key="house")
