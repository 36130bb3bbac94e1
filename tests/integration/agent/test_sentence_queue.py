"""Sentences in the durable queue: understood, told, judged twice, erased."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from manciple.kit.errors import InvalidInput, NotFound
from manciple.services.house import House
from manciple.services.nlp_queue import queue_of
from manciple.services.settings import load
from manciple.services.wiring import open_house
from tests.asking import BOB, Client, an_open_house
from tests.fakes import FakeClock
from tests.model_server import a_model_server


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with an_open_house(tmp_path) as opened:
        yield opened


async def ended(client: Client, job_id: int) -> Any:
    async with asyncio.timeout(120):
        while True:
            job = await client.ask("groceryNLPQueue.status", jobId=job_id)
            if job["state"] not in ("waiting", "running"):
                return job
            await asyncio.sleep(0.01)


async def events(house: House, topic: str) -> list[Any]:
    entries = await house.stores.read(lambda tx: tx.outbox.after(0, limit=1000))
    return [one for one in entries if one.topic == f"grocery-nlp.{topic}"]


async def processed(client: Client, house: House, **wanted: Any) -> Any:
    queued = await client.ask("groceryNLPQueue.processQuery", **wanted)
    async with queue_of(house).running():
        return await ended(client, queued["jobId"])


async def test_a_sentence_is_understood_and_told(house: House) -> None:
    ann = Client(house)
    job = await processed(ann, house, query="what is the price of milk")

    assert (job["state"], job["result"]["intents"]) == ("done", ["price_check"])
    (told,) = await events(house, "result")
    assert (told.owner_id, told.key) == ("ann", str(job["jobId"]))
    assert b'"userId":"ann"' in told.payload
    assert len(await events(house, "processing")) == 1
    (kept,) = (await ann.ask("groceryNLPQueue.history"))["intents"]
    assert (kept["detectedIntent"], kept["modelUsed"]) == ("price_check", "embedded")
    figures = await ann.ask("groceryNLPQueue.metrics")
    assert (figures["done"], figures["waiting"], figures["measured"]) == (1, 0, 1)


async def test_jobs_wait_in_their_order_and_can_be_canceled(house: House) -> None:
    ann = Client(house)
    late, soon = [
        (await ann.ask("groceryNLPQueue.processQuery", query="hi", priority=p))["jobId"]
        for p in (0, 5)
    ]
    assert (await ann.ask("groceryNLPQueue.position", jobId=late))["position"] == 1
    assert (await ann.ask("groceryNLPQueue.position", jobId=soon))["position"] == 0
    assert (await ann.ask("groceryNLPQueue.cancel", jobId=late))["state"] == "canceled"
    assert (await ann.ask("groceryNLPQueue.position", jobId=late))["position"] is None


async def test_somebody_elses_job_does_not_exist(house: House) -> None:
    ann = Client(house)
    queued = await ann.ask("groceryNLPQueue.processQuery", query="hi")
    for verb in ("status", "position", "cancel"):
        with pytest.raises(NotFound):
            await ann.as_(BOB).ask(f"groceryNLPQueue.{verb}", jobId=queued["jobId"])


async def test_an_erased_history_is_gone_with_its_jobs(house: House) -> None:
    ann = Client(house)
    job = await processed(ann, house, query="my secret wish is milk")
    await ann.ask("groceryNLPQueue.processQuery", query="and another")
    assert (await ann.ask("groceryNLPQueue.eraseHistory"))["erased"] == 2
    assert (await ann.ask("groceryNLPQueue.history"))["count"] == 0
    with pytest.raises(NotFound):
        await ann.ask("groceryNLPQueue.status", jobId=job["jobId"])


async def test_sentences_older_than_the_retention_are_forgotten(tmp_path: Path) -> None:
    clock = FakeClock()
    async with an_open_house(tmp_path, clock) as house:
        ann = Client(house)
        await ann.ask("groceryNLPQueue.processQuery", query="milk")
        keep = timedelta(days=30)
        clock.turn(29 * 86_400)
        assert await house.understand.tidy(keep=keep) == 0
        clock.turn(2 * 86_400)
        assert await house.understand.tidy(keep=keep) == 1
        assert (await ann.ask("groceryNLPQueue.history"))["count"] == 0


async def test_an_empty_sentence_is_wrong_input(house: House) -> None:
    with pytest.raises(InvalidInput):
        await house.understand.process_query("ann", "   ")


@asynccontextmanager
async def with_a_model(folder: Path, port: int) -> AsyncIterator[House]:
    path = folder / "grocery.db"
    async with an_open_house(folder):
        pass
    told = {
        "database.path": str(path),
        "language_model.enabled": "true",
        "language_model.base_url": f"http://127.0.0.1:{port}",
        "language_model.timeout_s": "60",
    }
    async with open_house(load(told, environ={}).settings) as opened:
        yield opened


@pytest.mark.parametrize(
    ("says", "intent", "rule"),
    [
        ('{"intents":["price_check"]}', "price_check", "agreed"),
        ('{"intents":["smalltalk"]}', "price_check", "embedded_sure"),
        ('{"intents":["rob_a_bank"]}', "price_check", "model_failed"),
        ("no json at all", "price_check", "model_failed"),
    ],
)
async def test_a_second_opinion_is_settled_by_rule_and_kept(
    tmp_path: Path, says: str, intent: str, rule: str
) -> None:
    async with a_model_server() as (server, port), with_a_model(tmp_path, port) as house:
        server.says = says
        ann = Client(house)
        job = await processed(ann, house, query="how much is milk", secondOpinion=True)
        (kept,) = (await ann.ask("groceryNLPQueue.history"))["intents"]

    assert (job["result"]["intents"], job["result"]["secondOpinion"]["rule"]) == ([intent], rule)
    assert kept["secondOpinion"]["model"] == "qwen3:0.6b"


async def test_a_model_that_is_down_leaves_the_embedded_answer(tmp_path: Path) -> None:
    async with a_model_server() as (server, port), with_a_model(tmp_path, port) as house:
        server.mood = "down"
        job = await processed(Client(house), house, query="how much is milk", secondOpinion=True)

    assert (job["state"], job["result"]["source"]) == ("done", "embedded")
    assert job["result"]["secondOpinion"]["rule"] == "model_failed"


async def test_a_sure_sentence_is_not_sent_anywhere_unasked(tmp_path: Path) -> None:
    async with a_model_server() as (server, port), with_a_model(tmp_path, port) as house:
        await processed(Client(house), house, query="what is the price of milk")

    assert server.asked == []
