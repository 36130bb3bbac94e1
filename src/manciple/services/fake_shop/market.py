"""What the fake shop sells: a seeded market whose prices and stock move by the hour. Pure.

The same seed, product and hour always give the same offer, in any order and any process. Its
prices are made up and belong to the fake shop alone.
"""

import hashlib
import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import msgspec

_HOUR_S = 3600.0
# One in eight is on sale for three days; one in twenty-five is out for six hours.
_ON_SALE, _SALE_HOURS = 0.12, 72
_OUT, _OUT_HOURS = 0.04, 6
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class Ware(msgspec.Struct, frozen=True, kw_only=True):
    """A product of the fake shop; `ounces` is None where the name carries no size."""

    product_id: str
    name: str
    brand: str | None
    category: tuple[str, ...]
    ounces: float | None = None


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What a ware costs at an hour, and whether it is there; `was_cents` while it is on sale."""

    ware: Ware
    price_cents: int
    was_cents: int | None
    in_stock: bool
    rating: float
    reviews: int


class Market:
    """All wares under one seed."""

    def __init__(self, seed: int, wares: Iterable[Ware]) -> None:
        self._seed = seed
        self.wares = {ware.product_id: ware for ware in wares}
        self._words = {id_: frozenset(_words(ware.name)) for id_, ware in self.wares.items()}

    def offer(self, product_id: str, at: datetime) -> Offer | None:
        """The offer at an instant; None for what the shop does not sell."""
        ware = self.wares.get(product_id)
        if ware is None:
            return None
        hour = math.floor((at - _EPOCH).total_seconds() / _HOUR_S)
        usual = self._usual_cents(product_id, hour)
        is_sale = self._chance(product_id, "sale", hour // _SALE_HOURS) < _ON_SALE
        return Offer(
            ware=ware,
            price_cents=max(1, round(usual * 0.8)) if is_sale else usual,
            was_cents=usual if is_sale else None,
            in_stock=self._chance(product_id, "stock", hour // _OUT_HOURS) > _OUT,
            rating=round(3 + 2 * self._chance(product_id, "rating", 0), 1),
            reviews=int(2000 * self._chance(product_id, "reviews", 0) ** 3),
        )

    def search(self, words: str, *, most: int) -> list[str]:
        """The ids of wares with most of the words, best first; a plain match, on purpose."""
        wanted = frozenset(_words(words))
        scored = ((len(wanted & have), id_) for id_, have in self._words.items())
        ranked = sorted((-score, id_) for score, id_ in scored if score * 2 > len(wanted))
        return [id_ for _, id_ in ranked[:most]]

    def sample(self, purpose: str, count: int) -> list[str]:
        """`count` ids that belong to a purpose, always the same."""
        ranked = sorted(self.wares, key=lambda id_: self._chance(id_, purpose, 0))
        return ranked[:count]

    def chance(self, *names: object) -> float:
        """A number from 0 to 1 that belongs to these names under this seed."""
        return self._chance("", *names)

    def _usual_cents(self, product_id: str, hour: int) -> int:
        """A level of its own that drifts by a few per cent from week to week."""
        level = 100 + 900 * self._chance(product_id, "level", 0) ** 2
        drift = 1 + 0.08 * (self._chance(product_id, "week", hour // 168) - 0.5)
        return max(25, round(level * drift / 2) * 2 - 2)

    def _chance(self, *names: object) -> float:
        told = "\0".join(str(name) for name in (self._seed, *names)).encode()
        return int.from_bytes(hashlib.blake2b(told, digest_size=6).digest()) / 2**48


def _words(text: str) -> Sequence[str]:
    return "".join(c if c.isalnum() else " " for c in text.lower()).split()
