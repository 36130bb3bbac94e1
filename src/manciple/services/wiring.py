"""Puts the house together: the one place that constructs actions from what they need."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from manciple.api.app_router import app_table
from manciple.api.context import Context
from manciple.api.diagnostics import diagnostics_router
from manciple.api.event_types import is_state
from manciple.grocery.actions.budget import Budget
from manciple.grocery.actions.catalog import FillCatalog, Progress
from manciple.grocery.actions.checkout import Checkout
from manciple.grocery.actions.collect import Collect
from manciple.grocery.actions.fall_back import FallBack
from manciple.grocery.actions.fill_from_home import FillFromHome
from manciple.grocery.actions.fill_list import FillList
from manciple.grocery.actions.hybrid_search import HybridSearch
from manciple.grocery.actions.import_orders import ImportOrders
from manciple.grocery.actions.index_products import IndexProducts
from manciple.grocery.actions.keep_lists import KeepLists
from manciple.grocery.actions.live_prices import LivePrices, Remembering
from manciple.grocery.actions.observe_prices import ObservePrices
from manciple.grocery.actions.plan_packs import PlanPacks
from manciple.grocery.actions.prefer import Prefer
from manciple.grocery.actions.recommend import Recommend
from manciple.grocery.actions.search import Search
from manciple.grocery.actions.shop import Shop
from manciple.grocery.actions.stock_pantry import StockPantry
from manciple.grocery.actions.substitute import Substitute
from manciple.grocery.actions.watch_prices import WatchPrices
from manciple.grocery.connectors.order_files import read_order_file
from manciple.grocery.connectors.shelf import BundledShelf
from manciple.grocery.index.product_index import ProductIndex
from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.stores import Stores
from manciple.kit.cache import MemoryCache
from manciple.kit.clock import Clock, SystemClock
from manciple.platform.bus.exchange import Exchange
from manciple.platform.bus.hub import Hub
from manciple.platform.db.changes import ChangeWatch
from manciple.platform.db.database import Database
from manciple.platform.rpc.at_once import ContextAtOnce
from manciple.platform.rpc.door_state import DoorState
from manciple.platform.rpc.procedure import Caller
from manciple.platform.rpc.router import Table
from manciple.platform.security.permissions import Principal
from manciple.platform.security.visits import Visit
from manciple.services.careful import careful
from manciple.services.health import HouseWatch, Part
from manciple.services.language_room import Language, language_room
from manciple.services.metrics import TARGETS
from manciple.services.security_room import Security, secure
from manciple.services.settings import Settings
from manciple.services.sources_room import Sources, open_sources
from manciple.services.table import SERVICES

# People who are answered at once; more are rarely awake in one house.
_MAX_CONTEXTS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything that answers, opened and ready. Used by the doors, the commands and tests."""

    settings: Settings
    clock: Clock
    table: Table
    door_state: DoorState
    stores: Stores
    cache: MemoryCache
    watch: HouseWatch
    exchange: Exchange
    security: Security
    catalog: FillCatalog
    index: IndexProducts
    search: Search
    hybrid: HybridSearch
    lists: KeepLists
    list_items: FillList
    shop: Shop
    checkout: Checkout
    budget: Budget
    pantry: StockPantry
    from_home: FillFromHome
    preferences: Prefer
    prices: ObservePrices
    orders: ImportOrders
    live: LivePrices
    price_watches: WatchPrices
    collect: Collect
    plan_packs: PlanPacks
    substitutes: Substitute
    fallbacks: FallBack
    recommend: Recommend
    language: Language

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

        def known(headers: Mapping[bytes, bytes], peer: str) -> Context | None:
            principal = self.security.known_at_once(headers, peer)
            if principal is None:
                return None
            if (context := contexts.get(principal)) is None:
                if len(contexts) >= _MAX_CONTEXTS:
                    contexts.clear()
                context = contexts[principal] = self.context_of(principal, Caller())
            return context

        return known

    def context_of(
        self, principal: Principal, caller: Caller, *, visit: Visit | None = None
    ) -> Context:
        """What a procedure receives when `principal` calls; no sign-in is looked at."""
        visit = visit or Visit(principal=principal)
        security = self.security
        return Context(
            principal=principal,
            caller=caller,
            visit=visit,
            on_call=security.counter(visit, caller),
            sign_in=security.sign_in,
            register=security.register,
            tokens=security.tokens,
            audit=security.audit,
            households=security.households,
            door=security.guard,
            now=self.clock.now,
            watch=self.watch,
            events=self.exchange,
            search=self.search,
            hybrid=self.hybrid,
            lists=self.lists,
            list_items=self.list_items,
            shop=self.shop,
            checkout=self.checkout,
            budget=self.budget,
            pantry=self.pantry,
            from_home=self.from_home,
            preferences=self.preferences,
            prices=self.prices,
            orders=self.orders,
            live=self.live,
            price_watches=self.price_watches,
            collect=self.collect,
            plan_packs=self.plan_packs,
            substitutes=self.substitutes,
            fallbacks=self.fallbacks,
            recommend=self.recommend,
            agent=self.language.agent,
            understand=self.language.understand,
            correct=self.language.correct,
        )


@asynccontextmanager
async def open_house(
    settings: Settings, *, clock: Clock | None = None, on_stock: Progress = lambda _: None
) -> AsyncIterator[House]:
    """The house, opened; closed again at the end of the block.

    The database is made or migrated first, and a new one filled with the bundled shelf, which
    takes about a second; `on_stock` hears how many products are in, from another thread.

    Raises:
        Refused: the database was written by a newer version.
        Unavailable: the database cannot be opened.
    """
    clock = clock or SystemClock()
    database = await asyncio.to_thread(open_database, settings.database.path)
    try:
        stores = Stores(database, clock)
        await stores.write(lambda tx: tx.users.ensure("local", display_name="You"))
        await FillCatalog(stores).stock(BundledShelf(), progress=on_stock)
        with contextlib.closing(ChangeWatch(settings.database.path)) as changes:
            exchange = _exchange(database, clock, changes)
            await exchange.open()
            stores.on_written(exchange.ring)
            security = await secure(settings, clock, stores)
            sources = open_sources(settings.sources, clock)
            TARGETS.states = sources.targets
            house = _furnish(settings, clock, stores, exchange, security, sources=sources)
            try:
                yield house
            finally:
                await house.live.close()
                await sources.fetcher.close()
                await house.language.close()
    finally:
        await database.close()


def _exchange(database: Database, clock: Clock, changes: ChangeWatch) -> Exchange:
    return Exchange(database, clock, Hub(), has_changed=changes.has_changed, is_state=is_state)


def _furnish(
    settings: Settings,
    clock: Clock,
    stores: Stores,
    exchange: Exchange,
    security: Security,
    *,
    sources: Sources,
) -> House:
    cache = MemoryCache(
        clock,
        ttl_s=settings.cache.ttl_s,
        stale_s=settings.cache.stale_s,
        max_bytes=settings.cache.max_bytes,
    )
    door_state = DoorState()
    extra = (diagnostics_router(door_state, clock),) if settings.api.diagnostics else ()
    products = ProductIndex(settings.database.path.with_suffix(".index"))
    follower = IndexProducts(stores, products, clock, cache=cache)
    search = Search(stores, products, follower, cache=cache)
    recommend = Recommend(stores, clock)
    live = LivePrices(stores, clock, sources.lookups, fresh_s=settings.sources.fresh_s)
    substitutes = Substitute(stores, follower)
    return House(
        settings=settings,
        clock=clock,
        door_state=door_state,
        table=careful(app_table(*extra), stores),
        stores=stores,
        cache=cache,
        watch=_watch(clock, stores, cache, sources),
        exchange=exchange,
        security=security,
        catalog=FillCatalog(stores),
        index=follower,
        search=search,
        hybrid=HybridSearch(
            stores,
            clock,
            search=search,
            recommend=recommend,
            external=[Remembering(one, stores) for one in sources.searches],
        ),
        lists=KeepLists(stores, clock),
        list_items=FillList(stores, clock),
        shop=Shop(stores, clock),
        checkout=Checkout(stores, clock),
        budget=Budget(stores, clock),
        pantry=StockPantry(stores, clock),
        from_home=FillFromHome(stores, clock),
        preferences=Prefer(stores),
        prices=ObservePrices(stores),
        orders=ImportOrders(stores, read_order_file),
        live=live,
        collect=Collect(stores, clock, sources.collector),
        price_watches=WatchPrices(
            stores,
            clock,
            live,
            every_s=settings.sources.refresh_s,
            requests_per_hour=settings.sources.requests_per_hour,
        ),
        plan_packs=PlanPacks(stores, search),
        substitutes=substitutes,
        fallbacks=FallBack(stores, substitutes),
        recommend=recommend,
        language=language_room(
            settings, clock, stores, search=search, substitutes=substitutes, recommend=recommend
        ),
    )


def _watch(clock: Clock, stores: Stores, cache: MemoryCache, sources: Sources) -> HouseWatch:
    async def look_at_database() -> None:
        await stores.read(lambda tx: tx.products.latest_revision())

    parts = {
        "database": Part(look=look_at_database),
        "nlp": Part(why_off="no worker runs in this process"),
        "websocket": Part(why_off="no door is open in this process"),
        "external": sources.part(),
    }
    return HouseWatch(clock, parts=parts, cache=cache, services=SERVICES, targets=sources.targets)
