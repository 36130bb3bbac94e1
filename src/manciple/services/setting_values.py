"""One value of a setting: read out of what a source gives, and fit to be shown."""

import re
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import msgspec

from manciple.services.setting_kinds import Secret

_TRUTH = {"1": True, "true": True, "yes": True, "on": True}
_TRUTH |= {"0": False, "false": False, "no": False, "off": False}
_NOTHING = frozenset({"none", "off"})
# A name and a password before the host of an address.
_CREDENTIALS = re.compile(r"(?<=://)[^/?#\s]*@")


def convert(raw: Any, kind: Any) -> Any:
    """`raw` as a value of the setting's type; text is read leniently ("yes", "a, b").

    Raises:
        msgspec.ValidationError: it is no such value.
    """
    if isinstance(raw, str) and kind is bool:
        raw = _TRUTH.get(raw.strip().lower(), raw)
    elif isinstance(raw, str) and kind == tuple[str, ...]:
        raw = [part.strip() for part in raw.split(",") if part.strip()]
    elif isinstance(raw, str) and raw.strip().lower() in _NOTHING and type(None) in get_args(kind):
        return None
    return msgspec.convert(raw, kind, strict=not isinstance(raw, str), dec_hook=_decode)


def expected(kind: Any, error: msgspec.ValidationError) -> str:
    """What a value of the type should have been, for people."""
    if get_origin(kind) is Literal:
        return " or ".join(get_args(kind))
    said = re.search(r"Expected `?(.+?)`?(, got|$| - at)", str(error))
    return said[1].replace("`", "") if said else "another value"


def masked(value: Any, *, is_secret: bool) -> Any:
    """The value as it may be printed: no secret, and no password in an address."""
    if is_secret and value is not None:
        return "…"
    return _CREDENTIALS.sub("…@", str(value)) if isinstance(value, str | Path) else value


def _decode(kind: type, raw: Any) -> Any:
    if kind in {Path, Secret} and isinstance(raw, str) and raw:
        return kind(raw)
    raise msgspec.ValidationError("Expected some text")
