"""Answers kept in memory for a while: bounded, one maker at a time, dropped by what they show.

An answer is bytes, ready to be sent. It carries tags (the ids of the products it shows); when one
of them changes, `drop` forgets every answer that shows it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Protocol

import structlog

from manciple.kit.clock import Clock

# Measured with tracemalloc on 5,000 searches of 0, 20 and 100 tags: what an entry and each of its
# tags take besides the answer's own bytes.
ENTRY_BYTES = 600
TAG_BYTES = 180

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """Ready bytes, and the tags of everything that they show."""

    body: bytes
    tags: frozenset[str] = frozenset()


Make = Callable[[], Awaitable[Answer]]


class Cache(Protocol):
    """Where answers are kept: in this process, or (as a second level) shared by several."""

    def fresh(self, key: Hashable) -> bytes | None:
        """The answer kept under `key` if it is still fresh; never waits."""
        ...

    async def get(self, key: Hashable, make: Make) -> bytes:
        """The answer under `key`, made by `make` unless one is kept."""
        ...

    def drop(self, tags: Iterable[str]) -> None:
        """Forgets every answer that carries one of `tags`."""
        ...

    def clear(self) -> None:
        """Forgets everything."""
        ...


@dataclass(slots=True)
class _Entry:
    answer: Answer
    fresh_until_s: float
    gone_at_s: float
    size_bytes: int


class MemoryCache:
    """A cache in this process, at most `max_bytes` large; the least recently used go first.

    For `ttl_s` an answer is fresh; for `stale_s` after that it is still given while one caller's
    `make` refreshes it behind. With `ttl_s` 0 nothing is kept, and calls still share a maker.
    """

    def __init__(self, clock: Clock, *, ttl_s: float, stale_s: float, max_bytes: int) -> None:
        self._clock = clock
        self._ttl_s = ttl_s
        self._stale_s = stale_s
        self._max_bytes = max_bytes
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._by_tag: dict[str, set[Hashable]] = {}
        self._making: dict[Hashable, asyncio.Task[bytes]] = {}
        self.size_bytes = 0
        self.hits = 0
        self.misses = 0

    def __len__(self) -> int:
        return len(self._entries)

    def fresh(self, key: Hashable) -> bytes | None:
        entry = self._entries.get(key)
        if entry is None or self._clock.monotonic() >= entry.fresh_until_s:
            return None
        self._entries.move_to_end(key)
        self.hits += 1
        return entry.answer.body

    async def get(self, key: Hashable, make: Make) -> bytes:
        """The answer under `key`; whatever `make` raises is raised to everyone who waits for it.

        A caller that is cancelled does not take the answer from the others.
        """
        body = self.fresh(key)
        if body is not None:
            return body
        entry = self._entries.get(key)
        if entry is not None and self._clock.monotonic() < entry.gone_at_s:
            self.hits += 1
            self._make(key, make).add_done_callback(_note_failed_refresh)
            return entry.answer.body
        self.misses += 1
        return await asyncio.shield(self._make(key, make))

    def drop(self, tags: Iterable[str]) -> None:
        """Forgets every answer with one of `tags`; what is being made now is not kept either.

        Whoever asks after this returns never gets an answer that was begun before.
        """
        self._making.clear()
        for tag in tags:
            for key in list(self._by_tag.get(tag, ())):
                self._remove(key)

    def clear(self) -> None:
        self._making.clear()
        self._entries.clear()
        self._by_tag.clear()
        self.size_bytes = 0

    def _make(self, key: Hashable, make: Make) -> asyncio.Task[bytes]:
        running = self._making.get(key)
        if running is None:
            running = asyncio.create_task(self._made(key, make))
            running.add_done_callback(_retrieve)
            self._making[key] = running
        return running

    async def _made(self, key: Hashable, make: Make) -> bytes:
        here = asyncio.current_task()
        try:
            answer = await make()
            if self._making.get(key) is here:
                self._keep(key, answer)
            return answer.body
        finally:
            if self._making.get(key) is here:
                del self._making[key]

    def _keep(self, key: Hashable, answer: Answer) -> None:
        self._remove(key)
        size_bytes = len(answer.body) + ENTRY_BYTES + TAG_BYTES * len(answer.tags)
        if self._ttl_s <= 0 or size_bytes > self._max_bytes:
            return
        fresh_until_s = self._clock.monotonic() + self._ttl_s
        gone_at_s = fresh_until_s + self._stale_s
        self._entries[key] = _Entry(answer, fresh_until_s, gone_at_s, size_bytes)
        self.size_bytes += size_bytes
        for tag in answer.tags:
            self._by_tag.setdefault(tag, set()).add(key)
        while self.size_bytes > self._max_bytes:
            self._remove(next(iter(self._entries)))

    def _remove(self, key: Hashable) -> None:
        entry = self._entries.pop(key, None)
        if entry is None:
            return
        self.size_bytes -= entry.size_bytes
        for tag in entry.answer.tags:
            keys = self._by_tag[tag]
            keys.discard(key)
            if not keys:
                del self._by_tag[tag]


def _retrieve(task: asyncio.Task[bytes]) -> None:
    """Marks the failure as seen: everyone who waited got it, and nobody may be waiting."""
    if not task.cancelled():
        task.exception()


def _note_failed_refresh(task: asyncio.Task[bytes]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        _log.warning("cache.refresh.failed", error=type(error).__name__)
