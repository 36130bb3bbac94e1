"""The search index: a read model of the products in a Tantivy index, rebuildable at any time.

How far it follows the database (a revision) and the catalog's words stand in one document of the
index itself, so a commit changes them and the products at once, or nothing. A commit that a crash
interrupts is as if it had never begun.
"""

import contextlib
import hashlib
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path

import msgspec
import tantivy

from manciple.grocery.domain.claims import grocery_claims
from manciple.grocery.domain.kinds import grocery_kinds
from manciple.grocery.domain.product_names import ParsedName
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.queries import Understood
from manciple.grocery.domain.spelling import CatalogWords, is_brand_of
from manciple.grocery.index.cards import Card, card_of, packed, unpacked
from manciple.kit.errors import Unavailable

try:
    import fcntl
except ImportError:  # Windows has none, nor several processes of ours
    fcntl = None  # type: ignore[assignment]  # asked for before it is used

# How a card is made has changed: every index made before is made anew.
_LAYOUT = 5
_HEAP_BYTES = 64_000_000
# Candidates that the ranking looks at; above this, only those that the text score puts last go.
MAX_CANDIDATES = 500
# The share of a kind's products whose names must speak of a thing before that is usual.
_USUAL = 0.04
# Cards kept unpacked, about 3 KB each.
_MAX_CARDS = 60_000


class Checkpoint(msgspec.Struct, kw_only=True):
    """Where the index stands: made by which layout, how far it follows, what words it holds."""

    layout: str
    revision: int = 0
    words: dict[str, int] = msgspec.field(default_factory=dict)
    brands: dict[str, int] = msgspec.field(default_factory=dict)


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
                writer.add_document(_document(card))
        checkpoint = Checkpoint(
            layout=self._layout, revision=revision, words=dict(+words), brands=dict(+brands)
        )
        writer.delete_documents_by_term("meta", "checkpoint")
        writer.add_document(_checkpoint_document(checkpoint))
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
        query = _query(self._schema, wanted)
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
        self._schema = _schema()
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


def layout_digest() -> str:
    """Tells indexes apart that were made with other word lists or another layout."""
    digest = hashlib.sha256(str(_LAYOUT).encode())
    folder = files("manciple.grocery.domain.vocabulary")
    for path in sorted(folder.iterdir(), key=lambda each: each.name):
        if path.name.endswith((".toml", ".outline")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("meta", tokenizer_name="raw", index_option="basic")
    for name in ("kind", "mention", "word", "claim"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("card", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _document(card: Card) -> tantivy.Document:
    kinds = grocery_kinds()
    document = tantivy.Document()
    document.add_text("id", card.product_id)
    document.add_text("meta", "product")
    own = {each for kind in (card.name.kind, *card.name.kinds_too) for each in kinds.chain(kind)}
    for kind in sorted(own):
        document.add_text("kind", kind)
    mentioned = {each for kind in card.name.mentions for each in kinds.chain(kind)}
    for each in sorted(mentioned - own):
        document.add_text("mention", each)
    for word in sorted(set(card.name.words)):
        document.add_text("word", word)
    for claim in sorted(card.name.claims):
        document.add_text("claim", claim)
    document.add_text("card", packed(card))
    return document


def _checkpoint_document(checkpoint: Checkpoint) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("meta", "checkpoint")
    document.add_text("card", msgspec.json.encode(checkpoint).decode())
    return document


def _count(card: Card, words: Counter[str], brands: Counter[str], step: int) -> None:
    for word in set(card.name.words):
        words[word] += step
    if card.brand and is_brand_of(card.name.words, card.brand):
        brands[card.brand] += step


def _query(schema: tantivy.Schema, wanted: Understood) -> tantivy.Query | None:
    """Anything that speaks of what is wanted; what is of its kind and name weighs most."""
    parts = [
        tantivy.Query.boost_query(tantivy.Query.term_query(schema, field, term), boost)
        for field, term, boost in _terms(wanted)
    ]
    if not parts:
        if not wanted.hard and not wanted.soft:
            return None
        parts = [tantivy.Query.term_query(schema, "meta", "product")]
    should = tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in parts])
    if len(wanted.hard) == 0:
        return should
    return tantivy.Query.boolean_query(
        [
            (tantivy.Occur.Must, should),
            *((tantivy.Occur.Must, each) for each in _hard(schema, wanted)),
        ]
    )


def _hard(schema: tantivy.Schema, wanted: Understood) -> list[tantivy.Query]:
    return [
        tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, tantivy.Query.term_query(schema, "claim", claim))
                for claim in grocery_claims().satisfying(asked)
            ]
        )
        for asked in sorted(wanted.hard)
    ]


def _terms(wanted: Understood) -> list[tuple[str, str, float]]:
    kinds = grocery_kinds()
    terms: list[tuple[str, str, float]] = []
    kind = wanted.kind or (wanted.brand_kind if wanted.brand_kind in kinds.by_name else None)
    if kind:
        terms.append(("kind", kind, 6.0))
        parents = [each for each in kinds.chain(kind)[1:] if not kinds.has(each, "generic")]
        terms.extend(("kind", parent, 2.0 / (at + 1)) for at, parent in enumerate(parents))
        terms.append(("mention", kind, 1.0))
        terms.extend(("word", word, 0.8) for word in wanted.kind_words)
    terms.extend(("word", word, 4.0) for word in wanted.brand)
    terms.extend(("word", word, 2.5) for word in wanted.modifiers)
    terms.extend(("word", word, 3.0 / (1 + at)) for at, word in enumerate(wanted.prefixes))
    if wanted.prefixes:
        terms.extend(("word", word, 1.0) for word in wanted.words[-1:])
    if wanted.occasion:
        for weight, group in (
            (6.0, wanted.occasion.made),
            (3.0, wanted.occasion.part),
            (1.0, wanted.occasion.loose),
        ):
            named = (kinds.named(each) for each in group)
            terms.extend(("kind", each, weight) for each in named if each)
        terms.extend(("word", word, 2.0) for word in sorted(wanted.occasion.words))
    return terms
