"""A house, opened in parts: its ground, and the rooms that whoever opens it asks for.

The ground is what every process needs: the database, events, safety, probes. Actions live in the
rooms, which are modules of their own, so that a process loads and opens only what it uses.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from manciple.api.actions import Actions
from manciple.api.context import Context
from manciple.api.diagnostics import diagnostics_router
from manciple.api.event_types import is_state
from manciple.grocery.actions.oversee_jobs import OverseeJobs
from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.stores import Stores
from manciple.kit import tracing
from manciple.kit.cache import MemoryCache
from manciple.kit.clock import Clock, SystemClock
from manciple.kit.file_bell import FileBell
from manciple.platform.bus.exchange import Exchange
from manciple.platform.bus.hub import Hub
from manciple.platform.bus.peek import Peek
from manciple.platform.db.changes import LOOK_AGAIN_S, POLL_S, REST_S, ChangeWatch, log_of
from manciple.platform.db.database import Database
from manciple.platform.mesh.registry import Registry
from manciple.platform.rpc.at_once import Admitted, ContextAtOnce, Who
from manciple.platform.rpc.door_state import DoorState
from manciple.platform.rpc.procedure import Caller, Kind
from manciple.platform.rpc.router import Router, Table
from manciple.platform.security.permissions import Principal
from manciple.platform.security.visits import Visit
from manciple.services.careful import careful
from manciple.services.costly import costly
from manciple.services.health import HouseWatch, Part
from manciple.services.neighbors import neighbor
from manciple.services.security import Security, secure
from manciple.services.settings import Settings
from manciple.services.streams_watch import follow_moves
from manciple.services.table import SERVICES
from manciple.services.traces import traced_calls

if TYPE_CHECKING:
    from manciple.grocery.actions.catalog import FillCatalog
    from manciple.grocery.actions.index_products import IndexProducts
    from manciple.grocery.actions.notify import Notify
    from manciple.grocery.connectors.webhook_post import WebhookPost
    from manciple.services.gathering import Gathering
    from manciple.services.sources import Sources

# People who are answered at once; more are rarely awake in one house.
_MAX_CONTEXTS = 1000

Progress = Callable[[int], None]
"""Hears, from another thread, how many products a new house has already taken in."""

AccessMark = Callable[[], int]
"""A number that is another whenever any process changed who may come in; microseconds to ask."""

Detour = Callable[[Table], Table]
"""The same procedures, some of which go another way."""


@dataclass(kw_only=True, eq=False)
class House(Actions):
    """What answers, opened and ready. Used by the doors, the commands and tests.

    Rooms set the actions of `Actions`, and what is below `table` here.
    """

    settings: Settings
    clock: Clock
    stores: Stores
    exchange: Exchange
    security: Security
    cache: MemoryCache
    watch: HouseWatch
    door_state: DoorState
    on_stock: Progress
    detours: list[Detour] = field(default_factory=list)
    table: Table = field(init=False)
    _offered: Table = field(init=False)
    access_mark: AccessMark = field(init=False)
    streams: set[str] = field(default_factory=set)
    """The paths of subscriptions."""
    catalog: FillCatalog = field(init=False)
    index: IndexProducts = field(init=False)
    sources: Sources = field(init=False)
    gathering: Gathering = field(init=False)
    webhook_post: WebhookPost = field(init=False)
    notify: Notify = field(init=False)

    def __post_init__(self) -> None:
        self.now = self.clock.now
        self.events = self.exchange
        self.door = self.security.guard
        self.audit = self.security.audit
        self.jobs = OverseeJobs(self.stores)

    def offer(self, routers: Sequence[Router]) -> None:
        """From now on these can be asked, and nothing else; detours are taken."""
        has_more = self.settings.api.diagnostics
        extra = (diagnostics_router(self.door_state, self.clock),) if has_more else ()
        offered = costly(Table(*routers, *extra), self.security.limits)
        self._offered = careful(offered, self.stores, self.security.vault)
        self._take_detours()
        self.streams |= {path for path, p in self.table.items() if p.kind is Kind.SUBSCRIPTION}

    def divert(self, detour: Detour) -> None:
        """Whatever is offered, now and later, takes this detour, before those that are known."""
        self.detours.insert(0, detour)
        self._take_detours()

    def _take_detours(self) -> None:
        self.table = self._offered
        for detour in self.detours:
            self.table = detour(self.table)

    async def context(self, caller: Caller) -> Context:
        """What a procedure receives for a call from `caller`, whoever that is found to be.

        Raises:
            NotSignedIn: the caller brings a token that is not taken.
        """
        visit = await self.security.visit_of(caller)
        return self.context_of(visit.principal, caller, visit=visit)

    def context_at_once(self) -> ContextAtOnce:
        """The same for answers at hand, for those who are known without waiting.

        One context serves all calls of a principal, so procedures that answer at once must not
        look at the caller.
        """
        contexts: dict[Principal, Context] = {}

        def context_of(principal: Principal) -> Context:
            if (context := contexts.get(principal)) is None:
                if len(contexts) >= _MAX_CONTEXTS:
                    contexts.clear()
                context = contexts[principal] = self.context_of(principal, Caller())
            return context

        def known_by(headers: Mapping[bytes, bytes]) -> Who:
            visit_by = self.security.known_by(headers)
            last: tuple[Visit, Admitted] | None = None

            def who(peer: str) -> Admitted | None:
                nonlocal last
                visit = visit_by(peer)
                if visit is None:
                    return None
                if last is None or last[0] is not visit:
                    count = self.security.limits.counter_of(visit)
                    last = visit, (context_of(visit.principal), count)
                return last[1]

            return who

        return known_by

    def context_of(
        self, principal: Principal, caller: Caller, *, visit: Visit | None = None
    ) -> Context:
        """What a procedure receives when `principal` calls; no sign-in is looked at."""
        visit = visit or Visit(principal=principal)
        return Context(
            principal=principal,
            caller=caller,
            actions=self,
            visit=visit,
            on_call=self.security.counter(visit, caller),
            on_cost=self.security.cost_counter(visit, caller),
        )


Room = Callable[[House], AbstractAsyncContextManager[None]]
"""Sets some of a house's actions, and lets go of what they hold when the house closes."""


@asynccontextmanager
async def open_rooms(
    settings: Settings,
    rooms: Sequence[Room],
    *,
    routers: Sequence[Router],
    clock: Clock | None = None,
    on_stock: Progress = lambda _: None,
) -> AsyncIterator[House]:
    """A house with these rooms, opened in their order; closed again at the end of the block.

    The database is made or migrated first. `routers` are what can be asked of it.

    Raises:
        Refused: the database was written by a newer version.
        Unavailable: the database cannot be opened.
    """
    clock = clock or SystemClock()
    database = await asyncio.to_thread(open_database, settings.database.path)
    try:
        stores = Stores(database, clock)
        await stores.write(lambda tx: tx.users.ensure("local", display_name="You"))
        async with _news(settings.database.path, database, clock) as (exchange, changes):
            stores.on_written(exchange.ring)
            security = await secure(settings, clock, stores)
            follow_moves(exchange, security.open_streams)
            house = _ground(settings, clock, stores, exchange, security=security, on_stock=on_stock)
            house.access_mark = partial(changes.newest_id, "access_changes")
            if tracing.is_on():
                house.detours.append(traced_calls)
            house.offer(routers)
            async with AsyncExitStack() as stack:
                for room in rooms:
                    await stack.enter_async_context(room(house))
                yield house
    finally:
        await database.close()


@asynccontextmanager
async def _news(
    path: Path, database: Database, clock: Clock
) -> AsyncIterator[tuple[Exchange, ChangeWatch]]:
    """The exchange, which looks whenever any process wrote to the database's log."""
    with (
        contextlib.closing(ChangeWatch(path, ["outbox", "jobs"])) as changes,
        contextlib.closing(Peek(path)) as peek,
        contextlib.closing(FileBell(log_of(path), later=LOOK_AGAIN_S)) as bell,
    ):
        is_told = bell.open()
        exchange = Exchange(
            database,
            clock,
            Hub(),
            has_changed=changes.has_added,
            peek=peek.after,
            poll_s=REST_S if is_told else POLL_S,
            is_state=is_state,
        )
        bell.ring = exchange.look
        await exchange.open()
        yield exchange, changes


def _ground(
    settings: Settings,
    clock: Clock,
    stores: Stores,
    exchange: Exchange,
    *,
    security: Security,
    on_stock: Progress,
) -> House:
    cache = MemoryCache(
        clock,
        ttl_s=settings.cache.ttl_s,
        stale_s=settings.cache.stale_s,
        max_bytes=settings.cache.max_bytes,
    )
    return House(
        settings=settings,
        clock=clock,
        stores=stores,
        exchange=exchange,
        security=security,
        cache=cache,
        watch=_watch(clock, stores, cache),
        door_state=DoorState(),
        on_stock=on_stock,
    )


def _watch(clock: Clock, stores: Stores, cache: MemoryCache) -> HouseWatch:
    async def look_at_database() -> None:
        await stores.read(lambda tx: tx.products.latest_revision())

    registry = Registry(stores.database, clock)
    parts = {
        "database": Part(look=look_at_database),
        "nlp": neighbor(registry, "walmart-nlp-queue", why_off="no worker runs in this process"),
        "websocket": neighbor(
            registry, "walmart-websocket", why_off="no door is open in this process"
        ),
        "external": Part(why_off="nobody outside is asked by this process"),
    }
    return HouseWatch(clock, parts=parts, cache=cache, services=SERVICES)
