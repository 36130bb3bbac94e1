"""Procedures made ready to be called: decoders are built once, not per call."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, cast

import msgspec

from manciple.kit.errors import Unavailable
from manciple.platform.rpc.codes import WireError
from manciple.platform.rpc.deadlines import kept
from manciple.platform.rpc.forms import ByteStream, Form
from manciple.platform.rpc.found_issues import MISSING, received
from manciple.platform.rpc.issues import BadInput
from manciple.platform.rpc.json_text import PARSE_FAILURES, decode_any, explain
from manciple.platform.rpc.procedure import CallContext, Kind, Procedure, Ready
from manciple.platform.rpc.validation import look_again
from manciple.platform.rpc.wire import ENCODER

RawInput = bytes | msgspec.Raw | Form | ByteStream | None
"""What a door hands over: JSON text, a form, a stream of bytes, or nothing."""

HandOver = Callable[[], RawInput]
"""Gives the raw input when it is wanted, or raises what is wrong with the request's body."""

_METHODS = {
    Kind.QUERY: ("GET",),
    Kind.MUTATION: ("POST",),
    Kind.SUBSCRIPTION: ("GET",),
}
_METHODS_WITH_OVERRIDE = {
    Kind.QUERY: ("GET", "POST"),
    Kind.MUTATION: ("POST",),
    Kind.SUBSCRIPTION: ("GET", "POST"),
}

_AGAIN_S = 1.0


class BadOutput(Exception):
    """A procedure answered with something that is no JSON: our own mistake."""


class Bound:
    """A procedure with its decoder, its encoder and the methods it is called by."""

    __slots__ = ("_absent", "_decode", "call", "kind", "methods", "needs", "path", "takes", "void")

    def __init__(self, procedure: Procedure, *, allow_method_override: bool = False) -> None:
        self.path = procedure.path
        self.kind = procedure.kind
        self.needs = procedure.needs
        self.takes = procedure.input
        self.call = cast("Any", procedure.call)
        self.void = procedure.output is type(None)
        methods = _METHODS_WITH_OVERRIDE if allow_method_override else _METHODS
        self.methods = methods[procedure.kind]
        is_json = self.takes not in {None, Form, ByteStream}
        self._decode = msgspec.json.Decoder(self.takes).decode if is_json else None
        self._absent = self._stand_in() if is_json else None

    async def answer(self, context: CallContext, hand_over: HandOver) -> bytes | None:
        """The output of a query or mutation as JSON text; None is `undefined`.

        Raises:
            BadInput: the input does not fit.
            WireError: the input is no JSON.
            BadOutput: the output cannot be written.
        """
        context.require(self.needs)
        if self.takes is None:
            return self.write(await kept(self.call(context)))
        return self.write(await kept(self.call(context, self.read(hand_over()))))

    async def items(
        self, context: CallContext, hand_over: HandOver, *, within_s: float
    ) -> AsyncIterator[object]:
        """The items of a subscription, to be iterated and closed; the input is checked before.

        Raises:
            BadInput: the input does not fit.
            WireError: the input is no JSON.
            Unavailable: it did not begin `within_s`.
        """
        context.require(self.needs)
        items = self.call(context, *self._given(hand_over))
        if inspect.isawaitable(items):
            items = await _begun(items, within_s)
        return cast("AsyncIterator[object]", items)

    def _given(self, hand_over: HandOver) -> tuple[object, ...]:
        return () if self.takes is None else (self.read(hand_over()),)

    def read(self, raw: RawInput) -> object:
        """The input, decoded and checked.

        Raises:
            BadInput: it does not fit; every problem is in it.
            WireError: it is no JSON.
        """
        if self._decode is None or isinstance(raw, Form | ByteStream):
            return self._as_it_is(raw)
        text = self._absent if raw is None else raw
        if text is None:
            raise BadInput(look_again(self.takes, MISSING)[1])
        try:
            return self._decode(text)
        except PARSE_FAILURES as error:
            return self._read_again(text, error)

    def write(self, output: object) -> bytes | None:
        """An output as JSON text; None is `undefined`, which a procedure without output gives.

        Raises:
            BadOutput: it cannot be written.
        """
        if type(output) is Ready:
            return output.body
        if output is None and self.void:
            return None
        try:
            return ENCODER.encode(output)
        except (TypeError, ValueError, RecursionError, msgspec.MsgspecError) as error:
            raise BadOutput(self.path) from error

    def _as_it_is(self, raw: RawInput) -> object:
        if self._decode is None and isinstance(raw, self.takes):
            return raw
        expected = {Form: "FormData", ByteStream: "ReadableStream"}.get(self.takes, "object")
        message = f"Invalid input: expected {expected}, received {_received(raw)}"
        issue = {"expected": expected, "code": "invalid_type", "path": [], "message": message}
        raise BadInput([issue])

    def _read_again(self, text: bytes | msgspec.Raw, error: Exception) -> object:
        """What the input means after all, where only JavaScript's one kind of number differs."""
        if not isinstance(error, msgspec.ValidationError):
            raise WireError("BAD_REQUEST", explain(bytes(text), error)) from error
        try:
            value = decode_any(text)
            mended, issues = look_again(self.takes, value)
            if not issues:
                return msgspec.convert(mended, self.takes)
        except msgspec.ValidationError as second:
            raise BadInput([_issue_of(second)]) from second
        raise BadInput(issues) from error

    def _stand_in(self) -> bytes | None:
        """The JSON text that stands for an input that was not sent, if there may be none."""
        for text in (b"null", b"{}"):
            try:
                self._decode(text)  # type: ignore[misc]  # only called where there is a decoder
            except (msgspec.DecodeError, ValueError):
                continue
            return text
        return None


def bind(
    table: Mapping[str, Procedure], *, allow_method_override: bool = False
) -> dict[str, Bound]:
    """Every procedure by its path, ready to be called."""
    return {
        path: Bound(procedure, allow_method_override=allow_method_override)
        for path, procedure in table.items()
    }


def _received(raw: RawInput) -> str:
    """The name that JavaScript has for the type of an input."""
    if isinstance(raw, Form | ByteStream):
        return "FormData" if isinstance(raw, Form) else "ReadableStream"
    return received(MISSING if raw is None else decode_any(raw))


async def _begun(beginning: Awaitable[object], within_s: float) -> object:
    try:
        async with asyncio.timeout(within_s) as limit:
            return await beginning
    except TimeoutError as error:
        if not limit.expired():
            raise
        # Unlike a timeout, this tells every client to try again.
        raise Unavailable("the subscription", wait_s=_AGAIN_S) from error


def _issue_of(error: msgspec.ValidationError) -> dict[str, Any]:
    """The decoder's own complaint, where the second look saw nothing."""
    message, _, where = str(error).partition(" - at `$")
    path: list[str | int] = []
    for step in where.rstrip("`").replace("[", ".[").split("."):
        inner = step.strip("[]")
        if inner and inner != "...":
            path.append(int(inner) if step.startswith("[") and inner.isdigit() else inner)
    return {"code": "custom", "path": path, "message": message}
