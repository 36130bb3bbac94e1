"""What sentences that change a line come to: another amount, or another thing in its place."""

import re
from decimal import Decimal

from manciple.grocery.actions.find_lines import known_list, line_meant, line_of
from manciple.grocery.actions.plan_desk import (
    Clause,
    Desk,
    Place,
    amount,
    asking,
    priced_line,
    replace_phrase,
    there_is_no,
    wire_number,
)
from manciple.grocery.actions.plan_lists import adding, removing
from manciple.grocery.domain.grounding import Grounded, Thing, quantity_of
from manciple.grocery.domain.lists import GroceryList, ListItem
from manciple.grocery.domain.plans import Part, Question, Step, Topic

_SWAP = re.compile(r"\b(?:swap|replace|exchange|switch|trade|change)\b", re.IGNORECASE)


async def update_item(desk: Desk, said: Clause) -> Part:
    """The amount of a line changed, or the line made another product."""
    place = await known_list(desk, said)
    if not isinstance(place, GroceryList):
        return place
    news = [one for one in said.things if one.phrase and not one.is_old and not one.is_negated]
    old = next((one for one in said.things if one.is_old), None)
    if old is None and is_swap(said):
        old = news[0]
    if old is not None and news:
        return await exchange(desk, said, place, old, _of_the_kind(said, old, news[-1]))
    item = line_meant(said, place)
    if isinstance(item, Part):
        return item
    quantity, unit = quantity_of(said.entities)
    if quantity is None:
        return await _made_different(desk, said, place, item)
    if " more" in f" {said.sentence.lower()} ":
        quantity += Decimal(item.quantity_thousandths) / 1000
    return await _amount_changed(desk, place, item, quantity, unit)


def _of_the_kind(said: Clause, old: Thing, new: Thing) -> Thing:
    """What is meant by "the almond one" in the place of oat milk: "almond milk"."""
    if not re.search(rf"\b{re.escape(new.phrase)} (?:one|ones|kind)\b", said.sentence):
        return new
    return replace_phrase(new, f"{new.phrase} {(old.product or old.phrase).split()[-1]}")


def is_swap(said: Clause) -> bool:
    """Whether a clause puts one thing in the place of another: "swap the milk for oat milk"."""
    named = [one for one in said.things if one.phrase]
    return len(named) > 1 and _SWAP.search(said.sentence) is not None


async def _amount_changed(
    desk: Desk, place: GroceryList, item: ListItem, quantity: Decimal, unit: str | None
) -> Part:
    changes: dict[str, object] = {"quantity": wire_number(quantity)}
    if unit is not None:
        changes["unit"] = unit
    step = Step(
        procedure="walmartGrocery.updateItem",
        input={"listId": place.list_id, "itemId": item.item_id, **changes},
    )
    product = await desk.ground.product(item.product_id) if item.product_id else None
    meant = Grounded(thing=Thing(phrase=item.text), product=product, why="on your list")
    line = priced_line(meant, quantity=quantity, unit=unit or item.unit, clock=desk.clock)
    return Part(
        answer=f"Change {item.text} on {place.name} to {amount(quantity, unit or item.unit)}.",
        steps=(step,),
        lines=(line,),
        topic=Topic(list_id=place.list_id, text=item.text, product_id=item.product_id),
    )


async def _made_different(desk: Desk, said: Clause, place: GroceryList, item: ListItem) -> Part:
    """The same thing with what was said of it."""
    told = [one.text for one in said.entities if one.type in ("dietary", "brand", "size")]
    if not told:
        return Part(
            answer=f"What should I change about {item.text}: how many, or which kind?",
            topic=Topic(list_id=place.list_id, text=item.text, product_id=item.product_id),
        )
    named = next((one.product for one in said.things if one.product), None)
    before = named or said.conversation.topic.text or item.text
    new = Thing(phrase=" ".join([*told, before]))
    return await exchange(desk, said, place, Thing(phrase=item.text), new)


async def exchange(desk: Desk, said: Clause, place: GroceryList, old: Thing, new: Thing) -> Part:
    """One line taken off, and another thing put on in its amount."""
    line = line_of(said, old, place)
    if isinstance(line, Question):
        return asking(line, Topic(list_id=place.list_id))
    if line is None:
        return Part(answer=f"{there_is_no(old.phrase)} on {place.name}.")
    found = await desk.thing(said, new)
    if isinstance(found, Question):
        return asking(found, Topic(list_id=place.list_id))
    quantity = new.quantity or Decimal(line.quantity_thousandths) / 1000
    unit = new.unit if new.quantity else line.unit
    target = Place(list_id=place.list_id, name=place.name, list=place)
    wanted = Thing(phrase=new.phrase, quantity=quantity, unit=unit, without=new.without)
    meant = Grounded(
        thing=wanted, product=found.product, why=found.why, alternatives=found.alternatives
    )
    added = await adding(desk, said, target, [meant])
    removed = removing(place, [line])
    return Part(
        answer=f"Put {added.lines[0].text} on {place.name} instead of {line.text}.",
        steps=(*removed.steps, *added.steps),
        lines=added.lines,
        topic=added.topic,
    )
