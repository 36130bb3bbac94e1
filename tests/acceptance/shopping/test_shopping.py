"""Shopping through the doors only: the real client against a whole house with its shelf."""

import asyncio
from pathlib import Path

from tests.integration.host.houses import a_house
from tests.node.installed import installed, node_environment

HERE = Path(__file__).parent


async def node(script: str, **environment: str) -> tuple[int, str]:
    """The exit code and the output of a script run by Node's own test runner."""
    process = await asyncio.create_subprocess_exec(
        "node",
        "--test",
        "--test-force-exit",
        "--test-reporter=tap",
        str(HERE / script),
        env={**node_environment(), **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(100):
        output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


async def test_every_grocery_procedure_of_the_specification_answers(tmp_path: Path) -> None:
    installed()
    async with a_house(tmp_path) as home:
        code, output = await node("chapter_one.test.mjs", TRPC_URL=f"{home.api}/trpc")

    assert code == 0, output
    assert "# fail 0" in output
