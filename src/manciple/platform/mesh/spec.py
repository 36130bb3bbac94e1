"""What a service is, said once: its door, how much it bears, how it is scaled and watched."""

from dataclasses import dataclass
from enum import StrEnum


class Strategy(StrEnum):
    """How calls are spread over a service's instances."""

    ROUND_ROBIN = "round_robin"
    WEIGHTED_ROUND_ROBIN = "weighted_round_robin"
    LEAST_CONNECTIONS = "least_connections"
    LEAST_RESPONSE_TIME = "least_response_time"


class Speech(StrEnum):
    """What is spoken at a service's port."""

    HTTP = "http"
    WS = "ws"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling:
    """How many instances there may be, and whether load decides."""

    min_instances: int = 1
    max_instances: int = 1
    auto_scale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSpec:
    """One service. `capacity` is calls (or sockets) that one instance bears at once.

    `priority` is the order of deployment, 1 first; it starts once each service it `needs` is
    ready. `weight` counts in weighted round robin.
    """

    name: str
    port: int
    priority: int
    purpose: str
    speech: Speech = Speech.HTTP
    capacity: int = 100
    weight: int = 1
    strategy: Strategy = Strategy.ROUND_ROBIN
    scaling: Scaling = Scaling()
    health_path: str = "/health"
    health_every_s: float = 30.0
    needs: tuple[str, ...] = ()
