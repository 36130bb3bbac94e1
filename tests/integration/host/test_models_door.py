"""The door of models in a whole house that is open to its own machine."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from tests.integration.host.houses import asking_where_welcome

FRIEND = "https://a.example"
HELLO = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx2.AsyncClient]:
    async with asking_where_welcome(tmp_path_factory.mktemp("house"), FRIEND) as asking:
        yield asking


async def say(
    client: httpx2.AsyncClient, method: str, params: Any = None, **headers: str
) -> httpx2.Response:
    body = {"jsonrpc": "2.0", "id": "one", "method": method, "params": params or {}}
    head = {"accept": "application/json, text/event-stream", **headers}
    return await client.post("/mcp", json=body, headers=head)


async def use(client: httpx2.AsyncClient, tool: str, **arguments: Any) -> Any:
    """What a tool gives."""
    answer = await say(client, "tools/call", {"name": tool, "arguments": arguments})
    found = answer.json()["result"]
    assert "isError" not in found, found
    return found["structuredContent"]


async def test_the_owner_of_the_machine_needs_no_token(client: httpx2.AsyncClient) -> None:
    answer = await say(client, "initialize", HELLO)
    assert answer.json()["result"]["protocolVersion"] == "2025-06-18"
    assert answer.headers["content-type"] == "application/json"
    assert "mcp-session-id" not in answer.headers
    known = {"mcp-protocol-version": "2025-06-18"}
    ready = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    assert (await client.post("/mcp", json=ready, headers=known)).status_code == 202
    found = (await say(client, "tools/list", **known)).json()["result"]["tools"]
    assert len(found) > 30


async def test_what_a_tool_did_every_other_door_sees(client: httpx2.AsyncClient) -> None:
    made = await use(client, "walmartGrocery_createList", name="of a model")
    wanted = {"input": f'{{"listId":"{made["list"]["id"]}"}}'}
    seen = await client.get("/trpc/walmartGrocery.getList", params=wanted)
    assert seen.json()["result"]["data"]["list"] == made["list"]


async def test_a_tool_says_what_the_wire_says(client: httpx2.AsyncClient) -> None:
    wanted = {"query": "milk", "limit": 3}
    called = await use(client, "walmartGrocery_search", **wanted)
    asked = await client.get(
        "/trpc/walmartGrocery.search", params={"input": '{"query":"milk","limit":3}'}
    )
    assert called["products"] == asked.json()["result"]["data"]["products"]
    assert called["products"]


async def test_a_name_that_leads_here_by_a_trick_is_no_home(client: httpx2.AsyncClient) -> None:
    # A page of that name, resolved to this machine, is its own origin.
    trick = {"host": "evil.example", "origin": "http://evil.example"}
    assert (await say(client, "tools/list", **trick)).status_code == 401
    create = {"name": "walmartGrocery_createList", "arguments": {"name": "evil"}}
    assert (await say(client, "tools/call", create, **trick)).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "https://evil.example", "authorization": "Bearer x"},
    ],
)
async def test_a_page_of_strangers_is_refused(
    client: httpx2.AsyncClient, headers: dict[str, str]
) -> None:
    assert (await say(client, "tools/list", **headers)).status_code == 403


async def test_a_form_of_a_page_is_no_message(client: httpx2.AsyncClient) -> None:
    body = b'{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
    sent = await client.post("/mcp", content=body, headers={"content-type": "text/plain"})
    assert sent.status_code == 415


async def test_a_page_of_a_friend_may_call_and_read(client: httpx2.AsyncClient) -> None:
    asked = {
        "origin": FRIEND,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type, mcp-protocol-version",
    }
    told = (await client.options("/mcp", headers=asked)).headers
    assert "mcp-protocol-version" in told["access-control-allow-headers"]
    answer = await say(client, "ping", origin=FRIEND)
    assert answer.json() == {"jsonrpc": "2.0", "id": "one", "result": {}}
    assert answer.headers["access-control-allow-origin"] == FRIEND


@pytest.mark.parametrize("method", ["GET", "DELETE", "HEAD", "PUT"])
async def test_there_are_no_streams_and_no_sessions(
    client: httpx2.AsyncClient, method: str
) -> None:
    answer = await client.request(method, "/mcp", headers={"accept": "text/event-stream"})
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST, OPTIONS")


async def test_it_is_one_path_and_no_other(client: httpx2.AsyncClient) -> None:
    for path in ("/mcp/", "/mcp/x", "/MCP", "/mcpx"):
        assert (await client.post(path, json={})).status_code == 404


async def test_its_calls_are_measured_by_route_and_procedure(client: httpx2.AsyncClient) -> None:
    await use(client, "preferences_get")
    lines = (await client.get("/metrics")).text.splitlines()
    assert [line for line in lines if 'route="/mcp"' in line]
    counted = [line for line in lines if 'path="preferences.get"' in line]
    assert [line for line in counted if line.startswith("manciple_calls_total")]
