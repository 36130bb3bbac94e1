"""The line to one service: every call goes to the instance that should take it.

What was not taken is sent to another instance whatever it does; what broke on its way only if it
is a query, for those change nothing. All of it within one deadline and one budget of retries.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from manciple.kit.breaker import Outcome
from manciple.kit.clock import Clock
from manciple.kit.errors import MancipleError, TimedOut, TooMany, Unavailable
from manciple.kit.telemetry import traced
from manciple.platform.mesh.peers import PRIVATE, Member, Peers, PeerState, Turn
from manciple.platform.mesh.retries import RetryBudget
from manciple.platform.mesh.spec import ServiceSpec
from manciple.platform.rpc.client import Asked, Cut, NotReached
from manciple.platform.rpc.codes import WireError
from manciple.platform.rpc.procedure import Kind

# What the registry said is believed for so long; whoever is not reached makes us look at once.
LOOK_EVERY_S = 0.5
# Asking a shop for many prices takes this long on a bad day.
TIMEOUT_S = 30.0
_MOST_TRIES = 3


class Discovery(Protocol):
    """Who knows the instances of a service."""

    async def discover(self, service: str) -> Sequence[Member]:
        """Those that are ready and alive."""
        ...


class Wire(Protocol):
    """A client of one instance."""

    async def ask(self, asked: Asked, *, timeout_s: float) -> bytes | None:
        """The output as JSON text."""
        ...

    async def close(self) -> None:
        """Closes its connections."""
        ...


class Line:
    """Calls to one service. Close it when done."""

    def __init__(
        self,
        spec: ServiceSpec,
        discovery: Discovery,
        *,
        clock: Clock,
        connect: Callable[[Member], Wire],
        peers: Peers | None = None,
        budget: RetryBudget | None = None,
    ) -> None:
        self.service = spec.name
        self._discovery = discovery
        self._clock = clock
        self._connect = connect
        self._peers = peers or Peers(spec)
        self._budget = budget or RetryBudget()
        self._wires: dict[str, Wire] = {}
        # Gone from the registry, but still at work on a call of ours.
        self._leaving: set[str] = set()
        self._looked_s = float("-inf")
        self._looking: asyncio.Task[None] | None = None

    async def ask(
        self,
        asked: Asked,
        *,
        private: Mapping[str, str] | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> bytes | None:
        """The output of one call as JSON text; None where the procedure gives nothing.

        Headers in `private` go only to an instance's private door, never to a port; who has such
        a door is asked first then, for a port would not know the caller.

        Raises:
            Unavailable: no instance took the call.
            Cut: the connection broke, and the call may not be sent again.
            TimedOut: nobody answered in time.
            MancipleError: whatever the service raised.
        """
        ends_s = self._clock.monotonic() + timeout_s
        self._budget.earn(self._clock.monotonic())
        await self._look()
        tried = list(self._peers.without_private_door()) if private else []
        most = len(tried) + _MOST_TRIES
        failed: MancipleError | None = None
        while True:
            turn = self._choose(tried, failed)
            tried.append(turn.peer.member.id)
            may_go_on = len(tried) < most and self._peers.has_another(tried)
            left_s = max(0.001, ends_s - self._clock.monotonic())
            if may_go_on and asked.kind is Kind.QUERY:
                # Time is left for another instance.
                left_s /= 2
            try:
                return await self._once(turn, asked, private, timeout_s=left_s)
            except (NotReached, Cut, TimedOut) as error:
                is_over = len(tried) >= most or self._clock.monotonic() >= ends_s
                if is_over or not await self._may_try_again(error, asked.kind, tried):
                    raise
                failed = error

    async def look(self) -> None:
        """Returns if there is an instance to call.

        Raises:
            Unavailable: there is none.
        """
        await self._look()
        if not self._peers.has_another(()):
            raise Unavailable(self.service, wait_s=LOOK_EVERY_S)

    def states(self) -> tuple[PeerState, ...]:
        """How each instance does, as seen from here."""
        return self._peers.states(self._clock.monotonic())

    async def close(self) -> None:
        """Closes every connection."""
        wires, self._wires = self._wires, {}
        await asyncio.gather(*(wire.close() for wire in wires.values()))

    def _choose(self, tried: Sequence[str], failed: MancipleError | None) -> Turn:
        """Who takes the call; where nobody else may, the first failure stands."""
        try:
            return self._peers.choose(self._clock.monotonic(), without=tried)
        except Unavailable:
            if failed is not None:
                raise failed from None
            raise

    async def _once(
        self, turn: Turn, asked: Asked, private: Mapping[str, str] | None, *, timeout_s: float
    ) -> bytes | None:
        member = turn.peer.member
        if private and member.address.startswith(PRIVATE):
            headers = {**(asked.headers or {}), **private}
            asked = Asked(path=asked.path, kind=asked.kind, text=asked.text, headers=headers)
        outcome = Outcome.NEUTRAL
        try:
            with traced("mesh.call", procedure=asked.path, instance=member.id):
                output = await self._wire(member).ask(asked, timeout_s=timeout_s)
            outcome = Outcome.GOOD
        except MancipleError as error:
            outcome = _outcome(error)
            raise
        finally:
            self._peers.done(turn, outcome, self._clock.monotonic())
            if turn.peer.in_flight == 0 and member.address in self._leaving:
                await self._hang_up(member.address)
        return output

    async def _may_try_again(self, error: MancipleError, kind: Kind, tried: Sequence[str]) -> bool:
        """Whether the call goes to another instance after it failed so."""
        if kind is not Kind.QUERY and not isinstance(error, NotReached):
            return False
        # Whoever just went may have a successor that we have not heard of.
        await self._look(at_once=isinstance(error, NotReached))
        return self._peers.has_another(tried) and self._budget.spend(self._clock.monotonic())

    def _wire(self, member: Member) -> Wire:
        wire = self._wires.get(member.address)
        if wire is None:
            wire = self._wires[member.address] = self._connect(member)
        return wire

    async def _look(self, *, at_once: bool = False) -> None:
        """Asks the registry, unless it was asked just now; many callers share one question."""
        is_new = self._clock.monotonic() - self._looked_s < LOOK_EVERY_S
        if is_new and not at_once:
            return
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_now())
        await asyncio.shield(self._looking)

    async def _look_now(self) -> None:
        members = await self._discovery.discover(self.service)
        self._looked_s = self._clock.monotonic()
        gone = self._peers.know(members, self._looked_s)
        self._leaving -= {member.address for member in members}
        for peer in gone:
            if peer.in_flight:
                self._leaving.add(peer.member.address)
            else:
                await self._hang_up(peer.member.address)

    async def _hang_up(self, address: str) -> None:
        self._leaving.discard(address)
        wire = self._wires.pop(address, None)
        if wire is not None:
            await wire.close()


def _outcome(error: MancipleError) -> Outcome:
    """What an error says of the instance; faults of the caller and of the outside say nothing."""
    if isinstance(error, NotReached | Cut | TimedOut):
        return Outcome.BAD
    if isinstance(error, WireError) and error.code.name == "INTERNAL_SERVER_ERROR":
        return Outcome.BAD
    return Outcome.NEUTRAL if isinstance(error, Unavailable | TooMany) else Outcome.GOOD
