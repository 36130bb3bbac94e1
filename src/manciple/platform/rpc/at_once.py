"""Answers that are at hand: single calls answered without waiting, before any task is made.

A procedure offers this by its `at_once` function. Whatever is not plain (batches, other origins,
wrong input, missing grants, answers not at hand) is left to the ordinary door, whose answers are
the same byte for byte.

A head is read once into a `Plain`, which holds what the head alone decides and may be kept for the
next request with the same head. Who the caller is and what it may do is asked for each request.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

import msgspec

from manciple.platform.rpc.cors import Cors
from manciple.platform.rpc.procedure import CallContext, Kind, Procedure
from manciple.platform.rpc.settings import WireSettings

RawHeaders = Mapping[bytes, bytes]
Admitted = tuple[CallContext, Callable[[], bytes]]
"""The context of a caller, and what counts one call of it, or raises `TooMany`.

It gives the lines that the head of the answer has for this caller, each with its line end.
"""
Who = Callable[[str], Admitted | None]
"""Whoever calls from an address, if that is known without waiting just now; else None."""
ContextAtOnce = Callable[[RawHeaders], Who]
"""How callers are known who send these headers."""


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


class Plain:
    """A plain call as its head says it; `text` is its input where the head holds that."""

    __slots__ = ("body_bytes", "quick", "text", "who")

    def __init__(self, quick: Quick, who: Who, *, text: bytes | None, body_bytes: int) -> None:
        self.quick = quick
        self.who = who
        self.text = text
        self.body_bytes = body_bytes


class AtOnce:
    """The quick side of a door."""

    def __init__(
        self,
        table: Mapping[str, Procedure],
        context_of: ContextAtOnce,
        *,
        settings: WireSettings,
    ) -> None:
        self._context_of = context_of
        self._max_json_depth = settings.max_json_depth
        base = f"{settings.base_path}/"
        quicks = (Quick(each, base) for each in table.values() if each.at_once is not None)
        self._by_path = {quick.url_path.encode(): quick for quick in quicks}
        self.quicks = tuple(self._by_path.values())
        self.headers = [(b"content-type", b"application/json"), *Cors(settings).default]

    def find(self, method: bytes, target: bytes) -> Quick | None:
        """The procedure that a request means, if it may be answered here."""
        quick = self._by_path.get(target) or self._by_path.get(target.partition(b"?")[0])
        return quick if quick is not None and quick.raw_method == method else None

    def read(self, quick: Quick, target: bytes, headers: RawHeaders) -> Plain | None:
        """What a head says, if it is that of a plain single call; else None."""
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or not _is_plain(headers):
            return None
        if quick.method == "POST":
            if headers.get(b"content-type") != b"application/json" or b"?" in target:
                return None
            text = None
        else:
            query = target.partition(b"?")[2]
            if int(length) or not query.startswith(b"input=") or b"&" in query:
                return None
            text = unquote_to_bytes(query[6:].replace(b"+", b" "))
        return Plain(quick, self._context_of(headers), text=text, body_bytes=int(length))

    def answer(self, plain: Plain, body: bytes, *, peer: str) -> tuple[bytes, bytes] | None:
        """More lines of the head and the output as JSON text, if that is at hand.

        None sends the call the ordinary way.
        """
        quick = plain.quick
        text = body if plain.text is None else plain.text
        if text.count(b"{") + text.count(b"[") > self._max_json_depth:
            return None
        admitted = plain.who(peer)
        if admitted is None:
            return None
        context, count = admitted
        try:
            context.require(quick.needs)
            ready = quick.answer(context, quick.decode(text))
            if ready is None:
                return None
            # Last, for what goes the long way is counted there.
            more_head = count()
        # house: catches - the ordinary way fails as well, and tells of it; the connection stays
        except Exception:  # noqa: BLE001 - just that
            return None
        output: bytes = ready.body
        return more_head, output


def _is_plain(headers: RawHeaders) -> bool:
    """Whether a body comes in one piece and nothing special is asked of the answer."""
    return (
        b"origin" not in headers
        and b"trpc-accept" not in headers
        and b"expect" not in headers
        and b"transfer-encoding" not in headers
        and b"jsonl" not in headers.get(b"accept", b"")
    )


def _never(_context: object, _wanted: object) -> None:
    return None
