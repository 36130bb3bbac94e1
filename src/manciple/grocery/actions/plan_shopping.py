"""What sentences about shopping come to: sessions, the hand-off, preferences, alerts."""

import re
from decimal import Decimal
from fractions import Fraction

from manciple.grocery.actions.plan_desk import Clause, Desk, Place, asking, some
from manciple.grocery.domain.claims import grocery_claims
from manciple.grocery.domain.list_totals import estimate
from manciple.grocery.domain.lists import ItemStatus
from manciple.grocery.domain.plans import MADE, Line, Part, Question, Step, Topic, money
from manciple.grocery.domain.products import Price, Product

HAND_OFF = (
    "I never place an order: I hand the basket over to the shop's cart, and you order and pay there"
)
_TYPES = (
    ("delivery", ("deliver", "drop off", "bring")),
    ("pickup", ("pickup", "pick up", "pick-up", "curbside", "collect")),
    ("in_store", ("store", "in person", "myself", "trip")),
)
_SPANS = (
    (r"\b(?:weekly|(?:a|per|each|every|this) week)\b", ("week", Fraction(52, 12))),
    (r"\b(?:daily|(?:a|per|each|every) day)\b", ("day", Fraction(365, 12))),
    (r"\b(?:yearly|annual|(?:a|per|each|every) year)\b", ("year", Fraction(1, 12))),
)
_ALLERGIC = re.compile(r"\b(?:allerg\w*|intoleran\w*|can'?t (?:eat|have)|cannot (?:eat|have))\b")
_NO_MORE = re.compile(r"\b(?:no longer|not .*any ?more|stop(?:ped)?|not allergic)\b")


async def start_session(desk: Desk, said: Clause) -> Part:
    """A shopping session over a list."""
    kind = _session_type(f"{said.text('fulfillment') or ''} {said.sentence}".lower())
    place = await desk.place(said)
    if isinstance(place, Question):
        return asking(place)
    wanted = {"type": kind}
    where = "a new list"
    if place is not None:
        wanted["listId"] = place.list_id
        where = place.name
    time = said.text("time")
    note = f" The time ({time}) is chosen at the shop." if time else ""
    return Part(
        answer=f"Start {_type_told(kind)} shopping with {where}.{note}",
        steps=(Step(procedure="walmartGrocery.startShoppingSession", input=wanted),),
        topic=Topic(list_id=place.list.list_id if place and place.list else None),
    )


async def checkout(desk: Desk, said: Clause) -> Part:
    """A quote for a list, on the way to the shop's cart; the order is placed by the person."""
    place = await desk.place(said)
    if isinstance(place, Question):
        return asking(place)
    if place is None:
        return Part(answer=f"There is no list to check out. {HAND_OFF}.")
    if place.list is not None and not place.list.items:
        return Part(answer=f"{place.name} is empty. {HAND_OFF}.")
    lines = await _lines(desk, place)
    if place.list is not None and not any(line.product_id for line in lines):
        return Part(answer=f"Nothing left on {place.name} is a product of the shop. {HAND_OFF}.")
    session = await desk.live_session(said.owner, list_id=place.list_id)
    steps: list[Step] = []
    if session is None:
        kind = _session_type(f"{said.text('fulfillment') or ''}".lower())
        kind = "online" if kind == "in_store" else kind
        wanted = {"listId": place.list_id, "type": kind}
        steps.append(Step(procedure="walmartGrocery.startShoppingSession", input=wanted))
        session_id = f"{MADE}{said.offset}"
    else:
        session_id = session.session_id
    quote = Step(procedure="walmartGrocery.processCheckout", input={"sessionId": session_id})
    return Part(
        answer=f"{HAND_OFF}. First I make a quote for {place.name}; you see its total and say "
        "yes before anything is handed over.",
        steps=(*steps, quote),
        lines=lines,
        topic=Topic(list_id=place.list.list_id if place.list else None),
    )


async def _lines(desk: Desk, place: Place) -> tuple[Line, ...]:
    """The lines still to get, with their prices."""
    if place.list is None:
        return ()
    items = [one for one in place.list.items if one.status is ItemStatus.PENDING]
    ids = [item.product_id for item in items if item.product_id]
    products = await desk.stores.read(lambda tx: tx.products.by_ids(ids))
    prices = {line.item_id: line.cents for line in estimate(items, products).lines}
    return tuple(
        Line(
            text=item.text,
            product_id=item.product_id,
            quantity=format(Decimal(item.quantity_thousandths) / 1000, "f"),
            cents=prices.get(item.item_id),
            price=_price(products.get(item.product_id or ""), prices.get(item.item_id)),
        )
        for item in items
    )


def _price(product: Product | None, cents: int | None) -> Price | None:
    """The price that a line's sum is made of, where it has one."""
    return product.price if product is not None and cents is not None else None


# "Never give me Great Value", but not "I don't want anything but Great Value".
_NEVER = re.compile(
    r"\b(?:never|don'?t|do not|avoid|hate|can'?t stand|no more)\b"
    r"(?!.*\b(?:but|except|besides|other than|anything else)\b)[^.;,]*$"
)


async def set_preference(desk: Desk, said: Clause) -> Part:
    """What the household likes and cannot eat, kept; its budget too."""
    cents = said.cents("price_max", "price")
    if cents is not None:
        return _budget(cents, said.sentence.lower())
    text = said.sentence.lower()
    if "substitut" in text:
        is_allowed = not re.search(r"\b(?:no|never|don'?t|do not|without|stop)\b", text)
        told = "Allow" if is_allowed else "Allow no"
        step = _prefer({"substitutionAllowed": is_allowed})
        return Part(answer=f"{told} substitutes from now on.", steps=(step,))
    return await _names_kept(desk, said, text)


def _budget(cents: int, text: str) -> Part:
    """Budgets are kept by the month; what is said of another span is told as both."""
    span, times = next(
        (found for mark, found in _SPANS if re.search(mark, text)), ("month", Fraction(1))
    )
    monthly = round(cents * times)
    limit = f"{monthly // 100}.{monthly % 100:02d}"
    step = Step(procedure="budgets.setEnvelope", input={"limit": limit})
    said = "" if span == "month" else f", which is {money(cents)} a {span}"
    return Part(answer=f"Set your budget to {money(monthly)} a month{said}.", steps=(step,))


async def _names_kept(desk: Desk, said: Clause, text: str) -> Part:
    known = await desk.stores.read(lambda tx: tx.preferences.of(said.owner))
    is_over = _NO_MORE.search(text) is not None
    fields: dict[str, tuple[str, ...]] = {}
    told: list[str] = []
    for entity in said.entities:
        name = entity.text.strip()
        if entity.type == "dietary" or (entity.type == "product" and _ALLERGIC.search(text)):
            field = "allergens" if entity.negated or _ALLERGIC.search(text) else "dietary"
            verb = "avoid" if field == "allergens" else "diet:"
        elif entity.type == "brand":
            is_avoided = entity.negated or _NEVER.search(text[: entity.start]) is not None
            field = "avoidedBrands" if is_avoided else "preferredBrands"
            verb = "avoid the brand" if is_avoided else "prefer the brand"
        else:
            continue
        if field == "dietary":
            name = _diet_name(name)
        old = fields.get(field, _kept(known, field))
        rest = tuple(one for one in old if one.casefold() != name.casefold())
        fields[field] = rest if is_over else (*rest, name)
        told.append(f"{'no longer ' if is_over else ''}{verb} {name}")
    if not fields:
        return Part(
            answer="I can keep diets, allergies, brands you like or avoid, whether substitutes are "
            "fine, and a monthly budget. I did not catch which."
        )
    step = _prefer({field: list(names) for field, names in fields.items()})
    return Part(answer=f"Keep in mind: {some(told)}.", steps=(step,))


def _kept(known: object, field: str) -> tuple[str, ...]:
    snake = {"preferredBrands": "preferred_brands", "avoidedBrands": "avoided_brands"}
    kept: tuple[str, ...] = getattr(known, snake.get(field, field))
    return kept


def _diet_name(name: str) -> str:
    """The claim's own name where it is one ("gluten free" is gluten_free's)."""
    key = name.lower().replace("-", "_").replace(" ", "_")
    return key.replace("_", "-") if key in grocery_claims().hard else name.lower()


def _prefer(changes: dict[str, object]) -> Step:
    return Step(procedure="preferences.update", input=changes)


def _session_type(text: str) -> str:
    return next((kind for kind, marks in _TYPES if any(one in text for one in marks)), "online")


def _type_told(kind: str) -> str:
    return {"in_store": "in-store"}.get(kind, kind)
