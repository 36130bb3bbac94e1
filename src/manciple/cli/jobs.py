"""`manciple jobs`: work that failed for good."""

from typing import Annotated

import typer

from manciple.api import jobs as ask
from manciple.cli.asking import in_context
from manciple.cli.output import JsonOption, print_line, print_rows

jobs = typer.Typer(no_args_is_help=True, help="Show work that failed for good, and try it again.")


@jobs.command("dead")
def dead(
    ctx: typer.Context,
    *,
    queue: Annotated[str | None, typer.Option(help="Only of this queue.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many, newest first.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """What failed too often, and why."""
    wanted = ask.DeadInput(queue=queue, limit=limit)
    found = in_context(ctx, lambda context: ask.dead(context, wanted))
    rows = [
        (one.job_id, one.queue, one.kind, one.tenant, one.attempt, one.ended_at, one.error)
        for one in found.jobs
    ]
    columns = ("job", "queue", "kind", "for", "attempts", "ended", "error")
    print_rows(found, columns, rows, as_json=as_json)


@jobs.command("replay")
def replay(
    ctx: typer.Context,
    job: Annotated[int, typer.Argument(min=1, help="The number that `jobs dead` shows.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Let a job wait again with all its attempts; what serves the house takes it."""
    found = in_context(ctx, lambda context: ask.replay(context, ask.ReplayInput(job_id=job)))
    print_line(found, f"job {found.job_id} waits in {found.queue} again", as_json=as_json)
