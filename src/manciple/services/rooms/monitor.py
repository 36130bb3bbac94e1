"""Monitoring: who measures, and who hears of it. Nothing moves here by itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import structlog

from manciple.api.monitor_reports import Pressure
from manciple.api.shapes_events import PressureChanged, SystemFault
from manciple.grocery.stores.stores import Transaction
from manciple.platform.mesh.registry import Registry
from manciple.services.house import House
from manciple.services.measuring import Measuring
from manciple.services.monitor import Monitor

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def monitor_room(house: House) -> AsyncIterator[None]:
    """Sets the monitor; the service of that name lets it look."""
    registry = Registry(house.stores.database, house.clock)

    async def tell(pressure: Pressure, is_raised: bool) -> None:  # noqa: FBT001 - as it is called
        await house.stores.write(partial(_add_news, pressure=pressure, is_raised=is_raised))
        _log.warning(
            "monitor.pressure.raised" if is_raised else "monitor.pressure.over",
            name=pressure.name,
            instance=pressure.instance,
            value=pressure.value,
            threshold=pressure.threshold,
        )

    house.monitor = Monitor(
        house.clock,
        Measuring(house.clock, house.settings.database.path),
        house.settings.memory_monitor,
        find_entries=registry.entries,
        tell=tell,
        mark_leaking=registry.mark_leaking,
    )
    yield


def _add_news(tx: Transaction, *, pressure: Pressure, is_raised: bool) -> None:
    """What changed, for everybody; and for administrators that something is wrong."""
    facts = PressureChanged(
        name=pressure.name,
        instance=pressure.instance,
        is_raised=is_raised,
        value=pressure.value,
        threshold=pressure.threshold,
    )
    key = f"{pressure.name}:{pressure.instance}"[:100]
    tx.outbox.add("system.pressure", facts, key=key)
    if is_raised:
        what = (
            f"{pressure.name} of {pressure.instance} is {pressure.value:g}, "
            f"above {pressure.threshold:g}"
        )
        tx.outbox.add("system.error", SystemFault(what=what), key=key)
