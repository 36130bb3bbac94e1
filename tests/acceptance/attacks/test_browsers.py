"""What pages of strangers can make a browser send, and what a browser's session needs."""

from typing import Any

import pytest
import requests

from tests.acceptance.attacks.besieged import PASSWORDS, Client, House, code, data

pytestmark = pytest.mark.xdist_group("attacks")
CREATE = "walmartGrocery.createList"
SESSION, CSRF = "__Host-manciple-session", "__Host-manciple-csrf"


def cookies_of(answer: requests.Response) -> dict[str, str]:
    """What `Set-Cookie` says, read by hand: a client would not keep Secure cookies of http."""
    found = {}
    for line in answer.raw.headers.getlist("set-cookie"):
        name, _, rest = line.partition("=")
        found[name] = rest
    return found


@pytest.fixture(scope="module")
def browser(house: House) -> dict[str, str]:
    """A browser in which Bob signed in: its cookies and its token."""
    email = "bob@example.org"
    wanted = {"email": email, "password": PASSWORDS[email], "browser": True}
    answer = house.stranger.do("auth.signIn", wanted)
    assert data(answer)["accessToken"] is None
    whole = cookies_of(answer)[SESSION]
    for part in ("HttpOnly", "Secure", "SameSite=Strict", "Path=/"):
        assert part in whole
    assert "Domain" not in whole
    session = f"{SESSION}={whole.partition(';')[0]}"
    page = requests.get(f"{house.api}/api/csrf-token", headers={"cookie": session}, timeout=120)
    token = page.json()["csrfToken"]
    twin = cookies_of(page)[CSRF]
    assert "HttpOnly" in twin
    return {"cookie": f"{session}; {CSRF}={token}", "x-csrf-token": token, "session": session}


def create(house: House, headers: dict[str, str]) -> str:
    return code(Client(house.api, headers).do(CREATE, {"name": "x"}))


def test_a_page_of_ours_may(house: House, browser: dict[str, str]) -> None:
    headers = {name: browser[name] for name in ("cookie", "x-csrf-token")}
    assert create(house, {**headers, "origin": house.api, "sec-fetch-site": "same-origin"}) == "OK"


@pytest.mark.parametrize(
    "foreign",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost.evil.example"},
        {"origin": "http://127.0.0.1:1"},
        {"origin": "http://localhost"},
        {"origin": ""},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "other"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
        {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
        {"origin": "https://evil.example", "host": "evil.example"},
    ],
)
def test_a_page_of_strangers_may_not(
    house: House, browser: dict[str, str], foreign: dict[str, str]
) -> None:
    headers = {name: browser[name] for name in ("cookie", "x-csrf-token")}
    assert create(house, {**headers, **foreign}) in {"FORBIDDEN", "UNAUTHORIZED"} or (
        # The page's own name, resolved to us, is its own origin; but it then has none of our
        # cookies, which browsers keep by name.
        foreign.get("host") == "evil.example"
    )


@pytest.mark.parametrize(
    "token",
    ["", "x", "x.y", ".", "é.é", "0" * 32 + "." + "0" * 64],
)
def test_a_wrong_csrf_token_proves_nothing(
    house: House, browser: dict[str, str], token: str
) -> None:
    headers = {"cookie": browser["cookie"], "x-csrf-token": token.encode().decode("latin-1")}
    assert create(house, headers) == "FORBIDDEN"


def test_a_missing_csrf_token_proves_nothing(house: House, browser: dict[str, str]) -> None:
    assert create(house, {"cookie": browser["cookie"]}) == "FORBIDDEN"


def test_a_csrf_token_without_its_cookie_proves_nothing(
    house: House, browser: dict[str, str]
) -> None:
    headers = {"cookie": browser["session"], "x-csrf-token": browser["x-csrf-token"]}
    assert create(house, headers) == "FORBIDDEN"


def test_a_strangers_csrf_token_fits_no_session(house: House, browser: dict[str, str]) -> None:
    page = requests.get(f"{house.api}/api/csrf-token", timeout=120)
    token = page.json()["csrfToken"]
    cookie = f"{browser['session']}; {CSRF}={token}"
    assert create(house, {"cookie": cookie, "x-csrf-token": token}) == "FORBIDDEN"


def test_a_cookie_that_is_there_twice_is_none(house: House, browser: dict[str, str]) -> None:
    twice = f"{browser['session']}; {SESSION}=mst_other"
    answer = Client(house.api, {"cookie": twice}).ask("security.sessions")
    assert answer.status_code == 401


@pytest.mark.parametrize("path", ["auth.signIn", "auth.register", "auth.refresh", "auth.setup"])
def test_nobody_is_signed_in_by_a_strangers_page(house: House, path: str) -> None:
    client = Client(house.api, {"origin": "https://evil.example"})
    assert code(client.do(path, {})) == "FORBIDDEN"


def test_a_bearer_needs_no_csrf_token(house: House) -> None:
    assert code(house.as_("bob").do(CREATE, {"name": "by program"})) == "OK"


def test_signing_out_drops_the_cookies(house: House) -> None:
    email = "bob@example.org"
    wanted = {"email": email, "password": PASSWORDS[email], "browser": True}
    session = cookies_of(house.stranger.do("auth.signIn", wanted))[SESSION].partition(";")[0]
    cookie = f"{SESSION}={session}"
    page = requests.get(f"{house.api}/api/csrf-token", headers={"cookie": cookie}, timeout=120)
    token = page.json()["csrfToken"]
    headers = {"cookie": f"{cookie}; {CSRF}={token}", "x-csrf-token": token}
    answer = Client(house.api, headers).do("auth.signOut")
    assert "Max-Age=0" in cookies_of(answer)[SESSION]
    assert Client(house.api, {"cookie": cookie}).ask("security.sessions").status_code == 401


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/mesh", "/health", "/nowhere", "/openapi.json", "/trpc/x.y"]
)
def test_every_answer_says_what_browsers_may_do(house: House, path: str) -> None:
    headers = requests.get(house.api + path, timeout=120).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert "server" not in headers


def test_broken_http_says_it_too(house: House) -> None:
    with requests.Session() as session:
        request: Any = requests.Request("GET", house.api + "/", headers={"x": "a"}).prepare()
        request.headers["bad header name"] = "x"
        answer = session.send(request, timeout=120)
    assert answer.status_code == 400
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_token_is_no_cookie_and_a_cookie_no_token(house: House, browser: dict[str, str]) -> None:
    """Each is known from the moment before, as what it is and nothing else."""
    bob = house.as_("bob")
    assert bob.ask("security.sessions").status_code == 200
    token = bob.headers["authorization"].partition(" ")[2]
    as_cookie = Client(house.api, {"cookie": f"{SESSION}={token}"})
    assert as_cookie.ask("security.sessions").status_code == 401
    session = browser["session"]
    assert Client(house.api, {"cookie": session}).ask("security.sessions").status_code == 200
    as_token = Client(house.api, {"authorization": f"Bearer {session.partition('=')[2]}"})
    assert as_token.ask("security.sessions").status_code == 401
