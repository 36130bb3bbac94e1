"""What the OpenAPI document says, and that it is one."""

import json
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # ships no types
import msgspec
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31

from manciple.platform.rpc.openapi import openapi
from manciple.platform.rpc.procedure import Kind
from tests.snapshots.held import held
from tests.unit.platform.rpc_faces.tricky import Category, Money, Thing, WantedThings, table

DOCUMENT = openapi(table, version="0", server_url="/")
SCHEMAS = DOCUMENT["components"]["schemas"]


def _operation(path: str) -> dict[str, Any]:
    (operation,) = DOCUMENT["paths"][f"/trpc/{path}"].values()
    assert isinstance(operation, dict)
    return operation


def _is_valid(value: object, name: str) -> bool:
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    return bool(jsonschema.Draft202012Validator(schema).is_valid(value))


def test_the_tricky_document_is_as_the_snapshot_says() -> None:
    held("tricky_openapi.json", json.dumps(DOCUMENT, indent=1, ensure_ascii=False) + "\n")


def test_the_document_fits_the_schema_of_openapi_3_1() -> None:
    jsonschema.Draft202012Validator(OPENAPI_31).validate(DOCUMENT)


def test_every_schema_in_it_is_a_json_schema() -> None:
    for schema in SCHEMAS.values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_reference_leads_somewhere() -> None:
    found = set()

    def walk(part: object) -> None:
        if isinstance(part, dict):
            found.update([part["$ref"]] if "$ref" in part else [])
            found.update(part.get("mapping", {}).values() if "propertyName" in part else [])
            for inner in part.values():
                walk(inner)
        elif isinstance(part, list):
            for inner in part:
                walk(inner)

    walk(DOCUMENT)
    for reference in found:
        _, components, kind, name = reference.split("/")
        assert name in DOCUMENT[components][kind]


@pytest.mark.parametrize("path", table)
def test_every_procedure_has_an_operation_of_its_method(path: str) -> None:
    is_mutation = table[path].kind is Kind.MUTATION
    assert list(DOCUMENT["paths"][f"/trpc/{path}"]) == ["post" if is_mutation else "get"]
    assert _operation(path)["operationId"] == path
    assert _operation(path)["x-needs"] == table[path].needs
    assert table[path].doc.startswith(_operation(path)["summary"])


def test_the_input_of_a_query_is_a_parameter_of_json() -> None:
    (parameter,) = _operation("walmartGrocery.search")["parameters"]
    assert parameter["required"]
    assert "application/json" in parameter["content"]


def test_an_input_that_may_be_left_out_is_not_required() -> None:
    assert not _operation("walmartGrocery.anything")["parameters"][0]["required"]
    assert not _operation("auth.whoAmI")["parameters"][0]["required"]


def test_a_stream_that_can_be_resumed_takes_the_last_id() -> None:
    names = [each["name"] for each in _operation("groceryNLPQueue.onProgress")["parameters"]]
    assert names == ["input", "lastEventId"]
    assert "parameters" not in _operation("auth.logout")


def test_what_a_caller_brings_may_be_refused_by_public_procedures_too() -> None:
    for path in ("auth.logout", "walmartGrocery.search"):
        assert {"401", "403"} <= _operation(path)["responses"].keys()


def test_only_a_change_can_meet_another_change() -> None:
    assert {"409", "412", "422"} <= _operation("auth.logout")["responses"].keys()
    assert "409" not in _operation("walmartGrocery.search")["responses"]


def _thing() -> dict[str, Any]:
    made = {
        "thingId": "a",
        "aisle": "dairy",
        "measure": {"kind": "counted", "pieces": 2},
        "seenAt": "2026-01-02T03:04:05Z",
        "key": "00000000-0000-4000-8000-000000000000",
        "place": [1, 2],
        "at": [1.5],
        "spans": [1, "a", True],
        "category": {"title": "Food", "children": [{"title": "Milk"}]},
    }
    msgspec.convert(made, Thing)
    return made


def test_what_the_decoder_takes_fits_the_input_schema() -> None:
    assert _is_valid(_thing(), "ThingInput")
    assert _is_valid({"query": "milk", "limit": 100, "cursor": None}, "WantedThings")


@pytest.mark.parametrize(
    "changed",
    [
        {"aisle": "bakery"},
        {"measure": {"kind": "poured"}},
        {"spans": [1, "a"]},
        {"place": [1, 2, 3]},
        {"category": {"children": []}},
        {"state": "broken"},
    ],
)
def test_what_the_decoder_refuses_does_not_fit_the_input_schema(changed: dict[str, Any]) -> None:
    value = _thing() | changed
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(value, Thing)
    assert not _is_valid(value, "ThingInput")


def test_limits_of_fields_are_in_the_schema() -> None:
    for wrong in ({"query": ""}, {"query": "a", "limit": 0}, {"query": "a", "limit": 101}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(wrong, WantedThings)
        assert not _is_valid(wrong, "WantedThings")


def test_what_is_encoded_fits_the_output_schema_and_lacks_nothing() -> None:
    encoded = json.loads(msgspec.json.encode(Category(title="Food")))
    assert _is_valid(encoded, "Category")
    assert not _is_valid({"title": "Food"}, "Category")


def test_a_decimal_is_taken_as_text_too_and_always_given_as_a_number() -> None:
    for written in (4.5, "4.5", "-3"):
        msgspec.convert({"amount": written}, Money)
        assert _is_valid({"amount": written}, "MoneyInput")
    assert not _is_valid({"amount": "a lot"}, "MoneyInput")
    assert not _is_valid({"amount": "4.5", "currency": "USD"}, "Money")
