"""Who runs and where it is reached: leases in the database that whoever lives renews.

An instance whose lease ran out is not told to callers any more; its row goes with `expire`.
"""

from collections.abc import AsyncIterator
from datetime import datetime

import msgspec
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    bindparam,
    case,
    delete,
    insert,
    not_,
    select,
    update,
)

from manciple.kit.clock import Clock
from manciple.platform.db.database import Database
from manciple.platform.db.tables import Instant
from manciple.platform.mesh.fleet import Phase
from manciple.platform.mesh.table import instances

# A dead process that nobody buries is forgotten after 9 s; a renewal each 3 s may be late twice.
TTL_S = 9.0
RENEWALS_OF_A_TTL = 3
# What `watch` waits between two looks: sooner than a caller gives up, later than anybody notices.
WATCH_EVERY_S = 0.25

_LEAVING = (Phase.DRAINING, Phase.STOPPING)
_c = instances.c
_KEPT_PHASE = case(
    (_c.phase.in_(_LEAVING) & bindparam("is_leaving", type_=Boolean).is_(False), _c.phase),
    else_=bindparam("own_phase"),
)
# Made once: every instance renews its lease again and again.
_RENEW = (
    update(instances)
    .where(_c.id == bindparam("of_id"))
    .values(
        phase=_KEPT_PHASE,
        since_at=case(
            (_c.phase == _KEPT_PHASE, _c.since_at), else_=bindparam("now", type_=Instant)
        ),
    )
)


class Vitals(msgspec.Struct, frozen=True, kw_only=True):
    """How an instance is. `cpu_share` 1.0 is one whole core; `response_s` is smoothed."""

    cpu_share: float = 0.0
    memory_bytes: int = 0
    in_flight: int = 0
    open_files: int = 0
    loop_lag_s: float = 0.0
    response_s: float | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One instance: `address` is `unix:` and a path, or `http://host:port`.

    The process is `pid` begun at `started_s`, as `process.began_s` tells it. It is in its phase
    since `since_at`. It renewed its lease at `beat_s` and counts until `until_s`, both by the
    monotonic clock of the machine.
    """

    id: str
    service: str
    address: str
    pid: int
    started_s: float
    since_at: datetime
    beat_s: float = 0.0
    until_s: float = 0.0
    phase: Phase = Phase.STARTING
    generation: int = 0
    weight: int = 1
    capacity: int = 100
    health_path: str = "/health"
    is_leaking: bool = False
    vitals: Vitals = Vitals()

    def is_leased(self, now_s: float) -> bool:
        """Whether its lease counts; one from before the machine's last start does not."""
        return self.beat_s <= now_s < self.until_s

    @property
    def is_guest(self) -> bool:
        """Whether it was registered by hand: nobody of the mesh starts, adopts or ends it."""
        return self.pid == 0


class Registry:
    """The leases; a lease not renewed for `ttl_s` is over."""

    def __init__(self, database: Database, clock: Clock, ttl_s: float = TTL_S) -> None:
        self.ttl_s = ttl_s
        self._database = database
        self._clock = clock

    @property
    def renew_every_s(self) -> float:
        """How often a lease should be renewed, so that it may fail twice."""
        return self.ttl_s / RENEWALS_OF_A_TTL

    async def register(self, entry: Entry) -> None:
        """Keeps the instance with a fresh lease, in its phase from now on.

        One that is known already is replaced.
        """
        row = _row(entry) | self._lease() | {"since_at": self._clock.now()}

        def work(connection: Connection) -> None:
            connection.execute(delete(instances).where(instances.c.id == entry.id))
            connection.execute(insert(instances), row)

        await self._database.write(work)

    async def renew(self, id_: str, *, phase: Phase, vitals: Vitals) -> bool:
        """Whether the lease goes on; False if it is gone, and registering anew is due.

        An instance that was told to drain stays so, whatever it thinks itself.
        """
        given = {"of_id": id_, "own_phase": phase.value, "is_leaving": phase in _LEAVING}
        given |= self._lease() | msgspec.structs.asdict(vitals) | {"now": self._clock.now()}
        changed = await self._database.write(
            lambda connection: connection.execute(_RENEW, given).rowcount
        )
        return changed == 1

    async def mark_leaking(self, id_: str) -> bool:
        """Asks for a fresh instance in the place of this one; False if there is none such."""
        return await self._change(id_, is_leaking=True)

    async def drain(self, id_: str) -> bool:
        """Takes an instance from callers' eyes; it finishes what it has. False: none such."""
        return await self._change(id_, phase=Phase.DRAINING.value, since_at=self._clock.now())

    async def leave(self, id_: str) -> None:
        """Forgets an instance."""
        await self._database.write(
            lambda connection: connection.execute(delete(instances).where(instances.c.id == id_))
        )

    async def discover(self, service: str) -> tuple[Entry, ...]:
        """The instances of a service that may be called: ready, their leases not over."""
        wanted = select(instances).where(
            instances.c.service == service,
            instances.c.phase == Phase.READY.value,
            _is_leased(self._clock.monotonic()),
        )
        return await self._read(wanted)

    async def entries(self) -> tuple[Entry, ...]:
        """Every instance that is kept, in whatever phase and with whatever lease."""
        return await self._read(select(instances))

    async def expire(self) -> int:
        """Forgets the instances whose leases are over, and tells how many they were."""
        over = delete(instances).where(not_(_is_leased(self._clock.monotonic())))
        return await self._database.write(lambda connection: connection.execute(over).rowcount)

    async def watch(self, service: str) -> AsyncIterator[tuple[Entry, ...]]:
        """What `discover` tells, now and each time it changes; never ends by itself."""
        told: tuple[Entry, ...] | None = None
        while True:
            found = await self.discover(service)
            if found != told:
                told = found
                yield found
            await self._clock.sleep(WATCH_EVERY_S)

    async def _read(self, wanted: Select[tuple[object, ...]]) -> tuple[Entry, ...]:
        in_order = wanted.order_by(instances.c.service, instances.c.id)
        return await self._database.read(
            lambda connection: tuple(_entry(row) for row in connection.execute(in_order).mappings())
        )

    async def _change(self, id_: str, **changes: object) -> bool:
        statement = update(instances).where(instances.c.id == id_).values(**changes)
        changed = await self._database.write(
            lambda connection: connection.execute(statement).rowcount
        )
        return changed == 1

    def _lease(self) -> dict[str, float]:
        now_s = self._clock.monotonic()
        return {"beat_s": now_s, "until_s": now_s + self.ttl_s}


def _is_leased(now_s: float) -> ColumnElement[bool]:
    return and_(_c.beat_s <= now_s, _c.until_s > now_s)


def _row(entry: Entry) -> dict[str, object]:
    row = msgspec.structs.asdict(entry)
    del row["vitals"]
    return row | msgspec.structs.asdict(entry.vitals) | {"phase": entry.phase.value}


def _entry(row: RowMapping) -> Entry:
    vitals = Vitals(**{name: row[name] for name in Vitals.__struct_fields__})
    facts = {name: row[name] for name in Entry.__struct_fields__ if name != "vitals"}
    return Entry(**facts | {"phase": Phase(row["phase"]), "vitals": vitals})
