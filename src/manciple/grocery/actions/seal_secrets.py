"""Seals the secrets that lie plain in the database, as older versions left them."""

import msgspec

from manciple.grocery.stores.stores import Stores, Transaction
from manciple.platform.security.vault import SEALED, Vault


async def seal_secrets(stores: Stores, vault: Vault) -> int:
    """How many rows were sealed; those that are sealed already stay as they are."""

    def work(tx: Transaction) -> int:
        endpoints, targets = tx.webhooks.plain(SEALED), tx.notices.plain(SEALED)
        for endpoint in endpoints:
            id_, old = endpoint.webhook_id, endpoint.old_secret
            sealed = msgspec.structs.replace(
                endpoint,
                secret=vault.sealed(endpoint.secret, of=id_),
                old_secret=None if old is None else vault.sealed(old, of=id_),
            )
            tx.webhooks.put(sealed)
        for target in targets:
            tx.notices.set_url(target.target_id, vault.sealed(target.url, of=target.target_id))
        return len(endpoints) + len(targets)

    if not await stores.read(lambda tx: tx.webhooks.plain(SEALED) or tx.notices.plain(SEALED)):
        return 0
    return await stores.write(work)
