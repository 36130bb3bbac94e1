"""Every product's profile by what it is, so that substitutes are found among a few hundred.

A read model: made from the products and rebuildable. Names are read when a product comes in,
which takes about 0.2 ms each unless somebody has read them before; full profiles on first use.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator

import msgspec

from manciple.grocery.domain.kinds import grocery_kinds
from manciple.grocery.domain.kinship import related_roots
from manciple.grocery.domain.likeness_profiles import (
    Profile,
    content_words,
    parse_product,
    profile,
)
from manciple.grocery.domain.likenesses import LEAST, Likeness, Proposal
from manciple.grocery.domain.product_names import ParsedName
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.similarity import likeness, rarity


class _Entry(msgspec.Struct, kw_only=True):
    product: Product
    parsed: ParsedName
    profile: Profile | None = None

    def whole(self) -> Profile:
        if self.profile is None:
            self.profile = profile(self.product, self.parsed)
        return self.profile


# What is left of a proposal's score for this household; 0 leaves it out.
Adjust = Callable[[Product, Profile, Profile], float]


class SubstituteIndex:
    """Finds substitutes among the products that were put in."""

    def __init__(self, products: Iterable[Product] = ()) -> None:
        self._entries: dict[str, _Entry] = {}
        self._by_root: dict[str, set[str]] = {}
        self._by_mention: dict[str, set[str]] = {}
        self._weights: dict[str, float] | None = None
        for product in products:
            self.put(product)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, product_id: str) -> bool:
        return product_id in self._entries

    def put(self, product: Product, parsed: ParsedName | None = None) -> None:
        """Adds a product, or takes its newest version; `parsed` saves reading its name."""
        old = self._entries.get(product.product_id)
        if old is not None and _is_named_alike(old.product, product):
            self._entries[product.product_id] = _Entry(product=product, parsed=old.parsed)
            return
        self.remove(product.product_id)
        entry = _Entry(product=product, parsed=parsed or parse_product(product))
        self._entries[product.product_id] = entry
        for table, key in _places(entry.parsed):
            (self._by_root if table else self._by_mention).setdefault(key, set()).add(
                product.product_id
            )
        self._weights = None

    def remove(self, product_id: str) -> None:
        """Forgets a product, if it is there."""
        entry = self._entries.pop(product_id, None)
        if entry is None:
            return
        for table, key in _places(entry.parsed):
            (self._by_root if table else self._by_mention)[key].discard(product_id)
        self._weights = None

    def profile_of(self, product: Product) -> Profile:
        """The profile of a product, whether or not it is in."""
        entry = self._entries.get(product.product_id)
        return entry.whole() if entry and entry.product == product else profile(product)

    def best(
        self,
        source: Product,
        *,
        limit: int,
        at_least: float = LEAST,
        adjust: Adjust = lambda _product, _profile, _source: 1.0,
    ) -> list[Proposal]:
        """Up to `limit` substitutes with a score of `at_least`, the best first.

        `adjust` may lower a score, or raise it again towards what the likeness was.
        """
        wanted = self.profile_of(source)
        weights = self._known_weights()
        found: list[Proposal] = []
        for entry in self._candidates(source.product_id, wanted):
            other = entry.whole()
            alike = likeness(wanted, other, weights, at_least=at_least)
            if alike.score < at_least:
                continue
            score = min(1.0, alike.score * adjust(entry.product, other, wanted))
            if score >= at_least:
                found.append(Proposal(product=entry.product, likeness=alike, score=score))
        return heapq.nsmallest(
            limit, found, key=lambda each: (-round(each.score, 6), each.product.product_id)
        )

    def compare(self, source: Product, other: Product) -> Likeness:
        """How alike two products are, however little."""
        return likeness(
            self.profile_of(source), self.profile_of(other), self._known_weights(), at_least=0.0
        )

    def _candidates(self, source_id: str, wanted: Profile) -> Iterator[_Entry]:
        ids: set[str] = set()
        for root in related_roots(wanted.kind):
            ids |= self._by_root.get(root, set())
        ids |= self._by_mention.get(wanted.kind, set())
        ids.discard(source_id)
        for product_id in ids:
            yield self._entries[product_id]

    def _known_weights(self) -> dict[str, float]:
        if self._weights is None:
            self._weights = rarity(content_words(e.parsed) for e in self._entries.values())
        return self._weights


def _is_named_alike(one: Product, other: Product) -> bool:
    return (one.name, one.brand, one.category_path) == (
        other.name,
        other.brand,
        other.category_path,
    )


def _places(parsed: ParsedName) -> Iterator[tuple[bool, str]]:
    """Where a product is filed: under the broadest kind (True), and under each it speaks of."""
    yield True, grocery_kinds().chain(parsed.kind)[-1]
    for kind in parsed.mentions:
        yield False, kind
