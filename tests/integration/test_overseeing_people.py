"""Who lost a password, and who is let in no more."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from manciple.grocery.actions.register import MEMBER_GRANTS, OWNER_GRANTS, NewPerson
from manciple.grocery.stores.stores import Transaction
from manciple.kit.errors import InvalidInput, NotFound, NotSignedIn, Refused, TooMany
from manciple.platform.security.lockout import FREE_TRIES_OF_ACCOUNT
from manciple.platform.security.permissions import Grant, Principal
from manciple.platform.security.tokens import fingerprint
from manciple.platform.security.visits import Visit
from manciple.services.house import House
from tests.asking import an_open_house
from tests.commanding import commands_on

ANN, BOB = "ann@example.org", "bob@example.org"
OLD, NEW = "tango lamp river", "seventeen gulls over tea"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with an_open_house(tmp_path) as opened:
        for email, grants in ((ANN, OWNER_GRANTS), (BOB, MEMBER_GRANTS)):
            name = email.partition("@")[0]
            person = NewPerson(email=email, password=OLD, display_name=name)
            await opened.register.add(person, grants=grants, by=Visit())
        yield opened


async def enter(house: House, email: str, password: str) -> str:
    return (await house.sign_in.sign_in(email, password, visit=Visit())).session_id


async def test_another_password_replaces_the_lost_one_and_ends_every_session(house: House) -> None:
    session = await enter(house, BOB, OLD)
    await house.people.set_password(" Bob@Example.org ", NEW, by=Visit())
    assert session in house.security.guard.revocations
    with pytest.raises(NotSignedIn):
        await enter(house, BOB, OLD)
    assert await enter(house, BOB, NEW)


async def test_whose_account_strangers_locked_enters_with_the_new_password(house: House) -> None:
    def tried_by_strangers(tx: Transaction) -> None:
        for _ in range(FREE_TRIES_OF_ACCOUNT + 20):
            tx.identities.count_failure(fingerprint(BOB), since=tx.now - timedelta(hours=1))

    await house.stores.write(tried_by_strangers)
    with pytest.raises(TooMany):
        await enter(house, BOB, OLD)
    await house.people.set_password(BOB, NEW, by=Visit())
    assert await enter(house, BOB, NEW)


async def test_a_password_that_anybody_would_try_is_not_set(house: House) -> None:
    with pytest.raises(InvalidInput, match="password"):
        await house.people.set_password(BOB, "password123", by=Visit())
    with pytest.raises(NotFound):
        await house.people.set_password("eve@example.org", NEW, by=Visit())
    assert await enter(house, BOB, OLD)


async def test_who_is_shut_out_loses_sessions_and_tokens_and_may_come_back(house: House) -> None:
    session = await enter(house, BOB, OLD)
    bob = (await house.people.let_in(BOB, by=Visit())).user_id
    grants = frozenset({Grant.READ})
    visit = Visit(principal=Principal(user_id=bob, grants=grants))
    made = await house.tokens.create(
        bob, name="till", grants=("read",), expires_in_s=None, visit=visit
    )
    await house.people.shut_out(BOB, by=Visit())
    ended = house.security.guard.revocations
    assert session in ended
    assert made.token.token_id in ended
    with pytest.raises(NotSignedIn):
        await enter(house, BOB, OLD)
    await house.people.let_in(BOB, by=Visit())
    assert await enter(house, BOB, OLD)


async def test_the_last_administrator_is_not_shut_out(house: House) -> None:
    with pytest.raises(Refused, match="another administrator"):
        await house.people.shut_out(ANN, by=Visit())
    assert await enter(house, ANN, OLD)


async def test_what_was_done_to_whom_stands_on_the_audit_trail(house: House) -> None:
    await house.people.set_password(BOB, NEW, by=Visit())
    await house.people.shut_out(BOB, by=Visit())
    deeds = [row.action for row in await house.audit.page(before=None, limit=2)]
    assert deeds == ["user.disable", "user.setPassword"]


def test_the_terminal_does_all_of_it(tmp_path: Path) -> None:
    run = asyncio.run(commands_on(tmp_path / "grocery.db"))
    for email in (ANN, BOB):
        run("user", "add", email, answer=f"{OLD}\n")
    assert "new password" in run("user", "password", BOB, answer=f"{NEW}\n").stdout
    assert "cannot sign in" in run("user", "disable", BOB).stdout
    listed = json.loads(run("user", "list", "--json").stdout)
    assert [one["state"] for one in listed] == ["", "disabled"]
    assert "can sign in again" in run("user", "enable", BOB).stdout
