"""What the mesh does with the machine: processes, their sockets, their directory, their logs."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from manciple.kit.clock import SystemClock
from manciple.kit.errors import Refused
from manciple.platform.mesh.handover import fetched, handing_over
from manciple.platform.mesh.logs import Follower, last_lines, turn_over
from manciple.platform.mesh.probe import is_alive
from manciple.platform.mesh.process import Process, began_s
from manciple.platform.mesh.run_directory import Record, Resolve, RunDirectory
from manciple.platform.mesh.vitals import VitalSigns


@pytest.fixture
def child() -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


async def test_a_process_is_found_by_its_number_and_its_begin(
    child: "subprocess.Popen[bytes]",
) -> None:
    found = Process.find(child.pid)
    assert found is not None
    assert Process.find(child.pid, found.started_s + 1) is None
    ended = asyncio.Event()
    found.on_end(ended.set)
    assert found.is_running()
    found.kill()
    async with asyncio.timeout(120):
        await ended.wait()
    # Dead but not buried: its number is still taken, and that is no life.
    assert not found.is_running()
    assert Process.find(child.pid, found.started_s) is None
    child.wait()
    assert began_s(child.pid) is None
    assert not found.signal(signal.SIGTERM)
    found.close()
    found.close()


def test_a_number_that_belongs_to_another_by_now_is_left_alone(
    child: "subprocess.Popen[bytes]",
) -> None:
    begin = began_s(child.pid)
    assert begin is not None
    reused = Process(child.pid, begin - 5)
    reused.kill()
    assert not reused.signal(signal.SIGKILL)
    assert child.poll() is None


async def test_a_listening_socket_changes_hands(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port = bound.getsockname()[1]
        async with handing_over(tmp_path / "hand", bound):
            taken = await asyncio.to_thread(fetched, tmp_path / "hand")
    # The first owner has closed its own; connections still come in.
    assert taken is not None
    with taken, socket.create_connection(("127.0.0.1", port)):
        connection, _ = await asyncio.get_running_loop().sock_accept(taken)
        connection.close()
    assert fetched(tmp_path / "hand") is None


async def test_a_door_that_nobody_serves_gives_no_sign_of_life(tmp_path: Path) -> None:
    path = tmp_path / "door"
    with socket.socket(socket.AF_UNIX) as stuck:
        stuck.bind(str(path))
        stuck.listen()
        assert not await is_alive(f"unix:{path}", within_s=0.05)
    assert not await is_alive(f"unix:{path}")
    assert not await is_alive("http://127.0.0.1:1")


def test_vitals_are_those_of_this_process() -> None:
    vitals = VitalSigns(SystemClock(), lambda: 7).measure(loop_lag_s=0.25, response_s=0.5)
    assert vitals.memory_bytes > 1_000_000
    assert vitals.open_files > 2
    assert (vitals.in_flight, vitals.loop_lag_s, vitals.response_s) == (7, 0.25, 0.5)
    assert vitals.cpu_share >= 0


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    made = RunDirectory(tmp_path / "x.db")
    made.open()
    return made


def test_the_directory_is_private_and_its_names_fit_into_a_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100)
    made = RunDirectory(deep / "x.db")
    made.open()
    assert made.path.stat().st_mode & 0o777 == 0o700
    for path in (made.control, made.door("walmart-memory-monitor-abcdef")):
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(str(path))
        assert path.parent.stat().st_mode & 0o777 == 0o700
        path.unlink()
    made.control.parent.rmdir()


def test_one_lock_one_supervisor(run: RunDirectory) -> None:
    with run.locked(), pytest.raises(Refused, match=str(os.getpid())), run.locked():
        pass
    with run.locked():
        pass


def test_what_was_written_down_is_found_until_it_is_crossed_out(run: RunDirectory) -> None:
    record = Record(id="a-1", service="a", pid=7, started_s=1.5, generation=2)
    run.keep(record)
    (run.path / "half.process").write_text('{"id":"h')
    assert run.records() == [record]
    run.forget("a-1")
    assert run.records() == []
    wanted = {"a": Resolve(port=3000, wanted=2, is_pinned=True)}
    run.resolve(wanted)
    assert run.resolves() == wanted
    run.resolve({})
    assert run.resolves() == {}


def test_a_log_that_is_too_long_is_set_aside_and_the_oldest_goes(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    for number in range(6):
        log.write_text(f"line {number}\n" * 3)
        assert turn_over(log, max_bytes=10, older=3)
    assert not turn_over(log)
    log.write_text("short\n")
    assert not turn_over(log, max_bytes=10)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a.log",
        "a.log.1",
        "a.log.2",
        "a.log.3",
    ]
    assert last_lines(log, 3) == ["line 5", "line 5", "short"]
    assert last_lines(log, 100) == ["line 3"] * 3 + ["line 4"] * 3 + ["line 5"] * 3 + ["short"]


def test_a_follower_misses_no_line_when_the_log_is_turned_over(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text("old\n")
    follower = Follower(log)
    with log.open("a") as writing:
        writing.write("one\nhal")
        writing.flush()
        assert list(follower.news()) == ["one"]
        assert turn_over(log, max_bytes=1)
        writing.write("f\n")
    log.write_text("two\n")
    assert list(follower.news()) == ["half", "two"]
    assert list(follower.news()) == []
    follower.close()
