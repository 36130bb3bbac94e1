"""A folder of pages that somebody saved in a browser, as a source: no account, no network.

What a page showed was so when its file was written; so old that it is not fresh, it still enters
the history of prices.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from manciple.grocery.connectors.shop_pages import product_of
from manciple.grocery.connectors.walmart_pages import read_page
from manciple.grocery.domain.products import Price, Product
from manciple.grocery.domain.words import tokens
from manciple.kit.errors import Upstream

SOURCE = "saved-page"
METHOD = "on a saved page of the shop"
# A thousand pages of a megabyte are read in seconds; more belong into an import.
MAX_FILES = 1_000
_ENDINGS = (".html", ".htm", ".json", ".html.gz", ".json.gz")


class _ReadFile(msgspec.Struct, frozen=True, kw_only=True):
    """What a file held when it was last written; `problem` where it cannot be read."""

    written_ns: int
    products: tuple[Product, ...] = ()
    problem: str | None = None


class SavedPages:
    """The pages below one folder; files are read again when they change."""

    source = SOURCE
    per_request = MAX_FILES

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, _ReadFile] = {}

    async def by_ids(self, product_ids: Sequence[str]) -> list[Product]:
        """The products as the newest page shows each; those on no page are left out.

        Raises:
            Upstream: none is found, and there are pages that cannot be read.
        """
        shown = await asyncio.to_thread(self._shown)
        found = [shown[one] for one in product_ids if one in shown]
        if product_ids and not found:
            self._require_readable()
        return found

    async def search(self, words: str, *, limit: int) -> list[Product]:
        """The products whose names have all the words, by name.

        Raises:
            Upstream: none is found, and there are pages that cannot be read.
        """
        wanted = set(tokens(words))
        shown = await asyncio.to_thread(self._shown)
        found = [one for one in shown.values() if wanted <= set(tokens(one.name))]
        if not found:
            self._require_readable()
        return sorted(found, key=lambda one: (len(one.name), one.name))[:limit]

    def _shown(self) -> dict[str, Product]:
        """Every product by its newest page that shows a price, else its newest page."""
        files = sorted(
            path for path in self._folder.glob("*") if path.name.lower().endswith(_ENDINGS)
        )
        self._read = {path: self._file(path) for path in files[-MAX_FILES:]}
        shown: dict[str, Product] = {}
        for read in sorted(self._read.values(), key=lambda one: one.written_ns):
            for product in read.products:
                known = shown.get(product.product_id)
                if known is None or product.price is not None or known.price is None:
                    shown[product.product_id] = product
        return shown

    def _file(self, path: Path) -> _ReadFile:
        try:
            written_ns = path.stat().st_mtime_ns
            known = self._read.get(path)
            if known is not None and known.written_ns == written_ns:
                return known
            page = read_page(path.read_bytes())
        except (OSError, Upstream) as error:
            return _ReadFile(written_ns=0, problem=f"{path.name}: {error}")
        at = datetime.fromtimestamp(written_ns / 1e9, UTC)
        return _ReadFile(
            written_ns=written_ns,
            products=tuple(_named(product_of(one, at)) for one in page.products),
        )

    def _require_readable(self) -> None:
        problems = [read.problem for read in self._read.values() if read.problem]
        if problems:
            said = f"{len(problems)} of {len(self._read)} pages cannot be read"
            raise Upstream(SOURCE, f"{said}, the first of them {problems[0]}")


def _named(product: Product) -> Product:
    return msgspec.structs.replace(
        product, source=SOURCE, price=_saved(product.price) if product.price else None
    )


def _saved(price: Price) -> Price:
    return msgspec.structs.replace(price, source=SOURCE, method=METHOD)
