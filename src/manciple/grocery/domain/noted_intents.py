"""Sentences and what they were understood as, kept to be judged."""

from datetime import datetime
from typing import Any

import msgspec


class NotedIntent(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence and what it was understood as; `model_used` says by whom."""

    intent_id: str
    user_id: str | None
    user_query: str
    detected_intent: str
    confidence: float | None
    entities: dict[str, Any]
    model_used: str
    created_at: datetime
    job_id: int | None = None
    second_opinion: dict[str, Any] | None = None
