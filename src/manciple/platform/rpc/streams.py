"""Answers over HTTP that go on: subscriptions as server-sent events, and batch streams."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from typing import Any

from manciple.kit.errors import Unavailable
from manciple.platform.rpc import jsonl, sse
from manciple.platform.rpc.bound import Bound, HandOver
from manciple.platform.rpc.calls import Calls, GetContext, checked
from manciple.platform.rpc.codes import OK
from manciple.platform.rpc.door_state import DoorState
from manciple.platform.rpc.exchange import JSON_TYPE, Exchange, HeaderList, hints
from manciple.platform.rpc.procedure import Tracked
from manciple.platform.rpc.settings import WireSettings
from manciple.platform.rpc.vigil import until_gone
from manciple.platform.rpc.wire import Outcome

_FULL_WAIT_S = 5.0


async def stream_batch(
    exchange: Exchange,
    calls: Sequence[Coroutine[Any, Any, Outcome]],
    extra: HeaderList,
    *,
    ping_s: float | None,
) -> bool:
    """Sends each call's lines as it ends; whether the client stayed to the end.

    Calls that still run when the client leaves are cancelled.
    """
    lines = jsonl.Lines(len(calls))
    await exchange.start(200, [JSON_TYPE, *extra, *exchange.common])
    await exchange.write(lines.head())
    gone = asyncio.ensure_future(until_gone(exchange.receive))
    index_of = {asyncio.ensure_future(call): index for index, call in enumerate(calls)}
    left = set(index_of)
    try:
        while left and not gone.done():
            done, _ = await asyncio.wait(
                {*left, gone}, timeout=ping_s, return_when=asyncio.FIRST_COMPLETED
            )
            if not done:
                await exchange.write(jsonl.PING)
            for task in [task for task in index_of if task in done and task in left]:
                left.discard(task)
                await exchange.write(lines.ended(index_of[task], task.result()))
        if not gone.done():
            await exchange.finish()
        return not gone.done()
    finally:
        await cancelled(gone, *left)


class Subscription:
    """One subscription over server-sent events."""

    def __init__(
        self, exchange: Exchange, calls: Calls, state: DoorState, settings: WireSettings
    ) -> None:
        self._exchange = exchange
        self._calls = calls
        self._state = state
        self._settings = settings
        self._written_at = 0.0

    async def run(
        self,
        bound: Bound,
        *,
        get_context: GetContext,
        hand_over: HandOver,
        last_id: str | None,
    ) -> None:
        """Sends events until the subscription ends, the client leaves or the door closes."""
        started = self._calls.now()
        frames = sse.Frames(last_id)
        refusal: Outcome | None = None
        items: AsyncIterator[object] | None = None
        try:
            checked(bound.path, bound, self._exchange.method)
            self._check_room()
            begin_s = self._settings.begin_s
            items = await bound.items(await get_context(), hand_over, within_s=begin_s)
        except Exception as error:  # noqa: BLE001 - the door: whatever failed, the caller is told
            refusal = self._calls.failed(error, bound.path, bound, started=started)
        async with closed_after(items):
            await self._start(frames, refusal)
            if refusal is None and items is not None:
                await self._attend(bound, frames, items, started=started)
            elif refusal is not None and refusal.error is not None:
                await self._write(frames.error(refusal.error))
                await self._exchange.finish()

    def _check_room(self) -> None:
        if self._state.streams >= self._settings.max_streams:
            raise Unavailable("another stream", wait_s=_FULL_WAIT_S)

    async def _start(self, frames: sse.Frames, refusal: Outcome | None) -> None:
        extra = hints(refusal) if refusal is not None else []
        await self._exchange.start(200, [*extra, *sse.HEADERS, *self._exchange.common])
        await self._write(frames.connected(self._settings.sse_reconnect_after_s))

    async def _write(self, frame: bytes) -> None:
        self._written_at = self._calls.now()
        await self._exchange.write(frame)

    async def _attend(
        self, bound: Bound, frames: sse.Frames, items: AsyncIterator[object], *, started: float
    ) -> None:
        """Pumps items in a task of its own, and meanwhile pings and waits for an end."""
        self._state.subscriptions += 1
        pump = asyncio.ensure_future(self._pump(bound, frames, items, started=started))
        gone = asyncio.ensure_future(until_gone(self._exchange.receive))
        closing = asyncio.ensure_future(self._state.closing.wait())
        try:
            ends_at = _sum(started, self._settings.sse_max_s)
            while not (pump.done() or gone.done() or closing.done()):
                now = self._calls.now()
                if ends_at is not None and now >= ends_at:
                    break
                await asyncio.wait(
                    {pump, gone, closing},
                    timeout=self._patience(now, ends_at),
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if not pump.done() and self._is_silent():
                    await self._write(sse.PING)
        finally:
            self._state.subscriptions -= 1
            is_cut = not pump.done()
            await cancelled(pump, gone, closing)
            if is_cut:
                self._calls.ended(bound.path, bound, code=OK, started=started)
        if not gone.done() or gone.cancelled():
            await self._exchange.finish()

    async def _pump(
        self, bound: Bound, frames: sse.Frames, items: AsyncIterator[object], *, started: float
    ) -> None:
        try:
            # In the task that ran it, if it ran at all.
            async with closed_after(items):
                async for item in items:
                    await self._write(_frame(bound, frames, item))
        except Exception as error:  # noqa: BLE001 - the door: whatever failed, the caller is told
            outcome = self._calls.failed(error, bound.path, bound, started=started)
            await self._write(frames.error(outcome.error or b"null"))
        else:
            self._calls.ended(bound.path, bound, code=OK, started=started)
            await self._write(sse.RETURN)

    def _is_silent(self) -> bool:
        ping_s = self._settings.sse_ping_s
        return ping_s is not None and self._calls.now() - self._written_at >= ping_s

    def _patience(self, now: float, ends_at: float | None) -> float | None:
        """How long to wait before there is something to do."""
        due = [_sum(self._written_at, self._settings.sse_ping_s), ends_at]
        soonest = min((at for at in due if at is not None), default=None)
        return None if soonest is None else max(0.0, soonest - now)


@contextlib.asynccontextmanager
async def closed_after(items: AsyncIterator[object] | None) -> AsyncIterator[None]:
    """Closes what gives items at the end, so that what it holds is let go of at once."""
    try:
        yield
    finally:
        close: Callable[[], Awaitable[None]] | None = getattr(items, "aclose", None)
        if close is not None:
            await close()


async def cancelled(*tasks: "asyncio.Future[Any]") -> None:
    """Returns when all tasks are over, cancelled if need be; what they raised is theirs."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _frame(bound: Bound, frames: sse.Frames, item: object) -> bytes:
    if isinstance(item, Tracked):
        return frames.item(bound.write(item.data) or b"null", item.id)
    return frames.item(bound.write(item) or b"null")


def _sum(start: float, delay_s: float | None) -> float | None:
    return None if delay_s is None else start + delay_s
