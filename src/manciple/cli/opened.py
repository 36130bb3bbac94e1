"""What `serve` and `up` say once the house is open."""

from manciple.services.addresses import Addresses


def open_lines(where: Addresses) -> str:
    """Every address to open, one a line, and in a new house how somebody becomes its owner."""
    return (
        f"  page       {where.api}/\n"
        f"  tRPC       {where.api}/trpc\n"
        f"  MCP        {where.api}/mcp\n"
        f"  WebSocket  {where.websocket}/trpc\n"
        f"  reference  {where.api}/docs\n"
        f"  health     {where.api}/health\n"
        f"{_how_to_set_up(where)}"
    )


def _how_to_set_up(where: Addresses) -> str:
    if where.setup_code is None:
        return ""
    needed = "not needed on this machine until somebody is registered"
    if not where.is_open_house:
        needed = "needed, and nobody is registered yet"
    return f"  sign-in    {needed}\n  setup      {where.api}/setup#{where.setup_code}\n"
