"""No log line of any door holds a secret, whatever is done with it; and the search for it can fail.

Every besieged house is searched when it ends, for all that was secret in all that was said to it.
Here is what the other attacks leave out: secrets in odd places, of settings, and over sockets.
"""

import json
from pathlib import Path

import pytest
import requests

from tests.acceptance.attacks.besieged import CANARIES, House, besieged, data, populate
from tests.acceptance.attacks.canaries import Canaries
from tests.patient import connect

pytestmark = pytest.mark.xdist_group("attacks")
CANARY = "tweety-4f1d9b7c2a"
OF_SETTINGS = {
    "MANCIPLE_API_METRICS_TOKEN": f"metrics-{CANARY}",
    "BRIGHTDATA_API_TOKEN": f"brightdata-{CANARY}",
    "MANCIPLE_LANGUAGE_MODEL_API_KEY": f"model-{CANARY}",
}


def plain(house: House, method: str, path: str, **given: object) -> None:
    requests.request(method, house.api + path, timeout=120, **given)  # type: ignore[arg-type]  # whatever requests takes


def say_it_in_odd_places(house: House) -> None:
    """The canary as everything that a secret is brought as, most of it wrong."""
    for scheme in ("Bearer", "Basic", "Token", "bearer  "):
        plain(house, "GET", "/metrics", headers={"authorization": f"{scheme} {CANARY}"})
        plain(house, "GET", "/trpc/auth.me", headers={"authorization": f"{scheme} {CANARY}"})
    for name in ("__Host-manciple-session", "__Host-manciple-csrf", "session"):
        plain(house, "GET", "/trpc/auth.me", headers={"cookie": f"{name}={CANARY}"})
    for query in (f"token={CANARY}", f"input={CANARY}", f"batch=1&input={CANARY}"):
        plain(house, "GET", f"/trpc/auth.me?{query}")
        plain(house, "GET", f"/api/csrf-token?{query}")
    bodies = (
        f'{{"email":"ann@example.org","password":"{CANARY}"}}',
        f'{{"email":"ann@example.org","password":["{CANARY}"]}}',
        f'{{"email":"ann@example.org","password":"{CANARY}',
        f"{CANARY}",
    )
    for path in ("auth.signIn", "auth.register", "auth.setup", "auth.refresh", "no.such"):
        for body in bodies:
            headers = {"content-type": "application/json"}
            plain(house, "POST", f"/trpc/{path}", data=body, headers=headers)
    plain(house, "POST", "/trpc/auth.signIn", data={"password": CANARY})
    for name in ("x-csrf-token", "idempotency-key", "user-agent", "referer"):
        plain(house, "GET", "/trpc/auth.me", headers={name: CANARY})


def say_it_in_addresses(house: House) -> None:
    """The canary as what addresses of notifications hold, most of them wrong."""
    for address in (
        f"tgrm://123456789:{CANARY}/1/",
        f"tgram://{CANARY}",
        f"slack://{CANARY}",
        f"mailto://ann:{CANARY}@",
        f"json://ann:{CANARY}@127.0.0.1/",
        f"https://hooks.example/{CANARY}",
        f"tgram://123456789:{CANARY}-{CANARY}/1/",
    ):
        house.as_("bob").do("notifications.addTarget", {"url": address})


async def say_it_over_sockets(house: House) -> None:
    base = house.api.replace("http", "ws")
    for said in ({"token": CANARY}, {"ticket": CANARY}, {"authorization": f"Bearer {CANARY}"}):
        async with connect(f"{base}/trpc?connectionParams=1", proxy=None) as client:
            await client.send(json.dumps({"method": "connectionParams", "data": said}))
            await client.recv()
        async with connect(f"{base}/ws", proxy=None) as client:
            await client.recv()
            await client.send(json.dumps({"type": "auth", **said}))
            await client.recv()


async def test_no_secret_is_logged_wherever_it_is_brought(tmp_path: Path) -> None:
    with besieged(tmp_path, environ=OF_SETTINGS) as house:
        populate(house)
        CANARIES[house.api].add(CANARY, *OF_SETTINGS.values())
        say_it_in_odd_places(house)
        say_it_in_addresses(house)
        await say_it_over_sockets(house)
        made = data(house.as_("bob").do("auth.createToken", {"name": "till"}))
        program = {"authorization": f"Bearer {made['secret']}"}
        plain(house, "GET", "/trpc/auth.me", headers=program)
        assert len(house.secrets.known) > 15
    assert "/trpc/auth.signIn" in house.product.log()


def test_a_secret_that_does_get_into_the_log_is_found(tmp_path: Path) -> None:
    """Paths are logged, so whoever puts a token into one plants a leak."""
    opened = besieged(tmp_path)
    house = opened.__enter__()
    populate(house)
    plain(house, "GET", "/" + house.entrances["ann"]["accessToken"])
    with pytest.raises(AssertionError, match="eyJhbG"):
        opened.__exit__(None, None, None)


@pytest.mark.parametrize("secret", [CANARY, 'quo"ted-secret', "back\\slash-secret"])
def test_the_search_finds_what_is_there_and_nothing_else(secret: str) -> None:
    canaries = Canaries()
    canaries.add(secret, "short")
    assert canaries.leaked_into(f"short, and a line with {secret} in it")
    assert canaries.leaked_into(json.dumps({"line": secret}))
    assert canaries.leaked_into("a line with nothing in it, but something short") == []
