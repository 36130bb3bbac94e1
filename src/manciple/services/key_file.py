"""The keys that sign tokens: made at first start, kept beside the database for its owner only."""

import os
from pathlib import Path

import msgspec
import structlog

from manciple.kit.errors import Refused
from manciple.platform.security.tokens import KEY_BYTES, KeyRing, SigningKey, new_key

# The newest signs; the one before still verifies, until the last token it signed has run out.
_KEPT = 2
_OWNER_ONLY = 0o600

_log = structlog.get_logger(__name__)


class _Kept(msgspec.Struct, frozen=True):
    kid: str
    secret: bytes


def key_path(database: Path) -> Path:
    """Where the keys of a house are."""
    return database.with_suffix(".keys")


def key_ring(database: Path, *, given: str | None) -> KeyRing:
    """The keys of a house: the secret that its owner gave, or those of the file, made if missing.

    Raises:
        Refused: the secret is too short, or the file cannot be read.
    """
    if given is not None:
        return KeyRing([_from_text(given)])
    path = key_path(database)
    return KeyRing(_read(path) if path.exists() else _make(path))


def setup_code(keys: KeyRing) -> str:
    """What the terminal tells, so that whoever reads it may become the owner of a new house."""
    return keys.derived("setup").hex()[:32]


def turn_keys(database: Path) -> str:
    """Puts a new key first; its id. Tokens of the key before are good until they run out.

    Raises:
        Refused: the file cannot be read.
    """
    path = key_path(database)
    before = _read(path) if path.exists() else []
    keys = [new_key(), *before][:_KEPT]
    beside = path.with_suffix(".keys-new")
    _write(beside, keys)
    beside.replace(path)
    return keys[0].kid


def _make(path: Path) -> list[SigningKey]:
    keys = [new_key()]
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".keys-{keys[0].kid}")
    _write(beside, keys)
    try:
        # Of processes that start together one is first, and all take its keys.
        os.link(beside, path)
    except FileExistsError:
        return _read(path)
    finally:
        beside.unlink()
    return keys


def _write(path: Path, keys: list[SigningKey]) -> None:
    body = msgspec.json.encode([_Kept(key.kid, key.secret) for key in keys])
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(handle, "wb") as file:
        file.write(body)


def _read(path: Path) -> list[SigningKey]:
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            _log.warning("security.keys.were_readable_by_others", path=str(path))
            path.chmod(_OWNER_ONLY)
        kept = msgspec.json.decode(path.read_bytes(), type=list[_Kept])
        keys = [SigningKey(each.kid, each.secret) for each in kept]
        KeyRing(keys)
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise Refused(f"the keys in {path} cannot be read: {error}") from error
    return keys


def _from_text(text: str) -> SigningKey:
    secret = text.encode()
    if len(secret) < KEY_BYTES:
        raise Refused(f"MANCIPLE_SECURITY_SIGNING_KEY must have at least {KEY_BYTES} characters")
    return SigningKey(kid="given", secret=secret)
