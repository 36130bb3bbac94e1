"""Suggesting: what the words that are being typed may become."""

from collections.abc import Sequence

from manciple.grocery.actions.index_products import IndexProducts
from manciple.grocery.domain.continuations import continuations
from manciple.grocery.domain.wordings import wordings
from manciple.grocery.domain.words import plain, stem, tokens
from manciple.grocery.index.product_index import ProductIndex

_MOST_SUGGESTIONS = 20


class Suggest:
    """Completes what is typed from the catalog's words and names."""

    def __init__(self, index: ProductIndex, follower: IndexProducts) -> None:
        self._index = index
        self._follower = follower

    async def completions(self, start: str, *, limit: int = 10) -> list[str]:
        """What the words typed so far may become, the most common first.

        The last word is completed by what names say after the words before it, and else by the
        catalog's words alone; one that nothing begins with is corrected. Then follows what names
        say after all the words.
        """
        await self._follower.keep_up()
        before, _, typed = start.lower().rpartition(" ")
        endings = self._endings(tokens(before), typed)
        offered = [f"{before} {each}".strip() for each in endings]
        if endings[:1] == [typed]:
            further = self._continued(tokens(start), "")
            offered += [
                f"{offered[0]} {each}" for each in further if each not in wordings().fillers
            ]
        return list(dict.fromkeys(offered))[: min(limit, _MOST_SUGGESTIONS)]

    def _endings(self, before: Sequence[str], typed: str) -> list[str]:
        words = self._index.words
        last = plain(typed).strip()
        found = self._continued(before, last)
        if found or not last:
            return found
        own = [typed] if len(last) > 1 and words.counts.get(stem(last)) else []
        meant = words.correct(stem(last))
        return [*own, *words.completions(last)] or ([meant] if meant else [])

    def _continued(self, before: Sequence[str], start: str) -> list[str]:
        return continuations(self._index.words_beside(before), before, start)
