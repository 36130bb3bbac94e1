"""The unmodified `@trpc/client` against a live door, through every link that it has."""

import asyncio
import contextlib
from pathlib import Path

import pytest

from manciple.platform.rpc.door_state import DoorState
from tests.acceptance.trpc_client.door import SILENT, Extra, client_door
from tests.integration.host.houses import a_house
from tests.integration.trpc.live import serving
from tests.node.installed import installed, node_environment

HERE = Path(__file__).parent
TIMEOUT_S = 100


@pytest.fixture(scope="session")
def _node_project() -> Path:
    return installed()


@pytest.mark.usefixtures("_node_project")
@pytest.mark.parametrize("script", ["calls.test.mjs", "subscriptions.test.mjs"])
async def test_the_official_client_works_against_the_door(script: str) -> None:
    extra = Extra()
    door = client_door(extra)
    cutting = asyncio.ensure_future(_cut_connections(extra, door.state))
    async with serving(door) as port, serving(client_door(Extra(), SILENT)) as silent_port:
        code, output = await _node(script, TRPC_URL=_url(port), TRPC_SILENT_URL=_url(silent_port))
    cutting.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await cutting
    assert code == 0, output
    assert "# fail 0" in output


@pytest.mark.usefixtures("_node_project")
async def test_the_official_client_hears_the_events_of_a_house(tmp_path: Path) -> None:
    async with a_house(tmp_path) as home:
        code, output = await _node("events.test.mjs", TRPC_URL=f"{home.api}/trpc")
    assert code == 0, output
    assert "# fail 0" in output


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


async def _node(script: str, **environment: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        "node",
        "--experimental-eventsource",
        "--test",
        "--test-force-exit",
        "--test-reporter=tap",
        str(HERE / script),
        env={**node_environment(), **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), TIMEOUT_S)
    except TimeoutError:
        process.kill()
        raise
    return process.returncode or 0, output.decode()
