"""An exchange over a database in memory, and a listener."""

from manciple.platform.bus.exchange import Exchange
from manciple.platform.bus.hub import Hub
from manciple.platform.bus.news import Listener
from manciple.platform.bus.outbox import Outbox
from manciple.platform.db.database import Database
from tests.fakes import FakeClock

ANNA = Listener(id="l", user_id="anna", wants_each=True)


class Newsroom:
    """An exchange over a database in memory, pumped by hand."""

    def __init__(self, database: Database, *, max_waiting: int = 1000) -> None:
        self.database = database
        self.clock = FakeClock()
        hub = Hub(max_waiting=max_waiting)
        self.exchange = Exchange(database, self.clock, hub, has_changed=lambda: True)

    async def tell(
        self, *keys: str, topic: str = "list.item_added", owner: str | None = None
    ) -> None:
        def add(outbox: Outbox) -> None:
            for key in keys:
                outbox.add(topic, {"key": key}, key=key, owner_id=owner)

        await self.database.write(lambda c: add(Outbox(c, self.clock.now())))
