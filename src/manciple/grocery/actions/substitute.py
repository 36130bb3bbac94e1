"""Finds substitutes for a product, and remembers what a household says to them."""

import asyncio
import dataclasses
from collections import Counter
from collections.abc import Sequence

import msgspec

from manciple.grocery.actions.index_products import IndexProducts, KnownNames
from manciple.grocery.domain.likeness_profiles import Profile
from manciple.grocery.domain.likenesses import LEAST, Likeness, Proposal, acceptable
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.substitution_wishes import Verdict, Wishes, left_of, unmet
from manciple.grocery.index.substitute_index import SubstituteIndex
from manciple.grocery.stores.products import ProductChange
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.errors import InvalidInput, NotFound

MOST_PROPOSALS = 20
_BATCH = 2000


class WantedSubstitute(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked; a threshold of None is what shoppers usually accept."""

    product_id: str
    at_least: float | None = None
    most_cents_apart: int | None = None
    preferred_brands: tuple[str, ...] = ()
    avoided_brands: tuple[str, ...] = ()
    limit: int = 10


class FoundSubstitutes(msgspec.Struct, frozen=True, kw_only=True):
    """The proposals, best first, and why others were left out, with how many."""

    source: Product
    proposals: tuple[Proposal, ...]
    left_out: tuple[tuple[str, int], ...]


class Substitute:
    """Verbs of substitution; `owner` is always the signed-in person, None a stranger."""

    def __init__(self, stores: Stores, follower: IndexProducts) -> None:
        self._stores = stores
        self._follower = follower
        self._index = SubstituteIndex()
        self._revision = 0
        self._filling = asyncio.Lock()

    async def find(self, owner: str | None, wanted: WantedSubstitute) -> FoundSubstitutes:
        """Substitutes for a product that this household would take; often few, sometimes none.

        Raises:
            NotFound: there is no such product.
        """
        await self.warm()
        source, wishes = await self._stores.read(lambda tx: _known(tx, owner, wanted))
        left_out: Counter[str] = Counter()

        def adjust(product: Product, seen: Profile, _source: Profile) -> float:
            why_not = unmet(wishes, product, seen, source)
            if why_not is None:
                return 1.0
            left_out[why_not] += 1
            return 0.0

        at_least = LEAST if wanted.at_least is None else wanted.at_least
        # Brands and verdicts reorder, so more than the limit must be looked at.
        found = self._index.best(source, limit=MOST_PROPOSALS * 3, at_least=at_least, adjust=adjust)
        ranked = sorted(
            (self._judged(proposal, wishes) for proposal in found),
            key=lambda each: (-round(each.score, 6), each.product.product_id),
        )
        if wanted.at_least is None:
            ranked = acceptable(ranked)
        else:
            ranked = [each for each in ranked if each.score >= at_least]
        return FoundSubstitutes(
            source=source,
            proposals=tuple(ranked[: wanted.limit]),
            left_out=tuple(left_out.most_common()),
        )

    async def say(
        self, owner: str, verdict: Verdict, *, original_id: str, substitute_id: str
    ) -> Likeness:
        """Keeps what the household says to a substitute; the next search knows it.

        Raises:
            NotFound: one of the products does not exist.
            InvalidInput: both are the same product.
        """
        if original_id == substitute_id:
            raise InvalidInput.at("substituteId", "must be another product")
        await self.warm()

        def work(tx: Transaction) -> Likeness:
            both = tx.products.by_ids((original_id, substitute_id))
            for product_id in (original_id, substitute_id):
                if product_id not in both:
                    raise NotFound("product", product_id)
            alike = self._index.compare(both[original_id], both[substitute_id])
            tx.users.ensure(owner, display_name=owner)
            tx.substitutions.say(
                owner,
                verdict,
                original_id=original_id,
                substitute_id=substitute_id,
                score=alike.score,
                reason="; ".join(each.what for each in alike.differences) or None,
            )
            return alike

        return await self._stores.write(work)

    async def forget(self, owner: str, *, original_id: str, substitute_id: str) -> bool:
        """Whether there was a word of the household on this pair; it is taken back."""
        return await self._stores.write(
            lambda tx: tx.substitutions.forget(
                owner, original_id=original_id, substitute_id=substitute_id
            )
        )

    async def warm(self) -> None:
        """Takes up every change of the catalog since the last time; at first, all of it."""
        async with self._filling:
            newest = await self._stores.read(lambda tx: tx.products.latest_revision())
            is_first = self._revision == 0 < newest
            # All names at once are had much sooner from the search index than by reading them.
            names = await self._follower.names() if is_first else KnownNames()
            while self._revision < newest:
                changes = await self._changes()
                if not changes:
                    break
                await asyncio.to_thread(self._take, changes, names)
                self._revision = changes[-1].revision

    async def _changes(self) -> Sequence[ProductChange]:
        after = self._revision
        return await self._stores.read(lambda tx: tx.products.changed_since(after, limit=_BATCH))

    def _take(self, changes: Sequence[ProductChange], names: KnownNames) -> None:
        for change in changes:
            if change.product is None:
                self._index.remove(change.product_id)
            else:
                # The index has followed to this version, or to one whose change is still to come.
                is_read = change.revision <= names.revision
                parsed = names.by_id.get(change.product_id) if is_read else None
                self._index.put(change.product, parsed)

    def _judged(self, proposal: Proposal, wishes: Wishes) -> Proposal:
        seen = self._index.profile_of(proposal.product)
        score = left_of(wishes, proposal.product, seen, proposal.score)
        return dataclasses.replace(proposal, score=score)


def _known(tx: Transaction, owner: str | None, wanted: WantedSubstitute) -> tuple[Product, Wishes]:
    source = tx.products.by_id(wanted.product_id)
    if owner is None:
        own = Wishes()
    else:
        told = tx.preferences.of(owner)
        own = Wishes(
            preferred_brands=told.preferred_brands,
            avoided_brands=told.avoided_brands,
            diets=told.dietary,
            allergens=told.allergens,
            verdicts=tx.substitutions.verdicts(owner, wanted.product_id),
        )
    return source, msgspec.structs.replace(
        own,
        preferred_brands=wanted.preferred_brands or own.preferred_brands,
        avoided_brands=(*own.avoided_brands, *wanted.avoided_brands),
        most_cents_apart=wanted.most_cents_apart,
    )
