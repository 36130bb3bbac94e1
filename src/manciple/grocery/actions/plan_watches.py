"""What sentences about being told later come to: a watch of a product, or its end."""

import re

from manciple.grocery.actions.plan_desk import Clause, Desk, asking, some, there_is_no
from manciple.grocery.domain.grounding import Grounded
from manciple.grocery.domain.plans import Part, Question, Step, Topic, money
from manciple.grocery.domain.products import Product

# "On sale" and "cheaper" name no amount; less than this is rounding.
_NOTEWORTHY_DROP_PERCENT = 5
_END = re.compile(
    r"\b(?:stop|remove|delete|cancel|turn off|drop|end|kill|quit)\b.*\b(?:alert|alerts|alerting|"
    r"watch|watching|track|tracking|notif\w*)"
)
_BACK = re.compile(r"\b(?:back|in stock|restock\w*|available|in again|comes in)\b")


async def set_alert(desk: Desk, said: Clause) -> Part:
    """A watch on every product that is named, or an end to it."""
    found = [one for one in await desk.things(said) if isinstance(one, Grounded)]
    products = [one.product for one in found if one.product is not None]
    if not found and said.conversation.topic.product_id is not None:
        last = await desk.ground.product(said.conversation.topic.product_id)
        products = [last] if last is not None else []
    for one in await desk.things(said):
        if isinstance(one, Question):
            return asking(one)
    if not products:
        named = some([one.thing.phrase for one in found if one.thing.phrase])
        told = f"{there_is_no(named)} in the catalog to watch." if found else "Watch which product?"
        return Part(answer=told)
    return _ending(products) if _END.search(said.sentence.lower()) else _watching(said, products)


def _ending(products: list[Product]) -> Part:
    steps = [
        Step(procedure="walmartPrice.unwatch", input={"productId": one.product_id})
        for one in products
    ]
    names = some([one.name for one in products])
    return Part(answer=f"Watch {names} no longer.", steps=tuple(steps))


def _watching(said: Clause, products: list[Product]) -> Part:
    rules, told = _rules(said)
    steps = [
        Step(procedure="walmartPrice.watch", input={"productId": one.product_id, **rules})
        for one in products
    ]
    names = some([one.name for one in products])
    return Part(
        answer=f"Tell you when {names} {told}. Prices are looked at where a live source is set up, "
        "and whenever new ones come in.",
        steps=tuple(steps),
        topic=Topic(product_id=products[-1].product_id, text=products[-1].name),
    )


def _rules(said: Clause) -> tuple[dict[str, object], str]:
    cents = said.cents("price_max", "price", "price_min")
    if cents is not None:
        return {"below": f"{cents // 100}.{cents % 100:02d}"}, f"costs {money(cents)} or less"
    if _BACK.search(said.sentence.lower()):
        return {"backInStock": True}, "can be had again"
    percent = _NOTEWORTHY_DROP_PERCENT
    return {"dropPercent": percent}, f"gets {percent} percent cheaper or more"
