"""What the written TypeScript says; that it compiles is the acceptance tests' affair."""

import random
import re

import msgspec
import pytest

from manciple.platform.rpc.router import Router, Table
from manciple.platform.rpc.typescript import typescript
from tests.snapshots.held import held
from tests.unit.platform.rpc_faces.tricky import auth, queue, shop, table

WRITTEN = typescript(table)


def _declaration(name: str) -> str:
    found = re.search(
        rf"^export type {name} = (.*?);\n(?:\n|\Z)", WRITTEN, re.DOTALL | re.MULTILINE
    )
    assert found, name
    return found.group(1)


def test_the_tricky_table_is_written_as_the_snapshot_says() -> None:
    held("tricky_app_router.ts", WRITTEN)


def test_the_order_of_routers_and_runs_changes_nothing() -> None:
    routers = [shop, queue, auth]
    random.shuffle(routers)
    assert typescript(Table(*routers)) == WRITTEN


def test_a_defaulted_field_is_optional_in_the_input_and_always_in_the_output() -> None:
    assert "perPack?: number" in _declaration("CountedInput")
    assert "perPack: number" in _declaration("Counted")


def test_a_type_that_merely_holds_a_differing_one_has_two_names_too() -> None:
    assert "category: CategoryInput" in _declaration("ThingInput")
    assert "category: Category;" in _declaration("Thing")


def test_a_type_that_is_the_same_both_ways_has_one_name() -> None:
    assert "WeighedInput" not in WRITTEN


def test_an_unknown_of_an_output_may_be_missing() -> None:
    assert "extra?: unknown" in _declaration("Thing")


def test_an_unset_field_may_be_missing_both_ways() -> None:
    assert "note?: string;" in _declaration("Thing")
    assert "note?: string | undefined;" in _declaration("ThingInput")


def test_text_of_a_docstring_cannot_end_its_comment() -> None:
    assert "never *\\/ a float" in WRITTEN


def test_a_docstring_that_is_only_inherited_is_not_repeated() -> None:
    assert "what every input and output" not in WRITTEN.lower()


def test_names_that_the_file_needs_for_itself_are_not_given_away() -> None:
    assert "export type TrickyQuery = " in WRITTEN


def _twins() -> Table:
    def one(module: str) -> type[msgspec.Struct]:
        return msgspec.defstruct("Note", [("text", str)], module=module)

    router = Router("notes")
    for name, module in (("first", "shop.letters"), ("second", "shop.music")):

        async def read(ctx: object) -> object:
            """A note."""
            raise NotImplementedError

        read.__annotations__["return"] = one(module)
        router.query(name, needs="read")(read)
    return Table(router)


def test_types_of_one_name_are_told_apart_by_their_modules() -> None:
    written = typescript(_twins())
    assert "first: Query<void, LettersNote>" in written
    assert "second: Query<void, MusicNote>" in written
    assert "export type Note " not in written


def test_a_type_that_no_client_could_read_is_refused_with_its_path() -> None:
    router = Router("odd")

    @router.query("one", needs="read")
    async def one(ctx: object) -> complex:
        """Nothing that JSON knows."""
        raise NotImplementedError

    with pytest.raises(TypeError, match=r"odd\.one"):
        typescript(Table(router))
