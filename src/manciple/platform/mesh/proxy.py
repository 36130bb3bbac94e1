"""Procedures that travel: a service's procedures, called as if they were here.

`await proxy.walmart_price.current(product_id="…")` gives the declared output, wherever it was
made: by an instance of the service, or, where one process is everything, right here.
"""

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any, Protocol

import msgspec

from manciple.kit.errors import InvalidInput, NotFound
from manciple.platform.mesh.line import TIMEOUT_S, Line
from manciple.platform.rpc.bound import Bound
from manciple.platform.rpc.client import Asked
from manciple.platform.rpc.issues import BadInput
from manciple.platform.rpc.procedure import CallContext, Kind, Procedure
from manciple.platform.rpc.wire import ENCODER


class Way(Protocol):
    """How a call gets to its service."""

    async def ask(self, procedure: Procedure, text: bytes | None) -> bytes | None:
        """The output as JSON text, for an input as JSON text."""
        ...


class Inside:
    """No way at all: the procedure runs here, for the same caller."""

    def __init__(self, context: CallContext) -> None:
        self._context = context

    async def ask(self, procedure: Procedure, text: bytes | None) -> bytes | None:
        """The output as JSON text.

        Raises:
            MancipleError: whatever the procedure raised.
        """
        return await _bound(procedure).answer(self._context, lambda: text)


class Outside:
    """Over the line to the service's instances; `private` says on whose behalf."""

    def __init__(
        self, line: Line, private: Mapping[str, str], *, timeout_s: float = TIMEOUT_S
    ) -> None:
        self._line = line
        self._private = private
        self._timeout_s = timeout_s

    async def ask(self, procedure: Procedure, text: bytes | None) -> bytes | None:
        """The output as JSON text.

        Raises:
            Unavailable, Cut, TimedOut: the service did not answer.
            MancipleError: whatever the procedure raised.
        """
        asked = Asked(path=procedure.path, kind=procedure.kind, text=text)
        return await self._line.ask(asked, private=self._private, timeout_s=self._timeout_s)


class ServiceProxy:
    """One service for one caller.

    `paths` are other names of procedures, such as `/api/prices`.
    """

    def __init__(
        self,
        service: str,
        table: Mapping[str, Procedure],
        way: Way,
        *,
        paths: Mapping[str, str] | None = None,
    ) -> None:
        self.service = service
        self._table = table
        self._way = way
        self._paths = paths or {}

    def __getattr__(self, name: str) -> "RouterProxy":
        router = _camel(name)
        if name.startswith("_") or not any(path.startswith(f"{router}.") for path in self._table):
            message = f"there is no router {router!r}"
            raise AttributeError(message)
        return RouterProxy(self, router)

    async def call(self, path: str, wanted: object = None, /, **fields: object) -> Any:
        """The output of a procedure in its declared type, for an input in its own.

        The input is given as it is, as a mapping of wire names, or by its fields.

        Raises:
            NotFound: there is no such procedure.
            InvalidInput: the input does not fit, or the procedure is a subscription.
            MancipleError: whatever it raised, or why it could not be reached.
        """
        procedure = self.find(path)
        output = await self.ask(procedure, _text(procedure, wanted, fields))
        return None if output is None else _decoder(procedure).decode(output)

    async def request(self, path: str, given: Mapping[str, object] | None = None) -> Any:
        """The output of a procedure as plain JSON values; `path` may be one of a URL.

        Raises:
            As `call` does.
        """
        procedure = self.find(path)
        output = await self.ask(procedure, None if given is None else ENCODER.encode(given))
        return None if output is None else msgspec.json.decode(output)

    async def ask(self, procedure: Procedure, text: bytes | None) -> bytes | None:
        """The output as JSON text, for an input as JSON text.

        Raises:
            As `call` does.
        """
        return await self._way.ask(procedure, text)

    def find(self, path: str) -> Procedure:
        """The procedure of a path such as `walmartPrice.current` or `/trpc/walmartPrice.current`.

        Raises:
            NotFound: there is none.
            InvalidInput: it is a subscription, which does not travel.
        """
        known = self._paths.get(path) or path.removeprefix("/trpc/")
        procedure = self._table.get(known)
        if procedure is None:
            raise NotFound("procedure", path)
        if procedure.kind is Kind.SUBSCRIPTION:
            raise InvalidInput.at("path", "is a subscription; follow it at the service's own door")
        return procedure


class RouterProxy:
    """The procedures of one router, as attributes."""

    def __init__(self, service: ServiceProxy, router: str) -> None:
        self._service = service
        self._router = router

    def __getattr__(self, name: str) -> Any:
        path = f"{self._router}.{_camel(name)}"
        try:
            self._service.find(path)
        except NotFound as error:
            raise AttributeError(str(error)) from error
        return partial(self._service.call, path)


def _text(procedure: Procedure, wanted: object, fields: Mapping[str, object]) -> bytes | None:
    if fields:
        try:
            wanted = procedure.input(**fields)
        except TypeError as error:
            issue = {"code": "custom", "path": [], "message": str(error)}
            raise BadInput([issue]) from error
    return None if wanted is None else ENCODER.encode(wanted)


@lru_cache(maxsize=1024)
def _bound(procedure: Procedure) -> Bound:
    return Bound(procedure)


@lru_cache(maxsize=1024)
def _decoder(procedure: Procedure) -> "msgspec.json.Decoder[Any]":
    return msgspec.json.Decoder(procedure.output)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
