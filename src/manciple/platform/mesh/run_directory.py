"""The directory of a running mesh: its sockets, its lock, its logs, and who was started.

It stands beside the database, so that one database has one mesh.
"""

import contextlib
import fcntl
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from manciple.kit.errors import Refused

# The kernel takes 107 bytes for the path of a socket; the longest name of ours has some 40.
_MAX_SOCKET_PATH = 107
_NAME_BYTES = 40
_PRIVATE = 0o700


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One process that a supervisor started, kept so that its successor finds it again."""

    id: str
    service: str
    pid: int
    started_s: float
    generation: int = 0


class Resolve(msgspec.Struct, frozen=True, kw_only=True):
    """What was wanted of a service; `port` is the one it really had."""

    port: int
    wanted: int
    is_pinned: bool = False
    generation: int = 0


class RunDirectory:
    """The run directory of the database at `database`; `open` makes it."""

    def __init__(self, database: Path) -> None:
        self.path = database.absolute().with_name(database.name + ".run")
        self._sockets = self.path
        if len(os.fsencode(self.path)) + _NAME_BYTES > _MAX_SOCKET_PATH:
            digest = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]
            self._sockets = Path(tempfile.gettempdir()) / f"manciple-{os.getuid()}-{digest}"

    @property
    def control(self) -> Path:
        """The supervisor's socket."""
        return self._sockets / "supervisor.sock"

    @property
    def logs(self) -> Path:
        """The folder of the logs."""
        return self.path / "logs"

    def door(self, id_: str) -> Path:
        """The private HTTP door of an instance."""
        return self._sockets / f"{id_}.sock"

    def handover(self, id_: str) -> Path:
        """Where an instance hands over the socket it listens on."""
        return self._sockets / f"{id_}.hand"

    def log(self, service: str) -> Path:
        """The log of a service, or of the supervisor."""
        return self.logs / f"{service}.log"

    def open(self) -> None:
        """Makes the directories, for this user only.

        Raises:
            Refused: they cannot be had, or belong to somebody else.
        """
        for folder in {self.path, self._sockets, self.logs}:
            try:
                folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
                facts = folder.lstat()
            except OSError as error:
                raise Refused(f"cannot make {folder}: {error.strerror}") from error
            # Somebody may have laid it out for us in a folder that all may write.
            if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.getuid():
                raise Refused(f"{folder} is not a directory of this user")
            folder.chmod(_PRIVATE)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else supervises this database for the time of the block.

        Raises:
            Refused: somebody does.
        """
        with (self.path / "supervisor.lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                file.seek(0)
                pid = file.read().strip() or "unknown"
                raise Refused(
                    f"the mesh of this database is up already (supervisor {pid}); "
                    "`manciple status` shows it, `manciple down` ends it"
                ) from error
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            yield
            file.truncate(0)

    def is_locked(self) -> bool:
        """Whether somebody supervises this database, or is about to."""
        if not self.path.is_dir():
            return False
        try:
            with self.locked():
                return False
        except Refused:
            return True

    def clear(self) -> None:
        """Takes away what only a running mesh needs; logs stay. Nobody may be running."""
        self.resolve({})
        if self._sockets != self.path:
            with contextlib.suppress(OSError):
                self._sockets.rmdir()

    def records(self) -> list[Record]:
        """Every process that was started and not yet crossed out."""
        found: list[Record] = []
        for path in sorted(self.path.glob("*.process")):
            # Half-written when a supervisor died: that process is found by its lease.
            with contextlib.suppress(OSError, msgspec.DecodeError):
                found.append(msgspec.json.decode(path.read_bytes(), type=Record))
        return found

    def keep(self, record: Record) -> None:
        """Writes down a process that was started."""
        _write(self.path / f"{record.id}.process", msgspec.json.encode(record))

    def forget(self, id_: str) -> None:
        """Crosses out an instance that ended, with the sockets it left."""
        for path in (self.path / f"{id_}.process", self.door(id_), self.handover(id_)):
            with contextlib.suppress(OSError):
                path.unlink()

    def resolves(self) -> dict[str, Resolve]:
        """What was wanted of each service when it was last kept; empty if nothing was."""
        try:
            return msgspec.json.decode((self.path / "wanted.json").read_bytes(), type=_RESOLVES)
        except (OSError, msgspec.DecodeError):
            return {}

    def resolve(self, wanted: dict[str, Resolve]) -> None:
        """Keeps what is wanted, for a supervisor to come; nothing if `wanted` is empty."""
        path = self.path / "wanted.json"
        if wanted:
            _write(path, msgspec.json.encode(wanted))
        else:
            path.unlink(missing_ok=True)


_RESOLVES = dict[str, Resolve]


def _write(path: Path, body: bytes) -> None:
    """Replaces a file whole, so that no reader ever sees half of it.

    A full disk loses the note, not the mesh.
    """
    fresh = path.with_suffix(".new")
    with contextlib.suppress(OSError):
        fresh.write_bytes(body)
        fresh.replace(path)
