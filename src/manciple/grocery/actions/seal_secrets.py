"""Seals secrets anew: those that older versions left plain, and those of keys that were turned."""

from collections.abc import Iterator

import msgspec

from manciple.grocery.domain.notices import Target
from manciple.grocery.domain.webhooks import Endpoint
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.errors import Refused
from manciple.platform.security.vault import Vault


async def seal_secrets(stores: Stores, vault: Vault) -> int:
    """How many rows were sealed; those that the first key sealed stay as they are.

    So do those of a key that is lost: whoever uses one is told.
    """

    def work(tx: Transaction) -> int:
        endpoints = list(_endpoints(tx, vault))
        targets = list(_targets(tx, vault))
        for endpoint in endpoints:
            tx.webhooks.put(endpoint)
        for target in targets:
            tx.notices.set_url(target.target_id, target.url)
        return len(endpoints) + len(targets)

    def is_idle(tx: Transaction) -> bool:
        return not (tx.webhooks.unsealed(vault.mark) or tx.notices.unsealed(vault.mark))

    return 0 if await stores.read(is_idle) else await stores.write(work)


def _endpoints(tx: Transaction, vault: Vault) -> Iterator[Endpoint]:
    for endpoint in tx.webhooks.unsealed(vault.mark):
        id_, old = endpoint.webhook_id, endpoint.old_secret
        try:
            secret = vault.sealed(endpoint.secret, of=id_)
            old = None if old is None else vault.sealed(old, of=id_)
        except Refused:
            continue
        yield msgspec.structs.replace(endpoint, secret=secret, old_secret=old)


def _targets(tx: Transaction, vault: Vault) -> Iterator[Target]:
    for target in tx.notices.unsealed(vault.mark):
        try:
            url = vault.sealed(target.url, of=target.target_id)
        except Refused:
            continue
        yield msgspec.structs.replace(target, url=url)
