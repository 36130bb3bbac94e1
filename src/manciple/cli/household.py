"""`manciple household`: who lives and shops together."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Literal, TypeVar

import typer

from manciple.api import households as ask
from manciple.api.context import Context
from manciple.api.households import (
    CreateHouseholdInput,
    HouseholdInput,
    HouseholdsPage,
    InvitationsPage,
    InviteInput,
    JoinInput,
    MemberInput,
    MembersPage,
    RoleInput,
    WithdrawInput,
)
from manciple.cli.asking import find_household, in_context
from manciple.cli.output import JsonOption, print_line, print_rows
from manciple.kit.errors import InvalidInput, NotFound

T = TypeVar("T")
Role = Literal["owner", "member", "guest"]

household = typer.Typer(no_args_is_help=True, help="Shop together: households and their members.")

WhichOption = Annotated[
    str | None,
    typer.Option("--household", help="Its id or its name; left out: your only one."),
]
Who = Annotated[str, typer.Argument(metavar="MEMBER", help="The name or the id of a member.")]


@household.command("list")
def show(ctx: typer.Context, *, as_json: JsonOption = False) -> None:
    """Your households, and what you are in them."""
    _print_households(in_context(ctx, ask.mine), as_json=as_json)


@household.command("create")
def create(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="What to call it.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Start a household, which you own."""
    wanted = CreateHouseholdInput(name=name)
    made = in_context(ctx, lambda context: ask.create(context, wanted))
    print_line(made, f"{made.name}: {made.household_id}", as_json=as_json)


@household.command("members")
def members(ctx: typer.Context, *, which: WhichOption = None, as_json: JsonOption = False) -> None:
    """Everybody in a household."""

    async def work(context: Context) -> MembersPage:
        return await _everybody(context, await find_household(context, which))

    _print_members(in_context(ctx, work), as_json=as_json)


@household.command("invite")
def invite(
    ctx: typer.Context,
    *,
    guest: Annotated[bool, typer.Option("--guest", help="May look, not change.")] = False,
    which: WhichOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print a code that lets one person join within a week; it is shown this once."""

    async def work(context: Context) -> ask.InvitationShape:
        found = await find_household(context, which)
        wanted = InviteInput(household_id=found, role="guest" if guest else "member")
        return await ask.invite(context, wanted)

    made = in_context(ctx, work)
    line = f"{made.code}\nfor one {made.role}, until {made.expires_at:%Y-%m-%d %H:%M} UTC"
    print_line(made, line, as_json=as_json)


@household.command("invitations")
def invitations(
    ctx: typer.Context, *, which: WhichOption = None, as_json: JsonOption = False
) -> None:
    """The invitations that nobody has used yet, without their codes."""

    async def work(context: Context) -> InvitationsPage:
        found = await find_household(context, which)
        return await ask.invitations(context, HouseholdInput(household_id=found))

    _print_invitations(in_context(ctx, work), as_json=as_json)


@household.command("withdraw")
def withdraw(
    ctx: typer.Context,
    invitation: Annotated[str, typer.Argument(help="Its id, as `invitations` shows it.")],
    *,
    which: WhichOption = None,
    as_json: JsonOption = False,
) -> None:
    """Withdraw an invitation: its code lets nobody in any more."""

    async def work(context: Context) -> InvitationsPage:
        found = await find_household(context, which)
        wanted = WithdrawInput(household_id=found, invitation_id=invitation)
        return await ask.withdraw(context, wanted)

    _print_invitations(in_context(ctx, work), as_json=as_json)


@household.command("join")
def join(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(help="The code of your invitation.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Join the household that invited you."""
    wanted = JoinInput(code=code)
    _print_households(in_context(ctx, lambda context: ask.join(context, wanted)), as_json=as_json)


@household.command("role")
def set_role(
    ctx: typer.Context,
    who: Who,
    role: Annotated[Role, typer.Argument(metavar="ROLE", help="owner, member or guest.")],
    *,
    which: WhichOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give somebody another role; one owner at least stays."""

    async def work(context: Context, found: str, member: str) -> MembersPage:
        wanted = RoleInput(household_id=found, member_id=member, role=role)
        return await ask.set_role(context, wanted)

    _print_members(_with_member(ctx, who, which, work), as_json=as_json)


@household.command("remove")
def remove(
    ctx: typer.Context, who: Who, *, which: WhichOption = None, as_json: JsonOption = False
) -> None:
    """Show somebody out, or leave, which is removing yourself."""

    async def work(context: Context, found: str, member: str) -> HouseholdsPage:
        return await ask.remove(context, MemberInput(household_id=found, member_id=member))

    _print_households(_with_member(ctx, who, which, work), as_json=as_json)


def _with_member(
    ctx: typer.Context,
    who: str,
    which: str | None,
    work: Callable[[Context, str, str], Awaitable[T]],
) -> T:
    async def through(context: Context) -> T:
        found = await find_household(context, which)
        return await work(context, found, await _member_id(context, found, who))

    return in_context(ctx, through)


async def _everybody(context: Context, household_id: str) -> MembersPage:
    return await ask.members(context, HouseholdInput(household_id=household_id))


async def _member_id(context: Context, household_id: str, who: str) -> str:
    found = [
        one.member_id
        for one in (await _everybody(context, household_id)).members
        if who == one.member_id or who.casefold() == one.display_name.casefold()
    ]
    if len(found) > 1:
        raise InvalidInput.at("MEMBER", f"{len(found)} members are called {who!r}; give an id")
    if not found:
        raise NotFound("member", who)
    return found[0]


def _print_households(found: HouseholdsPage, *, as_json: bool) -> None:
    rows = [(one.name, one.role, one.household_id) for one in found.households]
    print_rows(found, ("household", "you are", "id"), rows, as_json=as_json)


def _print_members(found: MembersPage, *, as_json: bool) -> None:
    rows = [(one.display_name, one.role, one.member_id) for one in found.members]
    print_rows(found, ("member", "role", "id"), rows, as_json=as_json)


def _print_invitations(found: InvitationsPage, *, as_json: bool) -> None:
    rows = [
        (one.role, one.invited_by, f"{one.expires_at:%Y-%m-%d %H:%M} UTC", one.invitation_id)
        for one in found.invitations
    ]
    print_rows(found, ("for one", "invited by", "until", "id"), rows, as_json=as_json)
