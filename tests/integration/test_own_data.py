"""What a person may ask of their own data: all of it, and that nothing of it is left."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Table, select

from manciple.grocery.actions.register import MEMBER_GRANTS, OWNER_GRANTS, NewPerson
from manciple.grocery.stores.schema import users
from manciple.grocery.stores.stores import Transaction
from manciple.kit.errors import NotFound, NotSignedIn, Refused
from manciple.platform.db.tables import metadata
from manciple.platform.security.permissions import Grant, Principal
from manciple.platform.security.visits import Visit
from manciple.services.house import House
from tests.asking import Client, an_open_house
from tests.list_builders import a_product

PASSWORD = "tango lamp river"
# What may tell that somebody was here: an id without a name, and what was done under it.
LEFT = {"users", "audit_trail", "auth_sessions", "api_tokens", "outbox"}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with an_open_house(tmp_path) as opened:
        await opened.stores.write(lambda tx: tx.products.upsert_many([a_product("milk")]))
        yield opened


async def register(house: House, name: str, *, grants: tuple[str, ...] = MEMBER_GRANTS) -> str:
    person = NewPerson(email=f"{name}@example.org", password=PASSWORD, display_name=name.title())
    return (await house.register.add(person, grants=grants, by=Visit())).user_id


def client(house: House, user_id: str) -> Client:
    return Client(house, Principal(user_id=user_id, grants=frozenset({Grant.READ, Grant.WRITE})))


async def live(house: House, user_id: str) -> str:
    """Leaves something in many rooms; the id of a list."""
    who = client(house, user_id)
    items = [{"productId": "milk"}, {"text": "candles for Bob"}]
    made = (await who.ask("createList", name="Bob's own"))["list"]["id"]
    await who.ask("addToList", listId=made, items=items)
    await who.ask("startShoppingSession", listId=made, type="online")
    await who.ask("pantry.move", text="Bob's flour", kind="bought", quantity=1)
    await who.ask("budgets.setEnvelope", limit=100)
    await who.ask("auth.createToken", name="Bob's till")
    await who.ask("webhooks.create", url="https://bob.invalid/hook", channels=["*"])
    await who.ask("notifications.addTarget", url="tgram://123456789:bobs_telegram_token/1/")
    await house.sign_in.sign_in("bob@example.org", PASSWORD, visit=Visit(agent="Bob's phone"))
    return str(made)


async def everything(house: House) -> dict[str, str]:
    """All rows of all tables as text, by the table."""
    return await house.stores.read(
        lambda tx: {table.name: _text(tx, table) for table in metadata.sorted_tables}
    )


def _text(tx: Transaction, table: Table) -> str:
    return "\n".join(str(tuple(row)) for row in tx.connection.execute(select(table)))


async def test_everything_is_handed_out_but_secrets(house: House) -> None:
    await register(house, "ann", grants=OWNER_GRANTS)
    bob = await register(house, "bob")
    await live(house, bob)
    kept: dict[str, Any] = (await client(house, bob).ask("auth.exportData"))["kept"]
    assert {"users", "grocery_lists", "grocery_items", "pantry_items", "api_tokens"} <= set(kept)
    assert [row["email"] for row in kept["users"]] == ["bob@example.org"]
    assert {row["name"] for row in kept["grocery_items"]} == {"Great milk", "candles for Bob"}
    said = msgspec.json.encode(kept).decode()
    assert "argon2" not in said
    assert "_hash" not in said
    assert "ann@example.org" not in said
    assert "https://bob.invalid/hook" in said
    assert "whsec_" not in said
    assert "bobs_telegram_token" not in said


async def test_nothing_is_left_of_who_deletes_their_account(house: House) -> None:
    await register(house, "ann", grants=OWNER_GRANTS)
    bob = await register(house, "bob")
    await live(house, bob)
    before = {name for name, text in (await everything(house)).items() if bob in text}
    assert len(before) > len(LEFT) + 4
    await client(house, bob).ask("auth.deleteAccount", password=PASSWORD)
    after = await everything(house)
    assert {name for name, text in after.items() if bob in text} <= LEFT
    assert not any(word in text.lower() for text in after.values() for word in ("bob's", "bob@"))
    with pytest.raises(NotSignedIn):
        await house.sign_in.sign_in("bob@example.org", PASSWORD, visit=Visit())


async def test_what_others_have_stays_and_names_nobody_who_left(house: House) -> None:
    ann = await register(house, "ann", grants=OWNER_GRANTS)
    bob = await register(house, "bob")
    home = (await client(house, ann).ask("households.create", name="Home"))["householdId"]
    invited = await client(house, ann).ask("households.invite", householdId=home)
    await client(house, bob).ask("households.join", code=invited["code"])
    shared = (await client(house, ann).ask("createList", name="Together"))["list"]["id"]
    await client(house, ann).ask("shareList", listId=shared, householdId=home)
    await client(house, bob).ask("addToList", listId=shared, items=[{"text": "salt"}])
    await client(house, bob).ask("auth.deleteAccount", password=PASSWORD)
    found = (await client(house, ann).ask("getList", listId=shared))["list"]
    assert [item["name"] for item in found["items"]] == ["salt"]
    assert (await client(house, ann).ask("undoListChange", listId=shared))["undone"]
    members = (await client(house, ann).ask("households.members", householdId=home))["members"]
    assert [each["displayName"] for each in members] == ["Ann"]


async def test_a_wrong_password_deletes_nothing(house: House) -> None:
    await register(house, "ann", grants=OWNER_GRANTS)
    bob = await register(house, "bob")
    with pytest.raises(NotSignedIn):
        await client(house, bob).ask("auth.deleteAccount", password="wrong")
    assert (await house.register.known(bob)).email == "bob@example.org"


async def test_who_alone_looks_after_the_house_stays(house: House) -> None:
    ann = await register(house, "ann", grants=OWNER_GRANTS)
    entrance = await house.sign_in.sign_in("ann@example.org", PASSWORD, visit=Visit())
    with pytest.raises(Refused, match="another administrator"):
        await client(house, ann).ask("auth.deleteAccount", password=PASSWORD)
    assert [each.session_id for each in await house.sign_ins.sessions(ann)] == [entrance.session_id]
    assert entrance.session_id not in house.security.guard.revocations
    await register(house, "dan", grants=OWNER_GRANTS)
    await client(house, ann).ask("auth.deleteAccount", password=PASSWORD)
    with pytest.raises(NotFound):
        await house.register.known(ann)


async def test_who_alone_owns_a_household_of_others_stays(house: House) -> None:
    ann = await register(house, "ann", grants=OWNER_GRANTS)
    bob = await register(house, "bob")
    home = (await client(house, bob).ask("households.create", name="Home"))["householdId"]
    invited = await client(house, bob).ask("households.invite", householdId=home)
    await client(house, ann).ask("households.join", code=invited["code"])
    with pytest.raises(Refused, match="make one of them its owner"):
        await client(house, bob).ask("auth.deleteAccount", password=PASSWORD)
    await client(house, ann).ask("households.remove", householdId=home, memberId=ann)
    await client(house, bob).ask("auth.deleteAccount", password=PASSWORD)
    rows = await house.stores.read(partial(_text, table=metadata.tables["households"]))
    assert rows == ""


def test_every_table_that_refers_to_people_says_what_becomes_of_it() -> None:
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is users:
                assert key.ondelete in {"CASCADE", "SET NULL"}, table.name
