import asyncio

import pytest

from manciple.kit.errors import NotFound, TimedOut, Unavailable
from manciple.platform.mesh.retries import RetryBudget
from manciple.platform.rpc.client import Asked, Cut, NotReached
from manciple.platform.rpc.procedure import Kind
from tests.unit.platform.mesh.instances import Here, a_line, answering, failing

QUERY = Asked(path="prices.current", kind=Kind.QUERY, text=b"{}")
CHANGE = Asked(path="prices.refresh", kind=Kind.MUTATION, text=b"{}")


async def test_calls_go_round() -> None:
    line, wires, _ = a_line({"a": answering(), "b": answering()})
    for _ in range(4):
        await line.ask(QUERY)
    assert [id_ for id_, _ in wires.asked] == ["a", "b", "a", "b"]


async def test_a_query_that_broke_is_answered_by_another_instance() -> None:
    line, wires, _ = a_line({"a": failing(Cut("a", "broke")), "b": answering(b'"b"')})
    assert await line.ask(QUERY) == b'"b"'
    assert [id_ for id_, _ in wires.asked] == ["a", "b"]


async def test_a_mutation_that_broke_is_not_sent_twice() -> None:
    line, wires, _ = a_line({"a": failing(Cut("a", "broke")), "b": answering()})
    with pytest.raises(Cut):
        await line.ask(CHANGE)
    assert len(wires.asked) == 1


async def test_a_mutation_that_was_not_taken_goes_elsewhere() -> None:
    line, _, _ = a_line({"a": failing(NotReached("a")), "b": answering(b'"b"')})
    assert await line.ask(CHANGE) == b'"b"'


async def test_an_error_of_the_procedure_is_an_answer() -> None:
    line, wires, _ = a_line({"a": failing(NotFound("product", "1")), "b": answering()})
    with pytest.raises(NotFound):
        await line.ask(QUERY)
    assert len(wires.asked) == 1


async def test_a_call_tries_three_instances_at_most() -> None:
    line, wires, _ = a_line({id_: failing(NotReached(id_)) for id_ in "abcde"})
    with pytest.raises(NotReached):
        await line.ask(QUERY)
    assert len(wires.asked) == 3


async def test_retries_end_with_their_budget() -> None:
    line, wires, _ = a_line(
        {"a": failing(Cut("a", "broke")), "b": failing(Cut("b", "broke"))},
        budget=RetryBudget(most=2.0, spare_per_s=0.0),
    )
    for _ in range(4):
        with pytest.raises((Cut, Unavailable)):
            await line.ask(QUERY)
    # Two retries were saved up and 4 × 0.2 earned; the first call's 0.2 was over the most.
    assert len(wires.asked) == 4 + 2


async def test_the_first_failure_stands_where_nobody_else_may_be_asked() -> None:
    line, _, _ = a_line({"a": failing(Cut("a", "broke"))})
    with pytest.raises(Cut):
        await line.ask(QUERY)


async def test_without_any_instance_the_service_is_unavailable() -> None:
    line, _, _ = a_line({})
    with pytest.raises(Unavailable, match="pricing"):
        await line.ask(QUERY)


async def test_an_instance_that_fails_in_a_row_is_left_out() -> None:
    line, wires, _ = a_line({"a": failing(Cut("a", "broke")), "b": answering()})
    for _ in range(12):
        await line.ask(QUERY)
    assert [id_ for id_, _ in wires.asked].count("a") == 3
    (first, _second) = line.states()
    assert (first.id, first.is_ejected, first.failures) == ("a", True, 3)


async def test_an_instance_that_was_left_out_is_tried_again() -> None:
    line, wires, clock = a_line({"a": failing(Cut("a", "broke")), "b": answering()})
    for _ in range(12):
        await line.ask(QUERY)
    wires.answers["a"] = answering()
    clock.turn(100)
    for _ in range(8):
        await line.ask(QUERY)
    assert sorted(id_ for id_, _ in wires.asked[-4:]) == ["a", "a", "b", "b"]


async def test_a_lone_instance_is_never_ejected_but_its_breaker_opens() -> None:
    line, wires, clock = a_line({"a": failing(Cut("a", "broke"))})
    for _ in range(10):
        with pytest.raises((Cut, Unavailable)):
            await line.ask(QUERY)
    assert len(wires.asked) == 5
    (only,) = line.states()
    assert (only.is_ejected, only.breaker) == (False, "open")
    wires.answers["a"] = answering()
    clock.turn(2)
    assert await line.ask(QUERY) == b"1"


async def test_a_query_leaves_half_of_its_time_for_another_instance() -> None:
    late = TimedOut(after_s=5)
    line, wires, clock = a_line({"a": failing(late), "b": answering(b'"b"')})
    wires.answers["a"] = failing(late, clock, 5.0)
    assert await line.ask(QUERY, timeout_s=10) == b'"b"'
    assert wires.timeouts_s == [5.0, 5.0]


async def test_who_speaks_is_told_to_private_doors_only() -> None:
    line, wires, _ = a_line({"a": answering()})
    wires.members = [Here("a", "http://127.0.0.1:3007")]
    await line.ask(QUERY, private={"manciple-introduction": "secret"})
    ((_, asked),) = wires.asked
    assert asked.headers is None


async def test_a_port_that_would_not_know_the_caller_is_not_asked() -> None:
    line, wires, clock = a_line({"a": answering(), "b": answering(), "c": answering()})
    wires.members[1] = Here("b", "http://127.0.0.1:3007")
    for _ in range(6):
        await line.ask(QUERY, private={"manciple-introduction": "secret"})
    assert {id_ for id_, _ in wires.asked} == {"a", "c"}
    wires.answers |= {"a": failing(NotReached("a")), "c": failing(NotReached("c"))}
    clock.turn(1)
    with pytest.raises(NotReached):
        await line.ask(QUERY, private={"manciple-introduction": "secret"})
    assert "b" not in {id_ for id_, _ in wires.asked}


async def test_many_callers_share_one_look_at_the_registry() -> None:
    line, wires, clock = a_line({"a": answering()})
    await asyncio.gather(*(line.ask(QUERY) for _ in range(20)))
    assert wires.looks == 1
    clock.turn(1)
    await line.ask(QUERY)
    assert wires.looks == 2


async def test_a_successor_is_found_as_soon_as_somebody_is_not_reached() -> None:
    line, wires, _ = a_line({"a": answering(), "b": answering(b'"b"')})
    old, new = wires.members
    wires.members = [old]
    await line.ask(QUERY)
    wires.members, wires.answers["a"] = [new], failing(NotReached("a"))
    assert await line.ask(CHANGE) == b'"b"'


async def test_a_call_under_way_ends_before_the_connection_is_closed() -> None:
    line, wires, clock = a_line({"a": answering(b'"a"'), "b": answering(b'"b"')})
    wires.hold = asyncio.Event()
    under_way = asyncio.create_task(line.ask(QUERY))
    await wires.came.wait()
    wires.members = wires.members[1:]
    clock.turn(1)
    second = asyncio.create_task(line.ask(QUERY))
    wires.came.clear()
    await wires.came.wait()
    assert wires.closed == []
    wires.hold.set()
    assert (await under_way, await second) == (b'"a"', b'"b"')
    assert wires.closed == ["a"]
