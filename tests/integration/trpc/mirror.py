"""The procedures of the Node server that the captures come from, written with our own router."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Annotated, Any

from msgspec import Meta

from manciple.kit.errors import NotSignedIn
from manciple.platform.rpc.codes import WireError
from manciple.platform.rpc.door_state import DoorState
from manciple.platform.rpc.forms import ByteStream, Form
from manciple.platform.rpc.http import TrpcDoor
from manciple.platform.rpc.procedure import Caller, Tracked, Wire
from manciple.platform.rpc.router import Router, Table
from manciple.platform.rpc.settings import WireSettings

PRICES = {"WM0001": Decimal(1), "WM0002": Decimal("1.25")}


class User:
    """Who is behind a call, by the token that came with it."""

    def __init__(self, token: str | None) -> None:
        self.token = token

    def require(self, needs: str) -> None:
        if needs != "public" and self.token != "user-token":
            raise NotSignedIn("Authentication required")


async def make_user(caller: Caller) -> User:
    token = (caller.connection_params or {}).get("token")
    token = token or caller.headers.get("authorization", "").removeprefix("Bearer ")
    if token == "reject-me":
        raise NotSignedIn("Invalid token")
    return User(token or None)


class ProductId(Wire, frozen=True):
    product_id: str


class Watched(Wire, frozen=True):
    product_id: str
    count: int


class Wanted(Wire, frozen=True):
    query: Annotated[str, Meta(min_length=1)]
    limit: Annotated[int, Meta(le=100)] = 20


class Delay(Wire, frozen=True):
    ms: int
    value: str


class Thrown(Wire, frozen=True):
    code: str
    message: str


class Failing(Wire, frozen=True):
    after: int
    code: str


class Sentence(Wire, frozen=True):
    query: str
    user_id: str


class Events(Wire, frozen=True):
    user_id: str | None = None
    last_event_id: str | None = None


class Log:
    """Events with growing ids, and news of them."""

    def __init__(self, count: int) -> None:
        self.events = [self._event("u", f"q{number}") for number in range(count)]
        self.grown = asyncio.Event()

    @staticmethod
    def _event(user_id: str, query: str) -> dict[str, str]:
        return {"type": "grocery-nlp.result", "userId": user_id, "query": query}

    def add(self, user_id: str, query: str) -> str:
        self.events.append(self._event(user_id, query))
        self.grown.set()
        self.grown = asyncio.Event()
        return str(len(self.events))


def mirror_door(settings: WireSettings, *, events: int = 3) -> TrpcDoor:
    """A door with the captured server's procedures; `events` are in its log already."""
    state = DoorState()
    log = Log(events)
    table = Table(_monitoring(state), _uploads(), _prices(), _grocery(), _auth(), _queue(log))
    return TrpcDoor(table, make_user, settings=settings, state=state)


def _monitoring(state: DoorState) -> Router:
    router = Router("monitoring")

    @router.query("health", needs="public")
    async def health(_: User) -> dict[str, str]:
        """Health."""
        return {"status": "healthy"}

    @router.query("echo", needs="public")
    async def echo(_: User, value: Any) -> Any:
        """Echo."""
        return {"echo": value}

    @router.query("nullResult", needs="public")
    async def null_result(_: User) -> str | None:
        """Null."""
        return None

    @router.query("crash", needs="public")
    async def crash(_: User) -> None:
        """Crash."""
        raise RuntimeError("boom")

    @router.query("throwCode", needs="public")
    async def throw_code(_: User, wanted: Thrown) -> None:
        """Throw."""
        raise WireError(wanted.code, wanted.message)

    @router.query("delay", needs="public")
    async def delay(_: User, wanted: Delay) -> dict[str, str]:
        """Wait."""
        await asyncio.sleep(wanted.ms / 1000)
        return {"value": wanted.value}

    @router.mutation("broadcastReconnect", needs="public")
    async def broadcast_reconnect(_: User) -> dict[str, bool]:
        """Reconnect."""
        state.announce_soon()
        return {"ok": True}

    _add_subscriptions(router)
    return router


def _add_subscriptions(router: Router) -> None:
    @router.subscription("idleSubscription", needs="public")
    async def idle(_: User) -> AsyncIterator[int]:
        """Idle."""
        await asyncio.Event().wait()
        yield 0

    @router.subscription("failingSubscription", needs="public")
    async def failing(_: User, wanted: Failing) -> AsyncIterator[int]:
        """Fail."""
        for number in range(wanted.after):
            yield number
        raise WireError(wanted.code, "subscription failed")

    @router.subscription("mixedSubscription", needs="public")
    async def mixed(_: User) -> AsyncIterator[Tracked[str] | str]:
        """Mix."""
        yield Tracked("m1", "tracked one")
        yield "untracked"
        yield Tracked("m2", "tracked two")


def _prices() -> Router:
    router = Router("walmartPrice")

    @router.query("getLivePrice", needs="public")
    async def get_live_price(_: User, wanted: ProductId) -> dict[str, Any]:
        """Price."""
        return {"productId": wanted.product_id, "price": _price(wanted.product_id)}

    @router.subscription("watchPrice", needs="public")
    async def watch_price(_: User, wanted: Watched) -> AsyncIterator[dict[str, Any]]:
        """Prices."""
        for seq in range(1, wanted.count + 1):
            price = _price(wanted.product_id)
            yield {"productId": wanted.product_id, "price": price, "seq": seq}

    return router


def _price(product_id: str) -> Decimal:
    if product_id not in PRICES:
        raise WireError("NOT_FOUND", f"Product {product_id} not found")
    return PRICES[product_id]


def _grocery() -> Router:
    router = Router("walmartGrocery")

    @router.mutation("searchProducts", needs="public")
    async def search_products(_: User, wanted: Wanted) -> dict[str, Any]:
        """Search."""
        del wanted
        product = {
            "productId": "WM0001",
            "name": "Sourdough Bread 1",
            "brand": "Marketside",
            "currentPrice": 1,
            "inStock": True,
            "imageUrl": None,
        }
        return {"success": True, "products": [product], "count": 1}

    @router.query("getProductDetails", needs="public")
    async def get_product_details(_: User, wanted: ProductId) -> dict[str, Any]:
        """Details."""
        return {"productId": wanted.product_id, "price": _price(wanted.product_id)}

    return router


def _uploads() -> Router:
    router = Router("walmartGrocery")

    @router.mutation("importListForm", needs="public")
    async def import_list_form(_: User, form: Form) -> dict[str, Any]:
        """Form."""
        files = dict(form.files)
        upload = files.get("file")
        return {
            "name": form.text("name"),
            "fileName": upload.file_name if upload else None,
            "size": len(upload.body) if upload else 0,
        }

    @router.mutation("importListBinary", needs="public")
    async def import_list_binary(_: User, stream: ByteStream) -> dict[str, int]:
        """Bytes."""
        body = await stream.read()
        return {"size": len(body), "sum": sum(body)}

    return router


def _auth() -> Router:
    router = Router("auth")

    @router.mutation("logout", needs="public")
    async def logout(_: User) -> None:
        """Out."""

    @router.mutation("login", needs="public")
    async def login(_: User, wanted: Sentence) -> None:
        """In."""

    @router.query("me", needs="read")
    async def me(_: User) -> dict[str, str]:
        """Me."""
        return {"id": "user-1", "email": "user@example.com", "role": "user"}

    return router


def _queue(log: Log) -> Router:
    router = Router("groceryNLPQueue")

    @router.mutation("processQuery", needs="public")
    async def process_query(_: User, wanted: Sentence) -> dict[str, str]:
        """Ask."""
        event_id = log.add(wanted.user_id, wanted.query)
        return {"jobId": f"job-{event_id}", "eventId": event_id}

    @router.subscription("onEvents", needs="public")
    async def on_events(_: User, wanted: Events) -> AsyncIterator[Tracked[dict[str, str]]]:
        """Events."""
        start = len(log.events) if wanted.last_event_id is None else int(wanted.last_event_id)
        while True:
            for event in log.events[start:]:
                start += 1
                yield Tracked(str(start), event)
            await log.grown.wait()

    @router.subscription("onMyEvents", needs="read")
    async def on_my_events(_: User) -> AsyncIterator[dict[str, str]]:
        """Mine."""
        yield {"hello": "user-1"}
        await asyncio.Event().wait()

    return router
