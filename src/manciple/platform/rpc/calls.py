"""Runs calls and turns however they end into outcomes; the same for every door."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import replace

from manciple.kit.clock import Clock
from manciple.kit.ids import new_id
from manciple.platform.rpc.bound import BadOutput, Bound, HandOver
from manciple.platform.rpc.codes import CODES, OK, Fault, WireError, fault_of
from manciple.platform.rpc.observer import UNKNOWN, Observer
from manciple.platform.rpc.procedure import CallContext, Kind
from manciple.platform.rpc.wire import Outcome, shape_of

GetContext = Callable[[], Awaitable[CallContext]]


class Calls:
    """Runs the calls of one door."""

    def __init__(self, observer: Observer, clock: Clock, *, is_dev: bool) -> None:
        self._observer = observer
        self._clock = clock
        self._is_dev = is_dev
        self.now = clock.monotonic

    async def run(
        self,
        path: str,
        bound: Bound | None,
        *,
        method: str,
        get_context: GetContext,
        hand_over: HandOver,
    ) -> Outcome:
        """How a call over HTTP ended. The checks come in the order of the protocol's server."""
        started = self.now()
        try:
            known = once(checked(path, bound, method))
            data = await known.answer(await get_context(), hand_over)
        except asyncio.CancelledError as error:
            return self.cut(error, path, bound, started=started)
        except Exception as error:  # noqa: BLE001 - the door: whatever failed, the caller is told
            return self.failed(error, path, bound, started=started)
        self.succeeded(known, started)
        return Outcome(data)

    def succeeded(self, bound: Bound, started: float) -> None:
        """Tells the observer of a call that went well."""
        self._observer.ended(bound.path, bound.kind, code=OK, duration_s=self.now() - started)

    def failed(
        self, error: BaseException, path: str | None, bound: Bound | None, *, started: float
    ) -> Outcome:
        """The outcome of a call that raised; the observer is told."""
        fault = self.fault(error, path)
        self.ended(path, bound, code=fault.code.name, started=started)
        return Outcome(error=shape_of(fault, path), status=fault.code.status, fault=fault)

    def cut(
        self,
        error: asyncio.CancelledError,
        path: str,
        bound: Bound | None,
        *,
        started: float,
    ) -> Outcome:
        """The outcome of a call that waited for something which others cancelled.

        Raises:
            CancelledError: the call itself was cancelled, because its client left or we stop.
        """
        task = asyncio.current_task()
        if task is not None and not task.cancelling():
            return self.failed(error, path, bound, started=started)
        self.ended(path, bound, code="CLIENT_CLOSED_REQUEST", started=started)
        raise error

    def ended(self, path: str | None, bound: Bound | None, *, code: str, started: float) -> None:
        """Tells the observer of a call that is over."""
        duration_s = self.now() - started
        if bound is None or path is None:
            self._observer.ended(UNKNOWN, UNKNOWN, code=code, duration_s=duration_s)
        else:
            self._observer.ended(path, bound.kind, code=code, duration_s=duration_s)

    def fault(self, error: BaseException, path: str | None) -> Fault:
        """What the client is told; what nobody foresaw is logged under a reference instead."""
        fault = fault_of(error)
        if fault is not None:
            return self._with_stack(fault, error)
        reference = new_id("err", self._clock)
        self._observer.crashed(path or UNKNOWN, error, reference=reference)
        message = f"Something went wrong on our side; reference {reference}"
        if isinstance(error, BadOutput):
            message = "Output validation failed"
        elif self._is_dev:
            message = str(error)
        hidden = Fault(code=CODES["INTERNAL_SERVER_ERROR"], message=message)
        return self._with_stack(hidden, error)

    def _with_stack(self, fault: Fault, error: BaseException) -> Fault:
        if not self._is_dev:
            return fault
        return replace(fault, stack="".join(traceback.format_exception(error)))


def once(bound: Bound) -> Bound:
    """The procedure, if it answers once.

    Raises:
        WireError: it is a subscription.
    """
    if bound.kind is Kind.SUBSCRIPTION:
        raise WireError("BAD_REQUEST", "Cannot batch subscription calls")
    return bound


def checked(path: str, bound: Bound | None, method: str) -> Bound:
    """The procedure on a path, if it may be called by that HTTP method.

    Raises:
        WireError: there is none, or the method is wrong.
    """
    if bound is None:
        raise WireError("NOT_FOUND", f'No procedure found on path "{path}"')
    if method not in bound.methods:
        message = f'Unsupported {method}-request to {bound.kind} procedure at path "{path}"'
        raise WireError("METHOD_NOT_SUPPORTED", message, allow=", ".join(bound.methods))
    return bound
