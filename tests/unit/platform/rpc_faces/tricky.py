"""A table of procedures with every kind of type that a face has to describe."""

import datetime as dt
import decimal
import enum
import uuid
from collections.abc import AsyncIterator
from typing import Annotated, Any, Generic, Literal, NamedTuple, TypeVar

import msgspec
from msgspec import Meta

from manciple.platform.rpc.forms import ByteStream, Form
from manciple.platform.rpc.procedure import Ready, Tracked, Wire
from manciple.platform.rpc.router import Router, Table

T = TypeVar("T")


class Aisle(enum.StrEnum):
    """Where a thing stands."""

    DAIRY = "dairy"
    FROZEN = "frozen"


class Stars(enum.IntEnum):
    ONE = 1
    FIVE = 5


class Money(Wire, frozen=True, kw_only=True):
    """A price as the shop says it: never */ a float."""

    amount: decimal.Decimal
    currency: str = "USD"


class Corner(NamedTuple):
    row: int
    column: int


class Point(msgspec.Struct, frozen=True, array_like=True):
    x: float
    y: float = 0.0


class Weighed(Wire, tag_field="kind", tag="weighed", frozen=True, kw_only=True):
    """Sold by weight."""

    grams: int


class Counted(Wire, tag_field="kind", tag="counted", frozen=True, kw_only=True):
    """Sold by the piece."""

    pieces: int
    per_pack: int = 1


class Category(Wire, frozen=True, kw_only=True):
    """A shelf within shelves."""

    title: str
    children: tuple["Category", ...] = ()


class Thing(Wire, frozen=True, kw_only=True):
    """A thing on a shelf."""

    thing_id: str
    price: Money | None = None
    aisle: Aisle
    stars: Stars | None = None
    measure: Weighed | Counted
    seen_at: dt.datetime
    best_before: dt.date | None = None
    key: uuid.UUID
    picture: bytes = b""
    place: Corner
    at: Point
    spans: tuple[int, str, bool]
    tags: frozenset[str] = frozenset()
    counts: dict[str, int] = msgspec.field(default_factory=dict)
    per_aisle: dict[Aisle, list[int | None]] = msgspec.field(default_factory=dict)
    extra: Any = None
    note: str | msgspec.UnsetType = msgspec.UNSET
    category: Category
    state: Literal["new", "old", 3] = "new"


class WantedThings(Wire, frozen=True, kw_only=True):
    """What is looked for."""

    query: Annotated[str, Meta(min_length=1, max_length=200, description="In plain words.")]
    limit: Annotated[int, Meta(ge=1, le=100)] = 20
    cursor: str | None = None
    aisles: list[Aisle] = msgspec.field(default_factory=list)
    max_price: Annotated[decimal.Decimal, Meta(description="In dollars.")] | None = None
    sort: Literal["relevance", "price"] = "relevance"
    measure: Weighed | Counted | None = None


class Page(Wire, Generic[T], frozen=True, kw_only=True):
    """Some of many."""

    items: list[T]
    next_cursor: str | None = None


class ThingId(Wire, frozen=True, kw_only=True):
    thing_id: str


class Odd(Wire, frozen=True, kw_only=True):
    """A name that needs quotes on the wire."""

    value: int = msgspec.field(name="odd-value")


class Query(Wire, frozen=True, kw_only=True):
    """A type that bears a name of the written file."""

    text: str


class Options(Wire, frozen=True, kw_only=True):
    """An input that may be left out as a whole."""

    is_fresh: bool = False


class Progress(Wire, frozen=True, kw_only=True):
    done: float


shop = Router("walmartGrocery")
queue = Router("groceryNLPQueue")
auth = Router("auth")


@shop.query("search", needs="read")
async def search(ctx: object, wanted: WantedThings) -> Page[Thing]:
    """The things that fit best, a page at a time."""
    raise NotImplementedError


@shop.query("getThing", needs="read")
async def get_thing(ctx: object, wanted: ThingId) -> Ready[Thing | None]:
    """One thing, or nothing.

    Raises:
        NotFound: never; */ does not end this.
    """
    raise NotImplementedError


@shop.query("anything", needs="admin")
async def anything(ctx: object, wanted: Options) -> Any:
    """Whatever there is."""
    raise NotImplementedError


@shop.mutation("putThing", needs="write")
async def put_thing(ctx: object, thing: Thing) -> ThingId:
    """The id of what was put."""
    raise NotImplementedError


@shop.mutation("upload", needs="write")
async def upload(ctx: object, form: Form) -> Odd:
    """How much of a form came."""
    raise NotImplementedError


@shop.mutation("uploadRaw", needs="write")
async def upload_raw(ctx: object, body: ByteStream) -> int:
    """How many bytes came."""
    raise NotImplementedError


@auth.mutation("logout", needs="public")
async def logout(ctx: object) -> None:
    """Nothing; the session is over."""


@auth.query("whoAmI", needs="public")
async def who_am_i(ctx: object, wanted: Query | None) -> str:
    """The name of the caller."""
    raise NotImplementedError


@queue.subscription("onProgress", needs="read")
async def on_progress(_: object, _wanted: ThingId | None) -> AsyncIterator[Tracked[Progress]]:
    """Progress, resumable."""
    yield Tracked(id="1", data=Progress(done=0.5))


@queue.subscription("mixed", needs="read")
async def mixed(_: object) -> AsyncIterator[Tracked[Progress] | Money]:
    """Tracked and untracked items."""
    yield Money(amount=decimal.Decimal(1))


@queue.subscription("ticks", needs="public")
async def ticks(_: object, _wanted: Progress) -> AsyncIterator[int]:
    """Numbers as they come."""
    yield 1


table = Table(shop, queue, auth)
