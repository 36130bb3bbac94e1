"""Bright Data's Walmart dataset: keyword searches as jobs that take a while, pages by address.

Nothing here waits for a job: `trigger` begins one and is asked only once, `collect` says whether it
is ready. So the wait can be a durable job of ours, and a crash pays for nothing twice.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from manciple.grocery.connectors.brightdata_records import SOURCE, collected
from manciple.grocery.connectors.fetcher import Fetcher
from manciple.grocery.connectors.loose_json import decode, text
from manciple.grocery.connectors.pace import PaceSettings
from manciple.grocery.connectors.targets import Answer, Target
from manciple.grocery.domain.collected import Collected
from manciple.grocery.domain.products import Product
from manciple.kit.errors import InvalidInput, NotAllowed, Upstream

DATASET = "gd_l95fol7l1ru6rlo116"
BASE_URL = "https://api.brightdata.com"
MAX_URLS = 20


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
        return collected(records, self._now())

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
        return collected(decode(answer.body, source=SOURCE), self._now())

    async def by_ids(self, product_ids: Sequence[str]) -> list[Product]:
        """The products by their pages, where that takes no longer than a minute.

        Raises:
            Upstream, TooMany, TimedOut, Unavailable: it does not answer, or not in time.
        """
        found: list[Product] = []
        for start in range(0, len(product_ids), MAX_URLS):
            some = await self.scrape(product_ids[start : start + MAX_URLS])
            if isinstance(some, str):
                raise Upstream(SOURCE, f"not ready within a minute; its job is {some}")
            found += some.products
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


def _why(answer: Answer) -> str:
    try:
        said = decode(answer.body, source=SOURCE)
    except Upstream:
        return "no reason"
    return (text(said, "error") or text(said, "message") or "no reason")[:200]
