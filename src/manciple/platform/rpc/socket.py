"""One WebSocket connection: calls run side by side, answers go out as they are ready."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from functools import partial
from typing import Any

from manciple.kit.clock import Clock
from manciple.kit.errors import TooMany
from manciple.platform.rpc import messages
from manciple.platform.rpc.bound import Bound
from manciple.platform.rpc.calls import Calls
from manciple.platform.rpc.codes import OK, WireError
from manciple.platform.rpc.door_state import DoorState
from manciple.platform.rpc.messages import Bad, Call, Envelope, MessageId, Stop
from manciple.platform.rpc.procedure import CallContext, Kind, Tracked
from manciple.platform.rpc.requests import resumed
from manciple.platform.rpc.settings import WireSettings
from manciple.platform.rpc.streams import cancelled, closed_after
from manciple.platform.rpc.vigil import Receive, Send
from manciple.platform.rpc.wire import shape_of

MakeContext = Callable[[Mapping[str, str] | None], Awaitable[CallContext]]

_REFUSED = 1000
_RESTARTING = 1012
_UNRESPONSIVE = 1011
# Clients send their first calls right behind the handshake, thus before they know of a refusal; a
# call that is cut off instead of answered fails without a reason or is tried again without end.
_FAREWELL_S = 0.5


class _Live:
    """A subscription on this socket; it cannot be cancelled before its task has begun."""

    __slots__ = ("has_begun", "is_stopped", "task")

    def __init__(self) -> None:
        self.task: asyncio.Task[None] | None = None
        self.has_begun = False
        self.is_stopped = False

    def stop(self) -> None:
        """Ends the subscription; the client is told when it has ended."""
        if not self.is_stopped:
            self.is_stopped = True
            if self.has_begun and self.task is not None:
                self.task.cancel()


class Socket:
    """Serves one accepted connection until it closes."""

    def __init__(
        self,
        receive: Receive,
        send: Send,
        *,
        bounds: Mapping[str, Bound],
        calls: Calls,
        state: DoorState,
        settings: WireSettings,
        clock: Clock,
    ) -> None:
        self._receive = receive
        self._send = send
        self._bounds = bounds
        self._calls = calls
        self._state = state
        self._settings = settings
        self._clock = clock
        self._context: CallContext | None = None
        self._refusal: Exception | None = None
        self._live: dict[MessageId | None, _Live] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._heard_at = clock.monotonic()
        self._is_open = True

    async def run(self, make_context: MakeContext, *, has_params: bool) -> None:
        """Returns when the connection has closed and all that ran on it has ended."""
        self._state.enter(self)
        keeper = asyncio.ensure_future(self._keep_alive())
        try:
            if not has_params:
                await self._open(make_context, None)
            await self._listen(make_context)
        finally:
            self._is_open = False
            self._state.leave(self)
            await cancelled(keeper, *self._tasks)

    async def ask_to_reconnect(self) -> None:
        """Tells the client to open another socket and to leave this one."""
        await self._say(messages.RECONNECT)

    async def close(self, code: int = _RESTARTING) -> None:
        """Ends the connection; nothing is said any more."""
        if self._is_open:
            self._is_open = False
            await self._send({"type": "websocket.close", "code": code})

    async def _listen(self, make_context: MakeContext) -> None:
        while (message := await self._receive())["type"] == "websocket.receive":
            self._heard_at = self._clock.monotonic()
            text = message.get("text")
            if text is None:
                text = message["bytes"].decode("utf-8", "replace")
            if text == messages.PING:
                await self._say(messages.PONG)
            elif text == messages.PONG:
                continue
            elif self._context is not None or self._refusal is not None:
                await self._hear(text)
            else:
                await self._introduce(make_context, text)

    async def _introduce(self, make_context: MakeContext, text: str) -> None:
        """Makes the context from the first message."""
        try:
            params = messages.read_params(text, self._settings)
        except WireError as error:
            await self._reject(error)
        else:
            await self._open(make_context, params)

    async def _open(self, make_context: MakeContext, params: Mapping[str, str] | None) -> None:
        try:
            self._context = await make_context(params)
        except Exception as error:  # noqa: BLE001 - the door: whatever failed, the client is told
            await self._reject(error)

    async def _reject(self, error: Exception) -> None:
        """Refuses the connection, and for a moment every call that is already on its way."""
        self._refusal = error
        fault = self._calls.fault(error, None)
        await self._say(Envelope().error(shape_of(fault, None)))
        self._task(self._close_soon())

    async def _close_soon(self) -> None:
        await self._clock.sleep(_FAREWELL_S)
        await self.close(_REFUSED)

    async def _hear(self, text: str) -> None:
        for heard in messages.read(text, self._settings):
            if isinstance(heard, Stop):
                if (live := self._live.get(heard.id)) is not None:
                    live.stop()
            elif isinstance(heard, Bad):
                await self._say(
                    heard.to.error(shape_of(self._calls.fault(heard.error, None), None))
                )
            else:
                await self._begin(heard)

    async def _begin(self, call: Call) -> None:
        bound = self._bounds.get(call.path)
        if bound is not None and bound.kind is not call.kind:
            bound = None
        try:
            self._admit(call)
        except Exception as error:  # noqa: BLE001 - whatever made the connection fail as well
            await self._fail(call, bound, error, started=self._calls.now())
            return
        if call.kind is Kind.SUBSCRIPTION:
            live = self._live[call.to.id] = _Live()
            live.task = self._task(self._follow(call, bound, live))
        else:
            self._task(self._answer(call, bound))

    def _admit(self, call: Call) -> None:
        if self._refusal is not None:
            raise self._refusal
        if call.kind is Kind.SUBSCRIPTION and call.to.id in self._live:
            raise WireError("BAD_REQUEST", f"Duplicate id {call.to.id}")
        if len(self._tasks) >= self._settings.ws_max_calls:
            raise TooMany(wait_s=1)

    def _task(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _answer(self, call: Call, bound: Bound | None) -> None:
        started = self._calls.now()
        self._state.calls += 1
        try:
            known = _known(call, bound)
            data = await known.answer(self._ready(), partial(_raw, call))
        except asyncio.CancelledError as error:
            outcome = self._calls.cut(error, call.path, bound, started=started)
            await self._say(call.to.error(outcome.error or b"null"))
        except Exception as error:  # noqa: BLE001 - the door: whatever failed, the caller is told
            await self._fail(call, bound, error, started=started)
        else:
            self._calls.ended(call.path, bound, code=OK, started=started)
            await self._say(call.to.data(data))
        finally:
            self._state.calls -= 1

    async def _follow(self, call: Call, bound: Bound | None, live: _Live) -> None:
        """Serves one subscription to its end, and frees its id before saying so."""
        live.has_begun = True
        has_started = live.is_stopped
        self._state.subscriptions += 1
        started = self._calls.now()
        try:
            if not live.is_stopped:
                known = _known(call, bound)
                begin_s = self._settings.begin_s
                items = await known.items(self._ready(), partial(_raw, call), within_s=begin_s)
                async with closed_after(items):
                    has_started = True
                    await self._say(call.to.started())
                    await self._pass_on(call, known, items)
        except asyncio.CancelledError:
            if not live.is_stopped or not self._is_open:
                raise
            if (task := asyncio.current_task()) is not None:
                task.uncancel()
            has_started = True
        except Exception as error:  # noqa: BLE001 - the door: whatever failed, the caller is told
            await self._fail(call, bound, error, started=started)
        else:
            self._calls.ended(call.path, bound, code=OK, started=started)
        finally:
            self._state.subscriptions -= 1
            self._live.pop(call.to.id, None)
        if has_started:
            await self._say(call.to.stopped())

    async def _pass_on(self, call: Call, bound: Bound, items: AsyncIterator[object]) -> None:
        async for item in items:
            if isinstance(item, Tracked):
                await self._say(call.to.data(bound.write(item.data), item.id))
            else:
                await self._say(call.to.data(bound.write(item)))

    async def _fail(
        self, call: Call, bound: Bound | None, error: Exception, *, started: float
    ) -> None:
        outcome = self._calls.failed(error, call.path, bound, started=started)
        await self._say(call.to.error(outcome.error or b"null"))

    def _ready(self) -> CallContext:
        assert self._context is not None  # noqa: S101 - calls are heard only after the context
        return self._context

    async def _say(self, text: str) -> None:
        """Sends one message; silently nothing once the connection is closing."""
        if self._is_open:
            try:
                await self._send({"type": "websocket.send", "text": text})
            except OSError:
                # The client went away; `receive` will say so as well, and ends the connection.
                self._is_open = False

    async def _keep_alive(self) -> None:
        """Sends PING into silence, and closes the connection if that is not answered."""
        ping_s = self._settings.ws_ping_s
        while ping_s is not None and self._is_open:
            silent_s = self._clock.monotonic() - self._heard_at
            if silent_s < ping_s:
                await self._clock.sleep(ping_s - silent_s)
                continue
            asked_at = self._clock.monotonic()
            await self._say(messages.PING)
            await self._clock.sleep(self._settings.ws_pong_wait_s)
            if self._heard_at < asked_at:
                await self.close(_UNRESPONSIVE)


def _known(call: Call, bound: Bound | None) -> Bound:
    if bound is None:
        raise WireError("NOT_FOUND", f'No "{call.kind}"-procedure on path "{call.path}"')
    return bound


def _raw(call: Call) -> bytes | None:
    raw = resumed(call.input, call.last_event_id)
    return raw if raw is None else bytes(raw)
