"""Who signs in while their password changes, or while they are shut out or leave."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from manciple.grocery.actions.register import MEMBER_GRANTS, OWNER_GRANTS, NewPerson
from manciple.grocery.actions.sign_in import SignPeopleIn
from manciple.kit.errors import NotSignedIn
from manciple.platform.security.passwords import Passwords, Verdict
from manciple.platform.security.visits import Visit
from manciple.services.house import House
from tests.asking import an_open_house

ANN, BOB = "ann@example.org", "bob@example.org"
OLD, NEW, THIRD = "tango lamp river", "seventeen gulls over tea", "mellow quartz boat"

Doing = Callable[[House, str], Awaitable[object]]
Entering = Callable[[SignPeopleIn, str], Awaitable[object]]

MEANWHILE: dict[str, Doing] = {
    "another password": lambda house, bob: house.sign_in.change_password(
        bob, OLD, NEW, visit=Visit()
    ),
    "a lost password": lambda house, _bob: house.people.set_password(BOB, NEW, by=Visit()),
    "shut out": lambda house, _bob: house.people.shut_out(BOB, by=Visit()),
    "erased": lambda house, bob: house.leave.erase(bob, OLD, visit=Visit()),
}
ENTERING: dict[str, Entering] = {
    "signing in": lambda slow, _bob: slow.sign_in(BOB, OLD, visit=Visit()),
    "changing it": lambda slow, bob: slow.change_password(bob, OLD, THIRD, visit=Visit()),
    "confirming": lambda slow, bob: slow.confirm(bob, OLD, visit=Visit(), action="x"),
}


class SlowPasswords(Passwords):
    """Has looked at a password once `has_looked`, and says what it found when it `may_say`."""

    def __init__(self) -> None:
        super().__init__()
        self.has_looked = threading.Event()
        self.may_say = threading.Event()

    def verify(self, password: str, known: str | None) -> Verdict:
        verdict = super().verify(password, known)
        self.has_looked.set()
        assert self.may_say.wait(20)
        return verdict


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with an_open_house(tmp_path) as opened:
        yield opened


async def register(house: House, email: str, grants: tuple[str, ...]) -> str:
    person = NewPerson(email=email, password=OLD, display_name=email.partition("@")[0])
    return (await house.register.add(person, grants=grants, by=Visit())).user_id


@pytest.mark.parametrize("entering", ENTERING)
@pytest.mark.parametrize("meanwhile", MEANWHILE)
async def test_a_password_that_was_right_a_moment_ago_lets_nobody_in(
    house: House, meanwhile: str, entering: str
) -> None:
    await register(house, ANN, OWNER_GRANTS)
    bob = await register(house, BOB, MEMBER_GRANTS)
    passwords = SlowPasswords()
    slow = SignPeopleIn(
        house.stores, house.sign_ins, passwords=passwords, hashing=asyncio.Semaphore(2)
    )
    coming: asyncio.Future[Any] = asyncio.ensure_future(ENTERING[entering](slow, bob))
    assert await asyncio.to_thread(passwords.has_looked.wait, 20)
    await MEANWHILE[meanwhile](house, bob)
    passwords.may_say.set()
    with pytest.raises(NotSignedIn):
        await coming
    assert not await house.sign_ins.sessions(bob)
    if meanwhile.endswith("password"):
        assert await house.sign_in.sign_in(BOB, NEW, visit=Visit())
