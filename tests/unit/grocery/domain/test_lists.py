import pytest

from manciple.grocery.domain.lists import (
    MAX_NAME_CHARS,
    ListStatus,
    archive,
    delete,
    describe,
    restore,
    start,
)
from manciple.kit.errors import InvalidInput, Refused
from tests.list_builders import NOON, a_list


def test_a_name_loses_control_characters_and_needless_blanks() -> None:
    assert a_list(name="  Sunday\t\x1b[31m roast \n").name == "Sunday [31m roast"


@pytest.mark.parametrize("name", ["", "   ", "\x00", "x" * (MAX_NAME_CHARS + 1)])
def test_an_empty_or_too_long_name_is_invalid(name: str) -> None:
    with pytest.raises(InvalidInput):
        start("list_1", name, user_id="ann", description=None, at=NOON)


def test_an_empty_description_removes_the_old_one() -> None:
    described = describe(a_list(), description="for Sunday")
    assert described.description == "for Sunday"
    assert describe(described, description="").description is None
    assert describe(described, name="Else").description == "for Sunday"


def test_an_archived_list_is_not_edited_until_it_is_restored() -> None:
    archived = archive(a_list())
    with pytest.raises(Refused):
        describe(archived, name="New")
    assert describe(restore(archived), name="New").name == "New"


def test_a_deleted_list_can_be_restored_and_not_archived() -> None:
    deleted = delete(a_list())
    with pytest.raises(Refused):
        archive(deleted)
    assert restore(deleted).status is ListStatus.ACTIVE
