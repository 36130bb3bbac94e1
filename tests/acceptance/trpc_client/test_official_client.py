"""The unmodified `@trpc/client` against a live door, through every link that it has."""

import asyncio
import contextlib
from pathlib import Path

import pytest

from manciple.platform.rpc.door_state import DoorState
from tests.acceptance.trpc_client.door import SILENT, Extra, client_door
from tests.integration.trpc.live import serving
from tests.node.scripts import passes

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    "script", ["calls.test.mjs", "oddities.test.mjs", "subscriptions.test.mjs"]
)
async def test_the_official_client_works_against_the_door(script: str) -> None:
    extra = Extra()
    door = client_door(extra)
    cutting = asyncio.ensure_future(_cut_connections(extra, door.state))
    async with serving(door) as port, serving(client_door(Extra(), SILENT)) as silent_port:
        await passes(HERE / script, TRPC_URL=_url(port), TRPC_SILENT_URL=_url(silent_port))
    cutting.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await cutting


async def _cut_connections(extra: Extra, state: DoorState) -> None:
    """Breaks what is open whenever a procedure asks for it, as a bad network would."""
    while True:
        await extra.cut.wait()
        extra.cut.clear()
        state.closing.set()
        state.closing.clear()
        await state.close_sockets()


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}/trpc"
