"""The real client over server-sent events, while the server is killed again and again."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from tests.integration.bus.killable import a_killable_server
from tests.node.installed import installed, node_environment

HERE = Path(__file__).parent
# 100,000 when asked for; the default keeps the whole run short.
TOTAL = int(os.environ.get("MANCIPLE_KILL_EVENTS", "5000"))
KILLS = 3


@pytest.mark.timeout(900)
async def test_a_stream_that_comes_back_loses_and_doubles_nothing(tmp_path: Path) -> None:
    installed()
    async with a_killable_server(tmp_path) as server:
        address = f"http://127.0.0.1:{server.port}/trpc"
        process = await asyncio.create_subprocess_exec(
            "node",
            "--experimental-eventsource",
            "--max-old-space-size=2048",
            str(HERE / "killed.mjs"),
            env={**node_environment(), "TRPC_URL": address, "TOTAL": str(TOTAL)},
            stdout=asyncio.subprocess.PIPE,
        )
        publishing = asyncio.ensure_future(server.publish(TOTAL, kills=KILLS))
        async with asyncio.timeout(600):
            output, _ = await process.communicate()
        await publishing

    assert json.loads(output) == list(range(TOTAL))
