"""A progress bar on standard error, on a terminal only."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


@contextmanager
def bar(what: str, *, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Shows how far `what` has come; call what it yields with how many are done, in any thread.

    It appears with the first call and goes with the last, so work that turns out to be done
    already shows nothing. In a pipe it never appears.
    """
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    task = progress.add_task(what, total=total)

    def show(done: int) -> None:
        progress.start()
        progress.update(task, completed=done)
        if total is not None and done >= total:
            progress.stop()

    try:
        yield show
    finally:
        progress.stop()
