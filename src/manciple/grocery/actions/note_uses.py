"""Notes what people use, so that it can be kept ready: what was asked, never who asked.

A note is a step in a dictionary; what was noted is written together, now and then. What was asked
for a single time is never written down.
"""

from collections.abc import Hashable
from functools import partial

import msgspec

from manciple.grocery.domain.uses import UseKind, weight
from manciple.grocery.stores.stores import Stores, Transaction

# A use too few is no loss; memory without a bound would be.
MOST_IN_MEMORY = 2_000
# Twice what is warmed at most, so that what comes into fashion has room to rise.
MOST_KEPT = 400
# Longer ones are somebody's text, and nothing that is asked again.
_LONGEST_KEY = 400
_WORTH_KEEPING = 2

_Slot = tuple[UseKind, Hashable]


class NoteUses:
    """The uses noted by this process; `flush` writes them. Off, nothing is noted at all."""

    def __init__(self, stores: Stores, *, is_on: bool = True) -> None:
        self._stores = stores
        self._is_on = is_on
        self._counts: dict[_Slot, int] = {}
        self._written: set[_Slot] = set()

    def searched(self, wanted: Hashable) -> None:
        """Somebody searched; `wanted` is anything that msgspec can encode."""
        self._note(UseKind.SEARCH, wanted)

    def looked_at(self, product_id: str) -> None:
        """Somebody looked at a product."""
        self._note(UseKind.PRODUCT, product_id)

    async def flush(self) -> int:
        """Writes what was used more than once, and forgets it here; how many keys that were.

        Raises:
            Unavailable: the database cannot write now; nothing is forgotten.
        """
        ripe = {
            slot: uses
            for slot, uses in self._counts.items()
            if uses >= _WORTH_KEEPING or slot in self._written
        }
        if not ripe:
            return 0
        await self._stores.write(partial(_keep, ripe=ripe))
        if len(self._written) + len(ripe) > MOST_IN_MEMORY:
            self._written.clear()
        for slot, uses in ripe.items():
            self._written.add(slot)
            # What was noted while we wrote stays for the next time.
            left = self._counts.pop(slot, uses) - uses
            if left > 0:
                self._counts[slot] = left
        return len(ripe)

    def _note(self, kind: UseKind, key: Hashable) -> None:
        if not self._is_on:
            return
        counts, slot = self._counts, (kind, key)
        known = counts.get(slot)
        if known is not None:
            counts[slot] = known + 1
            return
        if len(counts) >= MOST_IN_MEMORY:
            # The oldest note goes; insertion is the order of first uses.
            counts.pop(next(iter(counts)))
        counts[slot] = 1


def _keep(tx: Transaction, *, ripe: dict[_Slot, int]) -> None:
    weights: dict[UseKind, dict[str, float]] = {kind: {} for kind in UseKind}
    for (kind, key), uses in ripe.items():
        text = key if isinstance(key, str) else msgspec.json.encode(key).decode()
        if len(text) <= _LONGEST_KEY:
            weights[kind][text] = weight(uses, tx.now)
    for kind, added in weights.items():
        tx.uses.add(kind, added)
        tx.uses.keep_best(kind, MOST_KEPT)
