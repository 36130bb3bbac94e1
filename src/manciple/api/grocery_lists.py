"""Grocery lists: what a client can ask. Whose lists they are comes from the signed-in person.

Somebody else's list answers NOT_FOUND unless a household of yours shares it; as a guest there you
may look, and an edit answers FORBIDDEN. An edit of a version that is no longer the newest
CONFLICT, and an edit of an archived list PRECONDITION_FAILED.
"""

from manciple.api.context import Context
from manciple.api.list_inputs import (
    AddToListInput,
    CreateListInput,
    DuplicateListInput,
    ItemsInput,
    ListInput,
    ListsInput,
    ShareListInput,
    UpdateItemInput,
    UpdateListInput,
    VersionedListInput,
)
from manciple.api.shapes_lists import (
    AddAnswer,
    ListAnswer,
    ListsAnswer,
    TouchAnswer,
    UndoAnswer,
    UnsharedAnswer,
    add_answer,
    list_answer,
    list_shape,
    list_summary,
)
from manciple.grocery.actions.fill_list import TouchedList
from manciple.grocery.domain.list_edits import ItemEdit
from manciple.grocery.domain.list_filling import WantedItem
from manciple.grocery.domain.lists import ItemStatus, ListStatus
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("walmartGrocery")

_STATUSES = {
    "active": (ListStatus.ACTIVE,),
    "archived": (ListStatus.ARCHIVED,),
    "all": (ListStatus.ACTIVE, ListStatus.ARCHIVED),
}


@router.mutation("createList", needs=Grant.WRITE, is_tool=True)
async def create_list(ctx: Context, wanted: CreateListInput) -> ListAnswer:
    """A new, empty grocery list of yours."""
    owner = ctx.principal.acting_for(wanted.user_id)
    return list_answer(
        await ctx.lists.create(owner, name=wanted.name, description=wanted.description)
    )


@router.query("getList", needs=Grant.READ, is_tool=True)
async def get_list(ctx: Context, wanted: ListInput) -> ListAnswer:
    """One of your lists with its lines, priced as of now."""
    return list_answer(await ctx.lists.see(ctx.principal.acting_for(), wanted.list_id))


@router.query("getLists", needs=Grant.READ, is_tool=True)
async def get_lists(ctx: Context, wanted: ListsInput) -> ListsAnswer:
    """Your lists without their lines, newest first, page by page."""
    page = await ctx.lists.page(
        ctx.principal.acting_for(wanted.user_id),
        statuses=_STATUSES[wanted.status],
        after=wanted.cursor,
        limit=wanted.limit,
    )
    lists = tuple(list_summary(seen) for seen in page.lists)
    return ListsAnswer(success=True, lists=lists, count=len(lists), next_cursor=page.next)


@router.mutation("updateList", needs=Grant.WRITE)
async def update_list(ctx: Context, wanted: UpdateListInput) -> ListAnswer:
    """The list under another name or description."""
    return list_answer(
        await ctx.lists.describe(
            ctx.principal.acting_for(),
            wanted.list_id,
            name=wanted.name,
            description=wanted.description,
            version=wanted.version,
        )
    )


@router.mutation("archiveList", needs=Grant.WRITE)
async def archive_list(ctx: Context, wanted: VersionedListInput) -> ListAnswer:
    """The list put away: kept, and not to be edited until it is restored."""
    owner = ctx.principal.acting_for()
    return list_answer(await ctx.lists.archive(owner, wanted.list_id, version=wanted.version))


@router.mutation("restoreList", needs=Grant.WRITE)
async def restore_list(ctx: Context, wanted: VersionedListInput) -> ListAnswer:
    """The list in use again, be it archived or deleted."""
    owner = ctx.principal.acting_for()
    return list_answer(await ctx.lists.restore(owner, wanted.list_id, version=wanted.version))


@router.mutation("deleteList", needs=Grant.WRITE)
async def delete_list(ctx: Context, wanted: VersionedListInput) -> ListAnswer:
    """The list out of sight; `restoreList` and `undoListChange` bring it back."""
    owner = ctx.principal.acting_for()
    return list_answer(await ctx.lists.delete(owner, wanted.list_id, version=wanted.version))


@router.mutation("duplicateList", needs=Grant.WRITE)
async def duplicate_list(ctx: Context, wanted: DuplicateListInput) -> ListAnswer:
    """A new list with the same lines, none of them checked off."""
    owner = ctx.principal.acting_for()
    return list_answer(await ctx.lists.duplicate(owner, wanted.list_id, name=wanted.name))


@router.mutation("shareList", needs=Grant.WRITE)
async def share_list(ctx: Context, wanted: ShareListInput) -> ListAnswer:
    """Your list, seen by everybody in a household of yours, and changed by all but its guests."""
    owner = ctx.principal.acting_for()
    return list_answer(await ctx.sharing.share(owner, wanted.list_id, wanted.household_id))


@router.mutation("unshareList", needs=Grant.WRITE)
async def unshare_list(ctx: Context, wanted: ListInput) -> UnsharedAnswer:
    """The list seen by nobody any more but the person who made it."""
    await ctx.sharing.unshare(ctx.principal.acting_for(), wanted.list_id)
    return UnsharedAnswer(success=True)


@router.mutation("undoListChange", needs=Grant.WRITE, is_tool=True)
async def undo_list_change(ctx: Context, wanted: VersionedListInput) -> UndoAnswer:
    """The list without its last change; asked again, without the one before, up to fifty."""
    undone = await ctx.lists.undo(
        ctx.principal.acting_for(), wanted.list_id, version=wanted.version
    )
    return UndoAnswer(success=True, undone=undone.kind, list=list_shape(undone.seen))


@router.mutation("addToList", needs=Grant.WRITE, is_tool=True)
async def add_to_list(ctx: Context, wanted: AddToListInput) -> AddAnswer:
    """Each item added, merged into the line of the same product and unit, or refused with a reason.

    One refused item does not keep the others off the list.
    """
    items = [
        WantedItem(
            product_id=item.product_id,
            text=item.text,
            quantity=item.quantity,
            unit=item.unit,
            notes=item.notes,
            substitution_allowed=item.substitution_allowed,
            substitutes=item.substitutes,
        )
        for item in wanted.items
    ]
    owner = ctx.principal.acting_for()
    return add_answer(
        await ctx.list_items.add(owner, wanted.list_id, wanted=items, version=wanted.version)
    )


@router.mutation("updateItem", needs=Grant.WRITE)
async def update_item(ctx: Context, wanted: UpdateItemInput) -> ListAnswer:
    """The list with one line changed."""
    edit = ItemEdit(
        quantity=wanted.quantity,
        unit=wanted.unit,
        notes=wanted.notes,
        text=wanted.text,
        status=wanted.status,
        substitution_allowed=wanted.substitution_allowed,
        substitutes=wanted.substitutes,
    )
    return list_answer(
        await ctx.list_items.edit(
            ctx.principal.acting_for(),
            wanted.list_id,
            item_id=wanted.item_id,
            edit=edit,
            version=wanted.version,
        )
    )


@router.mutation("removeItems", needs=Grant.WRITE, is_tool=True)
async def remove_items(ctx: Context, wanted: ItemsInput) -> TouchAnswer:
    """The list without these lines."""
    return _touch_answer(
        await ctx.list_items.remove(
            ctx.principal.acting_for(),
            wanted.list_id,
            item_ids=wanted.item_ids,
            version=wanted.version,
        )
    )


@router.mutation("checkItems", needs=Grant.WRITE, is_tool=True)
async def check_items(ctx: Context, wanted: ItemsInput) -> TouchAnswer:
    """The list with these lines checked off."""
    return await _mark(ctx, wanted, ItemStatus.CHECKED)


@router.mutation("uncheckItems", needs=Grant.WRITE)
async def uncheck_items(ctx: Context, wanted: ItemsInput) -> TouchAnswer:
    """The list with these lines open again."""
    return await _mark(ctx, wanted, ItemStatus.PENDING)


@router.mutation("reorderItems", needs=Grant.WRITE)
async def reorder_items(ctx: Context, wanted: ItemsInput) -> TouchAnswer:
    """The list with these lines first, in this order; all others follow as they stood."""
    return _touch_answer(
        await ctx.list_items.reorder(
            ctx.principal.acting_for(),
            wanted.list_id,
            item_ids=wanted.item_ids,
            version=wanted.version,
        )
    )


@router.mutation("clearChecked", needs=Grant.WRITE)
async def clear_checked(ctx: Context, wanted: VersionedListInput) -> TouchAnswer:
    """The list without what is checked off."""
    return _touch_answer(
        await ctx.list_items.clear_checked(
            ctx.principal.acting_for(), wanted.list_id, version=wanted.version
        )
    )


async def _mark(ctx: Context, wanted: ItemsInput, status: ItemStatus) -> TouchAnswer:
    return _touch_answer(
        await ctx.list_items.mark(
            ctx.principal.acting_for(),
            wanted.list_id,
            item_ids=wanted.item_ids,
            status=status,
            version=wanted.version,
        )
    )


def _touch_answer(touched: TouchedList) -> TouchAnswer:
    return TouchAnswer(
        success=not touched.missing,
        done=touched.done,
        missing=touched.missing,
        list=list_shape(touched.seen),
    )
