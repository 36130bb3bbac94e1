"""Looks at what the grocery tables mean; for `manciple doctor`."""

import sqlite3

from manciple.grocery.stores.opening import declared
from manciple.migrations.head import HEAD
from manciple.platform.db.checkup import Finding, Verdict


def revisions(connection: sqlite3.Connection) -> Finding:
    """Whether the counter of changes is not behind the changes: the search index trusts it."""
    try:
        given, used = connection.execute(
            "SELECT coalesce((SELECT value FROM counters WHERE name = 'products'), 0),"
            " coalesce((SELECT max(revision) FROM walmart_products), 0)"
        ).fetchone()
    except sqlite3.OperationalError as error:
        return Finding(part="revisions", verdict=Verdict.FAILED, detail=str(error))
    if given < used:
        detail = f"the counter stands at {given}, behind the last change {used}"
        return Finding(part="revisions", verdict=Verdict.FAILED, detail=detail)
    detail = f"the last change of a product is {used}"
    return Finding(part="revisions", verdict=Verdict.OK, detail=detail)


def tables(connection: sqlite3.Connection) -> Finding:
    """Whether every table and column of the schema is there; an older schema has them to come."""
    try:
        (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except (sqlite3.OperationalError, TypeError):
        version = None
    if version not in {HEAD, None}:
        detail = "not looked at before the next start migrates them"
        return Finding(part="tables", verdict=Verdict.OK, detail=detail)
    columns = connection.execute(
        "SELECT main.name, part.name FROM sqlite_master main, pragma_table_info(main.name) part"
    ).fetchall()
    wanted = declared().tables.values()
    missing = sorted({(table.name, one.name) for table in wanted for one in table.c} - {*columns})
    if not missing:
        detail = f"all {len(wanted)} are there, with their columns"
        return Finding(part="tables", verdict=Verdict.OK, detail=detail)
    found = {table for table, _ in columns}
    names = dict.fromkeys(t if t not in found else f"{t}.{column}" for t, column in missing)
    return Finding(
        part="tables",
        verdict=Verdict.FAILED,
        detail=f"missing: {', '.join(names)}",
        advice="restore it from a backup",
    )
