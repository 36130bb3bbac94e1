"""What clients see of the product: a change of these files is a change of the wire."""

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # ships no types
from schemathesis.specs.openapi.definitions import OPENAPI_31

from manciple.api.app_router import app_table
from manciple.platform.rpc.openapi import openapi
from manciple.platform.rpc.tools import Tools
from manciple.platform.rpc.typescript import typescript
from manciple.platform.security.permissions import Grant
from manciple.services.doors.models_door import INSTRUCTIONS
from tests.snapshots.held import held

TABLE = app_table()


def test_the_types_of_all_procedures_are_as_the_snapshot_says() -> None:
    held("app_router.ts", typescript(TABLE))


def test_the_document_of_all_procedures_is_as_the_snapshot_says() -> None:
    document = openapi(TABLE, version="0", server_url="/")
    held("openapi.json", json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def test_the_document_of_all_procedures_is_one_of_openapi_3_1() -> None:
    document = openapi(TABLE, version="0", server_url="/")
    jsonschema.Draft202012Validator(OPENAPI_31).validate(document)


def test_the_tools_of_models_are_as_the_snapshot_says() -> None:
    tools = [json.loads(tool.description) for tool in Tools(TABLE).by_name.values()]
    held("mcp_tools.json", json.dumps(tools, indent=1, ensure_ascii=False) + "\n")


def test_tools_say_of_ids_cursors_and_amounts_where_they_come_from_or_in_what() -> None:
    unsaid = [
        f"{name}.{argument}"
        for name, tool in Tools(TABLE).by_name.items()
        for argument, schema in _arguments(json.loads(tool.description)["inputSchema"])
        if "description" not in schema
        and (re.search("(Ids?|^cursor|^token|^month)$", argument) or "number" in schema["type"])
    ]
    assert unsaid == []


def _arguments(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The arguments of a schema by their names, with those of the objects in its lists."""
    for name, inner in schema.get("properties", {}).items():
        yield name, {"type": (), **inner}
        yield from _arguments(inner.get("items", {}))


def test_every_tool_is_taken_by_the_clients_of_models() -> None:
    for name, tool in Tools(TABLE).by_name.items():
        described = json.loads(tool.description)
        assert re.fullmatch(r"[a-zA-Z0-9_-]{1,48}", name)
        assert described["inputSchema"]["type"] == "object"
        assert b'"$ref"' not in tool.description
        for schema in ("inputSchema", "outputSchema"):
            jsonschema.Draft202012Validator.check_schema(described[schema])


def test_models_are_told_of_tools_that_there_are() -> None:
    named = set(re.findall(r"\b[a-zA-Z]+_[a-zA-Z]+\b", INSTRUCTIONS))
    assert named
    assert named <= Tools(TABLE).by_name.keys()


def test_every_grant_that_a_procedure_needs_is_one_of_ours() -> None:
    assert {procedure.needs for procedure in TABLE.values()} <= set(Grant)
