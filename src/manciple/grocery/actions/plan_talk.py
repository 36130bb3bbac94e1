"""What talk about the talk comes to: help, greetings, and what is none of our business."""

import re

from manciple.grocery.actions.plan_desk import Clause, Desk
from manciple.grocery.domain.plans import Part, Step, Topic

_HELP = """I look after groceries. You can say, for example:
  add 2 gallons of milk and a dozen eggs to my list
  what's on my list · how much will it cost · check off the milk
  find gluten free pasta under $4 · how much is oat milk · compare Cheerios and Chex
  when did I last buy coffee · what did I spend last month · the usual please
  I'm allergic to peanuts · my budget is $400 a month
  start a pickup order · check out (I hand the basket over to the shop's cart; you order there)
Anything that changes something waits for your yes."""
_UNDO = re.compile(r"\b(?:undo|revert|take (?:that|it) back|put (?:it|that|them) back|go back)\b")
_THANKS = ("thank", "thx", "cheers", "appreciate")
_BYES = ("bye", "goodnight", "good night", "see you", "see ya", "later")


async def give_help(desk: Desk, said: Clause) -> Part:
    """What can be asked."""
    del desk, said
    return Part(answer=_HELP)


async def small_talk(desk: Desk, said: Clause) -> Part:
    """A short reply."""
    del desk
    text = said.sentence.lower()
    if any(word in text for word in _THANKS):
        return Part(answer="You are welcome.")
    if any(word in text for word in _BYES):
        return Part(answer="Goodbye.")
    return Part(answer="Hello. What do you need from the store?")


async def decline(desk: Desk, said: Clause) -> Part:
    """A polite refusal of what has nothing to do with groceries."""
    del desk, said
    return Part(
        answer="Sorry, that is outside what I can do: I help with groceries, lists and prices."
    )


async def take_back(desk: Desk, said: Clause) -> Part:
    """The last change of the list that was spoken of taken back, where somebody says so."""
    list_id = said.conversation.topic.list_id
    if list_id is None or not _UNDO.search(said.sentence.lower()):
        return await nothing_pending(desk, said)
    lists = await desk.ground.lists(said.owner)
    name = next((one.name for one in lists if one.list_id == list_id), "the list")
    step = Step(procedure="walmartGrocery.undoListChange", input={"listId": list_id})
    return Part(
        answer=f"Take back the last change of {name}.",
        steps=(step,),
        topic=Topic(list_id=list_id),
    )


async def nothing_pending(desk: Desk, said: Clause) -> Part:
    """A yes or a no to nothing."""
    del desk, said
    return Part(answer="There is nothing waiting for a yes or no. What can I do for you?")
