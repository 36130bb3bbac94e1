"""The table as an OpenAPI 3.1 document, for every client that does not speak tRPC.

Queries are GETs whose `input` parameter is JSON, mutations are POSTs with a JSON body, and
subscriptions are streams of server-sent events. Batches are left to tRPC clients.
"""

from typing import Any

from msgspec import inspect as types

from manciple.platform.rpc.codes import CODES
from manciple.platform.rpc.fields import Direction, is_tracked, is_upload, may_be_absent
from manciple.platform.rpc.forms import Form
from manciple.platform.rpc.procedure import Kind, Procedure
from manciple.platform.rpc.router import Table
from manciple.platform.rpc.schemas import Schema, Schemas, json_object
from manciple.platform.rpc.shapes import Shapes

_ABOUT = """\
Every procedure of manciple. A success is `{"result": {"data": …}}`, an error `{"error": …}` with
a code by name; `x-needs` is the grant that the caller must hold. TypeScript front ends have it
easier with the tRPC client and the types that `manciple types` writes.
"""
_MEANINGS = {
    "BAD_REQUEST": "The input is wrong; `zodError` says where.",
    "UNAUTHORIZED": "Sign in first.",
    "FORBIDDEN": "The caller lacks what this needs.",
    "NOT_FOUND": "There is no such thing, or none that the caller may see.",
    "TIMEOUT": "It took too long and was given up.",
    "CONFLICT": "It changed since the caller read it; read again, then try again.",
    "PRECONDITION_FAILED": "A rule says no; the message tells which.",
    "PAYLOAD_TOO_LARGE": "The input is over the size limit.",
    "UNSUPPORTED_MEDIA_TYPE": "The body is of a type that is not taken here.",
    "UNPROCESSABLE_CONTENT": "The idempotency key was used for another body.",
    "TOO_MANY_REQUESTS": "Too many calls; `retry-after` says how long to wait.",
    "INTERNAL_SERVER_ERROR": "A defect of ours.",
    "BAD_GATEWAY": "Something outside failed; try later.",
    "SERVICE_UNAVAILABLE": "No answer is possible now; try later.",
}
# A public procedure is refused too where what the caller brings is no good.
_ALWAYS = (
    *("BAD_REQUEST", "UNAUTHORIZED", "FORBIDDEN", "NOT_FOUND", "TIMEOUT", "PAYLOAD_TOO_LARGE"),
    *("TOO_MANY_REQUESTS", "INTERNAL_SERVER_ERROR", "BAD_GATEWAY", "SERVICE_UNAVAILABLE"),
)
_WHERE_CHANGING = (
    "CONFLICT",
    "PRECONDITION_FAILED",
    "UNSUPPORTED_MEDIA_TYPE",
    "UNPROCESSABLE_CONTENT",
)


def openapi(
    table: Table, *, version: str, server_url: str, base_path: str = "/trpc"
) -> dict[str, Any]:
    """The document, the same from run to run for the same table; `base_path` is the wire's."""
    shapes = Shapes(table)
    writer = _Writer(shapes)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "manciple",
            "version": version,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": server_url}],
        "tags": [{"name": name} for name in sorted({_router(path) for path in table})],
        "paths": {f"{base_path}/{path}": writer.path(table[path]) for path in sorted(table)},
        "components": {
            "schemas": writer.schemas.components() | _error_schemas(),
            "responses": {name: _failure(name) for name in _MEANINGS},
        },
    }


class _Writer:
    """Writes one procedure at a time."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self.schemas = Schemas(shapes)

    def path(self, procedure: Procedure) -> dict[str, Any]:
        """The path's one operation, under its method."""
        summary, _, rest = procedure.doc.partition("\n")
        operation = {
            "operationId": procedure.path,
            "tags": [_router(procedure.path)],
            "summary": summary,
            **({"description": rest.strip()} if rest.strip() else {}),
            "x-needs": procedure.needs,
            "x-kind": str(procedure.kind),
        }
        if procedure.kind is Kind.MUTATION:
            return {"post": operation | self._body(procedure) | self._responses(procedure)}
        return {"get": operation | self._parameters(procedure) | self._responses(procedure)}

    def _parameters(self, procedure: Procedure) -> dict[str, Any]:
        takes = self._shapes.inputs[procedure.path]
        found = []
        if takes is not None:
            schema = self.schemas.schema(takes, Direction.INPUT)
            found.append(
                {
                    "name": "input",
                    "in": "query",
                    "required": not may_be_absent(takes),
                    "description": "The input as JSON.",
                    "content": {"application/json": {"schema": schema}},
                }
            )
        if procedure.kind is Kind.SUBSCRIPTION and self._is_resumable(procedure):
            found.append(_LAST_EVENT_ID)
        return {"parameters": found} if found else {}

    def _is_resumable(self, procedure: Procedure) -> bool:
        gives = self._shapes.outputs[procedure.path]
        members = gives.types if isinstance(gives, types.UnionType) else (gives,)
        return any(is_tracked(each) for each in members)

    def _body(self, procedure: Procedure) -> dict[str, Any]:
        takes = self._shapes.inputs[procedure.path]
        if takes is None:
            return {}
        return {
            "requestBody": {"required": not may_be_absent(takes), "content": self._media(takes)}
        }

    def _media(self, takes: types.Type) -> dict[str, Any]:
        if not is_upload(takes):
            return {"application/json": {"schema": self.schemas.schema(takes, Direction.INPUT)}}
        if getattr(takes, "cls", None) is Form:
            return {"multipart/form-data": {"schema": {"type": "object"}}}
        return {"application/octet-stream": {}}

    def _responses(self, procedure: Procedure) -> dict[str, Any]:
        gives = self._shapes.outputs[procedure.path]
        if procedure.kind is Kind.SUBSCRIPTION:
            # A stream that fails has begun with 200 already; its error is an event.
            return {"responses": {"200": _stream(self.schemas.schema(gives, Direction.OUTPUT))}}
        names = set(_ALWAYS)
        names |= set(_WHERE_CHANGING if procedure.kind is Kind.MUTATION else ())
        failures = {
            str(CODES[name].status): {"$ref": f"#/components/responses/{name}"}
            for name in sorted(names, key=lambda name: CODES[name].status)
        }
        return {"responses": {"200": self._success(gives), **failures}}

    def _success(self, gives: types.Type) -> dict[str, Any]:
        """The answer in its envelope, which is empty where nothing is given."""
        is_empty = isinstance(gives, types.NoneType)
        data = {} if is_empty else {"data": self.schemas.schema(gives, Direction.OUTPUT)}
        return _json("Done.", "result", json_object(data))


_LAST_EVENT_ID = {
    "name": "lastEventId",
    "in": "query",
    "required": False,
    "description": "Resume after the item with this id.",
    "schema": {"type": "string"},
}


def _router(path: str) -> str:
    return path.rpartition(".")[0]


def _json(description: str, name: str, inner: Schema) -> dict[str, Any]:
    """A response whose body is an object with one key."""
    media = {"application/json": {"schema": json_object({name: inner})}}
    return {"description": description, "content": media}


def _stream(item: Schema) -> dict[str, Any]:
    return {
        "description": "Items as server-sent events until `return`; an error is the event "
        "`serialized-error`. The data of each message is JSON, described by `x-item`.",
        "content": {"text/event-stream": {"schema": {"type": "string"}, "x-item": item}},
    }


def _failure(name: str) -> dict[str, Any]:
    return _json(_MEANINGS[name], "error", {"$ref": "#/components/schemas/ErrorShape"})


def _error_schemas() -> dict[str, Schema]:
    strings = {"type": "array", "items": {"type": "string"}}
    by_field = {"type": "object", "additionalProperties": strings}
    problems = {"$ref": "#/components/schemas/InputProblems"}
    data = json_object(
        {
            "code": {"enum": list(CODES)},
            "httpStatus": {"type": "integer"},
            "path": {"type": "string"},
            "zodError": {"anyOf": [problems, {"type": "null"}]},
        },
        {"path"},
    )
    number = {"type": "integer", "description": "The JSON-RPC number of the code."}
    return {
        "ErrorShape": json_object({"message": {"type": "string"}, "code": number, "data": data}),
        "InputProblems": json_object({"formErrors": strings, "fieldErrors": by_field}),
    }
