"""The door of models, asked by those who would have more of it than its tools are for."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.acceptance.attacks.besieged import (
    CANARIES,
    Client,
    House,
    besieged,
    data,
    named,
    populate,
)
from tests.acceptance.attacks.test_browsers import SESSION, cookies_of
from tests.acceptance.attacks.test_spellings import left, newcomer

pytestmark = pytest.mark.xdist_group("attacks")
MOST = 200
CREATE = "walmartGrocery_createList"


def say(who: Client, method: str, params: Any = None, **headers: str) -> requests.Response:
    """One message."""
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}}
    head = {**who.headers, **named(headers)}
    answer = requests.post(f"{who.base}/mcp", json=body, headers=head, timeout=120)
    CANARIES[who.base].watch(body, answer)
    return answer


def use(who: Client, tool: str, wanted: Any = None, **headers: str) -> requests.Response:
    """One call of a tool."""
    return say(who, "tools/call", {"name": tool, "arguments": wanted or {}}, **headers)


def result(answer: requests.Response) -> Any:
    body = answer.json()
    assert "result" in body, body
    return body["result"]


def text(answer: requests.Response) -> str:
    return str(result(answer)["content"][0]["text"])


def list_id(answer: requests.Response) -> str:
    return str(result(answer)["structuredContent"]["list"]["id"])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer mat_" + "A" * 43},
        {"authorization": "Bearer x.y.z"},
        {"authorization": "Basic Ym9iOmJvYg=="},
        {"cookie": f"{SESSION}=mst_x"},
        {"x-forwarded-for": "127.0.0.1", "host": "localhost"},
        {"mcp-session-id": "1"},
    ],
)
@pytest.mark.parametrize("method", ["initialize", "tools/list", "tools/call"])
def test_a_stranger_gets_nothing_but_the_way_in(
    house: House, method: str, headers: dict[str, str]
) -> None:
    params = {"protocolVersion": "2025-11-25", "name": CREATE, "arguments": {"name": "x"}}
    if method == "tools/list":
        params = {}
    answer = say(Client(house.api, headers), method, params)
    if answer.status_code == 403:
        # A cookie without its proof does not come that far.
        assert "cookie" in headers
        return
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["error"]["message"].startswith("UNAUTHORIZED: ")


def test_what_is_no_tool_cannot_be_called_even_by_who_may(house: House) -> None:
    ann = house.as_("ann")
    listed = {tool["name"] for tool in result(say(ann, "tools/list"))["tools"]}
    assert CREATE in listed
    for path in ("auth.deleteAccount", "auth.createToken", "security.auditTrail", "mesh.scale"):
        for name in (path, path.replace(".", "_"), f"../trpc/{path}", f"{CREATE}\n{path}"):
            answer = use(ann, name)
            assert answer.json()["error"]["code"] == -32602, name


def test_a_token_that_reads_changes_nothing(house: House) -> None:
    wanted = {"name": "reader", "grants": ["read"]}
    secret = data(house.as_("bob").do("auth.createToken", wanted))["secret"]
    reader = Client(house.api, {"authorization": f"Bearer {secret}"})
    listed = [
        tool["annotations"]["readOnlyHint"] for tool in result(say(reader, "tools/list"))["tools"]
    ]
    assert len(listed) > 10
    assert text(use(reader, CREATE, {"name": "x"})) == "FORBIDDEN: This needs: write"


def test_another_household_has_no_such_list(house: House) -> None:
    made = list_id(use(house.as_("bob"), CREATE, {"name": "Bob's"}))
    eve = house.as_("eve")
    for tool, wanted in (
        ("walmartGrocery_getList", {"listId": made}),
        ("walmartGrocery_addToList", {"listId": made, "items": [{"text": "milk"}]}),
        ("walmartGrocery_undoListChange", {"listId": made}),
    ):
        assert text(use(eve, tool, wanted)).startswith("NOT_FOUND: ")
    said = text(use(eve, CREATE, {"name": "x", "userId": "bob"}))
    assert said.startswith("FORBIDDEN: ")


def test_a_session_that_ended_calls_no_more(house: House) -> None:
    entrance = house.fresh("eve")
    eve = Client(house.api, {"authorization": f"Bearer {entrance['accessToken']}"})
    assert result(say(eve, "tools/list"))["tools"]
    data(eve.do("auth.signOut"))
    assert say(eve, "tools/list").status_code == 401


def test_a_browsers_session_needs_its_proof_and_its_own_page(house: House) -> None:
    wanted = {"email": "bob@example.org", "password": "mellow quartz boat", "browser": True}
    signed_in = house.stranger.do("auth.signIn", wanted)
    cookie = f"{SESSION}={cookies_of(signed_in)[SESSION].partition(';')[0]}"
    page = requests.get(f"{house.api}/api/csrf-token", headers={"cookie": cookie}, timeout=120)
    token = page.json()["csrfToken"]
    proved = {"cookie": f"{cookie}; __Host-manciple-csrf={token}", "x-csrf-token": token}
    assert use(Client(house.api, {"cookie": cookie}), CREATE, {"name": "x"}).status_code == 403
    foreign = {**proved, "origin": "https://evil.example"}
    assert use(Client(house.api, foreign), CREATE, {"name": "x"}).status_code == 403
    assert list_id(use(Client(house.api, proved), CREATE, {"name": "x"}))


def test_a_page_of_strangers_may_not_even_with_a_token(house: House) -> None:
    answer = use(house.as_("bob"), CREATE, {"name": "x"}, origin="https://evil.example")
    assert answer.status_code == 403


def test_the_same_call_is_done_once_and_is_on_the_trail(house: House) -> None:
    bob = house.as_("bob")
    first = list_id(use(bob, CREATE, {"name": "once"}, idempotency_key="model 1"))
    assert list_id(use(bob, CREATE, {"name": "once"}, idempotency_key="model 1")) == first
    again = use(bob, CREATE, {"name": "twice"}, idempotency_key="model 1")
    assert text(again).startswith("UNPROCESSABLE_CONTENT: ")
    # The wire keeps the same answers.
    wired = data(bob.do("walmartGrocery.createList", {"name": "once"}, idempotency_key="model 1"))
    assert wired["list"]["id"] == first
    trail = data(house.as_("ann").ask("security.auditTrail", {"limit": 100}))["entries"]
    assert "walmartGrocery.createList" in {entry["action"] for entry in trail}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (
            b'{"jsonrpc":"2.0","id":1,"method":"ping","params":' + b"[" * 5000 + b"]" * 5000 + b"}",
            400,
        ),
        (
            b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"' + b"x" * 2_000_000 + b'"}}',
            413,
        ),
        (b"[" + b'{"jsonrpc":"2.0","id":1,"method":"ping"},' * 1000 + b"1]", 400),
        (b"\x00" * 100, 400),
    ],
)
def test_too_much_is_refused(house: House, body: bytes, status: int) -> None:
    head = {**house.as_("bob").headers, "content-type": "application/json"}
    answer = requests.post(f"{house.api}/mcp", data=body, headers=head, timeout=120)
    assert answer.status_code == status
    assert "error" in answer.json()
    assert len(answer.content) < 1000


@pytest.fixture(scope="module")
def counting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house in which each call of a person is counted, and one question costs fifty."""
    settings = (f"security.principal_limit={MOST}", "security.costs=walmartGrocery.getLists=50")
    with besieged(tmp_path_factory.mktemp("models"), *settings) as found:
        populate(found)
        yield found


def test_a_tool_costs_what_its_procedure_costs(counting: House) -> None:
    person = newcomer(counting, "frugal")
    before = left(say(person, "ping"))
    assert left(use(person, "walmartGrocery_getLists")) == before - 50
    assert left(say(person, "tools/list")) == before - 51


def test_who_calls_too_often_is_told_when_to_come_again(counting: House) -> None:
    person = newcomer(counting, "hasty")
    for _ in range(3):
        assert "lists" in result(use(person, "walmartGrocery_getLists"))["structuredContent"]
    # What is left is less than the fourth one costs, and yet enough for the gate.
    assert left(say(person, "ping")) == 49
    refused = use(person, "walmartGrocery_getLists")
    assert text(refused).startswith("TOO_MANY_REQUESTS: ")
    assert int(refused.headers["retry-after"]) >= 1
    rest = [say(person, "ping").status_code for _ in range(50)]
    assert rest[-1] == 429
