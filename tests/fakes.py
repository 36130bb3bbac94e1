"""Fakes that tests pass where the product would pass the real thing."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """A clock that moves only when a test turns it; `sleep` turns it too."""

    def __init__(self, start: datetime = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)) -> None:
        self._now = start
        self._elapsed_s = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._elapsed_s

    def turn(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._elapsed_s += seconds

    def set_wall(self, seconds: float) -> None:
        """Sets what it is on the wall, ahead or back; no time passes by that."""
        self._now += timedelta(seconds=seconds)

    async def sleep(self, delay_s: float) -> None:
        self.turn(delay_s)
