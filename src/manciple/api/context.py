"""What every procedure receives: who asks, and the actions that can answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from manciple.api.reports import Watch
from manciple.grocery.actions.ask import Ask
from manciple.grocery.actions.audit import AuditTrail
from manciple.grocery.actions.budget import Budget
from manciple.grocery.actions.checkout import Checkout
from manciple.grocery.actions.collect import Collect
from manciple.grocery.actions.correct import Correct
from manciple.grocery.actions.fall_back import FallBack
from manciple.grocery.actions.fill_from_home import FillFromHome
from manciple.grocery.actions.fill_list import FillList
from manciple.grocery.actions.households import LiveTogether
from manciple.grocery.actions.hybrid_search import HybridSearch
from manciple.grocery.actions.import_orders import ImportOrders
from manciple.grocery.actions.keep_lists import KeepLists
from manciple.grocery.actions.live_prices import LivePrices
from manciple.grocery.actions.observe_prices import ObservePrices
from manciple.grocery.actions.plan_packs import PlanPacks
from manciple.grocery.actions.prefer import Prefer
from manciple.grocery.actions.recommend import Recommend
from manciple.grocery.actions.register import Register
from manciple.grocery.actions.search import Search
from manciple.grocery.actions.shop import Shop
from manciple.grocery.actions.sign_in import SignPeopleIn
from manciple.grocery.actions.stock_pantry import StockPantry
from manciple.grocery.actions.substitute import Substitute
from manciple.grocery.actions.tokens import KeepTokens
from manciple.grocery.actions.understand import Understand
from manciple.grocery.actions.watch_prices import WatchPrices
from manciple.platform.bus.exchange import Exchange
from manciple.platform.rpc.procedure import Caller
from manciple.platform.security.permissions import Grant, Principal
from manciple.platform.security.visits import Visit


class Door(Protocol):
    """What the guard of the house says of it."""

    @property
    def is_open_house(self) -> bool:
        """Whether programs on this machine need no sign-in."""
        ...

    @property
    def has_people(self) -> bool:
        """Whether anybody was ever registered."""
        ...

    async def refresh(self) -> None:
        """Takes notice of who was registered."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One call's principal and the house's actions."""

    principal: Principal
    caller: Caller
    watch: Watch
    events: Exchange
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
    agent: Ask
    understand: Understand
    correct: Correct
    sign_in: SignPeopleIn
    register: Register
    tokens: KeepTokens
    audit: AuditTrail
    households: LiveTogether
    door: Door
    now: Callable[[], datetime]
    visit: Visit = field(default_factory=Visit)
    on_call: Callable[[], None] | None = None

    def require(self, needs: str) -> None:
        """Returns if the caller holds the grant `needs`.

        Raises:
            NotSignedIn: a stranger asks for more than is public.
            NotAllowed: the caller lacks the grant.
            TooMany: the caller has asked too often.
        """
        if self.on_call is not None:
            self.on_call()
        if self.visit.failure is not None and needs != Grant.PUBLIC:
            raise self.visit.failure
        self.principal.require(needs)
