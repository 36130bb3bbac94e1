"""Where people find a mesh, told without opening its house."""

from collections.abc import Mapping

import msgspec

from manciple.grocery.stores.identities import Identities
from manciple.kit.clock import SystemClock
from manciple.platform.db.sqlite import open_sqlite
from manciple.services.addresses import Addresses
from manciple.services.key_file import key_ring, setup_code
from manciple.services.mesh import SECTIONS
from manciple.services.settings import Settings


def mesh_front(settings: Settings, ports: Mapping[str, int]) -> Addresses:
    """The addresses of a mesh whose services listen at these ports.

    Raises:
        Refused: the signing key cannot be had.
        Unavailable: the database cannot be read.
    """
    for service, port in ports.items():
        section = msgspec.structs.replace(getattr(settings, SECTIONS[service]), port=port)
        settings = msgspec.structs.replace(settings, **{SECTIONS[service]: section})
    return Addresses.of(settings, ports=ports, setup_code=_setup_code(settings))


def _setup_code(settings: Settings) -> str | None:
    """The code of a house in which nobody is registered yet."""
    database = open_sqlite(settings.database.path, readers=1)
    try:
        now = SystemClock().now()
        is_new = database.read_here(lambda connection: Identities(connection, now).is_empty())
    finally:
        database.close_here()
    if not is_new:
        return None
    keys = key_ring(settings.database.path, given=settings.security.signing_key)
    return setup_code(keys)
