"""Pages of an origin that the house trusts: what browsers let them send, and read."""

from collections.abc import AsyncIterator

import httpx2
import pytest
import pytest_asyncio

from tests.integration.host.houses import asking_where_welcome

FRIEND, STRANGER = "https://a.example", "https://b.example"
ALLOWED = "access-control-allow-origin"

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx2.AsyncClient]:
    async with asking_where_welcome(tmp_path_factory.mktemp("house"), FRIEND) as asking:
        yield asking


async def test_they_may_send_what_a_careful_call_needs(
    client: httpx2.AsyncClient,
) -> None:
    asked = {"origin": FRIEND, "access-control-request-method": "POST"}
    told = (await client.options("/trpc/walmartGrocery.createList", headers=asked)).headers
    names = set(told["access-control-allow-headers"].split(", "))
    assert {"x-csrf-token", "idempotency-key", "manciple-timeout", "traceparent"} <= names


@pytest.mark.parametrize(("origin", "allowed"), [(FRIEND, FRIEND), (STRANGER, None)])
async def test_only_they_read_the_token_of_their_session(
    client: httpx2.AsyncClient, origin: str, allowed: str | None
) -> None:
    answer = await client.get("/api/csrf-token", headers={"origin": origin})
    assert answer.json()["csrfToken"]
    assert answer.headers.get(ALLOWED) == allowed
    assert "Origin" in answer.headers["vary"]


async def test_they_read_why_the_gate_refused_them(client: httpx2.AsyncClient) -> None:
    path = "/trpc/monitoring.health?batch=1"
    headers = {"origin": FRIEND, "idempotency-key": "not for batches"}
    answer = await client.get(path, headers=headers)
    assert (answer.status_code, answer.headers[ALLOWED]) == (400, FRIEND)
    assert "retry-after" in answer.headers["access-control-expose-headers"]
