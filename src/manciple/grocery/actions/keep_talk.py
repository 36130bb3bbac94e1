"""A conversation as it goes on: sentences become plans, which are kept until somebody says yes."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from manciple.grocery.actions.confirm_plan import Carried
from manciple.grocery.actions.plan_desk import Desk
from manciple.grocery.actions.planners import Drafted, draft
from manciple.grocery.actions.tell import (
    Asked,
    Meant,
    at_rest,
    done_told,
    first_line,
    remembered,
    rest,
    told,
)
from manciple.grocery.domain.conversations import Conversation
from manciple.grocery.domain.language.frames import Band, Frame
from manciple.grocery.domain.plans import Plan, Topic
from manciple.grocery.stores.stores import Transaction
from manciple.kit.ids import new_id

if TYPE_CHECKING:
    from manciple.grocery.domain.language.understander import Understander

_PLAN_PREFIX = "plan"
_TOKEN_BYTES = 24


class KeepTalk:
    """Drafts what sentences come to, and keeps it; `owner` is always the signed-in person."""

    def __init__(self, desk: Desk, understander: Callable[[], "Understander"]) -> None:
        self.desk = desk
        self._stores = desk.stores
        self._understander = understander

    async def conversation(self, owner: str) -> Conversation:
        """What was said before."""
        return await self._stores.read(lambda tx: tx.conversations.of(owner))

    def understood(self, sentence: str, conversation: Conversation) -> Frame:
        """What a sentence says, after what was answered last."""
        return self._understander().understand(sentence, conversation.last_answer)

    async def meant(self, owner: str, sentence: str, conversation: Conversation) -> Meant:
        """What a sentence comes to, in the light of what was said before."""
        frame = self.understood(sentence, conversation)
        return await self.drafted(owner, frame, conversation, {})

    async def drafted(
        self, owner: str, frame: Frame, conversation: Conversation, chosen: Mapping[str, str]
    ) -> Meant:
        """The same of a sentence that is understood; `chosen` are products by their phrases."""
        drafted = await draft(self.desk, owner, frame, conversation, chosen)
        return Meant(frame=frame, conversation=conversation, chosen=chosen, drafted=drafted)

    async def again(
        self, owner: str, conversation: Conversation, chosen: Mapping[str, str]
    ) -> Asked:
        """The waiting sentence, planned anew with what was chosen meanwhile."""
        sentence = conversation.sentence or ""
        frame = self._understander().understand(sentence)
        before = msgspec.structs.replace(conversation, topic=conversation.before)
        return await self.keep(owner, await self.drafted(owner, frame, before, chosen))

    async def keep(self, owner: str, meant: Meant, *, sentence: str | None = None) -> Asked:
        """The reply, with its plan and the conversation kept."""
        plan = self.plan(owner, meant)
        asked = told(meant.frame, meant.drafted, plan=plan)
        if plan is None and meant.drafted.question is None and meant.conversation.plan_id:
            return await self._aside(owner, meant, asked)
        token = secrets.token_urlsafe(_TOKEN_BYTES) if plan else None
        after = remembered(meant, asked, sentence=sentence or meant.frame.text)

        def work(tx: Transaction) -> datetime | None:
            tx.users.ensure(owner, display_name=owner)
            tx.conversations.keep(owner, after)
            if plan is None or token is None:
                tx.plans.drop_open(owner)
                return None
            return tx.plans.add(plan, token=token)

        expires_at = await self._stores.write(work)
        return msgspec.structs.replace(asked, token=token, expires_at=expires_at)

    async def done(self, owner: str, carried: Carried) -> Asked:
        """What is told of a plan that was carried out; a quote gets a plan of its own."""
        answer = done_told(carried)
        frame = Frame(
            text=carried.plan.sentence,
            intents=carried.plan.intents,
            confidence=1.0,
            band=Band.ACCEPT,
        )
        if carried.hand_over is not None:
            drafted = Drafted(
                answer=answer,
                steps=(carried.hand_over,),
                called=(),
                lines=carried.plan.lines,
                question=None,
                topic=Topic(),
                phrases=(),
            )
            known = await self.conversation(owner)
            meant = Meant(frame=frame, conversation=known, chosen={}, drafted=drafted)
            asked = await self.keep(owner, meant)
            return msgspec.structs.replace(asked, answer=answer, carried=carried)
        await self._stores.write(lambda tx: rest(tx, owner, carried, answer))
        return Asked(frame=frame, answer=answer, carried=carried)

    async def drop(self, owner: str) -> bool:
        """Whether something waited for a yes; it does no more."""

        def work(tx: Transaction) -> bool:
            known = tx.conversations.of(owner)
            dropped = tx.plans.drop_open(owner)
            if known.is_waiting:
                tx.conversations.keep(owner, at_rest(known, answer=None))
            return bool(dropped) or known.is_waiting

        return await self._stores.write(work)

    def plan(self, owner: str, meant: Meant) -> Plan | None:
        """The steps of what a sentence comes to, as a plan; None if there are none."""
        drafted = meant.drafted
        if not drafted.steps:
            return None
        return Plan(
            plan_id=new_id(_PLAN_PREFIX, self.desk.clock),
            user_id=owner,
            sentence=meant.frame.text,
            intents=meant.frame.intents,
            steps=drafted.steps,
            lines=drafted.lines,
            answer=drafted.answer,
        )

    async def _aside(self, owner: str, meant: Meant, asked: Asked) -> Asked:
        """An answer that changes nothing leaves what waits for a yes as it is."""
        known = meant.conversation
        topic = meant.drafted.topic
        after = msgspec.structs.replace(known, topic=topic)
        await self._stores.write(lambda tx: tx.conversations.keep(owner, after))
        answer = f"{asked.answer}\n(Your yes is still awaited: {first_line(known)})"
        return msgspec.structs.replace(asked, answer=answer)
