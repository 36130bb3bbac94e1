"""Messages on a WebSocket, read and written. No I/O."""

from dataclasses import dataclass
from typing import Any

import msgspec

from manciple.platform.rpc.codes import WireError
from manciple.platform.rpc.json_text import decode_any, is_too_deep
from manciple.platform.rpc.procedure import Kind
from manciple.platform.rpc.requests import checked_params
from manciple.platform.rpc.settings import WireSettings
from manciple.platform.rpc.sse import checked_id

PING = "PING"
PONG = "PONG"
RECONNECT = '{"id":null,"method":"reconnect"}'

MessageId = int | float | str

_KINDS = {kind.value: kind for kind in Kind}
_TOO_MANY = "Batch call exceeds maximum size"


@dataclass(frozen=True, slots=True)
class Envelope:
    """To whom an answer goes: the id that the client chose, and the dialect it spoke."""

    id: MessageId | None = None
    has_jsonrpc: bool = False

    def _start(self) -> bytes:
        dialect = b',"jsonrpc":"2.0"' if self.has_jsonrpc else b""
        return b'{"id":%b%b' % (msgspec.json.encode(self.id), dialect)

    def data(self, body: bytes | None, item_id: str | None = None) -> str:
        """The answer of a call, or one item; a tracked one repeats its id.

        Raises:
            ValueError: the id of the item is empty or has a line break.
        """
        if item_id is not None:
            key = msgspec.json.encode(checked_id(item_id))
            body = b'{"id":%b,"data":%b},"id":%b' % (key, body or b"null", key)
        data = b"" if body is None else b',"data":%b' % body
        return (b'%b,"result":{"type":"data"%b}}' % (self._start(), data)).decode()

    def started(self) -> str:
        """A subscription was accepted."""
        return (self._start() + b',"result":{"type":"started"}}').decode()

    def stopped(self) -> str:
        """A subscription ended, by itself or because the client said so; its id is free."""
        return (self._start() + b',"result":{"type":"stopped"}}').decode()

    def error(self, shape: bytes) -> str:
        """A call failed, or the message itself was wrong."""
        return (self._start() + b',"error":%b}' % shape).decode()


@dataclass(frozen=True, slots=True)
class Call:
    """A procedure is asked for."""

    to: Envelope
    kind: Kind
    path: str
    input: bytes | None
    last_event_id: str | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """A subscription shall end."""

    id: MessageId | None


@dataclass(frozen=True, slots=True)
class Bad:
    """A message, or one call in it, that is answered with an error and nothing else."""

    to: Envelope
    error: WireError


Heard = Call | Stop | Bad


def read(text: str, settings: WireSettings) -> list[Heard]:
    """What a client's message asks for; one that cannot be understood gives one `Bad`."""
    try:
        value = _parse(text, settings)
        if not isinstance(value, list):
            return [_message(value)]
        if len(value) > settings.max_batch_calls:
            return _refused(value)
        return [_message(item) for item in value]
    except WireError as error:
        return [Bad(Envelope(), error)]


def read_params(text: str, settings: WireSettings) -> dict[str, str] | None:
    """The parameters in the first message of a connection that announced them.

    Raises:
        WireError: the message is something else, or its data are no strings.
    """
    try:
        value = _parse(text, settings)
    except WireError as error:
        raise WireError("PARSE_ERROR", "Malformed TRPCConnectionParamsMessage") from error
    if not isinstance(value, dict):
        raise WireError("PARSE_ERROR", "Malformed TRPCConnectionParamsMessage")
    return checked_params(value.get("data", {"": 0}))


def _parse(text: str, settings: WireSettings) -> Any:
    try:
        encoded = text.encode()
    except UnicodeEncodeError as error:
        raise WireError("PARSE_ERROR", "The text is not valid UTF-8") from error
    if len(encoded) > settings.ws_max_message_bytes:
        raise WireError("PAYLOAD_TOO_LARGE")
    if is_too_deep(encoded, settings.max_json_depth):
        message = f"JSON is nested deeper than {settings.max_json_depth} levels"
        raise WireError("PARSE_ERROR", message)
    return decode_any(encoded, code="PARSE_ERROR")


def _message(value: Any) -> Heard:
    """One message; the order of the checks is the order of the protocol's own server."""
    given = _object(value)
    message_id = given.get("id", ...)
    is_number = isinstance(message_id, int | float) and not isinstance(message_id, bool)
    if message_id is not None and not is_number and not isinstance(message_id, str):
        raise WireError("PARSE_ERROR", "Invalid request id")
    if given.get("jsonrpc", "2.0") != "2.0":
        raise WireError("PARSE_ERROR", "Must be JSONRPC 2.0")
    method = given.get("method")
    if method == "subscription.stop":
        return _stop(message_id)
    kind = _KINDS.get(method) if isinstance(method, str) else None
    if kind is None:
        raise WireError("PARSE_ERROR", "Invalid procedure type")
    params = _object(given.get("params"))
    path = _string(params.get("path"))
    last_event_id = _string(params["lastEventId"]) if "lastEventId" in params else None
    to = Envelope(message_id, "jsonrpc" in given)
    if message_id is None:
        return Bad(to, WireError("PARSE_ERROR", "`id` is required"))
    raw = msgspec.json.encode(params["input"]) if "input" in params else None
    return Call(to, kind, path, raw, last_event_id)


def _stop(message_id: MessageId | None) -> Heard:
    if message_id is None:
        return Bad(Envelope(), WireError("PARSE_ERROR", "`id` is required"))
    return Stop(message_id)


def _refused(values: list[Any]) -> list[Heard]:
    """An error for each request in a batch that is too large, or one for nobody."""
    error = WireError("BAD_REQUEST", _TOO_MANY)
    refused: list[Heard] = [
        Bad(Envelope(value["id"], value.get("jsonrpc") == "2.0"), error)
        for value in values
        if isinstance(value, dict)
        and value.get("method") != "subscription.stop"
        and isinstance(value.get("id"), int | float | str)
        and not isinstance(value.get("id"), bool)
    ]
    return refused or [Bad(Envelope(), error)]


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise WireError("PARSE_ERROR", "Not an object")
    return value


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise WireError("PARSE_ERROR", "Invalid string")
    return value
