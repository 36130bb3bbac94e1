"""Sharing lists with a household, and what becomes of them when somebody leaves it."""

from manciple.grocery.actions.lists import SeenList, see
from manciple.grocery.domain.events import MEMBER_CHANGE, MemberNews, ShareNews
from manciple.grocery.domain.list_changes import ListTopic
from manciple.grocery.domain.lists import GroceryList
from manciple.grocery.domain.sharing import Access, Role
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.errors import NotAllowed, NotFound


class ShareLists:
    """What a person does to let others see a list; `owner` is always the signed-in person."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def share(self, owner: str, list_id: str, household_id: str) -> SeenList:
        """The list, which everybody in the household sees and all but its guests may change.

        It is shared with one household at a time; the one before sees it no more.

        Raises:
            NotFound: the owner has no such list, or is in no such household.
            NotAllowed: somebody else made the list, or the owner is a guest there.
        """

        def work(tx: Transaction) -> SeenList:
            found = tx.lists.by_id(list_id, who=owner, needs=Access.OWN)
            if found.user_id != owner:
                raise NotAllowed("to be the one who made the list")
            role = tx.households.role(household_id, owner)
            if role is None:
                raise NotFound("household", household_id)
            if role == Role.GUEST:
                raise NotAllowed("to be more than a guest in the household")
            return see(tx, _reshared(tx, found, household_id))

        return await self._stores.write(work)

    async def unshare(self, owner: str, list_id: str) -> None:
        """Returns when only the person who made the list sees it.

        Raises:
            NotFound: the owner sees no such list.
            NotAllowed: they neither made it nor own the household that shares it.
        """

        def work(tx: Transaction) -> None:
            _reshared(tx, tx.lists.by_id(list_id, who=owner, needs=Access.OWN), None)

        await self._stores.write(work)


def take_back(tx: Transaction, maker: str, *, household_id: str) -> None:
    """Shares the lists of somebody who leaves a household with it no more."""
    for found in tx.lists.shared_by(maker, household_id=household_id):
        _reshared(tx, found, None)


def tell_of_member(tx: Transaction, household_id: str, member_id: str, role: str | None) -> None:
    """News of somebody in a household, for it and for them; open streams take notice."""
    news = MemberNews(household_id=household_id, member_id=member_id, role=role)
    tx.outbox.add(
        MEMBER_CHANGE, news, key=household_id, household_id=household_id, owner_id=member_id
    )


def _reshared(tx: Transaction, found: GroceryList, household_id: str | None) -> GroceryList:
    """The list shared with another household, or with none; both hear of it."""
    if found.household_id == household_id:
        return found
    tx.lists.share(found.list_id, household_id)
    if found.household_id is not None:
        # Who joins later must not read what was said while it was shared.
        topics = [topic.value for topic in ListTopic]
        tx.outbox.withdraw(topics, found.list_id, household_id=found.household_id)
        _tell(tx, found, found.household_id, is_shared=False)
    if household_id is not None:
        _tell(tx, found, household_id, is_shared=True)
    return tx.lists.by_id(found.list_id, who=found.user_id, deleted_too=True)


def _tell(tx: Transaction, found: GroceryList, household_id: str, *, is_shared: bool) -> None:
    news = ShareNews(
        list_id=found.list_id,
        user_id=found.user_id,
        household_id=household_id,
        is_shared=is_shared,
    )
    tx.outbox.add(
        ListTopic.SHARED,
        news,
        key=found.list_id,
        household_id=household_id,
        owner_id=found.user_id,
    )
