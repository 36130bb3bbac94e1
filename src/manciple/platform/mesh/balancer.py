"""Which instance takes the next call. Pure: what is known of the instances goes in, one comes out.

Instances that drain or whose breaker is open are left out by `may_take_calls`, and so are full
ones while any other has room.
"""

import math
import random  # house: chance - two random choices are the strategy itself
from collections.abc import Iterable, Sequence
from typing import Protocol

import msgspec

from manciple.kit.errors import Unavailable
from manciple.platform.mesh.spec import Strategy

# A fresh instance takes its full share only after this long: caches and connections are cold.
SLOW_START_S = 10.0
_LEAST_SHARE = 0.1
# Half of what is known of response times comes from the last 5 s.
_HALF_LIFE_S = 5.0
_NO_INSTANCE_WAIT_S = 1.0


class Instance(msgspec.Struct, frozen=True, kw_only=True):
    """One process of a service, as the balancer sees it.

    `in_flight` calls of at most `capacity` are under way; `response_s` is the smoothed time of an
    answer, None while there is none; `age_s` is how long it has been ready.
    """

    id: str
    weight: int = 1
    capacity: int = 100
    in_flight: int = 0
    response_s: float | None = None
    age_s: float = math.inf
    is_draining: bool = False
    is_broken: bool = False


class Chance(Protocol):
    """What a strategy needs of a source of randomness."""

    def sample(self, population: Sequence[Instance], k: int) -> list[Instance]:
        """`k` different members."""
        ...


def may_take_calls(instances: Iterable[Instance]) -> list[Instance]:
    """The instances that may take a call, in order of their ids; full ones only if all are full."""
    able = [one for one in instances if not one.is_draining and not one.is_broken]
    able.sort(key=lambda one: one.id)
    return [one for one in able if one.in_flight < one.capacity] or able


class Balancer:
    """Chooses for one service; it remembers only whose turn it is."""

    def __init__(self, strategy: Strategy, chance: Chance | None = None) -> None:
        self._strategy = strategy
        self._chance = chance or random.Random()
        self._turn = 0
        self._credit: dict[str, float] = {}

    def pick(self, instances: Iterable[Instance], *, service: str = "The service") -> Instance:
        """The instance that should take the next call.

        Raises:
            Unavailable: none may.
        """
        able = may_take_calls(instances)
        if not able:
            raise Unavailable(service, wait_s=_NO_INSTANCE_WAIT_S)
        match self._strategy:
            case Strategy.ROUND_ROBIN:
                return self._next(able)
            case Strategy.WEIGHTED_ROUND_ROBIN:
                return self._smooth(able)
            case Strategy.LEAST_CONNECTIONS:
                return min(able, key=lambda one: (load(one), one.id))
            case Strategy.LEAST_RESPONSE_TIME:
                return self._quicker_of_two(able)

    def _next(self, able: Sequence[Instance]) -> Instance:
        self._turn += 1
        return able[(self._turn - 1) % len(able)]

    def _smooth(self, able: Sequence[Instance]) -> Instance:
        """Smooth weighted round robin: shares by weight, without runs on the heaviest."""
        credit = {one.id: self._credit.get(one.id, 0.0) + share(one) for one in able}
        best = max(able, key=lambda one: credit[one.id])
        credit[best.id] -= sum(share(one) for one in able)
        self._credit = credit
        return best

    def _quicker_of_two(self, able: Sequence[Instance]) -> Instance:
        """The better of two random ones: nearly as good as the best, and no stampede on it."""
        if len(able) == 1:
            return able[0]
        pair = self._chance.sample(able, 2)
        return min(pair, key=lambda one: (expected_s(one), one.id))


def share(one: Instance) -> float:
    """The weight, growing over the slow start from a tenth to all of it."""
    return one.weight * max(_LEAST_SHARE, min(1.0, one.age_s / SLOW_START_S))


def load(one: Instance) -> float:
    """Calls under way for each unit of weight, the next one counted."""
    return (one.in_flight + 1) / share(one)


def expected_s(one: Instance) -> float:
    """How long the next call may take: the smoothed answer time, times those in the way.

    One that never answered counts as instant, so that it is tried; its slow start protects it.
    """
    return (one.response_s or 0.001) * load(one)


def smoothed_s(before_s: float | None, took_s: float, *, since_s: float) -> float:
    """The response time after one more answer; the older the last one, the less it weighs."""
    if before_s is None:
        return took_s
    keep = math.pow(0.5, since_s / _HALF_LIFE_S)
    # A burst of answers at one instant still has to count.
    keep = min(keep, 0.9)
    return before_s * keep + took_s * (1 - keep)
