"""`manciple webhook`: events sent to programs of yours."""

from typing import Annotated

import typer

from manciple.api import webhooks as ask
from manciple.api.shapes_webhooks import (
    DeliveriesInput,
    DeliveryInput,
    NewWebhookInput,
    WebhookChanges,
    WebhookInput,
    WebhookShape,
)
from manciple.cli.asking import in_context
from manciple.cli.output import JsonOption, counted, print_json, print_line, print_rows

webhook = typer.Typer(no_args_is_help=True, help="Send events to programs of yours.")

Id = Annotated[str, typer.Argument(metavar="WEBHOOK", help="A webhook's id.")]
OnOption = Annotated[
    list[str] | None,
    typer.Option("--on", metavar="CHANNEL", help="A topic or pattern; repeat for several."),
]


@webhook.command("add")
def add(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="Where to send them.")],
    *,
    on: OnOption = None,
    description: Annotated[str, typer.Option(help="What it is for.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Send events to an address; prints the secret that signs them, once."""
    wanted = NewWebhookInput(url=url, channels=on or ["*"], description=description)
    made = in_context(ctx, lambda context: ask.create(context, wanted))
    if as_json:
        print_json(made)
    else:
        typer.echo(f"webhook {made.webhook.webhook_id}: {', '.join(made.webhook.channels)}")
        typer.echo(f"secret  {made.secret}")


@webhook.command("list")
def show(ctx: typer.Context, *, as_json: JsonOption = False) -> None:
    """Your webhooks, and how each does."""
    found = in_context(ctx, ask.all_of_them)
    rows = [
        (one.webhook_id, one.url, ", ".join(one.channels), _condition(one))
        for one in found.webhooks
    ]
    print_rows(found, ("id", "address", "channels", "state"), rows, as_json=as_json)


@webhook.command("deliveries")
def deliveries(
    ctx: typer.Context,
    which: Id,
    *,
    limit: Annotated[int, typer.Option(min=1, max=100, help="At most so many.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """What was sent, newest first."""
    wanted = DeliveriesInput(webhook_id=which, limit=limit)
    found = in_context(ctx, lambda context: ask.deliveries(context, wanted))
    rows = [
        (
            one.delivery_id,
            f"{one.last_attempt_at or one.created_at:%Y-%m-%d %H:%M:%S}",
            one.topic,
            one.state.value,
            one.attempts,
            one.problem or one.status,
        )
        for one in found.deliveries
    ]
    print_rows(found, ("#", "when", "event", "state", "attempts", "answer"), rows, as_json=as_json)


@webhook.command("redeliver")
def redeliver(
    ctx: typer.Context,
    which: Annotated[int, typer.Argument(metavar="DELIVERY", help="Its # in `deliveries`.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Send a message once more, while `manciple serve` runs."""
    wanted = DeliveryInput(delivery_id=which)
    found = in_context(ctx, lambda context: ask.redeliver(context, wanted))
    print_line(found, f"{found.topic} ({found.message_id}) is sent again", as_json=as_json)


@webhook.command("test")
def try_out(ctx: typer.Context, which: Id, *, as_json: JsonOption = False) -> None:
    """Send a test now and say what came back."""
    found = in_context(ctx, lambda context: ask.test(context, WebhookInput(webhook_id=which)))
    said = "taken" if found.success else "not taken"
    line = f"{said}: {found.problem or found.status} ({found.took_ms} ms) {found.answer}"
    print_line(found, line, as_json=as_json)
    if not found.success:
        raise typer.Exit(1)


@webhook.command("rotate")
def rotate(ctx: typer.Context, which: Id, *, as_json: JsonOption = False) -> None:
    """Make a new secret; the old one signs too for a day."""
    wanted = WebhookInput(webhook_id=which)
    made = in_context(ctx, lambda context: ask.rotate_secret(context, wanted))
    if as_json:
        print_json(made)
    else:
        typer.echo(f"secret  {made.secret}")
        typer.echo(f"the old one signs too until {made.webhook.old_secret_until:%Y-%m-%d %H:%M}Z")


@webhook.command("enable")
def enable(ctx: typer.Context, which: Id, *, as_json: JsonOption = False) -> None:
    """Go on where it stopped, in order."""
    _set(ctx, which, is_enabled=True, as_json=as_json)


@webhook.command("disable")
def disable(ctx: typer.Context, which: Id, *, as_json: JsonOption = False) -> None:
    """Send nothing until it is enabled again."""
    _set(ctx, which, is_enabled=False, as_json=as_json)


@webhook.command("skip")
def skip(ctx: typer.Context, which: Id, *, as_json: JsonOption = False) -> None:
    """Give up the message that is not taken, so that the next ones follow."""
    wanted = WebhookInput(webhook_id=which)
    found = in_context(ctx, lambda context: ask.skip(context, wanted))
    print_line(found, f"{found.url}: skipped", as_json=as_json)


@webhook.command("remove")
def remove(ctx: typer.Context, which: Id, *, as_json: JsonOption = False) -> None:
    """Send nothing there any more, and forget the log."""
    wanted = WebhookInput(webhook_id=which)
    found = in_context(ctx, lambda context: ask.remove(context, wanted))
    print_line(found, f"removed {which}", as_json=as_json)


def _set(ctx: typer.Context, which: str, *, is_enabled: bool, as_json: bool) -> None:
    wanted = WebhookChanges(webhook_id=which, is_enabled=is_enabled)
    found = in_context(ctx, lambda context: ask.update(context, wanted))
    print_line(found, f"{found.url}: {_condition(found)}", as_json=as_json)


def _condition(one: WebhookShape) -> str:
    if not one.is_enabled:
        return f"disabled: {one.disabled_reason}"
    if one.failing_since is not None:
        return (
            f"failing since {one.failing_since:%Y-%m-%d %H:%M}, {counted(one.attempts, 'attempt')}"
        )
    return "fine"
