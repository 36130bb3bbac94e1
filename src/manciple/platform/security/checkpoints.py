"""A note of the newest audit entry outside of the database, sealed with a key of the house.

The chain itself cannot tell that its end was cut off, or that somebody wrote all of it anew; a
note that was made before can.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

import msgspec

_OWNER_ONLY = 0o600


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """The number and the hash of an entry, with the seal of the house over both."""

    seq: int
    hash: str
    seal: str


class Checkpoints:
    """The note in the file `path`; the first of `keys` seals, and seals of any are believed."""

    def __init__(self, path: Path, keys: Sequence[bytes]) -> None:
        self._path = path
        self._keys = keys

    def kept(self) -> Checkpoint | None:
        """The note; None where none was made yet.

        Raises:
            ValueError: the file holds no note that this house sealed.
        """
        try:
            found = msgspec.json.decode(self._path.read_bytes(), type=Checkpoint)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError) as error:
            message = f"{self._path} cannot be read: {error}"
            raise ValueError(message) from error
        seals = [_seal(key, seq=found.seq, entry_hash=found.hash) for key in self._keys]
        if not any(hmac.compare_digest(found.seal.encode(), seal.encode()) for seal in seals):
            message = f"{self._path} was not written by this house"
            raise ValueError(message)
        return found

    def keep(self, seq: int, entry_hash: str) -> None:
        """Notes an entry in place of the one before, all at once."""
        seal = _seal(self._keys[0], seq=seq, entry_hash=entry_hash)
        body = msgspec.json.encode(Checkpoint(seq=seq, hash=entry_hash, seal=seal))
        beside = self._path.with_name(f"{self._path.name}-{secrets.token_hex(8)}")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        beside.replace(self._path)


def _seal(key: bytes, *, seq: int, entry_hash: str) -> str:
    return hmac.new(key, f"{seq}\n{entry_hash}".encode(), hashlib.sha256).hexdigest()
