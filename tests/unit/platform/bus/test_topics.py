import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.kit.errors import InvalidInput
from manciple.platform.bus.topics import TopicTrie, covers

parts = st.sampled_from(["a", "b", "c"])
topics = st.lists(parts, min_size=1, max_size=4).map(".".join)
patterns = st.lists(parts | st.just("*"), min_size=1, max_size=4).map(".".join)


@pytest.mark.parametrize(
    ("pattern", "topic", "hears"),
    [
        ("product.*", "product.price_change", True),
        ("product.*", "product", False),
        ("grocery-nlp.*", "product.price_change", False),
        ("*", "list.item_added", True),
        ("*.item_added", "list.item_added", True),
        ("list.item_added", "list.item_added", True),
        ("list.item", "list.item_added", False),
        ("job.*", "job.mine.done", True),
        ("*.done", "job.mine.done", False),
    ],
)
def test_a_pattern_hears_what_it_should(pattern: str, topic: str, hears: bool) -> None:  # noqa: FBT001 - a table's column
    assert covers(pattern, topic) is hears


@given(st.lists(st.tuples(patterns, st.integers(0, 5)), max_size=30), topics)
def test_the_trie_agrees_with_the_plain_definition(
    added: list[tuple[str, int]], topic: str
) -> None:
    trie: TopicTrie[int] = TopicTrie()
    for pattern, listener in added:
        trie.add(pattern, listener)

    assert trie.listeners(topic) == {who for pattern, who in added if covers(pattern, topic)}


@given(st.lists(st.tuples(patterns, st.integers(0, 5)), max_size=30), topics, st.data())
def test_what_is_taken_away_is_not_heard_and_leaves_nothing_behind(
    added: list[tuple[str, int]], topic: str, data: st.DataObject
) -> None:
    trie: TopicTrie[int] = TopicTrie()
    for pattern, listener in added:
        trie.add(pattern, listener)
    gone = data.draw(st.lists(st.sampled_from(added), max_size=30)) if added else []
    for pattern, listener in gone:
        trie.discard(pattern, listener)

    left = set(added) - set(gone)
    assert trie.listeners(topic) == {who for pattern, who in left if covers(pattern, topic)}
    for pattern, listener in left:
        trie.discard(pattern, listener)
    assert trie._root.is_empty


@pytest.mark.parametrize(
    "pattern", ["", ".", "a..b", "a b", "a.**", "x" * 100, ".".join("abcdefghi")]
)
def test_what_is_no_channel_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidInput, match="channel"):
        TopicTrie[int]().add(pattern, 1)
