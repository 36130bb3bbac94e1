"""What sentences about lists come to: add, take off, change, check, show, make, delete, add up."""

import re
from collections.abc import Sequence
from decimal import Decimal

from manciple.grocery.actions.ground import telling_name
from manciple.grocery.actions.plan_desk import (
    DEFAULT_LIST,
    Clause,
    Desk,
    Place,
    amount,
    asking,
    item_input,
    priced_line,
    replace_phrase,
    some,
    there_is_no,
    wire_number,
)
from manciple.grocery.domain.conversations import own_words, points_back
from manciple.grocery.domain.corrections import phrase_key
from manciple.grocery.domain.grounding import Grounded, Thing, line_named, quantity_of
from manciple.grocery.domain.lists import MAX_NAME_CHARS, GroceryList, ListItem
from manciple.grocery.domain.plans import MADE, Line, Part, Question, Step, Topic

_SWAP = re.compile(r"\b(?:swap|replace|exchange|switch|trade|change)\b", re.IGNORECASE)
_ALL = ("everything", "all", "all items", "every item", "all of it", "the whole")


async def add_items(desk: Desk, said: Clause) -> Part:
    """Things put on a list; a list is made where there is none of that name."""
    place = await desk.place(said)
    if isinstance(place, Question):
        return asking(place)
    found = await desk.things(said) or await desk.last(said)
    if not found:
        return Part(answer="What should I put on the list? I did not catch a product.")
    for one in found:
        if isinstance(one, Question):
            return asking(one)
    grounded = [one for one in found if isinstance(one, Grounded) and one.thing.phrase]
    if not grounded:
        return Part(answer="I do not know what that refers to. Name the product, please.")
    return await _adding(desk, said, place, grounded)


async def _adding(
    desk: Desk, said: Clause, place: Place | None, grounded: Sequence[Grounded]
) -> Part:
    steps: list[Step] = []
    if place is None:
        name = (telling_name(said.text("list_name")) or DEFAULT_LIST).title()[:MAX_NAME_CHARS]
        steps.append(Step(procedure="walmartGrocery.createList", input={"name": name}))
        place = Place(list_id=f"{MADE}{said.offset}", name=name, list=None)
    lines, items = [], []
    for one in grounded:
        quantity, unit = one.thing.quantity or Decimal(1), one.thing.unit
        lines.append(priced_line(one, quantity=quantity, unit=unit, clock=desk.clock))
        items.append(item_input(one, quantity=quantity, unit=unit))
    steps.append(
        Step(procedure="walmartGrocery.addToList", input={"listId": place.list_id, "items": items})
    )
    names = some([f"{line.quantity} × {line.text}" for line in lines])
    new = ", a new list" if place.list is None and steps[0].procedure.endswith("createList") else ""
    last = grounded[-1]
    return Part(
        answer=f"Add {names} to {place.name}{new}.{await desk.caution(said.owner, grounded)}",
        steps=tuple(steps),
        lines=tuple(lines),
        topic=Topic(
            list_id=place.list.list_id if place.list else None,
            text=last.product.name if last.product else last.thing.phrase,
            product_id=last.product.product_id if last.product else None,
        ),
    )


async def remove_items(desk: Desk, said: Clause) -> Part:
    """Lines taken off a list."""
    place = await known_list(desk, said)
    if not isinstance(place, GroceryList):
        return place
    if not said.things and said.sentence.lower().strip(" .!").endswith(_ALL):
        return _removing(place, place.items)
    named = _lines(said, place)
    if isinstance(named, Part):
        return named
    return _removing(place, named)


def _removing(found: GroceryList, items: Sequence[ListItem]) -> Part:
    if not items:
        return Part(answer=f"{found.name} is empty already.", topic=Topic(list_id=found.list_id))
    step = Step(
        procedure="walmartGrocery.removeItems",
        input={"listId": found.list_id, "itemIds": [item.item_id for item in items]},
    )
    return Part(
        answer=f"Take {some([item.text for item in items])} off {found.name}.",
        steps=(step,),
        lines=tuple(_edit_line(item, "taken off") for item in items),
        topic=Topic(list_id=found.list_id),
    )


async def check_off(desk: Desk, said: Clause) -> Part:
    """Lines checked off."""
    place = await known_list(desk, said)
    if not isinstance(place, GroceryList):
        return place
    named = _lines(said, place)
    if isinstance(named, Part):
        return named
    step = Step(
        procedure="walmartGrocery.checkItems",
        input={"listId": place.list_id, "itemIds": [item.item_id for item in named]},
    )
    return Part(
        answer=f"Check off {some([item.text for item in named])} on {place.name}.",
        steps=(step,),
        lines=tuple(_edit_line(item, "checked off") for item in named),
        topic=Topic(list_id=place.list_id, text=named[-1].text),
    )


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
    item = _item_meant(said, place)
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


def _item_meant(said: Clause, place: GroceryList) -> ListItem | Part:
    """The line that is named, else the one spoken of last."""
    named = [one for one in said.things if one.phrase]
    things = named or _unlabelled(said, place)
    if not things:
        return Part(answer="Which item should I change?", topic=Topic(list_id=place.list_id))
    thing = things[0]
    found = _chosen_line(said, thing, place) or line_named(thing, place.items)
    if isinstance(found, Question):
        return asking(found, Topic(list_id=place.list_id))
    if found is None:
        return Part(answer=f"{there_is_no(thing.phrase)} on {place.name}.")
    return found


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
    line = _chosen_line(said, old, place) or line_named(old, place.items)
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
    added = await _adding(desk, said, target, [meant])
    removed = _removing(place, [line])
    return Part(
        answer=f"Put {added.lines[0].text} on {place.name} instead of {line.text}.",
        steps=(*removed.steps, *added.steps),
        lines=added.lines,
        topic=added.topic,
    )


async def create_list(desk: Desk, said: Clause) -> Part:
    """A new list."""
    name = (said.text("list_name") or "").strip()
    name = (name[:1].upper() + name[1:])[:MAX_NAME_CHARS]
    if not name:
        name = DEFAULT_LIST
    lists = await desk.ground.lists(said.owner)
    twin = any(one.name.casefold() == name.casefold() for one in lists)
    note = f" You already have a list called {name}; this makes a second one." if twin else ""
    step = Step(procedure="walmartGrocery.createList", input={"name": name})
    return Part(answer=f"Make a list called {name}.{note}", steps=(step,))


async def delete_list(desk: Desk, said: Clause) -> Part:
    """A list deleted or emptied; nothing of it happens without a yes."""
    place = await known_list(desk, said)
    if not isinstance(place, GroceryList):
        return place
    text = said.sentence.lower()
    lists = await desk.ground.lists(said.owner)
    is_all_lists = "lists" in text.split() and "all" in text.split()
    if is_all_lists:
        steps = tuple(_delete_step(one) for one in lists)
        names = some([one.name for one in lists])
        which = f"all {len(lists)} lists: {names}" if len(lists) > 1 else f"your only list, {names}"
        answer = f"Delete {which}. Each can be restored afterwards."
        return Part(answer=answer, steps=steps, lines=tuple(_gone_line(one) for one in lists))
    is_emptied = any(word in text for word in ("clear", "empty", "everything", "wipe", "all "))
    if is_emptied:
        part = _removing(place, place.items)
        if not part.steps:
            return part
        count = len(place.items)
        answer = f"Take everything ({count} item{'s' if count > 1 else ''}) off {place.name}."
        return Part(answer=answer, steps=part.steps, lines=part.lines, topic=part.topic)
    count = len(place.items)
    return Part(
        answer=f"Delete the list {place.name} with its {count} item{'' if count == 1 else 's'}. "
        "It can be restored afterwards.",
        steps=(_delete_step(place),),
        lines=(_gone_line(place),),
    )


def _delete_step(found: GroceryList) -> Step:
    return Step(procedure="walmartGrocery.deleteList", input={"listId": found.list_id})


def _gone_line(found: GroceryList) -> Line:
    return Line(text=f"{found.name} ({len(found.items)} items)", is_priced=False, why="deleted")


async def known_list(desk: Desk, said: Clause) -> GroceryList | Part:
    """The list that a clause means, or the part that says why there is none."""
    place = await desk.place(said)
    if isinstance(place, Question):
        return asking(place)
    if place is not None and place.list is not None:
        return place.list
    if place is not None:
        return Part(answer=f"{place.name} is new, so there is nothing else on it.")
    telling = telling_name(said.text("list_name"))
    if telling is not None:
        return Part(answer=f"You have no list called {telling}.")
    return Part(answer="You have no list yet. Tell me what to put on one.")


def _lines(said: Clause, place: GroceryList) -> list[ListItem] | Part:
    """The lines that a clause names; the part says what is missing or not clear."""
    claims = [Thing(phrase=one.text) for one in said.entities if one.type == "dietary"]
    things = [one for one in said.things if one.phrase] or claims or _unlabelled(said, place)
    if not things:
        return Part(answer="Which item do you mean?", topic=Topic(list_id=place.list_id))
    found: list[ListItem] = []
    for thing in things:
        line = _chosen_line(said, thing, place) or line_named(thing, place.items)
        if isinstance(line, Question):
            return asking(line, Topic(list_id=place.list_id))
        if line is None:
            told = f"{there_is_no(thing.phrase)} on {place.name}."
            return Part(answer=told, topic=Topic(list_id=place.list_id))
        if line not in found:
            found.append(line)
    return found


def _unlabelled(said: Clause, place: GroceryList) -> list[Thing]:
    """What a clause may be about in which no thing was found: a line, or what was spoken of."""
    words, before = own_words(said.unlabelled), said.conversation.topic.text
    named = Thing(phrase=words)
    if words and line_named(named, place.items) is not None:
        return [named]
    if not points_back(said.unlabelled):
        return [named]
    return [Thing(phrase=before)] if before else []


def _chosen_line(said: Clause, thing: Thing, place: GroceryList) -> ListItem | None:
    wanted = said.chosen.get(phrase_key(thing.phrase))
    return next((item for item in place.items if item.item_id == wanted), None)


def _edit_line(item: ListItem, why: str) -> Line:
    return Line(
        text=item.text, phrase=item.text, product_id=item.product_id, is_priced=False, why=why
    )
