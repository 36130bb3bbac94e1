from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from manciple.kit.errors import Conflict, NotAllowed, NotFound, NotSignedIn, Refused
from manciple.services.house import House
from tests.asking import BOB, READER, STRANGER, Client, an_open_house
from tests.fakes import FakeClock
from tests.list_builders import a_product


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def house(tmp_path: Path, clock: FakeClock) -> AsyncIterator[House]:
    async with an_open_house(tmp_path, clock) as opened:
        prices = {"milk": 348, "eggs": 199, "rice": None}
        products = [a_product(name, cents=cents) for name, cents in prices.items()]
        await opened.stores.write(lambda tx: tx.products.upsert_many(products))
        yield opened


@pytest.fixture
def ann(house: House) -> Client:
    return Client(house)


async def a_list(ann: Client) -> str:
    created = await ann.ask("createList", name="Weekly", userId="ann")
    return str(created["list"]["id"])


async def a_filled_list(ann: Client) -> dict[str, str]:
    """The list's id under "list", and the lines' ids under their products."""
    list_id = await a_list(ann)
    items = [{"productId": "milk", "quantity": 2}, {"productId": "eggs"}, {"text": "candles"}]
    added = await ann.ask("addToList", listId=list_id, items=items)
    lines = {line["productId"] or line["name"]: line["id"] for line in added["list"]["items"]}
    return {"list": list_id, **lines}


async def test_the_examples_of_the_specification_work(ann: Client) -> None:
    created = await ann.ask("createList", userId="ann", name="Weekly", description="for Sunday")
    assert created["success"] is True
    assert created["list"]["description"] == "for Sunday"
    added = await ann.ask(
        "addToList",
        listId=created["list"]["id"],
        items=[{"productId": "milk", "quantity": 2, "notes": "cold"}],
    )
    assert added["success"] is True
    assert added["list"]["items"][0]["notes"] == "cold"


async def test_a_bulk_add_answers_for_each_item_in_order(ann: Client) -> None:
    list_id = await a_list(ann)
    items = [
        {"productId": "milk", "quantity": 1.5},
        {"productId": "nowhere", "quantity": 1},
        {"productId": "rice"},
        {"productId": "milk", "quantity": 0.5},
        {"text": "birthday candles", "quantity": 0},
    ]
    added = await ann.ask("addToList", listId=list_id, items=items)
    told = [(one["status"], one["reason"], one["quantity"]) for one in added["results"]]
    assert told == [
        ("added", None, 2),
        ("refused", "unknown_product", None),
        ("added", None, 1),
        ("merged", None, 2),
        ("refused", "bad_quantity", None),
    ]
    assert (added["added"], added["merged"], added["refused"]) == (2, 1, 2)
    assert added["success"] is False


async def test_what_is_added_follows_the_preference_unless_it_says_itself(ann: Client) -> None:
    await ann.ask("preferences.update", substitutionAllowed=False)
    items = [
        {"productId": "milk"},
        {"productId": "eggs", "substitutionAllowed": True},
        {"productId": "rice", "substitutes": ["milk"]},
        {"text": "candles", "substitutes": [], "substitutionAllowed": False},
    ]
    added = await ann.ask("addToList", listId=await a_list(ann), items=items)
    told = [line["substitutionAllowed"] for line in added["list"]["items"]]
    assert told == [False, True, True, False]
    await ann.ask("preferences.update", substitutionAllowed=True)
    again = await ann.ask("addToList", listId=await a_list(ann), items=items)
    told = [line["substitutionAllowed"] for line in again["list"]["items"]]
    assert told == [True, True, True, False]


async def test_totals_are_exact_and_say_what_they_leave_out(ann: Client) -> None:
    ids = await a_filled_list(ann)
    await ann.ask("checkItems", listId=ids["list"], itemIds=[ids["eggs"]])
    shown = (await ann.ask("getList", listId=ids["list"]))["list"]
    assert (shown["estimatedTotal"], shown["remainingTotal"]) == (8.95, 6.96)
    assert (shown["itemsWithoutPrice"], shown["checkedCount"], shown["itemCount"]) == (1, 1, 3)
    assert [line["priceMissing"] for line in shown["items"]] == [None, None, "no_product"]


async def test_a_stale_version_is_a_conflict_and_changes_nothing(ann: Client) -> None:
    ids = await a_filled_list(ann)
    with pytest.raises(Conflict):
        await ann.ask("removeItems", listId=ids["list"], itemIds=[ids["milk"]], version=1)
    assert (await ann.ask("getList", listId=ids["list"]))["list"]["itemCount"] == 3


async def test_lines_can_be_changed_checked_ordered_and_removed(ann: Client) -> None:
    ids = await a_filled_list(ann)
    where = {"listId": ids["list"]}
    await ann.ask("updateItem", **where, itemId=ids["milk"], quantity=3, notes="skimmed")
    await ann.ask("reorderItems", **where, itemIds=[ids["candles"]])
    await ann.ask("checkItems", **where, itemIds=[ids["eggs"], ids["milk"]])
    await ann.ask("uncheckItems", **where, itemIds=[ids["milk"]])
    cleared = await ann.ask("clearChecked", **where)
    assert cleared["done"] == [ids["eggs"]]
    gone = await ann.ask("removeItems", **where, itemIds=[ids["eggs"], ids["candles"]])
    assert (gone["success"], gone["missing"]) == (False, [ids["eggs"]])
    (line,) = gone["list"]["items"]
    assert (line["quantity"], line["notes"], line["status"]) == (3, "skimmed", "pending")


async def test_undo_walks_back_and_says_what_it_took_back(ann: Client) -> None:
    ids = await a_filled_list(ann)
    await ann.ask("deleteList", listId=ids["list"])
    with pytest.raises(NotFound):
        await ann.ask("getList", listId=ids["list"])
    undone = [(await ann.ask("undoListChange", listId=ids["list"]))["undone"] for _ in range(2)]
    assert undone == ["deleted", "items_added"]
    assert (await ann.ask("getList", listId=ids["list"]))["list"]["items"] == []
    with pytest.raises(Refused):
        await ann.ask("undoListChange", listId=ids["list"])


async def test_lists_come_newest_first_page_by_page_without_archived_ones(
    ann: Client, clock: FakeClock
) -> None:
    made = []
    for _ in range(5):
        clock.turn(1)
        made.append(await a_list(ann))
    await ann.ask("archiveList", listId=made[3])
    first = await ann.ask("getLists", limit=3)
    rest = await ann.ask("getLists", limit=3, cursor=first["nextCursor"])
    found = [one["id"] for one in (*first["lists"], *rest["lists"])]
    assert found == [made[4], made[2], made[1], made[0]]
    assert rest["nextCursor"] is None
    archived = await ann.ask("getLists", status="archived")
    assert [one["id"] for one in archived["lists"]] == [made[3]]


async def test_a_copy_is_a_list_of_its_own(ann: Client) -> None:
    ids = await a_filled_list(ann)
    copy = (await ann.ask("duplicateList", listId=ids["list"], name="Next"))["list"]
    await ann.ask("removeItems", listId=copy["id"], itemIds=[copy["items"][0]["id"]])
    assert (await ann.ask("getList", listId=ids["list"]))["list"]["itemCount"] == 3


EVERY_CALL = [
    ("getList", {}),
    ("addToList", {"items": [{"productId": "milk"}]}),
    ("updateList", {"name": "Mine"}),
    ("archiveList", {}),
    ("restoreList", {}),
    ("deleteList", {}),
    ("duplicateList", {}),
    ("undoListChange", {}),
    ("updateItem", {"itemId": "x", "notes": "mine"}),
    ("removeItems", {"itemIds": ["x"]}),
    ("checkItems", {"itemIds": ["x"]}),
    ("uncheckItems", {"itemIds": ["x"]}),
    ("reorderItems", {"itemIds": ["x"]}),
    ("clearChecked", {}),
]


@pytest.mark.parametrize(("name", "wanted"), EVERY_CALL)
async def test_another_persons_list_is_not_found(
    ann: Client, name: str, wanted: dict[str, object]
) -> None:
    ids = await a_filled_list(ann)
    before = await ann.ask("getList", listId=ids["list"])
    with pytest.raises(NotFound):
        await ann.as_(BOB).ask(name, listId=ids["list"], **wanted)
    assert await ann.ask("getList", listId=ids["list"]) == before


async def test_another_persons_id_is_not_allowed(ann: Client) -> None:
    with pytest.raises(NotAllowed):
        await ann.ask("createList", name="Hers", userId="bob")
    with pytest.raises(NotAllowed):
        await ann.ask("getLists", userId="bob")


async def test_a_reader_and_a_stranger_keep_no_list(ann: Client) -> None:
    with pytest.raises(NotAllowed):
        await ann.as_(READER).ask("createList", name="Hers")
    with pytest.raises(NotSignedIn):
        await ann.as_(STRANGER).ask("getLists")


async def test_a_change_and_its_news_are_one_transaction(house: House, ann: Client) -> None:
    ids = await a_filled_list(ann)
    await ann.ask("checkItems", listId=ids["list"], itemIds=[ids["milk"]])
    news = await house.stores.read(lambda tx: tx.outbox.after(0, limit=100))
    mine = [entry for entry in news if entry.topic.startswith("list.")]
    assert [entry.topic for entry in mine] == [
        "list.created",
        *["list.item_added"] * 3,
        "list.item_checked",
    ]
    assert {(entry.key, entry.owner_id) for entry in mine} == {(ids["list"], "ann")}


async def test_a_price_that_changes_is_in_the_next_total(house: House, ann: Client) -> None:
    ids = await a_filled_list(ann)
    dearer = a_product("milk", cents=400)
    await house.stores.write(lambda tx: tx.products.upsert_many([dearer]))
    assert (await ann.ask("getList", listId=ids["list"]))["list"]["estimatedTotal"] == 9.99
