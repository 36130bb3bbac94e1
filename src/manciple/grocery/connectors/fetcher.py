"""The one way outside: every call is paced, bounded, guarded, and given up in time.

Calls that may be repeated are tried again, with a wait that the target may name; a target that
fails or crawls is left alone by its breaker. The caller's own mistakes do not count against it.
"""

import asyncio
from collections import deque
from collections.abc import Mapping
from typing import Any

import httpx2
import msgspec
import stamina

from manciple.grocery.connectors.pace import Pace, PaceSettings
from manciple.grocery.connectors.targets import Answer, KnownTarget, Retry, Target, TargetState
from manciple.kit.breaker import Outcome, State
from manciple.kit.clock import Clock
from manciple.kit.errors import TimedOut, TooLarge, Unavailable, Upstream
from manciple.kit.outbound import GuardedTransport

_REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
_MAX_REDIRECTS = 3
# A breaker changes a few times a minute at worst; of what nobody takes the newest are kept.
_MOST_CHANGES = 256


class BreakerChange(msgspec.Struct, frozen=True, kw_only=True):
    """A target's breaker went from one state to another; `wait_s` until it may be asked again."""

    target: str
    before: State
    after: State
    wait_s: float


class Fetcher:
    """Speaks with targets over one pool of connections; close it when done.

    `trusted` are places (`host:port`) that may be inside, such as a fake shop on this machine.
    `budget` bounds the requests to all targets together, every attempt counted. `changes` has
    what became of breakers, oldest first, until somebody takes it.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        trusted: frozenset[str] = frozenset(),
        budget: PaceSettings | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._clock = clock
        inner = transport or httpx2.AsyncHTTPTransport(retries=0)
        self._client = httpx2.AsyncClient(
            transport=GuardedTransport(inner, trusted=trusted),
            follow_redirects=True,
            max_redirects=_MAX_REDIRECTS,
            timeout=None,
            trust_env=False,
        )
        self._kept: dict[str, KnownTarget] = {}
        self.changes: deque[BreakerChange] = deque(maxlen=_MOST_CHANGES)
        self._budget = Pace(budget) if budget is not None else None

    async def fetch(
        self,
        target: Target,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        is_repeatable: bool | None = None,
    ) -> Answer:
        """The target's answer, whatever its status below 500; 429 and 5xx are errors.

        `is_repeatable` says so of a POST that changes nothing.

        Raises:
            Unavailable: the breaker is open.
            TooMany: our own pace, or the target's, says no.
            TimedOut: not within the target's time.
            TooLarge: the body is over its bound.
            Upstream: it failed, or what it sent is cut off.
            NotAllowed: it leads to an address inside.
        """
        kept = self._kept.setdefault(target.name, KnownTarget(target))
        repeatable = method in _REPEATABLE if is_repeatable is None else is_repeatable
        request = self._client.build_request(
            method,
            f"{target.base_url.rstrip('/')}/{path.lstrip('/')}",
            params=dict(query or {}),
            headers=dict(headers or {}),
            content=None if json is None else msgspec.json.encode(json),
        )
        if json is not None:
            request.headers["content-type"] = "application/json"
        try:
            async with asyncio.timeout(target.timeout_s):
                return await self._attempts(kept, request, target.attempts if repeatable else 1)
        except TimeoutError as error:
            raise TimedOut(after_s=target.timeout_s) from error
        except Retry as error:
            raise error.error from error.__cause__

    def states(self) -> list[TargetState]:
        """How every target does that was asked since start."""
        now_s = self._clock.monotonic()
        for kept in self._kept.values():
            self._look(kept, now_s)
        return [kept.state(now_s) for kept in self._kept.values()]

    async def close(self) -> None:
        """Closes every connection."""
        await self._client.aclose()

    async def _attempts(self, kept: KnownTarget, request: httpx2.Request, attempts: int) -> Answer:
        async for attempt in stamina.retry_context(
            on=_backoff, attempts=attempts, timeout=None, wait_initial=0.2, wait_max=4.0
        ):
            with attempt:
                return await self._once(kept, request)
        raise AssertionError

    async def _once(self, kept: KnownTarget, request: httpx2.Request) -> Answer:
        async with kept.turns:
            await self._paced(kept)
            return await self._judged(kept, request)

    async def _paced(self, kept: KnownTarget) -> None:
        """Returns when the target may be asked."""
        now_s = self._clock.monotonic()
        at_s = kept.pace.next_call_s(now_s)
        if self._budget is not None:
            self._budget.next_call_s(now_s)
        if at_s > now_s:
            await self._clock.sleep(at_s - now_s)
            # It may have begun to refuse meanwhile.
            kept.pace.require_welcome(self._clock.monotonic())

    async def _judged(self, kept: KnownTarget, request: httpx2.Request) -> Answer:
        began_s = self._clock.monotonic()
        self._look(kept, began_s)
        ticket = kept.breaker.admit(began_s)
        outcome = Outcome.NEUTRAL
        try:
            answer = await self._exchange(kept.target, request)
            if (why := kept.refusal(answer)) is not None:
                outcome = Outcome.BAD
                raise Upstream(kept.target.name, why)
            outcome = kept.judge(answer, self._clock.monotonic() - began_s)
            return kept.checked(answer, self._clock.monotonic())
        except (TooLarge, httpx2.TooManyRedirects) as error:
            outcome = Outcome.BAD
            raise Upstream(kept.target.name, str(error)) from error
        except httpx2.RequestError as error:
            outcome = Outcome.BAD
            raise Retry(Upstream(kept.target.name, _told(error))) from error
        except asyncio.CancelledError:
            # Given up after a while it says something about the target, at once it does not.
            hangs = self._clock.monotonic() - began_s >= kept.target.hangs_s
            outcome = Outcome.BAD if hangs else Outcome.NEUTRAL
            raise
        finally:
            kept.count(outcome)
            kept.breaker.record(ticket, outcome, self._clock.monotonic())
            self._look(kept, self._clock.monotonic())

    def _look(self, kept: KnownTarget, now_s: float) -> None:
        """Notes whether the target's breaker is in another state than it was."""
        before, after = kept.seen, kept.breaker.state(now_s)
        if before is not after:
            kept.seen = after
            wait_s = kept.breaker.wait_s(now_s)
            self.changes.append(
                BreakerChange(target=kept.target.name, before=before, after=after, wait_s=wait_s)
            )

    async def _exchange(self, target: Target, request: httpx2.Request) -> Answer:
        response = await self._client.send(request, stream=True)
        try:
            body = bytearray()
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > target.max_bytes:
                    raise TooLarge(limit_bytes=target.max_bytes)
        finally:
            await response.aclose()
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(status=response.status_code, headers=headers, body=bytes(body))


def _backoff(error: Exception) -> bool | float:
    """Whether to try again, and after the wait that the target named."""
    if not isinstance(error, Retry) or isinstance(error.error, Unavailable):
        return False
    return True if error.wait_s is None else error.wait_s


def _told(error: httpx2.RequestError) -> str:
    return {
        httpx2.ConnectError: "cannot be reached",
        httpx2.RemoteProtocolError: "broke off",
        httpx2.ReadError: "broke off",
        httpx2.DecodingError: "sent what cannot be decoded",
    }.get(type(error), type(error).__name__)
