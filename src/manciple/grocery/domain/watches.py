"""Watched products and what was told about them, as they are remembered."""

from datetime import datetime

import msgspec

from manciple.grocery.domain.alerts import AlertKind, Memory, Rules
from manciple.grocery.domain.products import Price


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """One person watches one product."""

    user_id: str
    product_id: str
    priority: int
    rules: Rules
    memory: Memory
    tried_at: datetime | None
    created_at: datetime


class ToldAlert(msgspec.Struct, frozen=True, kw_only=True):
    """An alert as it was told; `price` is None where none was known."""

    alert_id: int
    product_id: str
    name: str
    kind: AlertKind
    price: Price | None
    before_cents: int | None
    at: datetime
