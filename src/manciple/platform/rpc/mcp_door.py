"""The door of language models: an ASGI application that speaks MCP over Streamable HTTP.

Calls go the way of any other call of their procedure; what is special here is the envelope. There
are no sessions and no streams, so a client that asks for either is told so by 405.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from manciple.kit.clock import Clock
from manciple.kit.errors import NotAllowed, NotSignedIn
from manciple.platform.rpc import mcp
from manciple.platform.rpc.bound import bind
from manciple.platform.rpc.caller import caller_of, take_along
from manciple.platform.rpc.calls import Calls, GetContext
from manciple.platform.rpc.cors import Cors, HeaderList
from manciple.platform.rpc.door_state import DoorState
from manciple.platform.rpc.exchange import JSON_TYPE, ClientLeft, Exchange, hints
from manciple.platform.rpc.json_text import without_mark
from manciple.platform.rpc.mcp import INVALID_PARAMS, METHOD_NOT_FOUND, ProtocolError, Request
from manciple.platform.rpc.observer import Observer
from manciple.platform.rpc.procedure import CallContext, ContextMaker, Procedure
from manciple.platform.rpc.settings import WireSettings
from manciple.platform.rpc.tools import WRAPPED, Tools
from manciple.platform.rpc.vigil import Message, Receive, Send, Vigil, Watchman
from manciple.platform.rpc.wire import Outcome

_JSON = b"application/json"
_TAKES_JSON = frozenset({_JSON, b"application/*", b"*/*"})
# What an answer with that status has to say beside its body.
_BY_STATUS: dict[int, HeaderList] = {
    401: [(b"www-authenticate", b'Bearer realm="manciple"')],
    405: [(b"allow", b"POST, OPTIONS")],
}
_DONE = Outcome()


@dataclass(frozen=True, slots=True)
class _Reply:
    """An answer over HTTP; the outcome may add headers of its own."""

    status: int
    body: bytes = b""
    outcome: Outcome = _DONE


Answer = Callable[[Request, GetContext], Awaitable[_Reply]]


class McpDoor:
    """Answers the messages of models for the tools in a table.

    `state` may be that of other doors; whoever drains them then waits for the calls here too.
    """

    def __init__(
        self,
        table: Mapping[str, Procedure],
        make_context: ContextMaker,
        *,
        about: mcp.About,
        settings: WireSettings,
        observer: Observer,
        state: DoorState,
        clock: Clock,
    ) -> None:
        self._tools = Tools(table)
        self._bounds = bind(self._tools.procedures)
        self._make_context = make_context
        self._about = about
        self._settings = settings
        self._state = state
        self._calls = Calls(observer, clock, is_dev=settings.is_dev)
        self._cors = Cors(settings)
        self._watchman = Watchman(settings.body_timeout_s)
        self._methods: dict[str, Answer] = {
            "initialize": self._initialize,
            "ping": self._ping,
            "tools/list": self._list,
            "tools/call": self._call,
        }

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        take_along(headers)
        common = self._cors.common(headers)
        exchange = Exchange(scope, receive, send, headers=headers, common=common)
        if exchange.method == "OPTIONS":
            await exchange.start(204, self._cors.preflight(headers))
            await exchange.finish()
            return
        self._state.calls += 1
        try:
            await _send(exchange, await self._replied(exchange))
        except ClientLeft:
            return
        finally:
            self._state.calls -= 1

    async def _replied(self, exchange: Exchange) -> _Reply:
        """The answer to an HTTP request, whatever is wrong with it."""
        vigil = Vigil(self._watchman, exchange.receive)
        try:
            self._check(exchange)
            text = await exchange.body(self._settings.max_body_bytes)
            vigil.listen()
            if text is None:
                limit = self._settings.max_body_bytes
                raise mcp.refusal(413, f"the body is larger than {limit} bytes")
            return await self._answered(exchange, without_mark(text))
        except ProtocolError as error:
            return _Reply(error.status, mcp.failure(None, error))
        except asyncio.CancelledError:
            if not vigil.forgive():
                raise
            if vigil.has_left:
                raise ClientLeft from None
            late = mcp.refusal(408, "the body did not come in time")
            return _Reply(late.status, mcp.failure(None, late))
        finally:
            vigil.end()

    def _check(self, exchange: Exchange) -> None:
        """Returns if the head of a request is as the transport wants it.

        Raises:
            ProtocolError: a stranger's page sent it, or it is no message in JSON.
        """
        headers = exchange.headers
        if not self._cors.admits(headers):
            raise mcp.refusal(403, "pages of other origins may not call")
        if exchange.method != "POST":
            raise mcp.refusal(405, "messages come by POST; there are no streams or sessions")
        if _bare(headers.get(b"content-type", b"")) != _JSON:
            raise mcp.refusal(415, "`content-type` must be application/json")
        if _TAKES_JSON.isdisjoint(map(_bare, headers.get(b"accept", b"*/*").split(b","))):
            raise mcp.refusal(406, "`accept` must include application/json")
        mcp.check_version(headers.get(b"mcp-protocol-version"))

    async def _answered(self, exchange: Exchange, text: bytes) -> _Reply:
        request = mcp.read(text, max_depth=self._settings.max_json_depth)
        if request is None:
            return _Reply(202)
        caller = caller_of(exchange.scope, exchange.headers, params=None, door="mcp")
        answer = self._methods.get(request.method, _unknown)
        try:
            return await answer(request, partial(self._make_context, caller))
        except ProtocolError as error:
            return _Reply(error.status, mcp.failure(request, error))

    async def _initialize(self, request: Request, get_context: GetContext) -> _Reply:
        wanted = mcp.params_of(request, mcp.Initialize)
        # Asked here already: whoever must sign in is best told when they connect.
        await self._granted(get_context)
        return _Reply(
            200, mcp.result(request, mcp.initialized(wanted.protocol_version, self._about))
        )

    async def _ping(self, request: Request, _: GetContext) -> _Reply:
        return _Reply(200, mcp.result(request, b"{}"))

    async def _list(self, request: Request, get_context: GetContext) -> _Reply:
        """All tools that the caller may call, on the one page that there is."""
        if mcp.params_of(request, mcp.ListTools).cursor is not None:
            raise ProtocolError(INVALID_PARAMS, "Invalid params: there is no page at this `cursor`")
        granted = await self._granted(get_context)
        tools = self._tools.by_name.values()
        found = b",".join(tool.description for tool in tools if tool.needs in granted)
        return _Reply(200, mcp.result(request, b'{"tools":[%b]}' % found))

    async def _call(self, request: Request, get_context: GetContext) -> _Reply:
        wanted = mcp.params_of(request, mcp.CallTool)
        tool = self._tools.by_name.get(wanted.name)
        if tool is None:
            raise ProtocolError(INVALID_PARAMS, f"Unknown tool: {wanted.name[:100]}")
        given = mcp.input_of(wanted, is_wrapped=tool.is_wrapped)
        bound = self._bounds[tool.path]
        outcome = await self._calls.run(
            tool.path,
            bound,
            method=bound.methods[0],
            get_context=get_context,
            hand_over=lambda: given,
        )
        within = (WRAPPED,) if tool.is_wrapped else ()
        body = mcp.result(request, mcp.tool_result(outcome, within=within))
        return _Reply(200, body, outcome)

    async def _granted(self, get_context: GetContext) -> set[str]:
        """What the caller may call, of all that tools need.

        Raises:
            ProtocolError: the caller is not signed in, and without that may call nothing.
        """
        try:
            context = await get_context()
            return _granted(context, {one.needs for one in self._tools.procedures.values()})
        except Exception as error:
            raise mcp.refused(self._calls.fault(error, None)) from error


async def _unknown(request: Request, _: GetContext) -> _Reply:
    raise ProtocolError(METHOD_NOT_FOUND, f"Method not found: {request.method[:100]}")


def _granted(context: CallContext, needed: Iterable[str]) -> set[str]:
    found = set()
    stranger: NotSignedIn | None = None
    for needs in needed:
        try:
            context.require(needs)
        except NotSignedIn as error:
            stranger = error
        except NotAllowed:
            continue
        else:
            found.add(needs)
    if stranger is not None and not found:
        raise stranger
    return found


def _bare(media_type: bytes) -> bytes:
    """A media type without its parameters."""
    return media_type.partition(b";")[0].strip().lower()


async def _send(exchange: Exchange, reply: _Reply) -> None:
    headers = [*exchange.common, (b"content-length", b"%d" % len(reply.body))]
    if reply.body:
        headers.append(JSON_TYPE)
    headers += _BY_STATUS.get(reply.status, [])
    headers += hints(reply.outcome)
    await exchange.start(reply.status, headers)
    await exchange.send({"type": "http.response.body", "body": reply.body})
