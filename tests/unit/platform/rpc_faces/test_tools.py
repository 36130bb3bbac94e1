"""What models are told of tools: names, titles, and schemas that stand alone."""

import json
from dataclasses import replace
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # ships no types
import msgspec
import pytest

from manciple.platform.rpc.forms import ByteStream, Form
from manciple.platform.rpc.procedure import Kind
from manciple.platform.rpc.tools import Tools
from tests.snapshots.held import held
from tests.unit.platform.rpc_faces.tricky import table

UPLOADS = {path for path, one in table.items() if one.input in {Form, ByteStream}}
TABLE = table.changed(
    lambda one: replace(one, is_tool=one.kind is not Kind.SUBSCRIPTION and one.path not in UPLOADS)
)
TOOLS = Tools(TABLE).by_name


def told(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(TOOLS[name].description)
    return found


def references(part: object) -> set[str]:
    """Everything that a schema refers to."""
    if isinstance(part, dict):
        own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
        return own.union(*map(references, part.values()))
    return set[str]().union(*map(references, part)) if isinstance(part, list) else set()


def test_the_tricky_tools_are_as_the_snapshot_says() -> None:
    tools = [told(name) for name in TOOLS]
    held("tricky_tools.json", json.dumps(tools, indent=1, ensure_ascii=False) + "\n")


def test_only_what_says_so_is_a_tool() -> None:
    assert Tools(table).by_name == {}
    assert list(TOOLS) == sorted(TOOLS)
    assert {tool.path for tool in TOOLS.values()} == {p for p, one in TABLE.items() if one.is_tool}


def test_a_tool_has_a_name_a_title_and_the_words_of_its_procedure() -> None:
    said = told("walmartGrocery_getThing")
    assert said["title"] == "Walmart grocery: get thing"
    assert said["description"] == "One thing, or nothing."


def test_only_a_query_is_said_to_change_nothing() -> None:
    for name, tool in TOOLS.items():
        is_query = TABLE[tool.path].kind is Kind.QUERY
        assert told(name)["annotations"]["readOnlyHint"] is is_query


@pytest.mark.parametrize("name", TOOLS)
def test_arguments_are_an_object_and_schemas_refer_to_themselves_alone(name: str) -> None:
    said = told(name)
    assert said["inputSchema"]["type"] == "object"
    assert said.get("outputSchema", {"type": "object"})["type"] == "object"
    for schema in (said["inputSchema"], said.get("outputSchema", {})):
        jsonschema.Draft202012Validator.check_schema(schema)
        assert references(schema) == {f"#/$defs/{each}" for each in schema.get("$defs", {})}
        assert "components" not in json.dumps(schema)


def test_what_takes_nothing_takes_an_empty_object() -> None:
    assert told("auth_logout")["inputSchema"] == {"type": "object", "properties": {}}


def test_an_input_that_is_no_object_is_one_argument() -> None:
    schema = told("auth_whoAmI")["inputSchema"]
    assert TOOLS["auth_whoAmI"].is_wrapped
    assert list(schema["properties"]) == ["input"]
    assert "required" not in schema
    assert not TOOLS["walmartGrocery_search"].is_wrapped


def test_only_an_output_that_is_an_object_is_described() -> None:
    assert "outputSchema" in told("walmartGrocery_search")
    for name in ("walmartGrocery_getThing", "auth_whoAmI", "auth_logout"):
        assert "outputSchema" not in told(name)


def test_what_holds_itself_is_described_once() -> None:
    schema = told("walmartGrocery_search")["outputSchema"]
    assert list(schema["$defs"]) == ["Category"]
    leaf: dict[str, Any] = {"title": "Milk", "children": []}
    category = {"title": "Dairy", "children": [leaf]}
    shape = schema["properties"]["items"]["items"]["properties"]["category"]
    validator = jsonschema.Draft202012Validator(shape | {"$defs": schema["$defs"]})
    assert validator.is_valid(category)
    leaf["children"] = [{"title": 7}]
    assert not validator.is_valid(category)


def test_a_field_may_have_any_name() -> None:
    class Odd(msgspec.Struct):
        properties: int
        discriminator: str
        ref: int = msgspec.field(name="$ref")

    procedure = replace(TABLE["auth.whoAmI"], input=Odd)
    (tool,) = Tools({"auth.whoAmI": procedure}).by_name.values()
    schema = json.loads(tool.description)["inputSchema"]
    assert list(schema["properties"]) == ["properties", "discriminator", "$ref"]


@pytest.mark.parametrize("path", UPLOADS)
def test_an_upload_is_no_tool(path: str) -> None:
    tools = Tools({path: replace(table[path], is_tool=True)})
    with pytest.raises(TypeError, match="upload"):
        tools.by_name.get(path)
