"""What is read behind open doors, and when."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

from manciple.kit.errors import Unavailable
from manciple.services.house import House
from manciple.services.warming import warming
from tests.fakes import FakeClock


@dataclass
class Asked:
    """A search, or the search for substitutes; it notes what it is told."""

    told: list[str]
    is_broken: bool = False
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def prepare(self) -> None:
        self.told.append("searches")
        if self.is_broken:
            raise Unavailable("the search index", wait_s=1)

    async def warm(self) -> None:
        self.told.append("substitutions")


@dataclass
class Rooms:
    """As much of a house as warming sees."""

    search: Asked
    substitutes: Asked
    clock: FakeClock = field(default_factory=FakeClock)


def rooms(told: list[str], **search: Any) -> Rooms:
    return Rooms(search=Asked(told, **search), substitutes=Asked(told))


async def test_substitutions_wait_until_somebody_searches() -> None:
    told: list[str] = []
    house = rooms(told)
    behind = asyncio.create_task(warming(cast("House", house)))
    for _ in range(5):
        await asyncio.sleep(0)
    assert told == ["searches"]
    house.search.asked.set()
    await behind
    assert told == ["searches", "substitutions"]


async def test_a_failure_is_left_to_whoever_asks_first() -> None:
    told: list[str] = []
    await warming(cast("House", rooms(told, is_broken=True)))
    assert told == ["searches"]
