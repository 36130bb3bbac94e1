"""One follower's way through the events: what it missed, then what is live, without a gap."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from typing import TypeVar

from manciple.platform.bus.exchange import Exchange
from manciple.platform.bus.news import Event, Gap, Listener

T = TypeVar("T")


class Following(AsyncIterator[T]):
    """Every event that a listener may hear, each once and in order, as `tell` puts it.

    It listens from the moment it is made, so nothing is missed before the first item is asked for;
    it listens until it is closed. With `after_id` the events after that one come first; a part that
    is kept no more is told as a `Gap`. What `tell` makes None of is left out.

    Raises (when made):
        InvalidInput: a pattern is none.
        TooMany: there are too many patterns.
    """

    def __init__(
        self,
        exchange: Exchange,
        listener: Listener,
        patterns: Iterable[str],
        *,
        after_id: int | None = None,
        tell: Callable[[Event | Gap], T | None],
    ) -> None:
        self._exchange = exchange
        self._listener_id = listener.id
        self._patterns = tuple(patterns)
        self._tell = tell
        self._bell = asyncio.Event()
        exchange.join(listener, self._bell.set)
        try:
            exchange.hub.subscribe(listener.id, self._patterns)
        except BaseException:
            exchange.leave(listener.id)
            raise
        self._is_behind = after_id is not None
        self._position = exchange.last_id if after_id is None else after_id
        self._items = self._told()

    async def __anext__(self) -> T:
        return await anext(self._items)

    async def aclose(self) -> None:
        """Listens no more."""
        self._exchange.leave(self._listener_id)
        await self._items.aclose()

    async def _told(self) -> AsyncGenerator[T, None]:
        hub, id_ = self._exchange.hub, self._listener_id
        while True:
            self._bell.clear()
            lagged, events = hub.take(id_)
            if self._is_behind or lagged:
                self._is_behind = False
                missed = self._exchange.missed(
                    hub.listener(id_), self._patterns, self._position, lagged
                )
                async for told in missed:
                    if (item := self._new(told)) is not None:
                        yield item
            for event in events:
                if (item := self._new(event)) is not None:
                    yield item
            if not events:
                await self._bell.wait()

    def _new(self, told: Event | Gap) -> T | None:
        """The item to tell, if this is not what was told before."""
        position = told.id if isinstance(told, Event) else told.before_id - 1
        if isinstance(told, Event) and position <= self._position:
            return None
        self._position = max(self._position, position)
        return self._tell(told)
