"""Procedures that delay, crash, leak, count and upload on demand, to try the wire with.

Never mounted unless asked for: they exist for conformance runs and for our own tests.
"""

import asyncio
import os
from collections.abc import AsyncIterator

from manciple.api.context import Context
from manciple.api.shapes_diagnostics import (
    Counting,
    Delayed,
    Done,
    Echo,
    Echoed,
    Failing,
    Leaked,
    Leaking,
    Nothing,
    Probe,
    ProbeName,
    ProbeState,
    ReceivedBytes,
    ReceivedForm,
    Resume,
    Seq,
    Thrown,
    Total,
    Value,
    WantedProbe,
)
from manciple.kit.clock import Clock, SystemClock
from manciple.kit.errors import InvalidInput, NotFound, TooLarge
from manciple.platform.rpc.codes import CODES, WireError
from manciple.platform.rpc.door_state import DoorState
from manciple.platform.rpc.forms import ByteStream, Form
from manciple.platform.rpc.procedure import Tracked
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

_MAX_PROBES = 1000
# More than any threshold of a process, less than what a machine of our kind has.
_MOST_LEAKED_BYTES = 1_000_000_000
_MIXED = (Tracked("m1", "tracked one"), "untracked", Tracked("m2", "tracked two"))


def diagnostics_router(state: DoorState, clock: Clock | None = None) -> Router:
    """The router; `state` is that of the door which will serve it."""
    clock = clock or SystemClock()
    router = Router("diagnostics")
    _add_answers(router, clock)
    _add_leak(router)
    _add_probes(router, clock)
    _add_subscriptions(router, clock)
    _add_door(router, state)
    _add_uploads(router)
    return router


def _add_answers(router: Router, clock: Clock) -> None:
    @router.query("echo", needs=Grant.PUBLIC)
    async def echo(_: Context, wanted: Echoed) -> Echo:
        """The input, given back."""
        return Echo(echo=wanted)

    @router.query("delay", needs=Grant.PUBLIC)
    async def delay(_: Context, wanted: Delayed) -> Value:
        """The value, after a while."""
        await clock.sleep(wanted.ms / 1000)
        return Value(value=wanted.value)

    @router.query("throwCode", needs=Grant.PUBLIC)
    async def throw_code(_: Context, wanted: Thrown) -> None:
        """Always fails, with the wanted code."""
        raise WireError(_known(wanted.code), wanted.message)

    @router.query("crash", needs=Grant.PUBLIC)
    async def crash(_: Context) -> None:
        """Always fails in a way that nobody foresaw."""
        raise RuntimeError("boom")

    @router.query("nullResult", needs=Grant.PUBLIC)
    async def null_result(_: Context) -> Nothing | None:
        """Always null."""
        return None

    @router.query("adminOnly", needs=Grant.ADMIN)
    async def admin_only(_: Context) -> Done:
        """Answers administrators only."""
        return Done()


def _add_leak(router: Router) -> None:
    kept: list[bytes] = []

    @router.mutation("leak", needs=Grant.PUBLIC)
    async def leak(_: Context, wanted: Leaking) -> Leaked:
        """Keeps memory that nobody needs until its process ends, at most a gigabyte in all."""
        size_bytes = sum(map(len, kept))
        if size_bytes + wanted.size_bytes > _MOST_LEAKED_BYTES:
            raise TooLarge(limit_bytes=_MOST_LEAKED_BYTES)
        # Of ones: pages of zeros are none until they are written to.
        kept.append(b"\1" * wanted.size_bytes)
        return Leaked(kept_bytes=size_bytes + wanted.size_bytes, pid=os.getpid())


def _add_probes(router: Router, clock: Clock) -> None:
    probes: dict[str, ProbeState] = {}

    @router.query("startProbe", needs=Grant.PUBLIC)
    async def start_probe(_: Context, wanted: WantedProbe) -> Probe:
        """Runs for a while; remembers whether its caller went away meanwhile."""
        probes.pop(wanted.id, None)
        if len(probes) >= _MAX_PROBES:
            probes.pop(next(iter(probes)))
        probes[wanted.id] = "running"
        try:
            await clock.sleep(wanted.ms / 1000)
        except asyncio.CancelledError:
            probes[wanted.id] = "aborted"
            raise
        probes[wanted.id] = "done"
        return Probe(state="done")

    @router.query("readProbe", needs=Grant.PUBLIC)
    async def read_probe(_: Context, wanted: ProbeName) -> Probe:
        """How a probe is doing."""
        if wanted.id not in probes:
            raise NotFound("probe", wanted.id)
        return Probe(state=probes[wanted.id])


def _add_subscriptions(router: Router, clock: Clock) -> None:
    @router.subscription("idle", needs=Grant.PUBLIC)
    async def idle(_: Context) -> AsyncIterator[int]:
        """Never gives an item, and never ends by itself."""
        await asyncio.Event().wait()
        yield 0

    @router.subscription("failing", needs=Grant.PUBLIC)
    async def failing(_: Context, wanted: Failing) -> AsyncIterator[int]:
        """Some numbers from 0, then a failure."""
        code = _known(wanted.code)
        for number in range(wanted.after):
            yield number
        raise WireError(code, "subscription failed")

    @router.subscription("mixed", needs=Grant.PUBLIC)
    async def mixed(_: Context, wanted: Resume) -> AsyncIterator[Tracked[str] | str]:
        """A tracked item, one that is not, and another tracked one."""
        ids = [item.id if isinstance(item, Tracked) else None for item in _MIXED]
        known = wanted.last_event_id is not None and wanted.last_event_id in ids
        for item in _MIXED[ids.index(wanted.last_event_id) + 1 if known else 0 :]:
            yield item

    @router.subscription("counter", needs=Grant.PUBLIC)
    async def counter(_: Context, wanted: Counting) -> AsyncIterator[Seq]:
        """Counts from 1, or from behind the id to resume after."""
        last = wanted.last_event_id or ""
        first = int(last) if last.isascii() and last.isdigit() and len(last) < 10 else 0  # noqa: PLR2004 - digits of the largest count
        for seq in range(first + 1, wanted.count + 1):
            if wanted.interval_ms and seq > first + 1:
                await clock.sleep(wanted.interval_ms / 1000)
            yield Seq(seq=seq)


def _add_door(router: Router, state: DoorState) -> None:
    @router.query("activeSubscriptions", needs=Grant.PUBLIC)
    async def active_subscriptions(_: Context) -> Total:
        """How many subscriptions are open at the door, over any transport."""
        return Total(count=state.subscriptions)

    @router.mutation("broadcastReconnect", needs=Grant.PUBLIC)
    async def broadcast_reconnect(_: Context) -> Done:
        """Asks the clients of all sockets to reconnect, right after this was answered."""
        state.announce_soon()
        return Done()


def _add_uploads(router: Router) -> None:
    @router.mutation("uploadForm", needs=Grant.PUBLIC)
    async def upload_form(_: Context, form: Form) -> ReceivedForm:
        """What the form held: its field `name`, and its file `file` if there is one."""
        files = dict(form.files)
        upload = files.get("file")
        return ReceivedForm(
            name=form.text("name"),
            file_name=upload.file_name if upload else None,
            size=len(upload.body) if upload else 0,
        )

    @router.mutation("uploadBytes", needs=Grant.PUBLIC)
    async def upload_bytes(_: Context, stream: ByteStream) -> ReceivedBytes:
        """The size of the upload and the sum of its bytes."""
        size = total = 0
        async for chunk in stream:
            size += len(chunk)
            total += sum(chunk)
        return ReceivedBytes(size=size, sum=total)


def _known(code: str) -> str:
    if code not in CODES:
        raise InvalidInput.at("code", f"Invalid option: no wire code is called {code!r}")
    return code
