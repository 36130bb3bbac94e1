"""How sessions, quotes and hand-offs are printed."""

import typer

from manciple.api.shapes_checkout import CheckoutAnswer
from manciple.api.shapes_sessions import SessionAnswer, Till
from manciple.cli.list_tables import MARKS
from manciple.cli.output import counted, money, print_table


def print_session(answer: SessionAnswer) -> None:
    """A table of the lines, the running total and the warnings."""
    session = answer.session
    rows = [
        (
            number,
            MARKS[line.status],
            line.department,
            f"{line.quantity} {line.unit}" if line.unit else line.quantity,
            line.name,
            money(line.estimated_price),
        )
        for number, line in enumerate(answer.lines, start=1)
    ]
    title = f"{answer.list_name} · {session.type.replace('_', '-')} · {session.status}"
    print_table(("#", "", "department", "quantity", "item", "price"), rows, title=title)
    typer.echo(f"In the cart {_till(answer.picked)} of {_till(answer.everything)}")
    if answer.budget_left is not None:
        typer.echo(f"Left of the limit {money(answer.budget_left)}")
    if answer.lines_without_price:
        typer.echo(f"{counted(answer.lines_without_price, 'line')} without a known price")
    for warning in answer.warnings:
        typer.echo(f"! {warning}")


def print_checkout(answer: CheckoutAnswer) -> None:
    """The quote, or the links of the hand-off, and what they leave out."""
    if not answer.cart_links:
        _print_quote(answer)
    for change in answer.changes:
        was, now = (money(one) or "–" for one in (change.was, change.now))
        typer.echo(f"changed: {change.name}: {was} → {now}")
    for link in answer.cart_links:
        typer.echo(link)
    for line in answer.not_handed_over if answer.cart_links else answer.quote.left_out:
        typer.echo(f"not handed over: {line.name} ({line.reason.replace('_', ' ')})")
    typer.echo(answer.message)


def _print_quote(answer: CheckoutAnswer) -> None:
    quote = answer.quote
    rows = [
        (
            line.packages,
            line.name + (" (instead)" if line.instead_of else ""),
            money(line.price),
            line.stated.source if line.stated else None,
            money(line.line_total),
        )
        for line in quote.lines
    ]
    title = f"Quote, good until {quote.expires_at:%H:%M} UTC"
    print_table(("packages", "product", "price", "by", "together"), rows, title=title)
    typer.echo(f"Total {_till(quote.till)}")
    if quote.items_without_price:
        typer.echo(f"{counted(quote.items_without_price, 'product')} without a known price")


def _till(till: Till) -> str:
    text = f"${till.total}"
    if till.low != till.high:
        text += f" (${till.low} to ${till.high}, by weight)"
    parts = [
        f"{name} ${part}" for name, part in (("tax", till.tax), ("deposit", till.deposit)) if part
    ]
    return text + (f" with {' and '.join(parts)}" if parts else "")
