"""Topics and patterns: who listens to `product.price_change`, asked of a trie.

A pattern is a topic, or has `*` for one segment; a last `*` stands for one segment or more, so
`product.*` hears all of `product` and `*` hears everything.
"""

import re
from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

from manciple.kit.errors import InvalidInput

T = TypeVar("T", bound=Hashable)

MAX_SEGMENTS = 8
_SEGMENT = re.compile(r"[A-Za-z0-9_-]{1,60}|\*")


def segments(pattern: str) -> tuple[str, ...]:
    """The segments of a topic or a pattern.

    Raises:
        InvalidInput: it is neither.
    """
    parts = tuple(pattern.split(".", MAX_SEGMENTS))
    if len(parts) > MAX_SEGMENTS or not all(_SEGMENT.fullmatch(part) for part in parts):
        raise InvalidInput.at("channels", f"{pattern[:80]!r} is no channel")
    return parts


def covers(pattern: str, topic: str) -> bool:
    """Whether a pattern hears a topic; the plain definition that the trie must agree with."""
    wanted, told = segments(pattern), segments(topic)
    if wanted[-1] == "*" and len(told) >= len(wanted):
        told = told[: len(wanted)]
    return len(wanted) == len(told) and all(
        want in ("*", have) for want, have in zip(wanted, told, strict=True)
    )


class _Node(Generic[T]):
    """One segment of the trie: who ends here, who hears all below, and what follows."""

    __slots__ = ("children", "ending", "tail")

    def __init__(self) -> None:
        self.children: dict[str, _Node[T]] = {}
        self.ending: set[T] = set()
        self.tail: set[T] = set()

    @property
    def is_empty(self) -> bool:
        return not (self.children or self.ending or self.tail)


class TopicTrie(Generic[T]):
    """Listeners by pattern; finding them takes as long as the topic, however many listen."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def add(self, pattern: str, listener: T) -> None:
        """Lets `listener` hear `pattern`; once is enough.

        Raises:
            InvalidInput: it is no pattern.
        """
        *path, last = segments(pattern)
        node = self._root
        for part in path:
            node = node.children.setdefault(part, _Node())
        if last == "*":
            node.tail.add(listener)
        else:
            node.children.setdefault(last, _Node()).ending.add(listener)

    def discard(self, pattern: str, listener: T) -> None:
        """Undoes `add`; branches that lead nowhere any more are cut."""
        *path, last = segments(pattern)
        trail = [self._root]
        for part in path:
            following = trail[-1].children.get(part)
            if following is None:
                return
            trail.append(following)
        if last == "*":
            trail[-1].tail.discard(listener)
        elif (leaf := trail[-1].children.get(last)) is not None:
            leaf.ending.discard(listener)
            path.append(last)
            trail.append(leaf)
        for part, node, parent in zip(
            reversed(path), reversed(trail), reversed(trail[:-1]), strict=False
        ):
            if not node.is_empty:
                return
            del parent.children[part]

    def listeners(self, topic: str) -> set[T]:
        """Everybody whose pattern hears the topic."""
        found: set[T] = set()
        for reached in _walk(self._root, segments(topic), 0):
            found |= reached
        return found


def _walk(node: _Node[T], parts: tuple[str, ...], depth: int) -> Iterator[set[T]]:
    if depth == len(parts):
        yield node.ending
        return
    yield node.tail
    for step in (parts[depth], "*"):
        following = node.children.get(step)
        if following is not None:
            yield from _walk(following, parts, depth + 1)
