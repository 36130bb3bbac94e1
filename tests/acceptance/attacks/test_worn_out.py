"""What stays open must not outlive what let it in: an open house, a session, a token."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import requests

from tests.acceptance.attacks.besieged import Client, House, besieged, data, populate
from tests.acceptance.attacks.wires import a_socket, answer, closed, code_of
from tests.patient import connect

pytestmark = pytest.mark.xdist_group("attacks")
# Sessions are looked at every ten seconds; the closing code may take a moment.
LONGEST_S = 60


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house in which sessions last some seconds."""
    with besieged(tmp_path_factory.mktemp("hasty"), "security.session_s=4") as found:
        populate(found)
        yield found


def stream_of(house: House, headers: dict[str, str]) -> threading.Event:
    """Rings when a stream of events that begins now has ended."""
    stream = requests.get(
        f"{house.api}/trpc/events.on", headers=headers, stream=True, timeout=LONGEST_S
    )
    ended = threading.Event()

    def read() -> None:
        for _ in stream.iter_lines():
            pass
        ended.set()

    threading.Thread(target=read, daemon=True).start()
    return ended


async def closes(house: House, headers: dict[str, str], *, after: threading.Event) -> None:
    """Returns when a socket, an event socket and a stream have been closed."""
    where = house.api.replace("http", "ws") + "/ws"
    async with (
        a_socket(house, headers) as calls,
        connect(where, additional_headers=headers, proxy=None) as events,
    ):
        assert code_of(await answer(calls, "security.sessions")) == "OK"
        await events.recv()
        stream = stream_of(house, headers)
        after.set()
        assert await closed(calls, within_s=LONGEST_S) == 4401
        await closed(events, within_s=LONGEST_S)
        assert await asyncio.to_thread(stream.wait, LONGEST_S)


async def test_nothing_of_an_open_house_stays_open_when_people_move_in(tmp_path: Path) -> None:
    with besieged(tmp_path) as house:
        ready = threading.Event()
        watching = asyncio.create_task(closes(house, {}, after=ready))
        assert await asyncio.to_thread(ready.wait, LONGEST_S)
        await asyncio.to_thread(populate, house)
        await watching


async def test_nothing_stays_open_beyond_its_session(hasty: House) -> None:
    entrance = hasty.fresh("bob")
    headers = {"authorization": f"Bearer {entrance['accessToken']}"}
    await closes(hasty, headers, after=threading.Event())
    assert Client(hasty.api, headers).ask("security.sessions").status_code == 401


def test_an_access_token_ends_with_its_session(hasty: House) -> None:
    entrance = hasty.fresh("eve")
    ends = [
        datetime.fromisoformat(entrance[f"{which}ExpiresAt"]) for which in ("access", "session")
    ]
    assert ends == sorted(ends)


def test_a_token_that_may_only_read_ends_no_session(house: House) -> None:
    made = data(house.as_("bob").do("auth.createToken", {"name": "look", "grants": ["read"]}))
    program = Client(house.api, {"authorization": f"Bearer {made['secret']}"})
    assert program.do("auth.signOutEverywhere").status_code == 403
    assert house.as_("bob").ask("security.sessions").status_code == 200
