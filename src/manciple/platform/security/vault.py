"""Seals short secrets that must be read again, so that a stolen database alone tells none.

AES-256-GCM with a key derived from the house's ring. A sealed text is bound to the row it stands
in, and opens with any key of the ring, so keys can be turned as those of tokens are.
"""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from manciple.kit.errors import Refused
from manciple.kit.late import Late

if TYPE_CHECKING:
    from cryptography import exceptions
    from cryptography.hazmat.primitives.ciphers import aead
else:
    # Loaded with the first secret; most processes keep none.
    exceptions = Late("cryptography.exceptions")
    aead = Late("cryptography.hazmat.primitives.ciphers.aead")

SEALED = "sealed:"
PURPOSE = "vault"
_KEY_BYTES = 32
# Enough to tell a handful of keys apart, and no help to guess one.
_NAME_BYTES = 4
_NONCE_BYTES = 12


class Vault:
    """Seals with the first of `keys`, and opens with any of them."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = [key[:_KEY_BYTES] for key in keys]
        name = hashlib.blake2b(self._keys[0], digest_size=_NAME_BYTES).hexdigest()
        self.mark = f"{SEALED}{name}:"
        """What everything begins with that the first key sealed."""

    def sealed(self, text: str, *, of: str) -> str:
        """The text sealed for the row `of` with the first key; what is so already stays.

        Raises:
            Refused: it is sealed with a key that this house does not have.
        """
        if text.startswith(self.mark):
            return text
        text = self.opened(text, of=of)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        kept = aead.AESGCM(self._keys[0]).encrypt(nonce, text.encode(), of.encode())
        return self.mark + base64.b64encode(nonce + kept).decode()

    def opened(self, text: str, *, of: str) -> str:
        """The text that was sealed for the row `of`; what was never sealed is returned as it is.

        Raises:
            Refused: it was sealed by another house or for another row, or was changed.
        """
        if not text.startswith(SEALED):
            return text
        try:
            kept = base64.b64decode(text.rpartition(":")[2], validate=True)
        except ValueError:
            kept = b""
        nonce, body = kept[:_NONCE_BYTES], kept[_NONCE_BYTES:]
        for key in self._keys if len(nonce) == _NONCE_BYTES else ():
            try:
                return aead.AESGCM(key).decrypt(nonce, body, of.encode()).decode()
            except exceptions.InvalidTag:
                continue
        raise Refused("A secret was sealed with keys that this house does not have; set it anew")
