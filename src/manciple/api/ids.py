"""Ids that an earlier answer gave, as inputs name them."""

from typing import Annotated

from msgspec import Meta

ProductId = Annotated[str, Meta(description="A product's `productId`, as `search` gives it.")]
ListId = Annotated[str, Meta(description="A list's `id`, as `getLists` gives it.")]
ItemId = Annotated[str, Meta(description="The `id` of a line, as `getList` gives it.")]
SessionId = Annotated[
    str, Meta(description="A session's `id`, as `startShoppingSession` gives it.")
]
OwnId = Annotated[str, Meta(description="May be left out; it must be your own.")]
Cursor = Annotated[str, Meta(description="The `nextCursor` of the page before.")]
