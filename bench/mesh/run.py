"""How soon a running mesh sees each fault, and how soon it has made it good.

The mesh is `manciple up` on free ports with two API servers; four clients ask it all the time, one
of them makes lists. `seen` is from the fault to the supervisor's knowledge of it, `good` to as many
ready instances as are wanted, `failed` the requests of the clients that failed, of `asked`.
`lost` are acknowledged lists that are not there afterwards. The full disk needs a tmpfs, which only
root may make. The clock is turned for the processes of this mesh alone, by a library in front of
the C library, which needs a C compiler.
"""

import argparse
import asyncio
import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil

from manciple.kit.errors import MancipleError
from manciple.platform.mesh.orders import InstanceStatus, MeshStatus
from manciple.platform.rpc.client import Asked, WireClient
from manciple.platform.rpc.procedure import Kind
from tests.acceptance.mesh.running import (
    API,
    Clients,
    Mesh,
    ids,
    is_well,
    kept_lists,
    pause,
    ready,
)
from tests.acceptance.mesh.turned_clock import EVERYBODY, HOUR_S, TurnedClock, compiler

# For each fault; a person may have 200 in all.
LISTS = 12
# What the monitor takes for a leak, in less time than the ten minutes of a house in use.
LEAKY = ("memory_monitor.every_s=1", "memory_monitor.leak_window_s=8", "memory_monitor.leak_mb=100")
LEAK_BYTES_A_TENTH = 2_000_000
DEAD_S = 2.0
READY_S = 5.0


@dataclass
class Row:
    """What came of one fault; times in seconds, None where there is nothing to see."""

    fault: str
    seen_s: float | None
    good_s: float
    clients: Clients
    lost: int
    note: str = ""

    def print(self) -> None:
        unwell = {what: n for what, n in self.clients.answers.items() if what != "200"}
        failed = sum(unwell.values())
        seen = "" if self.seen_s is None else f"{self.seen_s:.2f} s"
        asked = self.clients.answers.total()
        print(
            f"{self.fault:<34}{seen:>9}{self.good_s:>8.2f} s{failed:>8}{asked:>8}{self.lost:>6}"
            f"  {self.note} {unwell or ''}",
            flush=True,
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="faults whose name has this")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as (mesh, clock):
        print(f"{'fault':<34}{'seen':>9}{'good':>10}{'failed':>8}{'asked':>8}{'lost':>6}")
        rows = [run(mesh, *fault) for fault in FAULTS if given.only in fault[0]]
        rows += [run(mesh, *turn) for turn in turns(clock) if given.only in turn[0]]
    if given.only in "disk full":
        full_disk()
    killed = [row.good_s for row in rows if row.fault.startswith("killed")]
    return 0 if all(good_s <= DEAD_S for good_s in killed) else 1


@contextlib.contextmanager
def running(folder: Path) -> Iterator[tuple[Mesh, TurnedClock | None]]:
    clock = TurnedClock(folder) if compiler() else None
    options = [part for name in ("api.diagnostics=on", *LEAKY) for part in ("--set", name)]
    mesh = Mesh(folder, *options, environ=clock.environ if clock else None)
    mesh.up()
    mesh.call("down")
    began = time.monotonic()
    status = mesh.up()
    took_s = time.monotonic() - began
    pids = [one.entry.pid for service in status.services for one in service.instances]
    memory = sum(psutil.Process(pid).memory_info().rss for pid in pids)
    idle = cpu_share([status.pid, *pids])
    print(f"ready {took_s:.1f} s after `up` (target {READY_S:g} s), command included")
    print(f"six services: {memory / 2**20:.0f} MiB resident, {idle:.1%} of a core when idle")
    mesh.call("scale", "api-server", "2")
    try:
        yield mesh, clock
    finally:
        mesh.call("down")


def cpu_share(pids: list[int], over_s: float = 10.0) -> float:
    processes = [psutil.Process(pid) for pid in pids]

    def used_s() -> float:
        return sum(p.cpu_times().user + p.cpu_times().system for p in processes)

    pause(5.0)
    before = used_s()
    pause(over_s)
    return (used_s() - before) / over_s


Fault = Callable[[Mesh, InstanceStatus], None]
Seen = Callable[[MeshStatus, InstanceStatus], bool]


def run(mesh: Mesh, name: str, fault: Fault, seen: Seen, good: Seen) -> Row:
    """One fault under load, from a mesh that is well to one that is well again."""
    victim = ready(mesh.until(is_well))[0]
    clients = Clients(mesh.url(), lists=LISTS)
    with clients.at_work():
        began = time.monotonic()
        fault(mesh, victim)
        mesh.until(lambda now: seen(now, victim))
        seen_s = time.monotonic() - began
        mesh.until(lambda now: good(now, victim), within_s=60)
        good_s = time.monotonic() - began
    lost = len(clients.acknowledged - kept_lists(mesh.url()))
    row = Row(fault=name, seen_s=seen_s, good_s=good_s, clients=clients, lost=lost)
    row.print()
    return row


def kill(_: Mesh, victim: InstanceStatus) -> None:
    os.kill(victim.entry.pid, signal.SIGKILL)


def stop(_: Mesh, victim: InstanceStatus) -> None:
    os.kill(victim.entry.pid, signal.SIGSTOP)


def slow(_: Mesh, victim: InstanceStatus) -> None:
    """It runs one twentieth of the time, for 12 s: late with everything, and not dead."""
    for _each in range(60):
        os.kill(victim.entry.pid, signal.SIGSTOP)
        pause(0.19)
        os.kill(victim.entry.pid, signal.SIGCONT)
        pause(0.01)


def stand_still(mesh: Mesh, _: InstanceStatus) -> None:
    """All stop for longer than a silence may last, as on a machine that is paused; then go on."""
    status = mesh.status()
    everybody = [one.entry.pid for service in status.services for one in service.instances]
    for number, rest_s in ((signal.SIGSTOP, 10.0), (signal.SIGCONT, 5.0)):
        for pid in (status.pid, *everybody):
            os.kill(pid, number)
        pause(rest_s)


def leak(_: Mesh, victim: InstanceStatus) -> None:
    """It takes 20 MB more each second, until it has ended."""
    threading.Thread(target=lambda: asyncio.run(leaking(victim.entry.address))).start()


async def leaking(address: str) -> None:
    client = WireClient(address)
    text = b'{"sizeBytes": %d}' % LEAK_BYTES_A_TENTH
    asked = Asked(path="diagnostics.leak", kind=Kind.MUTATION, text=text)
    with contextlib.suppress(MancipleError):
        while await client.ask(asked, timeout_s=5.0):  # noqa: ASYNC110 - it leaks by and by
            await asyncio.sleep(0.1)
    await client.close()


def supervisor(mesh: Mesh, _: InstanceStatus) -> None:
    os.kill(mesh.status().pid, signal.SIGKILL)
    mesh.up()


def restart(mesh: Mesh, _: InstanceStatus) -> None:
    mesh.call("restart", "api-server")


def resize(mesh: Mesh, _: InstanceStatus) -> None:
    for count in ("1", "3", "2"):
        mesh.call("scale", "api-server", count)


def is_unready(now: MeshStatus, victim: InstanceStatus) -> bool:
    return victim.entry.id not in ids(now)


def is_replaced(now: MeshStatus, victim: InstanceStatus) -> bool:
    return is_well(now) and is_unready(now, victim)


def is_replacing(now: MeshStatus, _: InstanceStatus) -> bool:
    return len(now.service(API).instances) > now.service(API).wanted


def is_kept(now: MeshStatus, victim: InstanceStatus) -> bool:
    return is_well(now) and not is_unready(now, victim)


def is_settled(now: MeshStatus, _: InstanceStatus) -> bool:
    return is_well(now)


def is_any(_now: MeshStatus, _victim: InstanceStatus) -> bool:
    return True


FAULTS: tuple[tuple[str, Fault, Seen, Seen], ...] = (
    ("killed (SIGKILL)", kill, is_unready, is_replaced),
    ("hung (SIGSTOP)", stop, is_unready, is_replaced),
    ("slow (1/20 of the time, 12 s)", slow, is_any, is_kept),
    ("all stand still for 10 s", stand_still, is_any, is_kept),
    ("leaks 20 MB a second (by trend)", leak, is_replacing, is_replaced),
    ("supervisor killed, `up` again", supervisor, is_any, is_kept),
    ("no fault: rolling restart of 2", restart, is_any, is_replaced),
    ("no fault: scaled to 1, 3 and 2", resize, is_any, is_settled),
)


def turns(clock: TurnedClock | None) -> Iterator[tuple[str, Fault, Seen, Seen]]:
    """The clock turned under everybody, and under one instance alone; each time it is put right."""
    if clock is None:
        print("turned clocks: cannot be made here (no C compiler)")
        return
    for name, seconds in (("an hour ahead", HOUR_S), ("an hour back", -HOUR_S)):
        yield f"clock of all {name}, 12 s", partial(turn, clock, seconds), is_any, is_kept
        yield f"clock of one {name}, 12 s", partial(turn_one, clock, seconds), is_any, is_kept


def turn_one(clock: TurnedClock, seconds: int, mesh: Mesh, victim: InstanceStatus) -> None:
    turn(clock, seconds, mesh, victim, pid=victim.entry.pid)


def turn(
    clock: TurnedClock, seconds: int, _: Mesh, _victim: InstanceStatus, *, pid: int = EVERYBODY
) -> None:
    """Longer than a lease: whoever counts it by this clock has lost it, or never will."""
    clock.turn(seconds, pid=pid)
    pause(12.0)
    clock.turn(0)


def full_disk() -> None:
    """A database on a full disk: reads go on, writes are refused, and nobody is killed for it."""
    with tempfile.TemporaryDirectory() as name:
        mount = ["mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", name]
        made = subprocess.run(mount, check=False, capture_output=True)
        if made.returncode:
            print("full disk: cannot be made here (no right to mount a tmpfs)")
            return
        try:
            fill_and_free(Path(name))
        finally:
            subprocess.run(["umount", "-l", name], check=True)


def fill(path: Path) -> None:
    with path.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"\0" * (1 << 12)):
            pass


def empty_log(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path, timeout=30)) as database:
        # Busy where somebody reads just now.
        while database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            pause()


def fill_and_free(disk: Path) -> None:
    mesh = Mesh(disk)
    before = mesh.up()
    try:
        filler = disk / "filler"
        clients = Clients(mesh.url(), lists=180)
        with clients.at_work():
            # What the log of changes has on the disk already would do for minutes.
            empty_log(disk / "x.db")
            fill(filler)
            pause(15.0)
            filler.unlink()
            began = time.monotonic()
            acknowledged = len(clients.acknowledged)
            while len(clients.acknowledged) == acknowledged and time.monotonic() < began + 30:
                pause()
            good_s = time.monotonic() - began
        after = mesh.until(is_well)
        kept = all(ids(before, s.name) == ids(after, s.name) for s in before.services)
        lost = len(clients.acknowledged - kept_lists(mesh.url()))
        note = "nobody was killed" if kept else "INSTANCES WERE REPLACED"
        Row("disk full for 15 s, then freed", None, good_s, clients, lost, note).print()
    finally:
        mesh.call("down")


if __name__ == "__main__":
    sys.exit(main())
