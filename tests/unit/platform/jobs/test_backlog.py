from manciple.grocery.stores.opening import open_database_in_memory
from manciple.platform.jobs.backlog import Backlog, backlogs
from manciple.platform.jobs.job import NewJob
from manciple.platform.jobs.queue import Queue
from tests.fakes import FakeClock


def test_each_queue_tells_what_waits_and_for_how_long() -> None:
    clock = FakeClock()
    database = open_database_in_memory()
    began = clock.now()
    for queue, kind in (("nlp", "a"), ("nlp", "b"), ("collect", "c")):
        new = NewJob(queue=queue, kind=kind)
        database.write_here(lambda c, new=new: Queue(c, began).add(new))  # type: ignore[misc]  # a default binds the loop's value
    clock.turn(30)
    database.write_here(
        lambda c: Queue(c, clock.now()).lease("nlp", "w", most=1, lease_s=9, at_once=None)
    )
    found = database.write_here(lambda c: backlogs(c, clock.now()))
    database.close_here()
    assert found == (
        Backlog(queue="collect", waiting=1, oldest_s=30.0),
        Backlog(queue="nlp", waiting=1, running=1, oldest_s=30.0),
    )
