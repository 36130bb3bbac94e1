import asyncio
import contextlib

from manciple.platform.bus.outbox import Outbox
from tests.unit.platform.bus.newsroom import ANNA, Newsroom


async def test_who_waits_for_any_change_is_rung(room: Newsroom) -> None:
    rung = asyncio.Event()
    room.exchange.on_change(rung.set)
    running = asyncio.create_task(room.exchange.run())
    async with asyncio.timeout(120):
        await rung.wait()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def test_who_turns_up_in_a_household_hears_it_from_there_on_and_not_after_leaving(
    room: Newsroom,
) -> None:
    hub = room.exchange.hub
    moves = {"in": True, "out": False}
    room.exchange.on_turn("turn", lambda event: hub.move("anna", "home", is_in=moves[event.key]))
    room.exchange.join(ANNA, lambda: None)
    hub.subscribe(ANNA.id, ["list.*"])

    def tell(outbox: Outbox) -> None:
        for key in ("before", "in", "between", "out", "after"):
            topic = "turn" if key in moves else "list.item_added"
            outbox.add(topic, {}, key=key, household_id="home")

    await room.database.write(lambda c: tell(Outbox(c, room.clock.now())))
    assert await room.exchange.pump() == 5
    assert [event.key for event in hub.take(ANNA.id)[1]] == ["between"]


async def test_a_look_is_taken_again_if_somebody_moved_meanwhile(room: Newsroom) -> None:
    room.exchange.on_turn("turn", lambda _: None)
    looks = 0

    async def look() -> int:
        nonlocal looks
        looks += 1
        if looks == 1:
            await room.tell("anna", topic="turn")
            await room.exchange.pump()
        return looks

    assert await room.exchange.settled(look) == 2
