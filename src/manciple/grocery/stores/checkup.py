"""Looks at what the grocery tables mean; for `manciple doctor`."""

import sqlite3

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
