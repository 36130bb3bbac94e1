"""Sentences to frames, in this process, in about a millisecond."""

import io
from collections.abc import Sequence
from importlib import resources

import msgspec
import numpy as np

from manciple.grocery.domain.language.clauses import Judged, split
from manciple.grocery.domain.language.contexts import NONE, kind_of
from manciple.grocery.domain.language.features import sentence_features, token_features
from manciple.grocery.domain.language.frames import (
    Alternative,
    Band,
    ConversationState,
    Entity,
    Frame,
)
from manciple.grocery.domain.language.grouping import entities_of
from manciple.grocery.domain.language.lexicon import Lexicon
from manciple.grocery.domain.language.linear import LinearModel
from manciple.grocery.domain.language.network import IntentModel, Network
from manciple.grocery.domain.language.readings import Reading, read
from manciple.grocery.domain.language.spelling import Speller
from manciple.grocery.domain.language.tagger import Tagger

MAX_TEXT = 2000
OUT_OF_SCOPE = "out_of_scope"
# Intents that talk about the talk; nothing in them names a thing.
BARE = frozenset({OUT_OF_SCOPE, "affirm", "deny", "cancel", "help", "smalltalk"})
# What these do cannot be taken back, or costs money.
GRAVE = frozenset({"list_delete", "checkout", "order_cancel"})


class Thresholds(msgspec.Struct, frozen=True, kw_only=True):
    """How sure is sure enough; probabilities.

    Below `accept` a caller should ask back; grave intents need a yes whatever the confidence.
    """

    accept: float = 0.55
    out_of_scope: float = 0.5


class Understander:
    """The embedded understander. It is not changed by use and may be shared by threads' turns."""

    def __init__(
        self,
        *,
        intents: IntentModel,
        boundaries: LinearModel,
        tagger: Tagger,
        lexicon: Lexicon,
        thresholds: Thresholds | None = None,
    ) -> None:
        self._intents = intents
        self._boundaries = boundaries
        self._tagger = tagger
        self._lexicon = lexicon
        self._speller = Speller(lexicon.names.words)
        self._thresholds = thresholds or Thresholds()

    @classmethod
    def load(
        cls, lexicon: Lexicon | None = None, *, thresholds: Thresholds | None = None
    ) -> "Understander":
        """The understander that ships; `lexicon` may have learned the names of a catalog."""
        folder = resources.files(__package__).joinpath("model")
        intents, boundaries = models_from(folder.joinpath("linear.npz").read_bytes())
        tagger = Tagger(folder.joinpath("entities.crfsuite").read_bytes())
        return cls(
            intents=intents,
            boundaries=boundaries,
            tagger=tagger,
            lexicon=lexicon or Lexicon.shipped(),
            thresholds=thresholds,
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """All intents it can tell."""
        return tuple(self._intents.labels)

    def understand(
        self, text: str, context: str | None = None, state: ConversationState | None = None
    ) -> Frame:
        """What `text` means; `context` is what the assistant said just before.

        Of a text longer than `MAX_TEXT` only the beginning is read.
        """
        reading = read(text[:MAX_TEXT], self._lexicon, self._speller)
        if not reading.tokens:
            return _nothing(text)
        kind = kind_of(context or (state.last_message if state else None))
        clauses = split(reading, self._boundaries, lambda a, b: self._judge(reading, a, b, kind))
        ranking = self._ranking(reading.part(clauses[0].start, clauses[0].end), kind)
        entities = self._entities(reading, clauses, kind)
        return self._frame(text, clauses, ranking, entities)

    def _judge(self, reading: Reading, start: int, end: int, context: str) -> tuple[str, float]:
        best = self._ranking(reading.part(start, end), context if start == 0 else NONE)[0]
        return best.intent, best.confidence

    def _ranking(self, part: Reading, context: str) -> list[Alternative]:
        features = sentence_features(part, context, buckets=self._intents.buckets)
        chances = self._intents.probabilities(features)
        order = np.argsort(-chances, kind="stable")[:3]
        return [Alternative(self._intents.labels[at], float(chances[at])) for at in order]

    def _entities(
        self, reading: Reading, clauses: Sequence[Judged], context: str
    ) -> tuple[Entity, ...]:
        if all(clause.intent in BARE for clause in clauses):
            return ()
        intents = [clause.intent for clause in clauses for _ in range(clause.start, clause.end)]
        segs = [at for at, clause in enumerate(clauses) for _ in range(clause.start, clause.end)]
        spans = self._tagger.spans(token_features(reading, intents, context))
        return entities_of(reading, [s for s in spans if intents[s.start] not in BARE], segs)

    def _frame(
        self,
        text: str,
        clauses: Sequence[Judged],
        ranking: Sequence[Alternative],
        entities: tuple[Entity, ...],
    ) -> Frame:
        intents = tuple(clause.intent for clause in clauses)
        confidence = ranking[0].confidence
        band = self._band(intents[0], min(clause.confidence for clause in clauses))
        return Frame(
            text=text,
            intents=intents,
            entities=entities,
            confidence=confidence,
            alternatives=tuple(ranking),
            band=band,
            needs_confirmation=band is Band.ASK or not GRAVE.isdisjoint(intents),
        )

    def _band(self, intent: str, confidence: float) -> Band:
        if intent == OUT_OF_SCOPE and confidence >= self._thresholds.out_of_scope:
            return Band.OUT_OF_SCOPE
        return Band.ACCEPT if confidence >= self._thresholds.accept else Band.ASK


def models_from(packed: bytes) -> tuple[IntentModel, LinearModel]:
    """The intent model and the boundary model of `linear.npz`."""
    with np.load(io.BytesIO(packed)) as arrays:
        linear = LinearModel(
            labels=tuple(str(label) for label in arrays["intent_labels"]),
            weights=arrays["intent_weights"],
            scales=arrays["intent_scales"],
            bias=arrays["intent_bias"],
        )
        network = Network(
            inward=arrays["network_inward"],
            scales=arrays["network_scales"],
            thresholds=arrays["network_thresholds"],
            outward=arrays["network_outward"],
            bias=arrays["network_bias"],
        )
        intents = IntentModel(linear, network, float(arrays["temperature"]))
        boundaries = LinearModel(
            labels=("inside", "begins"),
            weights=arrays["boundary_weights"],
            scales=arrays["boundary_scales"],
            bias=arrays["boundary_bias"],
        )
    return intents, boundaries


def _nothing(text: str) -> Frame:
    return Frame(
        text=text,
        intents=(OUT_OF_SCOPE,),
        confidence=1.0,
        alternatives=(Alternative(OUT_OF_SCOPE, 1.0),),
        band=Band.OUT_OF_SCOPE,
    )
