"""What clients see of the product: a change of these files is a change of the wire."""

import json

import jsonschema  # type: ignore[import-untyped]  # ships no types
from schemathesis.specs.openapi.definitions import OPENAPI_31

from manciple.api.app_router import app_table
from manciple.platform.rpc.openapi import openapi
from manciple.platform.rpc.typescript import typescript
from manciple.platform.security.permissions import Grant
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


def test_every_grant_that_a_procedure_needs_is_one_of_ours() -> None:
    assert {procedure.needs for procedure in TABLE.values()} <= set(Grant)
