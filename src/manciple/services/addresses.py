"""Where an open house is reached, and what lets its first owner in."""

from collections.abc import Mapping
from dataclasses import dataclass

from manciple.services.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where an open house is reached; `ports` are those of the services here, by name."""

    api: str
    websocket: str
    ports: Mapping[str, int]
    setup_code: str | None = None
    """What makes somebody the owner of a house in which nobody is registered yet."""
    is_open_house: bool = True
    """Whether such a house lets programs of its own machine in without sign-in."""

    @classmethod
    def of(
        cls, settings: Settings, *, ports: Mapping[str, int], setup_code: str | None
    ) -> "Addresses":
        """Those of a house at the ports of its settings, which are the real ones."""
        scheme = "wss" if settings.api.tls_certificate else "ws"
        return cls(
            api=settings.base_url,
            websocket=f"{scheme}://localhost:{settings.websocket.port}",
            ports=ports,
            setup_code=setup_code,
            is_open_house=settings.security.open_house != "off",
        )
