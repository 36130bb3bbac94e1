"""What sentences about products come to: all of them only read, and are answered at once."""

import re
from collections.abc import Callable, Sequence

import msgspec

from manciple.grocery.actions.plan_changes import is_swap, update_item
from manciple.grocery.actions.plan_desk import Clause, Desk, asking, named, some, there_is_no
from manciple.grocery.actions.search import Found
from manciple.grocery.actions.substitute import WantedSubstitute
from manciple.grocery.actions.tell_products import (
    facts_told,
    nothing_told,
    price_told,
    rows_told,
    stock_told,
)
from manciple.grocery.domain.claims import grocery_claims
from manciple.grocery.domain.grounding import Grounded, Thing
from manciple.grocery.domain.plans import Part, Question, Step, Topic
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.search_wishes import Sort, Wish

_SHOWN = 5
_MAX_QUERY_CHARS = 200
_CONTENTS = re.compile(
    r"\b(?:what.?s in|what is in|made (?:of|from|with)|contains?|have|has)\b", re.IGNORECASE
)
_ONE = re.compile(r"\bone\b", re.IGNORECASE)
_THE_ONE = re.compile(r"\bthe \w+(?: \w+)? one\b", re.IGNORECASE)
_ONLY = re.compile(r"\b(?:only|just|ones?)\b", re.IGNORECASE)
_SORTS: tuple[tuple[tuple[str, ...], Sort], ...] = (
    (("cheap", "lowest", "least expensive", "budget", "low price"), "price"),
    (("expensive", "highest price", "priciest"), "priceDescending"),
    (("unit price", "per ounce", "value", "per oz"), "unitPrice"),
    (("rated", "best", "top", "popular", "review"), "rating"),
)


async def search_products(desk: Desk, said: Clause) -> Part:
    """The products that answer a sentence, with its filters."""
    topic = said.conversation.topic
    if topic.query is not None and _is_refining(said):
        return await _searched(desk, said, sort=_sort(said), before=topic.query)
    if topic.products and not any(one.phrase for one in said.things):
        return await _pointed(desk, said)
    return await _searched(desk, said, sort=_sort(said))


def _is_refining(said: Clause) -> bool:
    """Whether a sentence narrows the last search: "only the vegan ones", "under $5"."""
    kinds = {one.type for one in said.entities}
    if "product" in kinds or "reference" in kinds:
        return False
    if kinds == {"sort"} and _ONE.search(said.sentence):
        return False
    if "brand" in kinds:
        return bool(_ONLY.search(said.sentence))
    return bool(kinds & {"dietary", "size", "price_max", "price_min", "price", "sort"})


async def find_deals(desk: Desk, said: Clause) -> Part:
    """No deals are known to anybody here; the lowest prices per unit are."""
    note = "I know shelf prices, but no deals, coupons or rollbacks; the shop's own page has those."
    if not any(one.phrase for one in said.things):
        return Part(answer=note)
    part = await _searched(desk, said, sort="unitPrice")
    answer = f"{note} By price per unit:\n{part.answer}"
    return Part(answer=answer, called=part.called, topic=part.topic)


async def product_details(desk: Desk, said: Clause) -> Part:
    """What is known of one product; what is not known is said."""
    product = await _one(desk, said)
    if isinstance(product, Part):
        return product
    asked = (said.text("attribute") or "").lower()
    if not asked and _CONTENTS.search(said.sentence):
        asked = "ingredients"
    facts = facts_told(product)
    missing = ""
    if asked and not any(asked.rstrip("s") in fact.lower() for fact in facts):
        missing = f" I do not know its {asked}: the catalog does not state it."
    answer = f"{product.name}. " + " ".join(facts) + missing
    return _about(product, answer.strip(), "walmartGrocery.getProductDetails")


async def price_check(desk: Desk, said: Clause) -> Part:
    """What products cost, each with where the price comes from."""
    return await _each_told(desk, said, price_told)


async def stock_check(desk: Desk, said: Clause) -> Part:
    """Whether products can be had; the shelf often does not say."""
    return await _each_told(desk, said, stock_told)


async def compare_products(desk: Desk, said: Clause) -> Part:
    """Two or more products side by side."""
    found = await _each(desk, said)
    if isinstance(found, Part):
        return found
    known = [one.product for one in found if one.product is not None]
    unknown = [one.thing.phrase for one in found if one.product is None]
    rows = [f"{product.name}: " + " ".join(facts_told(product)) for product in known]
    rows += [f"{phrase}: not in the catalog." for phrase in unknown]
    priced = [product for product in known if product.price is not None]
    if len(priced) > 1:
        cheapest = min(priced, key=lambda one: one.price.cents if one.price else 0)
        rows.append(f"{cheapest.name} costs less for the package.")
    called = tuple(_details_step(one.product_id) for one in known)
    return Part(answer="\n".join(rows), called=called, topic=_topic(found))


async def find_substitute(desk: Desk, said: Clause) -> Part:
    """What stands in for a product; where the sentence names it, the exchange on the list."""
    if is_swap(said):
        return await update_item(desk, said)
    if _is_choosing(said):
        return await _pointed(desk, said)
    product = await _one(desk, said)
    if isinstance(product, Part):
        return product
    found = await desk.substitutes.find(
        said.owner, WantedSubstitute(product_id=product.product_id, limit=_SHOWN)
    )
    proposals = [one.product for one in found.proposals]
    wanted = " ".join(entity.text for entity in said.entities if entity.type == "sort")
    if "cheap" in wanted.lower() and product.price is not None:
        limit = product.price.cents
        proposals = [one for one in proposals if one.price and one.price.cents < limit]
    claims = grocery_claims()
    diets = [entity.text.lower() for entity in said.entities if entity.type == "dietary"]
    for diet in diets:
        key = diet.replace(" ", "_").replace("-", "_")
        proposals = [one for one in proposals if claims.answers(frozenset(one.claims), key)]
    step = Step(
        procedure="walmartGrocery.findSubstitutions", input={"productId": product.product_id}
    )
    if not proposals:
        answer = f"I found no substitute for {named(product)} that I would stand by."
        return Part(answer=answer, called=(step,), topic=Topic(product_id=product.product_id))
    return Part(
        answer=f"Instead of {named(product)}:\n" + rows_told(proposals),
        called=(step,),
        topic=Topic(products=tuple(one.product_id for one in proposals)),
    )


def _is_choosing(said: Clause) -> bool:
    """Whether "the cheaper one" is one of several that were shown, and no other thing."""
    is_named = any(one.phrase for one in said.things)
    shown = said.conversation.topic.products
    return len(shown) > 1 and not is_named and bool(_THE_ONE.search(said.sentence))


async def _searched(desk: Desk, said: Clause, *, sort: Sort, before: str = "") -> Part:
    query = f"{_query(said)} {before}".strip()[:_MAX_QUERY_CHARS]
    if not query:
        return Part(answer="What should I look for?")
    wish = Wish(
        query=query,
        max_price_cents=said.cents("price_max", "price"),
        min_price_cents=said.cents("price_min"),
        sort=sort,
        limit=_SHOWN,
    )
    found, wish, note = await _for_the_household(desk, said.owner, wish)
    called = (Step(procedure="walmartGrocery.search", input=_wire(wish)),)
    products = [hit.product for hit in found.hits]
    if not products:
        return Part(answer=nothing_told(query, found), called=called)
    hint = f" Did you mean {found.did_you_mean}?" if found.did_you_mean else ""
    head = f"{found.total} found for {query}." if found.total > 1 else f"Found for {query}:"
    return Part(
        answer=f"{head}{hint}{note}\n{rows_told(products)}",
        called=called,
        topic=Topic(products=tuple(product.product_id for product in products), query=query),
    )


async def _for_the_household(desk: Desk, owner: str, wish: Wish) -> tuple[Found, Wish, str]:
    """What is found, of that first what says that it keeps the household's diets; and a note."""
    known = await desk.stores.read(lambda tx: tx.preferences.of(owner))
    names = {name: name.replace("-", "_").replace(" ", "_") for name in known.dietary}
    diets = {name: key for name, key in names.items() if key in grocery_claims().hard}
    if not diets:
        return await desk.search.search(wish), wish, ""
    kept = msgspec.structs.replace(wish, dietary=tuple(diets.values()))
    found = await desk.search.search(kept)
    if found.hits:
        return found, kept, f" These say that they are {some(list(diets))}."
    note = f" None of them says that it is {some(list(diets))}."
    return await desk.search.search(wish), wish, note


async def _pointed(desk: Desk, said: Clause) -> Part:
    """The one of what was shown that a sentence points at."""
    product = await desk.ground.pointed(said.sentence, said.conversation.topic.products)
    if product is None:
        return Part(answer="I do not see which one you mean.", topic=said.conversation.topic)
    answer = f"{named(product)}. " + " ".join(facts_told(product)[1:])
    part = _about(product, answer.strip(), "walmartGrocery.getProductDetails")
    shown = said.conversation.topic.products
    return msgspec.structs.replace(part, topic=msgspec.structs.replace(part.topic, products=shown))


async def _each_told(desk: Desk, said: Clause, tell: Callable[[Grounded], str]) -> Part:
    found = await _each(desk, said)
    if isinstance(found, Part):
        return found
    called = tuple(_details_step(one.product.product_id) for one in found if one.product)
    return Part(answer="\n".join(map(tell, found)), called=called, topic=_topic(found))


async def _one(desk: Desk, said: Clause) -> Product | Part:
    found = await _each(desk, said)
    if isinstance(found, Part):
        return found
    if found[0].product is None:
        return Part(answer=f"{there_is_no(found[0].thing.phrase)} in the catalog.")
    return found[0].product


async def _each(desk: Desk, said: Clause) -> list[Grounded] | Part:
    """Every thing of a clause as a product; without one, what was spoken of last."""
    things = [one for one in said.things if not one.is_negated]
    topic = said.conversation.topic
    if not things and topic.products:
        product = await desk.ground.pointed(said.sentence, topic.products)
        return _as_product(product, "what was shown")
    if not things and topic.product_id:
        return _as_product(await desk.ground.product(topic.product_id), "what was spoken of last")
    if not things:
        return Part(answer="Which product do you mean?")
    found = []
    for thing in things:
        one = await desk.thing(said, thing, is_asking=False)
        if isinstance(one, Question):
            return asking(one)
        found.append(one)
    return found


def _as_product(product: Product | None, why: str) -> list[Grounded] | Part:
    if product is None:
        return Part(answer="Which product do you mean?")
    from_words = Grounded(thing=Thing(phrase=product.name), product=product, why=why)
    return [from_words]


def _query(said: Clause) -> str:
    parts = [one.phrase for one in said.things if one.phrase and not one.is_negated]
    if not parts:
        parts = [
            entity.text
            for entity in said.entities
            if entity.type in ("brand", "dietary", "attribute", "size") and not entity.negated
        ]
    without = [
        f"without {entity.text}"
        for entity in said.entities
        if entity.negated and entity.type in ("dietary", "attribute")
    ]
    return " ".join((*parts, *without))[:_MAX_QUERY_CHARS].strip()


def _sort(said: Clause) -> Sort:
    words = " ".join(entity.text.lower() for entity in said.entities if entity.type == "sort")
    return next((sort for marks, sort in _SORTS if any(one in words for one in marks)), "relevance")


def _wire(wish: Wish) -> dict[str, object]:
    told: dict[str, object] = {"query": wish.query, "limit": wish.limit}
    if wish.sort != "relevance":
        told["sort"] = wish.sort
    if wish.dietary:
        told["dietary"] = list(wish.dietary)
    for name, cents in (("minPrice", wish.min_price_cents), ("maxPrice", wish.max_price_cents)):
        if cents is not None:
            told[name] = f"{cents // 100}.{cents % 100:02d}"
    return told


def _details_step(product_id: str) -> Step:
    return Step(procedure="walmartGrocery.getProductDetails", input={"productId": product_id})


def _about(product: Product, answer: str, procedure: str) -> Part:
    step = Step(procedure=procedure, input={"productId": product.product_id})
    topic = Topic(product_id=product.product_id, text=product.name)
    return Part(answer=answer, called=(step,), topic=topic)


def _topic(found: Sequence[Grounded]) -> Topic:
    products = tuple(one.product.product_id for one in found if one.product)
    if len(products) == 1:
        return Topic(product_id=products[0], text=found[0].thing.phrase, products=products)
    return Topic(products=products)
