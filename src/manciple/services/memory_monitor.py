"""The memory monitor: looks after what processes use, and keeps the house tidy."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from manciple.api import memory_monitor
from manciple.kit.looper import Looper
from manciple.services.doors.service_door import service_door
from manciple.services.house import House
from manciple.services.housekeeping import (
    CHECKPOINT_EVERY_S,
    HEALTH_EVERY_S,
    OVERDUE_EVERY_S,
    EndTheOverdue,
    ForgetNews,
    ForgetTheOutdated,
    NoteAudit,
    TellHealth,
)
from manciple.services.monitor import Monitor
from manciple.services.rooms.monitor import monitor_room
from manciple.services.service import Service
from manciple.services.table import spec_of


@asynccontextmanager
async def _duties(house: House) -> AsyncIterator[None]:
    """Looks every few seconds, and keeps the house tidy: see `housekeeping`."""
    stores, clock, own = house.stores, house.clock, house.settings
    health = TellHealth(stores, house.watch)
    news = ForgetNews(stores, clock, own.events)
    outdated, audit = ForgetTheOutdated(stores, clock, own.security), NoteAudit(house.audit)
    overdue = EndTheOverdue(stores, own.security)
    assert isinstance(house.monitor, Monitor)  # noqa: S101 - the room of this very service made it
    look, every_s = house.monitor.turn, float(own.memory_monitor.every_s)
    async with (
        Looper("memory-monitor", look, every_s=every_s, clock=clock),
        Looper("tell-health", health.turn, every_s=HEALTH_EVERY_S, clock=clock),
        Looper("note-audit", audit.turn, every_s=CHECKPOINT_EVERY_S, clock=clock),
        Looper("end-overdue", overdue.turn, every_s=OVERDUE_EVERY_S, clock=clock),
        Looper("forget-outdated", outdated.turn, every_s=own.events.retention_every_s, clock=clock),
        Looper("forget-news", news.turn, every_s=own.events.retention_every_s, clock=clock),
    ):
        yield


SERVICE = Service(
    spec=spec_of("walmart-memory-monitor"),
    section="memory_monitor",
    rooms=(monitor_room,),
    routers=(memory_monitor.router,),
    duties=_duties,
    door=service_door(),
)
