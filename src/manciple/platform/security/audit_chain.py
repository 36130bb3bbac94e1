"""The chain of the audit trail: each entry's hash covers the one before. Pure.

Whoever changes, removes or inserts an entry breaks every hash after it. That the end is cut off,
or all of it rewritten, shows in the notes of `checkpoints`.
"""

import hashlib
from collections.abc import Iterable

import msgspec

START = "0" * 64


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Who did what to which object, from where, and how it ended."""

    seq: int
    at: str
    actor: str
    address: str
    action: str
    object_id: str
    outcome: str
    details: str
    previous: str
    hash: str = ""


def sealed(entry: Entry) -> Entry:
    """The entry with its hash."""
    return msgspec.structs.replace(entry, hash=_hash(entry))


def first_broken(entries: Iterable[Entry], *, start: str = START) -> int | None:
    """The number of the first entry that does not follow from the one before; None if all do."""
    previous, expected = start, None
    for entry in entries:
        is_next = expected is None or entry.seq == expected
        if not is_next or entry.previous != previous or entry.hash != _hash(entry):
            return entry.seq
        previous, expected = entry.hash, entry.seq + 1
    return None


def _hash(entry: Entry) -> str:
    body = msgspec.json.encode(msgspec.structs.replace(entry, hash=""))
    return hashlib.sha256(body).hexdigest()
