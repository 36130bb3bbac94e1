"""Orders that take time: what is waited for, and what spoils nothing meanwhile."""

from pathlib import Path

import pytest

from manciple.cli.mesh_orders import brought_down, settled
from manciple.kit.errors import TimedOut, Unavailable
from manciple.platform.mesh.control import Control
from manciple.platform.mesh.orders import MeshStatus
from manciple.platform.mesh.run_directory import RunDirectory
from tests.fakes import FakeClock

# No process has such a number: this supervisor has just ended.
GONE = 2**30
TAKEN, DONE = (MeshStatus(pid=7, uptime_s=uptime_s, services=()) for uptime_s in (1.0, 2.0))


class Late(Control):
    """A supervisor that is late with its answers at first."""

    def __init__(self, times: int) -> None:
        super().__init__(Path("nowhere"))
        self.left = times

    async def restart(self, service: str | None = None) -> MeshStatus:
        del service
        return TAKEN

    async def status(self) -> MeshStatus:
        if self.left:
            self.left -= 1
            raise TimedOut(after_s=15)
        return DONE


async def wait(control: Control) -> MeshStatus:
    return await settled(
        control,
        lambda control: control.restart(),
        lambda now: now is DONE,
        wait_s=10,
        clock=FakeClock(),
    )


async def test_an_answer_that_comes_late_spoils_no_order_that_was_taken() -> None:
    assert await wait(Late(3)) is DONE


async def test_the_waiting_ends_with_what_was_seen_last() -> None:
    assert await wait(Late(1000)) is TAKEN


class Coming(Control):
    """A supervisor that opens its door after a while."""

    def __init__(self, times: int) -> None:
        super().__init__(Path("nowhere"))
        self.left = times

    async def down(self) -> MeshStatus:
        if self.left:
            self.left -= 1
            raise Unavailable("The mesh", wait_s=1)
        return MeshStatus(pid=GONE, uptime_s=1.0, services=())


async def down(control: Control, run: RunDirectory) -> bool:
    return await brought_down(control, run, wait_s=10, clock=FakeClock())


async def test_a_mesh_that_is_coming_up_is_waited_for(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path / "x.db")
    run.open()
    control = Coming(3)
    with run.locked():
        assert await down(control, run)
    assert control.left == 0
    with run.locked(), pytest.raises(TimedOut):
        await down(Coming(1000), run)


async def test_where_nobody_supervises_nothing_is_waited_for(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path / "x.db")
    assert not await down(Coming(1), run)
    run.open()
    assert not await down(Coming(1), run)
