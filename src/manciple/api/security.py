"""Watching over the house: where you are signed in, what happened, and the audit trail."""

from datetime import datetime

from manciple.api.context import Context
from manciple.api.shapes_auth import (
    AuditEntryShape,
    AuditInput,
    AuditPage,
    AuditVerdict,
    RevokeSessionInput,
    SessionShape,
    SessionsPage,
)
from manciple.grocery.domain.people import AuditRow, SignIn
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("security")


@router.query("sessions", needs=Grant.READ)
async def sessions(ctx: Context) -> SessionsPage:
    """Where you are signed in, newest first."""
    found = await ctx.sign_ins.sessions(ctx.principal.acting_for())
    return SessionsPage(
        sessions=tuple(_session(each, current=ctx.visit.session_id) for each in found)
    )


@router.mutation("revokeSession", needs=Grant.WRITE)
async def revoke_session(ctx: Context, wanted: RevokeSessionInput) -> SessionsPage:
    """Ends one of your sessions; an administrator may end anybody's."""
    owner = ctx.principal.acting_for()
    whose = None if Grant.ADMIN in ctx.principal.grants else owner
    await ctx.sign_ins.revoke(wanted.session_id, user_id=whose, visit=ctx.visit)
    return await sessions(ctx)


@router.query("events", needs=Grant.READ)
async def events(ctx: Context, wanted: AuditInput) -> AuditPage:
    """What you did, and what was tried in your name, newest first."""
    return await _page(ctx, wanted, actor=ctx.principal.acting_for(wanted.actor))


@router.query("auditTrail", needs=Grant.ADMIN)
async def audit_trail(ctx: Context, wanted: AuditInput) -> AuditPage:
    """Who did what to which object, from where, newest first."""
    return await _page(ctx, wanted, actor=wanted.actor)


@router.query("verifyAudit", needs=Grant.ADMIN)
async def verify_audit(ctx: Context) -> AuditVerdict:
    """Whether the audit trail is as it was written, entry by entry."""
    found = await ctx.audit.verify()
    return AuditVerdict(
        ok=found.is_whole,
        entries=found.entries,
        first_broken=found.first_broken,
        checkpoint=found.checkpoint,
        problem=found.problem,
        newest_hash=found.newest_hash,
    )


async def _page(ctx: Context, wanted: AuditInput, *, actor: str | None) -> AuditPage:
    rows = await ctx.audit.page(before=wanted.before, limit=wanted.limit + 1, actor=actor)
    shown = rows[: wanted.limit]
    more = shown[-1].seq if len(rows) > wanted.limit else None
    return AuditPage(entries=tuple(_entry(row) for row in shown), next=more)


def _session(found: SignIn, *, current: str | None) -> SessionShape:
    return SessionShape(
        session_id=found.session_id,
        kind=found.kind,
        agent=found.agent,
        address=found.address,
        created_at=found.created_at,
        last_used_at=found.last_used_at,
        expires_at=found.expires_at,
        current=found.session_id == current,
    )


def _entry(row: AuditRow) -> AuditEntryShape:
    return AuditEntryShape(
        seq=row.seq,
        at=datetime.fromisoformat(row.at),
        actor=row.actor,
        address=row.address,
        action=row.action,
        object_id=row.object_id,
        outcome=row.outcome,
        details=row.details,
        hash=row.hash,
    )
