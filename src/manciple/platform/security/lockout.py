"""How long to wait after wrong passwords: nothing at first, then twice as long each time."""

# People mistype; machines do not stop at five.
FREE_TRIES = 5
# NIST SP 800-63B: at most 100 in a row for one account, from wherever they come.
FREE_TRIES_OF_ACCOUNT = 100
_LONGEST_S = 15 * 60.0
# A quiet day, and the count begins anew.
FORGET_AFTER_S = 24 * 3600.0


def wait_s(failures: int, *, free: int = FREE_TRIES) -> float:
    """Seconds before the next try is looked at, after so many failures in a row."""
    if failures < free:
        return 0.0
    return min(_LONGEST_S, 2.0 ** min(failures - free, 20))
