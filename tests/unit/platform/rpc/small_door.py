"""A small table of procedures for trying the wire, and a watcher of its calls."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from msgspec import Meta

from manciple.kit.errors import InvalidInput, TooMany
from manciple.platform.rpc.forms import ByteStream, Form
from manciple.platform.rpc.http import TrpcDoor
from manciple.platform.rpc.procedure import Caller, Ready, Tracked, Wire
from manciple.platform.rpc.router import Router, Table
from manciple.platform.rpc.settings import WireSettings
from manciple.platform.security.permissions import Principal


class Line(Wire, frozen=True):
    product_id: Annotated[str, Meta(min_length=1)]
    quantity: Annotated[int, Meta(ge=1, le=99)] = 1


class Order(Wire, frozen=True):
    lines: Annotated[list[Line], Meta(max_length=3)]
    sort: Literal["price", "name"] = "name"
    cursor: str | None = None


class Total(Wire, frozen=True):
    total: Decimal
    at: datetime


class Watcher:
    """Remembers what it was told of calls."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.crashes: list[str] = []

    def ended(self, path: str, kind: str, *, code: str, duration_s: float) -> None:
        assert duration_s >= 0
        self.codes.append(f"{path} {kind} {code}")

    def crashed(self, path: str, error: BaseException, *, reference: str) -> None:
        self.crashes.append(f"{path} {error!r} {reference}")


router = Router("shop")


@router.query("order", needs="public")
async def order(_: Principal, wanted: Order) -> Total:
    """The total."""
    count = sum(line.quantity for line in wanted.lines)
    return Total(total=Decimal("1.10") * count, at=datetime(2026, 1, 5, tzinfo=UTC))


@router.mutation("set", needs="public")
async def set_(_: Principal, wanted: Order) -> int:
    """How many lines."""
    return len(wanted.lines)


@router.mutation("clear", needs="public")
async def clear(_: Principal) -> None:
    """Nothing."""


@router.query("any", needs="public")
async def any_(_: Principal, value: Any) -> Any:
    """Anything."""
    return value


@router.query("ready", needs="public")
async def ready(_: Principal) -> Ready[Total]:
    """Bytes that were ready, with line breaks."""
    return Ready(b'{\n"total":1}')


@router.query("picky", needs="public")
async def picky(_: Principal) -> None:
    """Two problems."""
    first, second = InvalidInput.at("a", "no good"), InvalidInput.at("b", "too late")
    raise InvalidInput(*first.problems, *second.problems)


@router.query("busy", needs="public")
async def busy(_: Principal) -> None:
    """Not now."""
    raise TooMany(wait_s=7)


@router.query("broken", needs="public")
async def broken(_: Principal) -> object:
    """What cannot be written."""
    return object()


@router.query("wait", needs="public")
async def wait(_: Principal) -> None:
    """Never ends."""
    await asyncio.Event().wait()


@router.query("stray", needs="public")
async def stray(_: Principal) -> None:
    """Waits for work that somebody else cancels."""
    work: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    work.cancel()
    await work


@router.mutation("form", needs="public")
async def form_(_: Principal, form: Form) -> int:
    """How many fields and files."""
    return len(form.fields) + len(form.files)


@router.mutation("bytes", needs="public")
async def bytes_(_: Principal, stream: ByteStream) -> int:
    """How many bytes."""
    return len(await stream.read())


@router.subscription("items", needs="public")
async def items(_: Principal, wanted: Order) -> AsyncIterator[Tracked[int] | int]:
    """Tracked numbers, and one that is not."""
    for number, _line in enumerate(wanted.lines):
        yield Tracked(str(number), number)
    yield -1


@router.subscription("idle", needs="public")
async def idle(_: Principal) -> AsyncIterator[int]:
    """One number, and then nothing."""
    yield 1
    await asyncio.Event().wait()


@router.subscription("badIds", needs="public")
async def bad_ids(_: Principal) -> AsyncIterator[Tracked[int]]:
    """An id that no frame can hold."""
    yield Tracked("a\nb", 1)


async def make_context(caller: Caller) -> Principal:
    return Principal(user_id=caller.headers.get("x-user"), grants=frozenset())


def small_door(settings: WireSettings | None = None, watcher: Watcher | None = None) -> TrpcDoor:
    settings = settings or WireSettings(max_batch_calls=5)
    return TrpcDoor(Table(router), make_context, settings=settings, observer=watcher or Watcher())
