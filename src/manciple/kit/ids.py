"""New ids: sortable by the time they were made, and not to be guessed.

The text is a UUID of version 7 (RFC 9562) without dashes behind a short prefix: `list_0198…`.
"""

import secrets

from manciple.kit.clock import Clock

_TIME_BITS = 48
_RANDOM_BITS = 62


def new_id(prefix: str, clock: Clock) -> str:
    """A new id such as `list_019370c1…`: the prefix and 32 hexadecimal digits."""
    millis = int(clock.now().timestamp() * 1000) & ((1 << _TIME_BITS) - 1)
    sub_millis = secrets.randbits(12)
    tail = secrets.randbits(_RANDOM_BITS)
    value = millis << 80 | 0x7 << 76 | sub_millis << 64 | 0b10 << 62 | tail
    return f"{prefix}_{value:032x}"
