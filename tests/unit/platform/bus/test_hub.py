from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.kit.errors import InvalidInput, TooMany
from manciple.platform.bus.hub import Hub
from manciple.platform.bus.news import Event, Lagged, Listener
from manciple.platform.bus.topics import covers

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def event(number: int, topic: str = "list.item_added", **more: object) -> Event:
    facts = {"id": number, "topic": topic, "key": "k", "body": b"{}", "at": NOON}
    return Event(**(facts | more))  # type: ignore[arg-type]  # a test's shorthand


def hub_with(*ids: str, max_waiting: int = 100, pattern: str = "*") -> Hub:
    hub = Hub(max_waiting=max_waiting)
    for id_ in ids:
        hub.join(Listener(id=id_))
        hub.subscribe(id_, [pattern])
    return hub


def ids(hub: Hub, listener: str) -> list[int]:
    return [taken.id for taken in hub.take(listener)[1]]


def test_an_event_reaches_who_subscribed_and_nobody_else() -> None:
    hub = hub_with("a")
    hub.join(Listener(id="b"))
    hub.subscribe("b", ["product.*"])

    assert hub.publish(event(1)).woken == ["a"]
    assert (ids(hub, "a"), ids(hub, "b")) == ([1], [])


def test_two_patterns_that_both_hear_give_one_event() -> None:
    hub = hub_with("a")
    hub.subscribe("a", ["list.*", "list.item_added"])
    hub.publish(event(1))

    assert ids(hub, "a") == [1]


def test_only_a_sleeper_is_woken() -> None:
    hub = hub_with("a")

    assert hub.publish(event(1)).woken == ["a"]
    assert hub.publish(event(2)).woken == []


def test_the_newest_price_takes_the_place_of_the_older() -> None:
    hub = hub_with("a")
    for number, key in enumerate(["milk", "eggs", "milk", "milk"], start=1):
        hub.publish(event(number, "product.price_change", key=key, is_state=True))

    assert ids(hub, "a") == [2, 4]


def test_a_slow_listener_is_told_what_it_missed_and_harms_nobody() -> None:
    hub = hub_with("slow", "fast", max_waiting=3)
    seen: list[int] = []
    for number in range(1, 11):
        hub.publish(event(number))
        seen += ids(hub, "fast")
    lagged, left = hub.take("slow")

    assert seen == list(range(1, 11))
    assert lagged == Lagged(missed=7, last_missed_id=7)
    assert [one.id for one in left] == [8, 9, 10]
    assert hub.take("slow") == (None, [])


def test_a_households_news_stays_in_the_household() -> None:
    hub = Hub()
    hub.join(Listener(id="in", user_id="u", households=frozenset({"h"})))
    hub.join(Listener(id="out", user_id="v", households=frozenset({"g"})))
    hub.join(Listener(id="owner", user_id="o"))
    hub.join(Listener(id="admin", hears_all=True))
    for id_ in ("in", "out", "owner", "admin"):
        hub.subscribe(id_, ["*"])
    hub.publish(event(1, household_id="h"))
    hub.publish(event(2, owner_id="o"))
    hub.publish(event(3))

    assert [ids(hub, who) for who in ("in", "out", "owner", "admin")] == [
        [1, 3],
        [3],
        [2, 3],
        [1, 2, 3],
    ]


def test_a_topic_that_needs_a_grant_is_not_heard_without_it() -> None:
    hub = Hub()
    hub.join(Listener(id="a", may_hear=lambda topic: not topic.startswith("system.")))
    hub.subscribe("a", ["*"])
    hub.publish(event(1, "system.error"))
    hub.publish(event(2))

    assert ids(hub, "a") == [2]


def test_who_left_hears_nothing() -> None:
    hub = hub_with("a")
    hub.leave("a")

    assert hub.publish(event(1)).woken == []
    assert len(hub) == 0


def test_a_million_channels_are_refused_before_they_cost_memory() -> None:
    hub = hub_with("a")

    with pytest.raises(TooMany):
        hub.subscribe("a", (f"c.{n}" for n in range(1_000_000)))
    assert hub.patterns("a") == {"*"}


def test_of_several_patterns_all_are_added_or_none() -> None:
    hub = hub_with("a")

    with pytest.raises(InvalidInput):
        hub.subscribe("a", ["list.*", "no way"])
    assert hub.patterns("a") == {"*"}


@given(
    st.lists(st.sampled_from(["list.item_added", "list.shared", "job.done"]), max_size=80),
    st.lists(st.integers(0, 30), max_size=80),
)
def test_below_its_bound_the_hub_neither_loses_nor_doubles(
    topics: list[str], takes: list[int]
) -> None:
    hub = hub_with("a", pattern="list.*")
    seen: list[int] = []
    for number, topic in enumerate(topics):
        hub.publish(event(number, topic))
        if number < len(takes) and takes[number] % 3 == 0:
            seen += [one.id for one in hub.take("a", most=takes[number])[1]]
    seen += ids(hub, "a")

    assert seen == [n for n, topic in enumerate(topics) if covers("list.*", topic)]


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.booleans()), max_size=60), st.integers(1, 8))
def test_what_is_taken_is_in_order_and_ends_with_the_newest_of_each_state(
    told: list[tuple[str, bool]], bound: int
) -> None:
    hub = hub_with("a", max_waiting=bound)
    for number, (key, is_state) in enumerate(told):
        hub.publish(event(number, "product.stock", key=key, is_state=is_state))
    lagged, taken = hub.take("a")

    assert [one.id for one in taken] == sorted(one.id for one in taken)
    assert len(taken) <= bound
    if told:
        assert taken[-1].id == len(told) - 1
    if lagged is None:
        newest = {key: n for n, (key, is_state) in enumerate(told) if is_state}
        assert {one.key: one.id for one in taken if one.is_state} == newest


_TOLD = st.tuples(
    st.sampled_from(["list.item_added", "product.price_change"]),
    st.sampled_from("xy"),
    st.booleans(),
    st.sampled_from([None, "ann", "ben"]),
)


@given(st.lists(st.lists(_TOLD, max_size=8), max_size=8), st.lists(st.booleans(), max_size=8))
def test_events_told_together_are_heard_as_if_told_one_by_one(
    bursts: list[list[tuple[str, str, bool, str | None]]], takes: list[bool]
) -> None:
    together, alone = Hub(max_waiting=5), Hub(max_waiting=5)
    for hub in (together, alone):
        for who in ("ann", "ben", "eve"):
            hub.join(Listener(id=who, user_id=who))
            hub.subscribe(who, ["*"])
    number = 0
    for turn, burst in enumerate(bursts):
        events = []
        for topic, key, is_state, owner in burst:
            number += 1
            events.append(event(number, topic, key=key, is_state=is_state, owner_id=owner))
        together.publish(*events)
        for one in events:
            alone.publish(one)
        if turn < len(takes) and takes[turn]:
            assert together.take("ann") == alone.take("ann")

    assert [together.take(who) for who in ("ann", "ben", "eve")] == [
        alone.take(who) for who in ("ann", "ben", "eve")
    ]


def test_listeners_that_hear_the_same_share_one_batch() -> None:
    hub = hub_with("a", "b")
    hub.publish(event(1), event(2))
    batch = hub.take_batch("a")

    assert batch is not None
    assert batch is hub.take_batch("b")
    assert hub.take_batch("a") is None


def test_who_is_served_is_handed_what_it_hears_and_nothing_waits() -> None:
    hub = hub_with("a", "b")

    assert hub.serve("a", 7)
    told = hub.publish(event(1), event(2))

    assert [(one.served, [e.id for e in one.batch.events]) for one in told.handouts] == [
        ({"a": 7}, [1, 2])
    ]
    assert told.woken == ["b"]
    assert (hub.waiting("a"), ids(hub, "b")) == (0, [1, 2])


def test_who_comes_or_goes_is_in_the_next_row_or_is_not() -> None:
    hub = hub_with("a", "b", "c")
    for handle, who in enumerate("ab"):
        hub.serve(who, handle)
    hub.publish(event(1))
    hub.take("c")
    hub.serve("c", 2)
    hub.leave("a")
    hub.hold("b")

    assert list(hub.publish(event(2)).handouts[0].row) == [2]


def test_for_whom_something_waits_is_not_served_past_it() -> None:
    hub = hub_with("a")
    hub.publish(event(1))

    assert not hub.serve("a", 7)
    assert ids(hub, "a") == [1]
    assert hub.serve("a", 7)


def test_listeners_of_two_dialects_share_no_batch() -> None:
    hub = Hub()
    for id_, dialect in (("a", ""), ("b", "cloud")):
        hub.join(Listener(id=id_, dialect=dialect))
        hub.subscribe(id_, ["*"])
        hub.serve(id_, 1)

    assert {one.dialect: set(one.served) for one in hub.publish(event(1)).handouts} == {
        "": {"a"},
        "cloud": {"b"},
    }


def test_the_figures_count_what_was_given_replaced_and_let_go() -> None:
    hub = hub_with("fast", "slow", max_waiting=2)
    hub.serve("fast", 1)
    for number in range(1, 5):
        hub.publish(event(number))
    hub.publish(event(5, key="x", is_state=True), event(6, key="x", is_state=True))

    assert hub.depths() == (2, 2)
    hub.take("slow")
    assert (hub.figures.delivered, hub.figures.lagged) == (4 + 1 + 2, 3)
    assert hub.figures.coalesced == 2


_STEPS = st.lists(
    st.one_of(
        st.lists(_TOLD, min_size=1, max_size=6),
        st.tuples(st.sampled_from(["serve", "hold", "take"]), st.sampled_from(["ann", "ben"])),
    ),
    max_size=20,
)


class TwoWhoListen:
    """Ann and Ben at one hub: what each was given, and what was meant for each."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.heard: dict[str, list[int]] = {"ann": [], "ben": []}
        self.meant: dict[str, list[int]] = {"ann": [], "ben": []}
        self._newest = 0
        for who in self.heard:
            self.hub.join(Listener(id=who, user_id=who, wants_each=True))
            self.hub.subscribe(who, ["*"])

    def do(self, verb: str, who: str) -> None:
        if verb == "take":
            self.heard[who] += ids(self.hub, who)
        elif verb == "hold":
            self.hub.hold(who)
        else:
            self.hub.serve(who, ord(who[0]))

    def tell(self, burst: list[tuple[str, str, bool, str | None]]) -> None:
        events = []
        for topic, key, is_state, owner in burst:
            self._newest += 1
            more = {"key": key, "is_state": is_state, "owner_id": owner}
            events.append(event(self._newest, topic, **more))
            for who in self.meant if owner is None else [owner]:
                self.meant[who].append(self._newest)
        for handout in self.hub.publish(*events).handouts:
            served = handout.ids(handout.row)
            assert len(served) == len(handout.row)
            for who in served.values():
                self.heard[who] += [one.id for one in handout.batch.events]


@given(_STEPS)
def test_who_is_served_on_and_off_hears_each_event_once_and_in_order(steps: list[object]) -> None:
    two = TwoWhoListen()
    for step in steps:
        if isinstance(step, tuple):
            two.do(*step)
        elif isinstance(step, list):
            two.tell(step)
    for who in two.heard:
        two.do("take", who)

    assert two.heard == two.meant
