"""Reads, behind the open doors, what would make the first question of each kind slow."""

import structlog

from manciple.kit.errors import MancipleError
from manciple.services.house import House

# Whoever began to search goes on for a moment, and should not wait for a quarter of a second.
_LET_SEARCH_S = 2.0

_log = structlog.get_logger(__name__)


async def warming(house: House) -> None:
    """Returns when everything is at hand: what searches need, then what substitutions need.

    Substitutions take 40 MB for the bundled shelf, so they wait until somebody searches at all.
    """
    try:
        await house.search.prepare()
        await house.search.asked.wait()
        await house.clock.sleep(_LET_SEARCH_S)
        await house.substitutes.warm()
    except MancipleError as error:
        # Nothing is lost: whoever asks first waits, and hears of it.
        _log.warning("warming.failed", problem=str(error))
