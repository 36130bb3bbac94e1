"""Finds the instances that an earlier supervisor left running, and takes back their sockets."""

import asyncio
import socket
from collections.abc import Callable, Iterable, Sequence

from manciple.platform.mesh.charge import Charge
from manciple.platform.mesh.handover import fetched
from manciple.platform.mesh.process import Process
from manciple.platform.mesh.registry import Entry
from manciple.platform.mesh.run_directory import Record, RunDirectory

Bind = Callable[[str, int | None], socket.socket]


def left_running(
    records: Iterable[Record], entries: Iterable[Entry], now_s: float
) -> tuple[list[Charge], list[str]]:
    """Those who live, by what was written down and by their leases, and the ids of the dead.

    The phase comes from the lease; one that has none is given the time of a start to get one.
    """
    leases = {entry.id: entry for entry in entries if not entry.is_guest}
    known = {record.id: record for record in records}
    for id_, entry in leases.items():
        known.setdefault(id_, record_of(entry))
    living: list[Charge] = []
    dead: list[str] = []
    for id_, record in known.items():
        process = Process.find(record.pid, record.started_s)
        if process is None:
            dead.append(id_)
            continue
        living.append(adopted(record, process, leases.get(id_), now_s))
    return living, dead


def record_of(entry: Entry) -> Record:
    """What would have been written down of an instance that is known by its lease only."""
    return Record(
        id=entry.id,
        service=entry.service,
        pid=entry.pid,
        started_s=entry.started_s,
        generation=entry.generation,
    )


def adopted(record: Record, process: Process, entry: Entry | None, now_s: float) -> Charge:
    """The instance in the charge of its new supervisor, as if it had been seen alive just now."""
    charge = Charge(record=record, process=process, began_s=now_s, since_s=now_s, beat_s=now_s)
    if entry is not None:
        charge.see(entry, now_s)
    return charge


async def listeners_of(
    services: Sequence[str],
    charges: Sequence[Charge],
    run: RunDirectory,
    *,
    bind: Bind,
) -> dict[str, socket.socket]:
    """The listening socket of each service: that of a living instance, else a new one.

    Those instances of a service whose socket none of them gives back are killed, for its port
    would stay with them.

    Raises:
        Refused: a port cannot be had.
    """
    ports = {name: resolve.port for name, resolve in run.resolves().items()}
    found: dict[str, socket.socket] = {}
    try:
        for service in services:
            mine = [one for one in charges if one.record.service == service]
            bound = await _given_back(mine, run)
            found[service] = bound or bind(service, ports.get(service))
    except BaseException:  # house: catches - closes what was opened and raises it again
        for each in found.values():
            each.close()
        raise
    return found


async def _given_back(charges: Sequence[Charge], run: RunDirectory) -> socket.socket | None:
    for one in charges:
        bound = await asyncio.to_thread(fetched, run.handover(one.id))
        if bound is not None:
            return bound
    for one in charges:
        one.why = "it did not hand over its socket"
        one.process.kill()
        # A process that is killed ends within milliseconds, even a stopped one.
        while one.process.is_running():  # noqa: ASYNC110 - nobody tells of one that is not ours
            await asyncio.sleep(0.01)
    return None
