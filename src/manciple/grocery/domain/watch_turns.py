"""Which watched products are looked at next: by age and priority, within a budget. Pure."""

import heapq
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

# The rest of an hour's requests is for people who ask themselves.
WATCH_SHARE = 0.8
_HOUR_S = 3600.0
_UNSEEN_TURNS = 12


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """A product that somebody watches; `tried_at` is the last look, whatever came of it."""

    product_id: str
    priority: int
    tried_at: datetime | None


def next_up(watched: Iterable[Watched], now: datetime, *, most: int, every_s: float) -> list[str]:
    """Up to `most` products whose last look is `every_s` ago, the most urgent first.

    Urgency grows with age without bound, and ten times as fast at the highest priority as at the
    lowest: so what matters is seen more often, and nothing is never seen.
    """
    due = (
        ((1 + one.priority) * _age_s(one, now), one.product_id)
        for one in watched
        if _age_s(one, now) >= every_s
    )
    chosen = heapq.nsmallest(most, ((-urgency, id_) for urgency, id_ in due))
    return [id_ for _, id_ in chosen]


def after_failure(one: Watched, now: datetime, *, every_s: float) -> datetime:
    """The instant that counts as the last look after a look that failed.

    Half of its age is forgiven: so it comes again soon after an outage, and a product whose page
    is broken for good does not take every turn. What was never seen counts as an hour of turns.
    """
    age_s = _UNSEEN_TURNS * every_s if one.tried_at is None else _age_s(one, now) / 2
    return now - timedelta(seconds=age_s)


def requests_per_turn(per_hour: int, *, every_s: float) -> int:
    """How many requests one turn may make, so that no hour sees more than its share."""
    return max(1, int(per_hour * WATCH_SHARE * min(every_s, _HOUR_S) / _HOUR_S))


def _age_s(one: Watched, now: datetime) -> float:
    return float("inf") if one.tried_at is None else (now - one.tried_at).total_seconds()
