"""How well a kind of grocery fits an occasion."""

from functools import lru_cache

from manciple.grocery.domain.kinds import grocery_kinds
from manciple.grocery.domain.wordings import wordings

# Kinds that are further from what an occasion lists are none of it.
_CLOSE = 0.45


@lru_cache(maxsize=65536)
def occasion_fit(occasion: str, found: str) -> float:
    """How well a kind fits an occasion, by its place in the occasion's lists."""
    kinds = grocery_kinds()
    entry = wordings().occasions[occasion]
    best = 0.0
    for weight, group in ((1.0, entry.made), (0.7, entry.part), (0.42, entry.loose)):
        for place, each in enumerate(group):
            kind = kinds.named(each)
            near = kinds.nearness(kind, found) if kind else 0.0
            if near > _CLOSE:
                best = max(best, weight * near * (1 - 0.008 * place))
    return round(best, 3)
