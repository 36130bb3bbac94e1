"""Which list and which lines a clause means; where that is not clear, the part that says so."""

from manciple.grocery.actions.ground import telling_name
from manciple.grocery.actions.plan_desk import Clause, Desk, asking, there_is_no
from manciple.grocery.domain.conversations import own_words, points_back
from manciple.grocery.domain.corrections import phrase_key
from manciple.grocery.domain.grounding import Thing, line_named
from manciple.grocery.domain.lists import GroceryList, ListItem
from manciple.grocery.domain.plans import Part, Question, Topic


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


def lines_meant(said: Clause, place: GroceryList) -> list[ListItem] | Part:
    """The lines that a clause names; the part says what is missing or not clear."""
    claims = [Thing(phrase=one.text) for one in said.entities if one.type == "dietary"]
    things = [one for one in said.things if one.phrase] or claims or _unlabelled(said, place)
    if not things:
        return Part(answer="Which item do you mean?", topic=Topic(list_id=place.list_id))
    found: list[ListItem] = []
    for thing in things:
        line = line_of(said, thing, place)
        if isinstance(line, Question):
            return asking(line, Topic(list_id=place.list_id))
        if line is None:
            told = f"{there_is_no(thing.phrase)} on {place.name}."
            return Part(answer=told, topic=Topic(list_id=place.list_id))
        if line not in found:
            found.append(line)
    return found


def line_meant(said: Clause, place: GroceryList) -> ListItem | Part:
    """The line that is named, else the one spoken of last."""
    named = [one for one in said.things if one.phrase]
    things = named or _unlabelled(said, place)
    if not things:
        return Part(answer="Which item should I change?", topic=Topic(list_id=place.list_id))
    thing = things[0]
    found = line_of(said, thing, place)
    if isinstance(found, Question):
        return asking(found, Topic(list_id=place.list_id))
    if found is None:
        return Part(answer=f"{there_is_no(thing.phrase)} on {place.name}.")
    return found


def line_of(said: Clause, thing: Thing, place: GroceryList) -> ListItem | Question | None:
    """The line that was chosen for a thing, else the one that it names."""
    wanted = said.chosen.get(phrase_key(thing.phrase))
    chosen = next((item for item in place.items if item.item_id == wanted), None)
    return chosen or line_named(thing, place.items)


def _unlabelled(said: Clause, place: GroceryList) -> list[Thing]:
    """What a clause may be about in which no thing was found: a line, or what was spoken of."""
    words, before = own_words(said.unlabelled), said.conversation.topic.text
    named = Thing(phrase=words)
    if words and line_named(named, place.items) is not None:
        return [named]
    if not points_back(said.unlabelled):
        return [named]
    return [Thing(phrase=before)] if before else []
