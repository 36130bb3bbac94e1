"""How a mesh is, put together from what is wanted and what runs. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from manciple.platform.mesh.charge import Charge
from manciple.platform.mesh.orders import InstanceStatus, ServiceStatus
from manciple.platform.mesh.registry import Entry
from manciple.platform.mesh.wish import Wish


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, by the clock that ages are told with and by the one on the wall."""

    s: float
    at: datetime


def service_statuses(
    wishes: Iterable[Wish], charges: Sequence[Charge], now: Moment
) -> tuple[ServiceStatus, ...]:
    """Each service with its instances, the eldest first."""
    return tuple(_service(wish, charges, now) for wish in wishes)


def _service(wish: Wish, charges: Sequence[Charge], now: Moment) -> ServiceStatus:
    mine = [one for one in charges if one.record.service == wish.spec.name]
    mine.sort(key=lambda one: (one.began_s, one.id))
    return ServiceStatus(
        name=wish.spec.name,
        port=wish.port,
        wanted=wish.wanted,
        generation=wish.generation,
        instances=tuple(_instance(wish, one, now) for one in mine),
        is_automatic=wish.is_automatic,
        is_looping=wish.is_looping(now.s),
        crashes=wish.crashes_lately(now.s),
        next_start_s=wish.next_start_s(now.s),
        last_end=wish.last_end,
    )


def _instance(wish: Wish, charge: Charge, now: Moment) -> InstanceStatus:
    entry = charge.entry or _unregistered(wish, charge, now.at)
    return InstanceStatus(
        entry=msgspec.structs.replace(entry, phase=charge.phase),
        uptime_s=round(now.s - charge.began_s, 3),
    )


def _unregistered(wish: Wish, charge: Charge, now: datetime) -> Entry:
    """What there is to say of an instance that has not registered yet."""
    record, spec = charge.record, wish.spec
    return Entry(
        id=record.id,
        service=record.service,
        address="",
        pid=record.pid,
        started_s=record.started_s,
        generation=record.generation,
        weight=spec.weight,
        capacity=spec.capacity,
        health_path=spec.health_path,
        since_at=now,
    )
