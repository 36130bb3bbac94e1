"""Sentences of the queue: read, maybe read twice, and told."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
import structlog

from manciple.grocery.actions.understand import EMBEDDED, Sentence
from manciple.grocery.domain.language.frames import Frame
from manciple.grocery.domain.noted_intents import NotedIntent
from manciple.grocery.domain.second_opinions import Rule, Settled, is_worth_asking, settle
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import MancipleError

if TYPE_CHECKING:
    from manciple.grocery.domain.language.understander import Understander

PROCESSING, RESULT, ERROR = (f"grocery-nlp.{name}" for name in ("processing", "result", "error"))

_log = structlog.get_logger(__name__)


class SecondReader(Protocol):
    """Another reader of sentences, slower and outside of this process."""

    @property
    def name(self) -> str:
        """The name of its model."""
        ...

    async def read(self, sentence: str, *, context: str | None = None) -> Frame:
        """The frame of a sentence, or an error of the outside."""
        ...


class Told(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """News of a sentence, as subscribers read it."""

    job_id: int
    query: str
    user_id: str
    result: dict[str, Any] | None = None
    error: str | None = None


class ReadSentences:
    """Does the work of the queue: each sentence is a job."""

    def __init__(
        self,
        stores: Stores,
        clock: Clock,
        understander: Callable[[], "Understander"],
        *,
        second: SecondReader | None = None,
    ) -> None:
        self._stores = stores
        self._clock = clock
        self._understander = understander
        self._second = second

    async def begin(self, sentence: Sentence, job_id: int) -> None:
        """Tells that a sentence is being read."""
        told = Told(job_id=job_id, query=sentence.query, user_id=sentence.user_id)
        owner = sentence.user_id
        await self._stores.write(
            lambda tx: tx.outbox.add(PROCESSING, told, key=str(job_id), owner_id=owner)
        )

    async def read(self, sentence: Sentence, job_id: int) -> Callable[[Transaction], Any]:
        """What reading a sentence changes, to be done where its job ends; gives the result."""
        embedded = self._understander().understand(sentence.query, sentence.context)
        settled, opinion = await self._settled(sentence, embedded)
        result = _result(settled, opinion)
        told = Told(job_id=job_id, query=sentence.query, user_id=sentence.user_id, result=result)
        is_models = settled.rule is Rule.MODEL_IN_TOP_THREE and self._second is not None
        noted = NotedIntent(
            intent_id=sentence.intent_id,
            user_id=sentence.user_id,
            user_query=sentence.query,
            detected_intent=settled.frame.intents[0],
            confidence=settled.frame.confidence,
            entities={"intents": settled.frame.intents, "entities": result["entities"]},
            model_used=self._second.name if is_models and self._second else EMBEDDED,
            created_at=self._clock.now(),
            job_id=job_id,
            second_opinion=opinion,
        )

        def effect(tx: Transaction) -> dict[str, Any]:
            tx.intents.settle(noted)
            tx.outbox.add(RESULT, told, key=str(job_id), owner_id=sentence.user_id)
            return result

        return effect

    async def _settled(
        self, sentence: Sentence, embedded: Frame
    ) -> tuple[Settled, dict[str, Any] | None]:
        """The reading that counts, and what is kept of the second one."""
        second = self._second
        if second is None or not (sentence.wants_second or is_worth_asking(embedded)):
            missing = {"rule": Rule.NOT_ASKED, "problem": "no language model is set up"}
            is_missed = second is None and sentence.wants_second
            settled = Settled(frame=embedded, rule=Rule.NOT_ASKED)
            return settled, missing if is_missed else None
        try:
            read = await second.read(sentence.query, context=sentence.context)
        except MancipleError as error:
            _log.warning("understand.second.failed", model=second.name, problem=str(error))
            failed = {"model": second.name, "rule": Rule.MODEL_FAILED, "problem": str(error)}
            return Settled(frame=embedded, rule=Rule.MODEL_FAILED), failed
        settled = settle(embedded, read)
        opinion = {
            "model": second.name,
            "rule": settled.rule,
            "intents": read.intents,
            "entities": [_entity(one) for one in read.entities],
            "embeddedIntents": embedded.intents,
            "embeddedConfidence": round(embedded.confidence, 4),
        }
        if settled.rule is not Rule.AGREED:
            _log.info("understand.second.differed", model=second.name, rule=settled.rule)
        return settled, opinion


def failure(sentence: Sentence, job_id: int, error: str) -> Callable[[Transaction], None]:
    """What the end of hope for a sentence changes: its news."""
    told = Told(job_id=job_id, query=sentence.query, user_id=sentence.user_id, error=error)

    def effect(tx: Transaction) -> None:
        tx.outbox.add(ERROR, told, key=str(job_id), owner_id=sentence.user_id)

    return effect


def _result(settled: Settled, opinion: dict[str, Any] | None) -> dict[str, Any]:
    frame = settled.frame
    return {
        "intents": list(frame.intents),
        "entities": [_entity(one) for one in frame.entities],
        "confidence": round(frame.confidence, 4),
        "alternatives": [
            {"intent": one.intent, "confidence": round(one.confidence, 4)}
            for one in frame.alternatives
        ],
        "band": frame.band,
        "needsConfirmation": frame.needs_confirmation,
        "source": frame.source,
        "secondOpinion": opinion,
    }


def _entity(entity: Any) -> dict[str, Any]:
    row: dict[str, Any] = msgspec.to_builtins(entity)
    return {key: value for key, value in row.items() if value is not None}
