"""What is searched for, and the cursor by which the same search goes on from a page."""

import base64
import binascii
import hashlib
from typing import Literal

import msgspec

from manciple.kit.errors import InvalidInput

Sort = Literal["relevance", "price", "priceDescending", "unitPrice", "rating"]
SortKey = tuple[float, float, str]
"""What hits stand in order by: the sort's figure, the score, the product's id."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for: words, and filters that every hit must pass."""

    query: str
    category: str | None = None
    brand: str | None = None
    min_price_cents: int | None = None
    max_price_cents: int | None = None
    in_stock: bool | None = None
    dietary: tuple[str, ...] = ()
    sort: Sort = "relevance"
    limit: int = 20
    cursor: str | None = None
    explain: bool = False


def cursor_of(wish: Wish, key: SortKey) -> str:
    """The cursor for what comes after the hit of this key."""
    body = msgspec.json.encode((_fingerprint(wish), key))
    return base64.urlsafe_b64encode(body).decode().rstrip("=")


def after_of(wish: Wish) -> SortKey | None:
    """The key after which the wish goes on; None from the beginning.

    Raises:
        InvalidInput: the cursor is none of ours, or belongs to another search.
    """
    if wish.cursor is None:
        return None
    try:
        body = base64.urlsafe_b64decode(wish.cursor + "=" * (-len(wish.cursor) % 4))
        print_, key = msgspec.json.decode(body, type=tuple[str, SortKey])
    except (binascii.Error, ValueError) as error:
        raise InvalidInput.at("cursor", "is none that a search gave") from error
    if print_ != _fingerprint(wish):
        raise InvalidInput.at("cursor", "belongs to another search")
    return key


def _fingerprint(wish: Wish) -> str:
    bare = msgspec.structs.replace(wish, cursor=None, limit=1, explain=False)
    return hashlib.sha256(msgspec.json.encode(bare)).hexdigest()[:12]
