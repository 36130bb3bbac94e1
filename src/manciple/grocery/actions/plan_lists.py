"""What sentences about lists come to: things put on, taken off, checked; lists made, deleted."""

from collections.abc import Sequence
from decimal import Decimal

from manciple.grocery.actions.find_lines import known_list, lines_meant
from manciple.grocery.actions.ground import telling_name
from manciple.grocery.actions.plan_desk import (
    DEFAULT_LIST,
    Clause,
    Desk,
    Place,
    asking,
    item_input,
    priced_line,
    some,
)
from manciple.grocery.domain.grounding import Grounded
from manciple.grocery.domain.lists import MAX_NAME_CHARS, GroceryList, ListItem
from manciple.grocery.domain.plans import MADE, Line, Part, Question, Step, Topic

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
    return await adding(desk, said, place, grounded)


async def adding(
    desk: Desk, said: Clause, place: Place | None, grounded: Sequence[Grounded]
) -> Part:
    """Things put on a list, which the first step makes where `place` is None."""
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
        return removing(place, place.items)
    named = lines_meant(said, place)
    if isinstance(named, Part):
        return named
    return removing(place, named)


def removing(found: GroceryList, items: Sequence[ListItem]) -> Part:
    """Some lines taken off a list."""
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
    named = lines_meant(said, place)
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
        part = removing(place, place.items)
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


def _edit_line(item: ListItem, why: str) -> Line:
    return Line(
        text=item.text, phrase=item.text, product_id=item.product_id, is_priced=False, why=why
    )
