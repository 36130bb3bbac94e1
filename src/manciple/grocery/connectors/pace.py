"""How fast a target may be asked. Pure: it is told the time.

Two bounds hold together: calls keep a distance, and a target that keeps answering "too many" is
left alone well before it would shut us out.
"""

from collections import deque
from dataclasses import dataclass

from manciple.kit.errors import TooMany

# The strictest target known shuts an address out after 25 refusals in five minutes.
REFUSALS_WINDOW_S = 300.0
MOST_REFUSALS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceSettings:
    """At most `calls` in any `window_s` seconds; who would wait over `patience_s` is refused."""

    calls: int = 60
    window_s: float = 60.0
    patience_s: float = 10.0


class Pace:
    """The pace of one target."""

    def __init__(self, settings: PaceSettings | None = None) -> None:
        self._settings = settings or PaceSettings()
        self._calls: deque[float] = deque(maxlen=self._settings.calls)
        self._refusals: deque[float] = deque(maxlen=MOST_REFUSALS)
        self._not_before_s = 0.0

    def next_call_s(self, now_s: float) -> float:
        """Takes the next place and says when it is, now or later.

        Raises:
            TooMany: the place would be later than anybody wants to wait.
        """
        at_s = max(now_s, self._not_before_s, self._after_refusals_s(now_s))
        if len(self._calls) == self._settings.calls:
            at_s = max(at_s, self._calls[0] + self._settings.window_s)
        if at_s - now_s > self._settings.patience_s:
            raise TooMany(wait_s=at_s - now_s)
        self._calls.append(at_s)
        return at_s

    def require_welcome(self, now_s: float) -> None:
        """Returns if the target did not ask to be left alone since a place was taken.

        Raises:
            TooMany: it did.
        """
        at_s = max(self._not_before_s, self._after_refusals_s(now_s))
        if at_s > now_s:
            raise TooMany(wait_s=at_s - now_s)

    def refused(self, now_s: float, *, wait_s: float | None) -> None:
        """The target said "too many", and perhaps how long to wait."""
        self._refusals.append(now_s)
        if wait_s is not None:
            self._not_before_s = max(self._not_before_s, now_s + wait_s)

    def _after_refusals_s(self, now_s: float) -> float:
        """When the oldest of too many refusals is forgotten."""
        if len(self._refusals) < MOST_REFUSALS:
            return now_s
        return self._refusals[0] + REFUSALS_WINDOW_S
