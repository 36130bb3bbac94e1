"""What stands in the search index: a document of each product, and one that tells how far it is."""

import hashlib
from importlib.resources import files

import msgspec
import tantivy

from manciple.grocery.domain.kinds import grocery_kinds
from manciple.grocery.index.cards import Card, packed

# How a card is made has changed: every index made before is made anew.
_LAYOUT = 5


class Checkpoint(msgspec.Struct, kw_only=True):
    """Where the index stands: made by which layout, how far it follows, what words it holds."""

    layout: str
    revision: int = 0
    words: dict[str, int] = msgspec.field(default_factory=dict)
    brands: dict[str, int] = msgspec.field(default_factory=dict)


def layout_digest() -> str:
    """Tells indexes apart that were made with other word lists or another layout."""
    digest = hashlib.sha256(str(_LAYOUT).encode())
    folder = files("manciple.grocery.domain.vocabulary")
    for path in sorted(folder.iterdir(), key=lambda each: each.name):
        if path.name.endswith((".toml", ".outline")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def index_schema() -> tantivy.Schema:
    """The fields of every document; only `card` is kept as it is, the others are looked up."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("meta", tokenizer_name="raw", index_option="basic")
    for name in ("kind", "mention", "word", "claim"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("card", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def product_document(card: Card) -> tantivy.Document:
    """A product by its kinds and all above them, what it speaks of beside, its words and claims."""
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


def checkpoint_document(checkpoint: Checkpoint) -> tantivy.Document:
    """The one document that is no product."""
    document = tantivy.Document()
    document.add_text("meta", "checkpoint")
    document.add_text("card", msgspec.json.encode(checkpoint).decode())
    return document
