"""How the agent tells what it planned and did, and what it remembers of it."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from manciple.grocery.actions.confirm_plan import Carried
from manciple.grocery.actions.planners import Drafted
from manciple.grocery.domain.conversations import MAX_ANSWER_CHARS, MAX_RESULTS, Conversation
from manciple.grocery.domain.language.frames import Band, Frame
from manciple.grocery.domain.lists import ListStatus
from manciple.grocery.domain.plans import Plan, Question, Step, money
from manciple.grocery.stores.stores import Transaction


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The reply to a sentence.

    `plan` waits for `token`, which confirms just it; `called` were asked already, for they only
    read. `carried` is set where the sentence was the yes to an earlier plan.
    """

    frame: Frame
    answer: str
    called: tuple[Step, ...] = ()
    plan: Plan | None = None
    token: str | None = None
    expires_at: datetime | None = None
    question: Question | None = None
    carried: Carried | None = None


class Meant(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence on its way: how it is understood now, and what was chosen for its phrases."""

    frame: Frame
    conversation: Conversation
    chosen: Mapping[str, str]
    drafted: Drafted


def told(frame: Frame, drafted: Drafted, *, plan: Plan | None) -> Asked:
    """The reply that a draft comes to, with what its plan costs and the question for a yes."""
    answer = drafted.answer
    if plan is not None:
        answer = f"{answer}{cost(plan)} Shall I do that?"
    if frame.band is Band.ASK and frame.intents[0] != "out_of_scope":
        answer = f"I am not quite sure that I understood. {answer}"
    return Asked(
        frame=frame, answer=answer, called=drafted.called, plan=plan, question=drafted.question
    )


def cost(plan: Plan) -> str:
    """What the plan costs by the prices that are known, and how many are not."""
    priced = [line for line in plan.lines if line.is_priced]
    if not priced:
        return ""
    unknown = plan.unknown_prices
    if unknown == len(priced):
        return " The price is not known." if unknown == 1 else " None of the prices is known."
    verb = "is" if unknown == 1 else "are"
    note = f" {unknown} of the prices {verb} not known." if unknown else ""
    return f" That is about {money(plan.total_cents)}.{note}"


def remembered(meant: Meant, asked: Asked, *, sentence: str) -> Conversation:
    """The conversation after a reply."""
    drafted = meant.drafted
    topic = msgspec.structs.replace(drafted.topic, products=drafted.topic.products[:MAX_RESULTS])
    return Conversation(
        topic=topic,
        before=meant.conversation.topic,
        last_answer=asked.answer[-MAX_ANSWER_CHARS:],
        sentence=sentence,
        plan_id=asked.plan.plan_id if asked.plan else None,
        question=drafted.question,
        chosen=dict(meant.chosen),
        phrases=drafted.phrases,
    )


def at_rest(known: Conversation, *, answer: str | None) -> Conversation:
    """The conversation with nothing that waits."""
    return msgspec.structs.replace(
        known, plan_id=None, question=None, sentence=None, chosen={}, last_answer=answer
    )


def rest(tx: Transaction, owner: str, carried: Carried, answer: str) -> None:
    """After a plan: the talk is about the list that it made or changed."""
    known = tx.conversations.of(owner)
    lists = tx.lists.page(owner, statuses=(ListStatus.ACTIVE,), after=None, limit=200)
    living = {one.list_id for one in lists}
    touched = next((one for one in reversed(carried.made) if one in living), None)
    list_id = touched or (known.topic.list_id if known.topic.list_id in living else None)
    topic = msgspec.structs.replace(known.topic, list_id=list_id)
    rested = at_rest(known, answer=answer[-MAX_ANSWER_CHARS:])
    tx.users.ensure(owner, display_name=owner)
    tx.conversations.keep(owner, msgspec.structs.replace(rested, topic=topic))


def done_told(carried: Carried) -> str:
    """What a person hears of a plan that was carried out."""
    if carried.was_done:
        return "That was done before; nothing happened twice."
    told = " ".join(carried.told)
    links = "".join(f"\n  {link}" for link in carried.links)
    if any(step.procedure.endswith("processCheckout") for step in carried.plan.steps):
        return f"{told}{links}"
    return f"Done. {told}".strip()


def first_line(known: Conversation) -> str:
    """What waits, in a line."""
    return (known.last_answer or "").strip().split("\n", maxsplit=1)[0]
