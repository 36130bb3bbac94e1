"""What every procedure receives: who asks, and the actions that can answer."""

from dataclasses import dataclass

from manciple.api.reports import Watch
from manciple.grocery.actions.budget import Budget
from manciple.grocery.actions.checkout import Checkout
from manciple.grocery.actions.fill_from_home import FillFromHome
from manciple.grocery.actions.fill_list import FillList
from manciple.grocery.actions.keep_lists import KeepLists
from manciple.grocery.actions.observe_prices import ObservePrices
from manciple.grocery.actions.plan_packs import PlanPacks
from manciple.grocery.actions.prefer import Prefer
from manciple.grocery.actions.recommend import Recommend
from manciple.grocery.actions.search import Search
from manciple.grocery.actions.shop import Shop
from manciple.grocery.actions.stock_pantry import StockPantry
from manciple.grocery.actions.substitute import Substitute
from manciple.platform.bus.exchange import Exchange
from manciple.platform.rpc.procedure import Caller
from manciple.platform.security.permissions import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One call's principal and the house's actions."""

    principal: Principal
    caller: Caller
    watch: Watch
    events: Exchange
    search: Search
    lists: KeepLists
    list_items: FillList
    shop: Shop
    checkout: Checkout
    budget: Budget
    pantry: StockPantry
    from_home: FillFromHome
    preferences: Prefer
    prices: ObservePrices
    plan_packs: PlanPacks
    substitutes: Substitute
    recommend: Recommend

    def require(self, needs: str) -> None:
        """Returns if the caller holds the grant `needs`.

        Raises:
            NotSignedIn: a stranger asks for more than is public.
            NotAllowed: the caller lacks the grant.
        """
        self.principal.require(needs)
