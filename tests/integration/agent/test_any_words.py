"""Whatever somebody says, there is a valid answer, and soon."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manciple.grocery.domain.sentences import MAX_SENTENCE_CHARS
from manciple.kit.clock import SystemClock
from tests.acceptance.conversations.talking import furnish
from tests.asking import Client, an_open_house

_WORDS = """add remove milk the second one cheaper two 3 dozen list delete everything yes no not i
meant my cart order buy price of under $4 oat gluten free ½ 12-pack x2 never again last week 🥛
instead all make that party"""
WORDS = st.sampled_from(_WORDS.split())
SENTENCES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=MAX_SENTENCE_CHARS),
    st.lists(WORDS, min_size=1, max_size=12).map(" ".join),
).filter(str.strip)
# Far above what a sentence takes (milliseconds); it only catches what explodes.
MOST_S = 5.0
# What explodes does so each time; a machine stands still now and then.
TRIES = 5
CLOCK = SystemClock()


class Talk:
    """One conversation that goes on from example to example."""

    def __init__(self, folder: Path) -> None:
        self._runner = asyncio.Runner()
        self._door = an_open_house(folder)
        house = self._runner.run(self._door.__aenter__())
        self._runner.run(house.stores.write(furnish))
        self._ann = Client(house)

    def say(self, sentence: str) -> Any:
        return self._runner.run(self._ann.ask("agent.ask", sentence=sentence))

    def close(self) -> None:
        self._runner.run(self._door.__aexit__(None, None, None))
        self._runner.close()


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    opened = Talk(tmp_path_factory.mktemp("talk"))
    yield opened
    opened.close()


def listen(talk: Talk, sentence: str) -> None:
    took_s: list[float] = []
    while not took_s or (took_s[-1] >= MOST_S and len(took_s) < TRIES):
        began_s = CLOCK.monotonic()
        answer = talk.say(sentence)
        took_s.append(CLOCK.monotonic() - began_s)
    assert took_s[-1] < MOST_S, took_s
    assert answer["success"]
    assert answer["answer"]
    assert (answer["token"] is not None) == (answer["plan"] is not None)


@settings(max_examples=250)
@given(sentence=SENTENCES)
def test_any_words_get_a_valid_answer_in_time(talk: Talk, sentence: str) -> None:
    listen(talk, sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "a" * MAX_SENTENCE_CHARS,
        "no " * 600,
        "add milk and " * 150,
        " . " * 600,
        "🥛" * MAX_SENTENCE_CHARS,
        "\x00\x01\x02",
        "add '; DROP TABLE users; --",
        "\u202eadd milk",
        "add 99999999999999999999 eggs",
        "add -3 eggs",
        "add 1e400 eggs",
        "x" * 100 + " milk" * 300,
    ],
)
def test_the_worst_words_get_one_too(talk: Talk, sentence: str) -> None:
    listen(talk, sentence)
