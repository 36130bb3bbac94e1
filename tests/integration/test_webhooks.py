"""Events on their way to webhooks, with a clock that is turned and receivers that fail."""

import json
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from manciple.grocery.actions.deliver_webhooks import DeliverWebhooks
from manciple.grocery.actions.keep_webhooks import Changes, KeepWebhooks
from manciple.grocery.domain.webhooks import DeliveryState, Endpoint, Receipt
from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.errors import NotFound, Refused
from manciple.platform.bus.news import Listener
from manciple.platform.bus.webhook_signing import verify
from manciple.platform.security.vault import Vault
from tests.fakes import FakeClock

URL = "https://example.com/hook"
TAKEN = Receipt(status=200, answer="ok")
DOWN = Receipt(problem="cannot be reached")

VAULT = Vault([b"k" * 64])


class Receiver:
    """Answers what it is told to, and remembers what it took."""

    def __init__(self) -> None:
        self.answers = TAKEN
        self.refuses: set[str] = set()
        self.asked: list[tuple[Mapping[str, str], bytes]] = []
        self.taken: list[str] = []

    def trusts(self, _url: str) -> bool:
        return False

    async def examine(self, _url: str) -> None:
        """Everything is fine here."""

    async def send(self, _url: str, *, headers: Mapping[str, str], body: bytes) -> Receipt:
        self.asked.append((headers, body))
        message_id = headers["webhook-id"]
        if self.answers.is_taken and message_id not in self.refuses:
            self.taken.append(message_id)
            return self.answers
        return Receipt(status=400) if message_id in self.refuses else self.answers


class Post:
    """A house with webhooks; `sends` works until nothing is due at this instant."""

    def __init__(self, stores: Stores, clock: FakeClock) -> None:
        self.stores = stores
        self.clock = clock
        self.receiver = Receiver()
        self.webhooks = KeepWebhooks(stores, clock, self.receiver, vault=VAULT, kept=5)
        self.sender = self.a_sender("one")

    def a_sender(self, name: str) -> DeliverWebhooks:
        return DeliverWebhooks(
            self.stores,
            self.clock,
            self.receiver,
            vault=VAULT,
            listen_as=lambda _tx, user: Listener(id=user, user_id=user),
            name=name,
            at_once=4,
            kept=5,
            jitter=lambda: 0.0,
        )

    async def endpoint(self, *channels: str, owner: str = "ann") -> Endpoint:
        return await self.webhooks.create(
            owner, url=URL, channels=channels or ("list.*",), description=""
        )

    async def tell(self, *keys: str, topic: str = "list.created", owner: str | None = None) -> None:
        def work(tx: Transaction) -> None:
            for key in keys:
                tx.outbox.add(topic, {"key": key}, key=key, owner_id=owner)

        await self.stores.write(work)

    async def sends(self, sender: DeliverWebhooks | None = None) -> None:
        sender = sender or self.sender
        while await sender.turn():
            await sender.settle()

    async def passes(self, **time: float) -> None:
        """Time goes by, a minute at a time, and whatever is due is sent."""
        left_s = timedelta(**time).total_seconds()
        while left_s > 0:
            self.clock.turn(min(60, left_s))
            left_s -= 60
            await self.sends()

    @property
    def taken(self) -> list[int]:
        return [int(each.removeprefix("event_")) for each in self.receiver.taken]


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    clock = FakeClock()
    database = open_database(tmp_path / "house.db")
    yield Post(Stores(database, clock), clock)
    await database.close()


async def test_a_receiver_that_fails_for_an_hour_gets_everything_in_order_afterwards(
    post: Post,
) -> None:
    await post.endpoint()
    await post.tell("a", "b")
    await post.sends()
    post.receiver.answers = DOWN
    for minute in range(60):
        await post.tell(f"m{minute}")
        await post.passes(minutes=1)
    assert len(post.taken) == 2
    post.receiver.answers = TAKEN
    await post.passes(hours=3)

    assert post.taken == list(range(1, 63))


async def test_a_receiver_that_comes_back_need_not_wait_if_it_is_tested(post: Post) -> None:
    endpoint = await post.endpoint()
    post.receiver.answers = DOWN
    await post.tell("a", "b")
    await post.passes(hours=1)
    post.receiver.answers = TAKEN
    assert (await post.webhooks.test("ann", endpoint.webhook_id)).is_taken
    await post.sends()

    ping, *events = post.receiver.taken
    assert ping.startswith("ping_")
    assert events == ["event_1", "event_2"]


async def test_what_a_receiver_chokes_on_holds_back_the_rest_until_it_is_skipped(
    post: Post,
) -> None:
    endpoint = await post.endpoint()
    post.receiver.refuses = {"event_2"}
    await post.tell("a", "b", "c")
    await post.passes(minutes=30)
    assert post.taken == [1]
    found = await post.webhooks.get("ann", endpoint.webhook_id)
    assert (found.attempts, found.failing_since is not None) == (3, True)
    await post.webhooks.skip("ann", endpoint.webhook_id)
    await post.sends()

    assert post.taken == [1, 3]
    log = await post.webhooks.deliveries("ann", endpoint.webhook_id, limit=10)
    assert [(one.event_id, one.state.value) for one in log] == [
        (3, "delivered"),
        (2, "skipped"),
        (1, "delivered"),
    ]
    with pytest.raises(Refused):
        await post.webhooks.skip("ann", endpoint.webhook_id)


async def test_after_long_failure_it_is_disabled_with_a_notice_and_goes_on_when_enabled(
    post: Post,
) -> None:
    endpoint = await post.endpoint()
    watcher = await post.endpoint("webhook.*")
    post.receiver.refuses = {"event_1"}
    await post.tell("a", "b")
    await post.passes(days=3, hours=6)
    found = await post.webhooks.get("ann", endpoint.webhook_id)
    assert not found.is_enabled
    assert "10 attempts failed" in (found.disabled_reason or "")
    notice = json.loads(post.receiver.asked[-1][1])
    assert notice["type"] == "webhook.disabled"
    assert notice["data"]["webhookId"] == endpoint.webhook_id
    asked = len(post.receiver.asked)
    await post.passes(days=1)
    assert len(post.receiver.asked) == asked

    post.receiver.refuses = set()
    await post.webhooks.update("ann", endpoint.webhook_id, Changes(is_enabled=True))
    await post.sends()
    assert post.taken == [3, 1, 2]
    await post.webhooks.remove("ann", watcher.webhook_id)


async def test_a_receiver_that_is_gone_is_sent_nothing_more(post: Post) -> None:
    endpoint = await post.endpoint()
    post.receiver.answers = Receipt(status=410)
    await post.tell("a")
    await post.sends()

    found = await post.webhooks.get("ann", endpoint.webhook_id)
    assert found.disabled_reason == "the receiver answered 410 Gone"


async def test_only_what_its_owner_may_hear_is_sent(post: Post) -> None:
    await post.endpoint("*")
    await post.tell("hers", owner="ann")
    await post.tell("his", owner="ben")
    await post.tell("all")
    await post.sends()

    assert post.taken == [1, 3]


async def test_each_endpoint_goes_its_own_way(post: Post) -> None:
    await post.endpoint("list.created")
    await post.endpoint("product.*", owner="ben")
    await post.tell("a")
    await post.tell("b", topic="product.price_change")
    await post.sends()

    assert sorted(post.taken) == [1, 2]


async def test_while_a_secret_is_rotated_messages_verify_with_both(post: Post) -> None:
    before = await post.endpoint()
    after = await post.webhooks.rotate_secret("ann", before.webhook_id)
    await post.tell("a")
    await post.sends()
    headers, body = post.receiver.asked[-1]
    for secret in (before.secret, after.secret):
        verify(headers, body, secret=secret, now=post.clock.now())

    post.clock.turn(24 * 3600 + 1)
    await post.tell("b")
    await post.sends()
    assert len(post.receiver.asked[-1][0]["webhook-signature"].split()) == 1


async def test_a_retry_has_the_same_id_and_body_and_its_own_time(post: Post) -> None:
    await post.endpoint()
    post.receiver.answers = DOWN
    await post.tell("a")
    await post.passes(minutes=2)
    (first, first_body), (second, second_body) = post.receiver.asked

    assert (first["webhook-id"], first_body) == (second["webhook-id"], second_body)
    assert first["webhook-timestamp"] != second["webhook-timestamp"]


async def test_a_delivery_is_made_again_as_it_was_and_changes_nothing_else(post: Post) -> None:
    endpoint = await post.endpoint()
    await post.tell("a", "b")
    await post.sends()
    log = await post.webhooks.deliveries("ann", endpoint.webhook_id, limit=10)
    await post.webhooks.redeliver("ann", log[-1].delivery_id)
    await post.sends()
    await post.tell("c")
    await post.sends()

    assert post.taken == [1, 2, 1, 3]
    assert post.receiver.asked[2][1] == post.receiver.asked[0][1]
    with pytest.raises(NotFound):
        await post.webhooks.redeliver("ben", log[-1].delivery_id)


async def test_the_log_is_bounded_and_can_be_asked_for_one_state(post: Post) -> None:
    endpoint = await post.endpoint()
    await post.tell(*"abcdefgh")
    await post.sends()
    log = await post.webhooks.deliveries("ann", endpoint.webhook_id, limit=10)

    assert [one.event_id for one in log] == [8, 7, 6, 5, 4]
    page = await post.webhooks.deliveries(
        "ann", endpoint.webhook_id, limit=2, before=log[0].delivery_id
    )
    assert [one.event_id for one in page] == [7, 6]
    failed = DeliveryState.FAILED
    assert not await post.webhooks.deliveries("ann", endpoint.webhook_id, limit=2, state=failed)


async def test_what_is_kept_no_more_is_said_as_a_gap(post: Post) -> None:
    await post.endpoint()
    await post.tell("a", "b")
    post.clock.turn(1000)
    await post.tell("c")
    before = post.clock.now() - timedelta(seconds=500)
    await post.stores.write(lambda tx: tx.outbox.forget(before=before, most=100))
    await post.sends()

    told = [json.loads(body) for _, body in post.receiver.asked]
    assert [one["type"] for one in told] == ["events.gap", "list.created"]
    assert told[0]["data"] == {"afterId": "0", "beforeId": "3"}


async def test_of_two_senders_one_sends_and_the_other_takes_over_when_it_dies(post: Post) -> None:
    endpoint = await post.endpoint()
    await post.tell("a", "b")
    until = post.clock.now() + timedelta(seconds=60)
    await post.stores.write(lambda tx: tx.webhooks.claim(endpoint.webhook_id, "dead", until=until))
    await post.sends(post.a_sender("two"))
    assert post.taken == []

    post.clock.turn(61)
    await post.sends(post.a_sender("two"))
    assert post.taken == [1, 2]


async def test_somebody_elses_webhook_is_not_there(post: Post) -> None:
    endpoint = await post.endpoint()
    for work in (
        post.webhooks.get("ben", endpoint.webhook_id),
        post.webhooks.remove("ben", endpoint.webhook_id),
        post.webhooks.rotate_secret("ben", endpoint.webhook_id),
        post.webhooks.deliveries("ben", endpoint.webhook_id, limit=1),
        post.webhooks.test("ben", endpoint.webhook_id),
    ):
        with pytest.raises(NotFound):
            await work


async def test_one_person_has_only_so_many(post: Post) -> None:
    for _ in range(20):
        await post.endpoint()
    with pytest.raises(Refused):
        await post.endpoint()
