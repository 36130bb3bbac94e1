"""The agent: plain sentences in; answers and plans out. Nothing changes without a yes."""

from manciple.api.context import Context
from manciple.api.shapes_agent import (
    AskAnswer,
    CorrectionInput,
    CorrectionsAnswer,
    ForgetInput,
    ForgottenAnswer,
    SentenceInput,
    TokenInput,
    ask_answer,
    correction_shape,
)
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("agent")


@router.query("understand", needs=Grant.READ, is_tool=True)
async def understand(ctx: Context, wanted: SentenceInput) -> AskAnswer:
    """What a sentence would come to: its plan without a token. Nothing is kept of it."""
    return ask_answer(await ctx.agent.understand(ctx.principal.acting_for(), wanted.sentence))


@router.mutation("ask", needs=Grant.WRITE, is_tool=True)
async def ask(ctx: Context, wanted: SentenceInput) -> AskAnswer:
    """The answer to a sentence, in the light of those before; changes wait for a yes."""
    return ask_answer(await ctx.agent.ask(ctx.principal.acting_for(), wanted.sentence))


@router.mutation("confirm", needs=Grant.WRITE, is_tool=True)
async def confirm(ctx: Context, wanted: TokenInput) -> AskAnswer:
    """The plan of a token carried out, once; asked again, it only tells so."""
    return ask_answer(await ctx.agent.confirm(ctx.principal.acting_for(), wanted.token))


@router.mutation("drop", needs=Grant.WRITE)
async def drop(ctx: Context) -> ForgottenAnswer:
    """Whatever waited for a yes, waits no more."""
    dropped = await ctx.agent.drop(ctx.principal.acting_for())
    return ForgottenAnswer(success=True, forgotten=int(dropped))


@router.query("corrections", needs=Grant.READ)
async def corrections(ctx: Context) -> CorrectionsAnswer:
    """What your household means by its words, as it corrected them."""
    found = await ctx.correct.all(ctx.principal.acting_for())
    return CorrectionsAnswer(corrections=tuple(correction_shape(one) for one in found))


@router.mutation("correct", needs=Grant.WRITE)
async def correct(ctx: Context, wanted: CorrectionInput) -> CorrectionsAnswer:
    """The corrections, with what is meant by this phrase from now on."""
    found = await ctx.correct.keep(
        ctx.principal.acting_for(),
        wanted.phrase,
        meant=wanted.meant,
        product_id=wanted.product_id,
    )
    return CorrectionsAnswer(corrections=tuple(correction_shape(one) for one in found))


@router.mutation("forgetCorrections", needs=Grant.WRITE)
async def forget_corrections(ctx: Context, wanted: ForgetInput) -> ForgottenAnswer:
    """What is meant by a phrase, forgotten; without a phrase, all of it."""
    count = await ctx.correct.forget(ctx.principal.acting_for(), wanted.phrase)
    return ForgottenAnswer(success=True, forgotten=count)
