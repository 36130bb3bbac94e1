"""What households mean by their words: shown, told, forgotten."""

from collections.abc import Sequence

from manciple.grocery.domain.corrections import MAX_PHRASE_CHARS, Correction, phrase_key
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.errors import InvalidInput


class Correct:
    """What a person does with the household's corrections; `owner` is the signed-in person."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def all(self, owner: str) -> Sequence[Correction]:
        """Every correction of the household, the newest first."""
        return await self._stores.read(lambda tx: tx.corrections.of(owner))

    async def keep(
        self, owner: str, phrase: str, *, meant: str, product_id: str | None = None
    ) -> Sequence[Correction]:
        """All corrections, with what is meant by a phrase from now on.

        Raises:
            InvalidInput: the phrase or its meaning is empty.
            NotFound: there is no such product.
        """
        key, words = phrase_key(phrase), " ".join(meant.split())[:MAX_PHRASE_CHARS]
        if not key or not words:
            raise InvalidInput.at("phrase", "must name something, and so must its meaning")

        def work(tx: Transaction) -> Sequence[Correction]:
            product = tx.products.by_id(product_id) if product_id is not None else None
            brand = product.brand if product else None
            tx.users.ensure(owner, display_name=owner)
            tx.corrections.keep(owner, key, meant=words, product_id=product_id, brand=brand)
            return tx.corrections.of(owner)

        return await self._stores.write(work)

    async def forget(self, owner: str, phrase: str | None) -> int:
        """How many corrections were forgotten: that of a phrase, or all."""
        key = None if phrase is None else phrase_key(phrase)
        return await self._stores.write(lambda tx: tx.corrections.forget(owner, key))
