"""Households of others, and invitations that are worn out or never were."""

import pytest

from tests.acceptance.attacks.besieged import House, code, data

pytestmark = pytest.mark.xdist_group("attacks")


@pytest.fixture(scope="module")
def home(house: House) -> str:
    """The id of a household of Ann's, in which Bob is a member."""
    made = data(house.as_("ann").do("households.create", {"name": "Home"}))
    home_id = str(made["householdId"])
    invited = data(house.as_("ann").do("households.invite", {"householdId": home_id}))
    joined = data(house.as_("bob").do("households.join", {"code": invited["code"]}))
    assert {"householdId": home_id, "name": "Home", "role": "member"} in joined["households"]
    again = house.as_("eve").do("households.join", {"code": invited["code"]})
    assert code(again) == "NOT_FOUND"
    return home_id


@pytest.mark.parametrize("text", ["", "minv_", "minv_" + "A" * 43, "' OR 1=1 --", "%"])
def test_an_invented_invitation_leads_nowhere(house: House, text: str) -> None:
    assert code(house.as_("eve").do("households.join", {"code": text})) == "NOT_FOUND"


def test_a_household_of_others_is_not_there(house: House, home: str) -> None:
    eve, wanted = house.as_("eve"), {"householdId": home}
    assert code(eve.ask("households.members", wanted)) == "NOT_FOUND"
    assert code(eve.do("households.invite", wanted)) == "NOT_FOUND"
    ann = {**wanted, "memberId": "local"}
    assert code(eve.do("households.remove", ann)) == "NOT_FOUND"
    assert code(eve.do("households.setRole", {**ann, "role": "guest"})) == "NOT_FOUND"


def test_a_member_makes_nobody_an_owner(house: House, home: str) -> None:
    bob = house.as_("bob")
    bobs_id = data(bob.ask("auth.me"))["user"]["userId"]
    wanted = {"householdId": home, "memberId": bobs_id, "role": "owner"}
    assert code(bob.do("households.setRole", wanted)) == "FORBIDDEN"
    assert code(bob.do("households.invite", {"householdId": home})) == "FORBIDDEN"
    assert code(bob.do("households.remove", {**wanted, "memberId": "local"})) == "FORBIDDEN"


def test_an_invitation_makes_no_owner(house: House, home: str) -> None:
    wanted = {"householdId": home, "role": "owner"}
    assert code(house.as_("ann").do("households.invite", wanted)) == "BAD_REQUEST"


def test_the_last_owner_stays(house: House, home: str) -> None:
    wanted = {"householdId": home, "memberId": "local"}
    answer = house.as_("ann").do("households.remove", wanted)
    assert code(answer) == "PRECONDITION_FAILED"


def test_who_registers_with_an_invitation_is_in(house: House, home: str) -> None:
    invited = house.as_("ann").do("households.invite", {"householdId": home, "role": "guest"})
    person = {"email": "gus@example.org", "password": "gravel pony nine", "displayName": "Gus"}
    wanted = {**person, "invitation": data(invited)["code"]}
    data(house.stranger.do("auth.register", wanted))
    found = data(house.as_("ann").ask("households.members", {"householdId": home}))["members"]
    assert {"Gus": "guest", "Bob": "member", "Ann": "owner"}.items() <= {
        each["displayName"]: each["role"] for each in found
    }.items()
