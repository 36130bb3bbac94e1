"""Where a webhook may lead: nowhere inside, however that is written."""

import pytest

from tests.acceptance.attacks.besieged import House, code

pytestmark = pytest.mark.xdist_group("attacks")


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://0/",
        "https://[::1]/",
        "https://[::]/",
        "https://[::127.0.0.1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[fe80::1%25lo]/",
        "https://169.254.169.254/latest/meta-data",
        "https://LOCALHOST/",
        "https://example.org@127.0.0.1/",
        "https://127.0.0.1\\@example.org/",
        "https://example.org/\r\nx: y",
        "http://example.org/",
        "https://[::1",
        "https://example.org:99999/",
        "https://example.org:-1/",
        "https://",
        "file:///etc/passwd",
    ],
)
def test_no_webhook_leads_inside(house: House, url: str) -> None:
    wanted = {"url": url, "channels": ["list.*"]}
    assert code(house.as_("bob").do("webhooks.create", wanted)) == "BAD_REQUEST"
