"""Orders that take time: what is waited for, and what spoils nothing meanwhile."""

from pathlib import Path

from manciple.cli.mesh_orders import settled
from manciple.kit.errors import TimedOut
from manciple.platform.mesh.control import Control
from manciple.platform.mesh.orders import MeshStatus
from tests.fakes import FakeClock

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
