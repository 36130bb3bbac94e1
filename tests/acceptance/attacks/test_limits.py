"""Too much of something: calls, tries, bytes, depth, time."""

import json
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests

from tests.acceptance.attacks.besieged import Client, House, besieged, code, data, populate

pytestmark = pytest.mark.xdist_group("attacks")
HEALTH = "monitoring.health"


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose strangers may ask 40 times, and whose heads must come within a second."""
    settings = ("security.anonymous_limit=40", "security.head_timeout_s=1")
    with besieged(tmp_path_factory.mktemp("strict"), *settings) as found:
        populate(found)
        yield found


def test_strangers_are_stopped_and_told_when_to_come_again(strict: House) -> None:
    answers = [strict.stranger.ask(HEALTH) for _ in range(41)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert 1 <= len(refused) <= 41
    last = refused[-1]
    assert code(last) == "TOO_MANY_REQUESTS"
    assert 1 <= int(last.headers["retry-after"]) <= 900
    assert last.headers["ratelimit-policy"] == '"anonymous";q=40;w=900'
    assert last.headers["ratelimit"].startswith('"anonymous";r=0;t=')


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-for": "203.0.113.9"},
        {"x-forwarded-for": "203.0.113.9, 127.0.0.1"},
        {"x-real-ip": "203.0.113.9"},
        {"forwarded": "for=203.0.113.9"},
        {"x-client-ip": "203.0.113.9"},
        {"true-client-ip": "203.0.113.9"},
        {"cf-connecting-ip": "203.0.113.9"},
        {"authorization": "Bearer mat_" + "A" * 43},
        {"authorization": "Bearer x"},
        {"cookie": "__Host-manciple-session=mst_x"},
        {"user-agent": "somebody else"},
    ],
)
def test_no_header_makes_a_stranger_somebody_new(strict: House, headers: dict[str, str]) -> None:
    exhaust(strict)
    assert Client(strict.api, headers).ask(HEALTH).status_code == 429


def exhaust(strict: House) -> None:
    """Returns when strangers have asked all that they may."""
    assert 429 in (strict.stranger.ask(HEALTH).status_code for _ in range(41))


@pytest.mark.parametrize(
    "path",
    [
        "/trpc/no.such",
        "/trpc/monitoring.health,monitoring.health?batch=1&input={}",
        "/trpc/monitoring.health?x=1",
        "/trpc/monitoring%2Ehealth",
        "/api/csrf-token",
        "/nowhere",
    ],
)
def test_no_other_path_gets_around_it(strict: House, path: str) -> None:
    exhaust(strict)
    answer = requests.get(strict.api + path, timeout=120)
    assert answer.status_code == 429


def test_those_who_signed_in_are_not_stopped_with_them(strict: House) -> None:
    exhaust(strict)
    assert strict.as_("bob").ask("walmartGrocery.getLists").status_code == 200
    assert requests.get(strict.api + "/livez", timeout=120).status_code == 200


def test_the_calls_of_a_batch_count_each(house: House) -> None:
    before = left_of(house.as_("eve").ask(HEALTH))
    paths = ",".join([HEALTH] * 100)
    batch = house.as_("eve").ask(f"{paths}?batch=1")
    assert batch.status_code == 200
    # A large limit is counted by handfuls of 60.
    assert before - left_of(batch) in range(100 - 60, 100 + 61)


def left_of(answer: requests.Response) -> int:
    return int(answer.headers["ratelimit"].split("r=")[1].split(";")[0])


@pytest.mark.parametrize("email", ["carl@example.org", "nobody@example.org"])
def test_wrong_passwords_cost_more_and_more_time(house: House, email: str) -> None:
    if email.startswith("carl"):
        person = {"email": email, "password": "gravel pony nine", "displayName": "Carl"}
        data(house.stranger.do("auth.register", person))
    wanted = {"email": email, "password": "wrong password!"}
    said = [house.stranger.do("auth.signIn", wanted) for _ in range(8)]
    assert {code(answer) for answer in said[:5]} == {"UNAUTHORIZED"}
    assert "TOO_MANY_REQUESTS" in {code(answer) for answer in said[5:]}


def test_a_wrong_address_is_answered_like_a_wrong_password(house: House) -> None:
    answers = [
        house.stranger.do("auth.signIn", {"email": email, "password": "not the password"}).json()
        for email in ("eve@example.org", "missing@example.org", "x", "' OR 1=1 --", "")
    ]
    assert len({json.dumps(answer) for answer in answers}) == 1


@pytest.mark.parametrize(
    "password",
    ["short", "password123", "Passw0rd!!", "qwertyuiop", "1234567890", "dora dora!", "a" * 300],
)
def test_a_password_that_everybody_tries_is_not_taken(house: House, password: str) -> None:
    person = {"email": "dora@example.org", "password": password, "displayName": "Dora"}
    assert code(house.stranger.do("auth.register", person)) == "BAD_REQUEST"


def test_a_house_is_set_up_once(house: House) -> None:
    person = {"email": "x@example.org", "password": "gravel pony nine", "displayName": "X"}
    wanted = {"code": house.setup_code, **person}
    assert code(house.stranger.do("auth.setup", wanted)) == "FORBIDDEN"
    assert code(house.stranger.do("auth.setup", {"code": "guess", **person})) == "FORBIDDEN"


def test_deep_json_is_refused(house: House) -> None:
    body = '{"name":' + "[" * 5000 + "]" * 5000 + "}"
    answer = raw(house, "walmartGrocery.createList", body)
    assert answer.status_code == 400


def test_huge_json_is_refused(house: House) -> None:
    answer = raw(house, "walmartGrocery.createList", '{"name":"' + "a" * 2_000_000 + '"}')
    assert answer.status_code == 413


def test_huge_batches_are_refused(house: House) -> None:
    paths = ",".join(["a.b"] * 300)
    assert house.as_("bob").ask(f"{paths}?batch=1").status_code in {400, 414, 404}


@pytest.mark.parametrize("number", ["1e999999", "1" + "0" * 5000, "NaN", "Infinity", "-0"])
def test_strange_numbers_do_no_harm(house: House, number: str) -> None:
    body = f'{{"listId":"x","items":[{{"productId":"1","quantity":{number}}}]}}'
    assert raw(house, "walmartGrocery.addToList", body).status_code in {400, 404}


def raw(house: House, path: str, body: str) -> requests.Response:
    headers = {**house.as_("bob").headers, "content-type": "application/json"}
    return requests.post(f"{house.api}/trpc/{path}", data=body, headers=headers, timeout=120)


@pytest.mark.parametrize(
    "trickle", [b"", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nhost: x\r\nx: ", b"G"]
)
def test_a_head_that_never_ends_is_cut(strict: House, trickle: bytes) -> None:
    where = urlsplit(strict.api)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=120) as slow:
        slow.sendall(trickle)
        assert slow.recv(1000) == b""


@pytest.mark.parametrize("field", ["minPrice", "maxPrice", "priceRange"])
@pytest.mark.parametrize(
    "amount", ['"NaN"', '"sNaN"', '"Infinity"', "1e400", '"1e999999"', '"1e999999999999999999"']
)
def test_an_amount_that_nobody_can_mean_is_refused(house: House, field: str, amount: str) -> None:
    path = "walmartGrocery.searchProducts"
    body = f'{{"query":"milk","{field}":{amount}}}'
    if field == "priceRange":
        path = "walmartGrocery.hybridSearch"
        body = f'{{"query":"milk","priceRange":{{"min":{amount},"max":{amount}}}}}'
    assert code(raw(house, path, body)) == "BAD_REQUEST"


def test_calls_sent_in_one_go_count_each(strict: House) -> None:
    where = urlsplit(strict.api)
    one = b"GET /trpc/monitoring.health HTTP/1.1\r\nhost: localhost\r\n\r\n"
    last = one.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n")
    answers = b""
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=120) as client:
        client.sendall(one * 49 + last)
        while part := client.recv(65536):
            answers += part
    assert answers.count(b"HTTP/1.1 ") == 50
    assert answers.count(b"HTTP/1.1 429 ") >= 10
