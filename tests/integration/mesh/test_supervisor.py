"""A supervisor over real processes: it starts, watches, replaces and ends them."""

import asyncio
import os
import shutil
import signal
from pathlib import Path

import pytest

from manciple.kit.errors import InvalidInput, NotFound
from manciple.platform.mesh.fleet import Phase
from manciple.platform.mesh.logs import MAX_BYTES, last_lines, turn_over
from manciple.platform.mesh.orders import MeshStatus
from manciple.platform.mesh.spec import Scaling, ServiceSpec
from tests.integration.mesh.meshes import a_mesh, all_ready, ready, supervisor_over


async def ask(port: int, path: str = "/") -> str:
    """Which instance answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
        await reader.readuntil(b"\r\n\r\n")
        return (await reader.read(100)).decode()
    finally:
        writer.close()


def is_fresh(status: MeshStatus, before: str) -> bool:
    """Whether somebody else is ready."""
    return {one.entry.id for one in ready(status)} - {before} != set()


class Load:
    """Clients that ask without a pause; every answer must come."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers = 0
        self.is_over = False

    async def run(self, path: str = "/") -> None:
        while not self.is_over:
            assert await ask(self.port, path)
            self.answers += 1


async def under_load(port: int) -> tuple[Load, "asyncio.Task[object]"]:
    load = Load(port)
    paths = ("/", "/", "/", "/slow")
    return load, asyncio.ensure_future(asyncio.gather(*(load.run(path) for path in paths)))


async def test_the_life_of_a_mesh(tmp_path: Path) -> None:
    async with a_mesh(tmp_path) as mesh:
        status = await mesh.control.status()
        assert [one.name for one in status.services] == ["front", "back"]
        port = status.service("front").port
        (first,) = ready(status)
        assert await ask(port) == first.entry.id
        assert first.entry.id + " is open" in last_lines(mesh.run.log("front"), 5)

        load, asking = await under_load(port)
        await mesh.control.scale("front", 3)
        await mesh.until(lambda s: len(ready(s)) == 3)
        await mesh.control.restart("front")
        await mesh.until(lambda s: all_ready(s) and {i.entry.generation for i in ready(s)} == {1})
        await mesh.control.scale("front", 1)
        status = await mesh.until(all_ready)
        load.is_over = True
        await asking
        assert load.answers > 0
        assert len(ready(status)) == 1
        assert status.service("front").crashes == 0


async def test_load_lets_a_service_grow_by_itself(tmp_path: Path) -> None:
    growing = ServiceSpec(
        name="front",
        port=0,
        priority=1,
        purpose="",
        scaling=Scaling(max_instances=2, auto_scale=True),
    )
    async with a_mesh(tmp_path, specs=[growing]) as mesh:
        load = Load(mesh.supervisor.status().service("front").port)
        # The fake's capacity is 100 calls at a time, of which seven in ten are its target.
        asking = asyncio.gather(*(load.run("/stay") for _ in range(90)))
        status = await mesh.until(lambda now: len(ready(now)) == 2)
        load.is_over = True
        await asking
        assert status.service("front").is_automatic


async def test_one_that_is_killed_is_replaced(tmp_path: Path) -> None:
    async with a_mesh(tmp_path) as mesh:
        (before,) = mesh.ready()
        os.kill(before.entry.pid, signal.SIGKILL)
        status = await mesh.until(lambda s: is_fresh(s, before.entry.id))
        assert status.service("front").crashes == 1
        assert status.service("front").last_end == "killed by signal 9"


async def test_one_is_started_though_the_logs_were_deleted(tmp_path: Path) -> None:
    async with a_mesh(tmp_path) as mesh:
        (before,) = mesh.ready()
        await asyncio.to_thread(shutil.rmtree, mesh.run.logs)
        await mesh.control.restart("front")
        await mesh.until(lambda s: all_ready(s) and is_fresh(s, before.entry.id))
        assert "is open" in last_lines(mesh.run.log("front"), 1)[0]
        assert mesh.run.logs.stat().st_mode & 0o777 == 0o700


async def test_one_that_hangs_is_killed_and_replaced(tmp_path: Path) -> None:
    async with a_mesh(tmp_path) as mesh:
        (before,) = mesh.ready()
        os.kill(before.entry.pid, signal.SIGSTOP)
        status = await mesh.until(lambda s: is_fresh(s, before.entry.id))
        assert status.service("front").last_end == "no sign of life for 6 s"


async def test_a_drained_one_is_replaced_before_it_goes(tmp_path: Path) -> None:
    async with a_mesh(tmp_path) as mesh:
        (before,) = mesh.ready()
        await mesh.control.drain(before.entry.id)
        counts: set[int] = set()

        def is_replaced(status: MeshStatus) -> bool:
            counts.add(len(ready(status)))
            return all_ready(status) and ready(status)[0].entry.id != before.entry.id

        await mesh.until(is_replaced)
        assert counts <= {1, 2}
        with pytest.raises(NotFound):
            await mesh.control.drain(before.entry.id)


async def test_orders_that_cannot_be_are_refused(tmp_path: Path) -> None:
    async with a_mesh(tmp_path) as mesh:
        with pytest.raises(InvalidInput, match="1 to 3 instances, not 4"):
            await mesh.control.scale("front", 4)
        with pytest.raises(NotFound):
            await mesh.control.restart("nobody")


async def test_a_service_that_crashes_rests_longer_each_time(tmp_path: Path) -> None:
    (tmp_path / "crash").touch()
    async with a_mesh(tmp_path, is_ready=False) as mesh:
        status = await mesh.until(lambda s: bool(s.services) and s.service("front").crashes >= 3)
        front = status.service("front")
        assert front.last_end == "exit code 1"
        assert not status.service("back").instances
        assert "told to crash" in last_lines(mesh.run.log("front"), 1)
        (tmp_path / "crash").unlink()
        await mesh.control.deploy()
        await mesh.until(all_ready)


def is_stopping(status: MeshStatus) -> bool:
    instances = status.service("front").instances
    return any(one.entry.phase is Phase.STOPPING for one in instances)


async def test_one_that_ignores_its_end_is_killed(tmp_path: Path) -> None:
    (tmp_path / "deaf").touch()
    async with a_mesh(tmp_path) as mesh:
        mesh.supervisor.end()
        await mesh.until(is_stopping)
        # The second time it is meant.
        mesh.supervisor.end()


async def test_a_new_supervisor_takes_over_whoever_runs(tmp_path: Path) -> None:
    async with a_mesh(tmp_path) as mesh:
        await mesh.control.scale("front", 2)
        before = await mesh.until(all_ready)
        mesh.running.cancel()
        await asyncio.wait({mesh.running})
        # Nobody supervises; the service goes on.
        port = before.service("front").port
        assert await ask(port)
        # One hangs meanwhile, one dies: its lease is all that is left of it.
        os.kill(ready(before, "back")[0].entry.pid, signal.SIGKILL)

        mesh.supervise(supervisor_over(tmp_path, mesh.registry, mesh.run))
        after = await mesh.until(all_ready)
        assert {i.entry.id for i in ready(after)} == {i.entry.id for i in ready(before)}
        assert after.service("front").port == port
        assert after.service("front").is_automatic is False
        assert ready(after, "back")[0].entry.id != ready(before, "back")[0].entry.id
        # The port is ours again: one more can be started on it.
        await mesh.control.scale("front", 3)
        await mesh.until(lambda s: len(ready(s)) == 3)


async def test_a_log_that_is_too_long_is_set_aside_and_goes_on(tmp_path: Path) -> None:
    async with a_mesh(tmp_path) as mesh:
        log = mesh.run.log("front")
        (one,) = mesh.ready()
        log.write_bytes(b"x" * (MAX_BYTES + 1))
        assert turn_over(log)
        os.kill(one.entry.pid, signal.SIGHUP)
        async with asyncio.timeout(120):
            while not log.exists():
                await ask(mesh.supervisor.status().service("front").port)
        assert log.with_name("front.log.1").stat().st_size > MAX_BYTES
