"""Names of services as people type them: `pricing`, or `pri`, for `walmart-pricing`."""

import difflib
from typing import Annotated

import typer

from manciple.kit.errors import NotFound
from manciple.services.table import SERVICES

_PREFIX = "walmart-"

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="The service: `walmart-pricing`, `pricing`, `pri`.")
]


def service_named(text: str, *also: str) -> str:
    """The full name of the service that is meant, or one of `also`; its beginning is enough.

    Raises:
        NotFound: there is none such; what comes close is brought to mind.
    """
    known = {spec.name.removeprefix(_PREFIX): spec.name for spec in SERVICES}
    known |= {name: name for name in also}
    wanted = text.removeprefix(_PREFIX)
    if wanted in known:
        return known[wanted]
    begun = [name for name in known if name.startswith(wanted)]
    if len(begun) == 1 and wanted:
        return known[begun[0]]
    close = difflib.get_close_matches(wanted, known, n=1)
    hint = f"did you mean {close[0]}?" if close else f"the services are {', '.join(known)}"
    typer.echo(f"manciple: {hint}", err=True)
    raise NotFound("service", text)
