"""`manciple notify`: be told outside the house."""

from typing import Annotated

import typer

from manciple.api import notifications as ask
from manciple.api.shapes_notifications import NewTargetInput, QuietHoursShape, TargetInput
from manciple.cli.asking import in_context
from manciple.cli.output import JsonOption, print_json, print_line, print_table
from manciple.grocery.domain.notices import NoticeKind

notify = typer.Typer(no_args_is_help=True, help="Be told of prices, stock, lists and budgets.")

Id = Annotated[str, typer.Argument(metavar="TARGET", help="A target's id.")]


@notify.command("add")
def add(
    ctx: typer.Context,
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL",
            envvar="MANCIPLE_NOTIFY_URL",
            help="An address of Apprise. Given by the variable, it stays out of your history.",
        ),
    ],
    *,
    name: Annotated[str | None, typer.Option(help="What to call it.")] = None,
    kind: Annotated[
        list[NoticeKind] | None, typer.Option(help="What to tell; left out: everything.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Be told there from now on, while `manciple serve` runs."""
    wanted = NewTargetInput(url=url, name=name, kinds=kind or None)
    made = in_context(ctx, lambda context: ask.add_target(context, wanted))
    print_line(made, f"{made.target_id}: {made.name} ({made.url})", as_json=as_json)


@notify.command("list")
def show(ctx: typer.Context, *, as_json: JsonOption = False) -> None:
    """Where and when you are told."""
    found = in_context(ctx, ask.all_of_them)
    if as_json:
        print_json(found)
        return
    rows = [
        (
            one.target_id,
            one.name,
            one.url,
            ", ".join(kind.value for kind in one.kinds),
            one.last_problem or (f"{one.last_told_at:%Y-%m-%d %H:%M}" if one.last_told_at else ""),
        )
        for one in found.targets
    ]
    print_table(("id", "name", "service", "told of", "last"), rows)
    hours = found.quiet_hours
    if hours.from_time != hours.until_time:
        typer.echo(_quiet_line(hours))


@notify.command("test")
def try_out(ctx: typer.Context, which: Id, *, as_json: JsonOption = False) -> None:
    """Send a message now and say whether it was taken."""
    found = in_context(ctx, lambda context: ask.test(context, TargetInput(target_id=which)))
    print_line(found, found.problem or "taken", as_json=as_json)
    if not found.success:
        raise typer.Exit(1)


@notify.command("quiet")
def quiet(
    ctx: typer.Context,
    from_time: Annotated[str, typer.Argument(metavar="FROM", help="Such as 22:00.")],
    until_time: Annotated[str, typer.Argument(metavar="UNTIL", help="Such as 07:00.")],
    zone: Annotated[str, typer.Argument(metavar="ZONE", help="Such as America/Chicago.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Not to be told in these hours; what happens then comes after. The same time twice: never."""
    wanted = QuietHoursShape(time_zone=zone, from_time=from_time, until_time=until_time)
    hours = in_context(ctx, lambda context: ask.set_quiet_hours(context, wanted))
    print_line(hours, _quiet_line(hours), as_json=as_json)


@notify.command("remove")
def remove(ctx: typer.Context, which: Id, *, as_json: JsonOption = False) -> None:
    """Be told there no more."""
    wanted = TargetInput(target_id=which)
    found = in_context(ctx, lambda context: ask.remove_target(context, wanted))
    print_line(found, f"removed {which}", as_json=as_json)


def _quiet_line(hours: QuietHoursShape) -> str:
    return f"quiet from {hours.from_time} to {hours.until_time}, {hours.time_zone}"
