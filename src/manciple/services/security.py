"""The safety of every door, put together: keys, guard, limits, the audit trail."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from manciple.grocery.actions.audit import AuditTrail
from manciple.grocery.stores.stores import Stores
from manciple.kit.clock import Clock
from manciple.kit.errors import MancipleError
from manciple.platform.rpc.procedure import Caller
from manciple.platform.security.checkpoints import Checkpoints
from manciple.platform.security.csrf import CsrfTokens
from manciple.platform.security.revocations import Revocations
from manciple.platform.security.tokens import KeyRing
from manciple.platform.security.vault import PURPOSE, Vault
from manciple.platform.security.visits import Via, Visit
from manciple.services.credentials import KEEP_S
from manciple.services.guard import LOCAL_USER, Guard
from manciple.services.introductions import Introductions
from manciple.services.key_file import key_ring, setup_code
from manciple.services.settings import Settings
from manciple.services.streams_watch import OpenStreams
from manciple.services.visit_limits import Limits

# Another process may have revoked what is open here; two seconds are promised.
_LOOK_EVERY_S = 1.8

_WITHOUT_PATHS = frozenset({"websocket", "mcp"})

_AT_HOME = Visit(principal=LOCAL_USER, via=Via.OPEN_HOUSE)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """What the doors and the procedures of sign-in share."""

    guard: Guard
    keys: KeyRing
    vault: Vault
    limits: Limits
    open_streams: OpenStreams
    csrf_tokens: CsrfTokens
    setup_code: str
    audit: AuditTrail
    introductions: Introductions
    clock: Clock

    async def visit_of(self, caller: Caller) -> Visit:
        """The visit of a caller, with what its connection parameters say.

        Raises:
            NotSignedIn: those bring a token that is not taken.
        """
        if caller.door == "cli":
            return Visit(principal=LOCAL_USER, via=Via.INSIDE, address="terminal")
        visit = caller.visit
        if not isinstance(visit, Visit):
            visit = await self.guard.visit(_raw(caller.headers), caller.host)
        if caller.connection_params:
            await self.guard.introduce(visit, caller.connection_params)
        return visit

    def counter(self, visit: Visit, caller: Caller) -> Callable[[int], None] | None:
        """Counts the calls of a socket; the gate counts those of requests."""
        return self._counter(visit) if caller.door == "websocket" else None

    def cost_counter(self, visit: Visit, caller: Caller) -> Callable[[int], None] | None:
        """Counts what calls cost beyond one where no path told the gate what is called."""
        return self._counter(visit) if caller.door in _WITHOUT_PATHS else None

    def _counter(self, visit: Visit) -> Callable[[int], None]:
        return lambda calls: self.limits.spend(visit, calls=calls)

    def known_by(self, headers: Mapping[bytes, bytes]) -> Callable[[str], Visit | None]:
        """Tells who sends these headers, by address, where no further look is needed.

        None sends a call the long way. What the headers say is read once; whether it still holds
        is seen at each call.
        """
        guard = self.guard
        if not guard.may_be_at_home(headers):
            return lambda peer: self._known_at_once(headers, peer)

        def at_home(peer: str) -> Visit | None:
            if guard.is_home(peer):
                return _AT_HOME
            return self._known_at_once(headers, peer)

        return at_home

    def _known_at_once(self, headers: Mapping[bytes, bytes], peer: str) -> Visit | None:
        try:
            visit = self.guard.at_once(headers, peer)
        except MancipleError:
            return None
        is_plain = visit is not None and visit.failure is None and visit.via is not Via.COOKIE
        return visit if is_plain else None

    async def watch(self, mark: Callable[[], int]) -> None:
        """Ends what other processes revoked and what has run out; until cancelled.

        While `mark` stays the same nobody has revoked anything. At its end the newest audit entry
        is noted, which otherwise is the duty of one service.
        """
        seen = None
        try:
            while True:
                await self.clock.sleep(_LOOK_EVERY_S)
                try:
                    # Asked first: what is revoked while we look is looked for the next time.
                    if (found := mark()) != seen:
                        await self.guard.refresh()
                        seen = found
                except MancipleError as error:
                    _log.warning("security.watch.failed", problem=str(error))
                self.open_streams.end_expired(self.clock.now().timestamp())
        finally:
            with contextlib.suppress(MancipleError, OSError):
                await self.audit.keep_checkpoint()


async def secure(settings: Settings, clock: Clock, stores: Stores) -> Security:
    """The safety of a house, ready.

    Raises:
        Refused: the signing key cannot be had.
    """
    own = settings.security
    keys = await asyncio.to_thread(key_ring, settings.database.path, given=own.signing_key)
    revocations = Revocations(keep_s=max(own.access_token_s, KEEP_S))
    guard = Guard(
        stores,
        clock,
        keys=keys,
        revocations=revocations,
        settings=own,
        origins=settings.wire.cors_origins,
    )
    await guard.refresh()
    open_streams = OpenStreams()
    revocations.listen(open_streams.end)
    audit = AuditTrail(stores, _checkpoints(settings, keys))
    with contextlib.suppress(OSError):
        await audit.keep_checkpoint()
    return Security(
        guard=guard,
        keys=keys,
        vault=Vault(keys.all_derived(PURPOSE)),
        limits=Limits(own, clock),
        open_streams=open_streams,
        csrf_tokens=CsrfTokens(keys.derived("csrf")),
        setup_code=setup_code(keys),
        audit=audit,
        introductions=Introductions(keys, clock, revocations),
        clock=clock,
    )


def _checkpoints(settings: Settings, keys: KeyRing) -> Checkpoints:
    return Checkpoints(settings.database.path.with_suffix(".audit"), keys.all_derived("audit"))


def _raw(headers: Mapping[str, str]) -> dict[bytes, bytes]:
    return {
        name.lower().encode("latin-1", "replace"): text.encode("latin-1", "replace")
        for name, text in headers.items()
    }
