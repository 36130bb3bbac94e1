"""Keeps ready what people really use, wherever answers are kept: gently, and within a budget."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol

import msgspec
import structlog

from manciple.grocery.domain.uses import UseKind
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit import telemetry
from manciple.kit.clock import Clock
from manciple.kit.errors import MancipleError

_log = structlog.get_logger(__name__)


class Place(Protocol):
    """Where answers are kept: this process, or an instance of a service."""

    @property
    def name(self) -> str:
        """Which it is."""
        ...

    async def ask(self, kind: UseKind, key: str) -> None:
        """Asks as anybody would, so that the answer is ready for the next; fails as calls do."""
        ...


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """What one round may take: the most used searches and products, calls, and seconds."""

    searches: int
    products: int
    calls: int
    seconds: float


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """What one round did; `is_cut` where its budget ended it before everything was asked."""

    began_at: datetime
    took_s: float
    places: int
    searches: int
    products: int
    calls: int
    failed: int
    is_cut: bool


class WarmCache:
    """Goes its rounds over all places; `find_places` says which there are now.

    `every_s` is told to whoever asks; whoever owns the warmer goes by it.
    """

    def __init__(
        self,
        stores: Stores,
        clock: Clock,
        find_places: Callable[[], Awaitable[Sequence[Place]]],
        *,
        budget: Budget,
        every_s: float,
    ) -> None:
        self._stores = stores
        self._clock = clock
        self._find_places = find_places
        self._budget = budget
        self._turn = asyncio.Lock()
        self._seen: frozenset[str] = frozenset()
        self.every_s = every_s
        self.rounds = 0
        self.last: Round | None = None

    @property
    def is_warming(self) -> bool:
        """Whether a round is under way."""
        return self._turn.locked()

    async def warm(self) -> Round:
        """Goes one round over every place; whoever comes while one is under way gets that one's.

        Raises:
            Unavailable: the database cannot say what is used.
        """
        if self._turn.locked():
            async with self._turn:
                if self.last is not None:
                    return self.last
        async with self._turn:
            return await self._go(await self._find_places())

    async def warm_newcomers(self) -> Round | None:
        """Goes a round over the places that were not there before; None if there are none.

        Raises:
            Unavailable: the database cannot say what is used.
        """
        async with self._turn:
            places = await self._find_places()
            new = [place for place in places if place.name not in self._seen]
            self._seen = frozenset(place.name for place in places)
            return await self._go(new) if new else None

    async def _go(self, places: Sequence[Place]) -> Round:
        began_at, began_s = self._clock.now(), self._clock.monotonic()
        self._seen |= {place.name for place in places}
        wanted = await self._stores.read(self._most_used)
        calls = failed = 0
        is_cut = False
        with telemetry.span("cache_warmer.round"):
            # Each thing at every place before the next: what is used most is ready first.
            for kind, key, place in [(*each, place) for each in wanted for place in places]:
                if calls >= self._budget.calls or self._passed(began_s) >= self._budget.seconds:
                    is_cut = True
                    break
                calls += 1
                failed += not await self._ask(place, kind, key)
        counts = {kind: sum(each is kind for each, _ in wanted) for kind in UseKind}
        self.rounds += 1
        self.last = Round(
            began_at=began_at,
            took_s=round(self._passed(began_s), 6),
            places=len(places),
            searches=counts[UseKind.SEARCH],
            products=counts[UseKind.PRODUCT],
            calls=calls,
            failed=failed,
            is_cut=is_cut,
        )
        return self.last

    async def _ask(self, place: Place, kind: UseKind, key: str) -> bool:
        """Whether the place answered; then it is left alone for as long as that took."""
        asked_s = self._clock.monotonic()
        try:
            await place.ask(kind, key)
        except MancipleError as error:
            _log.info("cache_warmer.call.failed", place=place.name, problem=type(error).__name__)
            return False
        await self._clock.sleep(self._passed(asked_s))
        return True

    def _passed(self, since_s: float) -> float:
        return self._clock.monotonic() - since_s

    def _most_used(self, tx: Transaction) -> list[tuple[UseKind, str]]:
        """What is used most, the most used first."""
        found = [
            (weight, kind, key)
            for kind, most in (
                (UseKind.SEARCH, self._budget.searches),
                (UseKind.PRODUCT, self._budget.products),
            )
            for key, weight in tx.uses.best(kind, most)
        ]
        return [(kind, key) for _, kind, key in sorted(found, reverse=True)]
