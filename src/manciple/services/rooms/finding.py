"""Finding products: the index, searches of all kinds, what stands in for what."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from manciple.grocery.actions.fall_back import FallBack
from manciple.grocery.actions.hybrid_search import HybridSearch
from manciple.grocery.actions.index_products import IndexProducts
from manciple.grocery.actions.live_prices import Remembering
from manciple.grocery.actions.note_uses import NoteUses
from manciple.grocery.actions.plan_packs import PlanPacks
from manciple.grocery.actions.recommend import Recommend
from manciple.grocery.actions.search import Search
from manciple.grocery.actions.substitute import Substitute
from manciple.grocery.actions.suggest import Suggest
from manciple.grocery.index.product_index import ProductIndex
from manciple.kit.clock import SystemClock
from manciple.kit.looper import Looper
from manciple.services.house import House

# Uses of the last minute are no loss when a process ends.
_FLUSH_EVERY_S = 60.0


@asynccontextmanager
async def finding_room(house: House) -> AsyncIterator[None]:
    """Sets searches; needs the sources of the room of prices."""
    stores, clock, cache = house.stores, house.clock, house.cache
    products = ProductIndex(house.settings.database.path.with_suffix(".index"))
    house.index = IndexProducts(stores, products, clock, cache=cache)
    house.search = Search(stores, products, house.index, cache=cache)
    house.suggest = Suggest(products, house.index)
    house.uses = NoteUses(stores, is_on=house.settings.cache_warmer.notes_uses)
    house.recommend = Recommend(stores, clock)
    house.plan_packs = PlanPacks(stores, house.search)
    house.substitutes = Substitute(stores, house.index)
    house.fallbacks = FallBack(stores, house.substitutes)
    house.hybrid = HybridSearch(
        stores,
        clock,
        search=house.search,
        recommend=house.recommend,
        external=[Remembering(one, stores) for one in house.sources.searches],
    )
    async with Looper("note-uses", house.uses.flush, every_s=_FLUSH_EVERY_S, clock=SystemClock()):
        yield
