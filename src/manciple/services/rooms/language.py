"""Plain sentences: what understands them, embedded and by a language model."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from manciple.grocery.actions.correct import Correct
from manciple.grocery.actions.read_sentences import ReadSentences
from manciple.grocery.actions.understand import Understand
from manciple.grocery.connectors.fetcher import Fetcher
from manciple.grocery.connectors.language_model import Dialect, LanguageModel, ModelSettings
from manciple.grocery.connectors.model_reader import ModelReader
from manciple.kit.clock import Clock
from manciple.kit.late import Late
from manciple.services.house import House
from manciple.services.settings import Settings

if TYPE_CHECKING:
    from manciple.grocery.domain.language import understander as models
else:
    # The numbers and taggers of the models: 25 MB that a queue without sentences does not need.
    models = Late("manciple.grocery.domain.language.understander")


@asynccontextmanager
async def language_room(house: House) -> AsyncIterator[None]:
    """Sets what understands; the models are loaded with the first sentence."""
    settings = house.settings
    fetcher, second = _second(settings, house.clock)
    house.understand = Understand(
        house.stores, house.clock, keeps_history=settings.language.history
    )
    house.sentences = ReadSentences(house.stores, house.clock, understander, second=second)
    house.correct = Correct(house.stores)
    try:
        yield
    finally:
        if fetcher is not None:
            await fetcher.close()


@cache
def understander() -> "models.Understander":
    """The models, which nothing changes; loaded once with the first sentence."""
    return models.Understander.load()


def _second(settings: Settings, clock: Clock) -> tuple[Fetcher | None, ModelReader | None]:
    """The language model that is asked for second opinions; none unless one is set up."""
    room = settings.language_model
    if not room.enabled:
        return None, None
    address = urlsplit(room.base_url)
    # The owner named this server, so it may be on the house's own network.
    fetcher = Fetcher(clock, trusted=frozenset({address.netloc}))
    model = ModelSettings(
        dialect=Dialect(room.dialect),
        base_url=room.base_url,
        model=room.model,
        api_key=str(room.api_key or ""),
        timeout_s=room.timeout_s,
        at_once=room.at_once,
    )
    return fetcher, ModelReader(LanguageModel(fetcher, model))
