"""What one process revokes all others refuse, whatever the clocks say, whenever they began."""

from pathlib import Path

from sqlalchemy import select

from manciple.grocery.actions.register import OWNER_GRANTS, NewPerson
from manciple.grocery.stores.access_changes import AccessChange
from manciple.grocery.stores.schema_security import auth_sessions, refresh_tokens
from manciple.grocery.stores.stores import Transaction
from manciple.platform.security.visits import Via, Visit
from manciple.services.house import House
from manciple.services.housekeeping import ForgetTheOutdated
from tests.asking import an_open_house
from tests.fakes import FakeClock

HOUR_S = 3600
ANN = NewPerson(email="ann@example.org", password="tango lamp river", display_name="Ann")


async def ann_in(house: House) -> tuple[str, str]:
    """Her session and an access token of it."""
    await house.register.add(ANN, grants=OWNER_GRANTS, by=Visit())
    return await enter(house)


async def enter(house: House) -> tuple[str, str]:
    entered = await house.sign_in.sign_in(ANN.email, ANN.password, visit=Visit())
    return entered.session_id, str(entered.access_token)


async def via(house: House, token: str) -> Via:
    return (await house.security.guard.visit(_bearer(token), "203.0.113.9")).via


def _bearer(token: str) -> dict[bytes, bytes]:
    return {b"authorization": f"Bearer {token}".encode()}


async def revoke(house: House, session_id: str) -> None:
    """As another process does: this one is not told."""
    await house.stores.write(lambda tx: tx.sign_ins.revoke(session_id, why="stolen"))


async def test_a_session_revoked_by_a_process_whose_clock_is_behind_ends_here(
    tmp_path: Path,
) -> None:
    ours, theirs = FakeClock(), FakeClock()
    theirs.turn(-HOUR_S)
    async with (
        an_open_house(tmp_path, ours) as here,
        an_open_house(tmp_path, theirs, is_new=False) as there,
    ):
        session_id, token = await ann_in(here)
        assert await via(here, token) is Via.ACCESS
        before = here.access_mark()
        await revoke(there, session_id)
        assert here.access_mark() != before
        await here.security.guard.refresh()
        assert await via(here, token) is Via.STRANGER


async def test_a_process_that_begins_later_refuses_what_was_revoked_before(tmp_path: Path) -> None:
    clock = FakeClock()
    async with an_open_house(tmp_path, clock) as house:
        session_id, token = await ann_in(house)
        await revoke(house, session_id)
    async with an_open_house(tmp_path, clock, is_new=False) as later:
        assert await via(later, token) is Via.STRANGER


async def test_that_somebody_was_registered_elsewhere_closes_the_open_house(tmp_path: Path) -> None:
    async with an_open_house(tmp_path) as here, an_open_house(tmp_path, is_new=False) as there:
        assert here.security.guard.is_open_house
        await ann_in(there)
        await here.security.guard.refresh()
        assert not here.security.guard.is_open_house


async def test_what_no_token_can_name_any_more_is_forgotten(tmp_path: Path) -> None:
    clock = FakeClock()
    async with an_open_house(tmp_path, clock) as house:
        session_id, _ = await ann_in(house)
        await revoke(house, session_id)
        forget = ForgetTheOutdated(house.stores, clock, house.settings.security)

        async def kept() -> list[AccessChange]:
            return list(await house.stores.read(lambda tx: tx.access_changes.after(0)))

        clock.turn(24 * HOUR_S)
        await forget.turn()
        assert session_id in {one.credential_id for one in await kept()}
        clock.turn(house.settings.security.access_token_s + 1)
        await forget.turn()
        assert await kept() == []


async def test_of_sessions_and_tokens_that_ended_long_ago_no_row_is_left(tmp_path: Path) -> None:
    clock = FakeClock()
    async with an_open_house(tmp_path, clock) as house:
        (ended, _), (open_now, _) = await ann_in(house), await enter(house)
        await revoke(house, ended)
        forget = ForgetTheOutdated(house.stores, clock, house.settings.security)

        async def kept() -> dict[str, int]:
            return await house.stores.read(lambda tx: _rows_of(tx, (ended, open_now)))

        clock.turn(24 * HOUR_S)
        await forget.turn()
        assert await kept() == {ended: 1, open_now: 1}
        clock.turn(house.settings.security.access_token_s + 1)
        await forget.turn()
        assert await kept() == {ended: 0, open_now: 1}


def _rows_of(tx: Transaction, session_ids: tuple[str, ...]) -> dict[str, int]:
    """How many refresh tokens there are of each session that is a row."""
    of = refresh_tokens.c.session_id
    rows = tx.connection.execute(select(of).join(auth_sessions)).scalars().all()
    return {each: rows.count(each) for each in session_ids}
