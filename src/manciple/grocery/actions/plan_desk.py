"""What every planner works with: one clause of a sentence, and the house's knowledge."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from manciple.grocery.actions.ground import Ground, named_list, telling_name
from manciple.grocery.actions.recommend import Recommend
from manciple.grocery.actions.search import Search
from manciple.grocery.actions.substitute import Substitute
from manciple.grocery.domain.cautions import spoken_of
from manciple.grocery.domain.conversations import Conversation, points_among, points_back
from manciple.grocery.domain.grounding import Grounded, Thing, option_of, quantity_of
from manciple.grocery.domain.language.frames import Entity
from manciple.grocery.domain.language.measures import plural_of
from manciple.grocery.domain.list_filling import Unfit, thousandths
from manciple.grocery.domain.list_totals import price_line
from manciple.grocery.domain.lists import GroceryList, ListItem
from manciple.grocery.domain.plans import MADE, Line, Option, Part, Question, Topic, money
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.sessions import ENDED, SessionStatus, ShoppingSession
from manciple.grocery.stores.stores import Stores
from manciple.kit.clock import Clock

DEFAULT_LIST = "Groceries"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One intent of a sentence with what belongs to it.

    `unlabelled` is the sentence without what any entity says, `chosen` maps phrases to products
    that were chosen for them. `offset` is how many steps the
    plan has already, `new_list` the name of a list that step `new_list_step` makes.
    """

    owner: str
    sentence: str
    unlabelled: str
    intent: str
    entities: tuple[Entity, ...]
    things: tuple[Thing, ...]
    conversation: Conversation
    chosen: dict[str, str]
    offset: int = 0
    new_list: str | None = None
    new_list_step: int = 0

    def first(self, kind: str) -> Entity | None:
        """The first entity of a type."""
        return next((one for one in self.entities if one.type == kind), None)

    def text(self, kind: str) -> str | None:
        """The words of the first entity of a type."""
        found = self.first(kind)
        return found.text if found else None

    def cents(self, *kinds: str) -> int | None:
        """The first amount of money of these types."""
        for kind in kinds:
            found = self.first(kind)
            if found is not None and isinstance(found.value, int | float):
                return round(Decimal(str(found.value)) * 100)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The list that a clause is about: one that is there, or one that a step of the plan makes."""

    list_id: str
    name: str
    list: GroceryList | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What planners ask."""

    stores: Stores
    clock: Clock
    ground: Ground
    search: Search
    substitutes: Substitute
    recommend: Recommend

    async def place(self, said: Clause) -> Place | Question | None:
        """The list of a clause; None where there is none, or none of that name."""
        if said.new_list is not None:
            list_id = f"{MADE}{said.new_list_step}"
            return Place(list_id=list_id, name=said.new_list, list=None)
        name = said.text("list_name")
        lists = await self.ground.lists(said.owner)
        chosen = said.chosen.get(telling_name(name) or "")
        if chosen is not None:
            lists = [one for one in lists if one.list_id == chosen]
            name = None
        last_id = said.conversation.topic.list_id
        found = named_list(name, lists, last_id=last_id)
        if found is None or isinstance(found, Question):
            return found
        return Place(list_id=found.list_id, name=found.name, list=found)

    async def things(self, said: Clause) -> list[Grounded | Question]:
        """Every wanted thing of a clause, grounded; what points back is what was shown."""
        return [await self.thing(said, one) for one in said.things if not one.is_negated]

    async def last(self, said: Clause) -> list[Grounded | Question]:
        """The product that was spoken of just before, for a sentence that names none."""
        topic = said.conversation.topic
        if not points_back(said.unlabelled):
            return []
        product = await self.ground.product(topic.product_id) if topic.product_id else None
        if product is None and points_among(said.sentence):
            product = await self.ground.pointed(said.sentence, topic.products)
        if product is None:
            return []
        quantity, unit = quantity_of(said.entities)
        thing = Thing(phrase=product.name, quantity=quantity, unit=unit)
        return [Grounded(thing=thing, product=product, why="what was spoken of last")]

    async def thing(
        self, said: Clause, thing: Thing, *, is_asking: bool = True
    ) -> Grounded | Question:
        """One thing of a clause."""
        if not thing.phrase and thing.reference is not None:
            return await self.pointed(said, thing)
        return await self.ground.thing(said.owner, thing, chosen=said.chosen, is_asking=is_asking)

    async def pointed(self, said: Clause, thing: Thing) -> Grounded:
        """What "that" or "the cheaper one" is: of what was shown, or what was spoken of last."""
        topic = said.conversation.topic
        product = None
        if topic.product_id is not None and not points_among(said.sentence):
            product = await self.ground.product(topic.product_id)
        elif topic.products:
            product = await self.ground.pointed(said.sentence, topic.products)
        named = product.name if product else topic.text or ""
        if product is None and points_among(said.sentence):
            named = ""  # only one thing was shown, or none: "the second one" is not that
        meant = replace_phrase(thing, named)
        return Grounded(thing=meant, product=product, why="what was shown")

    async def caution(self, owner: str, found: Sequence[Grounded]) -> str:
        """A warning of what the household said it must not have; empty where nothing is seen."""
        known = await self.stores.read(lambda tx: tx.preferences.of(owner))
        told = []
        for one in found:
            product = one.product
            text = f"{product.name} {product.ingredients or ''}" if product else one.thing.phrase
            name = product.name if product else text
            if avoided := spoken_of(known.allergens, text):
                told.append(f" Mind: you avoid {some(avoided)}, and {name} speaks of that.")
            if diets := spoken_of(known.dietary, text):
                told.append(f" Mind: {name} does not look {some(diets)}.")
        return "".join(told)

    async def live_session(
        self, owner: str, *, list_id: str | None = None
    ) -> ShoppingSession | None:
        """The newest session that goes on, of the list if one is given."""
        statuses = [status for status in SessionStatus if status not in ENDED]
        found = await self.stores.read(
            lambda tx: tx.sessions.page(owner, statuses=statuses, after=None, limit=50)
        )
        return next((one for one in found if list_id in (None, one.list_id)), None)


Planner = Callable[[Desk, Clause], Awaitable[Part]]


def replace_phrase(thing: Thing, phrase: str) -> Thing:
    """The thing under another phrase."""
    return Thing(phrase=phrase, quantity=thing.quantity, unit=thing.unit, without=thing.without)


def asking(question: Question, topic: Topic | None = None) -> Part:
    """The part that only asks."""
    listed = "".join(
        f"\n  {number}. {shown(option)}" for number, option in enumerate(question.options, start=1)
    )
    return Part(answer=question.text + listed, question=question, topic=topic or Topic())


def shown(option: Option) -> str:
    """An option as people read it."""
    return option.label + (f" ({money(option.price.cents)})" if option.price is not None else "")


def named(product: Product) -> str:
    """A product with its price as people read it."""
    if product.price is None:
        return f"{product.name} (price not known)"
    return f"{product.name} ({money(product.price.cents)})"


def some(names: Sequence[str], most: int = 5) -> str:
    """Names as a sentence says them."""
    if not names:
        return "nothing"
    rest = len(names) - most
    told = list(names[:most]) + ([f"{rest} more"] if rest > 0 else [])
    return told[0] if len(told) == 1 else ", ".join(told[:-1]) + " and " + told[-1]


def amount(quantity: Decimal | None, unit: str | None) -> str:
    """A quantity as people read it: "2 gallons", "3"."""
    count = quantity if quantity is not None else Decimal(1)
    number = format(count.normalize(), "f")
    return f"{number} {plural_of(unit) if count > 1 else unit}" if unit else number


def there_is_no(phrase: str) -> str:
    """The beginning of a sentence about what is missing: "There are no limes"."""
    is_plural = phrase.endswith("s") and not phrase.endswith(("ss", "us"))
    return f"There {'are' if is_plural else 'is'} no {phrase}"


def wire_number(quantity: Decimal) -> int | str:
    """A quantity for the wire, exactly."""
    if quantity == quantity.to_integral_value():
        return int(quantity)
    return format(quantity.normalize(), "f")


def priced_line(found: Grounded, *, quantity: Decimal, unit: str | None, clock: Clock) -> Line:
    """The line of a preview for so much of a thing, priced as the list will price it."""
    thing, product = found.thing, found.product
    cents = None
    try:
        item = ListItem(
            item_id="preview",
            product_id=product.product_id if product else None,
            text=product.name if product else thing.phrase,
            quantity_thousandths=thousandths(quantity),
            unit=unit,
            position=0,
            added_at=clock.now(),
        )
        products = {product.product_id: product} if product else {}
        cents = price_line(item, products).cents
    except Unfit:
        pass
    return Line(
        text=product.name if product else thing.phrase,
        phrase=thing.phrase,
        product_id=product.product_id if product else None,
        quantity=amount(quantity, unit),
        cents=cents,
        price=product.price if product and cents is not None else None,
        why=found.why,
        alternatives=tuple(option_of(each) for each in found.alternatives),
    )


def item_input(found: Grounded, *, quantity: Decimal, unit: str | None) -> dict[str, Any]:
    """A thing as `addToList` takes it."""
    item: dict[str, Any] = {"quantity": wire_number(quantity)}
    if found.product is not None:
        item["productId"] = found.product.product_id
    else:
        item["text"] = found.thing.phrase
    if unit is not None:
        item["unit"] = unit
    if found.thing.without:
        item["notes"] = "no " + ", no ".join(found.thing.without)
    return item


def at_step(said: Clause, steps: int, *, new_list: str | None, made_at: int) -> Clause:
    """The clause as it stands after earlier ones of the same sentence."""
    return replace(said, offset=steps, new_list=new_list, new_list_step=made_at)
