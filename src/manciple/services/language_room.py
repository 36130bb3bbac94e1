"""Everything of language, put together: the agent, the queue of sentences, the second reader."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from urllib.parse import urlsplit

from manciple.grocery.actions.ask import Ask
from manciple.grocery.actions.confirm_plan import ConfirmPlan
from manciple.grocery.actions.correct import Correct
from manciple.grocery.actions.ground import Ground
from manciple.grocery.actions.plan_desk import Desk
from manciple.grocery.actions.recommend import Recommend
from manciple.grocery.actions.search import Search
from manciple.grocery.actions.substitute import Substitute
from manciple.grocery.actions.understand import Understand
from manciple.grocery.connectors.fetcher import Fetcher
from manciple.grocery.connectors.language_model import Dialect, LanguageModel, ModelSettings
from manciple.grocery.connectors.model_reader import ModelReader
from manciple.grocery.domain.language.understander import Understander
from manciple.grocery.stores.stores import Stores
from manciple.kit.clock import Clock
from manciple.services.nlp_queue import NlpQueue
from manciple.services.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What understands sentences, and acts on them."""

    agent: Ask
    understand: Understand
    correct: Correct
    queue: NlpQueue
    fetcher: Fetcher | None

    async def close(self) -> None:
        """Lets go of what is open to the outside."""
        if self.fetcher is not None:
            await self.fetcher.close()


def language_room(
    settings: Settings,
    clock: Clock,
    stores: Stores,
    *,
    search: Search,
    substitutes: Substitute,
    recommend: Recommend,
) -> Language:
    """The room, furnished; the models are loaded with the first sentence."""
    desk = Desk(
        stores=stores,
        clock=clock,
        ground=Ground(stores, search),
        search=search,
        substitutes=substitutes,
        recommend=recommend,
    )
    fetcher, second = _second(settings, clock)
    understand = Understand(
        stores, clock, _understander, second=second, keeps_history=settings.language.history
    )
    return Language(
        agent=Ask(desk, ConfirmPlan(stores, clock), _understander),
        understand=understand,
        correct=Correct(stores),
        queue=_queue(settings, clock, stores, understand),
        fetcher=fetcher,
    )


@cache
def _understander() -> Understander:
    """The models, which nothing changes; loaded once with the first sentence."""
    return Understander.load()


def _queue(settings: Settings, clock: Clock, stores: Stores, understand: Understand) -> NlpQueue:
    keep = timedelta(days=settings.language.retention_days)
    at_once = settings.language.at_once
    return NlpQueue(stores, clock, understand, at_once=at_once, keep=keep)


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
