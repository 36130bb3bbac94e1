"""A door that knows a head from before still asks each time whom it stands for."""

from pathlib import Path

import pytest
import requests

from tests.acceptance.attacks.besieged import House, besieged, data, populate

pytestmark = pytest.mark.xdist_group("attacks")


class Caller:
    """A program that sends the same bytes again and again over one connection."""

    def __init__(self, house: House, **headers: str) -> None:
        self.session = requests.Session()
        self.session.headers.update(headers)
        self.url = f"{house.api}/trpc/walmartGrocery.searchProducts"

    def search(self) -> int:
        """The status of the answer."""
        return self.session.post(self.url, json={"query": "milk"}, timeout=120).status_code

    def searches(self) -> set[int]:
        """The statuses of some answers; all but the first are at hand."""
        return {self.search() for _ in range(4)}


def test_a_session_that_ended_is_not_known_by_its_head(house: House) -> None:
    entrance = house.fresh("bob")
    bob = Caller(house, authorization=f"Bearer {entrance['accessToken']}")
    assert bob.searches() == {200}
    data(house.as_("bob").do("security.revokeSession", {"sessionId": entrance["sessionId"]}))
    assert bob.searches() == {401}


def test_an_answer_at_hand_says_of_itself_what_others_do(house: House) -> None:
    entrance = house.fresh("bob")
    bob = Caller(house, authorization=f"Bearer {entrance['accessToken']}")
    said = [bob.session.post(bob.url, json={"query": "milk"}, timeout=120) for _ in range(4)]
    assert {answer.headers["cache-control"] for answer in said} == {"no-store"}
    assert len({answer.headers["ratelimit-policy"] for answer in said}) == 1
    assert {"r=", "t="} <= {part[:2] for part in said[-1].headers["ratelimit"].split(";")}
    assert len({frozenset(answer.headers) for answer in said}) == 1


def test_a_token_that_was_revoked_is_not_known_by_its_head(house: House) -> None:
    made = data(house.as_("bob").do("auth.createToken", {"name": "till", "grants": ["read"]}))
    till = Caller(house, authorization=f"Bearer {made['secret']}")
    assert till.searches() == {200}
    data(house.as_("bob").do("auth.revokeToken", {"tokenId": made["token"]["tokenId"]}))
    assert till.searches() == {401}


def test_nobody_is_at_home_any_more_when_people_moved_in(tmp_path: Path) -> None:
    with besieged(tmp_path) as empty:
        someone = Caller(empty)
        assert someone.searches() == {200}
        populate(empty)
        assert someone.searches() == {401}


def test_answers_at_hand_count_toward_the_limit(tmp_path: Path) -> None:
    with besieged(tmp_path, "security.local_limit=20") as strict:
        someone = Caller(strict)
        said = [someone.search() for _ in range(25)]
    assert said == [200] * 20 + [429] * 5
