"""Routers collect procedures; a table of them is all that a client can ask."""

import inspect
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from manciple.platform.rpc.procedure import AtOnceFunction, Function, Kind, Procedure, Ready

F = TypeVar("F", bound=Function)

# The client's proxy cannot reach these names; see the wire's vocabulary.
_RESERVED = frozenset({"then", "call", "apply"})
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9]*")


class Router:
    """Procedures under one name. Several routers may share a name, and a table joins them."""

    def __init__(self, name: str) -> None:
        _check_name(name)
        self.name = name
        self.procedures: list[Procedure] = []

    def query(
        self, name: str, *, needs: str, is_tool: bool = False, at_once: AtOnceFunction | None = None
    ) -> Callable[[F], F]:
        """Adds a function that reads and changes nothing."""
        return self._add(name, Kind.QUERY, needs=needs, is_tool=is_tool, at_once=at_once)

    def mutation(
        self, name: str, *, needs: str, is_tool: bool = False, at_once: AtOnceFunction | None = None
    ) -> Callable[[F], F]:
        """Adds a function that may change something."""
        return self._add(name, Kind.MUTATION, needs=needs, is_tool=is_tool, at_once=at_once)

    def subscription(self, name: str, *, needs: str) -> Callable[[F], F]:
        """Adds a function whose items go to the client as they come.

        It is an async generator; or a coroutine, which gives its items once they miss nothing, and
        only then is the client told that it is connected. What it gives is closed by `aclose`.
        """
        return self._add(name, Kind.SUBSCRIPTION, needs=needs, is_tool=False, at_once=None)

    def _add(
        self, name: str, kind: Kind, *, needs: str, is_tool: bool, at_once: AtOnceFunction | None
    ) -> Callable[[F], F]:
        _check_name(name)

        def keep(function: F) -> F:
            path = f"{self.name}.{name}"
            takes, gives = _signature(path, function, kind)
            self.procedures.append(
                Procedure(
                    path=path,
                    kind=kind,
                    needs=str(needs),
                    input=takes,
                    output=gives,
                    call=function,
                    doc=inspect.getdoc(function) or "",
                    is_tool=is_tool,
                    at_once=at_once,
                )
            )
            return function

        return keep


class Table(Mapping[str, Procedure]):
    """Every procedure by its full dotted path; nothing but a registered path resolves."""

    def __init__(self, *routers: Router) -> None:
        self._by_path: dict[str, Procedure] = {}
        for router in routers:
            for procedure in router.procedures:
                if procedure.path in self._by_path:
                    message = f"two procedures on path {procedure.path!r}"
                    raise ValueError(message)
                self._by_path[procedure.path] = procedure

    def changed(self, change: Callable[[Procedure], Procedure]) -> "Table":
        """The table with each procedure as `change` gives it; their paths stay."""
        table = Table()
        table._by_path = {path: change(procedure) for path, procedure in self.items()}
        return table

    def __getitem__(self, path: str) -> Procedure:
        return self._by_path[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_path)

    def __len__(self) -> int:
        return len(self._by_path)


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or name in _RESERVED:
        message = f"{name!r} cannot be the name of a router or a procedure"
        raise ValueError(message)


def _signature(path: str, function: Function, kind: Kind) -> tuple[Any, Any]:
    """The input and output types of a procedure's function: `(ctx)` or `(ctx, wanted)`."""
    hints = get_type_hints(function, include_extras=True)
    gives = hints.pop("return", None)
    names = list(inspect.signature(function).parameters)
    if not function.__doc__ or gives is None or not 1 <= len(names) <= 2:  # noqa: PLR2004 - context, input
        message = f"{path} needs a docstring, (ctx) or (ctx, input), and a return type"
        raise TypeError(message)
    takes = hints[names[1]] if len(names) > 1 else None
    if kind is Kind.SUBSCRIPTION:
        if get_origin(gives) is not AsyncIterator:
            message = f"{path} is a subscription and must return AsyncIterator[...]"
            raise TypeError(message)
        (gives,) = get_args(gives)
    if get_origin(gives) is Ready:
        (gives,) = get_args(gives)
    return takes, gives
