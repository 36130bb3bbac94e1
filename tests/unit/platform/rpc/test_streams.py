"""Streams of events over HTTP: how they stay alive, and every way in which they end."""

import asyncio

from manciple.platform.rpc.settings import WireSettings
from tests.unit.platform.rpc.asgi import ask
from tests.unit.platform.rpc.small_door import Watcher, small_door

IDLE = b"/trpc/shop.idle"
ENDED = ["shop.idle subscription OK"]


async def test_a_stream_that_is_old_ends_without_farewell_and_pings_before() -> None:
    watcher = Watcher()
    settings = WireSettings(sse_max_s=0.2, sse_ping_s=0.05, sse_reconnect_after_s=None)
    reply = await ask(small_door(settings, watcher), "GET", IDLE)
    assert reply.body.startswith(b"event: connected\ndata: {}\n\n\ndata: 1\n\n\n")
    assert reply.body.endswith(b"event: ping\ndata: \n\n\n")
    assert watcher.codes == ENDED


async def test_a_stream_ends_when_its_client_leaves() -> None:
    watcher = Watcher()
    door = small_door(watcher=watcher)
    await ask(door, "GET", IDLE, leaves=True)
    assert watcher.codes == ENDED
    assert door.state.subscriptions == 0


async def test_a_draining_door_ends_streams_so_that_clients_come_back() -> None:
    door = small_door()
    stream = asyncio.ensure_future(ask(door, "GET", IDLE))
    await asyncio.sleep(0)
    await asyncio.wait_for(door.drain(5), 120)
    reply = await stream
    assert b"return" not in reply.body
    assert door.state.is_idle


async def test_a_full_door_refuses_streams_in_a_way_that_clients_try_again() -> None:
    reply = await ask(small_door(WireSettings(max_streams=0)), "GET", IDLE)
    assert reply.status == 200
    assert b'event: serialized-error\ndata: {"message":' in reply.body
    assert b"SERVICE_UNAVAILABLE" in reply.body


async def test_an_id_that_no_frame_can_hold_is_our_mistake() -> None:
    watcher = Watcher()
    reply = await ask(small_door(watcher=watcher), "GET", b"/trpc/shop.badIds")
    assert b"INTERNAL_SERVER_ERROR" in reply.body
    assert len(watcher.crashes) == 1


async def test_a_resumed_stream_restores_the_id_after_items_without_one() -> None:
    target = b'/trpc/shop.items?input={"lines":[]}&lastEventId=7'
    reply = await ask(small_door(), "GET", target)
    assert b"data: -1\nid: \n\n\nevent: restore-id\ndata: \nid: 7\n\n\n" in reply.body
    assert reply.body.endswith(b"event: return\ndata: \n\n\n")
