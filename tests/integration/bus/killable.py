"""The event server as a process that can be killed and started again on its port."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from manciple.grocery.stores.opening import open_database
from manciple.kit.clock import SystemClock
from manciple.platform.bus.outbox import Outbox

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
CLOCK = SystemClock()


class Killable:
    """Serves the events of one database; `port` stays the same over its lives."""

    def __init__(self, database: Path, *, port: int) -> None:
        self.database = database
        self.port = port
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.integration.bus.serve_events",
            str(self.database),
            str(self.port),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        if self._process.stdout is None:
            raise AssertionError
        async with asyncio.timeout(300):
            self.port = int(await self._process.stdout.readline())

    async def kill(self) -> None:
        """Ends it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            await self._process.wait()
            self._process = None

    async def publish(self, total: int, *, kills: int, burst: int = 50) -> None:
        """Writes `total` events from this process, and kills the server that often meanwhile."""
        database = open_database(self.database)
        at = {round(total * (n + 1) / (kills + 1)) // burst for n in range(kills)}

        def add(connection: Connection, numbers: range) -> None:
            outbox = Outbox(connection, CLOCK.now())
            for number in numbers:
                outbox.add("list.item_added", {"number": number}, key=f"list_{number % 7}")

        try:
            for turn, first in enumerate(range(0, total, burst)):
                numbers = range(first, min(first + burst, total))
                await database.write(partial(add, numbers=numbers))
                if turn in at:
                    await self.kill()
                    await self.start()
        finally:
            await database.close()


@asynccontextmanager
async def a_killable_server(folder: Path) -> AsyncIterator[Killable]:
    path = folder / "events.db"
    await open_database(path).close()
    with socket.socket() as kept:
        # Bound and never listened on: while the server is dead, nobody else is given its port.
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        kept.bind(("127.0.0.1", 0))
        server = Killable(path, port=kept.getsockname()[1])
        await server.start()
        try:
            yield server
        finally:
            await server.kill()
