"""Answers that are at hand: single calls answered without waiting, before any task is made.

A procedure offers this by its `at_once` function. Whatever is not plain (batches, other origins,
wrong input, missing grants, answers not at hand) is left to the ordinary door, whose answers are
the same byte for byte.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

import msgspec

from manciple.kit.errors import MancipleError
from manciple.platform.rpc.codes import OK
from manciple.platform.rpc.cors import Cors
from manciple.platform.rpc.json_text import PARSE_FAILURES
from manciple.platform.rpc.observer import Observer
from manciple.platform.rpc.procedure import CallContext, Kind, Procedure
from manciple.platform.rpc.settings import WireSettings

RawHeaders = Mapping[bytes, bytes]
ContextAtOnce = Callable[[RawHeaders, str], CallContext | None]
"""The context of a caller, by headers and address, if it is known without waiting; else None."""


class Quick:
    """A procedure that may know its answer at once."""

    __slots__ = ("answer", "decode", "kind", "method", "needs", "path", "raw_method", "url_path")

    def __init__(self, procedure: Procedure, base: str) -> None:
        self.path = procedure.path
        self.url_path = f"{base}{procedure.path}"
        self.kind = procedure.kind
        self.needs = procedure.needs
        self.method = "GET" if procedure.kind is Kind.QUERY else "POST"
        self.raw_method = self.method.encode()
        self.decode = msgspec.json.Decoder(procedure.input).decode
        self.answer: Callable[[Any, Any], Any] = procedure.at_once or _never


class AtOnce:
    """The quick side of a door."""

    def __init__(
        self,
        table: Mapping[str, Procedure],
        context_of: ContextAtOnce,
        *,
        settings: WireSettings,
        observer: Observer,
    ) -> None:
        self._context_of = context_of
        self._observer = observer
        self._max_json_depth = settings.max_json_depth
        base = f"{settings.base_path}/"
        quicks = (Quick(each, base) for each in table.values() if each.at_once is not None)
        self._by_path = {quick.url_path.encode(): quick for quick in quicks}
        self.headers = [(b"content-type", b"application/json"), *Cors(settings).default]

    def find(self, method: bytes, target: bytes) -> Quick | None:
        """The procedure that a request means, if it may be answered here."""
        quick = self._by_path.get(target) or self._by_path.get(target.partition(b"?")[0])
        return quick if quick is not None and quick.raw_method == method else None

    def answer(
        self, quick: Quick, target: bytes, headers: RawHeaders, body: bytes, *, peer: str
    ) -> bytes | None:
        """The output as JSON text, if it is at hand; None sends the call the ordinary way."""
        text = _input_of(quick, target, headers, body)
        if text is None or text.count(b"{") + text.count(b"[") > self._max_json_depth:
            return None
        context = self._context_of(headers, peer)
        if context is None:
            return None
        try:
            context.require(quick.needs)
            ready = quick.answer(context, quick.decode(text))
        except (*PARSE_FAILURES, MancipleError):
            return None
        if ready is None:
            return None
        # Too short to be worth two looks at the clock; the door measures the whole request.
        self._observer.ended(quick.path, quick.kind, code=OK, duration_s=0.0)
        output: bytes = ready.body
        return output


def _input_of(quick: Quick, target: bytes, headers: RawHeaders, body: bytes) -> bytes | None:
    """The JSON text of a plain single call; None if it is anything else."""
    if (
        b"origin" in headers
        or b"trpc-accept" in headers
        or b"expect" in headers
        or b"jsonl" in headers.get(b"accept", b"")
    ):
        return None
    if quick.method == "POST":
        is_plain = headers.get(b"content-type") == b"application/json" and b"?" not in target
        return body if is_plain and body else None
    query = target.partition(b"?")[2]
    if body or not query.startswith(b"input=") or b"&" in query:
        return None
    return unquote_to_bytes(query[6:].replace(b"+", b" "))


def _never(_context: object, _wanted: object) -> None:
    return None
