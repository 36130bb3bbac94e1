"""Examines a SQLite database without changing it: what is well and what is not."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from enum import StrEnum
from pathlib import Path

import msgspec

# Room for the log and a copy of a database of some size.
_LEAST_FREE_BYTES = 256 * 1024 * 1024


class Verdict(StrEnum):
    """How one part is."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a look at one part found, and what can be done about it."""

    part: str
    verdict: Verdict
    detail: str
    advice: str | None = None


def examine_database(
    path: Path, *, head: str, looks: Sequence[Callable[[sqlite3.Connection], Finding]] = ()
) -> list[Finding]:
    """Every finding about the database file; `head` is the schema that the program expects.

    `looks` are further ones at what the tables mean, over a connection that cannot write.
    """
    if not path.is_file():
        return [
            _found(
                "database",
                Verdict.FAILED,
                f"{path} is not there",
                "it is made at the first start of `manciple serve`",
            )
        ]
    findings = [*_permissions(path), _disk(path)]
    try:
        # Read-only: a look never migrates, checkpoints or repairs.
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            findings += _inside(connection, head)
            findings += [look(connection) for look in looks]
    except sqlite3.Error as error:
        findings.append(
            _found(
                "database", Verdict.FAILED, f"cannot be read: {error}", "restore it from a backup"
            )
        )
    return findings


def _inside(connection: sqlite3.Connection, head: str) -> Iterator[Finding]:
    verdict = [row[0] for row in connection.execute("PRAGMA integrity_check(20)")]
    is_whole = verdict == ["ok"]
    yield _found(
        "integrity",
        Verdict.OK if is_whole else Verdict.FAILED,
        "every page and index is whole" if is_whole else "; ".join(verdict),
        None if is_whole else "restore it from a backup",
    )
    orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    yield _found(
        "foreign keys",
        Verdict.FAILED if orphans else Verdict.OK,
        f"{len(orphans)} rows point to nothing" if orphans else "every row points to a row",
    )
    yield _schema(connection, head)
    mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    is_wal = mode == "wal"
    yield _found(
        "journal",
        Verdict.OK if is_wal else Verdict.WARNING,
        f"mode {mode}",
        None if is_wal else "the next start sets it to wal",
    )


def _schema(connection: sqlite3.Connection, head: str) -> Finding:
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError:
        row = None
    version = row[0] if row else None
    if version == head:
        return _found("schema", Verdict.OK, f"version {version}, the newest")
    if version is not None and version > head:
        return _found(
            "schema", Verdict.FAILED, f"version {version} is newer than {head}", "update manciple"
        )
    return _found(
        "schema", Verdict.WARNING, f"version {version}, not {head}", "the next start migrates it"
    )


def _permissions(path: Path) -> Iterator[Finding]:
    is_usable = os.access(path, os.R_OK | os.W_OK) and os.access(path.parent, os.W_OK)
    yield _found(
        "permissions",
        Verdict.OK if is_usable else Verdict.FAILED,
        "file and folder can be written" if is_usable else f"{path} or its folder is read-only",
    )
    mode = path.stat().st_mode
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        yield _found(
            "privacy",
            Verdict.WARNING,
            f"others may write the file ({stat.filemode(mode)})",
            f"chmod 600 {path}",
        )


def _disk(path: Path) -> Finding:
    free = shutil.disk_usage(path.parent).free
    needed = max(_LEAST_FREE_BYTES, path.stat().st_size)
    return _found(
        "disk",
        Verdict.OK if free >= needed else Verdict.WARNING,
        f"{free // 2**20:,} MiB free",
        None if free >= needed else f"keep {needed // 2**20:,} MiB free for the log and backups",
    )


def _found(part: str, verdict: Verdict, detail: str, advice: str | None = None) -> Finding:
    return Finding(part=part, verdict=verdict, detail=detail, advice=advice)
