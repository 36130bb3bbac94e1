"""A procedure: one typed, documented async function that a client can ask for.

Everything a client can see (the wire, TypeScript, OpenAPI, the command line) is derived from
procedures and never written a second time.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

import msgspec

T = TypeVar("T")


class Kind(StrEnum):
    """How a procedure is asked."""

    QUERY = "query"
    MUTATION = "mutation"
    SUBSCRIPTION = "subscription"


class Wire(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What every input and output of a procedure derives from: camelCase exists only on the wire.

    Money is a `decimal.Decimal` here and a JSON number outside. Optional inputs have a default;
    unknown keys of an input are ignored.
    """


class Tracked(msgspec.Struct, Generic[T], frozen=True):
    """An item of a subscription that a client can resume after, by its id."""

    id: str
    data: T


class Ready(msgspec.Struct, Generic[T], frozen=True, gc=False):
    """An output of type `T` that is already JSON; the wire splices the bytes as they are."""

    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Where a call comes from, as a door saw it. Header names are in lower case.

    `visit` is what a guard before the door found out, and means nothing to the wire.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    connection_params: Mapping[str, str] | None = None
    host: str = ""
    door: str = "http"
    visit: object = None


class CallContext(Protocol):
    """What the wire needs to know of the context that a procedure receives."""

    def require(self, needs: str) -> None:
        """Returns if the caller may ask procedures that need `needs`; raises otherwise."""
        ...


ContextMaker = Callable[[Caller], Awaitable[CallContext]]
AtOnceFunction = Callable[[Any, Any], Ready[Any] | None]
Function = Callable[..., Awaitable[object]] | Callable[..., AsyncIterator[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """One entry of the table.

    `input` is None where nothing is taken. `output` is the type of the answer; of a subscription,
    the type of one item (`Tracked[X]` where clients can resume); `Ready[X]` is given as `X`.
    `at_once` gives the answer if it is at hand, and None otherwise; it never waits.
    """

    path: str
    kind: Kind
    needs: str
    input: Any
    output: Any
    call: Function
    doc: str
    is_tool: bool = False
    at_once: AtOnceFunction | None = None
