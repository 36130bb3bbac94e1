"""Runs the scripts of tests with Node's own test runner."""

import asyncio
from pathlib import Path

from tests.node.installed import installed, node_environment

# A test of a script that hangs is ended, and told by its name.
_EACH_WITHIN_MS = 300_000


async def passes(script: Path, **environment: str) -> None:
    """Fails with what the script said unless every one of its tests passes."""
    await asyncio.to_thread(installed)
    process = await asyncio.create_subprocess_exec(
        "node",
        "--experimental-eventsource",
        "--test",
        "--test-force-exit",
        "--test-reporter=tap",
        f"--test-timeout={_EACH_WITHIN_MS}",
        str(script),
        env={**node_environment(), **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    assert "# fail 0" in output.decode()
