"""Our event sockets on one port; a number on standard input writes so many events at once.

All of the way is measured: from the row in the outbox to the bytes on the sockets.
"""

import asyncio
import gc
import os
import tempfile
from pathlib import Path

from sqlalchemy import Connection, text

from manciple.grocery.stores.opening import open_database
from manciple.kit.clock import SystemClock
from manciple.platform.bus.exchange import Exchange
from manciple.platform.bus.guests import Credentials, Guest, SocketSettings
from manciple.platform.bus.hub import Hub
from manciple.platform.bus.outbox import Outbox
from manciple.platform.bus.peek import Peek
from manciple.platform.bus.sockets import EventSockets
from manciple.platform.db.changes import ChangeWatch
from manciple.platform.security.permissions import Grant, Principal
from manciple.services.doors.event_door import guest_of
from manciple.services.doors.front_door import FrontDoor
from manciple.services.doors.plain_paths import Probes, plain_app
from manciple.services.doors.server import DoorServer
from manciple.services.doors.sockets import listen, port_of
from manciple.services.loops import new_loop
from manciple.services.phase import Life
from manciple.services.settings import Settings

CLOCK = SystemClock()
SOMEBODY = Principal(user_id="ann", grants=frozenset({Grant.READ}))


async def admit(credentials: Credentials) -> Guest:
    return guest_of(SOMEBODY, credentials.path)


async def serve(path: Path) -> None:
    database = open_database(path)
    # Ids of one length, so that the load can count messages by their bytes.
    seed = text("INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', 1000000)")
    await database.write(lambda c: c.execute(seed))
    changes = ChangeWatch(path)
    exchange = Exchange(
        database, CLOCK, Hub(), has_changed=changes.has_changed, peek=Peek(path).after
    )
    limits = SocketSettings(
        max_connections=20_000, max_per_principal=20_000, max_per_address=20_000, ping_s=3600
    )
    sockets = EventSockets(
        exchange, CLOCK, admit=admit, render=lambda event: event.body, settings=limits
    )
    await exchange.open()
    front = FrontDoor(plain_app(Probes(Life()).routes()), clock=CLOCK, requests=None)
    front.open(plain_app([]), events=sockets)
    bound = listen("127.0.0.1", 0, variable="X", backlog=4096)
    server = DoorServer(front, bound, Settings())
    lines = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), os.fdopen(0))

    async def obey() -> None:
        while line := await lines.readline():
            count = int(line)
            await database.write(lambda c, count=count: add(c, count))  # type: ignore[misc]  # a loop's count
            exchange.ring()

    gc.freeze()
    print(port_of(bound), flush=True)
    await asyncio.gather(server.keep_open(), exchange.run(), sockets.run(), obey())


def add(connection: Connection, count: int) -> None:
    outbox = Outbox(connection, CLOCK.now())
    for number in range(count):
        facts = {"listId": "list_0", "name": "x" * 100, "quantity": 1, "number": 1000000 + number}
        outbox.add("list.item_added", facts, key="list_0")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name, asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(serve(Path(name) / "events.db"))
