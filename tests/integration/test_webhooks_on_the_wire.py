"""Webhooks as people set them up, with a receiver of this machine that verifies what it is sent."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from manciple.kit.clock import SystemClock
from manciple.kit.errors import InvalidInput, NotFound
from manciple.platform.bus.webhook_signing import verify
from manciple.services.guard import LOCAL_USER
from manciple.services.rooms.webhooks import delivering
from manciple.services.settings import load
from manciple.services.wiring import open_house
from tests.asking import ANN, BOB, Client, an_open_house
from tests.commanding import commands_on


class Receiver:
    """A program that takes webhooks over HTTP, and answers what it is told to."""

    def __init__(self) -> None:
        self.port = 0
        self.status = "200 OK"
        self.got: list[tuple[dict[str, str], bytes]] = []

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in head)}
        body = await reader.readexactly(int(headers["content-length"]))
        self.got.append((headers, body))
        writer.write(f"HTTP/1.1 {self.status}\r\nContent-Length: 2\r\n\r\nok".encode())
        await writer.drain()
        writer.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(120):
            while not is_so():  # noqa: ASYNC110 - polls another task's doing, with a bound
                await asyncio.sleep(0.01)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    server = await asyncio.start_server(made.take, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()


@asynccontextmanager
async def a_house_that_sends(folder: Path) -> AsyncIterator[Client]:
    async with an_open_house(folder):
        pass
    given = {"database.path": str(folder / "grocery.db"), "webhooks.allow_loopback": "true"}
    async with open_house(load(given, environ={}).settings) as house, delivering(house):
        yield Client(house)


async def test_a_change_arrives_signed_and_in_order(tmp_path: Path, receiver: Receiver) -> None:
    async with a_house_that_sends(tmp_path) as client:
        local = client.as_(LOCAL_USER)
        made = await local.ask("webhooks.create", url=receiver.url, channels=["list.*"])
        created = await local.ask("createList", name="weekly")
        list_id = created["list"]["id"]
        await local.ask("addToList", listId=list_id, items=[{"text": "milk"}, {"text": "eggs"}])
        await receiver.until(lambda: len(receiver.got) == 3)
        for headers, body in receiver.got:
            verify(headers, body, secret=made["secret"], now=SystemClock().now())
        told = [json.loads(body) for _, body in receiver.got]

        assert [one["type"] for one in told] == [
            "list.created",
            "list.item_added",
            "list.item_added",
        ]
        assert [one["data"].get("name") for one in told[1:]] == ["milk", "eggs"]
        assert all(one["data"]["listId"] == list_id for one in told)


async def test_a_webhook_is_made_changed_tried_and_removed(
    tmp_path: Path, receiver: Receiver
) -> None:
    async with a_house_that_sends(tmp_path) as client:
        made = await client.ask("webhooks.create", url=receiver.url, channels=["list.*"])
        which = {"webhookId": made["webhook"]["webhookId"]}
        assert made["secret"].startswith("whsec_")
        assert "secret" not in await client.ask("webhooks.get", **which)
        changed = await client.ask("webhooks.update", **which, channels=["*"], description="mine")
        assert (changed["channels"], changed["description"]) == (["*"], "mine")
        rotated = await client.ask("webhooks.rotateSecret", **which)
        assert rotated["secret"] != made["secret"]
        assert rotated["webhook"]["oldSecretUntil"] is not None
        said = await client.ask("webhooks.test", **which)
        assert (said["success"], said["status"], said["answer"]) == (True, 200, "ok")
        receiver.status = "500 Broken"
        said = await client.ask("webhooks.test", **which)
        assert (said["success"], said["status"]) == (False, 500)
        log = await client.ask("webhooks.deliveries", **which, limit=1)
        assert (log["deliveries"][0]["state"], log["nextCursor"] is not None) == ("failed", True)
        assert (await client.ask("webhooks.remove", **which))["success"]
        assert (await client.ask("webhooks.list"))["webhooks"] == []


async def test_a_channel_that_hears_no_event_is_refused(tmp_path: Path) -> None:
    async with an_open_house(tmp_path) as house:
        wanted = {"url": "https://example.com/hook", "channels": ["list.*", "product.price"]}
        with pytest.raises(InvalidInput, match=r"no event is called 'product\.price'"):
            await Client(house).ask("webhooks.create", **wanted)


async def test_a_failed_message_is_sent_again_when_asked(
    tmp_path: Path, receiver: Receiver
) -> None:
    async with a_house_that_sends(tmp_path) as client:
        made = await client.ask("webhooks.create", url=receiver.url, channels=["list.*"])
        which = {"webhookId": made["webhook"]["webhookId"]}
        receiver.status = "503 Busy"
        await client.ask("webhooks.test", **which)
        log = await client.ask("webhooks.deliveries", **which)
        receiver.status = "200 OK"
        await client.ask("webhooks.redeliver", deliveryId=log["deliveries"][0]["deliveryId"])
        await receiver.until(lambda: len(receiver.got) == 2)
        (first, first_body), (second, second_body) = receiver.got

        assert (first["webhook-id"], first_body) == (second["webhook-id"], second_body)


async def test_by_default_this_machine_is_not_sent_to(tmp_path: Path, receiver: Receiver) -> None:
    async with an_open_house(tmp_path) as house:
        client = Client(house)
        for url in (receiver.url, f"https://127.0.0.1:{receiver.port}/", "https://[::1]/"):
            with pytest.raises(InvalidInput, match="url"):
                await client.ask("webhooks.create", url=url, channels=["*"])


@pytest.mark.parametrize(
    "procedure", ["get", "update", "remove", "rotateSecret", "deliveries", "skip", "test"]
)
async def test_what_is_anns_is_not_there_for_bob(
    tmp_path: Path, receiver: Receiver, procedure: str
) -> None:
    async with a_house_that_sends(tmp_path) as client:
        made = await client.as_(ANN).ask("webhooks.create", url=receiver.url, channels=["*"])
        with pytest.raises(NotFound):
            await client.as_(BOB).ask(
                f"webhooks.{procedure}", webhookId=made["webhook"]["webhookId"]
            )


async def test_the_commands_set_one_up_and_show_how_it_does(
    tmp_path: Path, receiver: Receiver
) -> None:
    manciple = await commands_on(tmp_path / "house.db")
    here = ("--set", "webhooks.allow_loopback=true", "webhook")

    def run(*arguments: str) -> Any:
        return asyncio.to_thread(manciple, *here, *arguments)

    added = await run("add", receiver.url, "--on", "list.*")
    assert (added.exit_code, "whsec_" in added.output) == (0, True)
    which = added.output.split()[1].rstrip(":")
    assert "taken: 200" in (await run("test", which)).output
    assert "webhook.ping" in (await run("deliveries", which)).output
    assert "disabled by its owner" in (await run("disable", which)).output
    assert "fine" in (await run("enable", which)).output
    assert "the old one signs too until" in (await run("rotate", which)).output
    assert which in (await run("list")).output
    assert "removed" in (await run("remove", which)).output
