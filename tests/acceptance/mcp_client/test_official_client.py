"""The unmodified `@modelcontextprotocol/sdk` against the product."""

from pathlib import Path

from tests.acceptance.attacks.besieged import besieged, data, populate
from tests.acceptance.product import started
from tests.node.scripts import passes

HERE = Path(__file__).parent


async def test_an_agent_shops_in_an_open_house(tmp_path: Path) -> None:
    with started(tmp_path / "x.db") as product:
        await passes(HERE / "tools.test.mjs", MCP_URL=product.mcp)


async def test_an_agent_of_somebody_may_what_its_token_says(tmp_path: Path) -> None:
    with besieged(tmp_path) as house:
        populate(house)
        bob = house.as_("bob")
        tokens = [
            data(bob.do("auth.createToken", {"name": "agent", "grants": grants}))["secret"]
            for grants in (["read"], ["read", "write"])
        ]
        house.secrets.add(*tokens)
        await passes(
            HERE / "people.test.mjs",
            MCP_URL=house.product.mcp,
            READ_TOKEN=tokens[0],
            WRITE_TOKEN=tokens[1],
        )
