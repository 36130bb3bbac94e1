"""Notifications: kept for people, and sent as long as the process lives."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog
from sqlalchemy import Connection

from manciple.grocery.actions.keep_notices import KeepNotices
from manciple.grocery.actions.notify import QUEUE, SEND, Notify
from manciple.grocery.connectors.apprise_messenger import AppriseMessenger
from manciple.grocery.stores.stores import Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import MancipleError
from manciple.platform.db.database import Database
from manciple.platform.jobs.endings import Effect
from manciple.platform.jobs.handlers import Running
from manciple.platform.jobs.job import Job
from manciple.platform.jobs.worker import Worker, WorkerSettings
from manciple.services.house import House

# A busy house commits hundreds of times a second; one look serves all of a moment.
_MOMENT_S = 0.1
# Nobody minds when a message that waited out the night comes seconds later.
_POLL_S = 5.0

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def notifications_room(house: House) -> AsyncIterator[None]:
    """Sets what people do about being told."""
    own = house.settings.notifications
    messenger = AppriseMessenger(timeout_s=own.timeout_s, allow_inside=own.allow_inside)
    house.notices = KeepNotices(house.stores, house.clock, messenger, vault=house.security.vault)
    house.notify = Notify(house.stores, house.clock, messenger, vault=house.security.vault)
    yield


@asynccontextmanager
async def notifying(house: House) -> AsyncIterator[None]:
    """News become notifications, and those are sent, for the time of the block."""
    bell = asyncio.Event()
    bell.set()
    worker = notifier(house.notify, house.stores.database, house.clock)
    house.stores.on_written(bell.set)
    house.exchange.on_change(bell.set)
    reading = _read(house.notify, bell, worker.ring, house.clock)
    tasks = [asyncio.create_task(each) for each in (worker.run(), reading)]
    try:
        yield
    finally:
        tasks[1].cancel()
        await worker.stop(patience_s=0.5)
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _read(
    notify: Notify, bell: asyncio.Event, ring: Callable[[], None], clock: Clock
) -> None:
    """Reads the news whenever there are some, and rings for what they make, until cancelled."""
    while True:
        await bell.wait()
        bell.clear()
        try:
            if await notify.turn():
                ring()
        except MancipleError as error:
            _log.warning("notifications.turn.failed", problem=str(error))
        await clock.sleep(_MOMENT_S)


def notifier(notify: Notify, database: Database, clock: Clock) -> Worker:
    """A worker of the queue of notifications."""

    async def send(running: Running) -> Effect:
        effect = await notify.send(running)
        return lambda connection: effect(Transaction(connection, clock))

    def on_dead(connection: Connection, job: Job, error: str) -> None:
        notify.gone(Transaction(connection, clock), job, error)

    return Worker(
        database,
        clock,
        {SEND: send},
        queue=QUEUE,
        name=f"notify-{secrets.token_hex(6)}",
        settings=WorkerSettings(at_once=4, poll_s=_POLL_S),
        on_dead=on_dead,
    )
