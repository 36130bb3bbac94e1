"""Texts that mean something to a database, a log, a file system or a page."""

import pytest
import requests

from tests.acceptance.attacks.besieged import House, code, data
from tests.acceptance.attacks.wires import raw

pytestmark = pytest.mark.xdist_group("attacks")
POST = b"POST /trpc/auth.me HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 5\r\n"
CHUNKED = POST.replace(b"content-length: 5", b"transfer-encoding: chunked")
GET = b"GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n"
HOSTILE = {
    "sql": "'; DROP TABLE users; --",
    "sql or": '" OR ""="',
    "sql union": "x' UNION SELECT password_hash FROM user_credentials --",
    "like": "%_%",
    "fts near": "NEAR(a b, 3)",
    "fts star": '"milk* AND NOT (',
    "fts column": "name:milk OR brand:*",
    "tantivy": "+(-milk) ^2 ~3 [a TO b] {x} \\",
    "nul": "a\x00b",
    "lines": "a\r\nset-cookie: x=1",
    "script": "<script>alert(1)</script>",
    "template": "{{7*7}} ${7*7} #{7*7}",
    "path": "../../../../etc/passwd",
    "format": "%s%s%n {0.__class__}",
    "surrogate": "\ud800",
    "bidi": "\u202egnp.exe",
    "rtl flood": "\u0301" * 500,
    "emoji": "🥛" * 100,
    "shell": "$(id) `id` | id",
    "ansi": "\x1b[31mred\x1b[0m",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_only_text_to_search(house: House, name: str) -> None:
    answer = house.as_("eve").do("walmartGrocery.searchProducts", {"query": HOSTILE[name]})
    assert code(answer) in {"OK", "BAD_REQUEST"}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_kept_as_it_is_or_refused(house: House, name: str) -> None:
    answer = house.as_("eve").do("walmartGrocery.createList", {"name": HOSTILE[name]})
    assert code(answer) in {"OK", "BAD_REQUEST", "PRECONDITION_FAILED"}
    if code(answer) == "OK":
        assert legible(data(answer)["list"]["name"]) == legible(HOSTILE[name])
    assert house.as_("eve").ask("auth.me").status_code == 200


def legible(text: str) -> str:
    """Without what no list's name keeps: control characters and white space."""
    return "".join(each for each in text if each.isprintable() and not each.isspace())


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_id_names_nothing(house: House, name: str) -> None:
    answer = house.as_("eve").ask("walmartGrocery.getList", {"listId": HOSTILE[name]})
    assert code(answer) in {"NOT_FOUND", "BAD_REQUEST"}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_address_signs_nobody_in(house: House, name: str) -> None:
    wanted = {"email": HOSTILE[name], "password": HOSTILE[name]}
    answer = house.stranger.do("auth.signIn", wanted)
    assert code(answer) in {"UNAUTHORIZED", "BAD_REQUEST"}


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/page.js/../../../../etc/passwd",
        "//etc/passwd",
        "/..\\..\\etc\\passwd",
        "/page.js%00.html",
        "/x.db",
        "/x.keys",
        "/.git/config",
        "/trpc/../x.keys",
    ],
)
def test_no_path_leads_out_of_the_pages(house: House, path: str) -> None:
    answer = raw(house, f"GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode())
    status = answer.split(b" ")[1]
    assert status in {b"404", b"400", b"401", b"405"}
    assert b"root:" not in answer


@pytest.mark.parametrize("path", ["/docs/", "/sign-in/", "/health/", "/api/csrf-token/"])
def test_no_path_leads_to_another_host(house: House, path: str) -> None:
    answer = requests.get(house.api + path, headers={"host": "evil.example"}, timeout=20)
    assert answer.status_code == 404
    assert "evil.example" not in f"{answer.headers}{answer.text}"


@pytest.mark.parametrize(
    "request_bytes",
    [
        POST + b"transfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
        POST + b"content-length: 6\r\n\r\n12345",
        b"GET / HTTP/1.1\r\nhost : x\r\n\r\n",
        b"GET / HTTP/1.1\nhost: x\nx\r: y\n\n",
        b"GET /\x00 HTTP/1.1\r\nhost: x\r\n\r\n",
        b"GET / HTTP/9.9\r\nhost: x\r\n\r\n",
        b"\x16\x03\x01\x00\xa5\x01\x00\x00",
        POST + b"content-length: 5\r\n\r\n12345",
        CHUNKED + b"transfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        CHUNKED.replace(b": chunked", b": xchunked") + b"\r\n0\r\n\r\n",
        CHUNKED.replace(b": chunked", b": chunked, identity") + b"\r\n0\r\n\r\n",
        CHUNKED.replace(b"encoding:", b"encoding :") + b"\r\n0\r\n\r\n",
        CHUNKED + b"\r\n2;\n\r\n{}\r\n0\r\n\r\n",
        CHUNKED + b"\r\n2 x\r\n{}\r\n0\r\n\r\n",
        POST.replace(b": 5", b": +5") + b"\r\n12345",
        POST.replace(b": 5", b": 0x5") + b"\r\n12345",
        POST.replace(b": 5", b": -1") + b"\r\n",
        POST.replace(b": 5", b": 2, 2") + b"\r\n{}",
        POST.replace(b": 5", b": 99999999999999999999") + b"\r\n{}",
        GET + b"x: a\r\n b\r\n\r\n",
        GET.replace(b"\r\n", b"\n") + b"\n",
        GET.replace(b"\r\n", b"\r") + b"\r",
        GET + b"x\x00y: a\r\n\r\n",
        GET + b"x: a\x00b\r\n\r\n",
        GET + b"host: y\r\n\r\n",
        GET + b"Host: x\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nconnection: close\r\n\r\n",
    ],
)
def test_ambiguous_http_is_not_served(house: House, request_bytes: bytes) -> None:
    assert b" 200 " not in raw(house, request_bytes).split(b"\r\n")[0]


def test_no_path_writes_lines_into_the_log(house: House) -> None:
    requests.get(house.api + "/a%0d%0aFORGED%20LINE", timeout=120)
    assert house.as_("eve").ask("auth.me").status_code == 200
    assert not any(line.startswith("FORGED") for line in house.product.log().splitlines())


def test_errors_tell_nothing_of_the_inside(house: House) -> None:
    answer = requests.get(house.api + "/nowhere", timeout=120)
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()) >= {"type", "title", "status", "detail"}
    for text in (answer.text, house.stranger.ask("no.such").text):
        assert "Traceback" not in text
        assert ".py" not in text


def test_no_secret_is_in_the_log(house: House) -> None:
    canary = "canary-" + "q" * 30
    house.stranger.do("auth.signIn", {"email": "canary@example.org", "password": canary})
    house.stranger.ask("auth.me", authorization=f"Bearer {canary}")
    house.stranger.ask(f"auth.me?token={canary}")
    house.stranger.ask("auth.me", cookie=f"__Host-manciple-session={canary}")
    house.stranger.do("auth.refresh", {"refreshToken": canary})
    log = house.product.log()
    secrets = [entrance["accessToken"] for entrance in house.entrances.values()]
    secrets += [entrance["refreshToken"] for entrance in house.entrances.values()]
    assert not [secret for secret in (canary, *secrets) if secret in log]
    assert "canary@example.org" not in log


def test_the_keys_are_for_their_owner_only(house: House) -> None:
    assert (house.folder / "x.keys").stat().st_mode & 0o077 == 0


def test_the_database_holds_no_password_and_no_token(house: House) -> None:
    kept = b"".join(path.read_bytes() for path in house.folder.glob("x.db*") if path.is_file())
    for entrance in house.entrances.values():
        assert entrance["refreshToken"].encode() not in kept
    assert b"tango lamp river" not in kept
