"""The `manciple` command. Its commands live in modules of their own, imported when called."""

import importlib
import importlib.metadata
import sys
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
import typer.core
import typer.main

from manciple.cli.failures import DEFECT, exit_code, tell, tell_defect
from manciple.kit.errors import InvalidInput, MancipleError
from manciple.services.settings import load


class Entry(NamedTuple):
    """Where a command lives: `attribute` is a `typer.Typer` or a function; `line` is for help.

    Hidden ones are called by the program itself.
    """

    module: str
    attribute: str
    line: str


# A new command is one line here.
COMMANDS: dict[str, Entry] = {
    "serve": Entry("serve", "serve", "Start everything in one process and say what to open."),
    "up": Entry("up", "up", "Start the six services as processes, and watch over them."),
    "status": Entry("mesh_orders", "status", "Show how the processes of `up` are."),
    "scale": Entry("mesh_orders", "scale", "Set how many instances of a service run."),
    "drain": Entry("mesh_orders", "drain", "Replace one instance, gracefully."),
    "restart": Entry("mesh_orders", "restart", "Replace all instances one by one."),
    "logs": Entry("mesh_logs", "logs", "Read the log of a service."),
    "down": Entry("mesh_orders", "down", "End the processes of `up`."),
    "ask": Entry("ask", "ask", "Say what you want in plain English, and confirm it."),
    "search": Entry("search", "search", "Find products by what a shopper types."),
    "index": Entry("index", "index", "Check and rebuild the search index."),
    "call": Entry("call", "call", "Call any procedure, here or on a running server."),
    "types": Entry("types", "write_types", "Write the TypeScript types of every procedure."),
    "catalog": Entry("catalog", "catalog", "Show and import products."),
    "backup": Entry("backup", "backup", "Copy the database, even while it is in use."),
    "restore": Entry("backup", "restore", "Put a copy in the place of the database."),
    "doctor": Entry("doctor", "doctor", "Examine the database without changing it."),
    "user": Entry("user", "user", "Say who may sign in."),
    "household": Entry("household", "household", "Shop together: households, their members."),
    "token": Entry("token", "token", "Let programs of yours in."),
    "jobs": Entry("jobs", "jobs", "Show work that failed for good, and try it again."),
    "audit": Entry("audit", "audit", "Read and check the audit trail."),
    "config": Entry("config", "show_config", "Print every setting and where its value comes from."),
    "understand": Entry("understand", "understand", "Tell what a sentence means, offline."),
    "list": Entry("lists", "lists", "Keep grocery lists."),
    "shop": Entry("shop", "shop", "Shop from a list, to the hand-off to the shop's cart."),
    "plan": Entry("plan", "plan", "Find the cheapest package sizes for an amount."),
    "price": Entry("price", "price", "Look up, compare and record prices."),
    "pantry": Entry("pantry", "pantry", "Keep what is at home, and the staples."),
    "budget": Entry("budget", "budget", "Keep within a budget."),
    "prefer": Entry("prefer", "prefer", "Say what you like and cannot eat."),
    "orders": Entry("orders", "orders", "Import, list and read orders."),
    "substitutes": Entry("substitutes", "substitutes", "Find what stands in for a product."),
    "recommend": Entry("recommend", "recommend", "Predict next baskets from earlier orders."),
    "webhook": Entry("webhook", "webhook", "Send events to programs of yours, signed."),
    "notify": Entry("notify", "notify", "Be told of prices, stock, lists and budgets."),
    "page": Entry("page", "page", "Read saved pages of the shop."),
    "fake-retailer": Entry(
        "fake_retailer", "fake_retailer", "Run a made-up shop on this machine, faults and all."
    ),
}


class LazyCommands(typer.core.TyperGroup):
    """Lists commands without importing them, so that help and completion stay fast."""

    def list_commands(self, ctx: Any) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A stand-in with name and help; `resolve_command` replaces it by the real one."""
        del ctx
        entry = COMMANDS.get(cmd_name)
        return entry and typer.core.TyperCommand(cmd_name, help=entry.line)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that `args` begin with, imported now."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, _imported(name) if name in COMMANDS else command, rest


def _imported(name: str) -> Any:
    entry = COMMANDS[name]
    found = getattr(importlib.import_module(f"manciple.cli.{entry.module}"), entry.attribute)
    if isinstance(found, typer.Typer):
        # Not `get_command`, which would have each group offer to install completion, too.
        command: Any = typer.main.get_group(found)
    else:
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        alone.command(name)(found)
        command = typer.main.get_command(alone)
    command.name = name
    return command


app = typer.Typer(
    cls=LazyCommands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 done, 1 failed, 2 wrong usage or input, 3 not found, 4 refused, "
    "5 unavailable now, 70 a defect of ours, 130 interrupted.",
)


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        typer.echo(f"manciple {importlib.metadata.version('manciple')}")
        raise typer.Exit


@app.callback()
def manciple(
    ctx: typer.Context,
    *,
    config: Annotated[
        Path | None, typer.Option(help="TOML file of settings; else ./manciple.toml if it exists.")
    ] = None,
    db: Annotated[Path | None, typer.Option(help="The database file to use.")] = None,
    assign: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="ROOM.NAME=VALUE", help="Any setting; see `config`."),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it and exit.")
    ] = False,
) -> None:
    """Finds groceries, keeps lists and watches prices for a household or another program."""
    del version
    arguments = dict(_assignment(text) for text in assign or [])
    if db:
        arguments["database.path"] = str(db)
    ctx.obj = load(arguments, file=config)
    for warning in ctx.obj.warnings:
        typer.echo(f"manciple: warning: {warning}", err=True)


def _assignment(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise InvalidInput.at("--set", f"expected ROOM.NAME=VALUE, not {text!r}")
    return key.strip(), value


def main() -> None:
    """Runs one command and exits with its code."""
    try:
        app(prog_name="manciple")
    except MancipleError as error:
        tell(error)
        sys.exit(exit_code(error))
    except KeyboardInterrupt:
        sys.exit(130)
    # house: catches - the command line's own door
    except Exception as error:  # noqa: BLE001 - as above
        tell_defect(error)
        sys.exit(DEFECT)
