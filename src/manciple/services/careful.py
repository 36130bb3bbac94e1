"""Procedures made careful: what changes something is on the audit trail, and not done twice.

A client that is unsure whether its call arrived sends it again with the same `Idempotency-Key`,
and is given the first answer. This wraps the functions of a table; what clients see is the same.
"""

import hashlib
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec

from manciple.api.context import Context
from manciple.grocery.actions.audit import Deed
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.errors import Conflict, MancipleError
from manciple.platform.rpc.codes import WireError
from manciple.platform.rpc.forms import ByteStream, Form
from manciple.platform.rpc.procedure import Function, Kind, Procedure, Ready
from manciple.platform.rpc.router import Table
from manciple.platform.rpc.wire import ENCODER
from manciple.platform.security.permissions import Grant
from manciple.platform.security.vault import Vault
from manciple.platform.security.visits import Via

_KEPT_FOR = timedelta(hours=24)
_CHANGING = frozenset({Grant.WRITE.value, Grant.ADMIN.value, Grant.SYSTEM.value})
# These write their own, more exact entries.
_OWN_ENTRIES = ("auth.", "security.", "households.")

Work = Callable[[], Awaitable[Any]]


def careful(table: Table, stores: Stores, vault: Vault) -> Table:
    """The same table, its changing procedures audited and repeatable.

    Answers are kept sealed by `vault`: some hold a secret that is shown once.
    """
    keep = _Kept(stores, vault)

    def change(procedure: Procedure) -> Procedure:
        is_changing = procedure.kind is Kind.MUTATION and procedure.needs in _CHANGING
        return _wrapped(procedure, keep) if is_changing else procedure

    return table.changed(change)


def _wrapped(procedure: Procedure, keep: "_Kept") -> Procedure:
    path = procedure.path
    inner: Any = procedure.call
    is_audited = not path.startswith(_OWN_ENTRIES)

    async def call(ctx: Context, *wanted: Any) -> Any:
        async def work() -> Any:
            output = await inner(ctx, *wanted)
            # A call that came from another service of the house was noted there.
            if is_audited and ctx.visit.via is not Via.MESH:
                await ctx.audit.note(_deed(ctx, path, wanted))
            return output

        key = ctx.visit.idempotency_key
        if key is None or ctx.principal.user_id is None or _is_stream(wanted):
            return await work()
        who = (ctx.principal.user_id, key)
        return await keep.once(who, path=path, wanted=wanted, work=work)

    function: Function = call
    return replace(procedure, call=function)


class _Kept:
    """Answers that are given again to whoever asks again with the same key."""

    def __init__(self, stores: Stores, vault: Vault) -> None:
        self._stores = stores
        self._vault = vault

    async def once(
        self, who: tuple[str, str], *, path: str, wanted: Iterable[Any], work: Work
    ) -> Any:
        """What the call answers, or answered when it was first made.

        Raises:
            Conflict: the first one still runs, or nobody knows how it ended.
            WireError: the key was used for another call.
        """
        body_hash = hashlib.sha256(ENCODER.encode(list(wanted))).hexdigest()

        def claim(tx: Transaction) -> Any:
            tx.idempotency.forget_before(tx.now - _KEPT_FOR)
            return tx.idempotency.claim(*who, route=path, body_hash=body_hash)

        before = await self._stores.write(claim)
        if before is not None:
            if (before.route, before.body_hash) != (path, body_hash):
                message = "This Idempotency-Key was used for another call"
                raise WireError("UNPROCESSABLE_CONTENT", message)
            return self._again(before.answer, of=_row(who))
        try:
            output = await work()
        except (MancipleError, msgspec.MsgspecError):
            await self._stores.write(lambda tx: tx.idempotency.release(*who))
            raise
        answer = _text(output)
        kept = self._vault.sealed(answer, of=_row(who)) if answer else answer
        await self._stores.write(lambda tx: tx.idempotency.keep(*who, kept))
        return output

    def _again(self, answer: str | None, *, of: str) -> Any:
        if answer is None:
            raise Conflict("The call of this Idempotency-Key", found="still running")
        return Ready(self._vault.opened(answer, of=of).encode()) if answer else None


def _row(who: tuple[str, str]) -> str:
    return "\n".join(("idempotency", *who))


def _text(output: Any) -> str:
    if output is None:
        return ""
    return (output.body if isinstance(output, Ready) else ENCODER.encode(output)).decode()


def _is_stream(wanted: Iterable[Any]) -> bool:
    return any(isinstance(each, Form | ByteStream) for each in wanted)


def _deed(ctx: Context, path: str, wanted: Iterable[Any]) -> Deed:
    return Deed(
        actor=ctx.principal.user_id or "",
        address=ctx.visit.address,
        action=path,
        object_id=next(_ids(wanted), ""),
    )


def _ids(wanted: Iterable[Any]) -> Any:
    """The ids that an input names, the first of its fields first."""
    for one in wanted:
        for name in getattr(type(one), "__struct_fields__", ()):
            value = getattr(one, name)
            if name.endswith("_id") and name != "user_id" and isinstance(value, str):
                yield value
