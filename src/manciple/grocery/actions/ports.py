"""What actions need of the outside; connectors fit it, and the wiring joins them."""

from collections.abc import Sequence
from typing import Protocol

from manciple.grocery.domain.products import Product


class LookupSource(Protocol):
    """Knows products by the shop's ids, as of now."""

    @property
    def source(self) -> str:
        """The name that its prices carry."""
        ...

    @property
    def per_request(self) -> int:
        """How many products one request asks for."""
        ...

    async def by_ids(self, product_ids: Sequence[str]) -> list[Product]:
        """The products of these ids; what it does not know is left out.

        Raises:
            Upstream, TimedOut, TooMany, Unavailable, NotAllowed: it cannot answer now.
        """
        ...


class SearchSource(Protocol):
    """Finds products by words, as of now."""

    @property
    def source(self) -> str:
        """The name that its prices carry."""
        ...

    async def search(self, words: str, *, limit: int) -> list[Product]:
        """Up to `limit` products, best first.

        Raises:
            Upstream, TimedOut, TooMany, Unavailable, NotAllowed: it cannot answer now.
        """
        ...
