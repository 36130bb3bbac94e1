"""The planner of every intent, and the plan of a whole sentence."""

from collections.abc import Mapping

import msgspec

from manciple.grocery.actions import (
    plan_changes,
    plan_history,
    plan_list_views,
    plan_lists,
    plan_products,
    plan_shopping,
    plan_watches,
)
from manciple.grocery.actions import plan_talk as talk
from manciple.grocery.actions.plan_desk import Clause, Desk, Planner, at_step
from manciple.grocery.domain.conversations import Conversation
from manciple.grocery.domain.grounding import things_of
from manciple.grocery.domain.language.frames import Frame
from manciple.grocery.domain.plans import Line, Part, Question, Step, Topic

PLANNERS: dict[str, Planner] = {
    "list_add_items": plan_lists.add_items,
    "list_remove_items": plan_lists.remove_items,
    "list_update_item": plan_changes.update_item,
    "list_view": plan_list_views.view_list,
    "list_create": plan_lists.create_list,
    "list_delete": plan_lists.delete_list,
    "list_check_off": plan_lists.check_off,
    "list_total": plan_list_views.total_list,
    "product_search": plan_products.search_products,
    "product_details": plan_products.product_details,
    "price_check": plan_products.price_check,
    "stock_check": plan_products.stock_check,
    "find_substitute": plan_products.find_substitute,
    "compare_products": plan_products.compare_products,
    "find_deals": plan_products.find_deals,
    "recommend": plan_history.recommend,
    "purchase_history": plan_history.purchase_history,
    "price_history": plan_history.price_history,
    "spending_summary": plan_history.spending_summary,
    "reorder": plan_history.reorder,
    "order_status": plan_history.order_status,
    "order_cancel": plan_history.order_cancel,
    "start_session": plan_shopping.start_session,
    "checkout": plan_shopping.checkout,
    "set_alert": plan_watches.set_alert,
    "set_preference": plan_shopping.set_preference,
    "affirm": talk.nothing_pending,
    "deny": talk.nothing_pending,
    "cancel": talk.take_back,
    "help": talk.give_help,
    "smalltalk": talk.small_talk,
    "out_of_scope": talk.decline,
}
_MAX_PHRASES = 20


class Drafted(msgspec.Struct, frozen=True, kw_only=True):
    """What a whole sentence comes to, before anything of it is kept."""

    answer: str
    steps: tuple[Step, ...]
    called: tuple[Step, ...]
    lines: tuple[Line, ...]
    question: Question | None
    topic: Topic
    phrases: tuple[str, ...]


async def draft(
    desk: Desk, owner: str, frame: Frame, conversation: Conversation, chosen: Mapping[str, str]
) -> Drafted:
    """Every intent of a frame planned in its turn; a question ends it, for then all waits."""
    parts: list[Part] = []
    phrases: list[str] = []
    steps, new_list, made_at = 0, None, 0
    topic, unlabelled = conversation.topic, _unlabelled(frame)
    for seg, intent in enumerate(frame.intents):
        entities = tuple(one for one in frame.entities if one.seg == seg)
        said = Clause(
            owner=owner,
            sentence=frame.text,
            unlabelled=unlabelled,
            intent=intent,
            entities=entities,
            things=things_of(entities),
            conversation=msgspec.structs.replace(conversation, topic=topic),
            chosen=dict(chosen),
        )
        part = await PLANNERS[intent](
            desk, at_step(said, steps, new_list=new_list, made_at=made_at)
        )
        parts.append(part)
        topic = _later(topic, part.topic)
        phrases += [one.phrase for one in said.things if one.phrase]
        for number, step in enumerate(part.steps):
            if step.procedure == "walmartGrocery.createList":
                new_list, made_at = str(step.input["name"]), steps + number
        steps += len(part.steps)
        if part.question is not None:
            break
    return _joined(parts, topic, tuple(phrases[:_MAX_PHRASES]))


def _unlabelled(frame: Frame) -> str:
    """What is said beside the entities."""
    text = frame.text
    for entity in frame.entities:
        text = text[: entity.start] + " " * (entity.end - entity.start) + text[entity.end :]
    return text


def _joined(parts: list[Part], topic: Topic, phrases: tuple[str, ...]) -> Drafted:
    question = parts[-1].question
    return Drafted(
        # While a question is open nothing is planned, so only the question is told.
        answer=parts[-1].answer if question else "\n".join(part.answer for part in parts),
        steps=() if question else tuple(step for part in parts for step in part.steps),
        called=tuple(step for part in parts for step in part.called),
        lines=() if question else tuple(line for part in parts for line in part.lines),
        question=question,
        topic=topic,
        phrases=phrases,
    )


def _later(before: Topic, now: Topic) -> Topic:
    """What the talk is about now; the list stays until another is spoken of."""
    if now == Topic():
        return before
    list_id = now.list_id or before.list_id
    if now.text is None and now.product_id is None and not now.products:
        return msgspec.structs.replace(before, list_id=list_id)
    return msgspec.structs.replace(now, list_id=list_id)
