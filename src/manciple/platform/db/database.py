"""One writer and several readers over one database.

A piece of work is a plain function over a connection. It runs as one transaction in one thread
hop, so no await can ever stand inside a transaction. What differs between engines is in
`Engines`; this file knows none of them.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from manciple.kit import tracing
from manciple.kit.errors import MancipleError, Unavailable

T = TypeVar("T")
Work = Callable[[Connection], T]

# A thousand waiting transactions are seconds of work; whoever comes later is told so at once.
MAX_WAITING = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """The engine-specific parts of a database.

    `readers` is how many transactions may read at once; 0 where the writer must read too (a
    database in memory lives in its one connection). `translate` turns a driver's error into one
    of ours, or None where the fault is in our own SQL. `before_begin` readies a connection for a
    transaction that must survive a power cut when `durable`.
    """

    name: str
    writer: Engine
    reader: Engine
    readers: int
    translate: Callable[[DBAPIError], MancipleError | None]
    before_begin: Callable[[Connection, bool], None]
    before_close: Callable[[Engine], None]


class Database:
    """Transactions over one database, each a whole piece of work in one thread."""

    def __init__(self, engines: Engines, *, max_waiting: int = MAX_WAITING) -> None:
        self.engines = engines
        self._max_waiting = max_waiting
        self._waiting = 0
        self._is_closed = False
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="db-writer")
        self._reading = (
            ThreadPoolExecutor(engines.readers, thread_name_prefix="db-reader")
            if engines.readers
            else self._writing
        )

    async def read(self, work: Work[T]) -> T:
        """What `work` returns, from one consistent snapshot.

        Raises:
            Unavailable: the database is closed, overloaded, locked or damaged.
        """
        return await self._hop(self._reading, lambda: self.read_here(work))

    async def write(self, work: Work[T], *, durable: bool = False) -> T:
        """What `work` returns, committed; nothing of it is kept if it raises.

        With `durable` the commit survives a power cut, not only a crash of the process. If the
        caller is cancelled meanwhile the transaction still ends by itself, one way or the other.

        Raises:
            Conflict: a constraint of the schema says no.
            Unavailable: the database is closed, overloaded, locked, full or damaged.
        """
        return await self._hop(self._writing, lambda: self.write_here(work, durable=durable))

    def read_here(self, work: Work[T]) -> T:
        """As `read`, in the calling thread."""
        return self._run(self.engines.reader, work, durable=False)

    def write_here(self, work: Work[T], *, durable: bool = False) -> T:
        """As `write`, in the calling thread; waits for the writer's connection."""
        return self._run(self.engines.writer, work, durable=durable)

    async def close(self) -> None:
        """Returns when running work has ended and every connection is closed; may be repeated."""
        if self._is_closed:
            return
        self._is_closed = True
        await asyncio.to_thread(self.close_here)

    def close_here(self) -> None:
        """As `close`, in the calling thread."""
        self._is_closed = True
        self._reading.shutdown(wait=True)
        self._writing.shutdown(wait=True)
        self.engines.reader.dispose()
        self.engines.before_close(self.engines.writer)
        self.engines.writer.dispose()

    async def _hop(self, executor: ThreadPoolExecutor, run: Callable[[], T]) -> T:
        if self._is_closed:
            raise Unavailable("The database (closed)", wait_s=1)
        if self._waiting >= self._max_waiting:
            raise Unavailable("The database (too much work is waiting)", wait_s=1)
        self._waiting += 1
        if tracing.is_on():
            # The thread belongs to no task: it is told which trace it works for.
            run = partial(copy_context().run, run)
        try:
            return await asyncio.get_running_loop().run_in_executor(executor, run)
        finally:
            self._waiting -= 1

    def _run(self, engine: Engine, work: Work[T], *, durable: bool) -> T:
        try:
            with engine.connect() as connection:
                self.engines.before_begin(connection, durable)
                with connection.begin():
                    return work(connection)
        except DBAPIError as error:
            ours = self.engines.translate(error)
            if ours is None:
                raise
            raise ours from error
        except PoolTimeout as error:
            raise Unavailable("The database (every connection is busy)", wait_s=1) from error
