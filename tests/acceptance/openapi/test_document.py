"""Everything that the OpenAPI document promises, tried on the running product."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.schemas import OpenApiSchema

from manciple.api.app_router import app_table
from manciple.platform.rpc.procedure import Kind
from tests.acceptance.openapi.served import a_list, served

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    negative_data_rejection,
]


TABLE = app_table()
# Streams have no end to wait for; the wire's own tests follow them.
ASKED = sorted(path for path in TABLE if TABLE[path].kind is not Kind.SUBSCRIPTION)
# What takes no input cannot be asked wrongly.
TRIED = [
    *((path, GenerationMode.POSITIVE) for path in ASKED),
    *((path, GenerationMode.NEGATIVE) for path in ASKED if TABLE[path].input is not None),
]
EXAMPLES = 5


def _takes(path: str, name: str) -> bool:
    """Whether the input of a procedure has that field."""
    return name in getattr(TABLE[path].input, "__struct_encode_fields__", ())


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenApiSchema]:
    with served(tmp_path_factory.mktemp("served")) as url:
        document = schemathesis.openapi.from_url(f"{url}/openapi.json")
        document.config.update(base_url=url)
        # A text that is too long may also make a body that is: 413 says no as well.
        rejecting = document.config.checks.negative_data_rejection
        rejecting.expected_statuses = [*rejecting.expected_statuses, "413"]
        yield document


def _cases(document: OpenApiSchema, path: str, mode: GenerationMode) -> Any:
    method = "POST" if TABLE[path].kind is Kind.MUTATION else "GET"
    return document[f"/trpc/{path}"][method].as_strategy(generation_mode=mode)


def _about(known: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    return given | {name: value for name, value in known.items() if name in given}


def _try(cases: Any, change: Callable[[Any], None]) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=cases)
    def holds(case: Any) -> None:
        change(case)
        case.call_and_validate(checks=CHECKS, timeout=120)

    holds()


@pytest.mark.xdist_group("openapi")
@pytest.mark.parametrize(("path", "mode"), TRIED)
def test_no_call_breaks_what_the_document_promises(
    document: OpenApiSchema, path: str, mode: GenerationMode
) -> None:
    _try(_cases(document, path, mode), lambda _: None)


@pytest.mark.xdist_group("openapi")
@pytest.mark.parametrize("path", [path for path in ASKED if _takes(path, "listId")])
def test_no_call_about_a_real_list_breaks_it_either(document: OpenApiSchema, path: str) -> None:
    url = str(document.config.base_url)

    def on_a_new_list(case: Any) -> None:
        if isinstance(case.body, dict):
            case.body = _about(a_list(url), case.body)
        elif "input" in (case.query or {}):
            case.query["input"] = json.dumps(_about(a_list(url), json.loads(case.query["input"])))

    _try(_cases(document, path, GenerationMode.POSITIVE), on_a_new_list)


@pytest.mark.xdist_group("openapi")
def test_the_reference_page_is_served_with_all_that_it_needs(document: OpenApiSchema) -> None:
    url = str(document.config.base_url)
    page = requests.get(f"{url}/docs", timeout=120)
    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    wanted = re.findall(r'(?:src|href)="([\w.]+)"', page.text)
    assert {"reference.css", "reference.js", "openapi.json"} <= set(wanted)
    for name in {*wanted, "reference_types.js", "reference_try.js"}:
        assert requests.get(f"{url}/{name}", timeout=120).status_code == 200, name
