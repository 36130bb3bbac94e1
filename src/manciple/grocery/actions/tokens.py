"""Tokens for programs, and tickets for sockets."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from manciple.grocery.actions.audit import Deed, note
from manciple.grocery.domain.people import ApiToken
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import InvalidInput, NotAllowed, Refused
from manciple.kit.ids import new_id
from manciple.platform.security.revocations import Revocations
from manciple.platform.security.tokens import (
    API_PREFIX,
    Claims,
    KeyRing,
    Use,
    fingerprint,
    new_secret,
)
from manciple.platform.security.visits import Visit

TICKET_S = 30
_MAX_TOKENS = 50
_MAX_NAME = 80


class NewToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token as it is shown, once."""

    token: ApiToken
    secret: str


class KeepTokens:
    """What a person does with tokens."""

    def __init__(
        self, stores: Stores, clock: Clock, *, keys: KeyRing, revocations: Revocations
    ) -> None:
        self._stores = stores
        self._clock = clock
        self._keys = keys
        self._revocations = revocations

    async def create(
        self,
        owner: str,
        *,
        name: str,
        grants: Sequence[str],
        expires_in_s: int | None,
        visit: Visit,
    ) -> NewToken:
        """A new token; it can do no more than whoever makes it.

        Raises:
            InvalidInput: the name does not fit.
            NotAllowed: it should have a grant that its maker lacks, or its maker is a token.
            Refused: there are too many.
        """
        name = name.strip()
        if not name or len(name) > _MAX_NAME or not name.isprintable():
            raise InvalidInput.at("name", f"must have 1 to {_MAX_NAME} characters")
        lacking = sorted({*grants} - {grant.value for grant in visit.principal.grants})
        if lacking or not grants:
            raise NotAllowed(" and ".join(lacking) or "at least one grant")
        if visit.token_id is not None:
            raise NotAllowed("a person who signed in; tokens make no tokens")
        secret = new_secret(API_PREFIX)
        token_id = new_id("apitoken", self._clock)

        def work(tx: Transaction) -> ApiToken:
            if len(tx.sign_ins.tokens(owner)) >= _MAX_TOKENS:
                raise Refused(f"You have {_MAX_TOKENS} tokens; revoke one first")
            life = None if expires_in_s is None else timedelta(seconds=expires_in_s)
            token = ApiToken(
                token_id=token_id,
                user_id=owner,
                name=name,
                grants=tuple(sorted({*grants})),
                created_at=tx.now,
                last_used_at=None,
                expires_at=None if life is None else tx.now + life,
                revoked_at=None,
            )
            tx.sign_ins.add_token(token, token_hash=fingerprint(secret))
            note(tx, _deed(visit, "auth.createToken", token_id))
            return token

        return NewToken(token=await self._stores.write(work), secret=secret)

    async def all(self, owner: str) -> Sequence[ApiToken]:
        """The tokens of a person that were not revoked, newest first."""
        return await self._stores.read(lambda tx: tx.sign_ins.tokens(owner))

    async def revoke(self, owner: str, token_id: str, *, visit: Visit) -> None:
        """Ends a token.

        Raises:
            NotFound: the person has no such token.
        """

        def work(tx: Transaction) -> None:
            tx.sign_ins.revoke_token(token_id, user_id=owner)
            note(tx, _deed(visit, "auth.revokeToken", token_id))

        await self._stores.write(work)
        self._revocations.add([token_id], now_s=self._clock.now().timestamp())

    def ticket(self, visit: Visit) -> str:
        """A signed word that lets one socket in, once, within half a minute.

        For browsers, whose sockets can bring no headers. It stands for the visit's own session.
        """
        now_s = int(self._clock.now().timestamp())
        return self._keys.sign(
            Claims(
                sub=visit.principal.user_id or "",
                sid=visit.credential_id or "",
                jti=new_id("ticket", self._clock),
                scope=" ".join(sorted(grant.value for grant in visit.principal.grants)),
                iat=now_s,
                exp=now_s + TICKET_S,
            ),
            Use.TICKET,
        )


def _deed(visit: Visit, action: str, object_id: str) -> Deed:
    return Deed(
        actor=visit.principal.user_id or "",
        address=visit.address,
        action=action,
        object_id=object_id,
    )
