import pytest

from manciple.grocery.domain.continuations import continuations

NAMES = [
    ("kraft", "mac", "and", "cheese"),
    ("kraft", "mac", "and", "cheese", "cup"),
    ("kraft", "macaroni", "salad"),
    ("cheddar", "cracker", "mac"),
]


@pytest.mark.parametrize(
    ("before", "start", "found"),
    [
        (["kraft"], "mac", ["mac", "macaroni"]),
        (["mac", "and"], "", ["cheese"]),
        (["kraft"], "x", []),
    ],
)
def test_a_word_becomes_what_names_say_next(
    before: list[str], start: str, found: list[str]
) -> None:
    assert continuations(NAMES, before, start) == found


def test_where_no_name_goes_on_so_what_stands_beside_is_offered() -> None:
    assert continuations([("mac", "cheddar"), ("cheese", "cracker")], ["cheddar"], "m") == ["mac"]
