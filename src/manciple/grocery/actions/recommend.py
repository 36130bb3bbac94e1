"""What a household buys again, what runs out, and what goes with a list."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from manciple.grocery.domain.orders import Order
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.rhythms import (
    MIN_PURCHASES,
    Purchase,
    RunningOut,
    is_due,
    running_out,
)
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.late import Late

if TYPE_CHECKING:
    from manciple.grocery.domain import baskets
else:
    # Its numbers take 10 MB, which is much for a house that asks for no recommendation.
    baskets = Late("manciple.grocery.domain.baskets")

# Orders that are looked at: a weekly shopper's two years and a half.
_MOST_ORDERS = 130
# Orders from which on a habit can be told; before, the answer says that it is too little.
MIN_ORDERS = 3


class Recommended(msgspec.Struct, frozen=True, kw_only=True):
    """One product worth buying, and why; `name` is as it was bought, `product` None if unknown."""

    product_id: str
    name: str
    product: Product | None
    reason: str
    times_bought: int
    score: float
    estimate: RunningOut | None = None


class Recommendations(msgspec.Struct, frozen=True, kw_only=True):
    """Products, best first. `too_little` says in words what is missing; None where enough is known.

    `basis` says what they rest on: "history", "few orders" or "nothing". Nobody else's purchases
    are ever looked at, so a household without orders gets nothing.
    """

    found: tuple[Recommended, ...]
    basis: str
    orders_seen: int
    too_little: str | None


class Recommend:
    """Verbs of recommendation; `owner` is always the signed-in person."""

    def __init__(self, stores: Stores, clock: Clock) -> None:
        self._stores = stores
        self._clock = clock

    async def usuals(self, owner: str, *, limit: int) -> Recommendations:
        """What the household will probably buy next."""
        return await self._stores.read(lambda tx: _usuals(tx, owner, limit=limit))

    async def for_list(self, owner: str, list_id: str, *, limit: int) -> Recommendations:
        """What the household usually buys with such a list and is not on it yet.

        Raises:
            NotFound: the owner has no such list.
        """
        return await self._stores.read(lambda tx: _for_list(tx, owner, list_id, limit=limit))

    async def running_out(self, owner: str, *, within: timedelta, limit: int) -> Recommendations:
        """What is probably used up within the time, the soonest first."""
        now = self._clock.now()

        def work(tx: Transaction) -> Recommendations:
            history = _History(tx, owner)
            estimates = {id_: running_out(each) for id_, each in history.purchases().items()}
            due = {
                id_: estimate
                for id_, estimate in estimates.items()
                if isinstance(estimate, RunningOut) and is_due(estimate, now, within=within)
            }
            chosen = sorted(due, key=lambda id_: (due[id_].likely_at, id_))[:limit]
            found = history.told(
                [(id_, due[id_].confidence, "about to run out") for id_ in chosen], estimates=due
            )
            has_rhythm = any(isinstance(each, RunningOut) for each in estimates.values())
            return history.answer(found, rhythm=has_rhythm)

        return await self._stores.read(work)


class _History:
    """One household's orders, oldest first, as recommendations read them."""

    def __init__(self, tx: Transaction, owner: str) -> None:
        self._tx = tx
        newest = tx.orders.of(owner, limit=_MOST_ORDERS)
        self.orders: Sequence[Order] = list(reversed([o for o in newest if o.ordered_at]))

    def baskets(self) -> list[list[str]]:
        """The product ids of each order, without what was canceled or has none."""
        return [
            [line.product_id for line in order.lines if line.product_id and line.was_bought]
            for order in self.orders
        ]

    def purchases(self) -> dict[str, list[Purchase]]:
        """When each product was bought, and how much."""
        found: dict[str, list[Purchase]] = {}
        for order in self.orders:
            for line in order.lines:
                if line.product_id and line.was_bought and order.ordered_at:
                    found.setdefault(line.product_id, []).append(
                        Purchase(
                            bought_at=order.ordered_at,
                            quantity_thousandths=line.quantity_thousandths,
                        )
                    )
        return found

    def told(
        self,
        chosen: Sequence[tuple[str, float, str]],
        *,
        estimates: dict[str, RunningOut] | None = None,
    ) -> tuple[Recommended, ...]:
        """The chosen ids with their names and reasons."""
        names = {
            line.product_id: line.name
            for order in self.orders
            for line in order.lines
            if line.product_id
        }
        times = Counter(id_ for basket in self.baskets() for id_ in set(basket))
        products = self._tx.products.by_ids([id_ for id_, _, _ in chosen])
        return tuple(
            Recommended(
                product_id=id_,
                name=names[id_],
                product=products.get(id_),
                reason=reason,
                times_bought=times[id_],
                score=score,
                estimate=(estimates or {}).get(id_),
            )
            for id_, score, reason in chosen
        )

    def answer(self, found: tuple[Recommended, ...], *, rhythm: bool = True) -> Recommendations:
        """The answer, with what is missing said plainly."""
        seen = len(self.orders)
        too_little = None
        if seen < MIN_ORDERS:
            too_little = f"{seen} orders with a date are known; habits take {MIN_ORDERS}"
        elif not rhythm:
            too_little = f"nothing was bought on {MIN_PURCHASES} days yet"
        basis = "history" if seen >= MIN_ORDERS else "few orders" if seen else "nothing"
        return Recommendations(found=found, basis=basis, orders_seen=seen, too_little=too_little)


def _usuals(tx: Transaction, owner: str, *, limit: int) -> Recommendations:
    history = _History(tx, owner)
    expected = baskets.next_basket(history.baskets(), k=limit)
    return history.answer(
        history.told(
            [
                (each.product_id, each.score, _habit(each.times_bought, len(history.orders)))
                for each in expected
            ]
        )
    )


def _for_list(tx: Transaction, owner: str, list_id: str, *, limit: int) -> Recommendations:
    on_list = {item.product_id for item in tx.lists.by_id(list_id, who=owner).items}
    history = _History(tx, owner)
    held = history.baskets()
    together = Counter(
        id_ for basket in held if on_list.intersection(basket) for id_ in set(basket) - on_list
    )
    expected = baskets.next_basket(held, k=limit + len(on_list) + len(together))
    scored = [
        (each.product_id, each.score * (1 + together[each.product_id]), each.times_bought)
        for each in expected
        if each.product_id not in on_list
    ]
    scored.sort(key=lambda each: (-each[1], each[0]))
    return history.answer(
        history.told(
            [
                (id_, score, _company(together[id_]) or _habit(times, len(held)))
                for id_, score, times in scored[:limit]
            ]
        )
    )


def _habit(times: int, orders: int) -> str:
    return f"bought in {times} of your last {orders} orders"


def _company(times: int) -> str | None:
    return f"bought {times} times together with something on the list" if times else None
