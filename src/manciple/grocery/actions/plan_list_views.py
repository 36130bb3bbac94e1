"""What sentences that only look at a list come to: what is on it, and what it costs."""

import re
from decimal import Decimal

from manciple.grocery.actions.find_lines import known_list
from manciple.grocery.actions.lists import SeenList, see
from manciple.grocery.actions.plan_desk import Clause, Desk, amount, some, there_is_no
from manciple.grocery.domain.grounding import Thing, line_named
from manciple.grocery.domain.lists import GroceryList, ItemStatus, ListItem
from manciple.grocery.domain.plans import Part, Question, Step, Topic, money

_MOST_SHOWN = 40
_LEFT = re.compile(r"\b(?:left|remaining|still|missing)\b", re.IGNORECASE)


async def view_list(desk: Desk, said: Clause) -> Part:
    """What is on a list, or whether something is."""
    place = await known_list(desk, said)
    if not isinstance(place, GroceryList):
        return place
    seen = await desk.stores.read(lambda tx: see(tx, place))
    called = (Step(procedure="walmartGrocery.getList", input={"listId": place.list_id}),)
    named = [one for one in said.things if one.phrase]
    if named:
        told = [_is_on(one, place) for one in named]
        return Part(answer=" ".join(told), called=called, topic=Topic(list_id=place.list_id))
    if not place.items:
        return Part(
            answer=f"{place.name} is empty.", called=called, topic=Topic(list_id=place.list_id)
        )
    items = [item for item in place.items if _is_shown(item, said.sentence)]
    rows = [_row(item) for item in items[:_MOST_SHOWN]] or ["  Nothing is left to get."]
    rest = len(items) - len(rows)
    more = f"\n  … and {rest} more" if rest > 0 else ""
    return Part(
        answer=f"{place.name}:\n" + "\n".join(rows) + f"{more}\n{_sum(seen)}",
        called=called,
        topic=Topic(list_id=place.list_id),
    )


async def total_list(desk: Desk, said: Clause) -> Part:
    """What a list costs, with what nobody knows."""
    place = await known_list(desk, said)
    if not isinstance(place, GroceryList):
        return place
    seen = await desk.stores.read(lambda tx: see(tx, place))
    called = (Step(procedure="walmartGrocery.getList", input={"listId": place.list_id}),)
    limit = said.cents("price_max", "price_min", "price")
    told = ""
    if limit is not None:
        over = seen.estimate.total_cents - limit
        told = (
            f" That is {money(over)} over {money(limit)}."
            if over > 0
            else f" That is {money(-over)} under {money(limit)}, by the prices that are known."
        )
    return Part(
        answer=f"{place.name}: {_sum(seen)}{told}",
        called=called,
        topic=Topic(list_id=place.list_id),
    )


def _row(item: ListItem) -> str:
    mark = "x" if item.status is ItemStatus.CHECKED else " "
    quantity = amount(Decimal(item.quantity_thousandths) / 1000, item.unit)
    return f"  [{mark}] {quantity} × {item.text}" if quantity != "1" else f"  [{mark}] {item.text}"


def _is_shown(item: ListItem, sentence: str) -> bool:
    return item.status is ItemStatus.PENDING or not _LEFT.search(sentence)


def _is_on(thing: Thing, place: GroceryList) -> str:
    line = line_named(thing, place.items)
    if isinstance(line, Question):
        names = some([option.label for option in line.options])
        return f"Yes, {place.name} has {names}."
    if line is None:
        return f"No. {there_is_no(thing.phrase)} on {place.name}."
    return f"Yes, {line.text} is on {place.name}."


def _sum(seen: SeenList) -> str:
    estimate = seen.estimate
    missing = estimate.items_without_price
    if missing and missing == len(estimate.lines):
        return "None of its prices is known."
    note = ""
    if missing:
        note = f", and {missing} item{'s' if missing > 1 else ''} without a known price"
    return f"About {money(estimate.total_cents)}{note}."
