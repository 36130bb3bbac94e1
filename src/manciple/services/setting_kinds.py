"""What settings are made of: rooms, and values with their units and bounds."""

from typing import Annotated

import msgspec

Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]
Seconds = Annotated[float, msgspec.Meta(ge=0)]
Count = Annotated[int, msgspec.Meta(ge=1)]
Bytes = Annotated[int, msgspec.Meta(ge=1)]


class Secret(str):
    """A value that is never printed, logged or kept in a repr."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret(…)"

    def __format__(self, _spec: str) -> str:
        return "…"


class Room(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every group of settings derives from."""
