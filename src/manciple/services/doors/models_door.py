"""The path at which language models find the tools of a house."""

import importlib.metadata

from manciple.platform.rpc.mcp import About
from manciple.platform.rpc.mcp_door import McpDoor
from manciple.services.call_watch import CallWatch
from manciple.services.house import House

# What no single tool says. A model reads it before anything else, in every conversation.
INSTRUCTIONS = """\
The groceries of one household: real products, priced lists, substitutes, budgets, the pantry.
Ids of products come from walmartGrocery_search, those of lists from walmartGrocery_getLists.
Prices are US dollars; each says who stated it and how sure it is, and null means unknown: say so
and invent none. A whole wish in plain words goes to agent_ask, which shows a plan and its cost;
call agent_confirm only when the person has agreed. walmartGrocery_processCheckout hands a basket
over to the shop's cart: nothing is ever bought here.
"""


def mcp_door(house: House) -> McpDoor:
    """The door for what a house offers at this moment."""
    about = About(
        name="manciple",
        title="Manciple: groceries",
        version=importlib.metadata.version("manciple"),
        instructions=INSTRUCTIONS,
    )
    return McpDoor(
        house.table,
        house.context,
        about=about,
        settings=house.settings.wire,
        observer=CallWatch(house.watch.book),
        state=house.door_state,
        clock=house.clock,
    )
