"""A service that answers every request with its own id, and has no other purpose.

What it is told by a file beside the database: `crash` ends it at its start, `deaf` makes it ignore
SIGTERM. A request for `/slow` takes 0.7 s, one for `/stay` ten, so that many are there at once also
where each takes long to begin; `/livez` answers as long as the loop turns.
"""

import argparse
import asyncio
import signal
import socket
import sys
from pathlib import Path

from manciple.kit.clock import SystemClock
from manciple.platform.db.sqlite import open_sqlite
from manciple.platform.mesh.fleet import Phase
from manciple.platform.mesh.handover import handing_over
from manciple.platform.mesh.member import Member, signals_heard, this_process
from manciple.platform.mesh.registry import Entry, Registry
from manciple.platform.mesh.vitals import VitalSigns

TAKES_S = {"/slow": 0.7, "/stay": 10.0}


class Door:
    """Answers on sockets, and knows how many answers are on their way."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.in_flight = 0
        self.is_draining = False
        self.idle = asyncio.Event()
        self.writers: set[asyncio.StreamWriter] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.add(writer)
        try:
            while (head := await reader.readuntil(b"\r\n\r\n")) and not writer.is_closing():
                self.in_flight += 1
                try:
                    await asyncio.sleep(TAKES_S.get(head.decode().split()[1], 0))
                    self.answer(writer)
                    await writer.drain()
                finally:
                    self.in_flight -= 1
                if self.is_draining:
                    break
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            self.writers.discard(writer)
            writer.close()

    def answer(self, writer: asyncio.StreamWriter) -> None:
        end = "connection: close\r\n" if self.is_draining else ""
        head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(self.name)}\r\n{end}\r\n"
        writer.write((head + self.name).encode())

    async def finished(self) -> None:
        """Returns when nobody is left, also of those let in just before the door closed."""
        for _ in range(10):
            await asyncio.sleep(0.01)
        while self.writers:  # noqa: ASYNC110 - simple is right for a fake
            await asyncio.sleep(0.01)


async def live(given: argparse.Namespace) -> None:
    database, clock = open_sqlite(given.db), SystemClock()
    pid, started_s = this_process()
    now = clock.now()
    entry = Entry(
        id=given.id,
        service=given.service,
        address=f"unix:{given.door}",
        pid=pid,
        started_s=started_s,
        generation=given.generation,
        since_at=now,
    )
    door = Door(given.id)
    signs = VitalSigns(clock, lambda: door.in_flight)
    member = Member(Registry(database, clock), clock, entry, signs=signs)
    wants_drain, wants_end = asyncio.Event(), asyncio.Event()
    if not (given.db.parent / "deaf").exists():
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, wants_end.set)
    else:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with signals_heard(wants_drain.set, given.log), socket.socket(fileno=given.fd) as bound:
        async with handing_over(given.hand, bound), member.joined():
            private = await asyncio.start_unix_server(door.serve, given.door)
            public = await asyncio.start_server(door.serve, sock=bound.dup())
            sys.stdout.write(f"{given.id} is open\n")
            sys.stdout.flush()
            member.enter(Phase.READY)
            waits = [asyncio.ensure_future(each.wait()) for each in (wants_drain, wants_end)]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            door.is_draining = True
            await member.deregister()
            public.close()
            await wants_end.wait()
            await door.finished()
            private.close()
    await database.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("db", "door", "hand", "log"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--id")
    parser.add_argument("--service")
    parser.add_argument("--fd", type=int)
    parser.add_argument("--generation", type=int)
    given = parser.parse_args()
    if (given.db.parent / "crash").exists():
        sys.exit("told to crash")
    asyncio.run(live(given))


if __name__ == "__main__":
    main()
