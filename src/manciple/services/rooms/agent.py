"""The agent: a sentence becomes a plan, and a confirmed plan is done."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from manciple.grocery.actions.ask import Ask
from manciple.grocery.actions.confirm_plan import ConfirmPlan
from manciple.grocery.actions.ground import Ground
from manciple.grocery.actions.plan_desk import Desk
from manciple.services.house import House
from manciple.services.rooms.language import understander


@asynccontextmanager
async def agent_room(house: House) -> AsyncIterator[None]:
    """Sets the agent; needs the room of finding."""
    desk = Desk(
        stores=house.stores,
        clock=house.clock,
        ground=Ground(house.stores, house.search),
        search=house.search,
        substitutes=house.substitutes,
        recommend=house.recommend,
    )
    house.agent = Ask(desk, ConfirmPlan(house.stores, house.clock), understander)
    yield
