import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from manciple.grocery.actions.hybrid_search import HybridSearch, HybridWish
from manciple.grocery.actions.ports import SearchSource
from manciple.grocery.domain.orders import Order, OrderLine
from manciple.grocery.domain.products import Price, Product
from manciple.grocery.domain.search_wishes import Wish
from manciple.kit.clock import SystemClock
from manciple.kit.errors import Upstream
from manciple.services.house import House
from tests.asking import ANN, Client, an_open_house

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
NAMES = {"1": "Whole Milk, 1 Gallon", "2": "Oat Milk, 64 oz", "3": "Butter, 16 oz"}


def product(id_: str, name: str, *, source: str = "test", cents: int = 250) -> Product:
    price = Price(cents=cents, source=source, method="made up", observed_at=NOW, confidence=0.5)
    return Product(
        product_id=id_, name=name, brand="Corner", price=price, source=source, updated_at=NOW
    )


class Outside:
    """A source outside that answers, fails or never answers."""

    def __init__(self, mood: str) -> None:
        self.source = f"outside-{mood}"
        self._mood = mood

    async def search(self, words: str, *, limit: int) -> list[Product]:
        if self._mood == "fails":
            raise Upstream(self.source, "is down")
        if self._mood == "hangs":
            await asyncio.Event().wait()
        return [product("9", f"Fresh {words}", source=self.source, cents=199)][:limit]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with an_open_house(tmp_path) as opened:
        await opened.stores.write(lambda tx: tx.users.ensure("ann", display_name="Ann"))
        wares = [product(id_, name) for id_, name in NAMES.items()]
        await opened.stores.write(lambda tx: tx.products.upsert_many(wares))
        orders = [
            Order(
                order_id=f"o{week}",
                ordered_at=NOW - timedelta(days=7 * week),
                source="test",
                lines=tuple(
                    OrderLine(
                        name=NAMES[id_], product_id=id_, quantity_thousandths=1000, total_cents=250
                    )
                    for id_ in ("1", "3")
                ),
            )
            for week in range(4)
        ]
        await opened.stores.write(lambda tx: tx.orders.save_many("ann", orders))
        yield opened


def hybrid(house: House, *external: SearchSource, deadline_s: float = 120.0) -> HybridSearch:
    return HybridSearch(
        house.stores,
        SystemClock(),
        search=house.search,
        recommend=house.recommend,
        external=external,
        deadline_s=deadline_s,
    )


async def test_the_answer_has_the_specifications_shape(house: House) -> None:
    answer = await Client(house, ANN).ask("hybridSearch", query="milk", sortBy="purchase_frequency")

    assert [one["productId"] for one in answer["pastPurchases"]] == ["1"]
    assert answer["pastPurchases"][0]["timesBought"] == 4
    assert [one["productId"] for one in answer["newProducts"]] == ["2"]
    assert [one["productId"] for one in answer["recommendedProducts"]] == ["3"]
    assert answer["totalResults"] == 3
    metadata = answer["searchMetadata"]
    assert metadata["sources"] == ["catalog", "order_history", "recommendations"]
    assert metadata["executionTime"] > 0


async def test_a_source_that_is_not_wanted_is_not_asked(house: House) -> None:
    answer = await Client(house, ANN).ask(
        "hybridSearch", query="milk", includePastPurchases=False, includeRecommendations=False
    )

    assert answer["searchMetadata"]["sources"] == ["catalog"]
    assert answer["pastPurchases"] == answer["recommendedProducts"] == []
    assert len(answer["newProducts"]) == 2


async def test_a_price_range_holds_in_every_group(house: House) -> None:
    answer = await Client(house, ANN).ask("hybridSearch", query="milk", priceRange={"max": 1})

    assert answer["totalResults"] == 0
    assert answer["searchMetadata"]["filters"]["priceRange"] == {"min": None, "max": 1}


async def test_what_the_outside_finds_says_where_it_comes_from(house: House) -> None:
    wanted = HybridWish(wish=Wish(query="milk"), with_past=False, with_recommendations=False)
    found = await hybrid(house, Outside("answers")).find("ann", wanted)
    fresh = next(one for one in found.groups.new if one.product.product_id == "9")

    assert fresh.source == "outside-answers"
    assert fresh.product.price is not None
    assert fresh.product.price.source == "outside-answers"


@pytest.mark.parametrize(
    ("mood", "deadline_s", "said"), [("fails", 120.0, "is down"), ("hangs", 2.0, "no answer")]
)
async def test_a_source_that_fails_or_hangs_is_said_and_spoils_nothing(
    house: House, mood: str, deadline_s: float, said: str
) -> None:
    found = await hybrid(house, Outside(mood), deadline_s=deadline_s).find(
        "ann", HybridWish(wish=Wish(query="milk"))
    )
    report = found.reports[-1]

    assert report.source == f"outside-{mood}"
    assert report.problem is not None
    assert said in report.problem
    assert [one.product.product_id for one in found.groups.past] == ["1"]


async def test_somebody_elses_purchases_are_nobodys(house: House) -> None:
    found = await hybrid(house).find("bob", HybridWish(wish=Wish(query="milk")))

    assert found.groups.past == ()
    assert {one.product.product_id for one in found.groups.new} == {"1", "2"}
