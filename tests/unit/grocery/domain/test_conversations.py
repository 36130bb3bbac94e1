import pytest

from manciple.grocery.domain.conversations import own_words, points_back


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("cross off the rye", "rye"),
        ("take the remoulade off my list please", "remoulade"),
        ("actually make it three", ""),
        ("get two bags", ""),
    ],
)
def test_the_words_that_could_name_a_thing(sentence: str, words: str) -> None:
    assert own_words(sentence) == words


@pytest.mark.parametrize("sentence", ["cross it off", "double that", "make it 3", "add two more"])
def test_what_names_nothing_is_about_what_was_spoken_of(sentence: str) -> None:
    assert points_back(sentence)


@pytest.mark.parametrize("sentence", ["cross off the rye", "check off remoulade"])
def test_what_names_a_thing_is_not_about_another(sentence: str) -> None:
    assert not points_back(sentence)
