"""Jobs that failed for good are seen, and tried again, by those who run the house."""

import asyncio
import json
from pathlib import Path

import pytest

from manciple.api import jobs as ask
from manciple.grocery.stores.opening import open_database
from manciple.kit.clock import SystemClock
from manciple.kit.errors import NotFound, Refused
from manciple.platform.jobs.job import NewJob
from manciple.platform.jobs.queue import Queue
from manciple.platform.rpc.procedure import Caller
from tests.asking import an_open_house
from tests.commanding import Command, commands_on

NOW = SystemClock().now()


@pytest.fixture
async def run(tmp_path: Path) -> Command:
    return await commands_on(tmp_path / "grocery.db")


async def leave_dead(path: Path, *queues: str) -> list[int]:
    """A dead job in each queue, by number."""
    database = open_database(path)
    ids = []
    for name in queues:
        new = NewJob(queue=name, kind="k", payload={"secret": "s"}, tenant="ann", max_attempts=1)
        ids.append(await database.write(lambda c, new=new: Queue(c, NOW).add(new)))  # type: ignore[misc]  # a loop's job

        def bury(queue: Queue, name: str = name) -> None:
            (job,) = queue.lease(name, "w", most=1, lease_s=9)
            assert queue.fail(job, "no answer", retry_s=None)

        await database.write(lambda c, bury=bury: bury(Queue(c, NOW)))  # type: ignore[misc]  # a loop's end
    await database.close()
    return ids


def dead(run: Command, *more: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run("jobs", "dead", "--json", *more).stdout)["jobs"]
    return found


def test_what_failed_for_good_is_shown_without_what_it_holds_and_waits_again(
    run: Command, tmp_path: Path
) -> None:
    first, second = asyncio.run(leave_dead(tmp_path / "grocery.db", "nlp", "webhooks"))
    assert [one["jobId"] for one in dead(run)] == [second, first]
    (letter,) = dead(run, "--queue", "nlp")
    assert (letter["error"], letter["tenant"], letter["state"]) == ("no answer", "ann", "dead")
    assert "secret" not in json.dumps(letter)
    assert "no answer" in run("jobs", "dead").stdout

    assert run("jobs", "replay", str(first)).stdout == f"job {first} waits in nlp again\n"
    assert [one["jobId"] for one in dead(run)] == [second]
    with pytest.raises(Refused, match="dead"):
        run("jobs", "replay", str(first))
    with pytest.raises(NotFound):
        run("jobs", "replay", "999")


async def test_of_many_the_newest_come_first_and_a_page_says_where_the_next_begins(
    tmp_path: Path,
) -> None:
    async with an_open_house(tmp_path) as house:
        ids = await leave_dead(house.settings.database.path, "a", "a", "a")
        context = await house.context(Caller(door="cli"))
        page = await ask.dead(context, ask.DeadInput(limit=2))
        assert [one.job_id for one in page.jobs] == ids[:0:-1]
        rest = await ask.dead(context, ask.DeadInput(limit=2, before=page.next))
        assert ([one.job_id for one in rest.jobs], rest.next) == (ids[:1], None)
