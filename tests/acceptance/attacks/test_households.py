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
    assert code(eve.ask("households.invitations", wanted)) == "NOT_FOUND"
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
    assert code(bob.ask("households.invitations", {"householdId": home})) == "FORBIDDEN"
    invited = data(house.as_("ann").do("households.invite", {"householdId": home}))
    theirs = {"householdId": home, "invitationId": invited["invitationId"]}
    assert code(bob.do("households.withdraw", theirs)) == "FORBIDDEN"
    assert code(house.as_("eve").do("households.withdraw", theirs)) == "NOT_FOUND"
    data(house.as_("ann").do("households.withdraw", theirs))


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


def test_an_invitation_ends_with_the_right_to_invite(house: House) -> None:
    ann, bob = house.as_("ann"), house.as_("bob")
    wanted = {"householdId": data(ann.do("households.create", {"name": "Shed"}))["householdId"]}
    let_in(house, "bob", wanted)
    bobs = {**wanted, "memberId": data(bob.ask("auth.me"))["user"]["userId"]}
    data(ann.do("households.setRole", {**bobs, "role": "owner"}))
    first, second = (data(bob.do("households.invite", wanted))["code"] for _ in range(2))
    data(house.as_("eve").do("households.join", {"code": first}))
    data(ann.do("households.setRole", {**bobs, "role": "guest"}))
    data(ann.do("households.remove", bobs))
    assert code(bob.do("households.join", {"code": second})) == "NOT_FOUND"
    person = {"email": "bob2@example.org", "password": "gravel pony nine", "displayName": "Bob"}
    again = house.stranger.do("auth.register", {**person, "invitation": second})
    assert code(again) == "FORBIDDEN"


def test_an_invitation_that_was_withdrawn_lets_nobody_in(house: House) -> None:
    ann, eve = house.as_("ann"), house.as_("eve")
    wanted = {"householdId": data(ann.do("households.create", {"name": "Hut"}))["householdId"]}
    first, second = (data(ann.do("households.invite", wanted)) for _ in range(2))
    left = data(ann.do("households.withdraw", {**wanted, "invitationId": first["invitationId"]}))
    assert [one["invitationId"] for one in left["invitations"]] == [second["invitationId"]]
    assert first["code"] not in str(left)
    assert second["code"] not in str(left)
    assert code(eve.do("households.join", {"code": first["code"]})) == "NOT_FOUND"
    assert code(eve.do("households.join", {"code": second["code"]})) == "OK"
    assert data(ann.ask("households.invitations", wanted))["invitations"] == []
    used = {**wanted, "invitationId": second["invitationId"]}
    assert code(ann.do("households.withdraw", used)) == "NOT_FOUND"
    deeds = data(ann.ask("security.auditTrail", {"limit": 20}))["entries"]
    assert [one["action"] for one in deeds].count("households.withdraw") > 0


def test_an_invitation_is_withdrawn_from_its_own_household_only(house: House, home: str) -> None:
    ann, eve = house.as_("ann"), house.as_("eve")
    invited = data(ann.do("households.invite", {"householdId": home}))
    den = data(eve.do("households.create", {"name": "Den"}))["householdId"]
    theirs = {"householdId": den, "invitationId": invited["invitationId"]}
    assert code(eve.do("households.withdraw", theirs)) == "NOT_FOUND"
    assert code(ann.do("households.withdraw", {**theirs, "householdId": home})) == "OK"


def test_nobody_invites_without_end(house: House) -> None:
    ann = house.as_("ann")
    wanted = {"householdId": data(ann.do("households.create", {"name": "Barn"}))["householdId"]}
    said = [ann.do("households.invite", wanted) for _ in range(51)]
    assert {code(each) for each in said[:50]} == {"OK"}
    assert code(said[50]) == "PRECONDITION_FAILED"
    data(house.as_("eve").do("households.join", {"code": data(said[0])["code"]}))
    assert code(ann.do("households.invite", wanted)) == "OK"


def test_nobody_is_in_more_households_by_joining(house: House) -> None:
    ann, gil = house.as_("ann"), house.stranger
    person = {"email": "gil@example.org", "password": "gravel pony nine", "displayName": "Gil"}
    entrance = data(gil.do("auth.register", person))
    gil.headers["authorization"] = f"Bearer {entrance['accessToken']}"
    for number in range(20):
        data(gil.do("households.create", {"name": f"Home {number}"}))
    wanted = {"householdId": data(ann.do("households.create", {"name": "Loft"}))["householdId"]}
    invited = data(ann.do("households.invite", wanted))["code"]
    assert code(gil.do("households.join", {"code": invited})) == "PRECONDITION_FAILED"
    assert code(house.as_("eve").do("households.join", {"code": invited})) == "OK"


def let_in(house: House, who: str, wanted: dict[str, str]) -> None:
    invited = data(house.as_("ann").do("households.invite", wanted))["code"]
    data(house.as_(who).do("households.join", {"code": invited}))
