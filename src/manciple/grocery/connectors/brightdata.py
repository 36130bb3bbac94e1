"""Bright Data's Walmart dataset: keyword searches as jobs that take a while, pages by address.

Nothing here waits for a job: `trigger` begins one and is asked only once, `collect` says whether it
is ready. So the wait can be a durable job of ours, and a crash pays for nothing twice.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from manciple.grocery.connectors.fetcher import Answer, Fetcher, Target
from manciple.grocery.connectors.loose_json import (
    at,
    boolean,
    decode,
    identifier,
    number,
    shape,
    text,
)
from manciple.grocery.connectors.pace import PaceSettings
from manciple.grocery.domain.claims import stated_claims
from manciple.grocery.domain.collected import Collected, RefusedInput
from manciple.grocery.domain.money import cents
from manciple.grocery.domain.products import Price, Product
from manciple.grocery.domain.units import parse_size
from manciple.kit.errors import InvalidInput, NotAllowed, Upstream

SOURCE = "brightdata"
DATASET = "gd_l95fol7l1ru6rlo116"
BASE_URL = "https://api.brightdata.com"
MAX_URLS = 20
# What a collector saw on the shop's own page a moment ago.
_CONFIDENCE = 0.95
_NO_PRICE = "the record has no price"


class BrightData:
    """One account. Its pace keeps far below what would shut an address out."""

    source = SOURCE
    per_request = MAX_URLS

    def __init__(
        self,
        fetcher: Fetcher,
        api_key: str,
        *,
        now: Callable[[], datetime],
        base_url: str = BASE_URL,
    ) -> None:
        self._fetcher = fetcher
        self._now = now
        self._headers = {"authorization": f"Bearer {api_key}"}
        self._target = Target(
            name=SOURCE,
            base_url=base_url,
            timeout_s=75.0,
            slow_s=60.0,
            pace=PaceSettings(calls=60, window_s=60.0, patience_s=30.0),
        )

    async def trigger(self, keyword: str, *, limit: int) -> str:
        """Begins a keyword search; the id of its snapshot, which costs money from now on.

        Raises:
            Upstream, TooMany, TimedOut, Unavailable: it could not be begun.
            NotAllowed: the key is wrong or the account may not.
        """
        query = {
            "dataset_id": DATASET,
            "type": "discover_new",
            "discover_by": "keyword",
            "limit_per_input": str(limit),
            "include_errors": "true",
        }
        body = [{"keyword": keyword, "domain": "https://www.walmart.com/"}]
        answer = await self._ask("POST", "/datasets/v3/trigger", query=query, json=body)
        return self._snapshot_id(answer)

    async def status(self, snapshot_id: str) -> str:
        """How a job does: `starting`, `running`, `ready`, `failed` or `canceled`.

        Raises:
            Upstream, TooMany, TimedOut, Unavailable: it does not answer.
        """
        answer = await self._ask("GET", f"/datasets/v3/progress/{snapshot_id}")
        said = text(decode(answer.body, source=SOURCE), "status")
        if said is None:
            raise Upstream(SOURCE, "its answer has no status")
        return said

    async def collect(self, snapshot_id: str) -> Collected | None:
        """What a job yielded; None while it is not ready, which may be so after it said so.

        Raises:
            Upstream, TooMany, TimedOut, Unavailable: it does not answer, or the job is no more.
        """
        answer = await self._ask(
            "GET", f"/datasets/v3/snapshot/{snapshot_id}", query={"format": "json"}
        )
        if answer.status == HTTPStatus.ACCEPTED:
            return None
        records = decode(answer.body, source=SOURCE)
        if isinstance(records, dict) and text(records, "status") is not None:
            return None
        return _collected(records, self._now())

    async def scrape(self, product_ids: Sequence[str]) -> Collected | str:
        """Products by their pages; the id of a snapshot where it takes longer than a minute.

        Raises:
            InvalidInput: more than twenty, or none.
            Upstream, TooMany, TimedOut, Unavailable: it does not answer.
        """
        if not 0 < len(product_ids) <= MAX_URLS:
            raise InvalidInput.at("productIds", f"expected 1 to {MAX_URLS}")
        body = [{"url": f"https://www.walmart.com/ip/{one}"} for one in product_ids]
        query = {"dataset_id": DATASET, "include_errors": "true"}
        answer = await self._ask(
            "POST", "/datasets/v3/scrape", query=query, json=body, is_repeatable=True
        )
        if answer.status == HTTPStatus.ACCEPTED:
            return self._snapshot_id(answer)
        return _collected(decode(answer.body, source=SOURCE), self._now())

    async def by_ids(self, product_ids: Sequence[str]) -> list[Product]:
        """The products by their pages, where that takes no longer than a minute.

        Raises:
            Upstream, TooMany, TimedOut, Unavailable: it does not answer, or not in time.
        """
        found: list[Product] = []
        for start in range(0, len(product_ids), MAX_URLS):
            collected = await self.scrape(product_ids[start : start + MAX_URLS])
            if isinstance(collected, str):
                raise Upstream(SOURCE, f"not ready within a minute; its job is {collected}")
            found += collected.products
        return found

    async def _ask(self, method: str, path: str, **more: Any) -> Answer:
        answer = await self._fetcher.fetch(
            self._target, method, path, headers=self._headers, **more
        )
        if answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.PAYMENT_REQUIRED):
            raise NotAllowed("a valid Bright Data key with credit")
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise Upstream(SOURCE, f"answered {answer.status}: {_why(answer)}")
        return answer

    def _snapshot_id(self, answer: Answer) -> str:
        snapshot_id = text(decode(answer.body, source=SOURCE), "snapshot_id")
        if snapshot_id is None:
            raise Upstream(SOURCE, "its answer has no snapshot_id")
        return snapshot_id


def _collected(records: Any, now: datetime) -> Collected:
    if not isinstance(records, list):
        raise Upstream(SOURCE, f"expected records, not {shape(records)}")
    products, refused = [], []
    for record in records:
        if at(record, "error_code") is not None or at(record, "error") is not None:
            refused.append(_refused(record))
        else:
            products.append(_product(record, now))
    return Collected(products=tuple(products), refused=tuple(refused))


def _refused(record: Any) -> RefusedInput:
    given = at(record, "input")
    said = next(iter(given.values()), "") if isinstance(given, dict) else ""
    return RefusedInput(
        given=str(said)[:200],
        error=text(record, "error") or "unknown",
        code=text(record, "error_code") or "unknown",
    )


def _product(record: Any, now: datetime) -> Product:
    """A record as a product.

    Raises:
        Upstream: the record has not even an id and a name, or no field for a price at all.
    """
    product_id, name = identifier(record, "product_id"), text(record, "product_name")
    if product_id is None or name is None or "final_price" not in record:
        raise Upstream(SOURCE, f"a record of unknown shape: {shape(record)}")
    price = _price(record, now)
    return Product(
        product_id=product_id,
        name=name,
        brand=text(record, "brand"),
        category_path=_path(record),
        size=parse_size(name),
        price=price,
        price_missing=None if price else _NO_PRICE,
        in_stock=_in_stock(record),
        rating=_float(number(record, "rating")),
        review_count=_int(number(record, "review_count")),
        image_url=text(record, "main_image"),
        product_url=text(record, "url"),
        claims=stated_claims(name),
        source=SOURCE,
        updated_at=now,
    )


def _price(record: Any, now: datetime) -> Price | None:
    amount = number(record, "final_price")
    if amount is None or amount <= 0:
        return None
    observed = text(record, "timestamp")
    return Price(
        cents=cents(amount.quantize(Decimal("0.01"))),
        currency=text(record, "currency") or "USD",
        source=SOURCE,
        method="collected from the product's page",
        observed_at=_instant(observed) or now,
        confidence=_CONFIDENCE,
    )


def _in_stock(record: Any) -> bool | None:
    """There is no flag for stock: what can be had in any way is there."""
    ways = [boolean(record, f"available_for_{way}") for way in ("delivery", "pickup")]
    known = [way for way in ways if way is not None]
    return any(known) if known else None


def _path(record: Any) -> tuple[str, ...]:
    steps = at(record, "categories")
    if isinstance(steps, str):
        # List columns come as JSON in texts when the export went through CSV.
        steps = decode(steps, source=SOURCE)
    return tuple(step for step in steps if isinstance(step, str)) if isinstance(steps, list) else ()


def _instant(stated: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(stated).replace(tzinfo=UTC) if stated else None
    except ValueError:
        return None


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _int(value: Decimal | None) -> int | None:
    return None if value is None else int(value)


def _why(answer: Answer) -> str:
    try:
        said = decode(answer.body, source=SOURCE)
    except Upstream:
        return "no reason"
    return (text(said, "error") or text(said, "message") or "no reason")[:200]
