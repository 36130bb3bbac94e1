"""Whose job is next: higher priority first, and among equals every tenant gets its turn."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Candidate(NamedTuple):
    """A waiting job, as far as its turn depends on it; `run_at` is an instant as text."""

    id: int
    tenant: str
    priority: int
    run_at: str


def take_turns(
    candidates: Iterable[Candidate], running: Mapping[str, int], *, limit: int
) -> list[int]:
    """The ids of the next `limit` jobs, in the order in which they should start.

    `running` says how many jobs of each tenant run already: the tenant with the fewest comes
    first, and every pick counts.
    """
    held = Counter(running)
    ranked = []
    for one in sorted(candidates, key=lambda one: (-one.priority, one.run_at, one.id)):
        ranked.append((-one.priority, held[one.tenant], one.run_at, one.id))
        held[one.tenant] += 1
    return [entry[-1] for entry in sorted(ranked)[:limit]]
