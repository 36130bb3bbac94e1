"""`manciple ask "…"`: one plain sentence, its plan, a yes, and it is done."""

import sys
from typing import Annotated

import typer

from manciple.api import agent
from manciple.api.context import Context
from manciple.api.shapes_agent import AskAnswer, PreviewLine, SentenceInput, TokenInput
from manciple.cli.asking import in_context
from manciple.cli.output import JsonOption, print_json

_LAST_HAND_OFF = 2


def ask(
    ctx: typer.Context,
    sentence: Annotated[
        list[str], typer.Argument(metavar="SENTENCE…", help="What you want, in plain English.")
    ],
    *,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Carry the plan out without asking.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Answer a sentence, or show what it would change and do it after a yes.

    Without a terminal and without --yes nothing is changed: say "yes" in the next call.
    """
    text = " ".join(sentence)

    async def work(context: Context) -> AskAnswer:
        answer = await agent.ask(context, SentenceInput(sentence=text))
        # A checkout asks twice: for the quote, and for the hand-off with its total.
        for _ in range(_LAST_HAND_OFF):
            if answer.token is None or not _is_wanted(answer, yes=yes, as_json=as_json):
                return answer
            answer = await agent.confirm(context, TokenInput(token=answer.token))
        return answer

    answer = in_context(ctx, work)
    if as_json:
        print_json(answer)
    elif answer.token is None or answer.done:
        sys.stdout.write(f"{answer.answer}\n")


def _is_wanted(answer: AskAnswer, *, yes: bool, as_json: bool) -> bool:
    """Whether the person says yes to the plan, which they are shown."""
    if not as_json:
        sys.stdout.write(_shown(answer))
    if yes or as_json or not sys.stdin.isatty():
        return yes
    return typer.confirm("Do it?", default=False)


def _shown(answer: AskAnswer) -> str:
    lines = [_line(line) for line in answer.plan.preview] if answer.plan else []
    return "\n".join([*lines, answer.answer]) + "\n"


def _line(line: PreviewLine) -> str:
    cost = f"${line.price}" if line.price is not None else "price not known"
    parts = [
        f"{line.quantity} × {line.text}" if line.quantity else line.text,
        cost if line.is_priced else "",
        line.why or "",
    ]
    others = ", ".join(option.label for option in line.alternatives)
    told = "  " + " · ".join(part for part in parts if part)
    return f"{told}\n      or: {others}" if others else told
