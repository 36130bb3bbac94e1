"""Starts processes of services, each with its listening socket, its log and its limits."""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from manciple.kit.errors import Unavailable
from manciple.platform.mesh import logs
from manciple.platform.mesh.process import Process, began_s
from manciple.platform.mesh.run_directory import Record, RunDirectory

if sys.platform != "win32":
    import resource

# What the system gives an instance before it refuses more, in units of the limit at which it is
# replaced: room to finish what it has, never enough to starve the machine.
_HARD_FACTOR = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """What a new instance must know: `fd` is the socket of its service, inherited.

    `ports` are those of all services, which may be others than were asked for.
    """

    id: str
    service: str
    generation: int
    fd: int
    ports: Mapping[str, int]
    door: Path
    handover: Path
    log: Path


Command = Callable[[Launch], Sequence[str]]


class Launcher:
    """Starts `command` for each new instance.

    An instance that takes more than `memory_bytes` is to be replaced; at four times as much the
    system refuses it more.
    """

    def __init__(self, run: RunDirectory, command: Command, *, memory_bytes: int) -> None:
        self.memory_bytes = memory_bytes
        self._run = run
        self._command = command

    def start(
        self, service: str, sockets: Mapping[str, socket.socket], *, generation: int
    ) -> tuple[Record, Process]:
        """A process of its own session, written down in the directory.

        It listens on the one of `sockets`, which are those of all services, that is its own.

        Raises:
            Unavailable: the system lets no process begin.
        """
        id_ = f"{service}-{secrets.token_hex(3)}"
        launch = Launch(
            id=id_,
            service=service,
            generation=generation,
            fd=sockets[service].fileno(),
            ports={name: bound.getsockname()[1] for name, bound in sockets.items()},
            door=self._run.door(id_),
            handover=self._run.handover(id_),
            log=self._run.log(service),
        )
        pid = self._begin(launch)
        # A child that is gone already still has its number until it is buried.
        process = Process.find(pid) or Process(pid, began_s(pid) or 0.0)
        record = Record(
            id=id_,
            service=service,
            pid=pid,
            started_s=process.started_s,
            generation=generation,
        )
        self._run.keep(record)
        self._limit(pid)
        return record, process

    def _begin(self, launch: Launch) -> int:
        try:
            log = logs.opened(launch.log)
            try:
                child = subprocess.Popen(  # noqa: S603 - the command is our own
                    list(self._command(launch)),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    pass_fds=(launch.fd,),
                    # Ctrl-C in the terminal is for the supervisor, which ends all in order.
                    start_new_session=True,
                )
            finally:
                os.close(log)
        except OSError as error:
            why = error.strerror or str(error)
            raise Unavailable(f"A process for {launch.service} ({why})", wait_s=1) from error
        # Whoever has it in charge buries it; and if that one goes, it is to live on.
        child.returncode = 0
        return child.pid

    def _limit(self, pid: int) -> None:
        """Bounds memory and cores, and lets it have as many files open as the system allows."""
        if not hasattr(resource, "prlimit"):
            return
        most_bytes = self.memory_bytes * _HARD_FACTOR
        # One that has ended already, or a system with stricter limits: those stand.
        with contextlib.suppress(OSError, ValueError):
            resource.prlimit(pid, resource.RLIMIT_DATA, (most_bytes, most_bytes))
            # Memory holds secrets; no crash writes it to a disk.
            resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))
            _, most_files = resource.prlimit(pid, resource.RLIMIT_NOFILE)
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (most_files, most_files))
