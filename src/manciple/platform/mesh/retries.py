"""How often calls may be tried again, so that a service in trouble is not given twice the work.

Pure: it is told the time.
"""

# One in five calls may be tried again, as most proxies of the field have it.
SHARE = 0.2
# A quiet service has few calls to earn from; these come back by themselves.
SPARE_PER_S = 1.0
MOST = 20.0


class RetryBudget:
    """Earned by calls, spent by retries; never more than `most` are saved."""

    def __init__(
        self, *, share: float = SHARE, spare_per_s: float = SPARE_PER_S, most: float = MOST
    ) -> None:
        self._share = share
        self._spare_per_s = spare_per_s
        self._most = most
        self._left = most
        self._looked_s: float | None = None

    def earn(self, now_s: float) -> None:
        """Counts one call."""
        self._pass(now_s)
        self._left = min(self._most, self._left + self._share)

    def spend(self, now_s: float) -> bool:
        """Whether one more try is within the budget; it is then taken from it."""
        self._pass(now_s)
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True

    def _pass(self, now_s: float) -> None:
        if self._looked_s is not None:
            passed_s = max(0.0, now_s - self._looked_s)
            self._left = min(self._most, self._left + passed_s * self._spare_per_s)
        self._looked_s = now_s
