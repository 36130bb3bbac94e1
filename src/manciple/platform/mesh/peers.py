"""The instances of one service as a caller knows them: how they answer, and who is next.

Pure: it is told the time and what the registry says. An instance that fails again and again within
a row is ejected for a while, beside what its breaker says; never more than half of them at once.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from manciple.kit.breaker import Breaker, BreakerSettings, Outcome, State, Ticket
from manciple.platform.mesh.balancer import Balancer, Instance, smoothed_s
from manciple.platform.mesh.spec import ServiceSpec

# So many failures in a row, whatever the breaker's window still holds.
FAILURES_IN_A_ROW = 3
FIRST_EJECTION_S = 2.0
LONGEST_EJECTION_S = 60.0
# Answers later than this count as slow; live prices take seconds and are no fault.
SLOW_S = 10.0
# How the address of a private door begins.
PRIVATE = "unix:"
_BREAKER = BreakerSettings(rest_s=1.0, longest_rest_s=15.0)


class Member(Protocol):
    """What the registry says of an instance."""

    @property
    def id(self) -> str:
        """Its id, never used twice."""
        ...

    @property
    def address(self) -> str:
        """`unix:/path` or `http://host:port`."""
        ...

    @property
    def weight(self) -> int:
        """Its share in weighted round robin."""
        ...

    @property
    def capacity(self) -> int:
        """Calls that it bears at once."""
        ...


class PeerState(msgspec.Struct, frozen=True, kw_only=True):
    """How one instance does, as its callers see it."""

    id: str
    address: str
    breaker: State
    is_ejected: bool
    in_flight: int
    calls: int
    failures: int
    response_s: float | None


@dataclass(slots=True)
class Peer:
    """One instance; only `Peers` writes to it."""

    member: Member
    breaker: Breaker
    seen_s: float
    in_flight: int = 0
    calls: int = 0
    failures: int = 0
    response_s: float | None = None
    answered_s: float = 0.0
    failed_in_a_row: int = 0
    ejections: int = 0
    ejected_until_s: float = field(default=float("-inf"))


@dataclass(frozen=True, slots=True)
class Turn:
    """A call that one instance was chosen for."""

    peer: Peer
    ticket: Ticket
    began_s: float


class Peers:
    """Chooses for one service, and remembers how each choice went."""

    def __init__(
        self,
        spec: ServiceSpec,
        balancer: Balancer | None = None,
        *,
        breaker: BreakerSettings = _BREAKER,
        slow_s: float = SLOW_S,
    ) -> None:
        self._service = spec.name
        self._balancer = balancer or Balancer(spec.strategy)
        self._breaker = breaker
        self._slow_s = slow_s
        self._by_id: dict[str, Peer] = {}

    def know(self, members: Iterable[Member], now_s: float) -> list[Peer]:
        """Takes over what the registry says; those whose address nobody has any more."""
        before = self._by_id
        self._by_id = {one.id: self._peer(before.get(one.id), one, now_s) for one in members}
        kept = {peer.member.address for peer in self._by_id.values()}
        return [peer for peer in before.values() if peer.member.address not in kept]

    def choose(self, now_s: float, *, without: Collection[str] = ()) -> Turn:
        """The instance for the next call, entered as under way.

        `without` are ids that were tried already.

        Raises:
            Unavailable: there is none, or none may be asked now.
        """
        left = [peer for id_, peer in self._by_id.items() if id_ not in without]
        picked = self._balancer.pick(
            [_instance(peer, now_s) for peer in left], service=self._service
        )
        peer = self._by_id[picked.id]
        ticket = peer.breaker.admit(now_s)
        peer.in_flight += 1
        peer.calls += 1
        return Turn(peer, ticket, now_s)

    def done(self, turn: Turn, outcome: Outcome, now_s: float) -> None:
        """Enters how a call went."""
        peer, took_s = turn.peer, now_s - turn.began_s
        peer.in_flight -= 1
        if outcome is Outcome.GOOD and took_s > self._slow_s:
            outcome = Outcome.SLOW
        peer.breaker.record(turn.ticket, outcome, now_s)
        if outcome is Outcome.BAD:
            peer.failures += 1
            self._failed(peer, now_s)
        elif outcome is not Outcome.NEUTRAL:
            since_s = now_s - peer.answered_s
            peer.response_s = smoothed_s(peer.response_s, took_s, since_s=since_s)
            peer.answered_s, peer.failed_in_a_row = now_s, 0

    def has_another(self, without: Collection[str]) -> bool:
        """Whether there is an instance that was not tried yet."""
        return any(id_ not in without for id_ in self._by_id)

    def without_private_door(self) -> frozenset[str]:
        """The ids of those that are reached at a port only; none, if nobody has another door."""
        public = frozenset(
            id_ for id_, peer in self._by_id.items() if not peer.member.address.startswith(PRIVATE)
        )
        return frozenset() if len(public) == len(self._by_id) else public

    def states(self, now_s: float) -> tuple[PeerState, ...]:
        """How each instance does, by id."""
        return tuple(_state(peer, now_s) for _, peer in sorted(self._by_id.items()))

    def _peer(self, before: Peer | None, member: Member, now_s: float) -> Peer:
        if before is None:
            return Peer(member, Breaker(self._service, self._breaker), now_s)
        before.member = member
        return before

    def _failed(self, peer: Peer, now_s: float) -> None:
        peer.failed_in_a_row += 1
        out = sum(1 for one in self._by_id.values() if one.ejected_until_s > now_s)
        if peer.failed_in_a_row < FAILURES_IN_A_ROW or (out + 1) * 2 > len(self._by_id):
            return
        rest_s = min(FIRST_EJECTION_S * 2.0**peer.ejections, LONGEST_EJECTION_S)
        peer.ejected_until_s = now_s + rest_s
        peer.ejections += 1
        peer.failed_in_a_row = 0


def _instance(peer: Peer, now_s: float) -> Instance:
    member = peer.member
    return Instance(
        id=member.id,
        weight=member.weight,
        capacity=member.capacity,
        in_flight=peer.in_flight,
        response_s=peer.response_s,
        age_s=now_s - peer.seen_s,
        is_broken=peer.ejected_until_s > now_s or peer.breaker.wait_s(now_s) > 0,
    )


def _state(peer: Peer, now_s: float) -> PeerState:
    return PeerState(
        id=peer.member.id,
        address=peer.member.address,
        breaker=peer.breaker.state(now_s),
        is_ejected=peer.ejected_until_s > now_s,
        in_flight=peer.in_flight,
        calls=peer.calls,
        failures=peer.failures,
        response_s=peer.response_s,
    )
