"""Messages of the Model Context Protocol, read and written. No I/O.

Each HTTP request stands alone: nothing here remembers who initialized, so any process of a house
may answer any message.
"""

from dataclasses import dataclass, replace
from typing import Any, TypeVar

import msgspec

from manciple.platform.rpc.codes import CODES, Fault, WireError
from manciple.platform.rpc.json_text import PARSE_FAILURES, decode_any, explain, is_too_deep
from manciple.platform.rpc.tools import WRAPPED
from manciple.platform.rpc.wire import ENCODER, Outcome

VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26")
"""The revisions that are spoken, newest first; what we say is the same in all of them."""

_INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602

_BATCH = "send one message at a time; batches are not taken"
_NO_PARAMS = msgspec.Raw(b"{}")
_NEXT = "\n- "

P = TypeVar("P", bound=msgspec.Struct)


class ProtocolError(Exception):
    """A message that is answered with a JSON-RPC error instead of a result.

    `status` is that of the HTTP answer: errors of a request whose id is known come with 200, for
    clients look into no other body.
    """

    def __init__(
        self, number: int, message: str, *, status: int = 200, data: dict[str, Any] | None = None
    ) -> None:
        self.number = number
        self.status = status
        self.data = data
        super().__init__(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the server says of itself; models read the `instructions`."""

    name: str
    title: str
    version: str
    instructions: str


@dataclass(frozen=True, slots=True)
class Request:
    """A message that wants an answer; `params` is the text of an object."""

    id: int | str
    method: str
    params: msgspec.Raw


class Initialize(msgspec.Struct, frozen=True, rename="camel"):
    """What a client says of itself at first."""

    protocol_version: str


class ListTools(msgspec.Struct, frozen=True):
    """Which page of the tools is wanted."""

    cursor: str | None = None


class CallTool(msgspec.Struct, frozen=True):
    """Which tool is called, with what; the arguments as they were written, to the last digit."""

    name: str
    arguments: msgspec.Raw = msgspec.Raw()


class _Message(msgspec.Struct, frozen=True):
    jsonrpc: Any = None
    id: Any = msgspec.UNSET
    method: Any = msgspec.UNSET
    params: msgspec.Raw = _NO_PARAMS
    result: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    error: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


_MESSAGE = msgspec.json.Decoder(_Message)
_BY_NAME = msgspec.json.Decoder(dict[str, msgspec.Raw])


def read(text: bytes, *, max_depth: int) -> Request | None:
    """The request in a body; None for a notification or a response, which get no answer.

    Raises:
        ProtocolError: it is no JSON, or no single message of JSON-RPC 2.0.
    """
    if is_too_deep(text, max_depth):
        raise _unreadable(f"JSON is nested deeper than {max_depth} levels")
    try:
        # The decoder does not look into the texts of what it leaves for later.
        text.decode()
        message = _MESSAGE.decode(text)
    except PARSE_FAILURES as error:
        raise _no_message(text, error) from error
    if message.jsonrpc != "2.0":
        raise _invalid('`jsonrpc` must be "2.0"')
    if message.method is msgspec.UNSET:
        if message.result is msgspec.UNSET and message.error is msgspec.UNSET:
            raise _invalid("`method` is required")
        return None
    if not isinstance(message.method, str):
        raise _invalid("`method` must be a string")
    if message.id is msgspec.UNSET:
        return None
    if not isinstance(message.id, int | str) or isinstance(message.id, bool):
        raise _invalid("`id` must be a string or an integer")
    return Request(message.id, message.method, message.params)


def params_of(request: Request, kind: type[P]) -> P:
    """The parameters of a request.

    Raises:
        ProtocolError: they do not fit; the message names the field.
    """
    try:
        return msgspec.json.decode(request.params, type=kind)
    except PARSE_FAILURES as error:
        raise ProtocolError(INVALID_PARAMS, f"Invalid params: {error}") from error


def input_of(call: CallTool, *, is_wrapped: bool) -> bytes | msgspec.Raw | None:
    """The input of the procedure that a tool stands for; None where nothing was sent.

    Raises:
        ProtocolError: the arguments are no object.
    """
    text = bytes(call.arguments).strip()
    if text in {b"", b"null"}:
        return None
    if not text.startswith(b"{"):
        raise ProtocolError(INVALID_PARAMS, "Invalid params: `arguments` must be an object")
    return _BY_NAME.decode(text).get(WRAPPED) if is_wrapped else text


def refusal(status: int, problem: str) -> ProtocolError:
    """The error of an HTTP request in which no message was looked for."""
    return ProtocolError(_INVALID_REQUEST, f"Invalid request: {problem}", status=status)


def check_version(named: bytes | None) -> None:
    """Returns if a request's `MCP-Protocol-Version` is one of ours; the oldest names none.

    Raises:
        ProtocolError: it is another.
    """
    if named is None or named.decode("latin-1") in VERSIONS:
        return
    requested = named.decode("latin-1")[:100]
    message = f"Unsupported protocol version: {requested}; we speak {', '.join(VERSIONS)}"
    data = {"supported": list(VERSIONS), "requested": requested}
    raise ProtocolError(_INVALID_REQUEST, message, status=400, data=data)


def initialized(wanted: str, about: About) -> bytes:
    """The result of `initialize`, in the revision that the client wants or else our newest."""
    found = {
        "protocolVersion": wanted if wanted in VERSIONS else VERSIONS[0],
        "capabilities": {"tools": {}},
        "serverInfo": {"name": about.name, "title": about.title, "version": about.version},
        "instructions": about.instructions,
    }
    return msgspec.json.encode(found)


def result(request: Request, body: bytes) -> bytes:
    """The answer of a request that went well; `body` is JSON text."""
    return b'{"jsonrpc":"2.0","id":%b,"result":%b}' % (msgspec.json.encode(request.id), body)


def failure(request: Request | None, error: ProtocolError) -> bytes:
    """The answer of a request, or of a body that holds none, with the error."""
    told: dict[str, Any] = {"code": error.number, "message": _speakable(str(error))}
    if error.data is not None:
        told["data"] = error.data
    id_ = None if request is None else request.id
    return msgspec.json.encode({"jsonrpc": "2.0", "id": id_, "error": told})


def tool_result(outcome: Outcome, *, within: tuple[str, ...] = ()) -> bytes:
    """How a call ended, as the result that a model reads.

    An error that the model can do something about is a result too; `within` is the path to the
    input in the tool's arguments.

    Raises:
        ProtocolError: the call failed in a way that is no model's matter.
    """
    if outcome.fault is not None:
        return _error_result(outcome.fault, within)
    data = outcome.data
    if data is None:
        return b'{"content":[]}'
    text = msgspec.json.encode(data.decode())
    structured = b',"structuredContent":%b' % data if data.startswith(b"{") else b""
    return b'{"content":[{"type":"text","text":%b}]%b}' % (text, structured)


def refused(fault: Fault) -> ProtocolError:
    """The error of a request that failed in a way that is no model's matter.

    Only a missing sign-in has an HTTP status of its own, by which clients know what to do.
    """
    status = fault.code.status if fault.code.name == "UNAUTHORIZED" else 200
    return ProtocolError(fault.code.number, f"{fault.code.name}: {fault.message}", status=status)


def _error_result(fault: Fault, within: tuple[str, ...]) -> bytes:
    if fault.code.name in {"UNAUTHORIZED", "INTERNAL_SERVER_ERROR"}:
        raise refused(fault)
    lines = [fault.message]
    if fault.problems:
        wrong = [replace(each, where=(*within, *each.where)) for each in fault.problems]
        lines = ["the arguments do not fit", *map(str, wrong)]
    text = _speakable(f"{fault.code.name}: {_NEXT.join(lines)}")
    return ENCODER.encode({"content": [{"type": "text", "text": text}], "isError": True})


def _speakable(text: str) -> str:
    """A text without lone surrogates, which no answer can hold."""
    return text.encode("utf-8", "replace").decode()


def _no_message(text: bytes, error: Exception) -> ProtocolError:
    """What is wrong with a body: no JSON, a batch, or no object."""
    if not isinstance(error, msgspec.ValidationError):
        return _unreadable(explain(text, error))
    try:
        value = decode_any(text)
    except WireError as second:
        return _unreadable(str(second))
    if isinstance(value, list):
        return _invalid(_BATCH)
    return _invalid("a message is an object")


def _unreadable(problem: str) -> ProtocolError:
    code = CODES["PARSE_ERROR"]
    return ProtocolError(code.number, f"Parse error: {problem}", status=code.status)


def _invalid(problem: str) -> ProtocolError:
    return refusal(400, problem)
