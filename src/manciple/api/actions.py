"""Everything that a house can do, each action under the name that procedures call it by.

Whoever opens a house sets what it opens: a service that answers for prices has no lists. The
imports are for the type checker alone, so that naming an action costs a process nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn, Protocol

if TYPE_CHECKING:
    from manciple.api.mesh_reports import Mesh
    from manciple.api.monitor_reports import MonitorDesk
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
    from manciple.grocery.actions.keep_notices import KeepNotices
    from manciple.grocery.actions.keep_sign_ins import KeepSignIns
    from manciple.grocery.actions.keep_webhooks import KeepWebhooks
    from manciple.grocery.actions.live_prices import LivePrices
    from manciple.grocery.actions.note_uses import NoteUses
    from manciple.grocery.actions.observe_prices import ObservePrices
    from manciple.grocery.actions.oversee_jobs import OverseeJobs
    from manciple.grocery.actions.oversee_people import OverseePeople
    from manciple.grocery.actions.plan_packs import PlanPacks
    from manciple.grocery.actions.prefer import Prefer
    from manciple.grocery.actions.read_sentences import ReadSentences
    from manciple.grocery.actions.recommend import Recommend
    from manciple.grocery.actions.register import Register
    from manciple.grocery.actions.search import Search
    from manciple.grocery.actions.share_lists import ShareLists
    from manciple.grocery.actions.shop import Shop
    from manciple.grocery.actions.sign_in import SignPeopleIn
    from manciple.grocery.actions.stock_pantry import StockPantry
    from manciple.grocery.actions.substitute import Substitute
    from manciple.grocery.actions.suggest import Suggest
    from manciple.grocery.actions.take_leave import TakeLeave
    from manciple.grocery.actions.tokens import KeepTokens
    from manciple.grocery.actions.understand import Understand
    from manciple.grocery.actions.warm import WarmCache
    from manciple.grocery.actions.watch_prices import WatchPrices
    from manciple.platform.bus.exchange import Exchange


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

    async def households_of(self, user_id: str) -> frozenset[str]:
        """The ids of the households that somebody lives in."""
        ...


class Actions:
    """The actions of a house. A new one is one line here, and made in one of its rooms."""

    now: Callable[[], datetime]
    watch: Watch
    mesh: Mesh
    events: Exchange
    door: Door
    audit: AuditTrail
    uses: NoteUses
    warmer: WarmCache
    monitor: MonitorDesk
    search: Search
    suggest: Suggest
    hybrid: HybridSearch
    lists: KeepLists
    list_items: FillList
    sharing: ShareLists
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
    jobs: OverseeJobs
    sentences: ReadSentences
    correct: Correct
    sign_in: SignPeopleIn
    sign_ins: KeepSignIns
    register: Register
    people: OverseePeople
    tokens: KeepTokens
    households: LiveTogether
    leave: TakeLeave
    webhooks: KeepWebhooks
    notices: KeepNotices

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            message = f"{name!r} is in no room that was opened here"
            raise AttributeError(message)
