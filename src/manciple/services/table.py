"""The six services: everything that runs, in the order in which it is deployed.

The values are the specification's; where it is silent the defaults of `ServiceSpec` stand.
"""

from manciple.platform.mesh.spec import Scaling, ServiceSpec, Speech, Strategy

SERVICES: tuple[ServiceSpec, ...] = (
    ServiceSpec(
        name="walmart-api-server",
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
        speech=Speech.WS,
        capacity=500,
    ),
    ServiceSpec(
        name="walmart-pricing",
        port=3007,
        priority=3,
        purpose="Price comparison and updates",
        capacity=150,
        weight=2,
    ),
    ServiceSpec(
        name="walmart-nlp-queue",
        port=3008,
        priority=4,
        purpose="Natural language processing",
        strategy=Strategy.LEAST_RESPONSE_TIME,
    ),
    ServiceSpec(
        name="walmart-cache-warmer",
        port=3006,
        priority=5,
        purpose="Proactive cache management",
        scaling=Scaling(min_instances=1, max_instances=1, auto_scale=False),
    ),
    ServiceSpec(
        name="walmart-memory-monitor",
        port=3009,
        priority=6,
        purpose="System resource monitoring",
        health_every_s=5.0,
    ),
)
