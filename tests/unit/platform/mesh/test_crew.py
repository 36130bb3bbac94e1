"""Whoever is in charge counts as silence only what somebody watched."""

import os
from pathlib import Path

import pytest

from manciple.kit.clock import Clock
from manciple.platform.mesh.charge import Charge
from manciple.platform.mesh.crew import Crew
from manciple.platform.mesh.fleet import Action, Kill, Phase, Plan, decide
from manciple.platform.mesh.launcher import Launcher
from manciple.platform.mesh.member import this_process
from manciple.platform.mesh.process import Process
from manciple.platform.mesh.registry import Entry
from manciple.platform.mesh.run_directory import Record, RunDirectory
from manciple.platform.mesh.wishes import Wishes
from tests.fakes import FakeClock

PLAN = Plan(service="api", wanted=1)


class NoNews:
    """A registry in which no lease is renewed."""

    async def entries(self) -> tuple[Entry, ...]:
        return ()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def crew(tmp_path: Path, clock: Clock) -> Crew:
    run = RunDirectory(tmp_path / "x.db")
    return Crew(
        NoNews(),  # type: ignore[arg-type]  # all that is asked of it here
        run,
        Launcher(run, lambda _: (), memory_bytes=1 << 30),
        wishes=Wishes((), memory_bytes=1 << 30),
        sockets={},
        clock=clock,
        on_end=lambda: None,
    )


def an_instance(phase: Phase) -> Charge:
    """This very process, in the charge of somebody."""
    pid, started_s = this_process()
    record = Record(id="a", service="api", pid=pid, started_s=started_s)
    process = Process(os.getpid(), started_s)
    charge = Charge(record=record, process=process, began_s=0, since_s=0, beat_s=0)
    charge.enter(phase, 0)
    return charge


async def looked_at(crew: Crew, clock: FakeClock, *, after_s: float) -> list[Action]:
    """What is decided after a look that comes so much later than the one before."""
    clock.turn(after_s)
    await crew.look()
    return decide([PLAN], crew.members(), {}, clock.monotonic())


@pytest.mark.parametrize("phase", [Phase.STARTING, Phase.READY, Phase.DRAINING, Phase.STOPPING])
async def test_while_the_machine_stands_still_nobody_grows_silent_or_late(
    crew: Crew, clock: FakeClock, phase: Phase
) -> None:
    crew.welcome(an_instance(phase))
    for after_s in (0.2, 1000):
        actions = await looked_at(crew, clock, after_s=after_s)
        assert not [one for one in actions if isinstance(one, Kill)]


async def test_silence_that_is_watched_counts_however_slow_the_turns_are(
    crew: Crew, clock: FakeClock
) -> None:
    crew.welcome(an_instance(Phase.READY))
    await looked_at(crew, clock, after_s=0)
    found = [await looked_at(crew, clock, after_s=3) for _ in range(5)]
    assert found[0] == []
    assert Kill("a", "no sign of life for 6 s") in found[-1]
