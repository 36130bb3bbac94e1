"""What sentences about the past come to: purchases, prices paid, spending, orders, the usual."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from manciple.grocery.actions.plan_desk import (
    Clause,
    Desk,
    asking,
    item_input,
    priced_line,
    some,
)
from manciple.grocery.actions.plan_lists import add_items
from manciple.grocery.domain.grounding import Grounded, Thing, words_of
from manciple.grocery.domain.orders import Order, OrderLine, paid_cents
from manciple.grocery.domain.plans import MADE, Part, Question, Step, Topic, money
from manciple.grocery.domain.time_spans import Span, span_of

_MOST_ORDERS = 200
_SHOWN = 8
_NO_ORDERS = "I know no orders of yours yet; import them with `manciple orders import`."


async def purchase_history(desk: Desk, said: Clause) -> Part:
    """What was bought, and when."""
    orders = await _orders(desk, said)
    if not orders:
        return Part(answer=_NO_ORDERS)
    span = _span(desk, said)
    within = [one for one in orders if span is None or span.holds(one.ordered_at)]
    phrases = _phrases(said)
    if phrases:
        return Part(answer="\n".join(_bought_told(phrase, within, span) for phrase in phrases))
    if not within:
        return Part(answer=f"I know of no order {_when(span)}.")
    rows = [_order_row(order) for order in within[:_SHOWN]]
    return Part(answer=f"{len(within)} orders {_when(span)}:\n" + "\n".join(rows))


async def price_history(desk: Desk, said: Clause) -> Part:
    """What was paid for a thing, and how its price moved; only what was really seen."""
    phrases = _phrases(said)
    if not phrases:
        return Part(answer="The price of which product?")
    orders, span = await _orders(desk, said), _span(desk, said)
    within = [one for one in orders if span is None or span.holds(one.ordered_at)]
    told = [_paid_told(phrase, within, span) for phrase in phrases]
    grounded = await desk.thing(said, said.things[0], is_asking=False)
    topic, called = Topic(), ()
    if isinstance(grounded, Grounded) and grounded.product is not None:
        product = grounded.product
        seen = await desk.stores.read(
            lambda tx: tx.prices.of(product.product_id, since=span.since if span else None)
        )
        rows = [f"  {one.observed_at:%Y-%m-%d} {money(one.cents)} ({one.source})" for one in seen]
        if rows:
            told.append(f"Prices seen of {product.name}:\n" + "\n".join(rows[:_SHOWN]))
        topic = Topic(product_id=product.product_id, text=grounded.thing.phrase)
    return Part(answer="\n".join(told), called=called, topic=topic)


async def spending_summary(desk: Desk, said: Clause) -> Part:
    """Money spent over a time, by the receipts that are known."""
    orders, span = await _orders(desk, said), _span(desk, said)
    if not orders:
        return Part(answer=_NO_ORDERS)
    within = [one for one in orders if span is None or span.holds(one.ordered_at)]
    phrases = [one for one in _phrases(said) if one.lower() not in _EVERYTHING]
    if phrases:
        return Part(answer="\n".join(_paid_told(phrase, within, span) for phrase in phrases))
    sums = [paid_cents(order) for order in within]
    known = [cents for cents in sums if cents is not None]
    missing = len(sums) - len(known)
    note = f"; {missing} more without a known total" if missing else ""
    return Part(answer=f"You spent {money(sum(known))} in {len(known)} orders {_when(span)}{note}.")


async def recommend(desk: Desk, said: Clause) -> Part:
    """What to buy next, from the household's own orders."""
    text = said.sentence.lower()
    if any(words in text for words in ("run out", "running out", "running low", "low on")):
        found = await desk.recommend.running_out(said.owner, within=timedelta(days=7), limit=_SHOWN)
        step = Step(procedure="recommendations.runningOut", input={"withinDays": 7})
        head = "You are probably about to run out of"
    else:
        found = await desk.recommend.usuals(said.owner, limit=_SHOWN)
        step = Step(procedure="recommendations.usuals", input={"limit": _SHOWN})
        head = "By your own orders you will probably want"
    phrases = _phrases(said)
    chosen = [
        one for one in found.found if not phrases or any(_is_named(p, one.name) for p in phrases)
    ]
    if not chosen:
        why = found.too_little or "nothing in your orders fits"
        return Part(answer=f"I have nothing to recommend: {why}.", called=(step,))
    rows = "\n".join(
        f"  {number}. {one.product.name if one.product else one.name}: {one.reason}"
        for number, one in enumerate(chosen, start=1)
    )
    products = tuple(one.product_id for one in chosen if one.product)
    return Part(answer=f"{head}:\n{rows}", called=(step,), topic=Topic(products=products))


async def reorder(desk: Desk, said: Clause) -> Part:
    """An order's lines, or the usual, put on a list; nothing is ordered."""
    if any(one.phrase for one in said.things):
        return await add_items(desk, said)
    orders = await _orders(desk, said)
    if not orders:
        return Part(answer=_NO_ORDERS)
    ref = (said.text("order_ref") or "").lower()
    is_last = "last" in f"{ref} {said.sentence.lower()}" or "same" in said.sentence.lower()
    wanted = [_grounded_line(line) for line in orders[0].lines if line.was_bought]
    source = "your last order"
    if not is_last or not wanted:
        usual = await desk.recommend.usuals(said.owner, limit=_SHOWN)
        wanted = [(one.product_id, one.name, Decimal(1)) for one in usual.found]
        source = "what you usually buy"
    if not wanted:
        return Part(answer="Your orders are too few to tell what is usual.")
    return await _listed(desk, said, wanted, source)


async def _listed(
    desk: Desk, said: Clause, wanted: Sequence[tuple[str | None, str, Decimal]], source: str
) -> Part:
    place = await desk.place(said)
    if isinstance(place, Question):
        return asking(place)
    ids = [product_id for product_id, _, _ in wanted if product_id]
    known = await desk.stores.read(lambda tx: tx.products.by_ids(ids))
    found = [
        (
            Grounded(
                thing=Thing(phrase=name), product=known.get(product_id or ""), why=f"from {source}"
            ),
            quantity,
        )
        for product_id, name, quantity in wanted
    ]
    steps: list[Step] = []
    list_id, name = f"{MADE}{said.offset}", "Groceries"
    if place is None:
        steps.append(Step(procedure="walmartGrocery.createList", input={"name": name}))
    else:
        list_id, name = place.list_id, place.name
    items = [item_input(one, quantity=quantity, unit=None) for one, quantity in found]
    steps.append(
        Step(procedure="walmartGrocery.addToList", input={"listId": list_id, "items": items})
    )
    lines = tuple(
        priced_line(one, quantity=quantity, unit=None, clock=desk.clock) for one, quantity in found
    )
    return Part(
        answer=f"Put {source} on {name}: {some([line.text for line in lines])}. "
        "Nothing is ordered by that.",
        steps=tuple(steps),
        lines=lines,
        topic=Topic(list_id=place.list_id if place else None),
    )


async def order_status(desk: Desk, said: Clause) -> Part:
    """What the last import of an order said of it; never more."""
    orders = await _orders(desk, said)
    if not orders:
        return Part(answer=f"{_NO_ORDERS} The shop's own page shows where an order is right now.")
    ref = said.text("order_ref")
    named_one = next((one for one in orders if ref and ref.strip("# ") in one.order_id), None)
    order = named_one or orders[0]
    status = order.status or "not stated"
    return Part(
        answer=f"Order {order.order_id} of {_day(order.ordered_at)}: {status}, as of its last "
        "import. The shop's own page shows where it is right now."
    )


async def order_cancel(desk: Desk, said: Clause) -> Part:
    """Orders live at the shop; what can be ended here is a shopping session."""
    note = (
        "I place no orders and cannot cancel one; orders are canceled on the shop's own page, "
        "under Purchase history."
    )
    session = await desk.live_session(said.owner)
    if session is None:
        return Part(answer=note)
    step = Step(
        procedure="walmartGrocery.changeShoppingSession",
        input={"sessionId": session.session_id, "action": "abandon"},
    )
    return Part(
        answer=f"{note} What I can do: end your {session.type.replace('_', ' ')} shopping "
        "session that goes on here.",
        steps=(step,),
    )


_EVERYTHING = frozenset(
    {"stuff", "groceries", "food", "everything", "grocery", "things", "items", "money"}
)


async def _orders(desk: Desk, said: Clause) -> Sequence[Order]:
    return await desk.stores.read(lambda tx: tx.orders.of(said.owner, limit=_MOST_ORDERS))


def _span(desk: Desk, said: Clause) -> Span | None:
    words = said.text("time") or ""
    return span_of(words, desk.clock.now()) if words else None


def _phrases(said: Clause) -> list[str]:
    return [one.phrase for one in said.things if one.phrase]


def _is_named(phrase: str, name: str) -> bool:
    said = words_of(phrase)
    return bool(said) and said <= words_of(name)


def _lines(phrase: str, orders: Sequence[Order]) -> list[tuple[Order, OrderLine]]:
    return [
        (order, line)
        for order in orders
        for line in order.lines
        if line.was_bought and _is_named(phrase, line.name)
    ]


def _bought_told(phrase: str, orders: Sequence[Order], span: Span | None) -> str:
    found = _lines(phrase, orders)
    if not found:
        return f"I know of no purchase of {phrase} {_when(span)}."
    order, line = found[0]
    times = len({order.order_id for order, _ in found})
    often = "once" if times == 1 else f"{times} times"
    return (
        f"You bought {phrase} {often} {_when(span)}; last {line.name} on {_day(order.ordered_at)}."
    )


def _paid_told(phrase: str, orders: Sequence[Order], span: Span | None) -> str:
    found = [
        (order, line)
        for order, line in _lines(phrase, orders)
        if line.unit_price_cents is not None or line.total_cents is not None
    ]
    if not found:
        return f"I know of no price that you paid for {phrase} {_when(span)}."
    rows = [
        f"  {_day(order.ordered_at)} {line.name}: {_price_of(line)}"
        for order, line in found[:_SHOWN]
    ]
    last_order, last = found[0]
    told = f"The last time, on {_day(last_order.ordered_at)}, you paid {_price_of(last)}"
    total = sum(line.total_cents or 0 for _, line in found)
    return (
        f"{told} for {last.name}. In all {money(total)} for {phrase} {_when(span)}:\n"
        + "\n".join(rows)
    )


def _price_of(line: OrderLine) -> str:
    each = line.unit_price_cents
    if each is not None:
        return f"{money(each)} each"
    return f"{money(line.total_cents or 0)} in all"


def _grounded_line(line: OrderLine) -> tuple[str | None, str, Decimal]:
    quantity = Decimal(1) if line.is_weighed else Decimal(line.quantity_thousandths) / 1000
    return line.product_id, line.name, quantity


def _order_row(order: Order) -> str:
    paid = paid_cents(order)
    cost = money(paid) if paid is not None else "total not known"
    names = some([line.name for line in order.lines if line.was_bought], 4)
    return f"  {_day(order.ordered_at)} {order.order_id}: {names}; {cost}"


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d}" if at else "an unknown day"


def _when(span: Span | None) -> str:
    if span is None:
        return "in the orders that are known"
    prefix = "in " if span.label[0].isupper() or span.label.startswith("the ") else ""
    return f"{prefix}{span.label}"
