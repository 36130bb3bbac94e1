"""A price that somebody read on a shelf label."""

from datetime import datetime

from manciple.grocery.domain.products import Price

SOURCE = "person"
METHOD = "read in the store"
# Who reads a shelf label can misread it or pick the wrong size; a page of the shop is 1.
CONFIDENCE = 0.9


def label_price(cents: int, *, at: datetime, store: str | None = None) -> Price:
    """The price with everything that is known of where it comes from."""
    return Price(
        cents=cents,
        source=SOURCE,
        method=METHOD,
        observed_at=at,
        store=store,
        confidence=CONFIDENCE,
    )
