"""The agent's answers on the wire."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from msgspec import Meta

from manciple.api.amounts import optional_dollars
from manciple.api.shapes_products import PriceShape, price_shape
from manciple.grocery.actions.tell import Asked
from manciple.grocery.domain.corrections import Correction
from manciple.grocery.domain.language.frames import Frame
from manciple.grocery.domain.money import dollars
from manciple.grocery.domain.plans import Line, Option, Plan, Question, Step
from manciple.grocery.domain.sentences import MAX_SENTENCE_CHARS
from manciple.platform.rpc.procedure import Wire


class SentenceInput(Wire, frozen=True, kw_only=True):
    """What somebody says."""

    sentence: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=MAX_SENTENCE_CHARS,
            description="In plain English, such as `2 gallons of milk and a dozen eggs`.",
        ),
    ]


class TokenInput(Wire, frozen=True, kw_only=True):
    """Which plan."""

    token: Annotated[
        str,
        Meta(
            min_length=1, max_length=200, description="The `token` that came with a plan of `ask`."
        ),
    ]


class EntityShape(Wire, frozen=True, kw_only=True):
    """A span of the sentence; `value` is its number or its canonical unit."""

    type: str
    text: str
    start: int
    end: int
    seg: int
    item: int | None
    value: float | str | None
    negated: bool
    role: str | None


class AlternativeShape(Wire, frozen=True, kw_only=True):
    """An intent and the probability that it was meant."""

    intent: str
    confidence: float


class UnderstoodShape(Wire, frozen=True, kw_only=True):
    """What a sentence was understood as; `band` is accept, ask or out_of_scope."""

    intents: tuple[str, ...]
    entities: tuple[EntityShape, ...]
    confidence: float
    alternatives: tuple[AlternativeShape, ...]
    band: str
    needs_confirmation: bool
    source: str


class StepShape(Wire, frozen=True, kw_only=True):
    """One procedure and its input; in an input "@0" is the id of what the first step makes."""

    procedure: str
    input: dict[str, Any]


class OptionShape(Wire, frozen=True, kw_only=True):
    """One thing that may be meant; `stated` says who said the price of one package, and when."""

    label: str
    product_id: str | None
    price: Decimal | None
    stated: PriceShape | None


class QuestionShape(Wire, frozen=True, kw_only=True):
    """What must be known first; answer it with the next sentence."""

    text: str
    about: str
    options: tuple[OptionShape, ...]


class PreviewLine(Wire, frozen=True, kw_only=True):
    """One line of what would change; `price` is of the whole line, null where it is not known.

    `stated` is the price of one package that it is made of.
    """

    text: str
    product_id: str | None
    quantity: str | None
    price: Decimal | None
    stated: PriceShape | None
    is_priced: bool
    why: str | None
    alternatives: tuple[OptionShape, ...]


class PlanShape(Wire, frozen=True, kw_only=True):
    """What would be done after a yes; `total` leaves out the prices that are not known."""

    id: str
    hash: str
    steps: tuple[StepShape, ...]
    preview: tuple[PreviewLine, ...]
    total: Decimal
    unknown_prices: int


class AskAnswer(Wire, frozen=True, kw_only=True):
    """The answer to a sentence.

    `called` were asked at once, for they only read. Where `plan` is there, nothing is changed until
    `agent.confirm` is called with `token`, or the next sentence is a yes. `done` tells that this
    sentence was the yes, and `links` fill the shop's cart where a basket was handed over.
    """

    success: bool
    answer: str
    understood: UnderstoodShape
    called: tuple[StepShape, ...]
    plan: PlanShape | None
    token: str | None
    expires_at: datetime | None
    question: QuestionShape | None
    done: bool
    was_done_before: bool
    links: tuple[str, ...]


class CorrectionShape(Wire, frozen=True, kw_only=True):
    """By `phrase` your household means `meant`."""

    phrase: str
    meant: str
    product_id: str | None
    brand: str | None
    times: int
    updated_at: datetime


class CorrectionsAnswer(Wire, frozen=True, kw_only=True):
    """Every correction, the newest first."""

    corrections: tuple[CorrectionShape, ...]


class CorrectionInput(Wire, frozen=True, kw_only=True):
    """What is meant by a phrase from now on: a product, or other words."""

    phrase: Annotated[str, Meta(min_length=1, max_length=100)]
    meant: Annotated[str, Meta(min_length=1, max_length=100)]
    product_id: Annotated[str, Meta(max_length=100)] | None = None


class ForgetInput(Wire, frozen=True, kw_only=True):
    """Which phrase; left out: all."""

    phrase: Annotated[str, Meta(max_length=100)] | None = None


class ForgottenAnswer(Wire, frozen=True, kw_only=True):
    """How many were forgotten."""

    success: bool
    forgotten: int


def ask_answer(asked: Asked) -> AskAnswer:
    """The answer as clients see it."""
    carried = asked.carried
    return AskAnswer(
        success=True,
        answer=asked.answer,
        understood=understood_shape(asked.frame),
        called=tuple(_step(one) for one in asked.called),
        plan=_plan(asked.plan) if asked.plan else None,
        token=asked.token,
        expires_at=asked.expires_at,
        question=_question(asked.question) if asked.question else None,
        done=carried is not None,
        was_done_before=carried is not None and carried.was_done,
        links=carried.links if carried else (),
    )


def understood_shape(frame: Frame) -> UnderstoodShape:
    """A frame as clients see it."""
    return UnderstoodShape(
        intents=frame.intents,
        entities=tuple(
            EntityShape(
                type=one.type,
                text=one.text,
                start=one.start,
                end=one.end,
                seg=one.seg,
                item=one.item,
                value=one.value,
                negated=one.negated,
                role=one.role,
            )
            for one in frame.entities
        ),
        confidence=round(frame.confidence, 4),
        alternatives=tuple(
            AlternativeShape(intent=one.intent, confidence=round(one.confidence, 4))
            for one in frame.alternatives
        ),
        band=frame.band,
        needs_confirmation=frame.needs_confirmation,
        source=frame.source,
    )


def correction_shape(found: Correction) -> CorrectionShape:
    """A correction as clients see it."""
    return CorrectionShape(
        phrase=found.phrase,
        meant=found.meant,
        product_id=found.product_id,
        brand=found.brand,
        times=found.times,
        updated_at=found.updated_at,
    )


def _plan(plan: Plan) -> PlanShape:
    return PlanShape(
        id=plan.plan_id,
        hash=plan.hash(),
        steps=tuple(_step(one) for one in plan.steps),
        preview=tuple(_line(one) for one in plan.lines),
        total=dollars(plan.total_cents),
        unknown_prices=plan.unknown_prices,
    )


def _step(step: Step) -> StepShape:
    return StepShape(procedure=step.procedure, input=step.input)


def _line(line: Line) -> PreviewLine:
    return PreviewLine(
        text=line.text,
        product_id=line.product_id,
        quantity=line.quantity,
        price=optional_dollars(line.cents),
        stated=price_shape(line.price) if line.price else None,
        is_priced=line.is_priced,
        why=line.why,
        alternatives=tuple(_option(one) for one in line.alternatives),
    )


def _question(question: Question) -> QuestionShape:
    options = tuple(_option(one) for one in question.options)
    return QuestionShape(text=question.text, about=question.about, options=options)


def _option(option: Option) -> OptionShape:
    price = option.price
    return OptionShape(
        label=option.label,
        product_id=option.product_id,
        price=dollars(price.cents) if price else None,
        stated=price_shape(price) if price else None,
    )
