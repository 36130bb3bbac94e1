"""The document of events, held against the schema of AsyncAPI 3 and against real messages."""

import json
from datetime import UTC, datetime
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # ships no types
import pytest

from manciple.api.event_documents import asyncapi
from manciple.platform.bus import frames
from manciple.platform.bus.news import Gap, Lagged
from tests.node.installed import installed

DOCUMENT = asyncapi(version="1.0.0", host="localhost:8080")
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def schema() -> Any:
    path = installed() / "node_modules/@asyncapi/specs/schemas/3.0.0-without-$id.json"
    return json.loads(path.read_text(encoding="utf-8"))


def problems(schema: Any, document: Any) -> list[str]:
    found = jsonschema.Draft7Validator(schema).iter_errors(document)
    return [f"{error.json_path}: {error.message}"[:300] for error in found]


def test_the_document_is_one_of_asyncapi_3(schema: Any) -> None:
    assert problems(schema, DOCUMENT) == []


@pytest.mark.parametrize("missing", ["info", "asyncapi"])
def test_a_document_without_its_parts_is_not(schema: Any, missing: str) -> None:
    assert problems(schema, {name: part for name, part in DOCUMENT.items() if name != missing})


def fits(name: str, message: Any) -> bool:
    """Whether a message is as the document says."""
    payload = DOCUMENT["components"]["messages"][name]["payload"]
    whole = {"components": DOCUMENT["components"], **payload}
    return not list(jsonschema.Draft202012Validator(whole).iter_errors(message))


def test_a_message_of_the_sockets_is_as_the_document_says() -> None:
    facts = {"listId": "list_1", "userId": "ann", "householdId": "home", "isShared": True}
    told = frames.event(event_id=17, topic="list.shared", at=NOON, facts=json.dumps(facts).encode())
    message = json.loads(told)

    assert fits("list_shared", message)
    assert not fits("list_shared", {**message, "isShared": "yes"})
    assert not fits("list_shared", {**message, "type": "list.created"})
    assert not fits("list_shared", {k: v for k, v in message.items() if k != "id"})


@pytest.mark.parametrize(
    "said",
    [
        frames.welcome("ws_1", channels=["*"], is_signed_in=True),
        frames.subscribed(["list.*"]),
        frames.unsubscribed([]),
        frames.lagged(Lagged(missed=3, last_missed_id=17)),
        frames.gap(Gap(after_id=1, before_id=9)),
        frames.refusal("no"),
        frames.pong(),
        frames.reconnect(1000),
    ],
)
def test_what_the_house_says_of_a_connection_is_as_the_document_says(said: bytes) -> None:
    message = json.loads(said)
    name = message["type"].replace(".", "_")
    documented = DOCUMENT["components"]["messages"][name]["payload"]["properties"]

    assert fits(name, message)
    assert set(message) == set(documented)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("subscribe", {"type": "subscribe", "channels": ["*"], "lastEventId": "17"}),
        ("unsubscribe", {"type": "unsubscribe", "channels": ["*"]}),
        ("auth", {"type": "auth", "token": "t"}),
        ("ping", {"type": "ping"}),
    ],
)
def test_what_the_document_lets_clients_say_is_understood(name: str, said: dict[str, Any]) -> None:
    assert fits(name, said)
    assert frames.read(json.dumps(said).encode())
    assert not fits(name, {**said, "type": "shout"})
