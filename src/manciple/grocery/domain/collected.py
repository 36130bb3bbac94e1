"""What a collector brought back: products, and the inputs that yielded none."""

import msgspec

from manciple.grocery.domain.products import Product


class RefusedInput(msgspec.Struct, frozen=True, kw_only=True):
    """An input that yielded nothing, as its record says."""

    given: str
    error: str
    code: str


class Collected(msgspec.Struct, frozen=True, kw_only=True):
    """What a job yielded: products, and the inputs that failed."""

    products: tuple[Product, ...]
    refused: tuple[RefusedInput, ...]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A keyword search to be collected for somebody; `snapshot_id` once it was paid for."""

    owner: str
    keyword: str
    limit: int
    snapshot_id: str | None = None
    first_job: int | None = None
