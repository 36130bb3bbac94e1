"""Lists that a household shares: who sees them, who changes them, and when that ends."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from manciple.grocery.stores.stores import Transaction
from manciple.kit.errors import NotAllowed, NotFound
from manciple.platform.security.permissions import Grant, Principal
from manciple.services.house import House
from tests.asking import Client, an_open_house
from tests.list_builders import a_product

BOTH = frozenset({Grant.READ, Grant.WRITE})


@dataclass
class Home:
    """Ann's household, with Ned as its other owner, Bob as a member and Gus as a guest."""

    id: str
    house: House
    list_id: str = ""

    def who(self, name: str) -> Client:
        return Client(self.house, Principal(user_id=name, grants=BOTH))

    async def share(self) -> None:
        made = await self.who("ann").ask("createList", name="Together")
        self.list_id = made["list"]["id"]
        await self.who("ann").ask("shareList", listId=self.list_id, householdId=self.id)

    async def see(self, name: str) -> Any:
        return (await self.who(name).ask("getList", listId=self.list_id))["list"]

    async def add(self, name: str, text: str) -> Any:
        items = [{"text": text}]
        return await self.who(name).ask("addToList", listId=self.list_id, items=items)

    async def dismiss(self, name: str, *, by: str = "ann") -> None:
        await self.who(by).ask("households.remove", householdId=self.id, memberId=name)


def _known(tx: Transaction, *, name: str) -> None:
    tx.users.ensure(name, display_name=name.title())


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    async with an_open_house(tmp_path) as house:
        await house.stores.write(lambda tx: tx.products.upsert_many([a_product("milk")]))
        for name in ("ann", "bob", "eve", "gus", "ned"):
            await house.stores.write(partial(_known, name=name))
        home = Home("", house)
        home.id = (await home.who("ann").ask("households.create", name="Home"))["householdId"]
        for name, role in (("bob", "member"), ("gus", "guest"), ("ned", "member")):
            ann = home.who("ann")
            invited = await ann.ask("households.invite", householdId=home.id, role=role)
            await home.who(name).ask("households.join", code=invited["code"])
        owner = {"memberId": "ned", "role": "owner"}
        await home.who("ann").ask("households.setRole", householdId=home.id, **owner)
        await home.share()
        yield home


@pytest.mark.parametrize(
    ("name", "access"), [("ann", "own"), ("ned", "own"), ("bob", "write"), ("gus", "read")]
)
async def test_everybody_in_the_household_sees_the_list(home: Home, name: str, access: str) -> None:
    seen = await home.see(name)
    assert (seen["userId"], seen["householdId"], seen["access"]) == ("ann", home.id, access)
    lists = (await home.who(name).ask("getLists"))["lists"]
    assert [(each["id"], each["access"]) for each in lists] == [(home.list_id, access)]


async def test_nobody_else_sees_it(home: Home) -> None:
    with pytest.raises(NotFound):
        await home.see("eve")
    assert (await home.who("eve").ask("getLists"))["lists"] == []


async def test_what_a_member_adds_the_owner_checks_off_and_each_is_named(home: Home) -> None:
    added = await home.add("bob", "candles")
    item_id = added["list"]["items"][0]["id"]
    await home.who("ann").ask("checkItems", listId=home.list_id, itemIds=[item_id])
    assert (await home.see("gus"))["checkedCount"] == 1
    rows = await home.house.stores.read(
        lambda tx: [(e.topic, e.payload, e.household_id) for e in tx.outbox.after(0, limit=100)]
    )
    (added_by,) = [body for topic, body, _ in rows if topic == "list.item_added"]
    (checked_by,) = [body for topic, body, _ in rows if topic == "list.item_checked"]
    assert b'"changedBy":"bob"' in added_by
    assert b'"changedBy":"ann"' in checked_by
    assert {home_id for topic, _, home_id in rows if topic == "list.item_added"} == {home.id}


async def test_a_guest_changes_nothing(home: Home) -> None:
    gus = home.who("gus")
    with pytest.raises(NotAllowed):
        await home.add("gus", "candles")
    with pytest.raises(NotAllowed):
        await gus.ask("archiveList", listId=home.list_id)
    with pytest.raises(NotAllowed):
        await gus.ask("startShoppingSession", listId=home.list_id, type="in_store")


async def test_a_member_deletes_no_list_that_is_not_theirs(home: Home) -> None:
    bob = home.who("bob")
    for procedure in ("deleteList", "unshareList"):
        with pytest.raises(NotAllowed):
            await bob.ask(procedure, listId=home.list_id)
    await home.who("ned").ask("deleteList", listId=home.list_id)
    for procedure in ("restoreList", "undoListChange"):
        with pytest.raises(NotAllowed):
            await bob.ask(procedure, listId=home.list_id)
    assert (await home.who("ann").ask("restoreList", listId=home.list_id))["success"]


async def test_only_who_made_a_list_shares_it_and_only_where_they_live(home: Home) -> None:
    other = (await home.who("eve").ask("households.create", name="Other"))["householdId"]
    with pytest.raises(NotFound):
        await home.who("ann").ask("shareList", listId=home.list_id, householdId=other)
    with pytest.raises(NotAllowed):
        await home.who("ned").ask("shareList", listId=home.list_id, householdId=home.id)
    guests = (await home.who("gus").ask("createList", name="Mine"))["list"]["id"]
    with pytest.raises(NotAllowed):
        await home.who("gus").ask("shareList", listId=guests, householdId=home.id)


async def test_a_copy_is_the_copiers_own_and_shared_with_nobody(home: Home) -> None:
    copy = (await home.who("gus").ask("duplicateList", listId=home.list_id))["list"]
    assert (copy["userId"], copy["householdId"], copy["access"]) == ("gus", None, "own")
    with pytest.raises(NotFound):
        await home.who("ann").ask("getList", listId=copy["id"])


async def test_a_trip_is_made_together_and_paid_by_who_began_it(home: Home) -> None:
    item = {"productId": "milk"}
    added = await home.who("ann").ask("addToList", listId=home.list_id, items=[item])
    item_id = added["list"]["items"][0]["id"]
    began = await home.who("bob").ask("startShoppingSession", listId=home.list_id, type="in_store")
    session = {"sessionId": began["session"]["id"]}
    found = await home.who("ann").ask("startShoppingSession", listId=home.list_id, type="in_store")
    assert found["session"]["id"] == session["sessionId"]
    await home.who("ann").ask("pickItems", **session, itemIds=[item_id])
    with pytest.raises(NotAllowed):
        await home.who("gus").ask("pickItems", **session, itemIds=[item_id])
    await home.who("ann").ask("changeShoppingSession", **session, action="complete")
    spent = (await home.who("bob").ask("budgets.get"))["spendings"]
    assert [one["amount"] for one in spent] == [3.48]
    assert (await home.who("ann").ask("budgets.get"))["spendings"] == []


async def test_who_leaves_sees_neither_lists_nor_trips_any_more(home: Home) -> None:
    began = await home.who("bob").ask("startShoppingSession", listId=home.list_id, type="in_store")
    session_id = began["session"]["id"]
    await home.dismiss("bob", by="bob")
    with pytest.raises(NotFound):
        await home.see("bob")
    with pytest.raises(NotFound):
        await home.who("bob").ask("getShoppingSession", sessionId=session_id)
    assert (await home.who("ann").ask("getShoppingSession", sessionId=session_id))["session"]


async def test_who_is_shown_out_takes_their_own_lists_along(home: Home) -> None:
    bobs = (await home.who("bob").ask("createList", name="Bob's"))["list"]["id"]
    await home.who("bob").ask("shareList", listId=bobs, householdId=home.id)
    assert (await home.who("gus").ask("getList", listId=bobs))["list"]["access"] == "read"
    await home.dismiss("bob")
    with pytest.raises(NotFound):
        await home.who("gus").ask("getList", listId=bobs)
    assert (await home.who("bob").ask("getList", listId=bobs))["list"]["householdId"] is None


async def test_a_guest_who_becomes_a_member_may_change_lists(home: Home) -> None:
    wanted = {"householdId": home.id, "memberId": "gus", "role": "member"}
    await home.who("ann").ask("households.setRole", **wanted)
    assert (await home.add("gus", "candles"))["added"] == 1


async def test_what_was_said_while_a_list_was_shared_is_not_for_who_joins_later(
    home: Home,
) -> None:
    await home.add("bob", "a secret")
    await home.who("ann").ask("unshareList", listId=home.list_id)
    rows = await home.house.stores.read(lambda tx: list(tx.outbox.after(0, limit=100)))
    of_home = [each for each in rows if each.household_id == home.id]
    assert [each.topic for each in of_home if each.topic.startswith("list.")] == ["list.shared"]
    assert b'"isShared":false' in of_home[-1].payload
    assert any(b"a secret" in each.payload for each in rows)
