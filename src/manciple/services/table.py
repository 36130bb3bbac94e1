"""The six services: everything that runs, in the order in which it is deployed.

The values are the specification's; where it is silent the defaults of `ServiceSpec` stand.
"""

from manciple.kit.errors import NotFound
from manciple.platform.mesh.spec import Scaling, ServiceSpec, Speech, Strategy

# It makes the database and fills it; whoever comes before that would find nothing.
_FIRST = "walmart-api-server"
# Where the specification names no limits but scales by hand, as it does with pricing.
_BY_HAND = Scaling(min_instances=1, max_instances=3)

SERVICES: tuple[ServiceSpec, ...] = (
    ServiceSpec(
        name=_FIRST,
        port=3000,
        priority=1,
        purpose="Main entry point",
        strategy=Strategy.LEAST_CONNECTIONS,
        scaling=Scaling(min_instances=1, max_instances=3, auto_scale=True),
    ),
    ServiceSpec(
        name="walmart-websocket",
        port=8080,
        priority=2,
        purpose="Real-time communication",
        needs=(_FIRST,),
        scaling=_BY_HAND,
        speech=Speech.WS,
        capacity=500,
    ),
    ServiceSpec(
        name="walmart-pricing",
        port=3007,
        priority=3,
        purpose="Price comparison and updates",
        needs=(_FIRST,),
        scaling=_BY_HAND,
        capacity=150,
        weight=2,
    ),
    ServiceSpec(
        name="walmart-nlp-queue",
        port=3008,
        priority=4,
        purpose="Natural language processing",
        needs=(_FIRST,),
        scaling=_BY_HAND,
        strategy=Strategy.LEAST_RESPONSE_TIME,
    ),
    ServiceSpec(
        name="walmart-cache-warmer",
        port=3006,
        priority=5,
        purpose="Proactive cache management",
        needs=(_FIRST,),
        scaling=Scaling(min_instances=1, max_instances=1, auto_scale=False),
    ),
    ServiceSpec(
        name="walmart-memory-monitor",
        port=3009,
        priority=6,
        purpose="System resource monitoring",
        needs=(_FIRST,),
        health_every_s=5.0,
    ),
)


def spec_of(name: str) -> ServiceSpec:
    """What is said of the service of that name.

    Raises:
        NotFound: there is none.
    """
    for spec in SERVICES:
        if spec.name == name:
            return spec
    raise NotFound("service", name)
