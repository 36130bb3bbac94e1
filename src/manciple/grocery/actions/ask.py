"""One sentence in; out come an answer, a question, or a plan that waits for a yes."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from manciple.grocery.actions.confirm_plan import ConfirmPlan
from manciple.grocery.actions.keep_talk import KeepTalk
from manciple.grocery.actions.plan_desk import Desk
from manciple.grocery.actions.reply import Reply
from manciple.grocery.actions.tell import Asked, told
from manciple.grocery.domain.sentences import checked_sentence

if TYPE_CHECKING:
    from manciple.grocery.domain.language.understander import Understander


class Ask:
    """Talks with one person at a time; `owner` is always the signed-in person."""

    def __init__(
        self, desk: Desk, confirm: ConfirmPlan, understander: Callable[[], "Understander"]
    ) -> None:
        self._talk = KeepTalk(desk, understander)
        self._confirm = confirm
        self._reply = Reply(self._talk, confirm)

    async def understand(self, owner: str, sentence: str) -> Asked:
        """What a sentence would come to; nothing is kept, changed or learned of it.

        Raises:
            InvalidInput: the sentence is empty or too long.
        """
        checked_sentence(sentence)
        conversation = await self._talk.conversation(owner)
        meant = await self._talk.meant(owner, sentence, conversation)
        return told(meant.frame, meant.drafted, plan=self._talk.plan(owner, meant))

    async def ask(self, owner: str, sentence: str) -> Asked:
        """The answer to a sentence, in the light of what was said before.

        Raises:
            InvalidInput: the sentence is empty or too long.
        """
        checked_sentence(sentence)
        conversation = await self._talk.conversation(owner)
        replied = await self._reply.to(owner, sentence, conversation)
        if replied is not None:
            return replied
        return await self._talk.keep(owner, await self._talk.meant(owner, sentence, conversation))

    async def confirm(self, owner: str, token: str) -> Asked:
        """The plan of a token carried out, exactly once.

        Raises:
            NotFound: the owner has no plan of that token.
            Refused: it is too old, or was dropped for another.
            Conflict: what it is about changed since.
        """
        return await self._talk.done(owner, await self._confirm.by_token(owner, token))

    async def drop(self, owner: str) -> bool:
        """Whether something waited for a yes; it does no more."""
        return await self._talk.drop(owner)
