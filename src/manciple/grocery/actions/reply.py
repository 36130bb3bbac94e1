"""What a sentence answers of what waits: a yes, a choice, another amount, a correction."""

from decimal import Decimal

import msgspec

from manciple.grocery.actions.confirm_plan import ConfirmPlan
from manciple.grocery.actions.keep_talk import KeepTalk
from manciple.grocery.actions.plan_changes import exchange
from manciple.grocery.actions.plan_desk import Clause, asking, item_input, priced_line
from manciple.grocery.actions.planners import Drafted
from manciple.grocery.actions.tell import Asked, Meant
from manciple.grocery.domain.conversations import (
    Conversation,
    meant_instead,
    picked,
    refers,
    says_no,
    says_yes,
)
from manciple.grocery.domain.corrections import phrase_key
from manciple.grocery.domain.grounding import Grounded, Thing, option_of, quantity_of, words_of
from manciple.grocery.domain.language.frames import Band, Frame
from manciple.grocery.domain.plans import Line, Option, Plan, Question, Step
from manciple.grocery.stores.stores import Transaction
from manciple.kit.errors import Conflict, NotFound, Refused

_ADDING = "walmartGrocery.addToList"


class Reply:
    """Takes a sentence as the reply to what waits; `owner` is always the signed-in person."""

    def __init__(self, talk: KeepTalk, confirm: ConfirmPlan) -> None:
        self._talk = talk
        self._desk = talk.desk
        self._confirm = confirm

    async def to(  # noqa: PLR0911 - one way out for each kind of reply
        self, owner: str, sentence: str, known: Conversation
    ) -> Asked | None:
        """The answer where the sentence answers what was said before; else None."""
        frame = self._talk.understood(sentence, known)
        corrected = meant_instead(sentence)
        if corrected is not None and (known.phrases or known.topic.text):
            return await self._corrected(owner, frame, known, corrected)
        if not known.is_waiting:
            return None
        if known.question is not None:
            option = picked(sentence, known.question.options)
            if option is not None:
                return await self._picked(owner, frame, known, known.question, option)
        if known.plan_id is not None and refers(sentence):
            amended = await self._amended(owner, frame, known)
            if amended is not None:
                return amended
        if _is_no(sentence, frame):
            await self._talk.drop(owner)
            return Asked(frame=frame, answer="All right, I leave everything as it is.")
        if known.plan_id is None:
            return _asked_again(frame, known.question) if _is_yes(sentence, frame) else None
        if _is_yes(sentence, frame):
            return await self._yes(owner, frame, known.plan_id)
        return await self._amended(owner, frame, known)

    async def _yes(self, owner: str, frame: Frame, plan_id: str) -> Asked:
        """The waiting plan carried out; one that cannot be is told and waits no longer."""
        try:
            carried = await self._confirm.by_id(owner, plan_id)
        except (Refused, Conflict, NotFound) as no:
            await self._talk.drop(owner)
            why = f"The {no.what} is gone" if isinstance(no, NotFound) else str(no)
            return Asked(frame=frame, answer=f"I cannot do that. {why}.")
        return msgspec.structs.replace(await self._talk.done(owner, carried), frame=frame)

    async def _picked(
        self, owner: str, frame: Frame, known: Conversation, question: Question, option: Option
    ) -> Asked:
        key, value = phrase_key(question.about), option.product_id or option.value or ""
        if option.product_id is not None:
            await self._learn(owner, key, option.label, option.product_id)
        asked = await self._talk.again(owner, known, {**known.chosen, key: value})
        return msgspec.structs.replace(asked, frame=frame)

    async def _corrected(self, owner: str, frame: Frame, known: Conversation, words: str) -> Asked:
        """What was meant instead, kept for the next time, and done now."""
        phrase = _phrase_corrected(words, known)
        found = await self._desk.ground.thing(
            owner, Thing(phrase=words), chosen={}, is_asking=False
        )
        product = found.product if isinstance(found, Grounded) else None
        key = phrase_key(phrase)
        if key != phrase_key(words):
            await self._learn(owner, key, words, product.product_id if product else None)
        if known.sentence is not None:
            chosen = dict(known.chosen)
            chosen.pop(key, None)
            if product is not None:
                chosen[key] = product.product_id
            return await self._talk.again(owner, known, chosen)
        return await self._exchanged(owner, frame, known, words)

    async def _exchanged(self, owner: str, frame: Frame, known: Conversation, words: str) -> Asked:
        """The thing that was put on a list last, exchanged for another."""
        lists = await self._desk.ground.lists(owner)
        place = next((one for one in lists if one.list_id == known.topic.list_id), None)
        if place is None or known.topic.text is None:
            return Asked(frame=frame, answer=f"I will remember that. What about {words}?")
        said = Clause(
            owner=owner,
            sentence=frame.text,
            unlabelled=frame.text,
            intent="list_update_item",
            entities=(),
            things=(),
            conversation=known,
            chosen={},
        )
        part = await exchange(
            self._desk, said, place, Thing(phrase=known.topic.text), Thing(phrase=words)
        )
        drafted = Drafted(
            answer=part.answer,
            steps=part.steps,
            called=(),
            lines=part.lines,
            question=part.question,
            topic=part.topic,
            phrases=(words,),
        )
        meant = Meant(frame=frame, conversation=known, chosen={}, drafted=drafted)
        return await self._talk.keep(owner, meant)

    async def _learn(self, owner: str, key: str, meant: str, product_id: str | None) -> None:
        """Keeps for the household what it means by a phrase."""
        if not key:
            return
        product = await self._desk.ground.product(product_id) if product_id else None
        brand = product.brand if product else None

        def work(tx: Transaction) -> None:
            tx.corrections.keep(owner, key, meant=meant[:100], product_id=product_id, brand=brand)

        await self._desk.stores.write(work)

    async def _amended(self, owner: str, frame: Frame, known: Conversation) -> Asked | None:
        """The waiting plan with another amount, or with another of its alternatives."""
        is_change = frame.intents[0] in ("list_update_item", "product_search", "list_add_items")
        if not is_change and not refers(frame.text):
            return None
        if not refers(frame.text) and any(
            one.type in ("product", "brand", "list_name") for one in frame.entities
        ):
            return None
        plan_id = known.plan_id or ""
        kept = await self._desk.stores.read(lambda tx: tx.plans.by_id(plan_id, owner=owner))
        adding = next((s for s in reversed(kept.plan.steps) if s.procedure == _ADDING), None)
        lines = [line for line in kept.plan.lines if line.quantity is not None]
        if adding is None or not lines:
            return None
        line = lines[-1]
        options = await self._options(line)
        option = picked(frame.text, options) if options else None
        if option is not None and option.product_id is not None and line.phrase:
            chosen = {**known.chosen, phrase_key(line.phrase): option.product_id}
            return await self._talk.again(owner, known, chosen)
        if quantity_of(frame.entities)[0] is None:
            return None
        return await self._in_amount(owner, known, kept.plan, frame=frame)

    async def _options(self, line: Line) -> tuple[Option, ...]:
        """The product of a line, and what it may be instead."""
        product = await self._desk.ground.product(line.product_id) if line.product_id else None
        return (option_of(product), *line.alternatives) if product is not None else ()

    async def _in_amount(
        self, owner: str, known: Conversation, plan: Plan, *, frame: Frame
    ) -> Asked:
        """The waiting plan with its last thing in the amount that a sentence states."""
        quantity, unit = quantity_of(frame.entities)
        quantity = quantity or Decimal(1)
        line = [one for one in plan.lines if one.quantity is not None][-1]
        product = await self._desk.ground.product(line.product_id) if line.product_id else None
        steps, lines = list(plan.steps), list(plan.lines)
        at = max(n for n, step in enumerate(steps) if step.procedure == _ADDING)
        items = list(steps[at].input["items"])
        unit = unit or items[-1].get("unit")
        thing = Thing(phrase=line.phrase or line.text, quantity=quantity, unit=unit)
        meant = Grounded(thing=thing, product=product, why=line.why or "")
        changed = item_input(meant, quantity=quantity, unit=unit)
        items[-1] = {**items[-1], **changed}
        steps[at] = Step(procedure=_ADDING, input={**steps[at].input, "items": items})
        new = priced_line(meant, quantity=quantity, unit=unit, clock=self._desk.clock)
        lines[plan.lines.index(line)] = msgspec.structs.replace(new, alternatives=line.alternatives)
        drafted = Drafted(
            answer=f"Make that {new.quantity} × {new.text}.",
            steps=tuple(steps),
            called=(),
            lines=tuple(lines),
            question=None,
            topic=known.topic,
            phrases=known.phrases,
        )
        again = Meant(frame=frame, conversation=known, chosen=known.chosen, drafted=drafted)
        return await self._talk.keep(owner, again, sentence=known.sentence)


def _phrase_corrected(words: str, known: Conversation) -> str:
    """The phrase that a correction is about: the one most alike, else the last one."""
    phrases = known.phrases or ((known.topic.text or ""),)
    said = words_of(words)
    return max(reversed(phrases), key=lambda phrase: len(words_of(phrase) & said))


def _asked_again(frame: Frame, question: Question | None) -> Asked | None:
    """A yes says not which: the question once more, which goes on waiting."""
    if question is None:
        return None
    return Asked(frame=frame, answer=asking(question).answer, question=question)


def _is_yes(sentence: str, frame: Frame) -> bool:
    return says_yes(sentence) or (frame.intents == ("affirm",) and frame.band is Band.ACCEPT)


def _is_no(sentence: str, frame: Frame) -> bool:
    is_no = frame.intents[0] in ("deny", "cancel") and len(frame.intents) == 1
    return says_no(sentence) or (is_no and frame.band is Band.ACCEPT)
