"""What actions need of the outside; connectors fit it, and the wiring joins them."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from manciple.grocery.domain.products import Product
from manciple.grocery.domain.webhooks import Receipt


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


class Post(Protocol):
    """Sends messages to places outside that others named."""

    def trusts(self, url: str) -> bool:
        """Whether the owner of the house named the place, so that it may be inside."""
        ...

    async def examine(self, url: str) -> None:
        """Returns if the place may be sent to.

        Raises:
            InvalidInput: it is inside.
        """
        ...

    async def send(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Receipt:
        """What the place answered, or why it did not; never more than a little of it."""
        ...


class Messenger(Protocol):
    """Sends words to people, by the many services that they use."""

    async def examine(self, url: str) -> None:
        """Returns if there is a service behind the address that may be used.

        Raises:
            InvalidInput: there is none, or it is inside.
            Refused: what knows the services is not installed.
        """
        ...

    async def send(self, url: str, *, title: str, body: str) -> None:
        """Returns when the service has taken the message.

        Raises:
            Upstream: it has not. The address is never part of the error.
            Refused: what knows the services is not installed.
        """
        ...
