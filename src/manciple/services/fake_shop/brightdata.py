"""The fake shop as Bright Data sells it: jobs that take a while, and records with their traps."""

from collections import OrderedDict
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from manciple.grocery.domain.money import dollars
from manciple.services.fake_shop.market import Market, Offer

DATASET = "gd_l95fol7l1ru6rlo116"
MAX_URLS = 20
_MAX_SNAPSHOTS = 500
_STARTS_S, _RUNS_S, _LAGS_S = 0.2, 0.6, 0.2


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A job: what it will hold, and when it was asked for."""

    id: str
    records: tuple[dict[str, Any], ...]
    asked_at: datetime
    is_canceled: bool = False


class Datasets:
    """The jobs of one fake account; the newest five hundred are kept."""

    def __init__(self, market: Market, *, pace: float = 1.0) -> None:
        self._market = market
        self._pace = pace
        self._snapshots: OrderedDict[str, Snapshot] = OrderedDict()

    def trigger(self, records: list[dict[str, Any]], at: datetime) -> str:
        """The id of a new job for these records."""
        snapshot_id = f"s_{len(self._snapshots)}{int(at.timestamp() * 1e6):x}"
        self._snapshots[snapshot_id] = Snapshot(id=snapshot_id, records=tuple(records), asked_at=at)
        if len(self._snapshots) > _MAX_SNAPSHOTS:
            self._snapshots.popitem(last=False)
        return snapshot_id

    def status(self, snapshot_id: str, at: datetime) -> str | None:
        """`starting`, `running`, `ready` or `canceled`; None for a job that is not known."""
        snapshot = self._snapshots.get(snapshot_id)
        if snapshot is None:
            return None
        if snapshot.is_canceled:
            return "canceled"
        age_s = (at - snapshot.asked_at).total_seconds() * self._pace
        if age_s < _STARTS_S:
            return "starting"
        return "running" if age_s < _RUNS_S else "ready"

    def records(self, snapshot_id: str, at: datetime) -> tuple[dict[str, Any], ...] | None:
        """What a job yields; None while it cannot be had, a moment longer than its status says."""
        snapshot = self._snapshots.get(snapshot_id)
        if snapshot is None or self.status(snapshot_id, at) != "ready":
            return None
        age_s = (at - snapshot.asked_at).total_seconds() * self._pace
        return snapshot.records if age_s >= _RUNS_S + _LAGS_S else None

    def cancel(self, snapshot_id: str) -> bool:
        """Ends a job; False where it is not known."""
        snapshot = self._snapshots.get(snapshot_id)
        if snapshot is None:
            return False
        ended = msgspec.structs.replace(snapshot, is_canceled=True)
        self._snapshots[snapshot_id] = ended
        return True

    def by_keyword(self, keyword: str, *, at: datetime, most: int) -> list[dict[str, Any]]:
        """The records of a keyword; a keyword that finds nothing is a record with an error."""
        offers = (self._market.offer(id_, at) for id_ in self._market.search(keyword, most=most))
        found = [record(offer, at) for offer in offers if offer]
        return found or [_error({"keyword": keyword}, "no results", "empty_page")]

    def by_url(self, url: str, at: datetime) -> dict[str, Any]:
        """The record of a product's page; a page that does not exist is a record too."""
        product_id = urlsplit(url).path.rstrip("/").rpartition("/")[2]
        offer = self._market.offer(product_id, at)
        return record(offer, at) if offer else _error({"url": url}, "dead page", "dead_page")


def record(offer: Offer, at: datetime) -> dict[str, Any]:
    """A product as the dataset has it: no stock flag, barcodes as floats, discount as text."""
    ware = offer.ware
    off = (offer.was_cents or 0) - offer.price_cents
    return {
        "timestamp": at.strftime("%Y-%m-%d %H:%M:%S.000"),
        "url": f"https://www.walmart.com/ip/{ware.product_id}",
        "final_price": float(dollars(offer.price_cents)),
        "initial_price": float(dollars(offer.was_cents)) if offer.was_cents else None,
        "discount": f"You save ${dollars(off)}" if offer.was_cents else None,
        "currency": "USD",
        "sku": int(ware.product_id),
        "product_id": int(ware.product_id),
        "product_name": ware.name,
        "brand": ware.brand,
        "categories": list(ware.category),
        "gtin": None,
        "upc": None,
        "rating": offer.rating,
        "review_count": offer.reviews,
        "available_for_delivery": offer.in_stock,
        "available_for_pickup": offer.in_stock,
        "unit_price": None,
        "unit": None,
        "seller": "Walmart.com",
    }


def _error(given: dict[str, str], error: str, code: str) -> dict[str, Any]:
    return {"input": given, "error": error, "error_code": code}
