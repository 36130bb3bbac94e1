"""Signatures of webhooks as Standard Webhooks has them: HMAC-SHA256 of id, time and body. Pure.

While a secret is rotated a message carries the signatures of both, so receivers can change over at
their leisure.
"""

import base64
import binascii
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from manciple.kit.errors import InvalidInput, NotAllowed

SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret begins with
# The specification asks for 24 to 64 bytes.
_SECRET_BYTES = 32
_LEAST_BYTES, _MOST_BYTES = 24, 64
# Receivers refuse older messages, so that nobody can send an overheard one again.
TOLERANCE = timedelta(minutes=5)
_VERSION = "v1"


def new_secret() -> str:
    """A secret for one endpoint, shown once to its owner."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def sign(message_id: str, at: datetime, body: bytes, *, with_secrets: Sequence[str]) -> str:
    """The value of `webhook-signature`: one signature for each secret, the newest first.

    Raises:
        InvalidInput: a secret is none.
    """
    content = f"{message_id}.{int(at.timestamp())}.".encode() + body
    return " ".join(f"{_VERSION},{_signature(secret, content)}" for secret in with_secrets)


def headers(
    message_id: str, at: datetime, body: bytes, *, with_secrets: Sequence[str]
) -> Mapping[str, str]:
    """The headers that a message carries."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": sign(message_id, at, body, with_secrets=with_secrets),
    }


def verify(given: Mapping[str, str], body: bytes, *, secret: str, now: datetime) -> None:
    """Returns if the message was signed with the secret just now.

    Raises:
        NotAllowed: it was not, or a header is missing.
        InvalidInput: the secret is none.
    """
    message_id, stamp = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not message_id or not stamp.isascii() or not stamp.isdigit():
        raise NotAllowed("the headers of a webhook")
    if abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        raise NotAllowed("a webhook of the last minutes")
    wanted = _signature(secret, f"{message_id}.{stamp}.".encode() + body)
    for each in given.get("webhook-signature", "").split():
        version, _, signature = each.partition(",")
        if version == _VERSION and hmac.compare_digest(signature.encode(), wanted.encode()):
            return
    raise NotAllowed("a signature by the endpoint's secret")


def _signature(secret: str, content: bytes) -> str:
    return base64.b64encode(hmac.digest(_key(secret), content, "sha256")).decode()


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error as error:
        raise InvalidInput.at("secret", "must be base64 behind whsec_") from error
    if not _LEAST_BYTES <= len(key) <= _MOST_BYTES:
        raise InvalidInput.at("secret", f"must have {_LEAST_BYTES} to {_MOST_BYTES} bytes")
    return key
