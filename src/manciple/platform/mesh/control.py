"""A client of the supervisor, over its socket in the run directory."""

import asyncio
from pathlib import Path

import msgspec

from manciple.kit.errors import TimedOut, Unavailable
from manciple.platform.mesh.orders import (
    MAX_LINE_BYTES,
    Answer,
    Deploy,
    Down,
    Drain,
    Failed,
    MeshStatus,
    Order,
    Restart,
    Scale,
    Status,
)

# The supervisor answers at once. A machine may stand still for seconds; beyond that it is stuck.
ANSWER_S = 15.0

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(Answer)


class Control:
    """Orders for the supervisor behind `path`; each answers how everything is once it is taken.

    An order that takes time (a scaling, a restart, the end) is taken at once and goes on; ask
    `status` how far it is.
    """

    def __init__(self, path: Path, *, answer_s: float = ANSWER_S) -> None:
        self._path = path
        self._answer_s = answer_s

    async def status(self) -> MeshStatus:
        """How everything is.

        Raises:
            Unavailable: no supervisor runs.
            TimedOut: it does not answer.
        """
        return await self._ask(Status())

    async def deploy(self) -> MeshStatus:
        """Has every service run that should; rests after crashes end now.

        Raises:
            Unavailable: no supervisor runs.
            TimedOut: it does not answer.
        """
        return await self._ask(Deploy())

    async def scale(self, service: str, count: int | None) -> MeshStatus:
        """Keeps `count` instances of a service from now on; None leaves it to the load.

        Raises:
            NotFound: no such service.
            InvalidInput: more or fewer than the service may have.
            Unavailable: no supervisor runs.
            TimedOut: it does not answer.
        """
        return await self._ask(Scale(service=service, count=count))

    async def drain(self, instance_id: str) -> MeshStatus:
        """Replaces one instance, a fresh one first.

        Raises:
            NotFound: no such instance.
            Unavailable: no supervisor runs.
            TimedOut: it does not answer.
        """
        return await self._ask(Drain(id=instance_id))

    async def restart(self, service: str | None = None) -> MeshStatus:
        """Replaces every instance of a service, or of all, one by one.

        Raises:
            NotFound: no such service.
            Unavailable: no supervisor runs.
            TimedOut: it does not answer.
        """
        return await self._ask(Restart(service=service))

    async def down(self) -> MeshStatus:
        """Ends everything gracefully, and then the supervisor.

        Raises:
            Unavailable: no supervisor runs.
            TimedOut: it does not answer.
        """
        return await self._ask(Down())

    async def _ask(self, order: Order) -> MeshStatus:
        try:
            async with asyncio.timeout(self._answer_s):
                line = await self._exchange(_encoder.encode(order))
        except TimeoutError as error:
            raise TimedOut(after_s=self._answer_s) from error
        except (OSError, ValueError) as error:
            raise Unavailable("The mesh (no supervisor runs)", wait_s=1) from error
        try:
            answer = _decoder.decode(line)
        except msgspec.DecodeError as error:
            # It ended while it answered, or it is of another version.
            raise Unavailable("The mesh (its supervisor answered nonsense)", wait_s=1) from error
        if isinstance(answer, Failed):
            answer.throw()
        return answer.status

    async def _exchange(self, line: bytes) -> bytes:
        path = str(self._path)
        reader, writer = await asyncio.open_unix_connection(path, limit=MAX_LINE_BYTES)
        try:
            writer.write(line + b"\n")
            await writer.drain()
            return await reader.readline()
        finally:
            writer.close()
