"""The table of everything a client can ask; a new router is one line here."""

from manciple.api import (
    agent,
    auth,
    budgets,
    events,
    grocery_fallbacks,
    grocery_hybrid,
    grocery_lists,
    grocery_plans,
    grocery_search,
    grocery_sessions,
    grocery_substitutions,
    households,
    mesh,
    monitoring,
    nlp,
    notifications,
    orders,
    pantry,
    preferences,
    price_checks,
    price_watches,
    prices,
    recommendations,
    security,
    sources,
    webhooks,
)
from manciple.platform.rpc.router import Router, Table

ROUTERS: tuple[Router, ...] = (
    grocery_search.router,
    grocery_hybrid.router,
    grocery_lists.router,
    grocery_sessions.router,
    grocery_plans.router,
    grocery_substitutions.router,
    grocery_fallbacks.router,
    budgets.router,
    pantry.router,
    preferences.router,
    prices.router,
    price_watches.router,
    price_checks.router,
    sources.router,
    orders.grocery_router,
    orders.router,
    recommendations.router,
    agent.router,
    nlp.router,
    monitoring.router,
    mesh.router,
    auth.router,
    security.router,
    households.router,
    webhooks.router,
    notifications.router,
    events.router,
    events.grocery_router,
    events.price_router,
    events.nlp_router,
)


def app_table(*extra: Router) -> Table:
    """All procedures by their paths, and those of `extra` routers."""
    return Table(*ROUTERS, *extra)
