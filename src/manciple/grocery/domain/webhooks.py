"""Webhooks: who is sent which events, what became of each, and when to try again. Pure.

An endpoint is sent its events one after the other: the next one only when the last was taken, so
that after any failure everything comes, in order. The waits are those of Standard Webhooks.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import urlsplit

import msgspec

from manciple.kit.errors import InvalidInput

MAX_ENDPOINTS = 20
MAX_CHANNELS = 50
MAX_URL_CHARS = 2000
MAX_DESCRIPTION_CHARS = 200
# What an endpoint answered is kept for whoever looks for the fault, and is no archive.
MAX_ANSWER_CHARS = 500
# Time for receivers to change over, after a new secret was made.
OLD_SECRET_LIVES = timedelta(hours=24)
# The schedule that Standard Webhooks recommends: three days, then nobody is there any more.
WAITS_S = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
# A tenth more, so that endpoints that failed together do not come back together.
_JITTER = 0.1
_LONGEST_S = 86_400.0
_FIRST_GOOD, _LAST_GOOD = 200, 299


class DeliveryState(StrEnum):
    """What became of a message."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    SKIPPED = "skipped"


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody's events are sent.

    Everything up to the event `position` was delivered or skipped. `attempts` of the next one have
    failed, and the following one is at `next_at`. `old_secret` signs beside `secret` until
    `old_secret_until`.
    """

    webhook_id: str
    user_id: str
    url: str
    description: str
    channels: tuple[str, ...]
    secret: str
    old_secret: str | None
    old_secret_until: datetime | None
    position: int
    attempts: int
    failing_since: datetime | None
    next_at: datetime
    disabled_at: datetime | None
    disabled_reason: str | None
    created_at: datetime

    @property
    def is_enabled(self) -> bool:
        """Whether events are sent."""
        return self.disabled_at is None

    def secrets_at(self, now: datetime) -> Sequence[str]:
        """The secrets that sign now, the newest first."""
        if self.old_secret is None or self.old_secret_until is None or self.old_secret_until < now:
            return (self.secret,)
        return (self.secret, self.old_secret)


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent: the same id and the same body at every attempt.

    `event_id` is None for what is no event, such as a test. One that was sent before is `again`.
    """

    message_id: str
    event_id: int | None
    topic: str
    body: bytes
    again: bool = False


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What an attempt led to: a status, or a `problem` where there was no answer."""

    status: int | None = None
    problem: str | None = None
    answer: str = ""
    took_ms: int = 0
    retry_after_s: float | None = None

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and _FIRST_GOOD <= self.status <= _LAST_GOOD

    @property
    def wants_no_more(self) -> bool:
        """Whether the receiver says that it is gone for good."""
        return self.status == HTTPStatus.GONE

    @property
    def told(self) -> str:
        """Why it was not taken, for people."""
        if self.problem is not None:
            return self.problem
        return f"answered {self.status}"


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """A message as the log of an endpoint has it."""

    delivery_id: int
    webhook_id: str
    message_id: str
    event_id: int | None
    topic: str
    state: DeliveryState
    attempts: int
    status: int | None
    problem: str | None
    answer: str
    took_ms: int
    created_at: datetime
    last_at: datetime | None


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """How it goes on after an attempt; None for `next_at` where the endpoint is given up."""

    attempts: int
    next_at: datetime | None
    reason: str | None = None


def after_failure(endpoint: Endpoint, receipt: Receipt, now: datetime, *, jitter: float) -> Verdict:
    """When to try again, or that the endpoint is given up; `jitter` is from 0 to 1."""
    attempts = endpoint.attempts + 1
    if receipt.wants_no_more:
        return Verdict(attempts=attempts, next_at=None, reason="the receiver answered 410 Gone")
    if attempts > len(WAITS_S):
        since = endpoint.failing_since or now
        days = (now - since).total_seconds() / 86_400
        reason = f"{attempts} attempts failed over {days:.1f} days; the last: {receipt.told}"
        return Verdict(attempts=attempts, next_at=None, reason=reason)
    wait_s = WAITS_S[attempts - 1] * (1 + _JITTER * jitter)
    if receipt.retry_after_s is not None:
        wait_s = max(wait_s, min(receipt.retry_after_s, _LONGEST_S))
    return Verdict(attempts=attempts, next_at=now + timedelta(seconds=wait_s))


def checked_url(url: str, *, is_trusted: bool) -> str:
    """The address, if events may be sent there; a trusted place need not have TLS.

    Raises:
        InvalidInput: it is none, or not `https`, or says more than where.
    """
    problem = None
    try:
        found = urlsplit(url)
        port = found.port
    except ValueError:
        raise InvalidInput.at("url", "is no address") from None
    if len(url) > MAX_URL_CHARS or not url.isascii() or not url.isprintable() or " " in url:
        problem = f"must be an address of at most {MAX_URL_CHARS} plain characters"
    elif found.scheme not in {"https", "http"} or not found.hostname or port == 0:
        problem = "must be an https address"
    elif found.scheme == "http" and not is_trusted:
        problem = "must be https; plain http is for places that the house trusts"
    elif found.username is not None or found.password is not None:
        problem = "must not carry a user name or a password; messages are signed"
    elif found.fragment:
        problem = "must not have a fragment"
    if problem is not None:
        raise InvalidInput.at("url", problem)
    return url


def checked_channels(channels: Sequence[str]) -> tuple[str, ...]:
    """The channels, each once, in the order given.

    Raises:
        InvalidInput: there are none, or too many.
    """
    each_once = tuple(dict.fromkeys(channels))
    if not 1 <= len(each_once) <= MAX_CHANNELS:
        raise InvalidInput.at("channels", f"must be 1 to {MAX_CHANNELS} topics or patterns")
    return each_once


def checked_description(text: str) -> str:
    """The description without needless blanks.

    Raises:
        InvalidInput: it is too long.
    """
    clean = " ".join(text.split())
    if len(clean) > MAX_DESCRIPTION_CHARS:
        problem = f"must have at most {MAX_DESCRIPTION_CHARS} characters"
        raise InvalidInput.at("description", problem)
    return clean


def message_body(topic: str, at: datetime, facts: bytes, *, event_id: int | None) -> bytes:
    """The body of a message as Standard Webhooks has it; `facts` is JSON."""
    whole = {"type": topic, "timestamp": at, "data": msgspec.Raw(facts)}
    if event_id is not None:
        whole = {"id": str(event_id), **whole}
    return msgspec.json.encode(whole)
