"""What a house writes down, and what it tells those who may know nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.acceptance.attacks.besieged import House, besieged, code, data, populate

pytestmark = pytest.mark.xdist_group("attacks")
TOKEN = "metrics-of-the-house"


@pytest.mark.parametrize(
    ("path", "wanted", "field"),
    [
        ("auth.createToken", {"name": "till"}, "secret"),
        ("households.invite", None, "code"),
        ("webhooks.create", {"url": "https://x.invalid/h", "channels": ["*"]}, "secret"),
    ],
)
def test_no_kept_answer_holds_a_secret_in_the_clear(
    house: House, path: str, wanted: Any, field: str
) -> None:
    bob = house.as_("bob")
    if wanted is None:
        home = data(bob.do("households.create", {"name": "Bob's"}))["householdId"]
        wanted = {"householdId": home}
    key = {"idempotency_key": f"kept {path}"}
    first = data(bob.do(path, wanted, **key))
    secret = str(found(first, field))
    assert data(bob.do(path, wanted, **key)) == first
    with closing(sqlite3.connect(house.folder / "x.db")) as connection:
        rows = connection.execute("SELECT answer FROM idempotency_keys").fetchall()
    assert rows
    assert not [row for row in rows if secret in str(row)]


def found(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return value.get(name) or next((f for v in value.values() if (f := found(v, name))), None)
    return None


def test_a_kept_answer_is_given_again_after_a_restart(tmp_path: Path) -> None:
    said, key = [], {"idempotency_key": "over the restart"}
    for is_first in (True, False):
        with besieged(tmp_path, database=None if is_first else tmp_path / "x.db") as house:
            if is_first:
                populate(house)
            said.append(data(house.as_("ann").do("auth.createToken", {"name": "x"}, **key)))
    assert said[0] == said[1]


@pytest.mark.parametrize("way", ["%31", "1&x=2", "1"])
def test_a_batch_takes_no_key_however_it_is_spelled(house: House, way: str) -> None:
    headers = {**house.as_("bob").headers, "content-type": "application/json"}
    request = requests.Request(
        "POST", f"{house.api}/trpc/x", headers={**headers, "idempotency-key": "of a batch"}
    ).prepare()
    request.url = f"{house.api}/trpc/walmartGrocery.createList,auth.createToken?batch={way}"
    request.body = '{"0":{"name":"a"},"1":{"name":"b"}}'
    request.headers["content-length"] = str(len(request.body))
    with requests.Session() as session:
        answer = session.send(request, timeout=120)
    assert answer.status_code == 400
    assert "result" not in answer.text


@pytest.mark.parametrize(
    ("path", "wanted", "outcome"),
    [
        ("auth.changePassword", {"oldPassword": "w", "newPassword": "gravel pony nine"}, "wrong p"),
        ("auth.deleteAccount", {"password": "not the password"}, "wrong p"),
        ("auth.setup", {"code": "a guess"}, "wrong code"),
    ],
)
def test_a_wrong_secret_is_on_the_trail(
    house: House, path: str, wanted: dict[str, str], outcome: str
) -> None:
    person = {"email": "t@example.org", "password": "gravel pony nine", "displayName": "T"}
    more = person if path == "auth.setup" else {}
    assert code(house.as_("eve").do(path, {**more, **wanted})) in {"UNAUTHORIZED", "FORBIDDEN"}
    entries = data(house.as_("ann").ask("security.auditTrail", {"limit": 5}))["entries"]
    assert (path, outcome) in {(one["action"], one["outcome"][: len(outcome)]) for one in entries}


def test_without_an_invitation_nobody_learns_who_is_registered(tmp_path: Path) -> None:
    with besieged(tmp_path, "security.registration=invited") as house:
        ann = {"email": "ann@example.org", "password": "tango lamp river", "displayName": "Ann"}
        data(house.stranger.do("auth.setup", {"code": house.setup_code, **ann}))
        answers = [
            house.stranger.do(
                "auth.register",
                {**ann, "email": email, "password": "gravel pony nine", "invitation": "minv_x"},
            ).text
            for email in ("ann@example.org", "nobody@example.org")
        ]
    assert len(set(answers)) == 1


def test_a_taken_address_does_not_use_an_invitation_up(house: House) -> None:
    bob = house.as_("bob")
    home = data(bob.do("households.create", {"name": "Two"}))["householdId"]
    invitation = data(bob.do("households.invite", {"householdId": home}))["code"]
    wanted = {"password": "gravel pony nine", "displayName": "Zoe", "invitation": invitation}
    taken = house.stranger.do("auth.register", {**wanted, "email": "eve@example.org"})
    assert code(taken) == "CONFLICT"
    data(house.stranger.do("auth.register", {**wanted, "email": "zoe@example.org"}))
    again = house.stranger.do("auth.register", {**wanted, "email": "zed@example.org"})
    assert code(again) == "FORBIDDEN"


@pytest.mark.parametrize("given", ["", "x", "Bearer é", "Bearer \u00ff\u00fe", f"bearer x{TOKEN}"])
def test_a_wrong_token_for_metrics_is_only_wrong(closed_metrics: House, given: str) -> None:
    headers = {"authorization": given.encode("latin-1")} if given else {}
    answer = requests.get(f"{closed_metrics.api}/metrics", headers=headers, timeout=120)
    assert answer.status_code == 401


@pytest.fixture(scope="module")
def closed_metrics(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A house whose metrics need a token."""
    folder = tmp_path_factory.mktemp("metrics")
    with besieged(folder, environ={"MANCIPLE_API_METRICS_TOKEN": TOKEN}) as found:
        yield found
