"""Which wishes people put into one sentence, and how they join them."""

import random

# What is asked for in one breath with something else, by how often. What only explains what
# follows is no wish of its own ("we're out of milk, what else is there"), so the second is none
# of those that need an explanation.
FIRST = {
    "list_add_items": 8, "list_remove_items": 4, "list_update_item": 4, "list_view": 2,
    "list_check_off": 3, "list_total": 2, "product_search": 2, "price_check": 3, "stock_check": 3,
    "find_deals": 2, "set_alert": 2, "purchase_history": 2, "order_status": 2, "start_session": 1,
    "list_create": 1, "list_delete": 1, "price_history": 1, "compare_products": 1,
    "product_details": 1, "spending_summary": 1, "order_cancel": 1,
}  # fmt: skip
SECOND = {
    "list_add_items": 8, "list_remove_items": 4, "list_update_item": 4, "list_view": 2,
    "list_check_off": 2, "list_total": 2, "product_search": 2, "price_check": 3, "stock_check": 2,
    "find_deals": 2, "set_alert": 2, "purchase_history": 1, "order_status": 1, "checkout": 2,
    "start_session": 1, "list_create": 1, "price_history": 1, "spending_summary": 1,
}  # fmt: skip
# Some people ask twice for the same: that is one intent, and no boundary.
_TWICE = 0.3
# What ends the first and begins the second.
JOINTS = (
    ", |", ", |and ", " |and ", ". |", ". |", ". |also ", ", |also ", " |and also ", " |then ",
    ", |then ", " |and then ", "; |", " |plus ", " |", "\\n|", " - |", ", |oh and ", ". |oh and ",
    ". |now ", ", |but first ",
)  # fmt: skip


def combination(rng: random.Random) -> tuple[str, str]:
    """Two intents that stand in one sentence, sometimes the same one twice."""
    first = rng.choices(list(FIRST), list(FIRST.values()))[0]
    if rng.random() < _TWICE:
        return first, first
    return first, rng.choices(list(SECOND), list(SECOND.values()))[0]
