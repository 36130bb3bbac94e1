"""Sessions that nobody uses end before their time; those in use go on, but not for ever."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from manciple.grocery.actions.register import OWNER_GRANTS, NewPerson
from manciple.kit.errors import NotSignedIn
from manciple.platform.security.visits import Via, Visit
from manciple.services.house import House
from tests.asking import an_open_house
from tests.fakes import FakeClock

DAY_S = 24 * 3600
ANN = NewPerson(email="ann@example.org", password="tango lamp river", display_name="Ann")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def house(tmp_path: Path, clock: FakeClock) -> AsyncIterator[House]:
    async with an_open_house(tmp_path, clock) as opened:
        await opened.register.add(ANN, grants=OWNER_GRANTS, by=Visit())
        yield opened


async def via(house: House, cookie: str) -> Via:
    header = f"__Host-manciple-session={cookie}".encode()
    return (await house.security.guard.visit({b"cookie": header}, "203.0.113.9")).via


async def test_a_browser_left_alone_for_a_week_must_sign_in_anew(
    house: House, clock: FakeClock
) -> None:
    entered = await house.sign_in.sign_in(ANN.email, ANN.password, visit=Visit(), as_browser=True)
    cookie = str(entered.cookie)
    for _ in range(4):
        clock.turn(6 * DAY_S)
        assert await via(house, cookie) is Via.COOKIE
    clock.turn(7 * DAY_S)
    assert await via(house, cookie) is Via.STRANGER


async def test_a_program_left_alone_for_a_week_cannot_refresh(
    house: House, clock: FakeClock
) -> None:
    entered = await house.sign_in.sign_in(ANN.email, ANN.password, visit=Visit())
    for _ in range(4):
        clock.turn(6 * DAY_S)
        entered = await house.sign_ins.refresh(str(entered.refresh_token), visit=Visit())
    clock.turn(7 * DAY_S)
    with pytest.raises(NotSignedIn):
        await house.sign_ins.refresh(str(entered.refresh_token), visit=Visit())


async def test_no_session_outlives_its_thirty_days(house: House, clock: FakeClock) -> None:
    entered = await house.sign_in.sign_in(ANN.email, ANN.password, visit=Visit())
    for _ in range(29):
        clock.turn(DAY_S)
        entered = await house.sign_ins.refresh(str(entered.refresh_token), visit=Visit())
    clock.turn(DAY_S)
    with pytest.raises(NotSignedIn):
        await house.sign_ins.refresh(str(entered.refresh_token), visit=Visit())
