"""Households: who lives and shops together, as owners, members and guests."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from manciple.api.context import Context
from manciple.grocery.domain.people import Household, Member, OpenInvitation
from manciple.grocery.domain.sharing import Role
from manciple.platform.rpc.procedure import Wire
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("households")
Text = Annotated[str, msgspec.Meta(max_length=400)]


class HouseholdShape(Wire, frozen=True, kw_only=True):
    """A household; `role` is yours in it."""

    household_id: str
    name: str
    role: Role


class HouseholdsPage(Wire, frozen=True, kw_only=True):
    """Your households, oldest first."""

    households: tuple[HouseholdShape, ...]


class CreateHouseholdInput(Wire, frozen=True, kw_only=True):
    """The name of a new household."""

    name: Text


class HouseholdInput(Wire, frozen=True, kw_only=True):
    """Which household."""

    household_id: Text


class InviteInput(HouseholdInput, frozen=True, kw_only=True):
    """What somebody may become by the invitation."""

    role: Literal["member", "guest"] = "member"


class InvitationShape(Wire, frozen=True, kw_only=True):
    """A code for one person, shown this once; the id is for withdrawing it."""

    code: str
    invitation_id: str
    role: Role
    expires_at: datetime


class OpenInvitationShape(Wire, frozen=True, kw_only=True):
    """An invitation that nobody has used yet."""

    invitation_id: str
    role: Role
    invited_by: str
    created_at: datetime
    expires_at: datetime


class InvitationsPage(Wire, frozen=True, kw_only=True):
    """The open invitations of a household, oldest first."""

    invitations: tuple[OpenInvitationShape, ...]


class WithdrawInput(HouseholdInput, frozen=True, kw_only=True):
    """Which invitation of a household."""

    invitation_id: Text


class JoinInput(Wire, frozen=True, kw_only=True):
    """The code of an invitation."""

    code: Text


class MemberInput(HouseholdInput, frozen=True, kw_only=True):
    """Somebody in a household."""

    member_id: Text


class RoleInput(MemberInput, frozen=True, kw_only=True):
    """Another role for somebody."""

    role: Literal["owner", "member", "guest"]


class MemberShape(Wire, frozen=True, kw_only=True):
    """Somebody in a household."""

    member_id: str
    display_name: str
    role: Role


class MembersPage(Wire, frozen=True, kw_only=True):
    """Everybody in a household, oldest membership first."""

    members: tuple[MemberShape, ...]


@router.query("mine", needs=Grant.READ)
async def mine(ctx: Context) -> HouseholdsPage:
    """Your households."""
    return _page(await ctx.households.mine(ctx.principal.acting_for()))


@router.mutation("create", needs=Grant.WRITE)
async def create(ctx: Context, wanted: CreateHouseholdInput) -> HouseholdShape:
    """A new household, which you own."""
    owner = ctx.principal.acting_for()
    return _shape(await ctx.households.create(owner, wanted.name, visit=ctx.visit))


@router.query("members", needs=Grant.READ)
async def members(ctx: Context, wanted: HouseholdInput) -> MembersPage:
    """Everybody in a household of yours."""
    found = await ctx.households.members(ctx.principal.acting_for(), wanted.household_id)
    return _members(found)


@router.mutation("invite", needs=Grant.WRITE)
async def invite(ctx: Context, wanted: InviteInput) -> InvitationShape:
    """A code that lets one person join within a week; owners invite."""
    made = await ctx.households.invite(
        ctx.principal.acting_for(), wanted.household_id, role=wanted.role, visit=ctx.visit
    )
    return InvitationShape(
        code=made.code,
        invitation_id=made.invitation_id,
        role=Role(made.role),
        expires_at=made.expires_at,
    )


@router.query("invitations", needs=Grant.READ)
async def invitations(ctx: Context, wanted: HouseholdInput) -> InvitationsPage:
    """The invitations that nobody has used yet, without their codes; owners see them."""
    found = await ctx.households.invitations(ctx.principal.acting_for(), wanted.household_id)
    return _invitations(found)


@router.mutation("withdraw", needs=Grant.WRITE)
async def withdraw(ctx: Context, wanted: WithdrawInput) -> InvitationsPage:
    """Withdraws an invitation, whose code lets nobody in from now on; owners do."""
    found = await ctx.households.withdraw(
        ctx.principal.acting_for(),
        wanted.household_id,
        which=wanted.invitation_id,
        visit=ctx.visit,
    )
    return _invitations(found)


@router.mutation("join", needs=Grant.WRITE)
async def join(ctx: Context, wanted: JoinInput) -> HouseholdsPage:
    """Your households with the one that you were invited to."""
    found = await ctx.households.join(ctx.principal.acting_for(), wanted.code, visit=ctx.visit)
    return _page(found)


@router.mutation("setRole", needs=Grant.WRITE)
async def set_role(ctx: Context, wanted: RoleInput) -> MembersPage:
    """Gives somebody another role; owners do, and at least one stays."""
    found = await ctx.households.set_role(
        ctx.principal.acting_for(),
        wanted.household_id,
        whose=wanted.member_id,
        role=wanted.role,
        visit=ctx.visit,
    )
    return _members(found)


@router.mutation("remove", needs=Grant.WRITE)
async def remove(ctx: Context, wanted: MemberInput) -> HouseholdsPage:
    """Leaves a household, or shows somebody out, which owners do."""
    found = await ctx.households.remove(
        ctx.principal.acting_for(), wanted.household_id, whose=wanted.member_id, visit=ctx.visit
    )
    return _page(found)


def _page(found: Sequence[Household]) -> HouseholdsPage:
    return HouseholdsPage(households=tuple(_shape(each) for each in found))


def _shape(found: Household) -> HouseholdShape:
    role = Role(found.role)
    return HouseholdShape(household_id=found.household_id, name=found.name, role=role)


def _invitations(found: Sequence[OpenInvitation]) -> InvitationsPage:
    return InvitationsPage(
        invitations=tuple(
            OpenInvitationShape(
                invitation_id=each.invitation_id,
                role=Role(each.role),
                invited_by=each.invited_by,
                created_at=each.created_at,
                expires_at=each.expires_at,
            )
            for each in found
        )
    )


def _members(found: Sequence[Member]) -> MembersPage:
    return MembersPage(
        members=tuple(
            MemberShape(
                member_id=each.user_id, display_name=each.display_name, role=Role(each.role)
            )
            for each in found
        )
    )
