"""The search index: a read model of the products in a Tantivy index, rebuildable at any time.

How far it follows the database (a revision) and the catalog's words stand in one document of the
index itself, so a commit changes them and the products at once, or nothing. A commit that a crash
interrupts is as if it had never begun.
"""

import contextlib
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
import tantivy

from manciple.grocery.domain.kinds import grocery_kinds
from manciple.grocery.domain.product_names import ParsedName
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.queries import Understood
from manciple.grocery.domain.spelling import CatalogWords, is_brand_of
from manciple.grocery.index.candidate_queries import candidate_query
from manciple.grocery.index.cards import Card, card_of, unpacked
from manciple.grocery.index.documents import (
    Checkpoint,
    checkpoint_document,
    index_schema,
    layout_digest,
    product_document,
)
from manciple.kit.errors import Unavailable

try:
    import fcntl
except ImportError:  # Windows has none, nor several processes of ours
    fcntl = None  # type: ignore[assignment]  # asked for before it is used

_HEAP_BYTES = 64_000_000
# Candidates that the ranking looks at; above this, only those that the text score puts last go.
MAX_CANDIDATES = 500
# The share of a kind's products whose names must speak of a thing before that is usual.
_USUAL = 0.04
# Cards kept unpacked, about 3 KB each.
_MAX_CARDS = 60_000


class _View:
    """The index as of one commit, and the cards read from it so far."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self.searcher = searcher
        self._cards: dict[tuple[int, int], Card] = {}
        self.usual: dict[str, frozenset[str]] = {}

    def find(self, query: tantivy.Query, limit: int) -> list[Card]:
        """The cards that match, the best text score first."""
        return [self._card(address) for _, address in self.searcher.search(query, limit).hits]

    def _card(self, address: tantivy.DocAddress) -> Card:
        key = (address.segment_ord, address.doc)
        card = self._cards.get(key)
        if card is None:
            if len(self._cards) >= _MAX_CARDS:
                self._cards.clear()
            card = unpacked(str(self.searcher.doc(address).get_first("card")))
            self._cards[key] = card
        return card


class ProductIndex:
    """One index, in a folder or (without a path) in memory.

    One thread may write while another reads: what is read is always one whole commit.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._is_open = False
        self._is_anew = False

    def open(self) -> None:
        """Opens the index, which takes some milliseconds; needed before anything else, once."""
        if self._is_open:
            return
        self._layout = layout_digest()
        self._index = self._open()
        self._checkpoint = self._read_checkpoint()
        self.words = self._words()
        self._is_open = True

    @property
    def revision(self) -> int:
        """The revision of the database that the index has followed to."""
        return self._checkpoint.revision

    def apply(
        self,
        changes: Iterable[tuple[str, Product | None]],
        *,
        revision: int,
        after: int | None = None,
    ) -> bool:
        """Takes in changes (None: no longer sold) and the revision they lead to, in one commit.

        False, and nothing is taken in, where the index has not followed exactly to `after` (by
        default, to what was seen of it last): another process has moved it then. After revision 0
        the index begins anew, and what it held before goes in the same commit. A product that is
        in already is replaced.

        Raises:
            Unavailable: another process is writing the index just now.
        """
        after = self.revision if after is None else after
        writer = self._writer()
        # Only now nobody else writes: what stands here is what the changes are added to.
        self.reload()
        if self.revision != after:
            writer.rollback()
            return False
        if after == 0:
            writer.delete_all_documents()
        words = Counter(self._checkpoint.words)
        brands = Counter(self._checkpoint.brands)
        for product_id, product in dict(changes).items():
            if after:
                self._take_out(writer, product_id, words, brands)
            if product is not None:
                card = card_of(product)
                _count(card, words, brands, 1)
                writer.add_document(product_document(card))
        checkpoint = Checkpoint(
            layout=self._layout, revision=revision, words=dict(+words), brands=dict(+brands)
        )
        writer.delete_documents_by_term("meta", "checkpoint")
        writer.add_document(checkpoint_document(checkpoint))
        writer.commit()
        writer.wait_merging_threads()
        self._is_anew = False
        self._refresh(checkpoint)
        return True

    def _writer(self) -> tantivy.IndexWriter:
        try:
            writer = self._index.writer(_HEAP_BYTES, 1)
            # What a killed commit left behind would stand in the way of this one.
            writer.garbage_collect_files()
        except ValueError as error:
            raise Unavailable("the search index, which another process writes", wait_s=1) from error
        return writer

    def reload(self) -> None:
        """Sees what another process has committed meanwhile."""
        self._index.reload()
        self._view = _View(self._index.searcher())
        self._checkpoint = self._read_checkpoint()
        self.words = self._words()

    def clear(self) -> None:
        """Counts as at revision 0, to be filled anew by the next changes; until then it answers.

        Its files are not touched: other processes may be reading or writing them.
        """
        self._is_anew = True
        self._checkpoint = Checkpoint(layout=self._layout)

    def candidates(self, wanted: Understood, limit: int = MAX_CANDIDATES) -> Sequence[Card]:
        """The cards that may answer, the likeliest by their words first; bounded by `limit`."""
        query = candidate_query(self._schema, wanted)
        if query is None:
            return ()
        return self._view.find(query, limit)

    def words_beside(self, words: Sequence[str]) -> list[tuple[str, ...]]:
        """The words of the names that hold all of these, of at most `MAX_CANDIDATES` names."""
        if not words:
            return []
        terms = [tantivy.Query.term_query(self._schema, "word", word) for word in words]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, term) for term in terms])
        return [card.name.words for card in self._view.find(query, MAX_CANDIDATES)]

    def usual_mentions(self, kind: str | None) -> frozenset[str]:
        """The kinds that the names of this kind's products usually speak of, itself included."""
        if kind is None:
            return frozenset()
        known = self._view.usual.get(kind)
        if known is None:
            query = tantivy.Query.term_query(self._schema, "kind", kind)
            names = [card.name for card in self._view.find(query, MAX_CANDIDATES)]
            counts = Counter(each for name in names for each in name.mentions)
            least = max(2, _USUAL * len(names))
            usual = {each for each, count in counts.items() if count >= least}
            known = frozenset(usual | set(grocery_kinds().under(kind)))
            self._view.usual[kind] = known
        return known

    def all_ids(self) -> frozenset[str]:
        """The id of every product that is in."""
        return frozenset(card.product_id for card in self._all())

    def names(self) -> dict[str, ParsedName]:
        """What every product's name says, by the product's id; no name is read anew."""
        return {card.product_id: card.name for card in self._all()}

    def count(self) -> int:
        """How many products are in."""
        return max(0, int(self._view.searcher.num_docs) - (1 if self._checkpoint.revision else 0))

    def card(self, product_id: str) -> Card | None:
        """The card of one product."""
        query = tantivy.Query.term_query(self._schema, "id", product_id)
        return next(iter(self._view.find(query, 1)), None)

    def _all(self) -> list[Card]:
        query = tantivy.Query.term_query(self._schema, "meta", "product")
        return self._view.find(query, self.count() + 1)

    def _take_out(
        self,
        writer: tantivy.IndexWriter,
        product_id: str,
        words: Counter[str],
        brands: Counter[str],
    ) -> None:
        before = self.card(product_id)
        if before is not None:
            _count(before, words, brands, -1)
            writer.delete_documents_by_term("id", product_id)

    def _open(self) -> tantivy.Index:
        self._schema = index_schema()
        if self._path is None:
            self._index = tantivy.Index(self._schema)
        else:
            with _alone(self._path):
                self._index = self._open_files(self._path)
        self._index.reload()
        self._view = _View(self._index.searcher())
        return self._index

    def _open_files(self, path: Path) -> tantivy.Index:
        path.mkdir(parents=True, exist_ok=True)
        try:
            return tantivy.Index(self._schema, path=str(path))
        except ValueError:
            # Another schema or broken files: an index is only a copy, so it is made anew.
            shutil.rmtree(path)
            path.mkdir(parents=True)
            return tantivy.Index(self._schema, path=str(path))

    def _refresh(self, checkpoint: Checkpoint) -> None:
        self._index.reload()
        self._view = _View(self._index.searcher())
        self._checkpoint = checkpoint
        self.words = self._words()

    def _read_checkpoint(self) -> Checkpoint:
        query = tantivy.Query.term_query(self._schema, "meta", "checkpoint")
        hits = self._view.searcher.search(query, 1).hits
        if hits and not self._is_anew:
            body = self._view.searcher.doc(hits[0][1]).get_first("card")
            found = msgspec.json.decode(str(body), type=Checkpoint)
            # One of another layout is of no use: all of it is made anew.
            if found.layout == self._layout:
                return found
        return Checkpoint(layout=self._layout)

    def _words(self) -> CatalogWords:
        return CatalogWords(self._checkpoint.words, self._checkpoint.brands)


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Lets one process at a time make or remove the files of an index; a dead one holds nothing."""
    lock = path.with_name(f"{path.name}.lock")
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        if fcntl is not None:
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _count(card: Card, words: Counter[str], brands: Counter[str], step: int) -> None:
    for word in set(card.name.words):
        words[word] += step
    if card.brand and is_brand_of(card.name.words, card.brand):
        brands[card.brand] += step
