"""`manciple doctor`: is everything that is kept well?"""

import typer

from manciple.cli.inside import settings_of
from manciple.cli.output import JsonOption, print_json, print_table
from manciple.grocery.stores.checkup import revisions
from manciple.migrations.head import HEAD
from manciple.platform.db.checkup import Verdict, examine_database

_ILL = 1


def doctor(ctx: typer.Context, *, as_json: JsonOption = False) -> None:
    """Examine the database without changing it; exits with 1 if something failed."""
    findings = examine_database(settings_of(ctx).database.path, head=HEAD, looks=(revisions,))
    if as_json:
        print_json(findings)
    else:
        rows = [
            (
                finding.part,
                finding.verdict,
                finding.detail,
                finding.advice,
            )
            for finding in findings
        ]
        print_table(("part", "verdict", "detail", "advice"), rows)
    if any(finding.verdict is Verdict.FAILED for finding in findings):
        raise typer.Exit(_ILL)
