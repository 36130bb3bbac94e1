"""How often a visit may ask: its limit, what calls cost, and what answers say of it."""

from collections.abc import Callable, Collection

from manciple.kit.clock import Clock
from manciple.kit.errors import TooMany
from manciple.platform.security.addresses import limit_key
from manciple.platform.security.limits import Policy, RateLimits
from manciple.platform.security.visits import Via, Visit
from manciple.services.settings_of_house import SecuritySettings

NO_STORE = (b"cache-control", b"no-store")
"""An answer that speaks of a visitor's limit is theirs alone; nobody keeps it."""

# Signs of life are no calls, so a socket may say more than its visitor may call.
_MESSAGES_PER_CALL = 4


class Limits:
    """Which limit a visit has, and what calls cost."""

    def __init__(self, settings: SecuritySettings, clock: Clock) -> None:
        window_s = settings.window_s
        self._clock = clock
        self.rates = RateLimits(clock)
        self._anonymous = Policy("anonymous", settings.anonymous_limit, window_s)
        self._principal = Policy("principal", settings.principal_limit, window_s)
        self._local = Policy("local", settings.local_limit, window_s)
        self._messages = Policy("messages", settings.principal_limit * _MESSAGES_PER_CALL, window_s)
        pairs = (text.partition("=") for text in settings.costs)
        self._costs = {path: int(calls) for path, _, calls in pairs if calls.isdigit()}

    def cost(self, paths: Collection[str]) -> int:
        """How many calls the procedures on these paths count as together."""
        costs = self._costs
        return sum(costs.get(path, 1) for path in paths)

    def spend(self, visit: Visit, *, calls: int = 1) -> None:
        """Counts calls of a visit.

        Raises:
            TooMany: they are more than its limit leaves.
        """
        policy, key = self._policy(visit)
        self.rates.spend(policy, key, calls=calls)

    def counter_of(self, visit: Visit) -> Callable[[], bytes]:
        """Counts one call of such a visit, and gives the lines of its answer's head that say so."""
        purse = self.rates.purse(*self._policy(visit))

        def counted() -> bytes:
            purse.spend()
            # As the gate's `_Answer` has it of any other answer.
            if visit.via is Via.OPEN_HOUSE:
                return b""
            second = int(self._clock.monotonic())
            if purse.said[0] != second:
                headers = (*self.headers(visit), NO_STORE)
                purse.said = second, b"".join(b"%b: %b\r\n" % each for each in headers)
            return purse.said[1]

        return counted

    def hear(self, visit: Visit) -> bool:
        """Whether one more message of a socket is listened to."""
        try:
            self.rates.spend(self._messages, self._policy(visit)[1])
        except TooMany:
            return False
        return True

    def headers(self, visit: Visit) -> list[tuple[bytes, bytes]]:
        """What an answer says of the limit."""
        policy, key = self._policy(visit)
        standing = self.rates.standing(policy, key)
        return [(b"ratelimit-policy", policy.header()), (b"ratelimit", standing.header())]

    def _policy(self, visit: Visit) -> tuple[Policy, str]:
        if visit.via is Via.OPEN_HOUSE:
            return self._local, "local"
        if visit.principal.user_id is not None:
            return self._principal, visit.principal.user_id
        return self._anonymous, limit_key(visit.address)
