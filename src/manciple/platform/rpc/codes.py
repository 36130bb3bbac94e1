"""Wire codes: the only place that maps errors of the house to tRPC names and HTTP statuses."""

from dataclasses import dataclass
from typing import Any

from manciple.kit.errors import (
    Conflict,
    InvalidInput,
    MancipleError,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Problem,
    Refused,
    TimedOut,
    TooLarge,
    TooMany,
    Unavailable,
    Upstream,
)
from manciple.platform.rpc.issues import Issues

OK = "OK"
"""What observers are told of a call that succeeded; no code of the protocol."""


@dataclass(frozen=True, slots=True)
class Code:
    """A name of the protocol with its JSON-RPC number and HTTP status."""

    name: str
    number: int
    status: int


CODES = {
    name: Code(name, number, status)
    for name, number, status in (
        ("PARSE_ERROR", -32700, 400),
        ("BAD_REQUEST", -32600, 400),
        ("INTERNAL_SERVER_ERROR", -32603, 500),
        ("NOT_IMPLEMENTED", -32603, 501),
        ("BAD_GATEWAY", -32603, 502),
        ("SERVICE_UNAVAILABLE", -32603, 503),
        ("GATEWAY_TIMEOUT", -32603, 504),
        ("UNAUTHORIZED", -32001, 401),
        ("PAYMENT_REQUIRED", -32002, 402),
        ("FORBIDDEN", -32003, 403),
        ("NOT_FOUND", -32004, 404),
        ("METHOD_NOT_SUPPORTED", -32005, 405),
        ("TIMEOUT", -32008, 408),
        ("CONFLICT", -32009, 409),
        ("PRECONDITION_FAILED", -32012, 412),
        ("PAYLOAD_TOO_LARGE", -32013, 413),
        ("UNSUPPORTED_MEDIA_TYPE", -32015, 415),
        ("UNPROCESSABLE_CONTENT", -32022, 422),
        ("PRECONDITION_REQUIRED", -32028, 428),
        ("TOO_MANY_REQUESTS", -32029, 429),
        ("CLIENT_CLOSED_REQUEST", -32099, 499),
    )
}

_CODE_OF: dict[type[MancipleError], str] = {
    InvalidInput: "BAD_REQUEST",
    NotSignedIn: "UNAUTHORIZED",
    NotAllowed: "FORBIDDEN",
    NotFound: "NOT_FOUND",
    Conflict: "CONFLICT",
    Refused: "PRECONDITION_FAILED",
    TooLarge: "PAYLOAD_TOO_LARGE",
    TooMany: "TOO_MANY_REQUESTS",
    TimedOut: "TIMEOUT",
    Upstream: "BAD_GATEWAY",
    Unavailable: "SERVICE_UNAVAILABLE",
}


class WireError(MancipleError):
    """The protocol itself says no, under a code by name; without a text the name is the text."""

    def __init__(self, code: str, message: str = "", *, allow: str | None = None) -> None:
        self.code = CODES[code]
        self.allow = allow
        super().__init__(message or code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An error as the client will see it, before it is written."""

    code: Code
    message: str
    zod_error: dict[str, Any] | None = None
    problems: tuple[Problem, ...] = ()
    allow: str | None = None
    wait_s: float | None = None
    stack: str | None = None


def fault_of(error: BaseException) -> Fault | None:
    """What the client is told of an error; None if it is unexpected and must stay hidden."""
    if isinstance(error, WireError):
        return Fault(code=error.code, message=str(error), allow=error.allow)
    if isinstance(error, InvalidInput):
        issues = Issues.of(error)
        return Fault(
            code=CODES["BAD_REQUEST"],
            message=issues.text(),
            zod_error=issues.flattened(),
            problems=error.problems,
        )
    if isinstance(error, BaseExceptionGroup):
        # A procedure that works in parallel fails in parallel; the first error speaks for all.
        return fault_of(error.exceptions[0])
    for kind in type(error).__mro__:
        if (name := _CODE_OF.get(kind)) is not None:
            return Fault(
                code=CODES[name], message=str(error), wait_s=getattr(error, "wait_s", None)
            )
    return None
