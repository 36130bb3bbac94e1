"""`manciple household`, `list share` and `token`, on a database of their own."""

import json
from pathlib import Path

import pytest

from manciple.kit.errors import InvalidInput, NotFound, Refused
from tests.commanding import Command, commands_on


@pytest.fixture
async def run(tmp_path: Path) -> Command:
    return await commands_on(tmp_path / "grocery.db")


def test_a_list_is_shared_with_ones_only_household_and_taken_back(run: Command) -> None:
    run("list", "create", "Weekly")
    with pytest.raises(InvalidInput, match="household create"):
        run("list", "share", "Weekly")
    home = json.loads(run("household", "create", "Home", "--json").stdout)["householdId"]
    shared = json.loads(run("list", "share", "Weekly", "--json").stdout)["list"]
    assert shared["householdId"] == home
    assert run("list", "unshare", "Weekly").stdout == "Weekly is yours alone\n"
    seen = json.loads(run("list", "show", "Weekly", "--json").stdout)["list"]
    assert seen["householdId"] is None


def test_of_several_households_one_must_be_named(run: Command) -> None:
    run("household", "create", "Home")
    run("household", "create", "Cabin")
    with pytest.raises(InvalidInput, match="2 could be meant"):
        run("household", "members")
    with pytest.raises(NotFound):
        run("household", "members", "--household", "Boat")
    members = json.loads(run("household", "members", "--household", "cabin", "--json").stdout)
    assert [one["role"] for one in members["members"]] == ["owner"]


def test_an_invitation_is_shown_once_with_its_role_and_its_end(run: Command) -> None:
    run("household", "create", "Home")
    said = run("household", "invite", "--guest").stdout.splitlines()
    assert said[0].startswith("minv_")
    assert said[1].startswith("for one guest, until ")


def test_an_invitation_is_listed_and_withdrawn(run: Command) -> None:
    run("household", "create", "Home")
    made = json.loads(run("household", "invite", "--json").stdout)
    which = made["invitationId"]
    assert which in run("household", "invitations").stdout
    assert made["code"] not in run("household", "invitations", "--json").stdout
    left = json.loads(run("household", "withdraw", which, "--json").stdout)
    assert left == {"invitations": []}
    with pytest.raises(NotFound, match="invitation"):
        run("household", "withdraw", which)


def test_the_last_owner_stays(run: Command) -> None:
    run("household", "create", "Home")
    me = json.loads(run("household", "members", "--json").stdout)["members"][0]
    with pytest.raises(Refused):
        run("household", "role", me["displayName"], "guest")
    with pytest.raises(NotFound):
        run("household", "remove", "Nobody")


def test_a_token_is_made_listed_and_revoked(run: Command) -> None:
    made = json.loads(run("token", "create", "backup", "--write", "--json").stdout)
    assert made["secret"].startswith("mat_")
    assert made["token"]["grants"] == ["read", "write"]
    which = made["token"]["tokenId"]
    assert which in run("token", "list").stdout
    assert which not in run("token", "revoke", which).stdout
