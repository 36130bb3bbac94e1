from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.kit.errors import InvalidInput, NotAllowed
from manciple.platform.bus.webhook_signing import headers, new_secret, sign, verify

# The worked example that Standard Webhooks publishes with its libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
AT = datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_published_example_is_signed_as_published() -> None:
    assert sign(ID, AT, BODY, with_secrets=[SECRET]) == SIGNATURE


def test_the_published_example_is_verified() -> None:
    given = {"webhook-id": ID, "webhook-timestamp": "1614265330", "webhook-signature": SIGNATURE}

    verify(given, BODY, secret=SECRET, now=AT)


def test_while_a_secret_is_rotated_both_verify() -> None:
    new, old = new_secret(), new_secret()
    told = headers(ID, AT, BODY, with_secrets=[new, old])

    verify(told, BODY, secret=old, now=AT)
    verify(told, BODY, secret=new, now=AT)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_message_of_another_time_is_refused(seconds: int) -> None:
    told = headers(ID, AT, BODY, with_secrets=[SECRET])

    with pytest.raises(NotAllowed):
        verify(told, BODY, secret=SECRET, now=AT + timedelta(seconds=seconds))


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("value", ["", "v1,", "-1", "é"])
def test_a_header_that_is_not_as_it_was_is_refused(name: str, value: str) -> None:
    told = {**headers(ID, AT, BODY, with_secrets=[SECRET]), name: value}

    with pytest.raises(NotAllowed):
        verify(told, BODY, secret=SECRET, now=AT)


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_only_the_body_that_was_signed_verifies(body: bytes, other: bytes) -> None:
    secret = new_secret()
    told = headers(ID, AT, body, with_secrets=[secret])
    verify(told, body, secret=secret, now=AT)
    if other != body:
        with pytest.raises(NotAllowed):
            verify(told, other, secret=secret, now=AT)


@pytest.mark.parametrize("secret", ["whsec_", "whsec_short", "whsec_!!!!", "whsec_" + "QUFB" * 30])
def test_a_secret_that_is_none_is_refused(secret: str) -> None:
    with pytest.raises(InvalidInput):
        sign(ID, AT, BODY, with_secrets=[secret])
