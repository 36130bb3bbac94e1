import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.webhooks import (
    MAX_CHANNELS,
    WAITS_S,
    Endpoint,
    Receipt,
    after_failure,
    checked_channels,
    checked_description,
    checked_url,
    message_body,
)
from manciple.kit.errors import InvalidInput

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
ENDPOINT = Endpoint(
    webhook_id="webhook_1",
    user_id="ann",
    url="https://example.com/hook",
    description="",
    channels=("*",),
    secret="new",
    old_secret=None,
    old_secret_until=None,
    position=0,
    attempts=0,
    failing_since=None,
    next_at=NOON,
    disabled_at=None,
    disabled_reason=None,
    created_at=NOON,
)
DOWN = Receipt(problem="cannot be reached")


def failed(times: int) -> Endpoint:
    return msgspec.structs.replace(ENDPOINT, attempts=times, failing_since=NOON)


def test_the_waits_are_those_of_the_public_recommendation() -> None:
    waits = []
    for attempts in range(len(WAITS_S)):
        verdict = after_failure(failed(attempts), DOWN, NOON, jitter=0)
        assert verdict.next_at is not None
        waits.append((verdict.next_at - NOON).total_seconds())

    hours = [5, 5 * 60, 30 * 60, *(3600 * each for each in (2, 5, 10, 14, 20, 24))]
    assert waits == hours


def test_after_three_days_the_endpoint_is_given_up_and_the_reason_told() -> None:
    later = NOON + timedelta(days=3, hours=3)
    verdict = after_failure(failed(len(WAITS_S)), DOWN, later, jitter=0)

    assert verdict.next_at is None
    assert verdict.reason == "10 attempts failed over 3.1 days; the last: cannot be reached"


def test_an_endpoint_that_is_gone_is_given_up_at_once() -> None:
    assert after_failure(ENDPOINT, Receipt(status=410), NOON, jitter=0).next_at is None


@pytest.mark.parametrize(("asked_s", "wait_s"), [(1, 5), (600, 600), (10_000_000, 86_400)])
def test_a_receiver_may_ask_for_more_time_within_a_day(asked_s: float, wait_s: float) -> None:
    busy = Receipt(status=503, retry_after_s=asked_s)
    verdict = after_failure(ENDPOINT, busy, NOON, jitter=0)

    assert verdict.next_at == NOON + timedelta(seconds=wait_s)


@given(st.integers(0, len(WAITS_S) - 1), st.floats(0, 1))
def test_waits_are_spread_by_a_tenth_at_most(attempts: int, jitter: float) -> None:
    verdict = after_failure(failed(attempts), DOWN, NOON, jitter=jitter)
    assert verdict.next_at is not None
    wait_s = (verdict.next_at - NOON).total_seconds()

    assert WAITS_S[attempts] <= wait_s + 1e-3
    assert wait_s <= WAITS_S[attempts] * 1.1 + 1e-3


@pytest.mark.parametrize(("status", "is_taken"), [(199, False), (200, True), (299, True)])
@pytest.mark.parametrize("more", [301, 404, 500])
def test_only_a_status_of_the_two_hundreds_is_taken(
    status: int,
    is_taken: bool,  # noqa: FBT001 - a table's column
    more: int,
) -> None:
    assert Receipt(status=status).is_taken is is_taken
    assert not Receipt(status=more).is_taken


def test_an_old_secret_signs_until_its_end() -> None:
    rotated = msgspec.structs.replace(ENDPOINT, old_secret="old", old_secret_until=NOON)

    assert rotated.secrets_at(NOON) == ("new", "old")
    assert rotated.secrets_at(NOON + timedelta(seconds=1)) == ("new",)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "ftp://example.com/",
        "http://example.com/",
        "https:///path",
        "https://ann:word@example.com/",
        "https://example.com/#part",
        "https://example.com:0/",
        "https://example.com:99999/",
        "https://exämple.com/",
        "https://example.com/a b",
        "https://[::1/",
        "https://example.com/" + "x" * 2000,
    ],
)
def test_what_is_no_plain_https_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput, match="url"):
        checked_url(url, is_trusted=False)


def test_a_trusted_place_may_do_without_tls() -> None:
    assert checked_url("http://127.0.0.1:99/hook", is_trusted=True)


def test_channels_are_kept_once_each_and_are_not_none_or_too_many() -> None:
    assert checked_channels(["list.*", "list.*", "product.*"]) == ("list.*", "product.*")
    for wrong in ([], [f"c.{n}" for n in range(MAX_CHANNELS + 1)]):
        with pytest.raises(InvalidInput, match="channels"):
            checked_channels(wrong)
    with pytest.raises(InvalidInput, match="description"):
        checked_description("x" * 201)


def test_a_body_has_the_three_fields_of_the_specification_and_the_events_id() -> None:
    body = message_body("list.created", NOON, b'{"price":1.10}', event_id=7)

    assert b'"price":1.10' in body
    assert json.loads(body) == {
        "id": "7",
        "type": "list.created",
        "timestamp": "2026-01-05T12:00:00Z",
        "data": {"price": 1.1},
    }
