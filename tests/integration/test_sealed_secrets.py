"""Secrets of webhooks and notification targets, as a stolen database shows them."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from manciple.grocery.actions.keep_notices import KeepNotices
from manciple.grocery.actions.keep_webhooks import KeepWebhooks
from manciple.grocery.actions.seal_secrets import seal_secrets
from manciple.grocery.domain.webhooks import Endpoint
from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.errors import Refused
from manciple.platform.bus.webhook_signing import new_secret, verify
from manciple.platform.security.vault import SEALED, Vault
from tests.fakes import FakeClock
from tests.integration.test_notifications import Phone
from tests.integration.test_webhooks import URL, Receiver

OURS, THEIRS = Vault([b"o" * 64]), Vault([b"t" * 64])
BEGIN = datetime(2026, 1, 5, tzinfo=UTC)


def test_a_sealed_text_opens_for_its_own_row_only() -> None:
    sealed = OURS.sealed("whsec_abc", of="webhook_1")

    assert OURS.opened(sealed, of="webhook_1") == "whsec_abc"
    assert OURS.sealed("whsec_abc", of="webhook_1") != sealed
    assert OURS.sealed(sealed, of="webhook_1") == sealed
    # What the column holds.
    assert len(OURS.sealed(new_secret(), of="webhook_1")) <= 120
    for vault, row, text in (
        (OURS, "webhook_2", sealed),
        (THEIRS, "webhook_1", sealed),
        (OURS, "webhook_1", sealed[:-4] + "AAA="),
        (OURS, "webhook_1", f"{SEALED}?"),
    ):
        with pytest.raises(Refused, match="set it anew"):
            vault.opened(text, of=row)


def test_turned_keys_still_open() -> None:
    turned = Vault([b"n" * 64, b"o" * 64])

    assert turned.opened(OURS.sealed("x", of="1"), of="1") == "x"


async def test_neither_the_file_nor_its_log_holds_a_secret(tmp_path: Path) -> None:
    database = open_database(tmp_path / "house.db")
    clock = FakeClock(BEGIN)
    stores, receiver = Stores(database, clock), Receiver()
    webhooks = KeepWebhooks(stores, clock, receiver, vault=OURS, kept=5)
    notices = KeepNotices(stores, clock, Phone(), vault=OURS)
    made = await webhooks.create("ann", url=URL, channels=("list.*",), description="")
    turned = await webhooks.rotate_secret("ann", made.webhook_id)
    await notices.add("ann", url="phone://very-secret-token", name="p", kinds=None)
    await webhooks.test("ann", made.webhook_id)
    await database.close()

    kept = _bytes_in(tmp_path)
    assert made.secret.startswith("whsec_")
    for secret in (made.secret, turned.secret, "very-secret-token"):
        assert secret.encode() not in kept
    headers, body = receiver.asked[0]
    verify(headers, body, secret=turned.secret, now=clock.now())
    verify(headers, body, secret=made.secret, now=clock.now())


def _bytes_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


async def test_what_older_versions_left_plain_is_sealed_once(tmp_path: Path) -> None:
    database = open_database(tmp_path / "house.db")
    clock = FakeClock(BEGIN)
    stores = Stores(database, clock)
    webhooks = KeepWebhooks(stores, clock, Receiver(), vault=OURS, kept=5)
    made = await webhooks.create("ann", url=URL, channels=("list.*",), description="")
    plain = msgspec.structs.replace(made, old_secret="whsec_old", old_secret_until=clock.now())
    await stores.write(lambda tx: tx.webhooks.put(plain))

    assert await seal_secrets(stores, OURS) == 1
    assert await seal_secrets(stores, OURS) == 0

    def work(tx: Transaction) -> Endpoint:
        return tx.webhooks.by_id(made.webhook_id, owner="ann")

    kept = await stores.read(work)
    assert OURS.opened(kept.secret, of=made.webhook_id) == made.secret
    assert OURS.opened(str(kept.old_secret), of=made.webhook_id) == "whsec_old"
    await database.close()


async def test_secrets_outlive_the_key_that_sealed_them(tmp_path: Path) -> None:
    database = open_database(tmp_path / "house.db")
    clock = FakeClock(BEGIN)
    stores, receiver, phone = Stores(database, clock), Receiver(), Phone()
    made = await KeepWebhooks(stores, clock, receiver, vault=OURS, kept=5).create(
        "ann", url=URL, channels=("list.*",), description=""
    )
    before = KeepNotices(stores, clock, phone, vault=OURS)
    target = await before.add("ann", url="phone://token", name="p", kinds=None)

    assert await seal_secrets(stores, Vault([b"n" * 64, b"o" * 64])) == 2
    assert await seal_secrets(stores, THEIRS) == 0
    newest = Vault([b"n" * 64])
    webhooks = KeepWebhooks(stores, clock, receiver, vault=newest, kept=5)
    assert (await webhooks.test("ann", made.webhook_id)).is_taken
    verify(*receiver.asked[0], secret=made.secret, now=clock.now())
    notices = KeepNotices(stores, clock, phone, vault=newest)
    assert (await notices.test("ann", target.target_id)).is_sent
    assert [one.url for one in (await notices.all("ann"))[0]] == ["phone://token"]
    await database.close()


async def test_a_webhook_whose_key_was_lost_says_so(tmp_path: Path) -> None:
    database = open_database(tmp_path / "house.db")
    clock = FakeClock(BEGIN)
    stores, receiver = Stores(database, clock), Receiver()
    made = await KeepWebhooks(stores, clock, receiver, vault=THEIRS, kept=5).create(
        "ann", url=URL, channels=("list.*",), description=""
    )
    ours = KeepWebhooks(stores, clock, receiver, vault=OURS, kept=5)

    receipt = await ours.test("ann", made.webhook_id)
    assert "set it anew" in str(receipt.problem)
    assert not receiver.asked
    await ours.rotate_secret("ann", made.webhook_id)
    assert (await ours.test("ann", made.webhook_id)).is_taken
    await database.close()
