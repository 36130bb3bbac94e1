from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TypeVar

import msgspec
import pytest

from manciple.grocery.stores.opening import open_database_in_memory
from manciple.kit.errors import InvalidInput, NotFound, Refused
from manciple.platform.db.database import Database
from manciple.platform.jobs.clockwork import Clockwork
from manciple.platform.jobs.desk import Desk
from manciple.platform.jobs.job import MAX_PAYLOAD_BYTES, Job, NewJob, State
from manciple.platform.jobs.queue import Queue
from tests.fakes import FakeClock

T = TypeVar("T")


class Bench:
    """A queue at a clock that a test turns."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = FakeClock()

    def do(self, work: Callable[[Queue], T]) -> T:
        return self.database.write_here(lambda c: work(Queue(c, self.clock.now())))

    def ask(self, work: Callable[[Desk], T], tenant: str | None = None) -> T:
        return self.database.write_here(lambda c: work(Desk(c, self.clock.now(), tenant=tenant)))

    def add(self, kind: str = "k", **more: object) -> int:
        new = NewJob(queue="q", kind=kind, **more)  # type: ignore[arg-type]  # a test's shorthand
        return self.do(lambda q: q.add(new))

    def lease(self, most: int = 10, worker: str = "w", at_once: int | None = None) -> list[Job]:
        return self.do(lambda q: q.lease("q", worker, most=most, lease_s=9, at_once=at_once))

    def state(self, job_id: int) -> State:
        return self.ask(lambda d: d.status(job_id)).state


@pytest.fixture
def bench() -> Iterator[Bench]:
    database = open_database_in_memory()
    yield Bench(database)
    database.close_here()


def test_a_job_is_leased_once(bench: Bench) -> None:
    first = bench.add(payload={"a": 1})

    assert [(job.id, job.payload, job.attempt) for job in bench.lease()] == [(first, b'{"a":1}', 1)]
    assert bench.lease() == []


def test_a_job_waits_for_its_delay(bench: Bench) -> None:
    bench.add(delay_s=10)

    assert bench.lease() == []
    bench.clock.turn(10)
    assert len(bench.lease()) == 1


def test_many_jobs_keep_their_order_and_their_words(bench: Bench) -> None:
    payloads = [
        "plain",
        'quotes " and \\',
        "line\n",
        "\u00e4 \U0001f95b",
        None,
        [1.5, {"a": "\x00"}],
    ]
    ids = bench.do(lambda q: q.add_many([NewJob(queue="q", kind="k", payload=p) for p in payloads]))
    leased = bench.lease()

    assert ids == sorted(ids) == [job.id for job in leased]
    assert [msgspec.json.decode(job.payload) for job in leased] == payloads
    assert bench.do(lambda q: q.finish_many([(job, job.payload.decode()) for job in leased])) == 6
    results = [bench.ask(lambda d, id_=id_: d.status(id_)).result for id_ in ids]  # type: ignore[misc]  # a default binds
    assert [msgspec.json.decode(msgspec.json.decode(one or b"")) for one in results] == payloads


def test_every_tenant_gets_its_turn(bench: Bench) -> None:
    for tenant in ("anna", "anna", "anna", "ben"):
        bench.add(tenant=tenant)

    assert [job.tenant for job in bench.lease(most=2)] == ["anna", "ben"]


def test_higher_priority_goes_first(bench: Bench) -> None:
    ids = [bench.add(priority=priority) for priority in (0, 5, 1)]

    assert [job.id for job in bench.lease()] == [ids[1], ids[2], ids[0]]


def test_of_a_unique_key_one_job_lives_at_a_time(bench: Bench) -> None:
    first = bench.add(unique_key="u")

    assert bench.add(unique_key="u") == first
    (job,) = bench.lease()
    assert bench.add(unique_key="u") == first
    bench.do(lambda q: q.finish(job, "done"))
    assert bench.add(unique_key="u") != first


def test_no_more_run_at_once_than_the_queue_allows(bench: Bench) -> None:
    for _ in range(5):
        bench.add()

    assert len(bench.lease(at_once=2)) == 2
    assert bench.lease(at_once=2, worker="other") == []


def test_a_failed_job_returns_after_its_wait_and_dies_in_the_end(bench: Bench) -> None:
    job_id = bench.add(max_attempts=2)
    (job,) = bench.lease()
    bench.do(lambda q: q.fail(job, "no", retry_s=4))

    assert bench.lease() == []
    bench.clock.turn(4)
    (again,) = bench.lease()
    assert again.is_last_attempt
    bench.do(lambda q: q.fail(again, "no", retry_s=None))
    assert bench.state(job_id) is State.DEAD


def test_a_dead_workers_job_returns_by_itself(bench: Bench) -> None:
    bench.add()
    (lost,) = bench.lease(worker="killed")
    bench.clock.turn(10)

    assert bench.do(lambda q: q.expire()) == 1
    (found,) = bench.lease(worker="alive")
    assert (found.id, found.attempt) == (lost.id, 2)
    assert not bench.do(lambda q: q.finish(lost, "late"))
    assert bench.do(lambda q: q.finish(found, "right"))
    assert bench.ask(lambda d: d.status(found.id)).result == b'"right"'


def test_renewing_keeps_a_job_and_hears_of_its_end(bench: Bench) -> None:
    job_id = bench.add()
    bench.lease()
    for _ in range(5):
        bench.clock.turn(8)
        assert bench.do(lambda q: q.renew("w", [job_id], lease_s=9)) == {job_id: False}
        assert bench.do(lambda q: q.expire()) == 0
    bench.ask(lambda d: d.cancel(job_id))
    assert bench.do(lambda q: q.renew("w", [job_id], lease_s=9)) == {job_id: True}


def test_canceling_ends_a_waiting_job_at_once(bench: Bench) -> None:
    job_id = bench.add()

    assert bench.ask(lambda d: d.cancel(job_id)).state is State.CANCELED
    assert bench.lease() == []


def test_a_released_job_keeps_its_attempts(bench: Bench) -> None:
    bench.add()
    (job,) = bench.lease()
    bench.do(lambda q: q.release(job, is_canceled=False))

    assert bench.lease()[0].attempt == 1


def test_a_dead_job_can_be_replayed_and_no_other(bench: Bench) -> None:
    job_id = bench.add(max_attempts=1)
    (job,) = bench.lease()
    with pytest.raises(Refused):
        bench.ask(lambda d: d.replay(job_id))
    bench.do(lambda q: q.fail(job, "no", retry_s=None))

    assert bench.ask(lambda d: d.replay(job_id)).state is State.WAITING
    assert bench.lease()[0].attempt == 1


def test_a_position_counts_who_starts_before(bench: Bench) -> None:
    ids = [bench.add(), bench.add(), bench.add(priority=1)]

    positions = [bench.ask(lambda d, id_=id_: d.position(id_)) for id_ in ids]  # type: ignore[misc]  # a default binds
    assert positions == [1, 2, 0]


def test_somebody_elses_job_is_not_found(bench: Bench) -> None:
    job_id = bench.add(tenant="anna")

    with pytest.raises(NotFound):
        bench.ask(lambda d: d.status(job_id), tenant="ben")
    assert bench.ask(lambda d: d.history("q", most=5), tenant="ben") == []


def test_counts_name_every_state(bench: Bench) -> None:
    bench.add()
    bench.add()
    (job, _) = bench.lease(most=2)
    bench.do(lambda q: q.finish(job))

    counts = bench.ask(lambda d: d.counts("q"))
    assert set(counts) == set(State)
    assert (counts[State.DONE], counts[State.RUNNING]) == (1, 1)


def test_ended_jobs_are_forgotten_after_their_time(bench: Bench) -> None:
    bench.add()
    (job,) = bench.lease()
    bench.do(lambda q: q.finish(job))
    bench.clock.turn(100)
    since = bench.clock.now() - timedelta(seconds=50)

    assert bench.ask(lambda d: d.forget(ended_before=since, most=10)) == 1


def test_a_payload_over_the_limit_is_refused(bench: Bench) -> None:
    with pytest.raises(InvalidInput, match="payload"):
        bench.add(payload="x" * MAX_PAYLOAD_BYTES)


def test_a_schedule_strikes_once_for_all_the_times_it_missed(bench: Bench) -> None:
    def keep(work: Callable[[Clockwork], T]) -> T:
        return bench.database.write_here(lambda c: work(Clockwork(c, bench.clock.now())))

    keep(lambda w: w.keep("warm", "*/15 * * * *", queue="q", kind="warm"))
    assert keep(lambda w: w.strike()) == 0
    bench.clock.turn(3600)
    assert keep(lambda w: w.strike()) == 1
    assert keep(lambda w: w.strike()) == 0
    assert [job.kind for job in bench.lease()] == ["warm"]


def test_a_cron_expression_that_never_comes_is_refused(bench: Bench) -> None:
    with pytest.raises(InvalidInput, match="cron"):
        bench.database.write_here(
            lambda c: Clockwork(c, bench.clock.now()).keep("x", "nope", queue="q", kind="k")
        )


@pytest.mark.parametrize("field", ["kind", "tenant", "unique_key"])
def test_a_name_with_a_nul_is_refused_by_its_field(bench: Bench, field: str) -> None:
    with pytest.raises(InvalidInput, match=field):
        bench.add(**{"kind": "k", field: "one\0two"})
