"""The mesh of the six services, put together: the one place that says how an instance is started.

It opens no house and imports no service, so that a supervisor stays small.
"""

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial

import msgspec

from manciple.grocery.stores.opening import open_database
from manciple.kit.clock import SystemClock
from manciple.kit.errors import Refused
from manciple.kit.this_python import this_python
from manciple.platform.mesh.launcher import Command, Launch, Launcher
from manciple.platform.mesh.orders import MeshStatus
from manciple.platform.mesh.registry import Registry
from manciple.platform.mesh.run_directory import RunDirectory
from manciple.platform.mesh.supervisor import Supervisor
from manciple.services.doors.sockets import listen
from manciple.services.doors.tls import tls_of
from manciple.services.instance_program import MODULE, Start
from manciple.services.key_file import key_ring
from manciple.services.settings import Loaded, Settings, variable_of
from manciple.services.table import SERVICES

# The group of settings that has each service's port.
SECTIONS = {
    "walmart-api-server": "api",
    "walmart-websocket": "websocket",
    "walmart-pricing": "pricing",
    "walmart-nlp-queue": "nlp_queue",
    "walmart-cache-warmer": "cache_warmer",
    "walmart-memory-monitor": "memory_monitor",
}

# Without the columns of every instruction, which only mark places in tracebacks: 3 MB of the six.
_LEAN = ("-X", "no_debug_ranges")


def run_directory(settings: Settings) -> RunDirectory:
    """Where the mesh of these settings' database has its sockets and logs."""
    return RunDirectory(settings.database.path)


@contextmanager
def mesh_of(loaded: Loaded, *, on_turn: Callable[[MeshStatus], None]) -> Iterator[Supervisor]:
    """The supervisor of the six services over the settings' database, which is made if missing.

    Its lock is held from here on: whoever wants its end knows that it is coming up.

    Raises:
        Refused: another one supervises this database, which may also be of a newer version or in
            a folder that cannot be had; or the certificate or the signing key cannot be used.
        Unavailable: the database cannot be opened.
    """
    settings, clock = loaded.settings, SystemClock()
    run = run_directory(settings)
    run.open()
    with run.locked(), ExitStack() as opened:
        # No instance could tell so well what is wrong with any of these.
        tls_of(settings.api)
        key_ring(settings.database.path, given=settings.security.signing_key)
        database = open_database(settings.database.path, readers=1)
        opened.callback(database.close_here)
        yield Supervisor(
            SERVICES,
            Registry(database, clock),
            run,
            Launcher(run, command(loaded), memory_bytes=settings.mesh.memory_limit_bytes),
            bind=partial(bind, settings),
            clock=clock,
            drain_s=settings.api.drain_s,
            log_bytes=settings.mesh.log_bytes,
            on_turn=on_turn,
        )


def bind(settings: Settings, service: str, before: int | None) -> socket.socket:
    """A socket on the service's port; where any will do, on that of `before` if it is free.

    Raises:
        Refused: the port cannot be had.
    """
    port: int = getattr(settings, SECTIONS[service]).port
    try:
        return _listen(settings, service, port or before or 0)
    except Refused:
        if port:
            raise
        return _listen(settings, service, 0)


def _listen(settings: Settings, service: str, port: int) -> socket.socket:
    api = settings.api
    variable = variable_of(f"{SECTIONS[service]}.port")
    try:
        return listen(
            api.host,
            port,
            variable=variable,
            backlog=api.backlog,
            command="up",
            write_timeout_s=settings.security.write_timeout_s,
        )
    except Refused as error:
        raise Refused(f"{service}: {error}") from error


def command(loaded: Loaded) -> Command:
    """How an instance is started: with this program's own arguments, and the real ports."""
    file = None if loaded.file is None else str(loaded.file)

    def of(launch: Launch) -> Sequence[str]:
        arguments = dict(loaded.arguments)
        for service, port in launch.ports.items():
            arguments[f"{SECTIONS[service]}.port"] = str(port)
        instance = {
            "id": launch.id,
            "service": launch.service,
            "generation": launch.generation,
            "fd": launch.fd,
            "door": str(launch.door),
            "handover": str(launch.handover),
            "log": str(launch.log),
        }
        start = Start(instance=instance, arguments=arguments, file=file)
        text = msgspec.json.encode(start).decode()
        return this_python(*_LEAN, "-m", MODULE, launch.service, text)

    return of
