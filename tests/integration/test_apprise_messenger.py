"""Messages by Apprise: where they may go, and which addresses are refused unseen."""

from pathlib import Path

import pytest

from manciple.grocery.connectors.apprise_messenger import AppriseMessenger
from manciple.kit.errors import InvalidInput, Upstream
from tests.message_server import a_message_server


async def test_apprise_takes_it_to_a_service_of_this_machine_only_where_allowed() -> None:
    allowed = AppriseMessenger(timeout_s=60, allow_inside=True)
    async with a_message_server() as (url, got):
        await allowed.send(url, title="Price drop", body="Oat Milk costs $2.50.")
    assert b"Oat Milk costs $2.50." in got[0]
    with pytest.raises(Upstream):
        await allowed.send(url, title="x", body="nobody listens any more")

    guarded = AppriseMessenger(timeout_s=60)
    for inside in (url, "json://169.254.169.254/", "dbus://", "syslog://", " syslog://"):
        with pytest.raises(InvalidInput, match="url"):
            await guarded.examine(inside)
    with pytest.raises(InvalidInput, match="url"):
        await guarded.examine("https://example.com/no-service")


@pytest.mark.parametrize(
    "url",
    [
        "workflows://flows.example:443/flow/signature?template={file}",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/?template=file://{file}",
        "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js/?template={file}",
        "tgram://123456789:abcdefg_hijklmnop/12315544/?template={file}",
        "fcm://project/device?mode=oauth2&keyfile={file}",
        "vapid://ann@example.org/bob@example.org?subfile={file}",
        "mailtos://ann:word@example.org?pgpprv={file}",
    ],
)
async def test_no_address_has_files_of_this_machine_read(tmp_path: Path, url: str) -> None:
    file = tmp_path / "card.json"
    file.write_text('{"type": "message", "attachments": [{"contentType": "x"}], "blocks": []}')
    named = url.format(file=file)
    for messenger in (AppriseMessenger(timeout_s=60, allow_inside=True), _messenger()):
        with pytest.raises(InvalidInput, match="names a file"):
            await messenger.examine(named)
        with pytest.raises(Upstream, match="names a file"):
            await messenger.send(named, title="x", body="y")


@pytest.mark.parametrize(
    "url",
    [
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/",
        "sendgrid://abcdefghij:ann@example.org/bob@example.org?template=d-1234",
        "mailtos://ann:word@example.org",
    ],
)
async def test_an_address_without_files_is_taken(url: str) -> None:
    await _messenger().examine(url)


def _messenger() -> AppriseMessenger:
    async def resolve_name(_host: str, _port: int) -> list[str]:
        return ["93.184.215.14"]

    return AppriseMessenger(timeout_s=60, resolve_name=resolve_name)


async def test_a_token_in_the_place_of_a_host_is_shown_to_no_server_of_names() -> None:
    asked: list[str] = []

    async def resolve_name(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["93.184.215.14"]

    messenger = AppriseMessenger(timeout_s=60, resolve_name=resolve_name)
    await messenger.examine("tgram://123456789:abcdefg_hijklmnop/12315544/")
    assert asked == []
    await messenger.examine("json://example.com/")
    assert asked == ["example.com"]
