"""Answers of our own wire, read by whoever asked: the data, or the error that was told."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from manciple.kit.errors import (
    Conflict,
    MancipleError,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Refused,
    TimedOut,
    TooLarge,
    TooMany,
    Unavailable,
    Upstream,
)
from manciple.platform.rpc.codes import CODES, WireError
from manciple.platform.rpc.issues import BadInput

_UNSAID_WAIT_S = 1.0


class ToldFields(msgspec.Struct, frozen=True, rename="camel"):
    """What is wrong with an input: with the whole of it, and by field."""

    form_errors: tuple[str, ...] = ()
    field_errors: dict[str, tuple[str, ...]] = {}


class ToldData(msgspec.Struct, frozen=True, rename="camel"):
    """The code by name, and the status of HTTP."""

    code: str = "INTERNAL_SERVER_ERROR"
    http_status: int = 500
    zod_error: ToldFields | None = None


class Told(msgspec.Struct, frozen=True):
    """An error as the wire tells it."""

    message: str = ""
    data: ToldData = ToldData()


class _Result(msgspec.Struct, frozen=True):
    data: msgspec.Raw = msgspec.Raw()


class _Envelope(msgspec.Struct, frozen=True):
    result: _Result | None = None
    error: Told | None = None


_DECODER = msgspec.json.Decoder(_Envelope)


def read_answer(body: bytes) -> bytes | Told | None:
    """The data as JSON text, None where nothing was given, or the error.

    Raises:
        ValueError: it is no answer of our wire.
    """
    try:
        envelope = _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        message = "the answer is not one of our wire"
        raise ValueError(message) from error
    if envelope.error is not None:
        return envelope.error
    if envelope.result is None:
        message = "the answer is not one of our wire"
        raise ValueError(message)
    return bytes(envelope.result.data) or None


def sentence(told: Told) -> str:
    """What went wrong in one line for people; every problem of an input is named."""
    found = told.data.zod_error
    if found is None:
        return told.message
    named = [f"{field}: {text}" for field, all_ in found.field_errors.items() for text in all_]
    return "; ".join((*found.form_errors, *named)) or told.message


def error_of(told: Told, *, wait_s: float | None = None) -> MancipleError:
    """The error of the house that the other side raised, with its own words.

    `wait_s` is what the answer's head said of coming again.
    """
    name = told.data.code
    if name == "BAD_REQUEST" and told.data.zod_error is not None:
        return _bad_input(told)
    if name not in _KINDS:
        return WireError(name if name in CODES else "INTERNAL_SERVER_ERROR", told.message)
    kind, facts_of = _KINDS[name]
    # Made without its constructor: that would build the sentence anew, from facts we lack.
    error = kind.__new__(kind, told.message)
    error.__dict__.update(facts_of(told.message, _UNSAID_WAIT_S if wait_s is None else wait_s))
    return error


def _bad_input(told: Told) -> BadInput:
    try:
        issues = msgspec.json.decode(told.message, type=list[dict[str, Any]])
    except msgspec.DecodeError:
        issues = []
    whole = [one for one in issues if {"path", "message"} <= one.keys()]
    return BadInput(whole or [{"code": "custom", "path": [], "message": sentence(told)}])


_Facts = Callable[[str, float], Mapping[str, object]]

# By wire code: the error's class, and its fields as far as the words tell them.
_KINDS: dict[str, tuple[type[MancipleError], _Facts]] = {
    "UNAUTHORIZED": (NotSignedIn, lambda _said, _wait: {}),
    "FORBIDDEN": (NotAllowed, lambda said, _: {"needs": said.removeprefix("This needs: ")}),
    "NOT_FOUND": (NotFound, lambda said, _: {"what": said, "id": ""}),
    "CONFLICT": (Conflict, lambda said, _: {"what": said, "found": said}),
    "PRECONDITION_FAILED": (Refused, lambda said, _: {"rule": said}),
    "PAYLOAD_TOO_LARGE": (TooLarge, lambda _said, _wait: {"limit_bytes": 0}),
    "TOO_MANY_REQUESTS": (TooMany, lambda _, wait_s: {"wait_s": wait_s}),
    "TIMEOUT": (TimedOut, lambda _said, _wait: {"after_s": 0.0}),
    "BAD_GATEWAY": (Upstream, lambda said, _: {"source": "", "problem": said}),
    "SERVICE_UNAVAILABLE": (Unavailable, lambda said, wait_s: {"what": said, "wait_s": wait_s}),
}
