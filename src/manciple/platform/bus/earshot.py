"""Which ears there are, and which of them hear a topic; what was found is remembered. Pure."""

from manciple.platform.bus.ears import Ear, ear_key
from manciple.platform.bus.news import Listener
from manciple.platform.bus.topics import TopicTrie

# Topics come from a small registry; more than this are not remembered at once.
_MAX_KNOWN_TOPICS = 1000


class Earshot:
    """One ear for all listeners that hear the same, by what it hears."""

    def __init__(self) -> None:
        self._trie: TopicTrie[Ear] = TopicTrie()
        self._ears: dict[object, Ear] = {}
        self._by_topic: dict[str, tuple[Ear, ...]] = {}

    def ear(self, listener: Listener, patterns: frozenset[str]) -> Ear:
        """The ear of listeners like this one for these patterns, made if it is the first."""
        key = ear_key(listener, patterns)
        ear = self._ears.get(key)
        if ear is None:
            ear = self._ears[key] = Ear(listener, patterns)
            for pattern in patterns:
                self._trie.add(pattern, ear)
            self._by_topic.clear()
        return ear

    def forget(self, ear: Ear, listener: Listener) -> None:
        """Takes away an ear that is empty now that this listener has left."""
        del self._ears[ear_key(listener, ear.patterns)]
        for pattern in ear.patterns:
            self._trie.discard(pattern, ear)
        self._by_topic.clear()

    def hearing(self, topic: str) -> tuple[Ear, ...]:
        """The ears that hear a topic."""
        known = self._by_topic.get(topic)
        if known is None:
            if len(self._by_topic) >= _MAX_KNOWN_TOPICS:
                self._by_topic.clear()
            known = tuple(ear for ear in self._trie.listeners(topic) if ear.may_hear(topic))
            self._by_topic[topic] = known
        return known
