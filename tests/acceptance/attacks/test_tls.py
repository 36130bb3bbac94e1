"""The house with a certificate of its own: both doors, streams and sockets speak TLS only."""

import json
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.acceptance.attacks.besieged import House, besieged, populate
from tests.patient import connect

pytestmark = pytest.mark.xdist_group("attacks")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tls")


@pytest.fixture(scope="module")
def certificate(folder: Path) -> Path:
    found, key = folder / "house.pem", folder / "house-key.pem"
    made = (
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
        *("-nodes", "-days", "2", "-subj", "/CN=localhost"),
        *("-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(found)),
    )
    subprocess.run(made, check=True, capture_output=True)
    return found


@pytest.fixture(scope="module")
def safe(folder: Path, certificate: Path) -> Iterator[House]:
    settings = (
        f"api.tls_certificate={certificate}",
        f"api.tls_key={certificate.with_name('house-key.pem')}",
    )
    with besieged(folder, *settings) as found:
        yield found


def test_every_answer_comes_over_tls_and_asks_to_stay_there(safe: House, certificate: Path) -> None:
    assert safe.api.startswith("https://")
    answer = requests.get(f"{safe.api}/health", verify=str(certificate), timeout=120)
    assert answer.status_code == 200
    assert answer.headers["strict-transport-security"].startswith("max-age=63072000")


def test_plain_http_is_not_answered(safe: House) -> None:
    with pytest.raises(requests.ConnectionError):
        requests.get(safe.api.replace("https", "http") + "/health", timeout=120)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_events_and_calls_come_over_safe_sockets(
    safe: House, certificate: Path, version: ssl.TLSVersion
) -> None:
    context = ssl.create_default_context(cafile=str(certificate))
    context.minimum_version = context.maximum_version = version
    base = safe.api.replace("https", "wss")
    async with connect(f"{base}/ws", ssl=context, proxy=None) as events:
        await events.recv()
        await events.send(json.dumps({"type": "ping"}))
        assert "pong" in str(await events.recv())
    async with connect(f"{base}/trpc", ssl=context, proxy=None) as calls:
        await calls.send(json.dumps({"id": 1, "method": "query", "params": {"path": "auth.me"}}))
        assert "result" in str(await calls.recv())
    door = safe.websocket.split("/trpc")[0]
    assert door.startswith("wss://")
    async with connect(f"{door}/ws", ssl=context, proxy=None) as events:
        await events.recv()


def test_old_versions_are_refused(safe: House, certificate: Path) -> None:
    where = urlsplit(safe.api)
    old = ("-tls1_1", "-cipher", "ALL:@SECLEVEL=0")
    asked = ("openssl", "s_client", "-connect", where.netloc, *old)
    said = subprocess.run(asked, input=b"", capture_output=True, check=False, timeout=120)
    assert said.returncode != 0
    weak = ("openssl", "s_client", "-connect", where.netloc, "-tls1_2", "-cipher", "AES128-SHA")
    assert subprocess.run(weak, input=b"", capture_output=True, check=False).returncode != 0
    good = ("openssl", "s_client", "-connect", where.netloc, "-tls1_2", "-CAfile", certificate)
    assert subprocess.run(good, input=b"", capture_output=True, check=False).returncode == 0


def test_half_a_certificate_opens_no_house(tmp_path: Path, certificate: Path) -> None:
    with (
        pytest.raises(AssertionError) as failed,
        besieged(tmp_path, f"api.tls_certificate={certificate}") as house,
    ):
        populate(house)
    assert "are set together" in str(failed.value)
