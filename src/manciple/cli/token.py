"""`manciple token`: lets programs of yours in, with no more rights than you give them."""

from typing import Annotated

import typer

from manciple.api import auth as ask
from manciple.api.shapes_auth import CreateTokenInput, GrantName, RevokeTokenInput, TokensPage
from manciple.cli.asking import in_context
from manciple.cli.output import JsonOption, print_json, print_rows

token = typer.Typer(no_args_is_help=True, help="Let programs of yours in.")


@token.command("create")
def create(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="Which program it is for.")],
    *,
    write: Annotated[bool, typer.Option("--write", help="May change, not only read.")] = False,
    admin: Annotated[bool, typer.Option("--admin", help="May see and end everything.")] = False,
    days: Annotated[
        int | None, typer.Option(min=1, help="How long it lives; left out: until revoked.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a token; its secret is printed this once."""
    given: dict[GrantName, bool] = {"read": True, "write": write, "admin": admin}
    grants = tuple(grant for grant, is_given in given.items() if is_given)
    wanted = CreateTokenInput(name=name, grants=grants, expires_in_days=days)
    made = in_context(ctx, lambda context: ask.create_token(context, wanted))
    if as_json:
        print_json(made)
        return
    typer.echo(f"token   {made.token.token_id}: {', '.join(made.token.grants)}")
    typer.echo(f"secret  {made.secret}")


@token.command("list")
def show(ctx: typer.Context, *, as_json: JsonOption = False) -> None:
    """Your tokens, newest first."""
    _print(in_context(ctx, ask.list_tokens), as_json=as_json)


@token.command("revoke")
def revoke(
    ctx: typer.Context,
    which: Annotated[str, typer.Argument(metavar="TOKEN", help="A token's id.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """End a token; what it opened closes."""
    wanted = RevokeTokenInput(token_id=which)
    found = in_context(ctx, lambda context: ask.revoke_token(context, wanted))
    _print(found, as_json=as_json)


def _print(found: TokensPage, *, as_json: bool) -> None:
    rows = [
        (
            one.name,
            " ".join(one.grants),
            f"{one.last_used_at:%Y-%m-%d %H:%M}" if one.last_used_at else "never",
            f"{one.expires_at:%Y-%m-%d}" if one.expires_at else "never",
            one.token_id,
        )
        for one in found.tokens
    ]
    print_rows(found, ("token", "may", "last used", "ends", "id"), rows, as_json=as_json)
