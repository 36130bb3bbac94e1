import json
from datetime import UTC, datetime

import msgspec
import pytest

from manciple.api.event_documents import asyncapi, event_types
from manciple.api.event_types import EVENTS, channels_without_asking, facts_of, hearing, topics_of
from manciple.api.shapes_events import PriceChanged
from manciple.grocery.domain.events import price_news
from manciple.grocery.domain.list_changes import ListTopic
from manciple.grocery.domain.products import Price, Product
from manciple.grocery.domain.sessions import SessionStatus
from manciple.platform.security.permissions import Grant, Principal
from tests.snapshots.held import held

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def price(cents: int) -> Price:
    return Price(cents=cents, source="shelf", method="stated", observed_at=NOON, confidence=1.0)


def test_the_document_of_all_events_is_as_the_snapshot_says() -> None:
    document = asyncapi(version="0", host="localhost:8080")
    held("asyncapi.json", json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def test_the_types_of_all_events_are_as_the_snapshot_says() -> None:
    held("events.ts", event_types())


def test_every_reference_of_the_document_leads_somewhere() -> None:
    document = asyncapi(version="0", host="localhost:8080")
    for part in json.dumps(document).split('"$ref": "#/')[1:]:
        found = document
        for step in part.partition('"')[0].split("/"):
            found = found[step]
        assert found


def test_every_event_of_lists_is_registered() -> None:
    assert {str(topic) for topic in ListTopic} <= set(EVENTS)


def test_every_status_of_a_session_is_an_event_with_words_of_its_own() -> None:
    docs = {EVENTS[f"session.{status}"].doc for status in SessionStatus}
    assert len(docs) == len(SessionStatus)


def test_no_fact_has_a_name_of_the_envelope() -> None:
    for kind in EVENTS.values():
        names = set(kind.shape.__struct_encode_fields__)
        assert not names & {"type", "id", "timestamp", "data"}, kind.topic


def test_what_is_written_of_a_price_is_what_clients_are_promised() -> None:
    product = Product(product_id="1", name="Milk", source="shelf", updated_at=NOON)
    news = price_news(product, before=price(399), after=price(350))
    told = facts_of("product.price_change", msgspec.json.encode(news))

    assert isinstance(told, PriceChanged)
    assert (str(told.old_price), str(told.new_price)) == ("3.99", "3.5")


def test_the_usual_channels_follow_from_grants_as_specified() -> None:
    stranger = Principal(user_id=None, grants=frozenset())
    reader = Principal(user_id="u", grants=frozenset({Grant.READ}))
    admin = Principal(user_id="a", grants=frozenset({Grant.READ, Grant.ADMIN}))
    mail = ("email.analyzed", "email.state_changed")

    assert channels_without_asking(stranger) == ()
    assert channels_without_asking(reader) == ("system.health", *mail)
    assert channels_without_asking(admin) == ("system.health", *mail, "*")
    assert channels_without_asking(stranger, "/ws/grocery-nlp-queue") == ("grocery-nlp.*",)


@pytest.mark.parametrize(
    ("grants", "topic", "is_heard"),
    [
        (frozenset[Grant](), "product.price_change", False),
        (frozenset({Grant.READ}), "product.price_change", True),
        (frozenset({Grant.READ}), "system.error", False),
        (frozenset({Grant.ADMIN}), "system.error", True),
        (frozenset({Grant.READ}), "unknown.topic", False),
    ],
)
def test_a_topic_is_heard_by_who_holds_its_grant(
    grants: frozenset[Grant], topic: str, *, is_heard: bool
) -> None:
    assert hearing(grants)(topic) is is_heard


def test_a_pattern_names_its_topics() -> None:
    topics = {kind.topic for kind in topics_of("product.*")}

    assert {"product.price_change", "product.stock_change"} <= topics
    assert "list.created" not in topics
