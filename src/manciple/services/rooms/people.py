"""People: who signs in and out, who is registered, whose programs hold tokens, who lives here."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from manciple.grocery.actions.households import LiveTogether
from manciple.grocery.actions.keep_sign_ins import KeepSignIns, Lifetimes
from manciple.grocery.actions.oversee_people import OverseePeople
from manciple.grocery.actions.register import Register
from manciple.grocery.actions.share_lists import ShareLists
from manciple.grocery.actions.sign_in import SignPeopleIn
from manciple.grocery.actions.take_leave import TakeLeave
from manciple.grocery.actions.tokens import KeepTokens
from manciple.platform.security.passwords import Passwords
from manciple.services.house import House

# Each takes 19 MiB and a core; a crowd at the door must wait rather than fill the memory.
_HASHINGS_AT_ONCE = 2


@asynccontextmanager
async def people_room(house: House) -> AsyncIterator[None]:
    """Sets what people do about their own sign-in."""
    stores, clock, security = house.stores, house.clock, house.security
    own, passwords = house.settings.security, Passwords()
    hashing = asyncio.Semaphore(_HASHINGS_AT_ONCE)
    keys, revocations = security.keys, security.guard.revocations
    house.sign_ins = KeepSignIns(
        stores,
        clock,
        keys=keys,
        revocations=revocations,
        lifetimes=Lifetimes(
            access_s=own.access_token_s, session_s=own.session_s, idle_s=own.idle_s
        ),
    )
    house.sign_in = SignPeopleIn(stores, house.sign_ins, passwords=passwords, hashing=hashing)
    house.register = Register(
        stores,
        clock,
        passwords,
        hashing=hashing,
        policy=own.registration,
        setup_code=security.setup_code,
    )
    house.people = OverseePeople(stores, clock, passwords=passwords, revocations=revocations)
    house.tokens = KeepTokens(stores, clock, keys=keys, revocations=revocations)
    house.households = LiveTogether(stores, clock)
    house.sharing = ShareLists(stores)
    house.leave = TakeLeave(stores, house.sign_in, house.sign_ins)
    yield
