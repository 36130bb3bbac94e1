from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from manciple.grocery.domain.products import Product
from manciple.kit.errors import Conflict, InvalidInput, NotAllowed, NotFound, Refused
from manciple.services.house import House
from tests.asking import BOB, Client, an_open_house
from tests.fakes import FakeClock
from tests.list_builders import a_product

MILK, SODA, RICE = "900000001", "900000002", "900000003"


def on_the_shelf() -> list[Product]:
    products = {
        MILK: ("Milk", 348, "Dairy & Eggs"),
        SODA: ("Soda", 500, "Drinks"),
        RICE: ("Rice", None, "Pantry"),
    }
    return [
        msgspec.structs.replace(
            a_product(product_id, cents=cents, name=name), category_path=(department,)
        )
        for product_id, (name, cents, department) in products.items()
    ]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 11, 20, 18, 0, tzinfo=UTC))


@pytest.fixture
async def house(tmp_path: Path, clock: FakeClock) -> AsyncIterator[House]:
    async with an_open_house(tmp_path, clock) as opened:
        await opened.stores.write(lambda tx: tx.products.upsert_many(on_the_shelf()))
        yield opened


@pytest.fixture
def ann(house: House) -> Client:
    return Client(house)


async def a_session(ann: Client, kind: str = "online", **more: Any) -> tuple[str, dict[str, str]]:
    """The session's id, and the lines' ids by product or words."""
    created = await ann.ask("createList", name="Weekly")
    list_id = created["list"]["id"]
    items = [{"productId": SODA}, {"productId": MILK, "quantity": 2}, {"text": "candles"}]
    added = await ann.ask("addToList", listId=list_id, items=items)
    started = await ann.ask("startShoppingSession", listId=list_id, type=kind, **more)
    lines = {line["productId"] or line["name"]: line["id"] for line in added["list"]["items"]}
    return started["session"]["id"], {"list": list_id, **lines}


async def dearer(house: House, product_id: str, cents: int, **changes: Any) -> None:
    one = next(one for one in on_the_shelf() if one.product_id == product_id)
    assert one.price is not None
    price = msgspec.structs.replace(one.price, cents=cents)
    changed = msgspec.structs.replace(one, price=price, **changes)
    await house.stores.write(lambda tx: tx.products.upsert_many([changed]))


def confirm(answer: dict[str, Any]) -> dict[str, str]:
    return {"quoteId": answer["quote"]["id"], "termsHash": answer["quote"]["termsHash"]}


async def test_the_examples_of_the_specification_work(ann: Client) -> None:
    session_id, _ = await a_session(ann, userId="ann")
    quoted = await ann.ask("processCheckout", sessionId=session_id)
    assert (quoted["success"], quoted["status"]) == (True, "needs_confirmation")


async def test_a_confirmed_quote_gives_cart_links_and_what_they_leave_out(ann: Client) -> None:
    session_id, lines = await a_session(ann)
    quoted = await ann.ask("processCheckout", sessionId=session_id)
    assert quoted["quote"]["till"]["total"] == 11.96
    done = await ann.ask("processCheckout", sessionId=session_id, confirmation=confirm(quoted))
    assert done["status"] == "handed_over"
    assert done["cartLinks"] == [
        f"https://www.walmart.com/sc/cart/addToCart?items={SODA}_1,{MILK}_2"
    ]
    left = {"itemId": lines["candles"], "name": "candles", "reason": "no_product"}
    assert done["notHandedOver"] == [left]
    assert done["orderPlaced"] is False
    assert done["session"]["status"] == "handed_over"


async def test_completing_after_the_hand_off_checks_off_what_the_cart_was_given(
    ann: Client,
) -> None:
    session_id, lines = await a_session(ann)
    quoted = await ann.ask("processCheckout", sessionId=session_id)
    await ann.ask("processCheckout", sessionId=session_id, confirmation=confirm(quoted))
    await ann.ask("changeShoppingSession", sessionId=session_id, action="complete")
    shown = (await ann.ask("getList", listId=lines["list"]))["list"]["items"]
    assert [line["status"] for line in shown] == ["checked", "checked", "pending"]
    spent = (await ann.ask("budgets.get"))["spendings"]
    assert sorted(one["amount"] for one in spent) == [5, 6.96]


async def test_a_restart_between_quote_and_confirmation_changes_nothing(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with an_open_house(tmp_path, clock) as house:
        await house.stores.write(lambda tx: tx.products.upsert_many(on_the_shelf()))
        session_id, _ = await a_session(Client(house))
        quoted = await Client(house).ask("processCheckout", sessionId=session_id)
    wanted = {"sessionId": session_id, "confirmation": confirm(quoted)}
    async with an_open_house(tmp_path, clock, is_new=False) as house:
        done = await Client(house).ask("processCheckout", **wanted)
    async with an_open_house(tmp_path, clock, is_new=False) as house:
        again = await Client(house).ask("processCheckout", **wanted)
    assert done["status"] == "handed_over"
    assert again["cartLinks"] == done["cartLinks"]


async def test_asking_again_gives_the_same_quote_and_the_same_links(ann: Client) -> None:
    session_id, _ = await a_session(ann)
    quoted = await ann.ask("processCheckout", sessionId=session_id)
    assert await ann.ask("processCheckout", sessionId=session_id) == quoted
    done = await ann.ask("processCheckout", sessionId=session_id, confirmation=confirm(quoted))
    for again in ({}, {"confirmation": confirm(quoted)}):
        repeated = await ann.ask("processCheckout", sessionId=session_id, **again)
        assert repeated["cartLinks"] == done["cartLinks"]
        assert repeated["session"]["version"] == done["session"]["version"]


async def test_a_price_beyond_the_tolerance_is_refused_with_the_difference(
    house: House, ann: Client
) -> None:
    session_id, _ = await a_session(ann)
    quoted = await ann.ask("processCheckout", sessionId=session_id)
    await dearer(house, SODA, 600)
    refused = await ann.ask("processCheckout", sessionId=session_id, confirmation=confirm(quoted))
    assert (refused["success"], refused["status"]) == (False, "quote_changed")
    (change,) = refused["changes"]
    assert (change["productId"], change["was"], change["now"]) == (SODA, 5, 6)
    assert (change["wasStated"]["amount"], change["nowStated"]["source"]) == (5, "shelf")
    assert refused["cartLinks"] == []
    done = await ann.ask("processCheckout", sessionId=session_id, confirmation=confirm(refused))
    assert (done["status"], done["handedOverTotal"]) == ("handed_over", 12.96)


async def test_a_small_rise_within_the_tolerance_is_told_and_handed_over(
    house: House, ann: Client
) -> None:
    session_id, _ = await a_session(ann)
    quoted = await ann.ask("processCheckout", sessionId=session_id, tolerancePercent=2)
    await dearer(house, SODA, 523)
    done = await ann.ask("processCheckout", sessionId=session_id, confirmation=confirm(quoted))
    assert done["status"] == "handed_over"
    assert done["changes"][0]["now"] == 5.23


async def test_what_is_sold_out_meanwhile_is_not_handed_over(house: House, ann: Client) -> None:
    session_id, _ = await a_session(ann)
    quoted = await ann.ask("processCheckout", sessionId=session_id)
    await dearer(house, SODA, 500, in_stock=False)
    refused = await ann.ask("processCheckout", sessionId=session_id, confirmation=confirm(quoted))
    assert refused["status"] == "quote_changed"
    assert {one["reason"] for one in refused["quote"]["leftOut"]} == {"no_product", "out_of_stock"}


async def test_what_is_sold_out_gives_way_to_what_its_line_names_instead(
    house: House, ann: Client
) -> None:
    session_id, lines = await a_session(ann)
    where = {"listId": lines["list"], "itemId": lines[SODA]}
    await ann.ask("updateItem", **where, substitutes=[RICE, MILK])
    await dearer(house, SODA, 500, in_stock=False)
    quoted = await ann.ask("processCheckout", sessionId=session_id)
    told = {one["productId"]: one["insteadOf"] for one in quoted["quote"]["lines"]}
    assert told == {RICE: [SODA], MILK: []}
    await ann.ask("updateItem", **where, substitutionAllowed=False)
    strict = await ann.ask("processCheckout", sessionId=session_id)
    assert [one["productId"] for one in strict["quote"]["lines"]] == [MILK]
    assert strict["quote"]["leftOut"][0]["reason"] == "out_of_stock"


async def test_an_expired_quote_is_refused_with_a_new_one(ann: Client, clock: FakeClock) -> None:
    session_id, _ = await a_session(ann)
    quoted = await ann.ask("processCheckout", sessionId=session_id)
    clock.turn(30 * 60)
    refused = await ann.ask("processCheckout", sessionId=session_id, confirmation=confirm(quoted))
    assert refused["status"] == "quote_expired"
    assert refused["quote"]["id"] != quoted["quote"]["id"]
    with pytest.raises(Conflict):
        await ann.ask("processCheckout", sessionId=session_id, confirmation=confirm(quoted))


async def test_a_confirmation_of_other_terms_is_a_conflict(ann: Client) -> None:
    session_id, _ = await a_session(ann)
    quoted = await ann.ask("processCheckout", sessionId=session_id)
    forged = {**confirm(quoted), "termsHash": "0" * 64}
    with pytest.raises(Conflict):
        await ann.ask("processCheckout", sessionId=session_id, confirmation=forged)


async def test_more_than_fifty_products_take_more_links(house: House, ann: Client) -> None:
    many = [a_product(str(910000000 + n), cents=100) for n in range(120)]
    await house.stores.write(lambda tx: tx.products.upsert_many(many))
    session_id, lines = await a_session(ann)
    items = [{"productId": one.product_id} for one in many]
    await ann.ask("addToList", listId=lines["list"], items=items)
    quoted = await ann.ask("processCheckout", sessionId=session_id)
    done = await ann.ask("processCheckout", sessionId=session_id, confirmation=confirm(quoted))
    assert [link.count("_") for link in done["cartLinks"]] == [50, 50, 22]


async def test_in_a_store_lines_come_in_walking_order_and_the_total_runs(ann: Client) -> None:
    session_id, lines = await a_session(ann, "in_store", budget=10)
    seen = await ann.ask("getShoppingSession", sessionId=session_id)
    assert [line["name"] for line in seen["lines"]] == ["Soda", "Milk", "candles"]
    await ann.ask("preferences.update", aisleOrder=["dairy & eggs"])
    picked = await ann.ask("pickItems", sessionId=session_id, itemIds=[lines[MILK]], price=4)
    assert [line["name"] for line in picked["lines"]] == ["Milk", "Soda", "candles"]
    assert (picked["picked"]["total"], picked["everything"]["total"]) == (8, 13)
    assert picked["budgetLeft"] == 2
    assert picked["warnings"] == ["With everything on the list this trip goes over its limit"]
    back = await ann.ask("putBackItems", sessionId=session_id, itemIds=[lines[MILK]])
    assert back["picked"]["total"] == 0
    gone = await ann.ask("markUnavailable", sessionId=session_id, itemIds=[lines[SODA]])
    assert gone["everything"]["total"] == 6.96


async def test_a_session_ends_once_and_is_booked_once(ann: Client) -> None:
    session_id, lines = await a_session(ann, "in_store")
    await ann.ask("budgets.setEnvelope", limit=9, month="2026-11")
    await ann.ask("budgets.setTillRule", taxPercent=10, taxedCategories=["Drinks"])
    ids = [lines[MILK], lines[SODA]]
    picked = await ann.ask("pickItems", sessionId=session_id, itemIds=ids)
    assert picked["picked"]["tax"] == 0.5
    change = {"sessionId": session_id, "action": "complete", "stockPantry": True}
    ended = await ann.ask("changeShoppingSession", **change)
    assert (ended["session"]["status"], ended["session"]["actions"]) == ("completed", [])
    with pytest.raises(Refused):
        await ann.ask("changeShoppingSession", **change)
    budget = await ann.ask("budgets.get")
    spent = {one["category"]: one["amount"] for one in budget["spendings"]}
    assert spent == {"Dairy & Eggs": 6.96, "Drinks": 5, None: 0.5}
    assert budget["envelopes"][0]["left"] == -3.46
    assert budget["warnings"] == ["The budget for everything is crossed by $3.46"]
    pantry = (await ann.ask("pantry.get"))["items"]
    assert {one["name"]: one["stock"] for one in pantry} == {"Milk": 2, "Soda": 1}


async def test_a_lists_live_session_is_found_again_and_bars_another_type(ann: Client) -> None:
    session_id, lines = await a_session(ann)
    again = await ann.ask("startShoppingSession", listId=lines["list"], type="online")
    assert again["session"]["id"] == session_id
    with pytest.raises(Refused):
        await ann.ask("startShoppingSession", listId=lines["list"], type="pickup")


async def test_a_session_without_a_list_begins_one(ann: Client) -> None:
    started = await ann.ask("startShoppingSession", type="delivery")
    assert started["listName"] == "Shopping 2026-11-20"
    with pytest.raises(Refused):
        await ann.ask("processCheckout", sessionId=started["session"]["id"])


async def test_a_paused_session_is_resumed_before_anything_else(ann: Client) -> None:
    session_id, lines = await a_session(ann)
    await ann.ask("changeShoppingSession", sessionId=session_id, action="pause")
    with pytest.raises(Refused):
        await ann.ask("pickItems", sessionId=session_id, itemIds=[lines[MILK]])
    with pytest.raises(Refused):
        await ann.ask("processCheckout", sessionId=session_id)
    await ann.ask("changeShoppingSession", sessionId=session_id, action="resume")
    live = await ann.ask("getShoppingSessions")
    assert [one["id"] for one in live["sessions"]] == [session_id]


async def test_another_persons_session_is_not_found(ann: Client) -> None:
    session_id, lines = await a_session(ann)
    bob = ann.as_(BOB)
    for name, wanted in (
        ("getShoppingSession", {}),
        ("processCheckout", {}),
        ("changeShoppingSession", {"action": "abandon"}),
        ("pickItems", {"itemIds": [lines[MILK]]}),
        ("putBackItems", {"itemIds": []}),
        ("markUnavailable", {"itemIds": []}),
    ):
        with pytest.raises(NotFound):
            await bob.ask(name, sessionId=session_id, **wanted)
    with pytest.raises(NotFound):
        await bob.ask("startShoppingSession", listId=lines["list"], type="online")
    with pytest.raises(NotAllowed):
        await bob.ask("startShoppingSession", type="online", userId="ann")


async def test_money_finer_than_cents_is_invalid(ann: Client) -> None:
    with pytest.raises(InvalidInput):
        await ann.ask("startShoppingSession", type="online", budget=1.005)
