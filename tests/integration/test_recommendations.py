"""What to buy next, asked as a client does, from imported orders."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from manciple.grocery.domain.orders import Order, OrderLine
from manciple.kit.errors import NotFound
from tests.asking import BOB, Client, an_open_house
from tests.fakes import FakeClock

NOW = FakeClock().now()


def an_order(days_ago: float, *names: str) -> Order:
    at: datetime = NOW - timedelta(days=days_ago)
    lines = [
        OrderLine(name=name, product_id=name, quantity_thousandths=1000, total_cents=100)
        for name in names
    ]
    return Order(order_id=f"o{days_ago}", ordered_at=at, lines=tuple(lines), source="test")


WEEKS = [an_order(7 * week + 5, "milk", *(["rice"] if week % 3 == 0 else [])) for week in range(9)]


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    async with an_open_house(tmp_path, FakeClock()) as house:
        await house.stores.write(lambda tx: tx.users.ensure("ann", display_name="Ann"))
        yield Client(house)


async def bought(client: Client, orders: list[Order]) -> None:
    await client._house.stores.write(lambda tx: tx.orders.save_many("ann", orders))


async def test_the_usual_things_come_first_and_say_why(client: Client) -> None:
    await bought(client, WEEKS)
    answer = await client.ask("recommendations.usuals")
    assert [each["name"] for each in answer["recommendations"]] == ["milk", "rice"]
    assert answer["recommendations"][0]["timesBought"] == 9
    assert "9 of your last 9" in answer["recommendations"][0]["reason"]
    assert answer["basis"] == "history"
    assert answer["tooLittle"] is None


async def test_without_orders_it_says_so_and_recommends_nothing(client: Client) -> None:
    for path in ("usuals", "runningOut"):
        answer = await client.ask(f"recommendations.{path}")
        assert answer["recommendations"] == []
        assert answer["basis"] == "nothing"
        assert "0 orders" in answer["tooLittle"]


async def test_one_order_is_little_and_is_said_to_be(client: Client) -> None:
    await bought(client, WEEKS[:1])
    answer = await client.ask("recommendations.usuals")
    assert answer["basis"] == "few orders"
    assert answer["tooLittle"]
    assert {each["name"] for each in answer["recommendations"]} == {"milk", "rice"}


async def test_what_runs_out_has_an_interval_around_its_guess(client: Client) -> None:
    await bought(client, WEEKS)
    answer = await client.ask("recommendations.runningOut", withinDays=3)
    (milk,) = answer["recommendations"]
    estimate = milk["runningOut"]
    assert milk["name"] == "milk"
    assert estimate["earliestAt"] < estimate["likelyAt"] < estimate["latestAt"]
    assert 0 < estimate["confidence"] < 1


async def test_a_list_is_completed_by_what_goes_with_it(client: Client) -> None:
    orders = [an_order(day, "tea", "lemon") for day in (2, 9, 16)]
    await bought(client, [*orders, an_order(1, "beer"), an_order(3, "beer"), an_order(5, "beer")])
    made = await client.ask("createList", name="Tea time")
    list_id = made["list"]["id"]
    answer = await client.ask("recommendations.forList", listId=list_id)
    assert {each["name"] for each in answer["recommendations"]} == {"tea", "lemon", "beer"}


async def test_nobody_sees_what_another_bought(client: Client) -> None:
    await bought(client, WEEKS)
    answer = await client.as_(BOB).ask("recommendations.usuals")
    assert answer["recommendations"] == []
    with pytest.raises(NotFound):
        await client.ask("recommendations.forList", listId="list_none")
