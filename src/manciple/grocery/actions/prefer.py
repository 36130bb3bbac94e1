"""What a person likes and cannot eat: seen and changed."""

from manciple.grocery.domain.preferences import PreferenceEdit, Preferences, edited
from manciple.grocery.stores.stores import Stores, Transaction


class Prefer:
    """A person's preferences; `owner` is always the signed-in person."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def see(self, owner: str) -> Preferences:
        """The preferences; empty ones where nothing was said."""
        return await self._stores.read(lambda tx: tx.preferences.of(owner))

    async def change(self, owner: str, edit: PreferenceEdit) -> Preferences:
        """The preferences with what the edit names.

        Raises:
            InvalidInput: a name does not fit, or a brand is both preferred and avoided.
        """

        def work(tx: Transaction) -> Preferences:
            after = edited(tx.preferences.of(owner), edit)
            tx.users.ensure(owner, display_name=owner)
            tx.preferences.keep(owner, after)
            return after

        return await self._stores.write(work)
