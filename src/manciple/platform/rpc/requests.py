"""HTTP requests, understood: which calls they ask for, with which inputs. No I/O."""

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from urllib.parse import unquote_to_bytes

import msgspec

from manciple.platform.rpc.bound import Bound
from manciple.platform.rpc.codes import WireError
from manciple.platform.rpc.json_text import PARSE_FAILURES, explain, is_too_deep
from manciple.platform.rpc.procedure import Kind
from manciple.platform.rpc.settings import WireSettings

Headers = Mapping[bytes, bytes]

_JSONL = b"application/jsonl"
_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_NO_QUERY: dict[str, bytes] = {}
_BY_INDEX = msgspec.json.Decoder(dict[str, msgspec.Raw])
_MAX_QUERY_FIELDS = 100


class Media(Enum):
    """How the input of a request is written."""

    JSON = b"application/json"
    FORM = b"multipart/form-data"
    BYTES = b"application/octet-stream"


class Ask:
    """What one HTTP request asks for. `bounds` has None for a path without a procedure."""

    __slots__ = ("bounds", "is_batch", "is_streamed", "media", "params", "paths", "query")

    def __init__(
        self,
        paths: Sequence[str],
        bounds: Sequence[Bound | None],
        *,
        media: Media,
        query: Mapping[str, bytes],
        params: Mapping[str, str] | None = None,
        is_batch: bool = False,
        is_streamed: bool = False,
    ) -> None:
        self.paths = paths
        self.bounds = bounds
        self.media = media
        self.query = query
        self.params = params
        self.is_batch = is_batch
        self.is_streamed = is_streamed


class Reader:
    """Understands requests to one table of procedures."""

    def __init__(self, bounds: Mapping[str, Bound], settings: WireSettings) -> None:
        self._bounds = bounds
        self._settings = settings
        self._base = settings.base_path.rstrip("/").encode()
        # The path as it stands in the request line, so that a plain call needs no parsing.
        self._known: dict[bytes, tuple[Sequence[str], Sequence[Bound | None]]] = {
            self._base + b"/" + path.encode(): ((path,), (bound,)) for path, bound in bounds.items()
        }

    def read(self, method: str, raw_path: bytes, query_string: bytes, headers: Headers) -> Ask:
        """What a request asks for, before its body is looked at.

        Raises:
            WireError: the request as a whole is wrong, and nothing may run.
        """
        known = self._known.get(raw_path)
        path = self._procedure_path(raw_path) if known is None else known[0][0]
        media = _media(method, headers.get(b"content-type"))
        query = parse_query(query_string) if query_string else _NO_QUERY
        is_batch = media is Media.JSON and query.get("batch") == b"1"
        if known is None or is_batch:
            known = self._look_up(path, is_batch=is_batch)
        params = (
            connection_params(query.get("connectionParams"))
            if query and media is Media.JSON
            else None
        )
        is_streamed = accepts_jsonl(headers)
        if is_batch and not self._settings.allow_batching:
            raise WireError("BAD_REQUEST", "Batching is not enabled on the server")
        if is_streamed and not is_batch:
            message = "Streaming requests must be batched (you can do a batch of 1)"
            raise WireError("BAD_REQUEST", message)
        return Ask(
            *known,
            media=media,
            query=query,
            params=params,
            is_batch=is_batch,
            is_streamed=is_streamed,
        )

    def _look_up(
        self, path: str, *, is_batch: bool
    ) -> tuple[Sequence[str], Sequence[Bound | None]]:
        paths = path.split(",") if is_batch else [path]
        if is_batch and len(paths) > self._settings.max_batch_calls:
            raise WireError("BAD_REQUEST", "Batch call exceeds maximum size")
        bounds = [self._bounds.get(path) for path in paths]
        kinds = list(dict.fromkeys(bound.kind.value for bound in bounds if bound is not None))
        if len(kinds) > 1:
            message = f"Cannot mix procedure types in call: {', '.join(kinds)}"
            raise WireError("BAD_REQUEST", message)
        return paths, bounds

    def _procedure_path(self, raw_path: bytes) -> str:
        raw = raw_path.removeprefix(self._base).strip(b"/")
        try:
            # A percent sign without two hexadecimal digits is as wrong as bytes that are no UTF-8.
            path = unquote_to_bytes(_BAD_ESCAPE.sub(b"\xff", raw)).decode()
        except UnicodeDecodeError as error:
            shown = raw.decode("utf-8", "replace")
            message = f'Invalid URL-encoding in path "{shown}"'
            raise WireError("BAD_REQUEST", message) from error
        separator = self._settings.path_separator
        return path if separator == "." else path.replace(separator, ".")


class Inputs:
    """The JSON inputs of a request's calls, parsed when the first call wants its own."""

    __slots__ = ("_by_index", "_failure", "_is_batch", "_settings", "_text")

    def __init__(
        self,
        text: bytes | None,
        *,
        is_batch: bool,
        settings: WireSettings,
        failure: WireError | None = None,
    ) -> None:
        self._text = text or None
        self._is_batch = is_batch
        self._settings = settings
        self._failure = failure
        self._by_index: dict[str, msgspec.Raw] | None = None

    def at(self, index: int) -> bytes | msgspec.Raw | None:
        """The JSON text of one call's input; None if it was not sent.

        Raises:
            WireError: the text is too large or too deep, or of a batch and no JSON object.
        """
        if self._failure is not None:
            raise self._failure
        text = self._text
        if text is None:
            return None
        if self._by_index is None:
            if is_too_deep(text, self._settings.max_json_depth):
                message = f"JSON is nested deeper than {self._settings.max_json_depth} levels"
                raise WireError("BAD_REQUEST", message)
            if not self._is_batch:
                return text
            self._by_index = _split(text)
        return self._by_index.get(str(index))


def _split(text: bytes) -> dict[str, msgspec.Raw]:
    try:
        return _BY_INDEX.decode(text)
    except msgspec.ValidationError as error:
        message = '"input" needs to be an object when doing a batch call'
        raise WireError("BAD_REQUEST", message) from error
    except PARSE_FAILURES as error:
        raise WireError("BAD_REQUEST", explain(text, error)) from error


def parse_query(query_string: bytes) -> dict[str, bytes]:
    """The fields of a query string, the first of each name; `+` is a space."""
    found: dict[str, bytes] = {}
    for field in query_string.split(b"&", _MAX_QUERY_FIELDS)[:_MAX_QUERY_FIELDS]:
        name, _, value = field.partition(b"=")
        key = _unescape(name).decode("utf-8", "replace")
        if key not in found:
            found[key] = _unescape(value)
    return found


def _unescape(text: bytes) -> bytes:
    if b"+" in text:
        text = text.replace(b"+", b" ")
    return unquote_to_bytes(text) if b"%" in text else text


def accepts_jsonl(headers: Headers) -> bool:
    """Whether a batch shall be streamed: `trpc-accept` decides alone where it is sent."""
    chosen = headers.get(b"trpc-accept")
    if chosen is not None:
        return chosen == _JSONL
    accept = headers.get(b"accept")
    return (
        accept is not None
        and _JSONL in accept
        and _JSONL in [part.strip() for part in accept.split(b",")]
    )


def connection_params(text: bytes | None) -> dict[str, str] | None:
    """The parameters of a connection, sent as JSON in the query string.

    Raises:
        WireError: they are no JSON, or no object of strings.
    """
    if text is None:
        return None
    try:
        value = msgspec.json.decode(text)
    except PARSE_FAILURES as error:
        raise WireError("PARSE_ERROR", "Not JSON-parsable query params") from error
    return checked_params(value)


def checked_params(value: object) -> dict[str, str] | None:
    """Connection parameters: an object of strings, or None.

    Raises:
        WireError: the value is neither.
    """
    if value is None:
        return None
    if not isinstance(value, dict) or not all(isinstance(it, str) for it in value.values()):
        raise WireError("PARSE_ERROR", "Invalid connection params shape")
    return value


def resumed(
    raw: bytes | msgspec.Raw | None, last_event_id: str | None
) -> bytes | msgspec.Raw | None:
    """An input with the id to resume after merged in, if it is an object or absent."""
    if last_event_id is None:
        return raw
    text = bytes(raw).strip() if raw is not None else b"null"
    extra: dict[str, object] = {"lastEventId": last_event_id}
    if text == b"null":
        return msgspec.json.encode(extra)
    if not text.startswith(b"{"):
        return raw
    try:
        return msgspec.json.encode({**_BY_INDEX.decode(text), **extra})
    except PARSE_FAILURES:
        return raw


def last_event_id(headers: Headers, query: Mapping[str, bytes]) -> str | None:
    """The id to resume after, from the first place that has one."""
    for found in (
        headers.get(b"last-event-id"),
        query.get("lastEventId"),
        query.get("Last-Event-Id"),
    ):
        if found is not None:
            return found.decode("utf-8", "replace") or None
    return None


def is_subscription(ask: Ask) -> bool:
    """Whether the request opens one stream of events."""
    bound = ask.bounds[0]
    is_plain = ask.media is Media.JSON and not ask.is_batch
    return is_plain and bound is not None and bound.kind is Kind.SUBSCRIPTION


def _media(method: str, content_type: bytes | None) -> Media:
    if content_type == b"application/json" or (content_type is None and method == "GET"):
        return Media.JSON
    bare = (content_type or b"").partition(b";")[0].strip().lower()
    if bare in {Media.FORM.value, Media.BYTES.value}:
        if method != "POST":
            message = f"Only POST requests are supported for {bare.decode()} requests"
            raise WireError("METHOD_NOT_SUPPORTED", message)
        return Media(bare)
    if bare == Media.JSON.value or method == "GET":
        return Media.JSON
    if content_type is None:
        raise WireError("UNSUPPORTED_MEDIA_TYPE", "Missing content-type header")
    shown = content_type.decode("latin-1")
    # The quote that does not close is how the protocol's own server words it.
    raise WireError("UNSUPPORTED_MEDIA_TYPE", f'Unsupported content-type "{shown}')
