"""`manciple user`: who may sign in. Passwords are asked for, never given as arguments."""

import sys
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer

from manciple.cli.inside import in_house, settings_of
from manciple.cli.output import JsonOption, print_line, print_rows
from manciple.grocery.actions.register import MEMBER_GRANTS, OWNER_GRANTS, NewPerson
from manciple.grocery.domain.people import Identity
from manciple.platform.rpc.procedure import Caller
from manciple.platform.security.visits import Visit
from manciple.services.house import House
from manciple.services.key_file import turn_keys

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The address to sign in with.")]

user = typer.Typer(no_args_is_help=True, help="Say who may sign in.")


@user.command("add")
def add(
    ctx: typer.Context,
    email: Email,
    *,
    name: Annotated[str, typer.Option(help="What to call this person.")] = "",
    admin: Annotated[bool, typer.Option("--admin", help="May see and end everything.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Register somebody; the first person owns the house, and sign-in is needed from then on.

    The password is asked for twice, or read from standard input where that is no terminal.
    """
    person = NewPerson(email=email, password=_password(), display_name=name or email)

    async def work(house: House, visit: Visit) -> Identity:
        is_owner = admin or not house.security.guard.has_people
        grants = OWNER_GRANTS if is_owner else MEMBER_GRANTS
        return await house.register.add(person, grants=grants, by=visit)

    added = _by_terminal(ctx, work)
    line = f"{added.email} can sign in now, with: {', '.join(added.grants)}"
    print_line(_shown(added), line, as_json=as_json)


@user.command("list")
def everybody(ctx: typer.Context, *, as_json: JsonOption = False) -> None:
    """Everybody who can sign in."""

    async def work(house: House) -> list[Identity]:
        return list(await house.stores.read(lambda tx: tx.identities.all()))

    found = [_shown(each) for each in in_house(ctx, work)]
    rows = [tuple(each.values()) for each in found]
    print_rows(found, ("email", "name", "grants", "state"), rows, as_json=as_json)


@user.command("password")
def set_password(ctx: typer.Context, email: Email, *, as_json: JsonOption = False) -> None:
    """Give somebody who lost their password another one; their sessions end.

    It is asked for twice, or read from standard input where that is no terminal.
    """
    password = _password()
    person = _by_terminal(ctx, lambda house, by: house.people.set_password(email, password, by=by))
    line = f"{person.email} signs in with the new password; every session is ended"
    print_line(_shown(person), line, as_json=as_json)


@user.command("disable")
def disable(ctx: typer.Context, email: Email, *, as_json: JsonOption = False) -> None:
    """Let somebody in no more; their sessions and tokens end, what is theirs stays."""
    person = _by_terminal(ctx, lambda house, by: house.people.shut_out(email, by=by))
    print_line(_shown(person), f"{person.email} cannot sign in any more", as_json=as_json)


@user.command("enable")
def enable(ctx: typer.Context, email: Email, *, as_json: JsonOption = False) -> None:
    """Let somebody in again who was disabled."""
    person = _by_terminal(ctx, lambda house, by: house.people.let_in(email, by=by))
    print_line(_shown(person), f"{person.email} can sign in again", as_json=as_json)


@user.command("turn-keys")
def turn(ctx: typer.Context, *, as_json: JsonOption = False) -> None:
    """Sign new tokens with a new key; those of the key before are good until they run out.

    Running servers take the new key when they start again.
    """
    key = turn_keys(settings_of(ctx).database.path)
    print_line({"key": key}, f"new tokens are signed with key {key}", as_json=as_json)


def _by_terminal(
    ctx: typer.Context, work: Callable[[House, Visit], Awaitable[Identity]]
) -> Identity:
    async def through(house: House) -> Identity:
        return await work(house, await house.security.visit_of(Caller(door="cli")))

    return in_house(ctx, through)


def _shown(person: Identity) -> dict[str, str | None]:
    return {
        "email": person.email,
        "name": person.display_name,
        "grants": " ".join(person.grants),
        "state": "" if person.disabled_at is None else "disabled",
    }


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    given: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return given
