"""Signing in: for people with a browser, for programs with tokens, for sockets with tickets.

A program signs in for an access token of 15 minutes and a refresh token, which is exchanged for
new ones before it runs out. A page asks for a cookie instead, which no script can read.
"""

from manciple.api.context import Context
from manciple.api.shapes_auth import (
    ChangePasswordInput,
    CreateTokenInput,
    DeleteAccountInput,
    EntranceShape,
    Erased,
    ExportShape,
    MeShape,
    NewTokenShape,
    RefreshInput,
    RegisterInput,
    RevokeTokenInput,
    SetupInput,
    SignedOut,
    SignInInput,
    TicketShape,
    TokenShape,
    TokensPage,
    UserShape,
    grant_names,
)
from manciple.grocery.actions.keep_sign_ins import Entrance
from manciple.grocery.actions.register import NewPerson
from manciple.grocery.actions.tokens import TICKET_S
from manciple.grocery.domain.people import ApiToken, Identity
from manciple.kit.errors import NotFound, Refused
from manciple.platform.rpc.router import Router
from manciple.platform.security.cookies import CSRF_COOKIE, SESSION_COOKIE, drop_cookie, set_cookie
from manciple.platform.security.permissions import Grant

_DAY_S = 24 * 3600

router = Router("auth")


@router.query("me", needs=Grant.PUBLIC)
async def me(ctx: Context) -> MeShape:
    """Who you are to this house, and how it knows."""
    principal = ctx.principal
    user = None
    if principal.user_id is not None:
        grants = tuple(sorted(grant.value for grant in principal.grants))
        user = await _known(ctx, principal.user_id, grants)
    return MeShape(
        user=user,
        via=ctx.visit.via,
        open_house=ctx.door.is_open_house,
        needs_setup=not ctx.door.has_people,
    )


@router.mutation("setup", needs=Grant.PUBLIC)
async def setup(ctx: Context, wanted: SetupInput) -> EntranceShape:
    """Makes you the owner of a new house, once, with the code that its terminal showed.

    What was kept before by the open house is yours then.
    """
    _check_cookies(ctx, as_browser=wanted.browser)
    person = NewPerson(
        email=wanted.email, password=wanted.password, display_name=wanted.display_name
    )
    identity = await ctx.register.set_up(wanted.code, person, ctx.visit)
    return await _enter(ctx, identity, as_browser=wanted.browser)


@router.mutation("register", needs=Grant.PUBLIC)
async def register(ctx: Context, wanted: RegisterInput) -> EntranceShape:
    """Registers you; most houses ask for an invitation."""
    _check_cookies(ctx, as_browser=wanted.browser)
    person = NewPerson(
        email=wanted.email, password=wanted.password, display_name=wanted.display_name
    )
    identity = await ctx.register.register(person, invitation=wanted.invitation, visit=ctx.visit)
    return await _enter(ctx, identity, as_browser=wanted.browser)


@router.mutation("signIn", needs=Grant.PUBLIC)
async def sign_in(ctx: Context, wanted: SignInInput) -> EntranceShape:
    """A new session. After five wrong passwords each further try must wait longer."""
    _check_cookies(ctx, as_browser=wanted.browser)
    entrance = await ctx.sign_in.sign_in(
        wanted.email, wanted.password, visit=ctx.visit, as_browser=wanted.browser
    )
    return _entrance(ctx, entrance)


@router.mutation("refresh", needs=Grant.PUBLIC)
async def refresh(ctx: Context, wanted: RefreshInput) -> EntranceShape:
    """New tokens for a refresh token. One that comes a second time ends its session."""
    return _entrance(ctx, await ctx.sign_ins.refresh(wanted.refresh_token, visit=ctx.visit))


@router.mutation("signOut", needs=Grant.PUBLIC)
async def sign_out(ctx: Context) -> SignedOut:
    """Ends this session; its sockets and streams close."""
    had_session = ctx.visit.session_id is not None
    await ctx.sign_ins.sign_out(ctx.visit)
    if ctx.visit.cookies is not None:
        ctx.visit.cookies += [drop_cookie(SESSION_COOKIE), drop_cookie(CSRF_COOKIE)]
    return SignedOut(sessions=int(had_session))


@router.mutation("signOutEverywhere", needs=Grant.WRITE)
async def sign_out_everywhere(ctx: Context) -> SignedOut:
    """Ends every session of yours; tokens for programs stay."""
    ended = await ctx.sign_ins.sign_out_everywhere(ctx.principal.acting_for(), ctx.visit)
    return SignedOut(sessions=ended)


@router.mutation("changePassword", needs=Grant.WRITE)
async def change_password(ctx: Context, wanted: ChangePasswordInput) -> SignedOut:
    """Changes your password and ends every other session; this one stays."""
    await ctx.sign_in.change_password(
        ctx.principal.acting_for(), wanted.old_password, wanted.new_password, visit=ctx.visit
    )
    return SignedOut(sessions=0)


@router.query("exportData", needs=Grant.READ)
async def export_data(ctx: Context) -> ExportShape:
    """Everything that this house keeps of you, table by table; of secrets not even their hashes."""
    found = await ctx.leave.hand_out(ctx.principal.acting_for())
    return ExportShape(exported_at=found.at, kept=found.kept)


@router.mutation("deleteAccount", needs=Grant.WRITE)
async def delete_account(ctx: Context, wanted: DeleteAccountInput) -> Erased:
    """Erases your account and everything of yours, for good; your password is asked once more.

    The audit trail keeps what was done, with your id and without your name.
    """
    await ctx.leave.erase(ctx.principal.acting_for(), wanted.password, visit=ctx.visit)
    if ctx.visit.cookies is not None:
        ctx.visit.cookies += [drop_cookie(SESSION_COOKIE), drop_cookie(CSRF_COOKIE)]
    await ctx.door.refresh()
    return Erased(erased=True)


@router.mutation("createToken", needs=Grant.WRITE)
async def create_token(ctx: Context, wanted: CreateTokenInput) -> NewTokenShape:
    """A token for a program of yours; it may do no more than you."""
    days = wanted.expires_in_days
    made = await ctx.tokens.create(
        ctx.principal.acting_for(),
        name=wanted.name,
        grants=wanted.grants,
        expires_in_s=None if days is None else days * _DAY_S,
        visit=ctx.visit,
    )
    return NewTokenShape(token=_token(made.token), secret=made.secret)


@router.query("listTokens", needs=Grant.READ)
async def list_tokens(ctx: Context) -> TokensPage:
    """Your tokens for programs, newest first."""
    found = await ctx.tokens.all(ctx.principal.acting_for())
    return TokensPage(tokens=tuple(_token(token) for token in found))


@router.mutation("revokeToken", needs=Grant.WRITE)
async def revoke_token(ctx: Context, wanted: RevokeTokenInput) -> TokensPage:
    """Your tokens without the one that you revoked; what it opened closes."""
    owner = ctx.principal.acting_for()
    await ctx.tokens.revoke(owner, wanted.token_id, visit=ctx.visit)
    return TokensPage(tokens=tuple(_token(token) for token in await ctx.tokens.all(owner)))


@router.mutation("wsTicket", needs=Grant.READ)
async def ws_ticket(ctx: Context) -> TicketShape:
    """A ticket for one socket: send `{"ticket": "…"}` as connection parameters."""
    ctx.principal.acting_for()
    return TicketShape(ticket=ctx.tokens.ticket(ctx.visit), expires_in_s=TICKET_S)


def _check_cookies(ctx: Context, *, as_browser: bool) -> None:
    """Returns if a cookie can be set, where one is asked for.

    Raises:
        Refused: the answer has begun already, or goes over a socket.
    """
    if as_browser and ctx.visit.cookies is None:
        raise Refused("A cookie cannot be set by a socket or a streamed batch; use plain HTTP")


async def _enter(ctx: Context, identity: Identity, *, as_browser: bool) -> EntranceShape:
    entrance = await ctx.sign_ins.enter(identity, visit=ctx.visit, as_browser=as_browser)
    await ctx.door.refresh()
    return _entrance(ctx, entrance)


def _entrance(ctx: Context, entrance: Entrance) -> EntranceShape:
    if entrance.cookie is not None and ctx.visit.cookies is not None:
        life_s = int((entrance.expires_at - ctx.now()).total_seconds())
        ctx.visit.cookies.append(set_cookie(SESSION_COOKIE, entrance.cookie, max_age_s=life_s))
    return EntranceShape(
        user=_user(entrance.identity),
        session_id=entrance.session_id,
        session_expires_at=entrance.expires_at,
        access_token=entrance.access_token,
        access_expires_at=entrance.access_expires_at,
        refresh_token=entrance.refresh_token,
    )


async def _known(ctx: Context, user_id: str, grants: tuple[str, ...]) -> UserShape:
    """The user, or the one of the open house, who has no address."""
    names = grant_names(grants)
    try:
        identity = await ctx.register.known(user_id)
    except NotFound:
        return UserShape(user_id=user_id, email=None, display_name="You", grants=names)
    return UserShape(
        user_id=user_id, email=identity.email, display_name=identity.display_name, grants=names
    )


def _user(identity: Identity) -> UserShape:
    return UserShape(
        user_id=identity.user_id,
        email=identity.email,
        display_name=identity.display_name,
        grants=grant_names(identity.grants),
    )


def _token(token: ApiToken) -> TokenShape:
    return TokenShape(
        token_id=token.token_id,
        name=token.name,
        grants=grant_names(token.grants),
        created_at=token.created_at,
        last_used_at=token.last_used_at,
        expires_at=token.expires_at,
    )
