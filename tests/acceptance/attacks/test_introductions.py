"""What services tell each other of a caller, tried at the public doors."""

import time

import pytest

from manciple.platform.security.tokens import Claims, Use
from tests.acceptance.attacks.besieged import House, code

pytestmark = pytest.mark.xdist_group("attacks")
ME = "security.sessions"


def introduction(house: House) -> str:
    """A true one, as if it were stolen: Ann's, with every grant."""
    now = int(time.time())
    claims = Claims(sub="local", sid="", jti="1", scope="read write admin", iat=now, exp=now + 30)
    return str(house.keys.sign(claims, Use.MESH))


def test_a_true_introduction_opens_no_public_door(house: House) -> None:
    text = introduction(house)
    websocket_door = house.websocket.removesuffix("/trpc").replace("ws", "http", 1)
    for base in (house.api, websocket_door):
        client = house.stranger
        client.base = base
        answer = client.ask(ME, manciple_introduction=text)
        assert code(answer) == "UNAUTHORIZED"
        assert code(client.do("auth.createToken", {"name": "x"}, manciple_introduction=text)) == (
            "UNAUTHORIZED"
        )


def test_a_true_introduction_is_no_bearer_token_and_no_cookie(house: House) -> None:
    text = introduction(house)
    assert code(house.stranger.ask(ME, authorization=f"Bearer {text}")) == "UNAUTHORIZED"
    assert code(house.stranger.ask(ME, cookie=f"manciple_session={text}")) == "UNAUTHORIZED"


def test_an_introduction_changes_nothing_for_whoever_is_signed_in(house: House) -> None:
    eve = house.as_("eve")
    answer = eve.ask("auth.me", manciple_introduction=introduction(house))
    assert "local" not in answer.text
    assert code(answer) == code(eve.ask("auth.me"))
