"""The warmer's rounds: in order, within their budget, one at a time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest

from manciple.grocery.actions.note_uses import MOST_IN_MEMORY, MOST_KEPT, NoteUses
from manciple.grocery.actions.warm import Budget, Place, WarmCache
from manciple.grocery.domain.uses import UseKind, uses_now, weight
from manciple.grocery.stores.opening import open_database_in_memory
from manciple.grocery.stores.stores import Stores
from manciple.kit.errors import Unavailable
from tests.fakes import FakeClock


@dataclass
class Cold:
    """A place that takes a while to answer, and fails where it is told to."""

    name: str
    clock: FakeClock
    takes_s: float = 0.1
    fails: frozenset[str] = frozenset()
    asked: list[tuple[UseKind, str]] = field(default_factory=list)
    began_s: list[float] = field(default_factory=list)

    async def ask(self, kind: UseKind, key: str) -> None:
        self.began_s.append(self.clock.monotonic())
        await asyncio.sleep(0)
        self.clock.turn(self.takes_s)
        if key in self.fails:
            raise Unavailable(self.name, wait_s=1)
        self.asked.append((kind, key))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def stores(clock: FakeClock) -> AsyncIterator[Stores]:
    database = open_database_in_memory()
    yield Stores(database, clock)
    await database.close()


async def used(stores: Stores, kind: UseKind, **uses: float) -> None:
    await stores.write(
        lambda tx: tx.uses.add(kind, {key: weight(n, tx.now) for key, n in uses.items()})
    )


def a_warmer(stores: Stores, clock: FakeClock, *places: Place, **budget: float) -> WarmCache:
    async def find() -> Sequence[Place]:
        return places

    allowed = {"searches": 10, "products": 10, "calls": 100, "seconds": 60.0} | budget
    return WarmCache(stores, clock, find, budget=Budget(**allowed), every_s=900.0)  # type: ignore[arg-type]  # by name


async def test_the_most_used_is_ready_first_at_every_place(
    stores: Stores, clock: FakeClock
) -> None:
    await used(stores, UseKind.SEARCH, milk=9, eggs=2)
    await used(stores, UseKind.PRODUCT, p1=5)
    one, other = Cold("one", clock), Cold("other", clock)
    done = await a_warmer(stores, clock, one, other).warm()

    expected = [(UseKind.SEARCH, "milk"), (UseKind.PRODUCT, "p1"), (UseKind.SEARCH, "eggs")]
    assert one.asked == other.asked == expected
    assert (done.places, done.searches, done.products, done.calls) == (2, 2, 1, 6)
    assert (done.failed, done.is_cut) == (0, False)


async def test_a_place_rests_as_long_as_it_worked(stores: Stores, clock: FakeClock) -> None:
    await used(stores, UseKind.SEARCH, a=3, b=2, c=1)
    cold = Cold("one", clock, takes_s=0.2)
    await a_warmer(stores, clock, cold).warm()
    assert cold.began_s == pytest.approx([0.0, 0.4, 0.8])


@pytest.mark.parametrize(("budget", "calls"), [({"calls": 2}, 2), ({"seconds": 0.5}, 3)])
async def test_a_round_ends_with_its_budget(
    stores: Stores, clock: FakeClock, budget: dict[str, float], calls: int
) -> None:
    await used(stores, UseKind.SEARCH, a=4, b=3, c=2, d=1)
    done = await a_warmer(stores, clock, Cold("one", clock), **budget).warm()
    assert (done.calls, done.is_cut) == (calls, True)


async def test_what_fails_is_counted_and_stops_nothing(stores: Stores, clock: FakeClock) -> None:
    await used(stores, UseKind.SEARCH, a=2, b=1)
    cold = Cold("one", clock, fails=frozenset({"a"}))
    done = await a_warmer(stores, clock, cold).warm()
    assert (done.calls, done.failed, cold.asked) == (2, 1, [(UseKind.SEARCH, "b")])


async def test_rounds_never_overlap(stores: Stores, clock: FakeClock) -> None:
    await used(stores, UseKind.SEARCH, a=1)
    cold = Cold("one", clock)
    warmer = a_warmer(stores, clock, cold)
    first, second = await asyncio.gather(warmer.warm(), warmer.warm())
    assert first == second
    assert (warmer.rounds, len(cold.asked), warmer.is_warming) == (1, 1, False)


async def test_only_newcomers_are_warmed_out_of_turn(stores: Stores, clock: FakeClock) -> None:
    await used(stores, UseKind.SEARCH, a=1)
    places: list[Place] = [one := Cold("one", clock)]

    async def find() -> Sequence[Place]:
        return places

    budget = Budget(searches=1, products=1, calls=9, seconds=9.0)
    warmer = WarmCache(stores, clock, find, budget=budget, every_s=900.0)
    assert await warmer.warm_newcomers() is not None
    assert await warmer.warm_newcomers() is None
    places.append(other := Cold("other", clock))
    assert await warmer.warm_newcomers() is not None
    assert (len(one.asked), len(other.asked)) == (1, 1)


async def test_what_was_used_once_is_never_written_down(stores: Stores, clock: FakeClock) -> None:
    notes = NoteUses(stores)
    notes.searched("milk")
    notes.searched("milk")
    notes.looked_at("p1")
    assert await notes.flush() == 1
    best = await stores.read(lambda tx: tx.uses.best(UseKind.SEARCH, 9))
    assert [key for key, _ in best] == ["milk"]
    assert uses_now(best[0][1], clock.now()) == pytest.approx(2)
    assert await stores.read(lambda tx: tx.uses.best(UseKind.PRODUCT, 9)) == []
    notes.looked_at("p1")
    notes.searched("milk")
    assert await notes.flush() == 2
    assert await notes.flush() == 0


async def test_notes_are_bounded_in_memory_and_on_disk(stores: Stores) -> None:
    notes = NoteUses(stores)
    for turn in range(2):
        for number in range(MOST_IN_MEMORY + 50):
            notes.looked_at(f"p{turn}-{number}")
    assert len(notes._counts) == MOST_IN_MEMORY
    for number in range(MOST_KEPT + 50):
        notes.looked_at(f"q{number}")
        notes.looked_at(f"q{number}")
    await notes.flush()
    kept = await stores.read(lambda tx: tx.uses.best(UseKind.PRODUCT, 10_000))
    assert len(kept) == MOST_KEPT


async def test_nothing_is_noted_where_that_is_off(stores: Stores) -> None:
    notes = NoteUses(stores, is_on=False)
    notes.searched("milk")
    notes.searched("milk")
    assert await notes.flush() == 0


async def test_long_texts_are_nobodys_searches(stores: Stores) -> None:
    notes = NoteUses(stores)
    for _ in range(2):
        notes.searched("x" * 500)
    await notes.flush()
    assert await stores.read(lambda tx: tx.uses.best(UseKind.SEARCH, 9)) == []
