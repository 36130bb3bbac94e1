"""The door that the official client is tried against: the diagnostics, and a few extras."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from msgspec import Meta

from manciple.api.diagnostics import diagnostics_router
from manciple.kit.errors import NotSignedIn, Unavailable
from manciple.platform.rpc.door_state import DoorState
from manciple.platform.rpc.http import TrpcDoor
from manciple.platform.rpc.procedure import Caller, Tracked, Wire
from manciple.platform.rpc.router import Router, Table
from manciple.platform.rpc.settings import WireSettings
from manciple.platform.security.permissions import Grant, Principal

TICK_S = 0.02
GRANTS = {"user": frozenset({Grant.READ}), "admin": frozenset({Grant.READ, Grant.ADMIN})}


class Sum(Wire, frozen=True):
    a: int
    b: Annotated[int, Meta(le=100)]


class Flaky(Wire, frozen=True):
    id: str
    failures: int


class Ticks(Wire, frozen=True):
    cut_after: int | None = None
    last_event_id: str | None = None


class Extra:
    """What the client needs beside the diagnostics."""

    def __init__(self) -> None:
        self.tries: dict[str, int] = {}
        self.cut = asyncio.Event()

    def router(self) -> Router:
        router = Router("extra")
        self._add_calls(router)
        self._add_subscriptions(router)
        return router

    def _add_calls(self, router: Router) -> None:
        @router.mutation("add", needs="public")
        async def add(_: Principal, wanted: Sum) -> dict[str, int]:
            """The sum."""
            return {"sum": wanted.a + wanted.b}

        @router.mutation("nothing", needs="public")
        async def nothing(_: Principal) -> None:
            """No answer at all."""

        @router.query("flaky", needs="public")
        async def flaky(_: Principal, wanted: Flaky) -> dict[str, int]:
            """Fails at first."""
            self.tries[wanted.id] = self.tries.get(wanted.id, 0) + 1
            if self.tries[wanted.id] <= wanted.failures:
                raise Unavailable("this", wait_s=1)
            return {"tries": self.tries[wanted.id]}

    def _add_subscriptions(self, router: Router) -> None:
        @router.subscription("ticks", needs="public")
        async def ticks(_: Principal, wanted: Ticks) -> AsyncIterator[Tracked[int]]:
            """Numbers without end; once, the connection is lost after `cutAfter` of them."""
            number = int(wanted.last_event_id or 0)
            while True:
                number += 1
                yield Tracked(str(number), number)
                if number == wanted.cut_after:
                    self.cut.set()
                    await asyncio.Event().wait()
                await asyncio.sleep(TICK_S)

        @router.subscription("whoAmI", needs="public")
        async def who_am_i(ctx: Principal) -> AsyncIterator[str]:
            """The name of the caller."""
            yield ctx.user_id or "nobody"


async def principal_of(caller: Caller) -> Principal:
    token = (caller.connection_params or {}).get("token")
    token = token or caller.headers.get("authorization", "").removeprefix("Bearer ") or None
    if token == "reject":
        raise NotSignedIn("Invalid token")
    return Principal(user_id=token, grants=GRANTS.get(token or "", frozenset()))


TALKATIVE = WireSettings(
    max_batch_calls=10, allow_method_override=True, sse_ping_s=0.1, sse_reconnect_after_s=60.0
)
SILENT = WireSettings(sse_ping_s=None, sse_reconnect_after_s=0.3)


def client_door(extra: Extra, settings: WireSettings = TALKATIVE) -> TrpcDoor:
    state = DoorState()
    table = Table(diagnostics_router(state), extra.router())
    return TrpcDoor(table, principal_of, settings=settings, state=state)
