"""Notifications as clients see them. An address is a secret: it comes in, and never goes out."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from manciple.grocery.domain.notices import MAX_URL_CHARS, NoticeKind
from manciple.platform.rpc.procedure import Wire

Kinds = Annotated[list[NoticeKind], Meta(max_length=len(NoticeKind))]


class NewTargetInput(Wire, frozen=True, kw_only=True):
    """Where to tell you: an address of Apprise, such as `ntfy://topic`; without `kinds` all."""

    url: Annotated[str, Meta(min_length=1, max_length=MAX_URL_CHARS)]
    name: str | None = None
    kinds: Kinds | None = None


class TargetInput(Wire, frozen=True, kw_only=True):
    """Which target."""

    target_id: str


class TargetChanges(Wire, frozen=True, kw_only=True):
    """What is to be another; what is left out stays."""

    target_id: str
    name: str | None = None
    kinds: Kinds | None = None


class TargetShape(Wire, frozen=True, kw_only=True):
    """Where you are told; of the address only its kind is shown."""

    target_id: str
    name: str
    url: str
    kinds: tuple[NoticeKind, ...]
    last_told_at: datetime | None
    last_problem: str | None
    created_at: datetime


class QuietHoursShape(Wire, frozen=True, kw_only=True):
    """When you are not told: what happens then comes after. The same time twice is never."""

    time_zone: str
    from_time: str
    until_time: str


class TargetsAnswer(Wire, frozen=True, kw_only=True):
    """Where and when you are told."""

    targets: tuple[TargetShape, ...]
    quiet_hours: QuietHoursShape


class TargetRemoved(Wire, frozen=True, kw_only=True):
    """The target is gone."""

    success: bool


class NotifiedAnswer(Wire, frozen=True, kw_only=True):
    """Whether the service took a test."""

    success: bool
    problem: str | None
