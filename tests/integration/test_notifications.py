"""From an event to a message on somebody's phone, with a clock that is turned."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from manciple.grocery.actions.budget import Budget
from manciple.grocery.actions.keep_notices import KeepNotices
from manciple.grocery.actions.notify import QUEUE, Notify
from manciple.grocery.domain.notices import NoticeKind, QuietHours
from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.errors import InvalidInput, NotFound, Refused, Upstream
from manciple.platform.jobs.handlers import Running
from manciple.platform.jobs.job import Job, wait_s
from manciple.platform.jobs.queue import Queue
from manciple.platform.security.vault import Vault
from manciple.services.rooms.notifications import notifying
from manciple.services.settings import load
from manciple.services.wiring import open_house
from tests.asking import ANN, BOB, Client, an_open_house
from tests.commanding import commands_on
from tests.fakes import FakeClock
from tests.message_server import a_message_server

EVENING = datetime(2026, 1, 5, 20, 0, tzinfo=UTC)
_LEASE: dict[str, Any] = {"most": 10, "lease_s": 60.0}
NIGHT = QuietHours(time_zone="UTC", from_minute=22 * 60, until_minute=7 * 60)

VAULT = Vault([b"k" * 64])


@dataclass
class Phone:
    """Takes messages, or does not."""

    is_on: bool = True
    got: list[str] = field(default_factory=list)

    async def examine(self, url: str) -> None:
        if not url.startswith("phone://"):
            raise InvalidInput.at("url", "is no phone")

    async def send(self, _url: str, *, title: str, body: str) -> None:
        if not self.is_on:
            raise Upstream("phone", "did not take the message")
        self.got.append(f"{title}: {body}")


class Told:
    """A house that tells; `passes` lets time go by while the worker works."""

    def __init__(self, stores: Stores, clock: FakeClock) -> None:
        self.stores = stores
        self.clock = clock
        self.phone = Phone()
        self.notices = KeepNotices(stores, clock, self.phone, vault=VAULT)
        self.notify = Notify(stores, clock, self.phone, vault=VAULT)
        self.budget = Budget(stores, clock)

    async def alert(self, owner: str = "ann", *, alert: str = "below") -> None:
        facts = {"name": "Oat Milk", "alert": alert, "price": 2.5, "before": 3.0}
        await self.stores.write(
            lambda tx: tx.outbox.add("product.price_alert", facts, key="p", owner_id=owner)
        )

    async def works(self) -> None:
        """Reads the news and sends what is due at this instant, as a worker does."""
        await self.notify.turn()
        while jobs := await self.stores.write(lambda tx: _queue(tx).lease(QUEUE, "w", **_LEASE)):
            for job in jobs:
                await self.work_on(job)

    async def work_on(self, job: Job) -> None:
        try:
            effect = await self.notify.send(Running(job))
        except Upstream as error:
            retry_s = None if job.is_last_attempt else wait_s(job.attempt, jitter=0)
            text = str(error)

            def fail(tx: Transaction) -> None:
                _queue(tx).fail(job, text, retry_s=retry_s)
                if retry_s is None:
                    self.notify.gone(tx, job, text)

            await self.stores.write(fail)
        else:
            await self.stores.write(lambda tx: (effect(tx), _queue(tx).finish(job)))

    async def passes(self, seconds: float) -> None:
        self.clock.turn(seconds)
        await self.works()


def _queue(tx: Transaction) -> Queue:
    return Queue(tx.connection, tx.now)


@pytest.fixture
async def told(tmp_path: Path) -> AsyncIterator[Told]:
    clock = FakeClock(EVENING)
    database = open_database(tmp_path / "house.db")
    yield Told(Stores(database, clock), clock)
    await database.close()


async def test_who_watches_is_told_once_and_nobody_else(told: Told) -> None:
    await told.alert()
    await told.notices.add("ann", url="phone://ann", name=None, kinds=None)
    await told.notices.add("ben", url="phone://ben", name=None, kinds=None)
    await told.alert()
    await told.works()
    await told.works()

    # Only what happened after somebody wanted to be told.
    assert told.phone.got == ["Price drop: Oat Milk costs $2.50, at or below your $3.00."]


async def test_two_processes_that_read_the_news_tell_them_once(told: Told) -> None:
    await told.notices.add("ann", url="phone://ann", name=None, kinds=None)
    other = Notify(told.stores, told.clock, told.phone, vault=VAULT)
    for _ in range(3):
        await told.alert()
        await asyncio.gather(told.notify.turn(), other.turn())
    await told.works()

    assert len(told.phone.got) == 3


async def test_in_quiet_hours_nothing_is_told_and_everything_after(told: Told) -> None:
    await told.notices.add("ann", url="phone://ann", name=None, kinds=None)
    await told.notices.set_hours("ann", NIGHT)
    await told.passes(3 * 3600)
    await told.alert()
    await told.works()
    await told.passes(7 * 3600)
    assert told.phone.got == []
    await told.passes(3600 + 1)

    assert len(told.phone.got) == 1


async def test_quiet_hours_that_are_set_later_hold_back_what_waits(told: Told) -> None:
    await told.notices.add("ann", url="phone://ann", name=None, kinds=None)
    told.phone.is_on = False
    await told.alert()
    await told.works()
    told.phone.is_on = True
    await told.notices.set_hours("ann", NIGHT)
    await told.passes(3 * 3600)
    assert told.phone.got == []
    await told.passes(9 * 3600)

    assert len(told.phone.got) == 1


async def test_a_service_that_fails_is_asked_again_and_gets_it_once(told: Told) -> None:
    made = await told.notices.add("ann", url="phone://ann", name=None, kinds=None)
    told.phone.is_on = False
    await told.alert()
    for _ in range(3):
        await told.passes(600)
    told.phone.is_on = True
    await told.passes(3600)
    await told.passes(3600)

    assert len(told.phone.got) == 1
    (kept,), _ = await told.notices.all("ann")
    assert (kept.target_id, kept.last_problem) == (made.target_id, None)
    assert kept.last_told_at is not None


async def test_a_target_that_never_takes_anything_says_so(told: Told) -> None:
    await told.notices.add("ann", url="phone://ann", name=None, kinds=None)
    told.phone.is_on = False
    await told.alert()
    for _ in range(20):
        await told.passes(3601)

    (kept,), _ = await told.notices.all("ann")
    assert "did not take" in (kept.last_problem or "")


async def test_each_target_is_told_only_the_kinds_that_it_is_for(told: Told) -> None:
    kinds = [NoticeKind.BACK_IN_STOCK]
    made = await told.notices.add("ann", url="phone://ann", name="mine", kinds=kinds)
    await told.alert()
    await told.alert(alert="back_in_stock")
    await told.works()
    assert [line.partition(":")[0] for line in told.phone.got] == ["Back in stock"]
    await told.notices.remove("ann", made.target_id)
    await told.alert(alert="back_in_stock")
    await told.works()

    assert len(told.phone.got) == 1


async def test_the_household_hears_of_a_shared_list_and_who_shared_it_does_not(told: Told) -> None:
    def share(tx: Any) -> None:
        for who in ("ann", "ben"):
            tx.users.ensure(who, display_name=who)
        tx.users.add_household("home", "Home", owner_id="ann")
        tx.households.admit("home", "ben", "member")
        facts = {"listId": "l", "userId": "ann", "householdId": "home", "isShared": True}
        tx.outbox.add("list.shared", facts, key="l", household_id="home", owner_id="ann")

    for who in ("ann", "ben"):
        await told.notices.add(who, url=f"phone://{who}", name=None, kinds=None)
    await told.stores.write(share)
    await told.works()

    assert [line.partition(":")[0] for line in told.phone.got] == ["A list is shared with you"]


async def test_a_budget_that_trembles_around_its_limit_is_told_once(told: Told) -> None:
    await told.notices.add("ann", url="phone://ann", name=None, kinds=None)
    await told.budget.set_envelope("ann", category=None, month=None, limit_cents=10_000)
    spend = {"category": None, "month": None, "note": None}
    for cents in (9_000, 2_000, -1_500, 1_500, -6_000, 6_000):
        await told.budget.spend("ann", cents=cents, **spend)
    await told.works()

    # 110 tells; 95 and 110 again does not; 50 is room again, so that 110 tells once more.
    assert (
        told.phone.got
        == [
            "Budget crossed: The budget for everything in 2026-01 is crossed: $110.00 of $100.00.",
        ]
        * 2
    )


async def test_somebody_elses_target_is_not_there(told: Told) -> None:
    made = await told.notices.add("ann", url="phone://ann", name=None, kinds=None)
    for work in (
        told.notices.remove("ben", made.target_id),
        told.notices.test("ben", made.target_id),
        told.notices.update("ben", made.target_id, name="x", kinds=None),
    ):
        with pytest.raises(NotFound):
            await work
    for _ in range(9):
        await told.notices.add("ann", url="phone://ann", name=None, kinds=None)
    with pytest.raises(Refused):
        await told.notices.add("ann", url="phone://ann", name=None, kinds=None)


async def test_a_house_that_runs_tells_by_itself(tmp_path: Path) -> None:
    async with an_open_house(tmp_path):
        pass
    given = {
        "database.path": str(tmp_path / "grocery.db"),
        "notifications.allow_inside": "true",
    }
    settings = load(given, environ={}).settings
    async with a_message_server() as (url, got), open_house(settings) as house, notifying(house):
        client = Client(house)
        made = await client.ask("notifications.addTarget", url=url)
        said = await client.ask("notifications.test", targetId=made["targetId"])
        assert said == {"success": True, "problem": None}
        await client.ask("budgets.setEnvelope", limit=10)
        await client.ask("budgets.spend", amount=11)
        async with asyncio.timeout(120):
            while len(got) < 2:  # noqa: ASYNC110 - polls another task's doing, with a bound
                await asyncio.sleep(0.01)

    assert b"is crossed: $11.00 of $10.00" in got[1]


async def test_on_the_wire_the_address_comes_in_and_never_goes_out(tmp_path: Path) -> None:
    secret = "tgram://123456789:abcdefg_hijklmnop/12315544/"
    async with an_open_house(tmp_path) as house:
        client = Client(house)
        made = await client.as_(ANN).ask(
            "notifications.addTarget", url=secret, kinds=["price_drop"]
        )
        assert (made["url"], made["kinds"]) == ("tgram://…", ["price_drop"])
        hours = {"timeZone": "America/Chicago", "fromTime": "22:00", "untilTime": "07:00"}
        assert await client.ask("notifications.setQuietHours", **hours) == hours
        found = await client.ask("notifications.list")
        assert "abcdefg" not in str(found)
        assert found["quietHours"] == hours
        which = {"targetId": made["targetId"]}
        changed = await client.ask("notifications.updateTarget", **which, name="phone")
        assert changed["name"] == "phone"
        with pytest.raises(NotFound):
            await client.as_(BOB).ask("notifications.removeTarget", **which)
        assert (await client.ask("notifications.removeTarget", **which))["success"]
        for wrong in ("nonsense", "https://example.com/"):
            with pytest.raises(InvalidInput, match="url"):
                await client.ask("notifications.addTarget", url=wrong)


async def test_the_commands_say_where_and_when_and_show_no_secret(tmp_path: Path) -> None:
    manciple = await commands_on(tmp_path / "house.db")

    def run(*arguments: str) -> Any:
        return asyncio.to_thread(manciple, "notify", *arguments)

    secret = "tgram://123456789:abcdefg_hijklmnop/12315544/"
    added = await run("add", secret, "--name", "phone", "--kind", "price_drop")
    assert (added.exit_code, "abcdefg" in added.output) == (0, False)
    which = added.output.partition(":")[0]
    said = await run("quiet", "22:00", "07:00", "America/Chicago")
    assert "quiet from 22:00 to 07:00, America/Chicago" in said.output
    shown = (await run("list")).output
    assert ("phone" in shown, "price_drop" in shown, "abcdefg" in shown) == (True, True, False)
    assert "22:00" in shown
    assert f"removed {which}" in (await run("remove", which)).output
