from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from manciple.grocery.domain.people import SignIn

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SESSION = SignIn(
    session_id="session_1",
    user_id="ann",
    kind="browser",
    agent="",
    address="",
    created_at=NOON,
    last_used_at=NOON,
    expires_at=NOON + timedelta(seconds=1000),
)


@pytest.mark.parametrize(
    ("after_s", "last_used_s", "is_open"),
    [(0, 0, True), (99, 0, True), (100, 0, False), (199, 100, True), (1000, 999, False)],
)
def test_a_session_ends_by_age_and_by_being_left_alone(
    after_s: int, last_used_s: int, *, is_open: bool
) -> None:
    used = msgspec.structs.replace(SESSION, last_used_at=NOON + timedelta(seconds=last_used_s))
    assert used.is_open(NOON + timedelta(seconds=after_s), idle_s=100) is is_open


def test_a_session_that_was_ended_is_not_open() -> None:
    ended = msgspec.structs.replace(SESSION, revoked_at=NOON)
    assert not ended.is_open(NOON, idle_s=100)
