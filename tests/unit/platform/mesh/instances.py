"""Instances that answer as a test says, without any socket."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from manciple.platform.mesh.line import Line
from manciple.platform.mesh.peers import Member, Peers
from manciple.platform.mesh.retries import RetryBudget
from manciple.platform.mesh.spec import ServiceSpec, Strategy
from manciple.platform.rpc.client import Asked
from tests.fakes import FakeClock

SPEC = ServiceSpec(name="pricing", port=3007, priority=1, purpose="Prices")
Answer = Callable[[Asked], bytes | None]


@dataclass(frozen=True)
class Here:
    """An instance as the registry says it."""

    id: str
    address: str
    weight: int = 1
    capacity: int = 100


@dataclass
class Wires:
    """What each instance answers, by its id; `asked` is what came to whom."""

    clock: FakeClock
    answers: dict[str, Answer]
    asked: list[tuple[str, Asked]] = field(default_factory=list)
    timeouts_s: list[float] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    looks: int = 0
    members: list[Here] = field(default_factory=list)
    hold: asyncio.Event | None = None
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def discover(self, service: str) -> Sequence[Here]:
        """The registry."""
        assert service == SPEC.name
        self.looks += 1
        return list(self.members)

    def connect(self, member: Member) -> "FakeWire":
        """A client of one instance."""
        return FakeWire(member.id, self)


class FakeWire:
    """A client of one instance."""

    def __init__(self, id_: str, wires: Wires) -> None:
        self._id = id_
        self._wires = wires

    async def ask(self, asked: Asked, *, timeout_s: float) -> bytes | None:
        self._wires.asked.append((self._id, asked))
        self._wires.timeouts_s.append(timeout_s)
        self._wires.came.set()
        if self._wires.hold is not None:
            await self._wires.hold.wait()
        return self._wires.answers[self._id](asked)

    async def close(self) -> None:
        self._wires.closed.append(self._id)


def answering(body: bytes = b"1") -> Answer:
    """Always this."""
    return lambda _: body


def failing(error: Exception, clock: FakeClock | None = None, after_s: float = 0.0) -> Answer:
    """Always this error, after a while."""

    def fail(_: Asked) -> bytes:
        if clock is not None:
            clock.turn(after_s)
        raise error

    return fail


def a_line(
    answers: dict[str, Answer], *, budget: RetryBudget | None = None
) -> tuple[Line, Wires, FakeClock]:
    """A line to instances `a`, `b`, …, each with a private door, asked in turn."""
    clock = FakeClock()
    wires = Wires(clock, answers)
    wires.members = [Here(id_, f"unix:/run/{id_}.sock") for id_ in answers]
    spec = ServiceSpec(
        name=SPEC.name, port=1, priority=1, purpose="Prices", strategy=Strategy.ROUND_ROBIN
    )
    line = Line(spec, wires, clock=clock, connect=wires.connect, peers=Peers(spec), budget=budget)
    return line, wires, clock
