"""The tRPC door: an ASGI application for everything below its base path, HTTP and WebSocket."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any

from manciple.kit.clock import Clock, SystemClock
from manciple.platform.rpc import requests
from manciple.platform.rpc.bound import RawInput, bind
from manciple.platform.rpc.caller import caller_of, take_along
from manciple.platform.rpc.calls import Calls, GetContext
from manciple.platform.rpc.codes import WireError
from manciple.platform.rpc.cors import Cors, HeaderList
from manciple.platform.rpc.door_state import DoorState
from manciple.platform.rpc.exchange import ClientLeft, Exchange, LateBody, raw_path_of
from manciple.platform.rpc.express import Express
from manciple.platform.rpc.forms import ByteStream, Form, parse_form
from manciple.platform.rpc.json_text import without_mark
from manciple.platform.rpc.observer import LogCrashes, Observer
from manciple.platform.rpc.procedure import CallContext, ContextMaker, Procedure
from manciple.platform.rpc.requests import Ask, Inputs, Media, Reader
from manciple.platform.rpc.settings import WireSettings
from manciple.platform.rpc.socket import Socket
from manciple.platform.rpc.streams import Subscription, stream_batch
from manciple.platform.rpc.vigil import Message, Receive, Send, Vigil, Watchman
from manciple.platform.rpc.wire import Outcome, batch

Source = Callable[[int], RawInput]
"""Gives the raw input of a call by its place in the batch, or raises what is wrong with it."""

_POLL_S = 0.02
_LEAVE_S = 1.0


class TrpcDoor:
    """Answers every call of a table of procedures; `drain` before the server stops.

    Doors on several ports may share one `state`; its counters are then their sum.
    """

    def __init__(
        self,
        table: Mapping[str, Procedure],
        make_context: ContextMaker,
        *,
        settings: WireSettings | None = None,
        observer: Observer | None = None,
        state: DoorState | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.settings = settings or WireSettings()
        self.state = state or DoorState()
        self._clock = clock or SystemClock()
        self._make_context = make_context
        self._calls = Calls(observer or LogCrashes(), self._clock, is_dev=self.settings.is_dev)
        self._bounds = bind(table, allow_method_override=self.settings.allow_method_override)
        self._reader = Reader(self._bounds, self.settings)
        self._cors = Cors(self.settings)
        self._watchman = Watchman(self.settings.body_timeout_s)
        self._express = Express(
            self._bounds,
            make_context,
            calls=self._calls,
            cors=self._cors,
            state=self.state,
            settings=self.settings,
            watchman=self._watchman,
        )

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            left = await self._express.serve(scope, receive, send)
            if left is not None:
                await self._serve_http(scope, left, send)
        elif scope["type"] == "websocket":
            await self._serve_socket(scope, receive, send)

    async def drain(self, wait_s: float) -> None:
        """Asks clients to go elsewhere; returns when they have, or after `wait_s`.

        Sockets are told to reconnect, streams end so that their clients come back, calls end.
        Sockets without a call get a second to leave by themselves: where nothing takes our place
        their clients cannot.
        """
        self.state.closing.set()
        await self.state.broadcast_reconnect()
        began_s = self._clock.monotonic()
        while not self.state.is_idle:
            waited_s = self._clock.monotonic() - began_s
            is_busy = self.state.calls > 0
            if waited_s >= (wait_s if is_busy else min(wait_s, _LEAVE_S)):
                break
            await self._clock.sleep(_POLL_S)
        await self.state.close_sockets()

    async def _serve_http(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        take_along(headers)
        exchange = Exchange(
            scope, receive, send, headers=headers, common=self._cors.common(headers)
        )
        if exchange.method in {"HEAD", "OPTIONS"}:
            await self._answer_nothing(exchange)
            return
        self.state.calls += 1
        try:
            ask = self._reader.read(
                exchange.method, raw_path_of(scope), scope["query_string"], headers
            )
            get_context = partial(
                self._make_context, caller_of(scope, headers, params=ask.params, door="http")
            )
            await self._answer(exchange, ask, get_context)
        except ClientLeft:
            return
        except WireError as error:
            await self._refuse(exchange, error)
        finally:
            self.state.calls -= 1

    async def _answer_nothing(self, exchange: Exchange) -> None:
        headers = (
            self._cors.preflight(exchange.headers)
            if exchange.method == "OPTIONS"
            else exchange.common
        )
        await exchange.start(204, headers)
        await exchange.send({"type": "http.response.body", "body": b""})

    async def _refuse(self, exchange: Exchange, error: WireError) -> None:
        """The request as a whole is wrong: one error without a path, and nothing has run."""
        outcome = self._calls.failed(error, None, None, started=self._calls.now())
        await exchange.answer(outcome.status, outcome.body(), outcome)

    async def _answer(self, exchange: Exchange, ask: Ask, get_context: GetContext) -> None:
        is_stream = ask.is_streamed or requests.is_subscription(ask)
        vigil = Vigil(self._watchman, exchange.receive)
        try:
            source = await self._source(exchange, ask, vigil)
            if not is_stream:
                status, body, outcomes = await self._whole(exchange, ask, get_context, source)
        except asyncio.CancelledError:
            if not vigil.forgive():
                raise
            if vigil.has_left:
                return
            raise LateBody from None
        finally:
            vigil.end()
        if not is_stream:
            await exchange.answer(status, body, *outcomes)
        elif ask.is_batch:
            runs = await self._runs(exchange, ask, get_context, source)
            extra = _allowed_by(ask, exchange.method)
            await stream_batch(exchange, runs, extra, ping_s=self.settings.jsonl_ping_s)
        else:
            await self._subscribe(exchange, ask, get_context, source)

    async def _whole(
        self, exchange: Exchange, ask: Ask, get_context: GetContext, source: Source
    ) -> tuple[int, bytes, Sequence[Outcome]]:
        """Status and body of an answer that is sent at once."""
        if not ask.is_batch:
            outcome = await self._calls.run(
                ask.paths[0],
                ask.bounds[0],
                method=exchange.method,
                get_context=get_context,
                hand_over=partial(source, 0),
            )
            return outcome.status, outcome.body(), [outcome]
        outcomes = await asyncio.gather(*await self._runs(exchange, ask, get_context, source))
        return (*batch(outcomes), outcomes)

    async def _runs(
        self, exchange: Exchange, ask: Ask, get_context: GetContext, source: Source
    ) -> list[Coroutine[Any, Any, Outcome]]:
        """The calls of a batch, not yet started; they share one context, or its failure."""
        shared = await settled(get_context)
        return [
            self._calls.run(
                path,
                bound,
                method=exchange.method,
                get_context=shared,
                hand_over=partial(source, index),
            )
            for index, (path, bound) in enumerate(zip(ask.paths, ask.bounds, strict=True))
        ]

    async def _subscribe(
        self, exchange: Exchange, ask: Ask, get_context: GetContext, source: Source
    ) -> None:
        bound = ask.bounds[0]
        assert bound is not None  # noqa: S101 - the ask is a subscription, so it has a procedure
        last_id = requests.last_event_id(exchange.headers, ask.query)

        def hand_over() -> RawInput:
            raw = source(0)
            if isinstance(raw, Form | ByteStream):
                return raw
            return requests.resumed(raw, last_id)

        subscription = Subscription(exchange, self._calls, self.state, self.settings)
        await subscription.run(bound, get_context=get_context, hand_over=hand_over, last_id=last_id)

    async def _source(self, exchange: Exchange, ask: Ask, vigil: Vigil) -> Source:
        """Where the inputs of the calls come from; reads the body where there is one."""
        if ask.media is Media.BYTES:
            stream = exchange.stream(self.settings.max_upload_bytes, at_end=vigil.listen)
            return lambda _: ByteStream(stream)
        if ask.media is Media.FORM:
            if not self._cors.admits(exchange.headers):
                raise WireError("FORBIDDEN", "Forms of other origins are not taken")
            body = await exchange.body(self.settings.max_upload_bytes)
            vigil.listen()
            return partial(_form, body, exchange.headers[b"content-type"])
        limit = self.settings.max_body_bytes
        if exchange.method == "GET":
            text = ask.query.get("input")
            too_large = text is not None and len(text) > limit
        else:
            text = await exchange.body(limit)
            too_large = text is None
            text = without_mark(text) if text else None
        vigil.listen()
        failure = WireError("PAYLOAD_TOO_LARGE") if too_large else None
        return Inputs(text, is_batch=ask.is_batch, settings=self.settings, failure=failure).at

    async def _serve_socket(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        await receive()
        is_full = self.state.streams >= self.settings.max_streams
        if is_full or not self._cors.admits(headers):
            await send({"type": "websocket.close", "code": 1013 if is_full else 1008})
            return
        query = requests.parse_query(scope["query_string"])
        socket = Socket(
            receive,
            send,
            bounds=self._bounds,
            calls=self._calls,
            state=self.state,
            settings=self.settings,
            clock=self._clock,
        )

        def make_context(params: Mapping[str, str] | None) -> Awaitable[CallContext]:
            return self._make_context(caller_of(scope, headers, params=params, door="websocket"))

        await send({"type": "websocket.accept"})
        await socket.run(make_context, has_params=query.get("connectionParams") == b"1")


async def settled(get_context: GetContext) -> GetContext:
    """Gives the one context of several calls, or raises for each what making it raised."""
    try:
        context = await get_context()
    except Exception as error:  # noqa: BLE001 - kept, and raised again for each call
        failure = error
    else:

        async def give() -> CallContext:
            return context

        return give

    async def fail() -> CallContext:
        raise failure

    return fail


def _allowed_by(ask: Ask, method: str) -> HeaderList:
    """What a batch stream says in its head of calls that it will refuse for their method."""
    for bound in ask.bounds:
        if bound is not None and method not in bound.methods:
            return [(b"allow", ", ".join(bound.methods).encode())]
    return []


def _form(body: bytes | None, content_type: bytes, _: int) -> Form:
    if body is None:
        raise WireError("PAYLOAD_TOO_LARGE")
    return parse_form(body, content_type)
