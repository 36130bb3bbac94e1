"""Watching products: who wants to be told what, and the round that looks."""

from collections.abc import Sequence

import msgspec
import structlog

from manciple.grocery.actions.live_prices import LivePrices
from manciple.grocery.domain.alerts import MAX_PRIORITY, Rules, checked
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.watch_turns import Watched, after_failure, next_up, requests_per_turn
from manciple.grocery.domain.watches import ToldAlert, Watch
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import InvalidInput, MancipleError, NotFound, Refused, TooMany, Unavailable

# A whole catalog of one household's things, and then some.
MAX_WATCHES = 5_000
USUAL_PRIORITY = 5

_log = structlog.get_logger(__name__)


class WatchedProduct(msgspec.Struct, frozen=True, kw_only=True):
    """A watch with its product as it is known now; None if it is no longer sold."""

    watch: Watch
    product: Product | None


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """What one round did; `is_cut` if the budget or a breaker ended it early."""

    wanted: int
    seen: int
    failed: int
    is_cut: bool = False


async def keep_watch(
    stores: Stores, owner: str, product_id: str, *, rules: Rules, priority: int = USUAL_PRIORITY
) -> WatchedProduct:
    """As `WatchPrices.watch`, which nothing but the stores is needed for."""
    checked(rules)
    if not 0 <= priority <= MAX_PRIORITY:
        raise InvalidInput.at("priority", f"must be from 0 to {MAX_PRIORITY}")

    def work(tx: Transaction) -> WatchedProduct:
        product = tx.products.by_id(product_id)
        tx.users.ensure(owner, display_name=owner)
        tx.watches.put(owner, product_id, rules=rules, priority=priority)
        if tx.watches.count(owner) > MAX_WATCHES:
            raise Refused(f"At most {MAX_WATCHES} products can be watched")
        mine = tx.watches.of_products([product_id])
        (watch,) = (one for one in mine if one.user_id == owner)
        return WatchedProduct(watch=watch, product=product)

    return await stores.write(work)


async def end_watch(stores: Stores, owner: str, product_id: str) -> None:
    """As `WatchPrices.unwatch`."""

    def work(tx: Transaction) -> None:
        if not tx.watches.remove(owner, product_id):
            raise NotFound("watch", product_id)

    await stores.write(work)


class WatchPrices:
    """Keeps watches; `turn` is what a service calls again and again."""

    def __init__(
        self,
        stores: Stores,
        clock: Clock,
        live: LivePrices,
        *,
        every_s: float,
        requests_per_hour: int,
    ) -> None:
        self._stores = stores
        self._clock = clock
        self._live = live
        self._every_s = every_s
        self._most_requests = requests_per_turn(requests_per_hour, every_s=every_s)

    async def watch(
        self, owner: str, product_id: str, *, rules: Rules, priority: int
    ) -> WatchedProduct:
        """The watch, in place of an older one of the same product.

        Raises:
            NotFound: there is no such product.
            InvalidInput: the rules ask for nothing, or for what cannot be.
            Refused: so many are watched that one more would starve the others.
        """
        return await keep_watch(self._stores, owner, product_id, rules=rules, priority=priority)

    async def unwatch(self, owner: str, product_id: str) -> None:
        """Forgets a watch; what was told stays.

        Raises:
            NotFound: nobody of that name watches it.
        """
        await end_watch(self._stores, owner, product_id)

    async def watches(self, owner: str) -> Sequence[WatchedProduct]:
        """Everything that a person watches, the newest first."""

        def work(tx: Transaction) -> list[WatchedProduct]:
            mine = tx.watches.of_user(owner)
            known = tx.products.by_ids(one.product_id for one in mine)
            return [WatchedProduct(watch=one, product=known.get(one.product_id)) for one in mine]

        return await self._stores.read(work)

    async def alerts(
        self, owner: str, *, limit: int, before: int | None = None
    ) -> Sequence[ToldAlert]:
        """What a person was told, newest first."""
        return await self._stores.read(
            lambda tx: tx.watches.alerts(owner, limit=limit, before=before)
        )

    async def turn(self) -> Turn:
        """Looks at what is most urgent, as far as this turn's share of requests goes."""
        if not self._live.is_set_up:
            return Turn(wanted=0, seen=0, failed=0)
        per_request = self._live.per_request
        watched = await self._stores.read(lambda tx: tx.watches.products())
        ids = next_up(
            watched,
            self._clock.now(),
            most=self._most_requests * per_request,
            every_s=self._every_s,
        )
        by_id = {one.product_id: one for one in watched}
        seen = failed = 0
        for start in range(0, len(ids), per_request):
            batch = ids[start : start + per_request]
            is_answered = True
            try:
                seen += len(await self._live.ask(batch))
            except (TooMany, Unavailable) as error:
                _log.info("prices.watch.cut", left=len(ids) - start, problem=str(error))
                return Turn(wanted=len(ids), seen=seen, failed=failed, is_cut=True)
            except MancipleError as error:
                failed += len(batch)
                is_answered = False
                _log.info("prices.watch.failed", products=len(batch), problem=str(error))
            await self._note([by_id[one] for one in batch], is_answered=is_answered)
        return Turn(wanted=len(ids), seen=seen, failed=failed)

    async def _note(self, batch: list[Watched], *, is_answered: bool) -> None:
        now = self._clock.now()
        looks = {
            one.product_id: now if is_answered else after_failure(one, now, every_s=self._every_s)
            for one in batch
        }
        await self._stores.write(lambda tx: tx.watches.tried(looks))
