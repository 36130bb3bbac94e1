"""`manciple doctor`: is everything that is kept well?"""

import typer

from manciple.cli.inside import in_house, settings_of
from manciple.cli.output import JsonOption, print_rows
from manciple.grocery.actions.index_products import IndexCheck
from manciple.grocery.stores.checkup import revisions, tables
from manciple.migrations.head import HEAD
from manciple.platform.db.checkup import Finding, Verdict, examine_database
from manciple.services.house import House

_ILL = 1
_PART = "search index"


def doctor(ctx: typer.Context, *, as_json: JsonOption = False) -> None:
    """Examine the database and the search index; exits with 1 if something failed.

    The database is not changed. The index is looked at only where the database is well.
    """
    findings = examine_database(
        settings_of(ctx).database.path, head=HEAD, looks=(revisions, tables)
    )
    if all(finding.verdict is Verdict.OK or finding.part == "disk" for finding in findings):
        findings.append(_index(ctx))
    rows = [(each.part, each.verdict, each.detail, each.advice) for each in findings]
    print_rows(findings, ("part", "verdict", "detail", "advice"), rows, as_json=as_json)
    if any(finding.verdict is Verdict.FAILED for finding in findings):
        raise typer.Exit(_ILL)


def _index(ctx: typer.Context) -> Finding:
    async def work(house: House) -> IndexCheck:
        return await house.index.check()

    found = in_house(ctx, work)
    if found.agrees:
        detail = f"agrees with the database: {found.indexed} products"
        return Finding(part=_PART, verdict=Verdict.OK, detail=detail)
    detail = (
        f"holds {found.indexed} of {found.products} products, revision {found.index_revision} "
        f"of {found.database_revision}"
    )
    if found.index_revision < found.database_revision:
        # Behind is no fault: it follows when somebody searches, and a crash leaves it so.
        advice = "the next search catches up"
        return Finding(part=_PART, verdict=Verdict.WARNING, detail=detail, advice=advice)
    advice = "`manciple index rebuild` makes it anew"
    return Finding(part=_PART, verdict=Verdict.FAILED, detail=detail, advice=advice)
