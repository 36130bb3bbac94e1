"""Forged, stolen and worn-out tokens."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
import requests

from manciple.platform.security.tokens import Claims, Use
from tests.acceptance.attacks.besieged import Client, House, code, data

pytestmark = pytest.mark.xdist_group("attacks")
ME = "security.sessions"


def claims(house: House, **changes: Any) -> dict[str, Any]:
    now = int(time.time())
    body = {
        "iss": "manciple",
        "aud": "manciple-api",
        "sub": "local",
        "sid": house.entrances["ann"]["sessionId"],
        "jti": "forged",
        "scope": "read write admin",
        "iat": now,
        "exp": now + 900,
    }
    return {name: value for name, value in {**body, **changes}.items() if value is not None}


def forged(
    house: House, *, key: bytes | None = None, head: dict[str, Any] | None = None, **changes: Any
) -> str:
    """A token signed with the house's own key, but for what is changed."""
    ring = house.keys
    headers = {"kid": ring._first.kid, "typ": "at+jwt", **(head or {})}
    secret = key if key is not None else ring._first.secret
    return jwt.encode(claims(house, **changes), secret, "HS256", headers=headers)


def unsigned(house: House, algorithm: str) -> str:
    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    head = {"alg": algorithm, "typ": "at+jwt", "kid": house.keys._first.kid}
    return f"{part(head)}.{part(claims(house))}."


def sealed(house: House, text: str) -> str:
    """The token with a seal of the right key, but of another kind."""
    seal = hmac.new(house.keys._first.secret, text.rstrip(".").encode(), hashlib.sha512).digest()
    return text + base64.urlsafe_b64encode(seal).rstrip(b"=").decode()


def with_other_body(house: House) -> str:
    head, _, seal = forged(house).split(".")
    body = base64.urlsafe_b64encode(json.dumps(claims(house, sub="root")).encode()).rstrip(b"=")
    return f"{head}.{body.decode()}.{seal}"


FORGERIES: dict[str, Callable[[House], str]] = {
    "alg none": lambda house: unsigned(house, "none"),
    "alg None": lambda house: unsigned(house, "None"),
    "alg NONE": lambda house: unsigned(house, "NONE"),
    "alg RS256": lambda house: unsigned(house, "RS256"),
    "alg empty": lambda house: unsigned(house, ""),
    "HS512 with the right key": lambda house: sealed(house, unsigned(house, "HS512")),
    "another key": lambda house: forged(house, key=secrets.token_bytes(32)),
    "an empty key": lambda house: forged(house, key=b"\0" * 32),
    "the key id as key": lambda house: forged(house, key=house.keys._first.kid.encode() * 2),
    "wrong audience": lambda house: forged(house, aud="other"),
    "a ticket's audience": lambda house: forged(house, aud="manciple-socket"),
    "no audience": lambda house: forged(house, aud=None),
    "wrong issuer": lambda house: forged(house, iss="other"),
    "no issuer": lambda house: forged(house, iss=None),
    "expired": lambda house: forged(house, exp=int(time.time()) - 1),
    "no expiry": lambda house: forged(house, exp=None),
    "expiry as text": lambda house: forged(house, exp="never"),
    "no subject": lambda house: forged(house, sub=None),
    "a number as subject": lambda house: forged(house, sub=7),
    "no session": lambda house: forged(house, sid=None),
    "no scope": lambda house: forged(house, scope=None),
    "no id": lambda house: forged(house, jti=None),
    "issued tomorrow": lambda house: forged(house, iat=int(time.time()) + 86_400),
    "unknown key id": lambda house: forged(house, head={"kid": "other"}),
    "a path as key id": lambda house: forged(house, head={"kid": "../../dev/null"}),
    "SQL as key id": lambda house: forged(house, head={"kid": "' OR 1=1 --"}),
    "an id token's type": lambda house: forged(house, head={"typ": "JWT"}),
    "critical extension": lambda house: forged(house, head={"crit": ["b64"], "b64": True}),
    "key in the header": lambda house: forged(
        house, key=b"k" * 32, head={"jwk": {"kty": "oct", "k": "a2tra2tr"}}
    ),
    "a changed body": with_other_body,
    "cut short": lambda house: forged(house)[:-3],
    "a socket ticket": lambda house: house.keys.sign(
        Claims(**{k: v for k, v in claims(house).items() if k not in {"iss", "aud"}}), Use.TICKET
    ),
    "a refresh token": lambda house: str(house.fresh("bob")["refreshToken"]),
    "no token at all": lambda _: "",
    "megabytes": lambda _: "eyJ" + "A" * 30_000,
    "unknown api token": lambda _: "mat_" + "A" * 43,
    "api token prefix": lambda _: "mat_",
    "a browser's token": lambda _: "mst_" + "A" * 43,
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_token_opens_nothing(house: House, name: str) -> None:
    client = Client(house.api, {"authorization": f"Bearer {FORGERIES[name](house)}"})
    answer = client.ask(ME)
    assert answer.status_code == 401
    assert code(answer) == "UNAUTHORIZED"


def test_the_forgeries_differ_from_a_token_that_does_open(house: House) -> None:
    client = Client(house.api, {"authorization": f"Bearer {forged(house)}"})
    assert client.ask(ME).status_code == 200


@pytest.mark.parametrize("scheme", ["Basic", "Token", "bearerx", "Bearer,", "Negotiate"])
def test_another_scheme_opens_nothing(house: House, scheme: str) -> None:
    token = house.entrances["ann"]["accessToken"]
    assert Client(house.api, {"authorization": f"{scheme} {token}"}).ask(ME).status_code == 401


def test_a_token_in_the_address_opens_nothing(house: House) -> None:
    token = house.entrances["ann"]["accessToken"]
    for name in ("token", "access_token", "authorization"):
        answer = house.stranger.ask(f"{ME}?{name}={token}")
        assert answer.status_code == 401


def test_a_refresh_token_used_twice_ends_its_family(house: House) -> None:
    first = house.fresh("bob")
    second = data(house.stranger.do("auth.refresh", {"refreshToken": first["refreshToken"]}))
    stolen = house.stranger.do("auth.refresh", {"refreshToken": first["refreshToken"]})
    assert code(stolen) == "UNAUTHORIZED"
    after = house.stranger.do("auth.refresh", {"refreshToken": second["refreshToken"]})
    assert code(after) == "UNAUTHORIZED"
    for entrance in (first, second):
        client = Client(house.api, {"authorization": f"Bearer {entrance['accessToken']}"})
        assert client.ask(ME).status_code == 401


@pytest.mark.parametrize("token", ["", "mrt_", "mrt_" + "A" * 43, "' OR 1=1 --", "\x00", "mat_x"])
def test_an_invented_refresh_token_refreshes_nothing(house: House, token: str) -> None:
    answer = house.stranger.do("auth.refresh", {"refreshToken": token})
    assert code(answer) == "UNAUTHORIZED"


def test_a_session_that_signed_out_is_over_at_once(house: House) -> None:
    entrance = house.fresh("bob")
    client = Client(house.api, {"authorization": f"Bearer {entrance['accessToken']}"})
    assert client.ask(ME).status_code == 200
    assert data(client.do("auth.signOut")) == {"sessions": 1}
    assert client.ask(ME).status_code == 401
    again = house.stranger.do("auth.refresh", {"refreshToken": entrance["refreshToken"]})
    assert code(again) == "UNAUTHORIZED"


def test_an_api_token_can_do_no_more_than_it_was_given(house: House) -> None:
    made = data(house.as_("bob").do("auth.createToken", {"name": "till", "grants": ["read"]}))
    program = Client(house.api, {"authorization": f"Bearer {made['secret']}"})
    assert program.ask("walmartGrocery.getLists").status_code == 200
    assert code(program.do("walmartGrocery.createList", {"name": "x"})) == "FORBIDDEN"
    assert code(program.do("auth.createToken", {"name": "more"})) == "FORBIDDEN"
    data(house.as_("bob").do("auth.revokeToken", {"tokenId": made["token"]["tokenId"]}))
    assert program.ask("walmartGrocery.getLists").status_code == 401


def test_the_picture_of_a_price_is_for_those_who_may_read(house: House) -> None:
    made = data(house.as_("bob").do("auth.createToken", {"name": "pen", "grants": ["write"]}))
    brought = (None, "mat_invented", made["secret"], house.entrances["bob"]["accessToken"])
    asked = [
        requests.get(
            f"{house.api}/prices/nothing.svg",
            headers={} if token is None else {"authorization": f"Bearer {token}"},
            timeout=20,
        )
        for token in brought
    ]
    assert [answer.status_code for answer in asked] == [401, 401, 403, 404]
    assert {answer.headers["cache-control"] for answer in asked} == {"no-store"}


@pytest.mark.parametrize("grants", [["admin"], ["read", "admin"], ["system"], []])
def test_nobody_gives_a_token_what_they_lack(house: House, grants: list[str]) -> None:
    answer = house.as_("bob").do("auth.createToken", {"name": "x", "grants": grants})
    assert code(answer) == "FORBIDDEN"


def test_nobody_revokes_the_token_or_session_of_another(house: House) -> None:
    made = data(house.as_("bob").do("auth.createToken", {"name": "mine"}))
    token_id = made["token"]["tokenId"]
    assert code(house.as_("eve").do("auth.revokeToken", {"tokenId": token_id})) == "NOT_FOUND"
    session = {"sessionId": house.entrances["bob"]["sessionId"]}
    assert code(house.as_("eve").do("security.revokeSession", session)) == "NOT_FOUND"
