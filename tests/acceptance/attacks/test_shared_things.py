"""Every procedure about a shared list, asked by a member, by a guest, and by one shown out."""

from dataclasses import dataclass
from typing import Any

import pytest

from manciple.api.app_router import app_table
from manciple.platform.rpc.procedure import Kind
from manciple.platform.security.permissions import Grant
from tests.acceptance.attacks.besieged import Client, House, code, data
from tests.acceptance.attacks.test_other_peoples_things import filled

pytestmark = pytest.mark.xdist_group("attacks")
TABLE = app_table()
SHARED = {"list_id", "session_id"}
# What only whoever made the list, or an owner of the household, may do.
OWNERS = {"walmartGrocery.deleteList", "walmartGrocery.unshareList", "walmartGrocery.shareList"}
# Whom they are about is the caller, and the list only says where to look.
ABOUT_THE_CALLER = {"walmartGrocery.duplicateList"}


def about_shared(*, is_changing: bool) -> list[str]:
    """The procedures that name a list or a session."""
    return sorted(
        path
        for path, procedure in TABLE.items()
        if SHARED.intersection(getattr(procedure.input, "__struct_fields__", ()))
        and procedure.kind is not Kind.SUBSCRIPTION
        # Ending a sign-in is the same word for another thing.
        and not path.startswith("security.")
        and (procedure.needs == Grant.WRITE) is is_changing
    )


CHANGING, LOOKING = about_shared(is_changing=True), about_shared(is_changing=False)


@dataclass
class Shared:
    """A list that Bob shares with his household, and a trip over it."""

    house: House
    household_id: str
    things: dict[str, str]

    def ask(self, who: str, path: str, **changes: Any) -> str:
        procedure = TABLE[path]
        wanted = {**filled(procedure.input, self.things), **changes}
        client = self.house.as_(who)
        return code((client.ask if procedure.kind is Kind.QUERY else client.do)(path, wanted))


def join(house: House, home: str, who: str, role: str, *, by: str = "bob") -> None:
    wanted = {"householdId": home, "role": role}
    invited = data(house.as_(by).do("households.invite", wanted))
    data(house.as_(who).do("households.join", {"code": invited["code"]}))


def register(house: House, who: str) -> None:
    person = {"email": f"{who}@example.org", "password": "gravel pony nine", "displayName": who}
    if who not in house.entrances:
        house.entrances[who] = data(house.stranger.do("auth.register", person))


def share(house: House, home: str) -> dict[str, str]:
    """The ids of a new shared list, its line and its trip."""
    bob: Client = house.as_("bob")
    made = data(bob.do("walmartGrocery.createList", {"name": "Together"}))["list"]
    add = {"listId": made["id"], "items": [{"text": "candles"}]}
    item_id = data(bob.do("walmartGrocery.addToList", add))["list"]["items"][0]["id"]
    sharing = {"listId": made["id"], "householdId": home}
    data(bob.do("walmartGrocery.shareList", sharing))
    trip = {"listId": made["id"], "type": "online"}
    session = data(bob.do("walmartGrocery.startShoppingSession", trip))["session"]["id"]
    return {**sharing, "itemId": item_id, "sessionId": session}


@pytest.fixture(scope="module")
def shared(house: House) -> Shared:
    home = data(house.as_("bob").do("households.create", {"name": "Bob's"}))["householdId"]
    for who, role in (("mia", "member"), ("guy", "guest"), ("out", "member")):
        register(house, who)
        join(house, home, who, role)
    found = Shared(house, home, share(house, home))
    gone = data(house.as_("out").ask("auth.me"))["user"]["userId"]
    wanted = {"householdId": home, "memberId": gone}
    data(house.as_("bob").do("households.remove", wanted))
    return found


def test_there_is_something_to_walk_over() -> None:
    assert len(CHANGING) >= 20
    assert len(LOOKING) >= 4


@pytest.mark.parametrize("path", CHANGING)
def test_a_guest_changes_nothing(shared: Shared, path: str) -> None:
    said = shared.ask("guy", path)
    assert said == ("OK" if path in ABOUT_THE_CALLER else "FORBIDDEN")


@pytest.mark.parametrize("path", LOOKING)
@pytest.mark.parametrize("who", ["mia", "guy"])
def test_who_lives_there_may_look(shared: Shared, who: str, path: str) -> None:
    assert shared.ask(who, path) not in {"NOT_FOUND", "FORBIDDEN"}


@pytest.mark.parametrize("path", sorted(OWNERS))
def test_a_member_neither_deletes_nor_shares(shared: Shared, path: str) -> None:
    assert shared.ask("mia", path) == "FORBIDDEN"


@pytest.mark.parametrize("path", [*CHANGING, *LOOKING])
@pytest.mark.parametrize("who", ["eve", "out"])
def test_for_strangers_and_those_shown_out_it_is_not_there(
    shared: Shared, who: str, path: str
) -> None:
    assert shared.ask(who, path) == "NOT_FOUND"


@pytest.mark.parametrize("path", sorted({*CHANGING} - OWNERS))
def test_a_member_may_change_it(house: House, shared: Shared, path: str) -> None:
    fresh = Shared(house, shared.household_id, share(house, shared.household_id))
    assert fresh.ask("mia", path) not in {"NOT_FOUND", "FORBIDDEN"}
