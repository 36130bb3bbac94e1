"""Pantry, staples, budgets and preferences as a client asks for them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from manciple.kit.errors import InvalidInput, NotAllowed, NotFound, NotSignedIn, Refused
from manciple.services.house import House
from tests.asking import BOB, READER, STRANGER, Client, an_open_house
from tests.fakes import FakeClock
from tests.list_builders import a_product

DAY_S = 86_400


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def house(tmp_path: Path, clock: FakeClock) -> AsyncIterator[House]:
    async with an_open_house(tmp_path, clock) as opened:
        products = [a_product("milk"), a_product("eggs")]
        await opened.stores.write(lambda tx: tx.products.upsert_many(products))
        yield opened


@pytest.fixture
def ann(house: House) -> Client:
    return Client(house)


async def a_list(ann: Client) -> str:
    created = await ann.ask("createList", name="Weekly")
    return str(created["list"]["id"])


async def test_stock_moves_and_every_movement_can_be_taken_back(ann: Client) -> None:
    bought = await ann.ask("pantry.move", productId="milk", kind="bought", quantity=3)
    used = await ann.ask("pantry.move", productId="milk", kind="used", quantity=0.5, note="cake")
    assert (bought["stock"], used["stock"], used["name"]) == (3, 2.5, "Great milk")
    counted = await ann.ask("pantry.move", productId="milk", kind="counted", quantity=1)
    history = (await ann.ask("pantry.history", id=counted["id"]))["movements"]
    assert [one["change"] for one in history] == [-1.5, -0.5, 3]
    stocks = [(await ann.ask("pantry.undo", id=counted["id"]))["stock"] for _ in range(3)]
    assert stocks == [2.5, 3, 0]
    with pytest.raises(Refused):
        await ann.ask("pantry.undo", id=counted["id"])


async def test_more_than_is_there_is_not_taken_out(ann: Client) -> None:
    await ann.ask("pantry.move", text="flour", unit="lb", kind="bought", quantity=2)
    with pytest.raises(Refused):
        await ann.ask("pantry.move", text="Flour", unit="lb", kind="used", quantity=2.001)
    with pytest.raises(Refused):
        await ann.ask("pantry.move", text="flour", kind="wasted", quantity=1)


@pytest.mark.parametrize(
    "wanted",
    [
        {"text": "flour", "kind": "bought", "quantity": 0},
        {"text": "flour", "kind": "used", "quantity": -1},
        {"text": " ", "kind": "bought", "quantity": 1},
        {"text": "flour", "kind": "bought", "quantity": 1, "unit": "u" * 21},
    ],
)
async def test_what_cannot_be_meant_is_invalid(ann: Client, wanted: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        await ann.ask("pantry.move", **wanted)


async def test_a_list_is_filled_from_minimums_and_staples_and_only_once(
    ann: Client, clock: FakeClock
) -> None:
    await ann.ask("pantry.move", productId="milk", kind="bought", quantity=1)
    await ann.ask("pantry.setMinimum", productId="milk", minimum=3.5)
    await ann.ask("pantry.setMinimum", text="flour", unit="lb", minimum=2.5)
    await ann.ask("pantry.keepStaple", productId="eggs", everyDays=7)
    list_id = await a_list(ann)
    await ann.ask("addToList", listId=list_id, items=[{"text": "Flour", "unit": "lb"}])
    filled = await ann.ask("pantry.fillList", listId=list_id)
    on_it = {(one["name"], one["unit"]): one["quantity"] for one in filled["list"]["items"]}
    assert on_it == {("Flour", "lb"): 2.5, ("Great milk", None): 3, ("Great eggs", None): 1}
    assert (filled["fromPantry"], filled["fromStaples"], filled["success"]) == (2, 1, True)
    again = await ann.ask("pantry.fillList", listId=list_id)
    assert (again["results"], again["list"]["version"]) == ([], filled["list"]["version"])
    ids = [one["id"] for one in again["list"]["items"]]
    await ann.ask("checkItems", listId=list_id, itemIds=ids)
    clock.turn(5 * DAY_S)
    later = await ann.ask("pantry.fillList", listId=list_id, pantry=False)
    assert [one["name"] for one in later["results"]] == ["Great eggs"]


async def test_a_staple_is_kept_once_and_removed(ann: Client) -> None:
    await ann.ask("pantry.keepStaple", productId="eggs", everyDays=7)
    kept = await ann.ask("pantry.keepStaple", productId="eggs", everyDays=14, quantity=2)
    staples = (await ann.ask("pantry.staples"))["staples"]
    assert [(one["id"], one["everyDays"], one["quantity"]) for one in staples] == [
        (kept["id"], 14, 2)
    ]
    await ann.ask("pantry.removeStaple", id=kept["id"])
    assert (await ann.ask("pantry.staples"))["staples"] == []


async def test_budgets_count_what_is_planned_and_warn(ann: Client) -> None:
    list_id = await a_list(ann)
    await ann.ask("addToList", listId=list_id, items=[{"productId": "milk", "quantity": 2}])
    await ann.ask("budgets.setEnvelope", limit=10)
    spent = await ann.ask("budgets.spend", amount=2.5, note="market")
    assert spent["warnings"] == []
    planned = await ann.ask("budgets.get", listId=list_id)
    (envelope,) = planned["envelopes"]
    assert (envelope["spent"], envelope["planned"], envelope["left"]) == (2.5, 6.96, 0.54)
    assert planned["warnings"] == ["The budget for everything has $0.54 left"]
    await ann.ask("budgets.forgetSpending", id=spent["spendings"][0]["id"])
    await ann.ask("budgets.setEnvelope", limit=None)
    assert (await ann.ask("budgets.get"))["envelopes"] == []


async def test_an_envelope_is_one_in_whatever_case_it_is_named(ann: Client) -> None:
    await ann.ask("budgets.setEnvelope", limit=10, category="Drinks")
    found = await ann.ask("budgets.setEnvelope", limit=20, category="drinks")
    assert [(one["category"], one["limit"]) for one in found["envelopes"]] == [("Drinks", 20)]


async def test_the_till_rule_is_kept(ann: Client) -> None:
    rule = {"taxPercent": 8.25, "taxedCategories": ["Drinks"], "deposit": 0.05}
    await ann.ask("budgets.setTillRule", **rule)
    kept = await ann.ask("budgets.tillRule")
    assert kept == {**rule, "depositCategories": []}
    with pytest.raises(InvalidInput):
        await ann.ask("budgets.setTillRule", taxPercent=101)


async def test_preferences_are_kept_for_each_person(ann: Client) -> None:
    await ann.ask("preferences.update", allergens=["peanuts"], preferredBrands=["Silk"])
    await ann.ask("preferences.update", dietary=["vegan"])
    kept = await ann.ask("preferences.get")
    assert (kept["allergens"], kept["dietary"]) == (["peanuts"], ["vegan"])
    assert (await ann.as_(BOB).ask("preferences.get"))["allergens"] == []


async def test_another_persons_things_are_not_found(ann: Client) -> None:
    item = await ann.ask("pantry.move", productId="milk", kind="bought", quantity=1)
    staple = await ann.ask("pantry.keepStaple", productId="eggs", everyDays=7)
    spent = await ann.ask("budgets.spend", amount=1)
    list_id, bob = await a_list(ann), ann.as_(BOB)
    for name, wanted in (
        ("pantry.history", {"id": item["id"]}),
        ("pantry.undo", {"id": item["id"]}),
        ("pantry.forget", {"id": item["id"]}),
        ("pantry.removeStaple", {"id": staple["id"]}),
        ("pantry.fillList", {"listId": list_id}),
        ("budgets.get", {"listId": list_id}),
        ("budgets.forgetSpending", {"id": spent["spendings"][0]["id"]}),
    ):
        with pytest.raises(NotFound):
            await bob.ask(name, **wanted)
    assert (await bob.ask("pantry.get"))["items"] == []
    await ann.ask("pantry.forget", id=item["id"])


async def test_a_reader_and_a_stranger_change_nothing(ann: Client) -> None:
    with pytest.raises(NotAllowed):
        await ann.as_(READER).ask("pantry.move", text="x", kind="bought", quantity=1)
    with pytest.raises(NotSignedIn):
        await ann.as_(STRANGER).ask("budgets.get")
