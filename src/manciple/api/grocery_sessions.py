"""Shopping sessions and checkout: what a client can ask."""

from manciple.api.amounts import basis_points, optional_cents
from manciple.api.context import Context
from manciple.api.shapes_checkout import CheckoutAnswer, CheckoutInput, checkout_answer
from manciple.api.shapes_sessions import (
    ChangeSessionInput,
    PickInput,
    SessionAnswer,
    SessionInput,
    SessionItemsInput,
    SessionsAnswer,
    SessionsInput,
    StartSessionInput,
    session_answer,
    session_shape,
)
from manciple.grocery.actions.checkout import Confirmation
from manciple.grocery.domain.checkout import TOLERANCE_BASIS_POINTS
from manciple.grocery.domain.sessions import ENDED, SessionStatus, SessionVerb
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("walmartGrocery")


@router.mutation("startShoppingSession", needs=Grant.WRITE, is_tool=True)
async def start_shopping_session(ctx: Context, wanted: StartSessionInput) -> SessionAnswer:
    """A session over one of your lists, or a new list; a list's live session is found again."""
    return session_answer(
        await ctx.shop.start(
            ctx.principal.acting_for(wanted.user_id),
            list_id=wanted.list_id,
            type=wanted.type,
            budget_cents=optional_cents("budget", wanted.budget),
        )
    )


@router.query("getShoppingSession", needs=Grant.READ, is_tool=True)
async def get_shopping_session(ctx: Context, wanted: SessionInput) -> SessionAnswer:
    """One of your sessions with its lines and its running total."""
    return session_answer(await ctx.shop.see(ctx.principal.acting_for(), wanted.session_id))


@router.query("getShoppingSessions", needs=Grant.READ)
async def get_shopping_sessions(ctx: Context, wanted: SessionsInput) -> SessionsAnswer:
    """Your sessions, newest first, page by page."""
    live = [status for status in SessionStatus if status not in ENDED]
    found = await ctx.shop.page(
        ctx.principal.acting_for(),
        statuses=live if wanted.status == "live" else list(SessionStatus),
        after=wanted.cursor,
        limit=wanted.limit + 1,
    )
    shown = tuple(session_shape(one) for one in found[: wanted.limit])
    more = shown[-1].id if len(found) > wanted.limit else None
    return SessionsAnswer(success=True, sessions=shown, next_cursor=more)


@router.mutation("changeShoppingSession", needs=Grant.WRITE)
async def change_shopping_session(ctx: Context, wanted: ChangeSessionInput) -> SessionAnswer:
    """The session paused, resumed, reopened, completed or abandoned.

    Completing books what was spent into the month's budgets.
    """
    return session_answer(
        await ctx.shop.step(
            ctx.principal.acting_for(),
            wanted.session_id,
            SessionVerb(wanted.action),
            stock_pantry=wanted.stock_pantry,
        )
    )


@router.mutation("pickItems", needs=Grant.WRITE)
async def pick_items(ctx: Context, wanted: PickInput) -> SessionAnswer:
    """The session with these lines in the cart; the running total follows."""
    return session_answer(
        await ctx.shop.pick(
            ctx.principal.acting_for(),
            wanted.session_id,
            item_ids=wanted.item_ids,
            price_cents=optional_cents("price", wanted.price),
        )
    )


@router.mutation("putBackItems", needs=Grant.WRITE)
async def put_back_items(ctx: Context, wanted: SessionItemsInput) -> SessionAnswer:
    """The session with these lines still to get."""
    return session_answer(
        await ctx.shop.put_back(
            ctx.principal.acting_for(), wanted.session_id, item_ids=wanted.item_ids
        )
    )


@router.mutation("markUnavailable", needs=Grant.WRITE)
async def mark_unavailable(ctx: Context, wanted: SessionItemsInput) -> SessionAnswer:
    """The session with these lines sold out; they are in no total."""
    return session_answer(
        await ctx.shop.not_there(
            ctx.principal.acting_for(), wanted.session_id, item_ids=wanted.item_ids
        )
    )


@router.mutation("processCheckout", needs=Grant.WRITE, is_tool=True)
async def process_checkout(ctx: Context, wanted: CheckoutInput) -> CheckoutAnswer:
    """A quote with frozen terms; with its confirmation, links that fill the shop's cart.

    Never places an order. Asked again after the hand-off, it gives the same links.
    """
    tolerance = TOLERANCE_BASIS_POINTS
    if wanted.tolerance_percent is not None:
        tolerance = basis_points("tolerancePercent", wanted.tolerance_percent)
    confirmed = wanted.confirmation
    return checkout_answer(
        await ctx.checkout.process(
            ctx.principal.acting_for(),
            wanted.session_id,
            confirmation=None
            if confirmed is None
            else Confirmation(quote_id=confirmed.quote_id, terms_hash=confirmed.terms_hash),
            tolerance_basis_points=tolerance,
        )
    )
