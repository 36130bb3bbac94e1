"""A procedure is the same to the gate in every spelling that the wire understands."""

from collections.abc import Iterator

import pytest
import requests

from tests.acceptance.attacks.besieged import Client, House, besieged, data, populate
from tests.acceptance.attacks.in_time import Since, once_in_time
from tests.acceptance.attacks.wires import a_socket, answer, code_of

pytestmark = pytest.mark.xdist_group("attacks")
SPELLINGS = ["{}", "/{}", "//{}", "{}/", "/{}//"]
MOST = 200


@pytest.fixture(scope="module")
def counting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house in which each call of a person is counted, and one question costs fifty."""
    settings = (f"security.principal_limit={MOST}", "security.costs=monitoring.health=50")
    with besieged(tmp_path_factory.mktemp("counting"), *settings) as found:
        populate(found)
        yield found


@pytest.mark.parametrize("spelling", [*SPELLINGS, "events%2Eon", "%65vents.on"])
def test_a_stream_ends_with_its_session_however_it_is_spelled(house: House, spelling: str) -> None:
    def ends(since: Since) -> None:
        entrance = house.fresh("bob")
        bearer = {"authorization": f"Bearer {entrance['accessToken']}"}
        url = f"{house.api}/trpc/{spelling.format('events.on')}"
        with requests.get(url, headers=bearer, stream=True, timeout=120) as stream:
            lines = stream.iter_lines()
            assert next(lines) == b"event: connected"
            Client(house.api, bearer).do("auth.signOut")
            since.begin()
            for _ in lines:
                pass

    assert once_in_time(ends)


def left(asked: requests.Response) -> int:
    return int(asked.headers["ratelimit"].split(";r=")[1].split(";")[0])


@pytest.mark.parametrize("number", range(len(SPELLINGS)))
def test_a_costly_call_costs_as_much_however_it_is_spelled(counting: House, number: int) -> None:
    person = newcomer(counting, f"spell{number}")
    before = left(person.ask("walmartGrocery.getLists"))
    after = left(person.ask(SPELLINGS[number].format("monitoring.health")))
    assert before - after == 50


async def test_a_costly_call_costs_as_much_over_a_socket(counting: House) -> None:
    person = newcomer(counting, "wire")
    before = left(person.ask("walmartGrocery.getLists"))
    async with a_socket(counting, person.headers) as client:
        assert code_of(await answer(client, "monitoring.health")) == "OK"
    # Opening the socket and the last question count one each.
    assert before - left(person.ask("walmartGrocery.getLists")) == 50 + 2


async def test_signing_in_over_a_socket_is_no_cheaper(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    few = "security.anonymous_limit=40"
    with besieged(tmp_path_factory.mktemp("guessing"), few) as house:
        populate(house)
        said = []
        async with a_socket(house) as client:
            for number in range(10):
                guess = {"email": f"{number}@example.org", "password": "not the password"}
                said.append(
                    code_of(await answer(client, "auth.signIn", kind="mutation", wanted=guess))
                )
    assert said.count("UNAUTHORIZED") <= 8
    assert said[-1] == "TOO_MANY_REQUESTS"


def newcomer(house: House, name: str) -> Client:
    person = {"email": f"{name}@example.org", "password": "gravel pony nine", "displayName": name}
    entrance = data(house.stranger.do("auth.register", person))
    return Client(house.api, {"authorization": f"Bearer {entrance['accessToken']}"})
