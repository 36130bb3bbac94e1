"""What people search for is ready before they search again."""

from pathlib import Path

from manciple.api.search_inputs import SearchInput
from manciple.grocery.domain.uses import UseKind
from manciple.platform.rpc.procedure import Caller
from manciple.services.house import House
from manciple.services.warm_places import WARMER
from tests.asking import BOB, Client, an_open_house
from tests.stocks import a_full_product


def is_ready(house: House, query: str) -> bool:
    return house.cache.fresh(("search", SearchInput(query=query))) is not None


async def test_what_two_people_searched_for_is_warmed_and_nobody_is_named(tmp_path: Path) -> None:
    async with an_open_house(tmp_path) as house:
        await house.stores.write(lambda tx: tx.products.upsert_many([a_full_product("p1")]))
        ann = Client(house)
        await ann.ask("search", query="milk")
        await ann.as_(BOB).ask("search", query="milk")
        await ann.ask("search", query="eggs for my cold")
        await ann.ask("getProductDetails", productId="p1")
        await ann.ask("getProductDetails", productId="p1")
        await house.uses.flush()
        rows = await house.stores.read(
            lambda tx: [*tx.uses.best(UseKind.SEARCH, 9), *tx.uses.best(UseKind.PRODUCT, 9)]
        )
        assert [key for key, _ in rows] == [rows[0][0], "p1"]
        assert '"query":"milk"' in rows[0][0]
        assert "ann" not in rows[0][0]

        house.cache.clear()
        done = await house.warmer.warm()

        assert (done.places, done.searches, done.products, done.failed) == (1, 1, 1, 0)
        assert is_ready(house, "milk")
        assert not is_ready(house, "eggs for my cold")
        told = await ann.ask("cacheWarmer.status")
        assert (told["rounds"], told["last"]["calls"], told["isWarming"]) == (1, 2, False)
        assert await house.uses.flush() == 0


async def test_only_who_looks_after_the_house_may_warm_now(tmp_path: Path) -> None:
    async with an_open_house(tmp_path) as house:
        bound = house.table["cacheWarmer.warmNow"]
        assert bound.needs == "admin"
        context = house.context_of(WARMER, Caller())
        assert context.principal.grants == {"read"}
