"""What was revoked a short while ago, so that what is kept in memory is not believed any more."""

from collections.abc import Callable, Collection

Listener = Callable[[Collection[str]], None]


class Revocations:
    """Ids of sessions and tokens that ended, with those who want to hear of it at once.

    Signed tokens cannot be taken back, but they are refused while their session stands here; it
    must stand here for as long as such a token lives.
    """

    def __init__(self, *, keep_s: float) -> None:
        self._keep_s = keep_s
        self._until: dict[str, float] = {}
        self._listeners: list[Listener] = []

    def __contains__(self, credential_id: object) -> bool:
        return credential_id in self._until

    def listen(self, listener: Listener) -> None:
        """Calls `listener` with the ids that are new, each once."""
        self._listeners.append(listener)

    def add(self, ids: Collection[str], *, now_s: float) -> None:
        """Takes ids in, and lets those go that no token can name any more."""
        for old in [old for old, until_s in self._until.items() if until_s < now_s]:
            del self._until[old]
        new = {each for each in ids if each not in self._until}
        self._until.update(dict.fromkeys(ids, now_s + self._keep_s))
        if new:
            for listener in self._listeners:
                listener(new)
