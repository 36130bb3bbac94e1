"""Tells people outside the house what happened: durably, once, and not while they sleep.

The outbox is read in order. For each event that somebody wants to hear of, a job is kept in the
transaction that moves the reader on; the jobs are sent, and tried again, by the queue.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from manciple.grocery.actions.ports import Messenger
from manciple.grocery.domain.notices import (
    READER,
    TOPICS,
    Notice,
    Target,
    notice_of,
    quiet_until,
)
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import NotFound
from manciple.platform.bus.outbox import Entry
from manciple.platform.jobs.handlers import Running
from manciple.platform.jobs.job import Job, NewJob
from manciple.platform.jobs.queue import Queue
from manciple.platform.security.vault import Vault

QUEUE = "notifications"
SEND = "send"
# Doubling from seconds: some six hours, then the target has a problem that people must look at.
_ATTEMPTS = 14
_CHUNK = 500

Effect = Callable[[Transaction], Any]


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """What a job of the queue sends, to whom."""

    target_id: str
    user_id: str
    notice: Notice


class Notify:
    """Turns events into notifications, and sends those."""

    def __init__(self, stores: Stores, clock: Clock, messenger: Messenger, *, vault: Vault) -> None:
        self._stores = stores
        self._vault = vault
        self._clock = clock
        self._messenger = messenger
        # What was read and tells nobody anything is not worth a commit.
        self._seen = 0

    async def turn(self) -> int:
        """Reads the news that were not read; how many notifications that makes."""
        kept = 0
        while True:
            last_id, is_news = await self._stores.read(lambda tx: _look_on(tx, self._seen))
            if is_news:
                kept += await self._stores.write(
                    lambda tx, last_id=last_id: _read_on(tx, self._seen, until=last_id)  # type: ignore[misc]  # of this turn
                )
            if last_id <= self._seen:
                return kept
            self._seen = last_id

    async def send(self, running: Running) -> Effect:
        """Sends what a job says; in quiet hours it is kept until they are over."""
        sending = msgspec.json.decode(running.job.payload, type=Sending)
        found = await self._stores.read(lambda tx: _at_hand(tx, sending))
        if found is None:
            return lambda _tx: None
        target, wait_s = found
        if wait_s is not None:
            return lambda tx: _keep(tx, target, sending.notice, key=f"late:{running.job.id}")
        url = self._vault.opened(target.url, of=target.target_id)
        await self._messenger.send(url, title=sending.notice.title, body=sending.notice.body)
        return lambda tx: _note(tx, sending, problem=None)

    def gone(self, tx: Transaction, job: Job, error: str) -> None:
        """Notes that a notification was given up."""
        _note(tx, msgspec.json.decode(job.payload, type=Sending), problem=error)


def _look_on(tx: Transaction, seen: int) -> tuple[int, bool]:
    """Up to where the next news go, and whether anybody may want to be told of any."""
    if tx.notices.is_empty():
        return tx.outbox.newest_id(), False
    entries = tx.outbox.after(max(seen, tx.notices.position(READER)), limit=_CHUNK)
    if not entries:
        return seen, False
    return entries[-1].id, any(entry.topic in TOPICS for entry in entries)


def _read_on(tx: Transaction, seen: int, *, until: int) -> int:
    """Keeps a job for each notification of the next news; how many there are."""
    begun = max(seen, tx.notices.position(READER))
    if until <= begun:
        # Another process was faster.
        return 0
    entries = tx.outbox.after(begun, limit=_CHUNK)
    tx.notices.set_position(READER, until)
    return sum(_tell(tx, entry) for entry in entries if entry.id <= until)


def _tell(tx: Transaction, entry: Entry) -> int:
    facts = msgspec.json.decode(entry.payload)
    notice = notice_of(entry.topic, facts) if isinstance(facts, dict) else None
    if notice is None:
        return 0
    targets = [
        target
        for user_id in _whom(tx, entry)
        for target in tx.notices.of_user(user_id)
        if notice.kind in target.kinds
    ]
    for target in targets:
        _keep(tx, target, notice, key=str(entry.id))
    return len(targets)


def _whom(tx: Transaction, entry: Entry) -> Sequence[str]:
    """Whom an event concerns: its owner, or who shares it and did not do it."""
    if entry.household_id is not None:
        members = tx.households.members(entry.household_id)
        return [one.user_id for one in members if one.user_id != entry.owner_id]
    return [] if entry.owner_id is None else [entry.owner_id]


def _keep(tx: Transaction, target: Target, notice: Notice, *, key: str) -> None:
    sending = Sending(target_id=target.target_id, user_id=target.user_id, notice=notice)
    until = quiet_until(tx.notices.hours(target.user_id), tx.now)
    job = NewJob(
        queue=QUEUE,
        kind=SEND,
        payload=sending,
        tenant=target.user_id,
        unique_key=f"{target.target_id}:{key}",
        delay_s=0.0 if until is None else (until - tx.now).total_seconds(),
        max_attempts=_ATTEMPTS,
    )
    Queue(tx.connection, tx.now).add(job)


def _at_hand(tx: Transaction, sending: Sending) -> tuple[Target, float | None] | None:
    """The target and the seconds of quiet that are left; None if it was removed."""
    try:
        target = tx.notices.by_id(sending.target_id, owner=sending.user_id)
    except NotFound:
        return None
    until = quiet_until(tx.notices.hours(sending.user_id), tx.now)
    return target, None if until is None else (until - tx.now).total_seconds()


def _note(tx: Transaction, sending: Sending, *, problem: str | None) -> None:
    try:
        target = tx.notices.by_id(sending.target_id, owner=sending.user_id)
    except NotFound:
        return
    told_at = tx.now if problem is None else target.last_told_at
    changed = msgspec.structs.replace(target, last_told_at=told_at, last_problem=problem)
    tx.notices.change(changed)
