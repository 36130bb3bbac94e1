"""A new house: whoever registers before its owner would take over what is kept there."""

from pathlib import Path

from tests.acceptance.attacks.besieged import PASSWORDS, Client, besieged, code, data


def test_nobody_moves_in_before_the_owner(tmp_path: Path) -> None:
    with besieged(tmp_path, "security.registration=open") as house:
        at_home = house.stranger
        data(at_home.do("walmartGrocery.createList", {"name": "Ours"}))
        home = data(at_home.do("households.create", {"name": "Home"}))["householdId"]
        invitation = data(at_home.do("households.invite", {"householdId": home}))["code"]

        afar = Client(house.api, {"x-forwarded-for": "203.0.113.9"})
        mallory = {"email": "m@example.org", "password": "gravel pony nine", "displayName": "M"}
        for more in ({}, {"invitation": invitation}):
            assert code(afar.do("auth.register", {**mallory, **more})) == "FORBIDDEN"

        ann = {"email": "ann@example.org", "password": PASSWORDS["ann@example.org"]}
        wanted = {"code": house.setup_code, "displayName": "Ann", **ann}
        entrance = data(house.stranger.do("auth.setup", wanted))
        assert "admin" in entrance["user"]["grants"]
        owner = Client(house.api, {"authorization": f"Bearer {entrance['accessToken']}"})
        lists = data(owner.ask("walmartGrocery.getLists"))["lists"]
        assert [each["name"] for each in lists] == ["Ours"]
        assert code(afar.do("auth.register", {**mallory, "invitation": invitation})) == "OK"


def test_a_proxy_that_was_named_is_not_at_home_though_it_adds_no_header(tmp_path: Path) -> None:
    with besieged(tmp_path, "security.trusted_proxies=127.0.0.1,::1") as house:
        asked = data(house.stranger.ask("auth.me"))
        assert (asked["user"], asked["openHouse"]) == (None, True)
        for path in ("walmartGrocery.getLists", "walmartGrocery.search"):
            assert code(house.stranger.ask(path, {"query": "milk"})) == "UNAUTHORIZED"
