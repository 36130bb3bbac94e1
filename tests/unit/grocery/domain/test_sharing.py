import pytest

from manciple.grocery.domain.sharing import Access, Role, access_to, require
from manciple.kit.errors import NotAllowed, NotFound


@pytest.mark.parametrize("role", [None, *Role])
def test_who_made_a_thing_may_do_everything(role: Role | None) -> None:
    assert access_to(is_maker=True, role=role) is Access.OWN


@pytest.mark.parametrize(
    ("role", "held"),
    [("owner", Access.OWN), ("member", Access.WRITE), ("guest", Access.READ), (None, None)],
)
def test_others_may_do_what_their_role_says(role: str | None, held: Access | None) -> None:
    assert access_to(is_maker=False, role=role) is held


def test_a_thing_of_strangers_is_not_there_and_one_of_hosts_not_to_be_changed() -> None:
    with pytest.raises(NotFound):
        require(None, Access.READ, what="list", id="list_1")
    for held, needs in ((Access.READ, Access.WRITE), (Access.WRITE, Access.OWN)):
        require(held, held, what="list", id="list_1")
        with pytest.raises(NotAllowed):
            require(held, needs, what="list", id="list_1")
